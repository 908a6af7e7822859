import { type EventType, type JsonEvent, queryText, routePath, routes } from '@yaolian/contract';
import { useEffect, useRef, useState } from 'preact/hooks';
import { resumed } from './reach.ts';

export interface EventFilter {
  readonly device?: string;
  readonly types: readonly EventType[];
  /** So many that happened before come first. */
  readonly last?: number;
}

/**
 * Calls `onEvent` for what happens while the component is there. The browser connects again by itself and goes on after the last event
 * (HTML Living Standard §9.2); `isLive` tells whether it is connected now.
 */
export function useEvents(filter: EventFilter, onEvent: (event: JsonEvent) => void): { readonly isLive: boolean } {
  const [isLive, setLive] = useState(false);
  const latest = useRef(onEvent);
  latest.current = onEvent;
  const { device, types, last } = filter;
  const url = routePath(routes.streamEvents) + queryText({ device, type: types, last });
  useEffect(() => {
    let source: EventSource;
    let wasOpen = false;
    let again: ReturnType<typeof setTimeout> | undefined;
    const open = () => {
      source = new EventSource(url);
      source.onopen = () => {
        setLive(true);
        // What happened in between may be told again, or not.
        if (wasOpen) resumed();
        wasOpen = true;
      };
      source.onerror = () => {
        setLive(false);
        // The platform refused: the browser gives up, we ask again later.
        if (source.readyState === EventSource.CLOSED) again = setTimeout(open, 5000);
      };
      const listen = (message: MessageEvent<string>) => latest.current(JSON.parse(message.data) as JsonEvent);
      for (const type of new URL(url, location.href).searchParams.getAll('type')) source.addEventListener(type, listen);
      source.addEventListener('stream.gap', listen);
    };
    open();
    return () => {
      clearTimeout(again);
      source.close();
    };
  }, [url]);
  return { isLive };
}
