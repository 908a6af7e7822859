import {
  type Clock,
  encodeHex,
  type Log,
  type Random,
  type SocketAddress,
  seconds,
  socketAddress,
} from '@yaolian/kernel';
import type { ClientEvent } from '@yaolian/lwm2m/client';
import type { CoapAddresses } from '../firmware/addresses.ts';
import { ownAddressFor } from '../firmware/addresses.ts';

const loopback = socketAddress('127.0.0.1', 0);

/** Runs one simulated terminal until the signal aborts; what `runTerminal` of the simulator does. */
export type RunTerminal = (options: {
  readonly server: string;
  readonly endpointName: string;
  readonly seed: number;
  /** With what it proves itself, where the server wants that. */
  readonly tls?: { readonly psk: TrialKey };
  readonly signal: AbortSignal;
  readonly onEvent: (event: ClientEvent) => void;
}) => Promise<unknown>;

export interface TrialKey {
  readonly identity: string;
  readonly key: Uint8Array;
}

/** Where simulated devices register. */
export interface TrialServer {
  readonly scheme: 'coap' | 'coaps' | 'coaps+tcp';
  /** Any address stands for the loopback. */
  readonly address: SocketAddress;
  /** Makes a key for the device, and takes it back when it is gone. Absent: it needs none. */
  readonly keys?: { issue(endpoint: string): Promise<TrialKey>; revoke(endpoint: string): Promise<void> };
}

export interface TrialDevice {
  readonly endpoint: string;
  readonly startedAt: number;
}

export interface TrialDevicesOptions {
  /** How many there may be at once. */
  readonly limit: number;
  /** How endpoint names are made: as the profile of the platform reads them. */
  readonly nameOf: (seed: number) => string | Promise<string>;
  readonly server: TrialServer;
  readonly run: RunTerminal;
  readonly random: Random;
  readonly clock: Clock;
  readonly log: Log;
}

/** Why none was started. */
export type TrialRefusal = 'off' | 'enough' | 'not-registered';

interface Running extends TrialDevice {
  readonly stop: AbortController;
  readonly ended: Promise<unknown>;
}

/** Simulated terminals inside the platform: for newcomers. They talk CoAP over the loopback like any other. */
export class TrialDevices {
  readonly #options: TrialDevicesOptions;
  readonly #running = new Map<string, Running>();
  /** That have a place and are not noted yet. */
  #starting = 0;

  constructor(options: TrialDevicesOptions) {
    this.#options = options;
  }

  get limit(): number {
    return this.#options.limit;
  }

  list(): readonly TrialDevice[] {
    return [...this.#running.values()];
  }

  /** Resolves once it has registered, or with why it did not. */
  async start(): Promise<TrialDevice | TrialRefusal> {
    const { limit } = this.#options;
    if (limit === 0) return 'off';
    if (this.#running.size + this.#starting >= limit) return 'enough';
    this.#starting++;
    const { device, registered } = await this.#begin().finally(() => this.#starting--);
    if (await registered) return device;
    await this.stop(device.endpoint);
    return 'not-registered';
  }

  async #begin(): Promise<{ readonly device: Running; readonly registered: Promise<boolean> }> {
    const { random, clock, nameOf } = this.#options;
    const { buffer, byteOffset } = random.bytes(4);
    const seed = new DataView(buffer, byteOffset).getUint32(0);
    const endpoint = await nameOf(seed);
    const stop = new AbortController();
    const { promise: registered, resolve } = Promise.withResolvers<boolean>();
    const ended = this.#run(endpoint, seed, stop.signal, resolve);
    const device = { endpoint, startedAt: clock.epoch(), stop, ended };
    this.#running.set(endpoint, device);
    return { device, registered };
  }

  /** False when there is none of that name. Resolves when it has de-registered. */
  async stop(endpoint: string): Promise<boolean> {
    const device = this.#running.get(endpoint);
    if (!device) return false;
    device.stop.abort();
    await device.ended;
    return true;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#running.keys()].map((endpoint) => this.stop(endpoint)));
  }

  async #run(
    endpoint: string,
    seed: number,
    signal: AbortSignal,
    tell: (isRegistered: boolean) => void,
  ): Promise<void> {
    await undefined; // its caller notes it first
    const { server, run, log } = this.#options;
    const { scheme, address, keys } = server;
    const place = socketAddress(ownAddressFor(loopback, address) ?? loopback.host, address.port);
    const onEvent = ({ type }: ClientEvent) => {
      if (type === 'registered') tell(true);
      else if (type === 'registration-failed') tell(false);
    };
    try {
      const psk = await keys?.issue(endpoint);
      const tls = psk === undefined ? {} : { tls: { psk } };
      await run({ server: `${scheme}://${place.key}`, endpointName: endpoint, seed, signal, onEvent, ...tls });
    } catch (error) {
      log.warn('a simulated device failed', { endpoint, error });
    } finally {
      await keys
        ?.revoke(endpoint)
        .catch((error: unknown) => log.error('the key of a simulated device stays', { error }));
      tell(false);
      this.#running.delete(endpoint);
    }
  }
}

/** A name for the plain profile. */
export function plainTrialName(seed: number): string {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, seed);
  return `try-${encodeHex(bytes)}`;
}

/** Loads the simulator when it is first needed. */
export const simulatedTerminal: RunTerminal = async (options) => {
  const { runTerminal } = await import('@yaolian/simulator');
  const output = { isTerminal: false, columns: undefined, write: () => undefined };
  return runTerminal({ ...options, output, sampleEvery: seconds(2), firmware: {} });
};

/** A name that China Mobile's profiles read. */
export async function chinaMobileTrialName(seed: number): Promise<string> {
  const { simulatedIdentity } = await import('@yaolian/simulator');
  return simulatedIdentity(seed, 0).endpointName;
}

/** Where simulated devices register: in the clear, if that is served; undefined where nothing is. */
export function trialServer(coap: CoapAddresses, keys: NonNullable<TrialServer['keys']>): TrialServer | undefined {
  if (coap.coap) return { scheme: 'coap', address: coap.coap };
  const scheme = (['coaps', 'coaps+tcp'] as const).find((one) => coap[one] !== undefined);
  return scheme && { scheme, address: coap[scheme]!, keys };
}
