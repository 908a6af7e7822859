import { numberOf, Server } from './accounts.ts';
import type { RegistrationSession } from './registration-session.ts';

/**
 * In which order a terminal registers with its servers (OMA-TS-LightweightM2M_Core 1.1 §6.2.1.1 and the Server object, resources
 * 13 and 15): those with a Registration Priority Order one after the other, the lowest first; the others when they like. Where a
 * registration fails, after all its attempts, the next server's turn comes, unless Registration Failure Block keeps it waiting.
 */
export class RegistrationOrder {
  /** Those whose turn has not come. */
  readonly #waiting: RegistrationSession[];
  #current: RegistrationSession | undefined;

  constructor(sessions: readonly RegistrationSession[]) {
    this.#waiting = sessions
      .filter((session) => priorityOf(session) !== undefined)
      .sort((a, b) => priorityOf(a)! - priorityOf(b)!);
    for (const session of sessions) if (priorityOf(session) === undefined) session.start();
    this.#next();
  }

  /** The server has the terminal registered. */
  registered(session: RegistrationSession): void {
    if (session === this.#current) this.#next();
  }

  /** All attempts with the server failed. It is tried again, but others may come first. */
  failed(session: RegistrationSession): void {
    const blocks = session.account.server.value(Server.RegistrationFailureBlock) === true;
    if (session === this.#current && !blocks) this.#next();
  }

  #next(): void {
    this.#current = this.#waiting.shift();
    this.#current?.start();
  }
}

function priorityOf({ account }: RegistrationSession): number | undefined {
  return numberOf(account.server, Server.RegistrationPriorityOrder);
}
