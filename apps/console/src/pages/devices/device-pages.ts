import { type JsonDevice, routes } from '@yaolian/contract';
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
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

/** Devices in pages of the platform: `more` fetches the next one. */
export function useDevicePages(filter: DeviceFilter) {
  const asked = placeOf(filter);
  const [pages, setPages] = useState<Pages>(none);
  const asking = useRef(new AbortController());
  const load = useCallback(
    async (cursor: string | undefined) => {
      asking.current.abort();
      asking.current = new AbortController();
      const { signal } = asking.current;
      setPages((before) => ({ ...before, isLoading: true, error: undefined }));
      try {
        const page = await call(routes.listDevices, { query: listQuery(filter, cursor, pageSize), signal });
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
  useEffect(() => {
    void load(undefined);
    return () => asking.current.abort();
  }, [load]);
  const more = () => {
    if (!pages.isLoading && pages.error === undefined && pages.next !== undefined) void load(pages.next);
  };
  /** A device has changed: asks for its row again. */
  const refresh = async (key: string) => {
    const device = await call(routes.showDevice, { params: { device: key } }).catch(() => undefined);
    setPages((before) => ({ ...before, items: replaced(before.items, key, device) }));
  };
  return { ...pages, more, refresh, reload: () => void load(undefined) };
}

function replaced(items: readonly JsonDevice[], key: string, device: JsonDevice | undefined): readonly JsonDevice[] {
  return items.flatMap((item) => (item.key !== key ? [item] : device === undefined ? [] : [{ ...item, ...device }]));
}
