import { setTimeout as sleep } from 'node:timers/promises';
import { type EventType, eventTypes, type JsonEvent } from '@yaolian/contract';
import { hasCode } from '@yaolian/kernel';
import { describeEvent } from './event-view.ts';
import type { PlatformRun } from './platform-command.ts';

export interface EventSelection {
  /** Empty: all. */
  readonly types: readonly EventType[];
  /** Keys or endpoint names. Empty: all. */
  readonly devices: readonly string[];
}

/** Shows events as they come, until Ctrl-C. */
export async function followEvents(run: PlatformRun<unknown>, selection: EventSelection): Promise<void> {
  for await (const event of eventsOf(run, selection)) {
    await run.printer.result(event, () => `${describeEvent(event, run.printer.paint)}\n`);
  }
}

const firstPause = 500;
const longestPause = 15_000;

/**
 * Events as they come; a stream that breaks is taken up again after the last one. Ends by throwing when the user interrupts
 * or the platform refuses.
 * @param onOpen called when the stream has begun for the first time
 */
export async function* eventsOf(
  { client, signal, printer }: PlatformRun<unknown>,
  { types, devices }: EventSelection,
  onOpen?: () => void,
): AsyncGenerator<JsonEvent, void, undefined> {
  const query = {
    ...(types.length === 0 || types.length === eventTypes.length ? {} : { type: withGaps(types) }),
    ...(devices.length === 0 ? {} : { device: [...devices] }),
  };
  let lastEventId: string | undefined;
  let wasOpen = false;
  let pause = firstPause;
  for (;;) {
    try {
      const resume = lastEventId === undefined ? {} : { lastEventId };
      const opened = (): void => {
        if (!wasOpen) onOpen?.();
        wasOpen = true;
        pause = firstPause;
      };
      for await (const event of client.events({ query, signal, onOpen: opened, ...resume })) {
        lastEventId = event.id;
        yield event;
      }
    } catch (error) {
      signal.throwIfAborted();
      if (!wasOpen || !isBroken(error)) throw error;
    }
    signal.throwIfAborted();
    await printer.note(`The stream of events broke; trying again in ${pause / 1000} s.`);
    await sleep(pause, undefined, { signal });
    pause = Math.min(2 * pause, longestPause);
  }
}

/** A gap is of interest to whoever wants to see everything of a kind. */
function withGaps(types: readonly EventType[]): EventType[] {
  return [...new Set<EventType>([...types, 'stream.gap'])];
}

/** Nobody there, or a connection that ended in the middle: worth another try. A refusal is not. */
function isBroken(error: unknown): boolean {
  return hasCode(error, 'API_UNREACHABLE') || error instanceof TypeError || (error as Error)?.name === 'AbortError';
}
