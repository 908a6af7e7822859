/** Devices under a name: those that were put in, or those that a question finds, whenever it is asked. */
export interface DeviceGroup {
  /** 1 to 64 characters. */
  readonly name: string;
  readonly note: string;
  /** What its devices are like, in the words of whoever asks (`{ model: 'M1', seenBefore: '7d' }`); undefined: they were put in one by one. */
  readonly query: Readonly<Record<string, string>> | undefined;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
}

/** Where groups are kept. A promise resolves when the change is on disk. Every adapter passes `deviceGroupStoreContract`. */
export interface DeviceGroupStore {
  group(name: string): Promise<DeviceGroup | undefined>;
  /** In the order of names. */
  groups(): Promise<readonly DeviceGroup[]>;
  /** False, and nothing changed, when the name is taken or there are `max`. */
  addGroup(group: DeviceGroup, max: number): Promise<boolean>;
  /** Another note or question. False when there is no such group. */
  changeGroup(name: string, change: Pick<DeviceGroup, 'note' | 'query'>): Promise<boolean>;
  /** With its memberships; devices stay. */
  removeGroup(name: string): Promise<boolean>;
  /** Puts devices in; those that are in stay. @returns how many are new */
  addMembers(group: string, devices: readonly string[]): Promise<number>;
  removeMembers(group: string, devices: readonly string[]): Promise<number>;
  /** How many were put in. */
  countMembers(group: string): Promise<number>;
  /** The groups that a device was put in, in the order of names. */
  groupsOf(device: string): Promise<readonly string[]>;
  /** A device is forgotten. */
  removeDevice(device: string): Promise<void>;
}
