import { because } from '@yaolian/contract';
import type { DeviceGroupStore, DeviceName } from '@yaolian/directory';
import type { Clock } from '@yaolian/kernel';
import type { Fleet, FleetCounts, FleetFilter } from '../fleet/fleet.ts';
import { Refusal } from '../http/refusal.ts';
import { type AskedFilter, filterFrom } from './device-filter.ts';

/** Which devices something is about. */
export interface DeviceChoice extends AskedFilter {
  /** These, and no others. */
  readonly keys?: readonly string[] | undefined;
  /** Key or endpoint name, with `*` and `?`. */
  readonly name?: string | undefined;
  /** Where vendor, model or version are asked for: whether those of which none was read are meant too, or alone. */
  readonly unread?: 'too' | 'alone' | undefined;
}

export interface ChoosingServices {
  readonly fleet: Fleet;
  readonly groups: DeviceGroupStore;
  readonly clock: Clock;
}

/** Devices of one campaign, and of one job, at most. */
const mostDevices = 100_000;

/**
 * The keys of what is chosen now.
 * @param tooMany what is said when they are more than one campaign or job may have
 * @throws Refusal `invalid-value` for too many, for a key that no device has, and for keys beside a filter; `not-found` for the group
 */
export async function chosenDevices(
  choice: DeviceChoice,
  services: ChoosingServices,
  tooMany: 'job-too-large' | 'campaign-too-large',
): Promise<readonly string[]> {
  const chosen = new Set<string>();
  if (choice.keys) {
    const { keys: _, ...filter } = choice;
    const names = Object.entries(filter).flatMap(([name, wish]) => (wish === undefined ? [] : [name]));
    if (names.length > 0) throw new Refusal('invalid-value', because('keys-with-filter', { names: names.join(', ') }));
    for (const name of choice.keys) {
      const found = await services.fleet.find(name);
      if (!found) throw new Refusal('invalid-value', because('device-named-unknown', { name }));
      chosen.add(found.device.key);
    }
    return [...chosen];
  }
  for await (const names of chosenNames(choice, services)) {
    for (const { key } of names) chosen.add(key);
    if (chosen.size > mostDevices) throw new Refusal('invalid-value', because(tooMany, { maximum: mostDevices }));
  }
  return [...chosen];
}

/** How many devices a campaign or a job would have, and how they are now. @throws Refusal `not-found` for the group */
export async function countChosen(
  choice: Omit<DeviceChoice, 'keys'>,
  services: ChoosingServices,
): Promise<FleetCounts> {
  const { fleet } = services;
  if (Object.values(choice).every((wish) => wish === undefined)) return fleet.counts();
  return (await lookAtChosen(choice, services, 0)).counts;
}

/** As {@link countChosen}, with the keys of the first. @param first so many */
export async function lookAtChosen(
  choice: Omit<DeviceChoice, 'keys'>,
  services: ChoosingServices,
  first: number,
): Promise<{ readonly counts: FleetCounts; readonly keys: readonly string[] }> {
  const states = { ONLINE: 0, SLEEPING: 0, OFFLINE: 0 };
  const keys: string[] = [];
  for await (const names of chosenNames(choice, services)) {
    for (const { key } of names) {
      states[services.fleet.stateOf(key)]++;
      if (keys.length < first) keys.push(key);
    }
  }
  const { ONLINE: online, SLEEPING: sleeping, OFFLINE: offline } = states;
  return { counts: { total: online + sleeping + offline, online, sleeping, offline }, keys };
}

async function* chosenNames(
  { keys: _, name, unread, ...filter }: DeviceChoice,
  { fleet, groups, clock }: ChoosingServices,
): AsyncGenerator<readonly DeviceName[]> {
  const given = Object.fromEntries(Object.entries(filter).filter(([, wish]) => wish !== undefined));
  for (const one of variantsOf(await filterFrom(given, groups, clock), unread)) {
    for await (const names of fleet.names(one)) {
      yield name === undefined
        ? names
        : names.filter(({ key, endpoint }) => matchesName(name, key) || matchesName(name, endpoint ?? ''));
    }
  }
}

/** The filter, and the same one for devices that have not said what they are. They have no device in common. */
function variantsOf(filter: FleetFilter, unread: DeviceChoice['unread']): readonly FleetFilter[] {
  const { vendor, model, version, ...rest } = filter;
  const asksFacts = vendor !== undefined || model !== undefined || version !== undefined;
  const others = asksFacts ? [{ ...rest, unread: true }] : [];
  if (unread === undefined) return [filter];
  return unread === 'too' ? [filter, ...others] : others;
}

/** `*` and `?` as in file names, in any case of letters. In linear time for each star. */
function matchesName(pattern: string, name: string): boolean {
  const wanted = pattern.toLowerCase();
  const given = name.toLowerCase();
  let at = 0;
  let star = -1;
  let mark = 0;
  for (let index = 0; index < given.length; ) {
    if (wanted[at] === '*') {
      star = at++;
      mark = index;
    } else if (wanted[at] === '?' || wanted[at] === given[index]) {
      at++;
      index++;
    } else if (star >= 0) {
      // The star takes one character more.
      at = star + 1;
      index = ++mark;
    } else return false;
  }
  while (wanted[at] === '*') at++;
  return at === wanted.length;
}
