import type { JsonGroupQuery } from '@yaolian/contract';
import type { DeviceGroupStore } from '@yaolian/directory';
import type { Clock } from '@yaolian/kernel';
import type { FleetFilter } from '../fleet/fleet.ts';
import { Refusal } from '../http/refusal.ts';
import { moment } from './times.ts';

/** What a request asks devices for. */
export interface AskedFilter extends JsonGroupQuery {
  readonly group?: string;
}

/** @throws Refusal `not-found` for a group that is not there, `invalid-request` for a time that is none */
export async function filterFrom(asked: AskedFilter, groups: DeviceGroupStore, clock: Clock): Promise<FleetFilter> {
  const { group: name, ...own } = asked;
  const mine = plainFilter(own, clock);
  if (name === undefined) return mine;
  const group = await groups.group(name);
  if (group === undefined) throw new Refusal('not-found', { detail: `There is no group "${name}".` });
  if (group.query === undefined) return { ...mine, group: name };
  return joined(mine, plainFilter(group.query as JsonGroupQuery, clock));
}

function plainFilter({ seenSince, seenBefore, ...rest }: JsonGroupQuery, clock: Clock): FleetFilter {
  const now = clock.epoch();
  return {
    ...rest,
    ...(seenSince === undefined ? {} : { seenSince: moment('seenSince', seenSince, now) }),
    ...(seenBefore === undefined ? {} : { seenBefore: moment('seenBefore', seenBefore, now) }),
  };
}

/** Both have to apply. */
function joined(a: FleetFilter, b: FleetFilter): FleetFilter {
  const names = ['state', 'vendor', 'model', 'version'] as const;
  const isEmpty = names.some((name) => a[name] !== undefined && b[name] !== undefined && a[name] !== b[name]);
  const later = maximum(a.seenSince, b.seenSince);
  const earlier = maximum(negative(a.seenBefore), negative(b.seenBefore));
  return {
    ...b,
    ...a,
    ...(a.search !== undefined && b.search !== undefined && { alsoSearch: b.search }),
    ...(later === undefined ? {} : { seenSince: later }),
    ...(earlier === undefined ? {} : { seenBefore: -earlier }),
    isEmpty,
  };
}

function negative(time: number | undefined): number | undefined {
  return time === undefined ? undefined : -time;
}

function maximum(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.max(a, b);
}
