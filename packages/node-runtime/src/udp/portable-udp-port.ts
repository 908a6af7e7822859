import type { DatagramListener, Peer, SocketAddress } from '@yaolian/kernel';
import { socketAddress } from '@yaolian/kernel';
import { openError, runtimeErrors, systemErrorCode } from '../errors.ts';
import {
  addressSocket,
  bindTo,
  bound,
  closed,
  grantedBytes,
  plainBytes,
  type RemoteInfo,
  type Socket,
} from './dgram-socket.ts';
import { deafenToGroups, type GroupSockets, openGroupSockets, sendGroupsThrough } from './group-sockets.ts';
import { dgramHost, TextPeer, TextPeers } from './text-peers.ts';
import { UdpInstruments } from './udp-instruments.ts';
import type { UdpPort, UdpPortSettings } from './udp-port.ts';

/** Opens a port over `node:dgram`. */
export async function openPortableUdpPort(settings: UdpPortSettings): Promise<UdpPort> {
  const { address, multicast } = settings;
  // A group's socket shares the port number with one that is bound to all addresses only when both allow it.
  const shared = multicast !== undefined && multicast.groups.length > 0 && isWildcard(address);
  const socket = addressSocket(address.family, {
    reuseAddr: settings.reuseAddress || shared,
    ipv6Only: settings.ipv6Only,
    recvBufferSize: settings.receiveBufferBytes,
    sendBufferSize: settings.sendBufferBytes,
  });
  try {
    await bound(socket, bindTo(address));
  } catch (error) {
    throw openError(address.key, error);
  }
  const port = new PortableUdpPort(socket, settings);
  try {
    await port.joinGroups();
  } catch (error) {
    await port.close();
    throw error;
  }
  return port;
}

function isWildcard(address: SocketAddress): boolean {
  return address.host === '0.0.0.0' || address.host === '::';
}

/** Asking for the length of dgram's queue costs a call: it is worth it only when many sends are unfinished. */
const unfinishedBeforeLooking = 256;

class PortableUdpPort implements UdpPort {
  readonly adapter = 'portable';
  readonly localAddress: SocketAddress;
  readonly receiveBufferBytes: number;
  readonly sendBufferBytes: number;
  readonly #family: 4 | 6;
  readonly #settings: UdpPortSettings;
  readonly #socket: Socket;
  readonly #instruments: UdpInstruments;
  readonly #peers: TextPeers;
  #groups: GroupSockets | undefined;
  #listener: DatagramListener | undefined;
  #closing: Promise<void> | undefined;
  /** Sends whose outcome is not told yet; nearly all of them are done. */
  #unfinished = 0;

  constructor(socket: Socket, settings: UdpPortSettings) {
    this.#socket = socket;
    this.#settings = settings;
    this.#family = settings.address.family;
    this.localAddress = socketAddress(settings.address.host, socket.address().port);
    this.receiveBufferBytes = grantedBytes(socket.getRecvBufferSize());
    this.sendBufferBytes = grantedBytes(socket.getSendBufferSize());
    this.#instruments = new UdpInstruments(this.localAddress, settings.meter, settings.log);
    this.#instruments.checkBuffer('receive', settings.receiveBufferBytes, this.receiveBufferBytes);
    this.#instruments.checkBuffer('send', settings.sendBufferBytes, this.sendBufferBytes);
    this.#peers = new TextPeers(this.#family, settings.rememberedPeers);
    socket.on('message', (datagram, from) => this.#receive(datagram, from, false));
    socket.on('error', (error) => this.#instruments.receiveError(error));
  }

  async joinGroups(): Promise<void> {
    const { multicast, log } = this.#settings;
    if (!multicast) return;
    sendGroupsThrough(multicast, this.#socket, this.#family);
    this.#groups = await openGroupSockets(multicast, this.localAddress.port, log, (datagram, from) =>
      this.#receive(datagram, from, true),
    );
    if (isWildcard(this.localAddress)) deafenToGroups(this.#socket, this.#groups, log);
  }

  listen(listener: DatagramListener): void {
    this.#listener = listener;
  }

  send(datagram: Uint8Array, to: Peer): void {
    if (this.#closing) return;
    const address = to.address;
    if (this.#unfinished > unfinishedBeforeLooking && this.#isQueueFull(datagram.length)) {
      this.#refuse(runtimeErrors.UDP_SEND_QUEUE_FULL(address.key), 'queue full', address);
      return;
    }
    const host =
      address instanceof TextPeer && address.socketFamily === this.#family
        ? address.dgramHost
        : dgramHost(address, this.#family);
    this.#unfinished++;
    try {
      this.#socket.send(datagram, address.port, host, this.#onSent);
    } catch (error) {
      this.#unfinished--;
      this.#failed(error as Error, address); // a port of 0, for one
    }
  }

  close(): Promise<void> {
    this.#closing ??= Promise.all([closed(this.#socket), this.#groups?.close()]).then(() => {});
    this.#listener = undefined;
    return this.#closing;
  }

  #receive(datagram: Buffer, from: RemoteInfo, multicast: boolean): void {
    this.#instruments.received.add();
    this.#listener?.onDatagram(plainBytes(datagram), this.#peers.find(from.address, from.port), multicast);
  }

  /** One function for all datagrams: dgram's error says which one it was. */
  readonly #onSent = (error: (Error & { address?: string; port?: number }) | null): void => {
    this.#unfinished--;
    if (error === null) this.#instruments.sent.add();
    else if (error.address !== undefined) this.#failed(error, this.#peers.find(error.address, error.port ?? 0));
  };

  #isQueueFull(bytes: number): boolean {
    return this.#socket.getSendQueueSize() + bytes > this.#settings.sendQueueBytes;
  }

  #failed(error: Error, to: SocketAddress): void {
    const reason = systemErrorCode(error);
    this.#refuse(runtimeErrors.UDP_SEND_FAILED(to.key, reason, error), reason, to);
  }

  #refuse(error: Error, reason: string, to: SocketAddress): void {
    this.#instruments.countSendError(reason);
    queueMicrotask(() => this.#listener?.onSendError?.(error, to));
  }
}
