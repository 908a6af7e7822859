import { encodeHex, milliseconds, type Timers } from '@yaolian/kernel';
import type { ObservationRecord, Registration, RegistrationStore } from '../registration.ts';

/**
 * A store in memory that behaves as one on disk: changes take a while, come into effect in order and in groups, are lost
 * when the process dies before, and fail when a test says so.
 */
export class MemoryRegistrationStore implements RegistrationStore {
  readonly registrations = new Map<string, Registration>();
  readonly observations = new Map<string, ObservationRecord>();
  /** What was called, in order: `register abc`, `update abc`, … */
  readonly calls: string[] = [];
  /** Groups that were committed, each the number of its changes. */
  readonly groups: number[] = [];
  /** How many of the next commits fail as a whole. */
  failures = 0;
  /** While true nothing is committed. */
  stuck = false;
  readonly #timers: Timers;
  #pending: { readonly apply: () => void; readonly resolve: () => void; readonly reject: (error: Error) => void }[] =
    [];
  #scheduled = false;

  constructor(timers: Timers) {
    this.#timers = timers;
  }

  load() {
    return Promise.resolve({
      registrations: [...this.registrations.values()],
      observations: [...this.observations.values()],
    });
  }

  register(registration: Registration, replacedId: string | undefined): Promise<void> {
    return this.commit(`register ${registration.endpoint}`, () => {
      if (replacedId !== undefined) this.#remove(replacedId);
      this.registrations.set(registration.id, registration);
    });
  }

  update(registration: Registration): Promise<void> {
    return this.commit(`update ${registration.endpoint}`, () => {
      if (this.registrations.has(registration.id)) this.registrations.set(registration.id, registration);
    });
  }

  remove(registrationId: string): Promise<void> {
    return this.commit('remove', () => this.#remove(registrationId));
  }

  addObservation(observation: ObservationRecord): Promise<void> {
    return this.commit(`observe ${observation.path}`, () => {
      this.observations.set(key(observation.registrationId, observation.token), observation);
    });
  }

  removeObservation(registrationId: string, token: Uint8Array): Promise<void> {
    return this.commit('forget', () => void this.observations.delete(key(registrationId, token)));
  }

  /** A process died: what was not on disk never will be. */
  crash(): void {
    this.#pending = [];
  }

  /** For what else is part of a group commit. */
  commit(name: string, apply: () => void): Promise<void> {
    this.calls.push(name);
    return new Promise((resolve, reject) => {
      this.#pending.push({ apply, resolve, reject });
      if (this.#scheduled) return;
      this.#scheduled = true;
      this.#timers.schedule(milliseconds(2), () => this.#flush());
    });
  }

  /** Commits what waits; for a store that was stuck. */
  release(): void {
    this.stuck = false;
    this.#flush();
  }

  #flush(): void {
    this.#scheduled = false;
    if (this.stuck) return;
    const group = this.#pending;
    this.#pending = [];
    if (this.failures > 0) {
      this.failures--;
      for (const { reject } of group) reject(new Error('the disk is full'));
      return;
    }
    this.groups.push(group.length);
    for (const { apply, resolve } of group) {
      apply();
      resolve();
    }
  }

  #remove(registrationId: string): void {
    this.registrations.delete(registrationId);
    for (const [token, observation] of this.observations) {
      if (observation.registrationId === registrationId) this.observations.delete(token);
    }
  }
}

function key(registrationId: string, token: Uint8Array): string {
  return `${registrationId} ${encodeHex(token)}`;
}
