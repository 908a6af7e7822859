/**
 * What GB/T 29265.205 leaves open is ours: one namespace for each group of messages. docs/igrs-ra.md has every message.
 */
export const raNamespaces = {
  /** §10.3, §10.4: bind, unbind, confirm, rename; who owns what. */
  binding: 'urn:yaolian:ra:1:binding',
  /** §10.5. */
  verificationCode: 'urn:yaolian:ra:1:verification-code',
  /** §9. */
  permission: 'urn:yaolian:ra:1:permission',
  /** §10.2: users with users. */
  friend: 'urn:yaolian:ra:1:friend',
  /** §10.2: devices with devices. */
  link: 'urn:yaolian:ra:1:link',
  bookmark: 'urn:yaolian:ra:1:bookmark',
  /** §13: what a device is and how it is. */
  device: 'urn:yaolian:ra:1:device',
  /** §11.2: read, write, execute, observe. */
  data: 'urn:yaolian:ra:1:data',
  /** The firmware of a device, for its owners. */
  firmware: 'urn:yaolian:ra:1:firmware',
  /** What resources of a device were. */
  history: 'urn:yaolian:ra:1:history',
  /** §11.5: what the server pushes. */
  push: 'urn:yaolian:ra:1:push',
  /** GB/T 29265.206 §8.3: which application server a message is of. */
  application: 'urn:yaolian:ra:1:application',
} as const;

/** §11.6: what a channel of Jingle is for. Between clients: the server knows nothing of it. */
export const channelNamespace = 'urn:yaolian:ra:1:channel';

export type RaNamespace = (typeof raNamespaces)[keyof typeof raNamespaces];
