import { Code } from '@yaolian/coap';
import { observationsOf } from './client-observation.ts';
import type { ServerContext } from './context.ts';
import { refuse } from './refusal.ts';
import type { RegisteredClient } from './registered-client.ts';
import type { Registration } from './registration.ts';
import type { Enrolment } from './registration-values.ts';

/** What a terminal is told when its change is not on disk. */
export type CommitFailure = ReturnType<typeof refuse>;

/** Changes of registrations on their way to disk: each resolves when it is there, or with what the terminal is told. */
export class RegistrationCommits {
  readonly #context: ServerContext;

  constructor(context: ServerContext) {
    this.#context = context;
  }

  /**
   * Stores a new registration and the device's record of it, in one turn, so that one group commit carries both.
   * @param device whose registration ends with it; undefined when it has none
   * @param namesake who has the endpoint name now; the same as `device` mostly
   */
  async register(
    registration: Registration,
    enrolment: Enrolment,
    device: RegisteredClient | undefined,
    namesake: RegisteredClient | undefined,
  ): Promise<CommitFailure | undefined> {
    const { store } = this.#context;
    const replaced = namesake ?? device;
    let stored: Promise<void> | undefined;
    try {
      stored = store.register(registration, replaced?.registration.id);
      const recorded = this.#record(enrolment);
      const isTwo = device !== undefined && replaced !== device;
      await Promise.all(isTwo ? [stored, recorded, store.remove(device.registration.id)] : [stored, recorded]);
      return undefined;
    } catch (error) {
      // Should one part be on disk and another not, disk follows memory: before the device's next change, which builds on it.
      await stored?.then(
        () => this.#undo(registration, replaced),
        () => {},
      );
      return this.#failed('register', error);
    }
  }

  update(registration: Registration): Promise<CommitFailure | undefined> {
    return this.#attempt('update', () => this.#context.store.update(registration));
  }

  remove(registration: Registration): Promise<CommitFailure | undefined> {
    return this.#attempt('remove', () => this.#context.store.remove(registration.id));
  }

  #record(enrolment: Enrolment): Promise<void> {
    try {
      return this.#context.profile.registered(enrolment.deviceKey, enrolment);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  #undo(registration: Registration, replaced: RegisteredClient | undefined): void {
    const { store } = this.#context;
    if (!replaced?.live) {
      void this.remove(registration);
      return;
    }
    void this.#attempt('undo', () => store.register(replaced.registration, registration.id));
    for (const { record } of observationsOf(replaced)) {
      void this.#attempt('undo', () => store.addObservation(record));
    }
  }

  async #attempt(what: string, change: () => Promise<void>): Promise<CommitFailure | undefined> {
    try {
      await change();
      return undefined;
    } catch (error) {
      return this.#failed(what, error);
    }
  }

  #failed(what: string, error: unknown): CommitFailure {
    this.#context.log.error('registration store failed', { what, error });
    const { retryAfter } = this.#context.behaviour;
    return refuse(
      Code.ServiceUnavailable,
      'store',
      'the registration could not be stored; try again later',
      retryAfter,
    );
  }
}
