import type { Clock, Log, Meter, Random } from '@yaolian/kernel';
import { saslCrypto } from '@yaolian/node-runtime';
import type { Storage } from '@yaolian/storage';
import {
  type ImDomains,
  type ImModule,
  type ImServer,
  type Jid,
  prepareDomain,
  type Refusal,
  type RoomBounds,
  RoomService,
  StanzaError,
  type XmlElement,
} from '@yaolian/xmpp';
import type { Config } from '../config/settings.ts';
import { platformErrors } from '../errors.ts';
import type { AccountNames } from './account-names.ts';

export interface RoomServicesOptions {
  readonly config: Config;
  readonly storage: Storage;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly meter: Meter;
  readonly names: AccountNames;
  readonly all: ImDomains;
}

/**
 * Which domains have rooms, and where: domain of accounts to domain of rooms.
 * @param taken domains of components and of the push service
 * @throws YaolianError XMPP_SETTING_BAD
 */
export function roomDomains(
  config: Config,
  domains: readonly string[],
  taken: readonly string[],
): ReadonlyMap<string, string> {
  const wanted = config['xmpp.rooms'];
  const found = new Map<string, string>();
  if (wanted === 'off') return found;
  const name = config['xmpp.rooms-name'];
  const closed = closedDomain(config);
  for (const domain of domains) {
    const rooms = name.includes('.') ? undefined : prepareDomain(`${name}.${domain}`);
    if (rooms === undefined) {
      const why = `"${name}" is not the first part of a domain; write one such as rooms`;
      throw platformErrors.XMPP_SETTING_BAD('xmpp.rooms-name', why);
    }
    const isTaken = domains.includes(rooms) || taken.includes(rooms);
    if (isTaken && wanted === 'on') {
      const why = `${rooms} is there already: name the domain of rooms otherwise by xmpp.rooms-name`;
      throw platformErrors.XMPP_SETTING_BAD('xmpp.rooms', why);
    }
    if (!isTaken && (wanted === 'on' || domain !== closed)) found.set(domain, rooms);
  }
  return found;
}

/** Where only friends write to each other. */
function closedDomain(config: Config): string | undefined {
  const domain = config['ra.domain'];
  return domain === undefined ? undefined : prepareDomain(domain);
}

/** The rooms of all domains. */
export class RoomServices {
  /** Of operators: all services, in the order of the domains. */
  readonly services: readonly RoomService[];

  private constructor(services: readonly RoomService[]) {
    this.services = services;
  }

  /** Opens them with what is kept, and takes what is for them. @param domains see {@link roomDomains} */
  static async open(options: RoomServicesOptions, domains: ReadonlyMap<string, string>): Promise<RoomServices> {
    const services: RoomService[] = [];
    for (const [home, domain] of domains) services.push(await openService(options, home, domain));
    for (const service of services) options.all.addService(service.domain, service);
    const rooms = () => services.flatMap((service) => service.rooms);
    options.meter.gauge('xmpp_rooms', 'Rooms that are there', () => rooms().length);
    options.meter.gauge('xmpp_room_sessions', 'Sessions that are in rooms, each in each', () =>
      rooms().reduce((sum, { sessions }) => sum + sessions.size, 0),
    );
    return new RoomServices(services);
  }

  /** What the server of a domain says of its rooms (XEP-0030 §4). */
  static module(domain: string): ImModule {
    return { name: 'XEP-0045', serverItems: [{ jid: domain, name: 'Rooms' }] };
  }

  /** The address is no account any more: who gets it later is nothing to any room. */
  async forget(bare: Jid): Promise<void> {
    for (const service of this.services) await service.forget(bare);
  }

  close(): void {
    for (const service of this.services) service.close();
  }
}

function openService(options: RoomServicesOptions, home: string, domain: string): Promise<RoomService> {
  const { config, storage, clock, random, log, names, all } = options;
  const closed = closedDomain(config);
  const bounds: RoomBounds = {
    rooms: config['xmpp.max-rooms'],
    roomsPerAccount: config['xmpp.max-rooms-per-account'],
    occupants: config['xmpp.max-room-occupants'],
    affiliations: config['xmpp.max-room-affiliations'],
    historyMessages: config['xmpp.max-room-history'],
    messagesPerSecond: config['xmpp.max-room-rate'],
    messageBurst: 5 * config['xmpp.max-room-rate'],
  };
  const mayCreate = creators(config, names);
  return RoomService.open({
    ...{ domain, router: all, store: storage.rooms, crypto: saslCrypto, clock, random, log, bounds, mayCreate },
    archives: config['xmpp.archive'],
    // Accounts of the closed domain are among themselves, here too.
    serves: (from) => !names.domains.includes(from.domain) || (from.domain === closed) === (home === closed),
    invitable: async (from, to, invitation) => refusalOfInvitation(all.of(to.domain), from, to, invitation),
  });
}

/** Who may not write to somebody does not so by way of a room, nor who is blocked (XEP-0191 §3.2). */
async function refusalOfInvitation(
  home: ImServer | undefined,
  from: Jid,
  to: Jid,
  invitation: XmlElement,
): Promise<Refusal> {
  if (home === undefined || to.local === undefined) return undefined;
  if (await home.isRefusedBy(to.local, from)) return new StanzaError('service-unavailable');
  return home.admission(from, to, invitation);
}

/** @throws YaolianError XMPP_SETTING_BAD */
function creators(config: Config, names: AccountNames): (from: Jid) => boolean {
  const admins = new Set<string>();
  for (const text of config['xmpp.rooms-admins']?.split(',') ?? []) {
    const name = names.read(text.trim());
    if (name === undefined) {
      const why = `"${text.trim()}" is no account of ${names.domains.join(', ')}`;
      throw platformErrors.XMPP_SETTING_BAD('xmpp.rooms-admins', why);
    }
    admins.add(name);
  }
  const creating = config['xmpp.rooms-created-by'];
  return ({ local, domain }) => {
    if (local === undefined || !names.domains.includes(domain)) return false;
    return creating === 'accounts' || (creating === 'admins' && admins.has(names.of(local, domain)));
  };
}
