import type { JsonEvent } from '@yaolian/contract';
import { closedIn } from '../platform/closed-in.ts';
import { eventText } from '../platform/event-text.ts';
import { formatFullTime, formatTime } from '../platform/format.ts';
import { useModelNames } from '../platform/model-names.ts';
import { useText } from '../platform/text.ts';

/** Events, newest first. */
export function EventList({
  events,
  showDevice = false,
}: {
  readonly events: readonly JsonEvent[];
  readonly showDevice?: boolean;
}) {
  const t = useText();
  useModelNames();
  return (
    <ol class="events">
      {events.map((event) => (
        <li key={event.id} class={`event-${event.type.replaceAll('.', '-')}`}>
          <time dateTime={event.time} title={formatFullTime(event.time)}>
            {formatTime(event.time)}
          </time>
          <span>
            {showDevice && event.device !== undefined && (
              <>
                <a href={`/devices/${encodeURIComponent(event.device)}`}>
                  {closedIn(event.endpoint ?? event.device)}
                </a>{' '}
              </>
            )}
            {eventText(event, t)}
          </span>
        </li>
      ))}
    </ol>
  );
}
