/**
 * A device as the platform knows it, registered or not. Keyed by what the profile derives from the endpoint name, so that a
 * new SIM or a new firmware version is the same device.
 */
export interface Device {
  readonly key: string;
  /** The endpoint name of its last Register, or undefined while it is only on the allow-list. */
  readonly endpoint: string | undefined;
  /** The first successful Register: when, and from which address (`192.0.2.1:5683`). */
  readonly activatedAt: number | undefined;
  readonly activationAddress: string | undefined;
  /** The source address of the last Register. */
  readonly lastAddress: string | undefined;
  readonly lastRegisteredAt: number | undefined;
  /** What the endpoint name says of the device besides its key: `{ imei, imsi, cmei, version }`. */
  readonly identity: Readonly<Record<string, string>>;
  /** What it last said of itself in its object 3; undefined while it was not asked. */
  readonly facts?: DeviceFacts;
}

/** Resources 0, 1 and 3 of object 3: texts of the device, cut to {@link longestFact}. */
export interface DeviceFacts {
  readonly vendor?: string | undefined;
  readonly model?: string | undefined;
  readonly version?: string | undefined;
}

export const longestFact = 128;

/** As what a device is known. */
export type DeviceName = Pick<Device, 'key' | 'endpoint'>;

/** How often each value of a fact is there, the most frequent first. */
export interface FactCounts {
  readonly vendor: readonly FactCount[];
  readonly model: readonly FactCount[];
  readonly version: readonly FactCount[];
}

export interface FactCount {
  readonly value: string;
  readonly count: number;
}

/** One clock of truth for state: derived, never stored. */
export type DeviceState = 'ONLINE' | 'OFFLINE' | 'SLEEPING';

export interface AllowEntry {
  readonly key: string;
  readonly note: string;
  readonly addedAt: number;
}

/** Which devices: those to which all of it applies. */
export interface DeviceFilter extends DeviceFacts {
  /** Part of the key, the endpoint name, an identity field's value, vendor, model or version; ASCII letters match in either case. */
  readonly search?: string | undefined;
  /** Put into this group. */
  readonly group?: string | undefined;
  /** The last Register came at this time or later, earlier than that; milliseconds since the epoch. */
  readonly seenSince?: number | undefined;
  readonly seenBefore?: number | undefined;
  /** Only those of which neither vendor nor model nor version was read. */
  readonly unread?: boolean | undefined;
}

export interface DeviceQuery extends DeviceFilter {
  /** Devices after this key, in key order. */
  readonly after?: string;
  readonly limit: number;
}

/**
 * Where devices and the allow-list are kept. A promise resolves when the change is on disk. Keys are ordered by their UTF-8
 * bytes. Every adapter passes `deviceStoreContract`.
 */
export interface DeviceStore {
  device(key: string): Promise<Device | undefined>;
  /** In the order of keys. Fewer than `limit` only when there are no more. */
  devices(query: DeviceQuery): Promise<readonly Device[]>;
  /** The names of those that {@link devices} finds, for a quarter of the work. */
  deviceNames(query: DeviceQuery): Promise<readonly DeviceName[]>;
  countDevices(): Promise<number>;
  /** Whether a device is there, or fits in among `most`. */
  hasRoomFor(key: string, most: number): boolean;
  /**
   * Records a Register: creates the device at its first, keeps the activation of an earlier one.
   * Called for every Register, and part of the same group commit as the registration. `identity` follows from `endpoint`:
   * an adapter may take it as unchanged while the endpoint name of the device is.
   */
  recordRegistration(record: {
    readonly key: string;
    readonly endpoint: string;
    readonly address: string;
    readonly time: number;
    readonly identity: Readonly<Record<string, string>>;
  }): Promise<void>;
  /** Keeps what a device said of itself; what is undefined stays as it was. Nothing happens when there is no such device. */
  recordFacts(key: string, facts: DeviceFacts): Promise<void>;
  /** @param limit values of each fact */
  countFacts(limit: number): Promise<FactCounts>;
  /** Forgets the device: its next Register is its activation. The allow-list stays. True when it was there. */
  removeDevice(key: string): Promise<boolean>;
  /** Synchronous and in memory: asked at every Register. */
  isAllowed(key: string): boolean;
  /** Adds to the allow-list; of a key on the list the note changes, `addedAt` stays. */
  allow(key: string, note: string, time: number): Promise<void>;
  /** As {@link allow}, of many: they are on disk together, or none is. */
  allowMany(entries: readonly AllowEntry[]): Promise<void>;
  /** True when it was on the list. */
  disallow(key: string): Promise<boolean>;
  /** In the order of keys. */
  allowList(query: { readonly after?: string; readonly limit: number }): Promise<readonly AllowEntry[]>;
}
