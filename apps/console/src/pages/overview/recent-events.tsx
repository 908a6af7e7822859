import { type EventType, eventTypes, type JsonEvent } from '@yaolian/contract';
import { useState } from 'preact/hooks';
import { useEvents } from '../../platform/events.ts';
import { useChoice } from '../../platform/router.ts';
import { useText } from '../../platform/text.ts';
import { EventList } from '../../ui/event-list.tsx';
import { LiveMark } from '../../ui/live-mark.tsx';

const maxEvents = 20;
/** What would drown all else. */
const frequent: readonly EventType[] = [
  'observation.notified',
  'observation.started',
  'observation.ended',
  'device.sent',
  'operation.completed',
];
const hidden: readonly EventType[] = ['device.updated', 'firmware.progress', 'stream.gap'];
const allTypes = eventTypes.filter((type) => !hidden.includes(type));
const seldom = allTypes.filter((type) => !frequent.includes(type));
const choices = ['seldom', 'all'] as const;

/** What happens, as it happens; requests, observations and values only where somebody asks for them. */
export function RecentEvents() {
  const [shown, setShown] = useChoice('events', choices);
  return <Events key={shown} withValues={shown === 'all'} onValues={(all) => setShown(all ? 'all' : 'seldom')} />;
}

interface EventsProps {
  readonly withValues: boolean;
  readonly onValues: (withValues: boolean) => void;
}

function Events({ withValues, onValues }: EventsProps) {
  const t = useText();
  const [events, setEvents] = useState<readonly JsonEvent[]>([]);
  const { isLive } = useEvents({ types: withValues ? allTypes : seldom, last: maxEvents }, (event) =>
    setEvents((before) => [event, ...before].slice(0, maxEvents)),
  );
  return (
    <section class="card">
      <div class="section-head">
        <h2>
          {t('overview.events')} <LiveMark isLive={isLive} />
        </h2>
        <label class="check end">
          <input type="checkbox" checked={withValues} onChange={(event) => onValues(event.currentTarget.checked)} />
          <span>{t('overview.events.values')}</span>
        </label>
      </div>
      {events.length === 0 ? (
        <p class="hint">{t('overview.events.empty')}</p>
      ) : (
        <EventList events={events} showDevice />
      )}
    </section>
  );
}
