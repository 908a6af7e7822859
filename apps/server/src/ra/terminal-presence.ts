import { type DeviceState, type DeviceStateThresholds, deviceStateEnd } from '@yaolian/directory';
import { type Clock, type Log, milliseconds, type Timer, type Timers } from '@yaolian/kernel';
import type { Lwm2mServer, Lwm2mServerEvent, Registration } from '@yaolian/lwm2m/server';
import { contactOf, type Fleet } from '../fleet/fleet.ts';
import type { SharedTerminals } from './shared-terminals.ts';

const ofRegistrations: ReadonlySet<Lwm2mServerEvent['type']> = new Set([
  'registered',
  'replaced',
  'updated',
  'address-changed',
  'deregistered',
  'expired',
]);

export interface TerminalPresenceOptions {
  readonly shared: SharedTerminals;
  readonly server: Lwm2mServer;
  readonly fleet: Fleet;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Log;
  readonly thresholds: DeviceStateThresholds;
  /** A terminal that is shared came, went or fell asleep. */
  readonly onChange: (account: string) => Promise<void>;
}

/** Drives the presence of shared terminals by the one state of devices: looks when a registration changes and when a state ends by itself. */
export class TerminalPresence {
  readonly #options: TerminalPresenceOptions;
  readonly #known = new Map<string, { state: DeviceState; timer: Timer | undefined }>();
  readonly #stop: () => void;

  constructor(options: TerminalPresenceOptions) {
    this.#options = options;
    this.#stop = options.server.events.onAny((event) => {
      if (!('registration' in event)) return;
      const { deviceKey, queueMode } = event.registration as Registration;
      // Who listens all the time is there as long as its registration is, whatever else it says.
      if (!queueMode && !ofRegistrations.has(event.type)) return;
      if (options.shared.accountOf(deviceKey) !== undefined) void this.look(deviceKey);
    });
  }

  /** Looks at all of them: they may have registered before the platform stopped. */
  async start(): Promise<void> {
    for (const terminal of this.#options.shared.all()) await this.look(terminal);
  }

  /** Looks at the state of a terminal, and tells when it is another one. */
  async look(terminal: string): Promise<void> {
    const { shared, fleet, onChange, log } = this.#options;
    try {
      const account = shared.accountOf(terminal);
      if (account === undefined) return this.forget(terminal);
      const state = fleet.stateOf(terminal);
      const before = this.#known.get(terminal);
      before?.timer?.cancel();
      this.#known.set(terminal, { state, timer: this.#nextLook(terminal) });
      if (before?.state !== state) await onChange(account);
    } catch (error) {
      log.error('the presence of a terminal was not told', { device: terminal, error });
    }
  }

  #nextLook(terminal: string): Timer | undefined {
    const { server, clock, timers, thresholds } = this.#options;
    const registration = server.registration({ deviceKey: terminal });
    const now = clock.epoch();
    const end = deviceStateEnd(contactOf(server, registration), now, thresholds);
    if (end === undefined) return undefined;
    const longest = 2 ** 31 - 1; // what a timer can wait
    const wait = milliseconds(Math.min(Math.max(1, end - now), longest));
    return timers.schedule(wait, () => void this.look(terminal));
  }

  /** It is shared no more. */
  forget(terminal: string): void {
    this.#known.get(terminal)?.timer?.cancel();
    this.#known.delete(terminal);
  }

  close(): void {
    this.#stop();
    for (const { timer } of this.#known.values()) timer?.cancel();
  }
}
