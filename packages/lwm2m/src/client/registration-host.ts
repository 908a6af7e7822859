import type { Clock, Duration, Random, Timers } from '@yaolian/kernel';
import type { ServerAccount } from './accounts.ts';
import type { CertificateEnrolment } from './client-options.ts';
import type { Connection, Connector } from './connection.ts';
import type { ClientEvent } from './events.ts';
import type { Lwm2mVersion } from './operations/read.ts';
import type { RegistrationSession } from './registration-session.ts';
import type { Route } from './request-routes.ts';
import type { RetryPolicy } from './retry.ts';

/** What a registration needs of the client it belongs to. */
export interface RegistrationHost {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  readonly endpointName: string;
  readonly version: Lwm2mVersion;
  readonly retry: Required<RetryPolicy>;
  readonly connector: Connector;
  /** Undefined: the terminal does no EST. */
  readonly enrolment: CertificateEnrolment | undefined;
  /** The account of a server as objects 0 and 1 have it now; undefined: they have none that makes sense. */
  accountOf(shortServerId: number): ServerAccount | undefined;
  /** Before a Register or Update: whether the smartcard that brought the account is another one now, or gone; undefined: no card did. */
  cardChanged(account: ServerAccount): Promise<boolean> | undefined;
  /** Every Update carries the object list, changed or not. */
  readonly updateCarriesLinks: boolean;
  /** What every Update has in its query besides. */
  readonly updateQuery: readonly string[];
  /** How long after a Register or Update the next Update is due. */
  updateDelay(lifetime: Duration): Duration;
  objectLinks(): string;
  /** The Profile ID of the object list; undefined: the list itself is sent. */
  profileId(objectLinks: string): string | undefined;
  /** Whether the terminal says at Register that it sleeps. */
  readonly queueMode: boolean;
  /** A message goes out or came in: the terminal is awake. */
  active(): void;
  /** From here on the peer's requests are the session's, until the route is closed. */
  opened(connection: Connection, session: RegistrationSession): Route;
  /** Resolves once all that is to survive a restart is durable: false when it cannot be made so. */
  saved(): Promise<boolean>;
  emit(event: ClientEvent): void;
  stateChanged(): void;
  /** Attempts on the server have run out, until the next ones: the client may bootstrap instead, if a server that failed says so. */
  exhausted(): void;
  /** A registration came about, or all attempts at it failed: the turn of the next server may have come. */
  registrationSettled(session: RegistrationSession, registered: boolean): void;
  /** Observations end when the registration that they belong to does. */
  registrationEnds(session: RegistrationSession): void;
}
