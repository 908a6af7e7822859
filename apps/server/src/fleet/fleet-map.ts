import type { DeviceStore } from '@yaolian/directory';
import { type Clock, type Duration, seconds, toMilliseconds } from '@yaolian/kernel';
import type { Fleet, FleetCounts } from './fleet.ts';

type StateCounts = Omit<FleetCounts, 'total'>;

/** Devices that say the same of themselves in object 3. */
export interface ModelGroup extends StateCounts {
  /** Undefined: they have not said it. */
  readonly model: string | undefined;
  readonly version: string | undefined;
}

export interface ModelMap {
  /** When it was counted, in milliseconds since the epoch. */
  readonly time: number;
  /** The largest first. */
  readonly groups: readonly ModelGroup[];
}

export interface FleetMapOptions {
  readonly store: Pick<DeviceStore, 'devices'>;
  readonly fleet: Pick<Fleet, 'stateOf'>;
  readonly clock: Clock;
  /** How long a count is good. Default 5 s. */
  readonly freshFor?: Duration;
}

const devicesPerPage = 1000;
/** A count is good for so many times the time that it took: of a huge fleet the counting takes at most a twentieth of a core. */
const restAfterWork = 20;

/** Counts all devices by model, firmware version and state. Walks the store page by page, never twice at once. */
export class FleetMap {
  readonly #options: FleetMapOptions;
  #last: { readonly map: ModelMap; readonly goodUntil: number } | undefined;
  #running: Promise<ModelMap> | undefined;

  constructor(options: FleetMapOptions) {
    this.#options = options;
  }

  async byModel(): Promise<ModelMap> {
    const now = this.#options.clock.monotonic();
    if (this.#last !== undefined && now < this.#last.goodUntil) return this.#last.map;
    this.#running ??= this.#count().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async #count(): Promise<ModelMap> {
    const { store, fleet, clock, freshFor = seconds(5) } = this.#options;
    const start = clock.monotonic();
    const groups = new Map<string, { -readonly [K in keyof ModelGroup]: ModelGroup[K] }>();
    for (let after: string | undefined; ; ) {
      const page = await store.devices({ ...(after !== undefined && { after }), limit: devicesPerPage });
      for (const { key, facts: { model, version } = {} } of page) {
        const name = JSON.stringify([model, version]);
        const group = groups.get(name) ?? { model, version, online: 0, sleeping: 0, offline: 0 };
        groups.set(name, group);
        group[countOf[fleet.stateOf(key)]]++;
      }
      after = page.at(-1)?.key;
      if (page.length < devicesPerPage) break;
      await new Promise((resolve) => setImmediate(resolve));
    }
    const map = { time: clock.epoch(), groups: [...groups.values()].toSorted(byNumber) };
    const end = clock.monotonic();
    this.#last = { map, goodUntil: end + Math.max(toMilliseconds(freshFor), (end - start) * restAfterWork) };
    return map;
  }
}

const countOf = { ONLINE: 'online', SLEEPING: 'sleeping', OFFLINE: 'offline' } as const;

/** How many there are. */
function groupSize({ online, sleeping, offline }: StateCounts): number {
  return online + sleeping + offline;
}

function byNumber(a: ModelGroup, b: ModelGroup): number {
  const names = ({ model = '', version = '' }: ModelGroup) => `${model}\n${version}`;
  return groupSize(b) - groupSize(a) || (names(a) < names(b) ? -1 : 1);
}
