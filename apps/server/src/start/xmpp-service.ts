import type { Server } from 'node:http';
import { serveStun } from '@yaolian/igrs/server';
import type { Clock, Log, Meter, Random, Timers } from '@yaolian/kernel';
import {
  listenXmpp,
  openUdpPort,
  saslCrypto,
  type UdpPort,
  type XmppListener,
  xmppWebSockets,
} from '@yaolian/node-runtime';
import type { Storage } from '@yaolian/storage';
import {
  ArchivePruning,
  type ComponentAccess,
  ComponentServer,
  type ExternalService,
  element,
  ImDomains,
  type ImServer,
  type Jid,
  namespaces,
  prepareDomain,
  type RosterStore,
  rosterFeatures,
  type SaslMechanism,
  type SessionHandler,
  type TransportListener,
  type XmlElement,
  XmppServer,
  type XmppTransport,
} from '@yaolian/xmpp';
import type { AccountRemoval } from '../accounts/account-removal.ts';
import type { Config } from '../config/settings.ts';
import { platformErrors } from '../errors.ts';
import type { EventHub } from '../events/event-hub.ts';
import type { AccountNames } from '../xmpp/account-names.ts';
import { componentAccess, listenForComponents } from '../xmpp/components.ts';
import { externalServices } from '../xmpp/external-services.ts';
import { HostedDomain } from '../xmpp/hosted-domain.ts';
import { MessageAccounts } from '../xmpp/message-accounts.ts';
import { listSessions, type MessageSession, type SessionQuery, sessionAddress } from '../xmpp/message-sessions.ts';
import { pushDomain, pushService } from '../xmpp/push-service.ts';
import { RoomServices, roomDomains } from '../xmpp/room-services.ts';
import type { Uploads } from '../xmpp/uploads.ts';
import type { LiveAuthorities } from './live-authorities.ts';
import { LiveCertificate } from './live-certificate.ts';
import { namingFlag } from './start-trouble.ts';
import { anywhere } from './stream-service.ts';
import { mechanismsOf } from './xmpp-mechanisms.ts';

export interface XmppServiceOptions {
  readonly config: Config;
  readonly dataFolder: string;
  readonly storage: Storage;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  readonly log: Log;
  readonly meter: Meter;
  readonly hub: EventHub;
  /** Of the accounts, the first of the domains first. */
  readonly names: AccountNames;
  readonly certificate: LiveCertificate;
  /** Whose certificates of clients are believed. */
  readonly authorities: LiveAuthorities;
  readonly removal: AccountRemoval;
  readonly uploads: Uploads | undefined;
  /** Of the first domain. Default: those of the storage. */
  readonly rosters?: RosterStore;
  /** Stands between the connections and what is done with their stanzas. */
  readonly watchSessions?: (handler: SessionHandler) => SessionHandler;
}

/**
 * The domain of the message server: Remote Access brings one along. Undefined where there is none.
 * @throws YaolianError XMPP_SETTING_BAD
 */
export function messageDomain(config: Config): string | undefined {
  const ofRemoteAccess = config['ra.domain'];
  const asked = ofRemoteAccess ?? config['xmpp.domain'];
  const name = ofRemoteAccess === undefined ? 'xmpp.domain' : 'ra.domain';
  if (asked === undefined) return undefined;
  const domain = prepareDomain(asked);
  if (domain === undefined) {
    throw platformErrors.XMPP_SETTING_BAD(name, `"${asked}" is no domain; write one such as home.example`);
  }
  const other = config['xmpp.domain'];
  if (other !== undefined && prepareDomain(other) !== domain) {
    const why = `the first domain is ${domain} by ra.domain: leave xmpp.domain out, and name others in xmpp.domains`;
    throw platformErrors.XMPP_SETTING_BAD('xmpp.domain', why);
  }
  return domain;
}

/**
 * All domains of the message server, the one of Remote Access or `xmpp.domain` first; none where there is no message server.
 * @throws YaolianError XMPP_SETTING_BAD
 */
export function messageDomains(config: Config): readonly string[] {
  const first = messageDomain(config);
  const further = config['xmpp.domains'];
  const bad = (why: string) => platformErrors.XMPP_SETTING_BAD('xmpp.domains', why);
  if (first === undefined) {
    if (further !== undefined) throw bad('the first domain is that of xmpp.domain or ra.domain: set it too');
    return [];
  }
  const domains = [first];
  for (const text of further?.split(',') ?? []) {
    const domain = prepareDomain(text.trim());
    if (domain === undefined) throw bad(`"${text.trim()}" is no domain; write one such as home.example`);
    if (domains.includes(domain)) throw bad(`${domain} is there twice`);
    domains.push(domain);
  }
  return domains;
}

/** The message server of the platform: XMPP for the accounts of its domains. Lets nobody in before {@link start}. */
export class XmppService {
  /** The first domain. */
  readonly domain: string;
  /** Of the first domain. */
  readonly im: ImServer;
  readonly urls: readonly string[];
  readonly #options: XmppServiceOptions;
  readonly #listeners: readonly TransportListener[];
  readonly #pruning: ArchivePruning;
  /** Of domains that have one of their own. */
  readonly certificates: ReadonlyMap<string, LiveCertificate>;
  readonly #domains: readonly HostedDomain[];
  readonly #all: ImDomains;
  readonly #components: ComponentServer | undefined;
  readonly #stun: UdpPort | undefined;
  readonly #roomDomains: ReadonlyMap<string, string>;
  #rooms: RoomServices | undefined;
  #server: XmppServer | undefined;
  readonly #webSockets: TransportListener[] = [];

  private constructor(options: XmppServiceOptions, listening: Listening) {
    const { opened, components, componentListener, stun, certificates, push, rooms } = listening;
    const { domains } = options.names;
    this.#options = options;
    this.#stun = stun;
    this.#roomDomains = rooms;
    this.certificates = certificates;
    // Remote Access, where it is on, has the first domain.
    this.#domains = domains.map((domain, index) => {
      return new HostedDomain({
        ...options,
        domain,
        pushDomain: push,
        rosters: index === 0 ? options.rosters : undefined,
      });
    });
    this.#all = new ImDomains(this.#domains.map(({ im }) => im));
    if (push !== undefined) this.#all.addService(push, pushService(push, this.#all));
    this.domain = domains[0]!;
    this.im = this.#domains[0]!.im;
    if (componentListener !== undefined) {
      const access = { im: this.#all, components, listener: componentListener, crypto: saslCrypto };
      this.#components = new ComponentServer({ ...options, ...access });
      for (const hosted of this.#domains) {
        hosted.im.use(this.#components.module((domain) => homeOf(domain, domains) === hosted.domain));
      }
    }
    for (const hosted of this.#domains) {
      const ofRooms = rooms.get(hosted.domain);
      if (ofRooms !== undefined) hosted.im.use(RoomServices.module(ofRooms));
    }
    if (componentListener !== undefined || push !== undefined) for (const hosted of this.#domains) hosted.usePush();
    const ofComponents =
      componentListener === undefined ? [] : [`xmpp-component://${componentListener.localAddress.key}`];
    const ofStun = stun === undefined ? [] : [`stun:${stun.localAddress.key}`];
    this.urls = [...opened.map(({ url }) => url), ...ofComponents, ...ofStun];
    this.#listeners = opened.map(({ listener }) => listener);
    this.#pruning = openPruning(options);
  }

  /** @throws YaolianError TCP_…, TLS_SETTING_BAD, TLS_CREDENTIALS_BAD */
  static async open(options: XmppServiceOptions): Promise<XmppService> {
    const { config, log } = options;
    const opened: { readonly url: string; readonly listener: XmppListener }[] = [];
    const certificates = new Map<string, LiveCertificate>();
    let stun: UdpPort | undefined;
    try {
      const components = await componentAccess(config, options.names.domains);
      const push = pushDomain(config, options.names.domains, components);
      const taken = [...components.map(({ domain }) => domain), ...(push === undefined ? [] : [push])];
      const rooms = roomDomains(config, options.names.domains, taken);
      for (const domain of options.names.domains) {
        const own = await LiveCertificate.ofDomain(options, domain);
        if (own !== undefined) certificates.set(domain, own);
      }
      await listen(options, certificates, opened);
      stun = await openStun(options);
      const componentListener =
        components.length === 0 ? undefined : await listenForComponents(config, options.certificate, log);
      return new XmppService(options, { opened, components, componentListener, stun, certificates, push, rooms });
    } catch (error) {
      await stun?.close();
      for (const certificate of certificates.values()) certificate.close();
      for (const { listener } of opened) await listener.close();
      throw error;
    }
  }

  /** Of clients, over all doors. */
  get connections(): number {
    return this.#server?.connections ?? 0;
  }

  /** Lets clients in: what there is to use is used. @param http take WebSockets too, where a path for them is configured */
  async start(http: readonly Server[]): Promise<void> {
    const { config, clock, timers, random, log, meter, names, storage, removal } = this.#options;
    const external = await externalServices(config, clock);
    this.#rooms = await RoomServices.open({ ...this.#options, all: this.#all }, this.#roomDomains);
    const store = { store: storage.raAccounts, removal, names };
    const registers = config['xmpp.registration'];
    const accounts = new MessageAccounts({
      ...store,
      crypto: saslCrypto,
      iterations: config['xmpp.iterations'],
      clock,
    });
    const features = new Map<string, readonly XmlElement[]>();
    const mechanisms = new Map<string, readonly SaslMechanism[]>();
    if (this.#stun !== undefined) serveStun(this.#stun);
    for (const hosted of this.#domains) {
      const services = [...this.#stunServices(hosted.domain), ...external];
      const caps = await hosted.complete(services, registers ? accounts : undefined);
      features.set(hosted.domain, [...this.#rosterFeatures(hosted), caps]);
      mechanisms.set(hosted.domain, await mechanismsOf({ ...this.#options, credentials: hosted.credentials }));
    }
    const { watchSessions = (handler: SessionHandler) => handler } = this.#options;
    const server = new XmppServer({
      ...{ clock, timers, random, log, meter },
      domains: names.domains,
      listeners: this.#listeners,
      mechanisms: (domain) => mechanisms.get(domain) ?? [],
      handler: watchSessions(this.#domains.length === 1 ? this.im : this.#all),
      features: (domain) => features.get(domain) ?? [],
      inlineFeatures: ['urn:xmpp:carbons:2'],
      bounds: {
        maximumConnections: config['xmpp.max-connections'],
        maximumConnectionsPerHost: config['xmpp.max-connections-per-host'],
        rate: { bytesPerSecond: config['xmpp.max-rate'], burst: 4 * config['xmpp.max-rate'] },
      },
    });
    this.#server = server;
    this.#pruning.start();
    const path = config['xmpp.websocket-path'];
    if (path === undefined) return;
    for (const one of http) {
      const webSockets = xmppWebSockets(one, { path, isBehindTls: true });
      webSockets.accept((transport) => server.accept(transport));
      this.#webSockets.push(webSockets);
    }
  }

  #stunServices(host: string): readonly ExternalService[] {
    return this.#stun === undefined
      ? []
      : [{ type: 'stun', host, port: this.#stun.localAddress.port, transport: 'udp' }];
  }

  /** Takes a connection that came in by another door. */
  accept(transport: XmppTransport): void {
    if (this.#server === undefined) transport.abort();
    else this.#server.accept(transport);
  }

  /** Whose rosters are made of something else takes no approvals in advance (RFC 6121 §3.4). */
  #rosterFeatures({ im }: HostedDomain): typeof rosterFeatures {
    if (im !== this.im || this.#options.rosters === undefined) return rosterFeatures;
    return rosterFeatures.filter(({ namespace }) => namespace !== 'urn:xmpp:features:pre-approval');
  }

  /** Where an account is, by its name in stores; undefined when its domain is not served any more. */
  #find(account: string): { readonly hosted: HostedDomain; readonly local: string } | undefined {
    const parts = this.#options.names.parts(account);
    const hosted = this.#domains.find(({ domain }) => domain === parts?.domain);
    return parts && hosted && { hosted, local: parts.local };
  }

  /** Ends the sessions of an account, or the one with this resource: it is gone, has another password, or an operator wants it. */
  endSessions(account: string, resource?: string): void {
    const found = this.#find(account);
    const jid = found?.hosted.im.accountJid(found.local);
    for (const session of jid === undefined ? [] : (this.#server?.sessionsOf(jid) ?? [])) {
      if (resource === undefined || session.jid.resource === resource) session.end({ condition: 'not-authorized' });
    }
  }

  /** A page of the sessions of all accounts. */
  sessions(query: SessionQuery): readonly MessageSession[] {
    const { names } = this.#options;
    const clientOf = ({ local = '', domain, resource = '' }: Jid) =>
      this.#domains.find((hosted) => hosted.domain === domain)?.im.clients.find(local, resource);
    return listSessions({ sessions: this.#server?.sessions ?? [], names, clientOf }, query);
  }

  /** Ends one session. False: there is none with this address. */
  endSession(address: string): boolean {
    const jid = sessionAddress(address);
    const session = jid && this.#server?.session(jid);
    session?.end({ condition: 'not-authorized' });
    return session !== undefined;
  }

  /** The resources of the connections that an account has now. */
  connectionsOf(account: string): readonly string[] {
    const found = this.#find(account);
    return found?.hosted.im.clients.of(found.local).map(({ session }) => session.jid.resource ?? '') ?? [];
  }

  /** A message of the platform's own to an account; it waits for one that is away. */
  async tell(account: string, text: string): Promise<void> {
    const found = this.#find(account);
    if (found === undefined) return;
    const { im, domain } = found.hosted;
    const attributes = { type: 'chat', from: domain, to: im.accountJid(found.local).toString() };
    const body = element('body', namespaces.client, {}, text);
    await im.send(element('message', namespaces.client, attributes, body));
  }

  /** The rooms of all domains; undefined before {@link start}. */
  get rooms(): RoomServices | undefined {
    return this.#rooms;
  }

  /** An account is about to go: it is nothing to any contact or room from now on. */
  async accountLeaves(account: string): Promise<void> {
    const found = this.#find(account);
    if (found === undefined) return;
    await found.hosted.endSubscriptions(found.local);
    await this.#rooms?.forget(found.hosted.im.accountJid(found.local));
  }

  /** An account is gone, with all that is remembered of it. */
  accountRemoved(account: string): void {
    const found = this.#find(account);
    found?.hosted.forget(found.local);
    this.endSessions(account);
  }

  async close(): Promise<void> {
    this.#pruning.close();
    for (const certificate of this.certificates.values()) certificate.close();
    await this.#stun?.close();
    this.#rooms?.close();
    for (const webSockets of this.#webSockets) await webSockets.close();
    await this.#components?.close();
    await this.#server?.close();
    for (const listener of this.#listeners) await listener.close();
  }
}

interface Listening {
  /** Of the push service of the platform. */
  readonly push: string | undefined;
  /** Domains of accounts to domains of rooms. */
  readonly rooms: ReadonlyMap<string, string>;
  readonly certificates: ReadonlyMap<string, LiveCertificate>;
  readonly stun: UdpPort | undefined;
  readonly opened: readonly { readonly url: string; readonly listener: TransportListener }[];
  readonly components: readonly ComponentAccess[];
  readonly componentListener: TransportListener | undefined;
}

async function openStun({ config, log, meter }: XmppServiceOptions): Promise<UdpPort | undefined> {
  const port = config['xmpp.stun-port'];
  if (port === undefined) return undefined;
  return openUdpPort({ host: config['xmpp.host'], port, rememberedPeers: 1024, log, meter }).catch((error: unknown) => {
    throw namingFlag(error, 'xmpp.stun-port');
  });
}

/** Which domain tells of a component in disco: the one that it is below, or the first. */
function homeOf(component: string, domains: readonly string[]): string {
  const around = domains.filter((domain) => component.endsWith(`.${domain}`));
  return around.sort((a, b) => b.length - a.length)[0] ?? domains[0]!;
}

/** Where archives are off now, what earlier ones kept goes in its time too. */
function openPruning({ config, storage, clock, timers, log }: XmppServiceOptions): ArchivePruning {
  const retention = { maximumAge: config['xmpp.archive-keep'], messagesPerAccount: config['xmpp.max-archive'] };
  return new ArchivePruning({ archive: storage.im.archive, clock, timers, log, retention });
}

async function listen(
  options: XmppServiceOptions,
  certificates: ReadonlyMap<string, LiveCertificate>,
  opened: { readonly url: string; readonly listener: XmppListener }[],
): Promise<void> {
  const { config, log, certificate } = options;
  const authorities = options.authorities.pem;
  const tls = {
    credentials: certificate.current,
    ...(authorities === undefined ? {} : { clientAuthorities: authorities }),
  };
  const domains = new Map([...certificates].map(([domain, { current }]) => [domain, current]));
  const ports = [
    { scheme: 'xmpp', setting: 'xmpp.port', direct: false },
    { scheme: 'xmpps', setting: 'xmpp.tls-port', direct: true },
  ] as const;
  for (const { scheme, setting, direct } of ports) {
    const where = { host: config['xmpp.host'], log, setting };
    const port = config[setting];
    const maximumHandshakesPerHost = config['xmpp.max-connections-per-host'];
    const open = (host: string) => listenXmpp({ host, port, tls, domains, direct, maximumHandshakesPerHost });
    const listener = await anywhere(open, where);
    certificate.onChange((credentials) => listener.setCredentials(credentials));
    options.authorities.onChange((changed) => listener.setClientAuthorities(changed));
    for (const [domain, own] of certificates)
      own.onChange((credentials) => listener.setCredentials(credentials, domain));
    opened.push({ url: `${scheme}://${listener.localAddress.key}`, listener });
  }
}
