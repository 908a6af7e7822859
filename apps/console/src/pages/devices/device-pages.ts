import { type JsonDevice, routes } from '@yaolian/contract';
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { useReturn, useSoon } from '../../platform/load.ts';
import { call } from '../../platform/session.ts';
import { type DeviceFilter, listQuery, placeOf } from './device-filter.ts';

interface Pages {
  readonly items: readonly JsonDevice[];
  /** The cursor of what comes next; undefined on the last page. */
  readonly next: string | undefined;
  readonly error: unknown;
  readonly isLoading: boolean;
}

const none: Pages = { items: [], next: undefined, error: undefined, isLoading: true };
const pageSize = 100;
/** So many rows are asked for one by one. */
const mostRefreshed = 20;
/** As many as the platform gives at a time. */
const mostAgain = 1000;

/** The list that was shown last: who comes back from a device finds it as long as it was. */
let kept: { readonly asked: string; readonly pages: Pages } | undefined;

function startOf(asked: string): Pages {
  return kept?.asked === asked ? { ...kept.pages, isLoading: true } : none;
}

/** Devices in pages of the platform: `more` fetches the next one. */
export function useDevicePages(filter: DeviceFilter) {
  const asked = placeOf(filter);
  const [pages, setPages] = useState<Pages>(() => startOf(asked));
  /** What the items are the answer to: while another filter is asked they are still those of the one before. */
  const answered = useRef(kept?.asked === asked ? asked : undefined);
  const items = useRef(pages.items);
  items.current = pages.items;
  useEffect(() => {
    if (answered.current !== undefined) kept = { asked: answered.current, pages };
  });
  const asking = useRef(new AbortController());
  const load = useCallback(
    async (cursor: string | undefined) => {
      asking.current.abort();
      asking.current = new AbortController();
      const { signal } = asking.current;
      setPages((before) => ({ ...before, isLoading: true, error: undefined }));
      try {
        // The same list again is to be as long as before: it is scrolled.
        const isAgain = cursor === undefined && answered.current === asked;
        const limit = isAgain ? Math.min(mostAgain, Math.max(pageSize, items.current.length)) : pageSize;
        const page = await call(routes.listDevices, { query: listQuery(filter, cursor, limit), signal });
        answered.current = asked;
        setPages((before) => ({
          items: cursor === undefined ? page.items : [...before.items, ...page.items],
          next: page.next,
          error: undefined,
          isLoading: false,
        }));
      } catch (error) {
        if (!signal.aborted) setPages((before) => ({ ...before, error, isLoading: false }));
      }
    },
    [asked],
  );
  const reload = useCallback(() => void load(undefined), [load]);
  useReturn(reload);
  useEffect(() => {
    reload();
    return () => asking.current.abort();
  }, [reload]);
  const more = () => {
    if (!pages.isLoading && pages.error === undefined && pages.next !== undefined) void load(pages.next);
  };
  const changed = useRef(new Set<string>()).current;
  const askChanged = useSoon(async () => {
    const keys = [...changed];
    changed.clear();
    if (keys.length === 0) return;
    const isStrange = keys.some((key) => items.current.every((item) => item.key !== key));
    // One look for all of a storm.
    if (isStrange || keys.length > mostRefreshed) return reload();
    for (const key of keys) {
      const device = await call(routes.showDevice, { params: { device: key } }).catch(() => undefined);
      setPages((before) => ({ ...before, items: replaced(before.items, key, device) }));
    }
  });
  /** A device has changed, or come: asks for it, soon. */
  const refresh = (key: string) => {
    changed.add(key);
    askChanged();
  };
  /** A device is gone. */
  const drop = (key: string) => {
    changed.delete(key);
    setPages((before) => ({ ...before, items: replaced(before.items, key, undefined) }));
  };
  return { ...pages, more, refresh, drop, reload };
}

function replaced(items: readonly JsonDevice[], key: string, device: JsonDevice | undefined): readonly JsonDevice[] {
  return items.flatMap((item) => (item.key !== key ? [item] : device === undefined ? [] : [{ ...item, ...device }]));
}
