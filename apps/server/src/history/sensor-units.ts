import type { SeriesSummary, ValueHistory } from '@yaolian/directory';
import { type Clock, hours, minutes, toMilliseconds } from '@yaolian/kernel';

/** Values of IPSO objects that are in the unit which the device tells: measured, least, greatest, range, set point. */
const measured = /^((?:\/\d+){2})\/(?:5601|5602|5603|5604|5700|5900)$/;

const longestUnit = 32;

/** Where a device tells the unit of what is at a path: Sensor Units (5701) of the same instance. Undefined: it has none of its own. */
export function unitPathOf(path: string): string | undefined {
  const instance = measured.exec(path)?.[1];
  return instance && `${instance}/5701`;
}

/** The unit in which a device told the value at a path, as far as history knows. */
export function toldUnit(path: string, series: ReadonlyMap<string, Pick<SeriesSummary, 'last'>>): string | undefined {
  const at = unitPathOf(path);
  return at === undefined ? undefined : unitText(series.get(at)?.last.value);
}

/** Undefined: it is no unit that could be shown. */
export function unitText(told: unknown): string | undefined {
  if (typeof told !== 'string' || told === '' || /\p{Cc}/u.test(told)) return undefined;
  return told.slice(0, longestUnit);
}

export interface SensorUnitsOptions {
  readonly history: Pick<ValueHistory, 'series'>;
  readonly clock: Clock;
  /** Devices whose units are remembered. Default 10,000. */
  readonly maximum?: number;
}

interface OfDevice {
  /** By the path of the unit. */
  units: ReadonlyMap<string, string>;
  /** Monotonic milliseconds. */
  readAt: number;
  /** Units that the device was asked for. */
  readonly asked: Set<string>;
}

const mostAsked = 1_000;
const freshFor = toMilliseconds(hours(1));
const unknownFor = toMilliseconds(minutes(1));

/** The units that devices told last, without asking them again: those of a device are read from history in one go. */
export class SensorUnits {
  readonly #options: SensorUnitsOptions;
  /** Those that were asked for last are the last. */
  readonly #devices = new Map<string, OfDevice>();

  constructor(options: SensorUnitsOptions) {
    this.#options = options;
  }

  /** @param device its key */
  async of(device: string, path: string): Promise<string | undefined> {
    const at = unitPathOf(path);
    if (at === undefined) return undefined;
    const { clock } = this.#options;
    const known = this.#devices.get(device);
    const unit = known?.units.get(at);
    const age = known === undefined ? Number.POSITIVE_INFINITY : clock.monotonic() - known.readAt;
    if (age < (unit === undefined ? unknownFor : freshFor)) return unit;
    return (await this.#read(device)).units.get(at);
  }

  /**
   * Whether a device may be asked for the unit of what is at a path, once: yes the first time, where the unit is not known.
   * @returns the path to read
   */
  async missing(device: string, path: string): Promise<string | undefined> {
    const at = unitPathOf(path);
    if (at === undefined || (await this.of(device, path)) !== undefined) return undefined;
    const { asked } = this.#devices.get(device) ?? (await this.#read(device));
    if (asked.has(at) || asked.size >= mostAsked) return undefined;
    asked.add(at);
    return at;
  }

  /** A device told a unit just now. */
  told(device: string, at: string, value: unknown): void {
    const unit = unitText(value);
    const known = this.#devices.get(device);
    if (unit !== undefined && known !== undefined) known.units = new Map([...known.units, [at, unit]]);
  }

  async #read(device: string): Promise<OfDevice> {
    const { history, clock, maximum = 10_000 } = this.#options;
    const series = await history.series('value', device);
    const units = new Map(
      series.flatMap(({ path, last }) => {
        const unit = path.endsWith('/5701') ? unitText(last.value) : undefined;
        return unit === undefined ? [] : [[path, unit] as const];
      }),
    );
    const asked = this.#devices.get(device)?.asked ?? new Set();
    this.#devices.delete(device);
    for (const oldest of this.#devices.keys()) {
      if (this.#devices.size < maximum) break;
      this.#devices.delete(oldest);
    }
    const read = { units, readAt: clock.monotonic(), asked };
    this.#devices.set(device, read);
    return read;
  }
}
