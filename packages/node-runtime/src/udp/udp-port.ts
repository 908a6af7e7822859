import {
  type DatagramPort,
  deafMeter,
  type Log,
  type Meter,
  type SocketAddress,
  silentLog,
  socketAddress,
} from '@yaolian/kernel';

/** How datagrams go in and out. */
export const UdpAdapter = {
  /** Batched where it works, else portable. */
  Auto: 'auto',
  /** Many datagrams in one system call (Linux, package koffi). */
  Batched: 'batched',
  /** `node:dgram`. */
  Portable: 'portable',
} as const;
export type UdpAdapter = (typeof UdpAdapter)[keyof typeof UdpAdapter];

/** Names the adapter where the option does not: `auto`, `batched` or `portable`. */
export const udpAdapterVariable = 'YAOLIAN_UDP_ADAPTER';

export interface MulticastOptions {
  /** Addresses of groups to hear, such as 224.0.1.187 and ff02::fd (All CoAP Nodes, RFC 7252 §12.8). */
  readonly groups: readonly string[];
  /**
   * Name or address of the one interface to join on and to send to groups through. Absent: groups are joined on each that
   * is up, loopback apart, and routing chooses for what is sent.
   */
  readonly interface?: string;
}

export interface UdpPortOptions {
  /** An address of this machine, `0.0.0.0` for all of IPv4, `::` for all of IPv6 and IPv4. Never a name. */
  readonly host: string;
  /** 0: one that is free. */
  readonly port: number;
  /** Default: what the environment variable {@link udpAdapterVariable} says, else `auto`. */
  readonly adapter?: UdpAdapter;
  /** What the kernel may hold for us; it may grant less. Default 4 MiB. */
  readonly receiveBufferBytes?: number;
  /** What the kernel may hold on its way out; it may grant less. Default 1 MiB. */
  readonly sendBufferBytes?: number;
  /** How much waits here while the kernel takes no more; what comes above it is dropped. Default 4 MiB. */
  readonly sendQueueBytes?: number;
  /** How many peers keep their object ({@link DatagramPort}'s "same object for the same peer"). Default 32,768. */
  readonly rememberedPeers?: number;
  /** Lets other sockets have the same address (SO_REUSEADDR). Default false. */
  readonly reuseAddress?: boolean;
  /** An IPv6 socket that takes no IPv4. Default false. */
  readonly ipv6Only?: boolean;
  readonly multicast?: MulticastOptions;
  readonly log?: Log;
  readonly meter?: Meter;
}

/**
 * A UDP socket. An IPv4 peer of a socket for both families has an IPv4 address. `send` reports what the system refuses
 * through `onSendError` with the code UDP_SEND_FAILED (the system's own code is in its `cause`) or UDP_SEND_QUEUE_FULL;
 * what ICMP says later, Linux does not tell a socket that many peers use. A datagram of 65 to 1024 bytes may share 4 KiB of
 * memory with others: copy what you keep for long.
 */
export interface UdpPort extends DatagramPort {
  readonly adapter: 'batched' | 'portable';
  /** What the kernel granted. */
  readonly receiveBufferBytes: number;
  /** What the kernel granted. */
  readonly sendBufferBytes: number;
}

/** {@link UdpPortOptions} with nothing left open. */
export interface UdpPortSettings {
  readonly address: SocketAddress;
  readonly adapter: UdpAdapter;
  readonly receiveBufferBytes: number;
  readonly sendBufferBytes: number;
  readonly sendQueueBytes: number;
  readonly rememberedPeers: number;
  readonly reuseAddress: boolean;
  readonly ipv6Only: boolean;
  readonly multicast: MulticastOptions | undefined;
  readonly log: Log;
  readonly meter: Meter;
}

/** @throws RangeError when an option is out of its range */
export function settleOptions(options: UdpPortOptions): UdpPortSettings {
  const address = socketAddress(options.host, options.port);
  return {
    address,
    adapter: chosenAdapter(options.adapter ?? process.env[udpAdapterVariable] ?? UdpAdapter.Auto),
    receiveBufferBytes: positive('receiveBufferBytes', options.receiveBufferBytes ?? 4 * 1024 * 1024),
    sendBufferBytes: positive('sendBufferBytes', options.sendBufferBytes ?? 1024 * 1024),
    sendQueueBytes: positive('sendQueueBytes', options.sendQueueBytes ?? 4 * 1024 * 1024),
    rememberedPeers: positive('rememberedPeers', options.rememberedPeers ?? 32_768),
    reuseAddress: options.reuseAddress ?? false,
    ipv6Only: options.ipv6Only ?? false,
    multicast: settleMulticast(options.multicast, address, options.ipv6Only ?? false),
    log: options.log ?? silentLog,
    meter: options.meter ?? deafMeter,
  };
}

function chosenAdapter(name: string): UdpAdapter {
  const adapter = Object.values(UdpAdapter).find((known) => known === name);
  if (adapter === undefined) throw new RangeError(`a UDP adapter is auto, batched or portable, not "${name}"`);
  return adapter;
}

function positive(name: string, value: number): number {
  if (!Number.isInteger(value) || value < 1 || value > 0x7fffffff) {
    throw new RangeError(`${name} is a whole number from 1 to 2^31 - 1, not ${value}`);
  }
  return value;
}

function settleMulticast(
  multicast: MulticastOptions | undefined,
  address: SocketAddress,
  ipv6Only: boolean,
): MulticastOptions | undefined {
  if (!multicast) return undefined;
  for (const host of multicast.groups) {
    const group = socketAddress(host, address.port);
    if (!isGroup(group)) throw new RangeError(`${host} is not a multicast address`);
    // Answers leave through the unicast socket: it must be able to reach who asks.
    const reachable = group.family === 4 ? address.family === 4 || !ipv6Only : address.family === 6;
    if (!reachable) throw new RangeError(`a socket on ${address.host} cannot answer what comes by the group ${host}`);
  }
  return multicast;
}

/** RFC 5771: 224.0.0.0/4. RFC 4291 §2.7: ff00::/8. */
function isGroup(address: SocketAddress): boolean {
  if (address.family === 6) return address.host.startsWith('ff');
  const first = Number.parseInt(address.host, 10);
  return first >= 224 && first <= 239;
}
