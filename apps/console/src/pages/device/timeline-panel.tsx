import { type JsonEvent, type JsonTimelineEntry, routes, timelineTypes } from '@yaolian/contract';
import { useState } from 'preact/hooks';
import { useLoad } from '../../platform/load.ts';
import { call } from '../../platform/session.ts';
import { useText } from '../../platform/text.ts';
import { EventList } from '../../ui/event-list.tsx';
import { tellFailure } from '../../ui/notices.tsx';
import { ProblemNote } from '../../ui/problem.tsx';
import type { DeviceData } from './device-data.ts';

const kept = new Set<string>(timelineTypes);

/** Everything that happened with the device, newest first: what the platform keeps, and what comes while one looks. */
export function TimelinePanel({ data }: { readonly data: DeviceData }) {
  const t = useText();
  const params = { device: data.device };
  const [older, setOlder] = useState<Older>({ items: [] });
  const {
    data: page,
    error,
    reload,
  } = useLoad((signal) => call(routes.showTimeline, { params, query: {}, signal }), [data.device]);
  if (error !== undefined) return <ProblemNote error={error} onRetry={reload} />;
  if (!page) return <p class="loading">{t('common.loading')}</p>;
  const next = older.items.length === 0 ? page.next : older.next;
  const more = async () => {
    const got = await call(routes.showTimeline, { params, query: next === undefined ? {} : { cursor: next } });
    setOlder((before) => ({
      items: [...before.items, ...got.items],
      ...(got.next === undefined ? {} : { next: got.next }),
    }));
  };
  const past = [...page.items, ...older.items];
  const newest = past[0]?.time ?? '';
  const live = data.events.filter(({ time, type }) => time > newest && kept.has(type));
  const events = [...live, ...past.map(eventOf)];
  return (
    <section class="card">
      {events.length === 0 ? <p class="hint">{t('timeline.empty')}</p> : <EventList events={events} />}
      {next !== undefined && (
        <button type="button" onClick={() => more().catch(tellFailure)}>
          {t('common.more')}
        </button>
      )}
    </section>
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
