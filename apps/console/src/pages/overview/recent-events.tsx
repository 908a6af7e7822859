import { eventTypes, type JsonEvent } from '@yaolian/contract';
import { useState } from 'preact/hooks';
import { useEvents } from '../../platform/events.ts';
import { useText } from '../../platform/text.ts';
import { EventList } from '../../ui/event-list.tsx';
import { LiveMark } from '../../ui/live-mark.tsx';

const maxEvents = 20;
const shownTypes = eventTypes.filter(
  (type) => type !== 'device.updated' && type !== 'firmware.progress' && type !== 'stream.gap',
);

export function RecentEvents() {
  const t = useText();
  const [events, setEvents] = useState<readonly JsonEvent[]>([]);
  const { isLive } = useEvents({ types: shownTypes, last: maxEvents }, (event) =>
    setEvents((before) => [event, ...before].slice(0, maxEvents)),
  );
  return (
    <section class="card">
      <h2>
        {t('overview.events')} <LiveMark isLive={isLive} />
      </h2>
      {events.length === 0 ? (
        <p class="hint">{t('overview.events.empty')}</p>
      ) : (
        <EventList events={events} showDevice />
      )}
    </section>
  );
}
