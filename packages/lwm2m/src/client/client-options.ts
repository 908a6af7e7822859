import type { CoapEndpoint } from '@yaolian/coap';
import type { Clock, Duration, Log, Random, Timers } from '@yaolian/kernel';
import type { AccessControlOptions } from './access-control.ts';
import type { Lwm2mClient } from './client.ts';
import type { ClientRecord } from './client-memory.ts';
import type { Connector } from './connection.ts';
import type { EndDevice } from './end-device.ts';
import type { ClientEvent, ServerName } from './events.ts';
import type { BootstrapConfiguration, ServerConfiguration } from './factory-accounts.ts';
import type { Journal } from './firmware/ports.ts';
import type { ObjectInstance } from './object-instance.ts';
import type { CreatableObject } from './object-tree.ts';
import type { Lwm2mVersion } from './operations/read.ts';
import type { SessionState } from './registration-session.ts';
import type { RetryPolicy } from './retry.ts';
import type { Smartcard } from './smartcard.ts';
import type { StorageBounds } from './stored-notifications.ts';

export interface Lwm2mClientOptions {
  /** The endpoint client name: `urn:imei:861111003929110`, `861111003929110;460041850403690;;1.0`. */
  readonly endpointName: string;
  /** The way to the servers; a CoAP endpoint stands for {@link plainConnector} over it. The client closes neither. */
  readonly transport: CoapEndpoint | Connector;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  readonly log?: Log;
  /** Default 1.1. */
  readonly lwm2mVersion?: Lwm2mVersion;
  /** What the terminal has besides objects 0 and 1. Without a Device object it gets a bare one. */
  readonly objects?: readonly (ObjectInstance | CreatableObject)[];
  /** Devices behind it, where the terminal is an LwM2M Gateway; more come and go by {@link Lwm2mClient.attach}. */
  readonly endDevices?: readonly EndDevice[];
  /** Servers known from the factory. */
  readonly servers?: readonly ServerConfiguration[];
  /** Whose the terminal's object instances are when there are several servers and no Bootstrap-Server said it. */
  readonly accessControl?: AccessControlOptions;
  /** The Bootstrap-Server known from the factory. */
  readonly bootstrap?: BootstrapConfiguration;
  /** The card that may bring accounts: what is on it comes before what the factory knows (Bootstrap from Smartcard). */
  readonly smartcard?: Smartcard;
  /** Lifetime for a server whose bootstrap says none. Default 24 h. */
  readonly lifetime?: Duration;
  /** How long before the registration ends an Update is sent; half the lifetime where that is less. Default 93 s (MAX_TRANSMIT_WAIT). */
  readonly updateLead?: Duration;
  /** How long after a Register or Update the next Update is sent, where that is sooner. */
  readonly updateEvery?: Duration;
  /** Updates always carry the object list, as some platforms want their heartbeats. Default false. */
  readonly updateCarriesLinks?: boolean;
  /** Further query parameters of every Update, which a platform of its own kind wants: `epi=…`. Default none. */
  readonly updateQuery?: readonly string[];
  /**
   * Names the object list by a Profile ID (LwM2M 1.2): given the list, `6:` and the first eight hex digits of its SHA-256, say.
   * The list itself is sent only to a server that does not know the ID. Absent: the list is always sent.
   */
  readonly profileId?: (objectLinks: string) => string;
  /** Content-Formats to list at Register (`ct`); default none. */
  readonly announcedFormats?: readonly number[];
  readonly retry?: RetryPolicy;
  /** Makes keys and requests for certificates, where a bootstrap wants EST (security mode 4). Absent: such an account has no certificate. */
  readonly enrolment?: CertificateEnrolment;
  /** How long a Bootstrap-Server may be silent during a bootstrap. Default 247 s (EXCHANGE_LIFETIME). */
  readonly bootstrapSilence?: Duration;
  /** Registers in queue mode, and listens only for a while after each of its messages. Absent: it always listens. */
  readonly queueMode?: QueueMode;
  /** Default false: notifications are NON, but for one in 24 h. */
  readonly confirmableNotifications?: boolean;
  /** Per server; beyond, Observe is answered as Read. Default 128. */
  readonly maximumObservations?: number;
  /** Resource instances of one resource that servers may write; a Write or Create beyond is 4.00. Default 1,000. */
  readonly maximumResourceInstances?: number;
  /**
   * What is kept at most of the notifications that a server cannot be told while it is disabled or the terminal offline, if that
   * server wants it (1/x/6): values of a path where no `hqmax` says it (default 100), and of all paths (default 1,000).
   */
  readonly storedNotifications?: Partial<StorageBounds>;
  /**
   * Remembers accounts and what servers are yet to be told over a restart: what a bootstrap brought counts then, not `servers`.
   * Absent: a terminal that starts anew knows what the factory gave it.
   */
  readonly memory?: Journal<ClientRecord>;
  /** Called with everything that happens. Must not throw. */
  readonly onEvent?: (event: ClientEvent, client: Lwm2mClient) => void;
}

/** How a terminal comes by a certificate (EST, RFC 9148). */
export interface CertificateEnrolment {
  /** A new key pair, and the request for its certificate. @param name the endpoint client name */
  makeRequest(name: string): Promise<CertificateRequest>;
  /** Whether a certificate (DER) is of the key that was asked for. */
  isCertificateOf(certificate: Uint8Array, request: CertificateRequest): boolean;
  /**
   * From when to when a certificate (DER) is good, in milliseconds since 1970; undefined: it is none. Absent: nothing is renewed, and a
   * terminal whose certificate runs out has to bootstrap again.
   */
  validityOf?(certificate: Uint8Array): { readonly notBefore: number; readonly notAfter: number } | undefined;
  /** How long before its end a certificate is renewed. Default a third of its time. */
  readonly renewBefore?: Duration;
}

export interface CertificateRequest {
  /** PKCS #8, DER. */
  readonly privateKey: Uint8Array;
  /** SubjectPublicKeyInfo, DER. */
  readonly publicKey: Uint8Array;
  /** PKCS #10, DER. */
  readonly request: Uint8Array;
}

/** Queue mode of a terminal (OMA-TS-LightweightM2M_Core 1.1 §6.5; 1.0 §8.3). */
export interface QueueMode {
  /** How long it listens after the last message to or from a server. Default 93 s, MAX_TRANSMIT_WAIT. */
  readonly awake?: Duration;
  /** What listens: called when the terminal goes to sleep and wakes up. Absent: it stays reachable, and only says that it sleeps. */
  readonly radio?: { sleep(): void; wake(): void };
}

/** How a client stands with one server. */
export interface RegistrationStatus {
  readonly server: ServerName;
  readonly state: SessionState;
  /** The path segments that the server gave; undefined while not registered. */
  readonly location: readonly string[] | undefined;
  readonly observations: number;
}

export interface FarewellOptions {
  /** Tell the servers. Default true. */
  readonly deregister?: boolean;
  /** How long to wait for their answers. Default 10 s. */
  readonly timeout?: Duration;
}
