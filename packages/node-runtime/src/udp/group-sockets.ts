import { networkInterfaces } from 'node:os';
import { type Log, type SocketAddress, socketAddress } from '@yaolian/kernel';
import { runtimeErrors, systemErrorCode } from '../errors.ts';
import { addressSocket, bindTo, bound, closed, type RemoteInfo, type Socket } from './dgram-socket.ts';
import type { MulticastOptions } from './udp-port.ts';

/** The sockets that hear groups. */
export interface GroupSockets {
  close(): Promise<void>;
}

interface MulticastInterface {
  readonly name: string;
  readonly address: string;
  readonly family: 4 | 6;
}

/** A socket to open, and the interfaces (as dgram names them) to join on. */
interface Membership {
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
  const close = async () => void (await Promise.all(sockets.map(closed)));
  for (const membership of memberships(multicast, port)) {
    const { group } = membership;
    try {
      const socket = await openGroupSocket(membership);
      socket.on('message', onDatagram);
      socket.on('error', (error) => log.warn('reading a multicast socket failed', { group: group.key, error }));
      sockets.push(socket);
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
  return { close };
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

function memberships(multicast: MulticastOptions, port: number): Membership[] {
  const all: Membership[] = [];
  for (const host of multicast.groups) {
    const group = socketAddress(host, port);
    const interfaces = interfacesFor(group.family, multicast.interface);
    if (group.family === 6 && isLinkLocalGroup(group.host) && !group.host.includes('%')) {
      // A link-local group is another one on each link, and a socket is bound to one of them (RFC 4007 §6).
      for (const { name } of interfaces) {
        all.push({ group: socketAddress(`${host}%${name}`, port), interfaces: [`::%${name}`] });
      }
    } else {
      const names = interfaces.map((each) => (group.family === 4 ? each.address : `::%${each.name}`));
      all.push({ group, interfaces: [...new Set(names)] });
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

function bareHost(group: SocketAddress): string {
  return group.host.split('%', 1)[0]!;
}
