import { type JsonEvent, type JsonTimelineEntry, routes, timelineTypes } from '@yaolian/contract';
import { useState } from 'preact/hooks';
import { useLoad } from '../../platform/load.ts';
import { useChoice } from '../../platform/router.ts';
import { call } from '../../platform/session.ts';
import { useText } from '../../platform/text.ts';
import { EventList } from '../../ui/event-list.tsx';
import { tellFailure } from '../../ui/notices.tsx';
import { ProblemNote } from '../../ui/problem.tsx';
import type { DeviceData } from './device-data.ts';

const kept = new Set<string>(timelineTypes);

/** What the types of events begin with that belong together. */
const kinds = {
  all: [''],
  presence: ['device.'],
  requests: ['operation.', 'request.'],
  observations: ['observation.'],
  updates: ['firmware.', 'bootstrap.'],
} as const;
type Kind = keyof typeof kinds;
const kindNames = Object.keys(kinds) as Kind[];

function typesOf(kind: Kind): readonly (typeof timelineTypes)[number][] {
  return timelineTypes.filter((type) => kinds[kind].some((beginning) => type.startsWith(beginning)));
}

/** Everything that happened with the device, or one kind of it, newest first: what the platform keeps, and what comes while one looks. */
export function TimelinePanel({ data }: { readonly data: DeviceData }) {
  const t = useText();
  const [kind, setKind] = useChoice('kind', kindNames);
  return (
    <section class="card">
      <div class="toolbar">
        <select
          aria-label={t('timeline.kind')}
          value={kind}
          onChange={(event) => setKind(event.currentTarget.value as Kind)}
        >
          {kindNames.map((one) => (
            <option key={one} value={one}>
              {t(`timeline.kind.${one}`)}
            </option>
          ))}
        </select>
      </div>
      <Entries key={kind} data={data} kind={kind} />
    </section>
  );
}

function Entries({ data, kind }: { readonly data: DeviceData; readonly kind: Kind }) {
  const t = useText();
  const types = typesOf(kind);
  const asked = kind === 'all' ? {} : { type: [...types] };
  const params = { device: data.device };
  const [older, setOlder] = useState<Older>({ items: [] });
  const {
    data: page,
    error,
    reload,
  } = useLoad((signal) => call(routes.showTimeline, { params, query: asked, signal }), [data.device]);
  if (error !== undefined) return <ProblemNote error={error} onRetry={reload} />;
  if (!page) return <p class="loading">{t('common.loading')}</p>;
  const next = older.items.length === 0 ? page.next : older.next;
  const more = async () => {
    const got = await call(routes.showTimeline, {
      params,
      query: { ...asked, ...(next === undefined ? {} : { cursor: next }) },
    });
    setOlder((before) => ({
      items: [...before.items, ...got.items],
      ...(got.next === undefined ? {} : { next: got.next }),
    }));
  };
  const past = [...page.items, ...older.items];
  const newest = past[0]?.time ?? '';
  const live = data.events.filter(
    ({ time, type }) => time > newest && kept.has(type) && types.some((one) => one === type),
  );
  const events = [...live, ...past.map(eventOf)];
  return (
    <>
      {events.length === 0 ? (
        <p class="hint">{t(kind === 'all' ? 'timeline.empty' : 'timeline.none')}</p>
      ) : (
        <EventList events={events} />
      )}
      {next !== undefined && (
        <button type="button" onClick={() => more().catch(tellFailure)}>
          {t('common.more')}
        </button>
      )}
    </>
  );
}

interface Older {
  readonly items: readonly JsonTimelineEntry[];
  readonly next?: string;
}

/** A kept entry has no number of the stream: its place stands for it. */
function eventOf(entry: JsonTimelineEntry, index: number): JsonEvent {
  return { id: `kept-${entry.time}-${index}`, ...entry } as JsonEvent;
}
