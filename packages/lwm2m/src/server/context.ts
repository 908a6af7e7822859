import type { CoapEndpoint } from '@yaolian/coap';
import type { Clock, Duration, Log, Meter, Peer, Random, SocketAddress, Timers } from '@yaolian/kernel';
import type { ObjectModel } from '../model.ts';
import type { ObjectLinksReader } from '../object-links.ts';
import type { ClientContacts } from './client-contacts.ts';
import type { ClientTable } from './client-table.ts';
import type { EnrolmentProfile } from './enrolment.ts';
import type { EventOutbox } from './event-outbox.ts';
import type { Lwm2mServerEvent } from './events.ts';
import type { ServerLimits } from './limits.ts';
import type { LocationForm } from './location.ts';
import type { Profiles } from './profiles.ts';
import type { Registration, RegistrationStore } from './registration.ts';
import type { TakeValues } from './taken-values.ts';

/** A CoAP endpoint that terminals are reached through. */
export interface ServerEndpoint {
  readonly endpoint: CoapEndpoint;
  /**
   * Whether a terminal at this address is reached through it; asked after a restart. Absent: on streams any whose binding is T alone
   * (OMA-TS-LightweightM2M_Transport 1.1 §6.6), elsewhere any other.
   */
  readonly serves?: (address: SocketAddress, registration: Registration) => boolean;
  /** The peer of a registration with a `peerKey`, where it lived on; asked after a restart. Otherwise its address is the peer. */
  readonly peerOf?: (peerKey: string) => Peer | undefined;
}

/** How the server behaves, beside its bounds. */
export interface ServerBehaviour {
  /** What Location looks like. Default `opaque`. */
  readonly location: LocationForm;
  /** Versions of LwM2M that may register. Default 1.0, 1.1 and 1.2. */
  readonly lwm2mVersions: readonly string[];
  /** How long after its lifetime a registration lives on. Default none. */
  readonly lifetimeGrace: Duration;
  /**
   * How long after a start every stored registration lives at least, if its lifetime is not shorter: nobody listened before, and by a clock
   * that was set ahead meanwhile all lifetimes are over. Default 1 h.
   */
  readonly restartGrace: Duration;
  /** How late the end of a lifetime may be found. Default 1 s. */
  readonly expiryGranularity: Duration;
  /** What an operation may take, waiting included, when the caller does not say. Default 93 s, MAX_TRANSMIT_WAIT. */
  readonly operationTimeout: Duration;
  /**
   * How long a client in queue mode listens after its last message. Default 93 s, MAX_TRANSMIT_WAIT
   * (OMA-TS-LightweightM2M_Core 1.1 §6.5).
   */
  readonly awakeWindow: Duration;
  /**
   * How long a client may leave a FETCH without an answer before its paths are read one by one, now and later: some
   * terminals acknowledge it and say no more. Default 10 s.
   */
  readonly fetchPatience: Duration;
  /** Refusals of one endpoint name within `refusalWindow` after which it gets 4.29. Default 5. */
  readonly refusalsAllowed: number;
  /** Default 10 s. */
  readonly refusalWindow: Duration;
  /** Max-Age of 5.03: when to try again. Default 60 s. */
  readonly retryAfter: Duration;
  /** Whether Register needs an object list, as OMA has it; terminals that send none are turned away. Default true. */
  readonly objectLinksRequired: boolean;
  /**
   * Whether what was observed is observed again when the client registers anew, as OMA-TS-LightweightM2M_Core 1.1 §6.4.1 has it: a
   * Register makes an end of observations. Default true.
   */
  readonly observesAgain: boolean;
}

/** What the parts of the server share. */
export interface ServerContext {
  readonly endpoints: readonly ServerEndpoint[];
  readonly store: RegistrationStore;
  readonly profile: EnrolmentProfile;
  readonly model: ObjectModel;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  readonly log: Log;
  readonly meter: Meter;
  readonly limits: ServerLimits;
  readonly behaviour: ServerBehaviour;
  readonly table: ClientTable;
  readonly links: ObjectLinksReader;
  readonly events: EventOutbox<Lwm2mServerEvent>;
  readonly contacts: ClientContacts;
  readonly profiles: Profiles;
  readonly takeValues: TakeValues | undefined;
}
