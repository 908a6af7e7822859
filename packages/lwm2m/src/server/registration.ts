import type { SocketAddress } from '@yaolian/kernel';

/**
 * A terminal's registration (OMA-TS-LightweightM2M 1.0 §5.3, 1.1 core §6.2). Immutable: Update makes a new one with the same id.
 * 100,000 of these live in memory: texts that many terminals share (object links, binding) are shared strings.
 */
export interface Registration {
  /** The last segment of the location `/rd/<id>`. Unique over the life of the platform. */
  readonly id: string;
  /** The endpoint client name, as it came. */
  readonly endpoint: string;
  /** The device that the profile found behind the endpoint name; with the plain OMA profile, the endpoint name. */
  readonly deviceKey: string;
  readonly address: SocketAddress;
  /** The key of the peer that it came from, where that is more than an address: a DTLS session. */
  readonly peerKey?: string;
  /** Seconds, 1 to 4294967295; 0: it has no end (LwM2M 1.1). */
  readonly lifetime: number;
  /** `1.0`, `1.1`, … as the terminal said it. */
  readonly lwm2mVersion: string;
  /** As it came: `U`, `UQ`, `T`, … `U` when absent. */
  readonly binding: string;
  readonly queueMode: boolean;
  readonly smsNumber: string | undefined;
  /** The link-format payload as it came: `</>;rt="oma.lwm2m",</1/0>,</3/0>`. */
  readonly objectLinks: string;
  /** Query parameters of Register or Update that are not ours, kept: `{ imei: '8611…' }`. Undefined when there are none. */
  readonly otherParameters: Readonly<Record<string, string>> | undefined;
  /** Milliseconds since the epoch. */
  readonly registeredAt: number;
  /** Milliseconds since the epoch of the last Register or Update. The registration ends `lifetime` after it. */
  readonly updatedAt: number;
}

/** An observation that survives restarts. */
export interface ObservationRecord {
  readonly registrationId: string;
  /** 1 to 8 bytes. */
  readonly token: Uint8Array;
  /** `/3/0/13`; of an Observe-Composite all of them: `/3/0/9 /3303/0/5700`. */
  readonly path: string;
  /** Whether it is of an Observe-Composite, which may be of one path too. Absent: no. */
  readonly composite?: boolean;
  /** The attributes that Observe itself brought, as its query: `pmin=10&con=1` (LwM2M 1.2). Absent: none. */
  readonly query?: string;
  /** The Content-Format asked for with Accept, if any; an Observe-Composite is written in it as well. */
  readonly accept: number | undefined;
  readonly createdAt: number;
}

/**
 * Where registrations and observations are kept. Every method resolves when its change is on disk: a success is sent to the
 * terminal only after that. Calls made in one turn may share one transaction; order of calls is order of effects.
 */
export interface RegistrationStore {
  /** Everything there is, once, at start. */
  load(): Promise<{
    readonly registrations: Iterable<Registration>;
    readonly observations: Iterable<ObservationRecord>;
  }>;
  /**
   * Adds a registration, and removes the one it replaces with its observations: one of the same endpoint name, or of the same
   * device under an earlier endpoint name.
   */
  register(registration: Registration, replacedId: string | undefined): Promise<void>;
  /** Stores a registration that exists again under the same id. */
  update(registration: Registration): Promise<void>;
  /** Removes a registration with its observations. Harmless when it is not there. */
  remove(registrationId: string): Promise<void>;
  addObservation(observation: ObservationRecord): Promise<void>;
  removeObservation(registrationId: string, token: Uint8Array): Promise<void>;
}
