import type { Clock, Log, Random } from '@yaolian/kernel';
import { saslCrypto } from '@yaolian/node-runtime';
import type { Storage } from '@yaolian/storage';
import {
  archiveModule,
  avatarModules,
  blockingModule,
  type CredentialStore,
  carbonsModule,
  discoveryModules,
  type ExternalService,
  element,
  externalServicesModule,
  type ImBounds,
  ImServer,
  type ImStores,
  namespaces,
  type PepService,
  personalEventing,
  pingModule,
  privateXmlModule,
  pushModule,
  pushNotification,
  pushOptions,
  type RosterStore,
  registrationModule,
  relayedModules,
  timeModule,
  uploadModule,
  VcardBook,
  vcardModule,
  versionModule,
  type XmlElement,
} from '@yaolian/xmpp';
import type { Config } from '../config/settings.ts';
import type { EventHub, PlatformEvent } from '../events/event-hub.ts';
import { version } from '../version.ts';
import { type AccountNames, storesUnderNames } from './account-names.ts';
import type { MessageAccounts } from './message-accounts.ts';
import type { Uploads } from './uploads.ts';

export interface HostedDomainOptions {
  readonly config: Config;
  readonly storage: Storage;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly hub: EventHub;
  readonly domain: string;
  readonly names: AccountNames;
  readonly uploads: Uploads | undefined;
  /** Of the push service of the platform. Undefined: there is none. */
  readonly pushDomain: string | undefined;
  /** Default: those of the storage. */
  readonly rosters?: RosterStore | undefined;
}

/** One domain of the message server: its accounts, with all that they keep, and its extensions. */
export class HostedDomain {
  readonly domain: string;
  readonly im: ImServer;
  /** Undefined where nobody publishes. */
  readonly #pep: PepService | undefined;
  readonly #options: HostedDomainOptions;
  #pushes = 0;
  /** Events of messages that are being stored. */
  readonly #storing = new WeakMap<XmlElement, readonly PlatformEvent[]>();

  constructor(options: HostedDomainOptions) {
    this.#options = options;
    this.domain = options.domain;
    this.im = this.#open();
    this.#pep = this.#publish();
  }

  #publish(): PepService | undefined {
    if (!this.#options.config['xmpp.publishing']) {
      this.im.use(vcardModule(this.im));
      return undefined;
    }
    const { module, service } = personalEventing(this.im, saslCrypto);
    this.im.use(
      module,
      privateXmlModule(this.im, service),
      ...avatarModules(this.im, service, new VcardBook(this.im), saslCrypto),
    );
    return service;
  }

  #open(): ImServer {
    const { config, domain, names, storage, clock, random, log, hub, rosters } = this.#options;
    const archives = config['xmpp.archive'];
    const bounds: ImBounds = {
      offlineMessages: config['xmpp.max-offline'],
      offlineNotices: config['xmpp.max-offline-notices'],
      rosterItems: config['xmpp.max-roster'],
      pubsubAccount: config['xmpp.max-published'],
      pubsubItem: config['xmpp.max-published-item'],
      pubsubNodes: config['xmpp.max-published-nodes'],
    };
    const shared: ImStores = { ...kept(storage), ...(rosters && { rosters }) };
    const im = new ImServer({
      ...{ domain, clock, random, log, archives, bounds },
      // Names of the first domain are local parts.
      stores: domain === names.domains[0] ? shared : storesUnderNames(shared, (local) => this.name(local)),
      accounts: { exists: async (local) => (await storage.raAccounts.kindOf(this.name(local))) !== undefined },
      onMessageStoring: (local, message) => this.#storingWaiting(local, message),
      onMessageWaiting: (local, message) => {
        for (const event of this.#storing.get(message) ?? this.#waitingEvents(local)) hub.publish(event);
        this.#tellPush(local).catch((error: unknown) => log.error('a push service was not told', { local, error }));
      },
    });
    return im.use(
      pingModule(),
      timeModule(clock),
      versionModule('Yaolian', version),
      blockingModule(im),
      carbonsModule(),
      ...(archives ? [archiveModule(im)] : []),
      ...relayedModules(),
    );
  }

  /** What an account of this domain is called in stores. */
  name(local: string): string {
    return this.#options.names.of(local, this.domain);
  }

  /** Who may log in: not those that are kept out, who look as if there were no such account, with a certificate too. */
  get credentials(): CredentialStore {
    const { raAccounts } = this.#options.storage;
    return {
      keys: async (local) => {
        const account = await raAccounts.account(this.name(local));
        return account?.disabledAt === undefined ? account?.keys : undefined;
      },
    };
  }

  /** Accounts say which push services hear of messages that wait (XEP-0357): components, or that of the platform. */
  usePush(): void {
    const { pushDomain, names } = this.#options;
    this.im.use(pushModule(this.im));
    if (pushDomain === undefined || this.domain !== names.domains[0]) return;
    this.im.use({ name: 'push service', serverItems: [{ jid: pushDomain, name: 'Push' }] });
  }

  /** The extensions that need what was opened since. @returns the stream feature that tells of all (XEP-0115) */
  async complete(services: readonly ExternalService[], accounts: MessageAccounts | undefined): Promise<XmlElement> {
    const { uploads } = this.#options;
    if (services.length > 0) this.im.use(externalServicesModule(services));
    if (uploads !== undefined) {
      this.im.use(
        uploadModule({
          maxSize: uploads.maxSize,
          slot: (local, file) => uploads.slot(this.name(local), file),
        }),
      );
    }
    if (accounts !== undefined) {
      this.im.use(
        registrationModule({
          setPassword: (local, password) => accounts.setPassword(this.name(local), password),
          remove: (local) => accounts.remove(this.name(local)),
        }),
      );
    }
    return (await discoveryModules(this.im, 'https://yaolian.example/message-server', saslCrypto)).feature;
  }

  /** In the turn in which a message that waits is given to its store: webhooks are told in the same transaction. */
  #storingWaiting(local: string, message: XmlElement): void {
    const events = this.#waitingEvents(local);
    if (events.length === 0) return;
    this.#storing.set(message, events);
    for (const event of events) this.#options.hub.keep(event);
  }

  /** XEP-0357 §7: what the push service of the platform tells, one for each target of the account. Never throws. */
  #waitingEvents(local: string): readonly PlatformEvent[] {
    const { pushDomain, storage, clock, log } = this.#options;
    if (pushDomain === undefined) return [];
    try {
      const targets = storage.im.push.known(this.name(local)).filter(({ service }) => service === pushDomain);
      return targets.map((target) => ({
        type: 'message.waiting',
        time: clock.epoch(),
        data: () => ({ account: `${this.im.accountJid(local)}` }),
        // Who holds them can push to the phone.
        confidential: () => ({ node: target.node, options: pushOptions(target) }),
      }));
    } catch (error) {
      log.error('who is to be told of a message was not found', { local, error });
      return [];
    }
  }

  /** XEP-0357 §7: tells push services elsewhere that a message waits, and nothing of it. */
  async #tellPush(local: string): Promise<void> {
    const from = `${this.im.accountJid(local)}`;
    for (const target of await this.im.options.stores.push.targets(local)) {
      if (target.service === this.#options.pushDomain) continue;
      const attributes = { type: 'set', id: `push-service-${++this.#pushes}`, from, to: target.service };
      await this.im.send(element('iq', namespaces.client, attributes, pushNotification(target, 1)));
    }
  }

  /** An account is about to go: its contacts know nobody of that name any more (RFC 6121 §2.5.2). */
  async endSubscriptions(local: string): Promise<void> {
    if (this.#options.rosters !== undefined) return;
    const { items } = await this.im.options.stores.rosters.roster(local);
    for (const item of items) {
      const contact = this.im.jids.parse(item.jid);
      if (contact !== undefined) await this.im.endSubscriptions(local, contact, item);
    }
  }

  /** An account is gone, with all that is remembered of it. */
  forget(local: string): void {
    this.im.blocklists.forget(local);
    this.#pep?.forget(local);
  }
}

function kept({ im: { rosters, offline, archive, vcards, blocking, push, pubsub } }: Storage): ImStores {
  return { rosters, offline, archive, vcards, blocking, push, pubsub };
}
