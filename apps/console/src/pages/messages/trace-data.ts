import {
  type JsonFollowedMessage,
  type JsonTrace,
  type JsonTraceMessage,
  queryText,
  routePath,
  routes,
} from '@yaolian/contract';
import { useCallback, useEffect, useState } from 'preact/hooks';
import { follow } from '../../platform/feed/feed.ts';
import { type Loaded, useInterval, useLoad } from '../../platform/load.ts';
import { call, checkSession, operatorName } from '../../platform/session.ts';
import { whileSeen } from '../../platform/while-seen.ts';

/** The most messages that the page holds; beyond, the oldest go. */
const maximumShown = 2000;
const path = routePath(routes.followTraces);

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
      const hear = (heard: readonly JsonTraceMessage[]) => {
        add(heard);
        last = Math.max(last, heard.at(-1)?.number ?? 0);
      };
      // What comes while the ones before it are fetched.
      let early: JsonTraceMessage[] | undefined;
      const catchUp = async () => {
        if (early !== undefined) return;
        early = [];
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
        for (const message of early) hear([message]);
      };
      const stop = follow({ whose: operatorName(), path, subject }, path + queryText({ subject: [subject] }), {
        told: (told) => {
          const { message } = told as JsonFollowedMessage;
          if (early) early.push(message);
          else hear([message]);
        },
        live: (isLive) => {
          // What fails here fails for the state of the trace too, which is shown.
          if (isLive)
            void catchUp()
              .catch(() => undefined)
              .finally(() => (early = undefined));
        },
        refused: checkSession,
      });
      return () => {
        leaving.abort();
        stop();
      };
    });
  }, [subject, run, add]);
  return messages;
}
