import {
  AssociationChanges,
  type AuditTrail,
  Bindings,
  Bookmarks,
  ChangePace,
  changesAtOnce,
  DeviceLinks,
  Friends,
  type IssuedCode,
  Permissions,
} from '@yaolian/directory';
import { RaRosters, SharedViews } from '@yaolian/igrs/server';
import type { Clock, Log, Random } from '@yaolian/kernel';
import { type Storage, secretDigest } from '@yaolian/storage';
import type { Config } from '../config/settings.ts';

export interface AssociationsOptions {
  readonly config: Config;
  /** Prepared. */
  readonly domain: string;
  readonly storage: Storage;
  readonly audit: AuditTrail;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** Who is what to whom among the accounts of the RA, and what that makes their rosters. */
export class Associations {
  readonly changes: AssociationChanges;
  readonly permissions: Permissions;
  readonly friends: Friends;
  readonly links: DeviceLinks;
  readonly bookmarks: Bookmarks;
  readonly bindings: Bindings;
  /** Devices of others that accounts see. */
  readonly views: SharedViews;
  readonly rosters: RaRosters;
  /** Whether the platform speaks for a device, and shows its codes. Known once there is Remote Access. */
  isTerminal: (device: string) => boolean = () => false;
  /** Told of every new verification code. Must not throw. */
  onIssued: ((issued: IssuedCode) => void) | undefined;
  readonly kindOf: (account: string) => Promise<'user' | 'device' | undefined>;

  constructor({ config, domain, storage, audit, clock, random, log }: AssociationsOptions) {
    const { associations: store, raAccounts, raDevices, im } = storage;
    this.changes = new AssociationChanges({ store: storage.associationChanges, random, log });
    const perMinute = config['ra.max-changes'];
    const pace = new ChangePace({ clock, audit, bounds: { perMinute, atOnce: perMinute * changesAtOnce } });
    const shared = { store, clock, audit, pace, changes: this.changes };
    this.kindOf = (account) => raAccounts.kindOf(account);
    this.permissions = new Permissions({
      ...shared,
      maxGrants: config['ra.max-permissions'],
      maxShared: config['ra.max-shared'],
    });
    this.views = new SharedViews(this.permissions);
    this.friends = new Friends({
      ...shared,
      maxFriends: config['ra.max-friends'],
      isUser: async (account) => (await this.kindOf(account)) === 'user',
    });
    this.links = new DeviceLinks({ ...shared, maxLinks: config['ra.max-links'] });
    this.bookmarks = new Bookmarks(shared);
    this.bindings = new Bindings({
      ...shared,
      digest: secretDigest,
      random,
      onIssued: (issued) => this.onIssued?.(issued),
      renewsCode: (device) => config['ra.code-after-unbind'] === 'renew' && this.isTerminal(device),
      limits: {
        codeLifetime: config['ra.code-lifetime'],
        ownersPerDevice: config['ra.max-owners'],
        devicesPerUser: config['ra.max-devices'],
      },
      confirmations: {
        required: (device) => raDevices.confirms(device),
        require: (device, confirms, onDecided) => raDevices.changeRaDevice(device, { confirms }, onDecided),
      },
    });
    const { bindings, friends, views } = this;
    this.rosters = new RaRosters({ domain, bindings, friends, views, accounts: this, kept: im.rosters });
  }
}
