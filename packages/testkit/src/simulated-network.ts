import {
  type DatagramListener,
  type DatagramPort,
  type Duration,
  milliseconds,
  type Peer,
  type Random,
  type SocketAddress,
  socketAddress,
  type Timers,
} from '@yaolian/kernel';

export interface NetworkConditions {
  /** Share of datagrams that never arrive, 0 to 1. */
  readonly loss?: number;
  /** Share of datagrams that arrive twice. */
  readonly duplication?: number;
  /** Share of datagrams held back by up to ten times the latency, so that later ones overtake them. */
  readonly reordering?: number;
  /** One way. Default 1 ms. */
  readonly latency?: Duration;
  /** Datagrams longer than this are dropped. Default 65507. */
  readonly mtu?: number;
}

/** One datagram on its way, as {@link SimulatedNetwork.watch} sees it. */
export interface Passage {
  readonly from: SocketAddress;
  readonly to: SocketAddress;
  readonly datagram: Uint8Array;
}

/** A network in virtual time: ports, multicast groups, and everything that goes wrong on the way, by seed. */
export class SimulatedNetwork {
  readonly #timers: Timers;
  readonly #random: Random;
  readonly #ports = new Map<string, SimulatedPort>();
  readonly #groups = new Map<string, Set<SimulatedPort>>();
  readonly #watchers: ((passage: Passage) => 'drop' | undefined)[] = [];
  conditions: NetworkConditions;

  constructor(options: { readonly timers: Timers; readonly random: Random; readonly conditions?: NetworkConditions }) {
    this.#timers = options.timers;
    this.#random = options.random;
    this.conditions = options.conditions ?? {};
  }

  /** Opens a port. @throws Error when the address is taken. */
  port(host: string, port: number): DatagramPort & { joinGroup(host: string): void } {
    const address = socketAddress(host, port);
    if (this.#ports.has(address.key)) throw new Error(`${address.key} is in use`);
    const opened = new SimulatedPort(this, address);
    this.#ports.set(address.key, opened);
    return opened;
  }

  /** Sees every datagram as it is sent, before loss. Returning `'drop'` loses it. */
  watch(watcher: (passage: Passage) => 'drop' | undefined): void {
    this.#watchers.push(watcher);
  }

  /** @internal */
  join(port: SimulatedPort, host: string): void {
    const group = socketAddress(host, port.localAddress.port).key;
    const members = this.#groups.get(group) ?? new Set();
    this.#groups.set(group, members.add(port));
  }

  /** @internal */
  leave(port: SimulatedPort): void {
    this.#ports.delete(port.localAddress.key);
    for (const members of this.#groups.values()) members.delete(port);
  }

  /** @internal */
  transmit(datagram: Uint8Array, from: SocketAddress, to: SocketAddress): void {
    let dropped = false;
    for (const watcher of this.#watchers) if (watcher({ from, to, datagram }) === 'drop') dropped = true;
    if (dropped || datagram.length > (this.conditions.mtu ?? 65_507)) return;
    const members = this.#groups.get(to.key);
    if (members) {
      for (const member of members) if (member.localAddress.key !== from.key) this.#carry(datagram, from, member, true);
      return;
    }
    const copies = this.#happens(this.conditions.duplication) ? 2 : 1;
    for (let copy = 0; copy < copies; copy++) this.#carry(datagram, from, to, false);
  }

  #carry(datagram: Uint8Array, from: SocketAddress, to: SocketAddress | SimulatedPort, multicast: boolean): void {
    if (this.#happens(this.conditions.loss)) return;
    const latency = this.conditions.latency ?? milliseconds(1);
    const delay = this.#happens(this.conditions.reordering) ? latency * (1 + 9 * this.#random.fraction()) : latency;
    const bytes = datagram.slice();
    this.#timers.schedule(milliseconds(delay), () => {
      const port = to instanceof SimulatedPort ? to : this.#ports.get(to.key);
      port?.deliver(bytes, from, multicast);
    });
  }

  #happens(share: number | undefined): boolean {
    return share !== undefined && share > 0 && this.#random.fraction() < share;
  }
}

class SimulatedPort implements DatagramPort {
  readonly localAddress: SocketAddress;
  readonly #network: SimulatedNetwork;
  readonly #peers = new Map<string, SocketAddress>();
  #listener: DatagramListener | undefined;
  #closed = false;

  constructor(network: SimulatedNetwork, localAddress: SocketAddress) {
    this.#network = network;
    this.localAddress = localAddress;
  }

  listen(listener: DatagramListener): void {
    this.#listener = listener;
  }

  send(datagram: Uint8Array, to: Peer): void {
    if (!this.#closed) this.#network.transmit(datagram, this.localAddress, to.address);
  }

  joinGroup(host: string): void {
    this.#network.join(this, host);
  }

  close(): Promise<void> {
    this.#closed = true;
    this.#listener = undefined;
    this.#network.leave(this);
    return Promise.resolve();
  }

  deliver(datagram: Uint8Array, from: SocketAddress, multicast: boolean): void {
    if (this.#closed) return;
    const known = this.#peers.get(from.key);
    if (!known) this.#peers.set(from.key, from);
    this.#listener?.onDatagram(datagram, known ?? from, multicast);
  }
}
