import type { Clock, Duration, Log, Meter, Random, Timers } from '@yaolian/kernel';
import type { SaslMechanism } from '../sasl/mechanism.ts';
import type { StreamLimits } from '../stream/framing.ts';
import type { ByteRate } from '../stream/stream.ts';
import type { TransportListener } from '../stream/transport.ts';
import type { XmlElement } from '../xml/element.ts';
import type { AttemptLimits } from './attempt-limiter.ts';
import type { SessionHandler } from './ports.ts';

/**
 * Who wins when a client asks for a resource that another session has (RFC 6120 §7.7.2.2): the new one (`replace`), the old one
 * (`refuse`), or both, and the new one gets another name (`rename`).
 */
export type ConflictPolicy = 'replace' | 'refuse' | 'rename';

/** Every bound that a peer can run into. */
export interface XmppServerBounds {
  /** Of one stanza of a client that is in. */
  readonly stanza?: StreamLimits;
  /** Bytes of one element before that. Default 10,000. */
  readonly maximumUnauthenticatedSize?: number;
  /** Bytes altogether before that. Default 65,536. */
  readonly maximumUnauthenticatedBytes?: number;
  /** Time to get in and bind a resource. Default 30 s. */
  readonly authenticationTimeout?: Duration;
  /** What a client may send. Default 1 MiB/s, 4 MiB at once. */
  readonly rate?: ByteRate;
  /** Bytes that a client did not take; beyond, it is cut off. Default 1 MiB. */
  readonly maximumQueuedBytes?: number;
  /** Stanzas of a client that are being taken over; at the bound it is not read. Default 100. */
  readonly maximumPending?: number;
  /** Stanzas that a client has not acknowledged (XEP-0198); beyond, its session ends. Default 2,000. */
  readonly maximumUnacknowledged?: number;
  /** And their bytes: what is kept for a client that is away. Default 4 MiB. */
  readonly maximumUnacknowledgedBytes?: number;
  /** Stanzas that wait until somebody looks at a client (XEP-0352); beyond, it gets them all. Default 500. */
  readonly maximumInactive?: number;
  /** And their bytes. Default 256 KiB. */
  readonly maximumInactiveBytes?: number;
  readonly maximumConnections?: number;
  /** Default 1,000. */
  readonly maximumConnectionsPerHost?: number;
  /** Sessions of one account. Default 20. */
  readonly maximumResources?: number;
  readonly attempts?: AttemptLimits;
}

export interface XmppServerTiming {
  /** A client that was silent so long is asked whether it is there. Default 3 min. */
  readonly pingAfter?: Duration;
  /** And cut off, if it does not answer within this time. Default 30 s. */
  readonly pingTimeout?: Duration;
  /** How long a session without a connection waits to be resumed. Default 5 min. */
  readonly resumptionTimeout?: Duration;
  /** Default 5 s. */
  readonly closeTimeout?: Duration;
}

export interface XmppServerOptions {
  /** Which this server is, prepared. */
  readonly domains: readonly string[];
  readonly listeners: readonly TransportListener[];
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  readonly log?: Log;
  readonly meter?: Meter;
  /** In the order of preference. */
  readonly mechanisms: (domain: string) => readonly SaslMechanism[];
  readonly handler: SessionHandler;
  /** Default true: nobody authenticates without TLS. */
  readonly requireTls?: boolean;
  /** Default `replace`. */
  readonly conflict?: ConflictPolicy;
  /** What else is told of the stream once a client of a domain is in: roster versioning, subscription pre-approval. */
  readonly features?: (domain: string) => readonly XmlElement[];
  /** What clients can ask for along with binding (XEP-0386), by name. */
  readonly inlineFeatures?: readonly string[];
  readonly bounds?: XmppServerBounds;
  readonly timing?: XmppServerTiming;
}
