import { type JsonDeviceCounts, type RouteQuery, routes } from '@yaolian/contract';
import { useEffect, useState } from 'preact/hooks';
import { formatNumber } from '../platform/format.ts';
import { useLoad } from '../platform/load.ts';
import { call } from '../platform/session.ts';
import { type Translate, useText } from '../platform/text.ts';
import { ProblemNote } from './problem.tsx';

type Query = RouteQuery<typeof routes.countDevices>;
type Choice = { readonly [K in keyof Query]: Query[K] | undefined };

/** A pause of this many milliseconds ends a word that is being typed. */
const pause = 250;

/** Says how many devices a choice means, before anything is done with them. */
export function DeviceCount({ choice }: { readonly choice: Choice }) {
  const t = useText();
  const wish = useSettled(JSON.stringify(choice));
  const { data, error, isLoading, reload } = useLoad(
    (signal) => call(routes.countDevices, { query: JSON.parse(wish) as Query, signal }),
    [wish],
  );
  if (error !== undefined) return <ProblemNote error={error} onRetry={reload} />;
  const isOld = isLoading || wish !== JSON.stringify(choice);
  return (
    <p class="count" role="status">
      {data === undefined || isOld ? t('count.asked') : countText(t, data)}
    </p>
  );
}

export function countText(t: Translate, { total, online, sleeping, offline }: JsonDeviceCounts): string {
  if (total === 0) return t('count.none');
  const [count, ...states] = [total, online, sleeping, offline].map(formatNumber);
  return t('count.devices', { count: count!, online: states[0]!, sleeping: states[1]!, offline: states[2]! });
}

/** What `text` was when it last stayed as it is for a moment. */
export function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), pause);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}
