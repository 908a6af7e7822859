import { lwm2mErrors } from './errors.ts';
import type { ObservationRecord } from './registration.ts';

/** An observation that outlives registrations: what it is of is observed again whenever the device registers. */
export interface StandingObservation {
  readonly deviceKey: string;
  /** `/3/0/13`; of an Observe-Composite all of them: `/3/0/9 /3303/0/5700`. One device has a path once. */
  readonly path: string;
  /** As in {@link ObservationRecord}. */
  readonly composite?: boolean;
  readonly query?: string;
  readonly accept: number | undefined;
  /** When it was asked for, in milliseconds since 1970. */
  readonly createdAt: number;
}

/** Where standing observations are kept. Every method resolves when its change is on disk. */
export interface StandingObservationStore {
  loadStanding(): Promise<Iterable<StandingObservation>>;
  /** Adds one, or takes the place of the one of this device and path. */
  putStanding(observation: StandingObservation): Promise<void>;
  /** Harmless when it is not there. */
  removeStanding(deviceKey: string, path: string): Promise<void>;
  removeStandingOf(deviceKey: string): Promise<void>;
}

const none: ReadonlyMap<string, StandingObservation> = new Map();

/** What is to be observed of devices, whether they are registered or not. The disk comes first. */
export class StandingObservations {
  readonly #store: StandingObservationStore | undefined;
  /** By device key and path. */
  readonly #ofDevice = new Map<string, Map<string, StandingObservation>>();
  #size = 0;

  /** @param store absent: they end with the process */
  constructor(store: StandingObservationStore | undefined) {
    this.#store = store;
  }

  get size(): number {
    return this.#size;
  }

  async load(): Promise<void> {
    for (const observation of (await this.#store?.loadStanding()) ?? []) this.#note(observation);
  }

  /** By path. */
  of(deviceKey: string): ReadonlyMap<string, StandingObservation> {
    return this.#ofDevice.get(deviceKey) ?? none;
  }

  /** @throws YaolianError LWM2M_STORE_FAILED */
  async put(deviceKey: string, { path, composite, query, accept, createdAt }: ObservationRecord): Promise<void> {
    const observation = {
      deviceKey,
      path,
      accept,
      createdAt,
      ...(composite && { composite }),
      ...(query && { query }),
    };
    await stored('the standing observation', this.#store?.putStanding(observation));
    this.#note(observation);
  }

  /**
   * In memory at once: nothing is observed again that was cancelled.
   * @returns false when there is none
   * @throws YaolianError LWM2M_STORE_FAILED
   */
  async remove(deviceKey: string, path: string): Promise<boolean> {
    const paths = this.#ofDevice.get(deviceKey);
    if (paths?.delete(path) !== true) return false;
    this.#size--;
    if (paths.size === 0) this.#ofDevice.delete(deviceKey);
    await stored('the end of the observation', this.#store?.removeStanding(deviceKey, path));
    return true;
  }

  /** @throws YaolianError LWM2M_STORE_FAILED */
  async removeOf(deviceKey: string): Promise<void> {
    const paths = this.#ofDevice.get(deviceKey);
    if (!paths) return;
    this.#size -= paths.size;
    this.#ofDevice.delete(deviceKey);
    await stored('the end of observations', this.#store?.removeStandingOf(deviceKey));
  }

  #note(observation: StandingObservation): void {
    const { deviceKey, path } = observation;
    const paths = this.#ofDevice.get(deviceKey) ?? new Map<string, StandingObservation>();
    if (!paths.has(path)) this.#size++;
    this.#ofDevice.set(deviceKey, paths.set(path, observation));
  }
}

/** @throws YaolianError LWM2M_STORE_FAILED */
export async function stored(what: string, change: void | Promise<void>): Promise<void> {
  try {
    await change;
  } catch (error) {
    throw lwm2mErrors.LWM2M_STORE_FAILED(what, error);
  }
}
