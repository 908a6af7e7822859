import { networkInterfaces } from 'node:os';
import { type Log, type SocketAddress, socketAddress } from '@yaolian/kernel';
import { runtimeErrors, systemErrorCode } from '../errors.ts';
import { addressSocket, bindTo, bound, closed, type RemoteInfo, type Socket } from './dgram-socket.ts';
import type { MulticastOptions } from './udp-port.ts';

/** The sockets that hear groups. */
export interface GroupSockets {
  /** What was joined. */
  readonly memberships: readonly Membership[];
  close(): Promise<void>;
}

interface MulticastInterface {
  readonly name: string;
  readonly address: string;
  readonly family: 4 | 6;
}

/** A group, and the interfaces (as dgram names them) to join it on. */
export interface Membership {
  readonly group: SocketAddress;
  readonly interfaces: readonly string[];
}

/**
 * Opens a socket for each group, bound to the group's address: what it hears was sent to the group, nothing else. Nothing
 * is sent from it.
 * @throws YaolianError UDP_GROUP_FAILED when the interface was named; else a group that cannot be joined is only logged
 */
export async function openGroupSockets(
  multicast: MulticastOptions,
  port: number,
  log: Log,
  onDatagram: (datagram: Buffer, from: RemoteInfo) => void,
): Promise<GroupSockets> {
  const sockets: Socket[] = [];
  const joined: Membership[] = [];
  const close = async () => void (await Promise.all(sockets.map(closed)));
  for (const membership of wantedMemberships(multicast, port)) {
    const { group } = membership;
    try {
      const socket = await openGroupSocket(membership);
      socket.on('message', onDatagram);
      socket.on('error', (error) => log.warn('reading a multicast socket failed', { group: group.key, error }));
      sockets.push(socket);
      joined.push(membership);
      log.debug('joined a multicast group', { group: group.key, interfaces: membership.interfaces });
    } catch (error) {
      const refusal = runtimeErrors.UDP_GROUP_FAILED(group.key, systemErrorCode(error), error);
      if (multicast.interface !== undefined) {
        await close();
        throw refusal;
      }
      log.warn('a multicast group cannot be joined', { group: group.key, reason: systemErrorCode(error) });
    }
  }
  return { close, memberships: joined };
}

/**
 * Makes `socket` send what goes to groups through the interface that was named.
 * @throws YaolianError UDP_GROUP_FAILED
 */
export function sendGroupsThrough(multicast: MulticastOptions, socket: Socket, family: 4 | 6): void {
  if (multicast.interface === undefined) return;
  const [first] = interfacesFor(family, multicast.interface);
  try {
    socket.setMulticastInterface(first ? dgramName(first) : multicast.interface);
  } catch (error) {
    throw runtimeErrors.UDP_GROUP_FAILED(multicast.interface, systemErrorCode(error), error);
  }
}

/** Addresses that nobody sends from: the dummy address of RFC 7600 §4.8, and the discard prefix of RFC 6666. */
const nobody = { 4: '192.0.0.8', 6: '100::1' } as const;

/**
 * Makes a socket that is bound to all addresses deaf to groups that other sockets joined. By itself Linux lets it hear them
 * (ip(7), IP_MULTICAST_ALL), and what came by a group would pass for something sent to us alone. dgram cannot set that
 * option, but a membership that admits one source only, which never sends, has the same effect.
 */
export function deafenToGroups(socket: Socket, { memberships }: GroupSockets, log: Log): void {
  for (const { group, interfaces } of memberships) {
    for (const name of interfaces) {
      try {
        socket.addSourceSpecificMembership(nobody[group.family], bareHost(group), name);
      } catch (error) {
        log.debug('a socket may hear a group twice', { group: group.key, reason: systemErrorCode(error) });
      }
    }
  }
}

async function openGroupSocket({ group, interfaces }: Membership): Promise<Socket> {
  const socket = addressSocket(group.family, { reuseAddr: true, ...(group.family === 6 && { ipv6Only: true }) });
  await bound(socket, bindTo(group));
  try {
    if (interfaces.length === 0) socket.addMembership(bareHost(group));
    for (const name of interfaces) socket.addMembership(bareHost(group), name);
  } catch (error) {
    await closed(socket);
    throw error;
  }
  return socket;
}

function wantedMemberships(multicast: MulticastOptions, port: number): Membership[] {
  const all: Membership[] = [];
  for (const host of multicast.groups) {
    const group = socketAddress(host, port);
    const interfaces = interfacesFor(group.family, multicast.interface);
    if (group.family === 6 && isLinkLocalGroup(group.host) && !group.host.includes('%')) {
      // A link-local group is another one on each link, and a socket is bound to one of them (RFC 4007 §6).
      for (const each of interfaces) {
        all.push({ group: socketAddress(`${host}%${each.name}`, port), interfaces: [dgramName(each)] });
      }
    } else {
      all.push({ group, interfaces: interfaces.map(dgramName) });
    }
  }
  return all;
}

/** RFC 4291 §2.7: scope 1 is the interface, scope 2 the link. */
function isLinkLocalGroup(host: string): boolean {
  return /^ff[0-9a-f][12]:/.test(host);
}

function interfacesFor(family: 4 | 6, wanted: string | undefined): MulticastInterface[] {
  const found: MulticastInterface[] = [];
  for (const [name, addresses] of Object.entries(networkInterfaces())) {
    const ofFamily = addresses?.filter((each) => each.family === `IPv${family}`) ?? [];
    const named = addresses?.some((each) => each.address === wanted) || name === wanted;
    const [first] = ofFamily;
    if (first && (wanted === undefined ? !first.internal : named)) {
      found.push({ name, address: ofFamily.find((each) => each.address === wanted)?.address ?? first.address, family });
    }
  }
  return found;
}

function dgramName(each: MulticastInterface): string {
  return each.family === 4 ? each.address : `::%${each.name}`;
}

function bareHost(group: SocketAddress): string {
  return group.host.split('%', 1)[0]!;
}
