import { ApiClient, type EventType, type JsonEvent, queryText, routePath, routes } from '@yaolian/contract';
import { useEffect, useRef, useState } from 'preact/hooks';
import { follow } from './feed/feed.ts';
import { resumed } from './reach.ts';
import { checkSession, operatorName } from './session.ts';
import { whileSeen } from './while-seen.ts';

export interface EventFilter {
  readonly device?: string;
  readonly types: readonly EventType[];
  /** So many that happened before come first. */
  readonly last?: number;
}

const client = new ApiClient({ baseUrl: location.origin });
const path = routePath(routes.streamEvents);

/**
 * Calls `onEvent` for what happens while the component is there and its page is seen. `isLive` tells whether the stream is open now; when
 * it breaks it is opened again, and goes on after the last event.
 */
export function useEvents(filter: EventFilter, onEvent: (event: JsonEvent) => void): { readonly isLive: boolean } {
  const [isLive, setLive] = useState(false);
  const latest = useRef(onEvent);
  latest.current = onEvent;
  const { device, types, last } = filter;
  const url = path + queryText({ device, type: types });
  useEffect(() => {
    // What was told before the page was hidden, or the stream broke, is remembered by the platform too.
    const told: string[] = [];
    const hear = (event: JsonEvent) => {
      const key = keyOf(event);
      if (told.includes(key)) return;
      if (last !== undefined && told.push(key) > 2 * last) told.shift();
      latest.current(event);
    };
    // What happens before it is open, and while it is not, is asked for.
    let mayMiss = document.hidden;
    return whileSeen(() => {
      const leaving = new AbortController();
      let early: JsonEvent[] | undefined = last === undefined ? undefined : [];
      const recall = async () => {
        early ??= [];
        const query = {
          follow: false,
          last: last!,
          type: [...types],
          ...(device !== undefined && { device: [device] }),
        };
        try {
          for await (const event of client.events({ query, signal: leaving.signal })) hear(event);
        } catch {
          // What comes is shown; what came is on the timelines.
        }
        const held = early ?? [];
        early = undefined;
        for (const event of held) hear(event);
      };
      const whose = operatorName();
      const want = { whose, path, types, ...(device !== undefined && { device }) };
      const stop = follow(want, url, {
        told: (event) => {
          if (early) early.push(event as JsonEvent);
          else hear(event as JsonEvent);
        },
        live: (isOpen) => {
          setLive(isOpen);
          // What happened in between may be told again, or not.
          if (isOpen && mayMiss) resumed();
          mayMiss = true;
          if (!isOpen) return;
          if (last !== undefined) void recall();
        },
        // It may be that the session has ended, which nothing else asks.
        refused: checkSession,
      });
      return () => {
        leaving.abort();
        stop();
        setLive(false);
      };
    });
  }, [url, last]);
  return { isLive };
}

/** Over restarts of the platform an event has other ids. */
function keyOf({ type, time, device, endpoint, data }: JsonEvent): string {
  return JSON.stringify([type, time, device ?? endpoint, 'path' in data ? data.path : undefined]);
}
