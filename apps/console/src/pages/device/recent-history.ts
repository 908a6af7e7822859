import { routes } from '@yaolian/contract';
import { useEffect } from 'preact/hooks';
import { call } from '../../platform/session.ts';
import type { DeviceData } from './device-data.ts';
import { numberOf } from './live-values.ts';

/** Fetches what a resource was in the last hour, once, so that its plot begins with it. */
export function useRecentHistory({ device, live }: DeviceData, path: string): void {
  useEffect(() => {
    const leaving = new AbortController();
    const query = { path, from: '1h', order: 'newest', limit: 1000 } as const;
    call(routes.showHistory, { params: { device }, query, signal: leaving.signal }).then(
      ({ points = [] }) => {
        const past = points.toReversed().flatMap(({ time, value }) => {
          const number = numberOf(value, typeof value === 'boolean' ? 'boolean' : 'float');
          return number === undefined ? [] : [[Date.parse(time) / 1000, number] as const];
        });
        live.recall(path, { times: past.map(([time]) => time), values: past.map(([, value]) => value) });
      },
      () => undefined, // without it the plot begins now
    );
    return () => leaving.abort();
  }, [device, live, path]);
}
