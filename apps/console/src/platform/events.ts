import { type EventType, type JsonEvent, queryText, routePath, routes } from '@yaolian/contract';
import { useEffect, useRef, useState } from 'preact/hooks';
import { resumed } from './reach.ts';
import { checkSession } from './session.ts';
import { whileSeen } from './while-seen.ts';

export interface EventFilter {
  readonly device?: string;
  readonly types: readonly EventType[];
  /** So many that happened before come first. */
  readonly last?: number;
}

/**
 * Calls `onEvent` for what happens while the component is there and its page is seen. The browser connects again by itself and goes on
 * after the last event (HTML Living Standard §9.2); `isLive` tells whether it is connected now.
 */
export function useEvents(filter: EventFilter, onEvent: (event: JsonEvent) => void): { readonly isLive: boolean } {
  const [isLive, setLive] = useState(false);
  const latest = useRef(onEvent);
  latest.current = onEvent;
  const { device, types, last } = filter;
  const url = routePath(routes.streamEvents) + queryText({ device, type: types, last });
  useEffect(() => {
    // What a stream begins with is not told again when it is opened again.
    const told: string[] = [];
    // What happens before it is open, and while it is not, is asked for.
    let mayMiss = document.hidden;
    return whileSeen(() => {
      let source: EventSource;
      let again: ReturnType<typeof setTimeout> | undefined;
      const connect = () => {
        source = new EventSource(url);
        source.onopen = () => {
          setLive(true);
          // What happened in between may be told again, or not.
          if (mayMiss) resumed();
          mayMiss = true;
        };
        source.onerror = () => {
          setLive(false);
          if (source.readyState !== EventSource.CLOSED) return;
          // The platform refused: the browser gives up, we ask again later. It may be that the session has ended, which nothing else asks.
          checkSession();
          again = setTimeout(connect, 5000);
        };
        const listen = ({ data, lastEventId }: MessageEvent<string>) => {
          if (told.includes(lastEventId)) return;
          if (last !== undefined && told.push(lastEventId) > last) told.shift();
          latest.current(JSON.parse(data) as JsonEvent);
        };
        const wanted = new URL(url, location.href).searchParams.getAll('type');
        for (const type of wanted) source.addEventListener(type, listen);
        source.addEventListener('stream.gap', listen);
      };
      connect();
      return () => {
        clearTimeout(again);
        source.close();
        setLive(false);
      };
    });
  }, [url]);
  return { isLive };
}
