import { Device, type DeviceOwner } from '@yaolian/igrs/client';
import { type Duration, seconds, toSeconds } from '@yaolian/kernel';
import { nodeClock, saslCrypto } from '@yaolian/node-runtime';
import type { XmppClient, XmppClientListener } from '@yaolian/xmpp';
import { type SimulatorOutput, StatusOutput } from '../output.ts';
import { SeededRandom } from '../seeded-random.ts';
import type { Appliance, ApplianceKind } from './appliance.ts';
import { createAppliance } from './kinds.ts';

/** One appliance and the account that it has. */
export interface ApplianceAccount {
  /** `kettle@home.example` */
  readonly address: string;
  readonly kind: ApplianceKind;
  readonly serial: string;
  /** Makes the client with which it connects. */
  readonly open: (listener: XmppClientListener) => XmppClient;
}

export interface AppliancesOptions {
  readonly accounts: readonly ApplianceAccount[];
  /** Values are the same for the same seed. Default 1. */
  readonly seed?: number;
  /** How often time passes for them. Default 5 s. */
  readonly stepEvery?: Duration;
  /** How much faster than life. Default 1. */
  readonly speed?: number;
  /** How long, in the mean, until one breaks down. Default: they do not. */
  readonly faultEvery?: Duration;
  /** What they answer who would like to own them, where they are asked. Default: yes. */
  readonly confirms?: boolean;
  readonly output: SimulatorOutput;
  /** Events as lines of JSON, and no status line. Default false. */
  readonly json?: boolean;
  /** Aborted: they say goodbye, and the promise resolves. */
  readonly signal?: AbortSignal;
}

export interface AppliancesSummary {
  readonly devices: number;
  readonly requests: number;
  readonly refused: number;
}

/**
 * Runs simulated devices that speak RA, until `signal` is aborted.
 * @throws what connecting the first time throws; afterwards they come back by themselves
 */
export async function runAppliances(options: AppliancesOptions): Promise<AppliancesSummary> {
  const run = new AppliancesRun(options);
  return run.run();
}

class AppliancesRun {
  readonly #options: AppliancesOptions;
  readonly #output: StatusOutput;
  readonly #random: SeededRandom;
  readonly #running: { readonly appliance: Appliance; readonly device: Device; readonly address: string }[] = [];
  #requests = 0;
  #refused = 0;

  constructor(options: AppliancesOptions) {
    this.#options = options;
    this.#output = new StatusOutput(options.output, options.json);
    this.#random = new SeededRandom(options.seed ?? 1);
    for (const account of options.accounts) this.#add(account);
  }

  #add({ address, kind, serial, open }: ApplianceAccount): void {
    const appliance = createAppliance(kind, serial, new SeededRandom(this.#random.uint32()));
    const say = (text: string, event: Readonly<Record<string, unknown>>) =>
      this.#say(address, text, { device: address, ...event });
    const device: Device = new Device({
      open,
      ...{ resources: appliance.resources, deviceType: kind, vendor: appliance.vendor, model: appliance.model },
      clock: nodeClock,
      crypto: saslCrypto,
      confirm: (user) => {
        const agrees = this.#options.confirms ?? true;
        say(`${user} would like to own it: ${agrees ? 'yes' : 'no'}`, { type: 'asked', user, agrees });
        return agrees;
      },
      listener: {
        onOnline: (_, isResumed) => say(isResumed ? 'back' : 'online', { type: isResumed ? 'resumed' : 'online' }),
        onOffline: ({ message }) => say(`offline: ${message}`, { type: 'offline', reason: message }),
        onClosed: (error) => {
          if (error !== undefined) say(`ended: ${error.message}`, { type: 'ended', reason: error.message });
        },
        onBound: (user) => say(`${user} owns it now`, { type: 'bound', user }),
        onUnbound: (user) => say(`${user} is none of its owners`, { type: 'unbound', user }),
        onRequest: ({ kind: operation, path }, from, outcome) => {
          this.#requests++;
          if (outcome !== 'done') this.#refused++;
          say(`${operation} ${path} -> ${outcome}`, { type: 'operation', operation, path, from, outcome });
        },
        onMessage: (text, from) => {
          say(`${from} wrote`, { type: 'message', from, text });
          device.client.sendMessage(from, appliance.hasFault ? `fault; ${appliance.status}` : appliance.status);
        },
      },
    });
    this.#running.push({ appliance, device, address });
  }

  async run(): Promise<AppliancesSummary> {
    const { signal, stepEvery = seconds(5) } = this.#options;
    const ended = new Promise<void>((resolve) => {
      signal?.addEventListener('abort', () => resolve(), { once: true });
      if (signal?.aborted) resolve();
    });
    // Not one of the ports' timers: it also keeps the process alive while they are offline.
    const stepping = setInterval(() => this.#step(toSeconds(stepEvery)), stepEvery);
    try {
      for (const { device } of this.#running) await device.connect(signal);
      await this.#tellOwners();
      this.#draw();
      await ended;
    } finally {
      clearInterval(stepping);
      for (const { device } of this.#running) device.close();
      this.#output.end();
    }
    return { devices: this.#running.length, requests: this.#requests, refused: this.#refused };
  }

  async #tellOwners(): Promise<void> {
    for (const { device, address } of this.#running) {
      const owners: readonly DeviceOwner[] = await device.owners();
      const named = owners.map(({ user }) => user);
      if (named.length > 0)
        this.#say(address, `owned by ${named.join(', ')}`, { type: 'owners', device: address, owners });
    }
  }

  #step(elapsed: number): void {
    const { speed = 1, faultEvery } = this.#options;
    for (const { appliance, address } of this.#running) {
      appliance.step(elapsed * speed);
      const breaks = faultEvery !== undefined && this.#random.fraction() < elapsed / toSeconds(faultEvery);
      if (!breaks || appliance.hasFault) continue;
      appliance.breakDown();
      this.#say(address, 'broke down; execute /3/0/12 to reset its error', { type: 'fault', device: address });
    }
    this.#draw();
  }

  #draw(): void {
    const [only] = this.#running;
    if (only === undefined) return;
    const state = this.#running.filter(({ device }) => device.client.isOnline).length;
    const text =
      this.#running.length === 1
        ? `${only.address}  ${state === 1 ? 'online' : 'offline'}  ${only.appliance.status}`
        : `${state} of ${this.#running.length} online`;
    this.#output.status(`${text}  ${this.#requests} requests`);
  }

  #say(address: string, text: string, event: Readonly<Record<string, unknown>>): void {
    if (this.#options.json)
      this.#output.line(JSON.stringify({ time: new Date(nodeClock.epoch()).toISOString(), ...event }));
    else this.#output.line(`${address}  ${text}`);
    this.#draw();
  }
}
