import { encodeHex } from '@yaolian/kernel';
import type { ObservationRecord, Registration, RegistrationStore } from '../server/registration.ts';

/** A {@link RegistrationStore} that lives as long as the process: for tests, simulations and first steps. */
export class MemoryRegistrationStore implements RegistrationStore {
  readonly #registrations = new Map<string, Registration>();
  /** By registration id, then by token in hex. */
  readonly #observations = new Map<string, Map<string, ObservationRecord>>();

  async load(): Promise<{ registrations: Iterable<Registration>; observations: Iterable<ObservationRecord> }> {
    const observations = [...this.#observations.values()].flatMap((records) => [...records.values()]);
    return { registrations: [...this.#registrations.values()], observations };
  }

  async register(registration: Registration, replacedId: string | undefined): Promise<void> {
    for (const id of [replacedId ?? registration.id, registration.id]) this.#forget(id);
    this.#registrations.set(registration.id, registration);
  }

  async update(registration: Registration): Promise<void> {
    if (this.#registrations.has(registration.id)) this.#registrations.set(registration.id, registration);
  }

  async remove(registrationId: string): Promise<void> {
    this.#forget(registrationId);
  }

  async addObservation(observation: ObservationRecord): Promise<void> {
    const { registrationId, token } = observation;
    if (!this.#registrations.has(registrationId)) return;
    const records = this.#observations.get(registrationId) ?? new Map<string, ObservationRecord>();
    this.#observations.set(registrationId, records.set(encodeHex(token), { ...observation, token: token.slice() }));
  }

  async removeObservation(registrationId: string, token: Uint8Array): Promise<void> {
    this.#observations.get(registrationId)?.delete(encodeHex(token));
  }

  #forget(registrationId: string): void {
    this.#registrations.delete(registrationId);
    this.#observations.delete(registrationId);
  }
}
