import { type JsonTrace, type JsonTraceMessage, queryText, routePath, routes } from '@yaolian/contract';
import { useCallback, useEffect, useState } from 'preact/hooks';
import { type Loaded, useInterval, useLoad } from '../../platform/load.ts';
import { call } from '../../platform/session.ts';
import { whileSeen } from '../../platform/while-seen.ts';

/** The most messages that the page holds; beyond, the oldest go. */
const maximumShown = 2000;

/** How a trace stands; null: there is none. */
export function useTrace(subject: string): Loaded<JsonTrace | null> {
  const loaded = useLoad(
    async (signal) => {
      const { items } = await call(routes.listTraces, { signal });
      return items.find((trace) => trace.subject === subject) ?? null;
    },
    [subject],
  );
  useInterval(loaded.reload, 5000);
  return loaded;
}

/** The messages of a trace: those that are kept, and those that come. @param run changes when another trace begins */
export function useMessages(subject: string, run: string): readonly JsonTraceMessage[] {
  const [messages, setMessages] = useState<readonly JsonTraceMessage[]>([]);
  const add = useCallback((more: readonly JsonTraceMessage[]) => {
    setMessages((before) => {
      const last = before.at(-1)?.number ?? 0;
      return [...before, ...more.filter(({ number }) => number > last)].slice(-maximumShown);
    });
  }, []);
  useEffect(() => {
    let last = 0;
    setMessages([]);
    return whileSeen(() => {
      const leaving = new AbortController();
      let source: EventSource | undefined;
      const hear = (heard: readonly JsonTraceMessage[]) => {
        add(heard);
        last = heard.at(-1)?.number ?? last;
      };
      const begin = async () => {
        let after: number | undefined = last;
        while (after !== undefined) {
          const page: { items: readonly JsonTraceMessage[]; next?: number } = await call(routes.listTraceMessages, {
            params: { subject },
            query: { after, limit: 1000 },
            signal: leaving.signal,
          });
          hear(page.items);
          after = page.next;
        }
        source = new EventSource(routePath(routes.followTrace, { subject }) + queryText({ after: last }));
        source.onmessage = (event: MessageEvent<string>) => hear([JSON.parse(event.data) as JsonTraceMessage]);
      };
      // What fails here fails for the state of the trace too, which is shown.
      begin().catch(() => undefined);
      return () => {
        leaving.abort();
        source?.close();
      };
    });
  }, [subject, run, add]);
  return messages;
}
