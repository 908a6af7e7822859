import { constants } from 'node:os';
import { type DatagramListener, type Peer, type SocketAddress, socketAddress } from '@yaolian/kernel';
import { openError, runtimeErrors, SystemCallError, systemErrorCode } from '../errors.ts';
import { batchMemory } from './batch-memory.ts';
import { BatchedSender } from './batched-sender.ts';
import {
  addressSocket,
  bound,
  closed,
  grantedBytes,
  plainBytes,
  type RemoteInfo,
  type Socket,
} from './dgram-socket.ts';
import { type GroupSockets, openGroupSockets, sendGroupsThrough } from './group-sockets.ts';
import { largestDatagram, type MessageArray } from './message-array.ts';
import { NamedPeers } from './named-peers.ts';
import { type SocketCalls, SocketOption } from './socket-calls.ts';
import { decodePort, encodeName, NamedPeer, nameLayout, nameStride } from './socket-name.ts';
import { UdpInstruments } from './udp-instruments.ts';
import type { UdpPort, UdpPortSettings } from './udp-port.ts';

const { EAFNOSUPPORT, EAGAIN, EINTR, EMSGSIZE } = constants.errno;

/** Opens a port that reads and writes many datagrams with one system call. */
export async function openBatchedUdpPort(settings: UdpPortSettings, calls: SocketCalls): Promise<UdpPort> {
  const { address } = settings;
  const { fd, name } = openDescriptor(settings, calls);
  const socket = addressSocket(address.family);
  try {
    await bound(socket, (unbound) => unbound.bind({ fd, exclusive: true }));
  } catch (error) {
    calls.close(fd);
    throw openError(address.key, error);
  }
  const localAddress = socketAddress(address.host, decodePort(name, 0));
  const port = new BatchedUdpPort(socket, fd, localAddress, settings, calls);
  try {
    await port.joinGroups();
  } catch (error) {
    await port.close();
    throw error;
  }
  return port;
}

function openDescriptor(settings: UdpPortSettings, calls: SocketCalls): { fd: number; name: Int32Array } {
  const { address, reuseAddress, ipv6Only } = settings;
  const name = new Int32Array(nameLayout[6].words);
  if (!encodeName(address.host, address.port, address.family, name, 0, calls)) {
    throw runtimeErrors.UDP_ADDRESS_UNAVAILABLE(address.key);
  }
  try {
    const opened = calls.open({ family: address.family, name, reuseAddress, ipv6Only });
    setBuffer(
      calls,
      opened.fd,
      SocketOption.ReceiveBufferForce,
      SocketOption.ReceiveBuffer,
      settings.receiveBufferBytes,
    );
    setBuffer(calls, opened.fd, SocketOption.SendBufferForce, SocketOption.SendBuffer, settings.sendBufferBytes);
    return opened;
  } catch (error) {
    throw openError(address.key, error);
  }
}

/** The forced option goes above the system's limit and wants privilege; the plain one is cut to the limit. */
function setBuffer(calls: SocketCalls, fd: number, forced: SocketOption, plain: SocketOption, bytes: number): void {
  try {
    calls.setOption(fd, forced, bytes);
  } catch {
    calls.setOption(fd, plain, bytes);
  }
}

class BatchedUdpPort implements UdpPort {
  readonly adapter = 'batched';
  readonly localAddress: SocketAddress;
  readonly receiveBufferBytes: number;
  readonly sendBufferBytes: number;
  readonly #family: 4 | 6;
  readonly #settings: UdpPortSettings;
  readonly #calls: SocketCalls;
  readonly #fd: number;
  readonly #socket: Socket;
  readonly #instruments: UdpInstruments;
  readonly #peers: NamedPeers;
  readonly #incoming: MessageArray;
  readonly #sender: BatchedSender;
  #groups: GroupSockets | undefined;
  #listener: DatagramListener | undefined;
  #closing: Promise<void> | undefined;
  /** While a received batch is handed out its answers are collected. */
  #handingOut = false;
  #flushPlanned = false;

  constructor(socket: Socket, fd: number, localAddress: SocketAddress, settings: UdpPortSettings, calls: SocketCalls) {
    const { address, meter, log } = settings;
    this.#socket = socket;
    this.#fd = fd;
    this.#settings = settings;
    this.#calls = calls;
    this.#family = address.family;
    this.localAddress = localAddress;
    this.#instruments = new UdpInstruments(localAddress, meter, log);
    this.receiveBufferBytes = this.#granted('receive', SocketOption.ReceiveBuffer, settings.receiveBufferBytes);
    this.sendBufferBytes = this.#granted('send', SocketOption.SendBuffer, settings.sendBufferBytes);
    this.#instruments.watchDrops(() => (this.#closing ? undefined : calls.drops(fd)));
    this.#peers = new NamedPeers(this.#family, settings.rememberedPeers, calls);
    this.#incoming = batchMemory(this.#family, calls).incoming;
    this.#sender = this.#makeSender();
    socket.on('message', (datagram, from) => this.#readable(datagram, from));
    socket.on('error', (error) => this.#instruments.receiveError(error));
  }

  async joinGroups(): Promise<void> {
    const { multicast, log } = this.#settings;
    if (multicast) {
      sendGroupsThrough(multicast, this.#socket, this.#family);
      // A socket bound to all addresses hears every group that anybody on the machine joined, unless told otherwise (ip(7)).
      this.#trySet(SocketOption.IPv4MulticastAll, 0);
      if (this.#family === 6) this.#trySet(SocketOption.IPv6MulticastAll, 0);
      // The groups' sockets share the port number; both sides must allow it while they are opened.
      this.#calls.setOption(this.#fd, SocketOption.ReuseAddress, 1);
      this.#groups = await openGroupSockets(multicast, this.localAddress.port, log, (datagram, from) =>
        this.#hearGroup(datagram, from),
      );
    }
    // dgram allows others to take the address of a socket handed to it: that is ours to decide.
    this.#calls.setOption(this.#fd, SocketOption.ReuseAddress, this.#settings.reuseAddress ? 1 : 0);
  }

  listen(listener: DatagramListener): void {
    this.#listener = listener;
  }

  send(datagram: Uint8Array, to: Peer): void {
    if (this.#closing) return;
    const address = to.address;
    const peer =
      address instanceof NamedPeer && address.nameFamily === this.#family ? address : this.#peers.named(address);
    if (peer === undefined) {
      this.#failed(new SystemCallError('sendmmsg', EAFNOSUPPORT), address);
      return;
    }
    if (datagram.length > largestDatagram) {
      this.#failed(new SystemCallError('sendmmsg', EMSGSIZE), address);
      return;
    }
    this.#sender.add(datagram, peer);
    if (!this.#handingOut && !this.#flushPlanned) {
      this.#flushPlanned = true;
      queueMicrotask(this.#flush);
    }
  }

  close(): Promise<void> {
    if (this.#closing) return this.#closing;
    this.#sender.flush();
    this.#sender.close();
    this.#listener = undefined;
    this.#closing = Promise.all([closed(this.#socket), this.#groups?.close()]).then(() => {});
    return this.#closing;
  }

  readonly #flush = (): void => {
    this.#flushPlanned = false;
    if (!this.#closing) this.#sender.flush();
  };

  /** dgram read one datagram, so there may be more: they are read together, and what is answered on the spot goes out together. */
  #readable(first: Buffer, from: RemoteInfo): void {
    this.#handingOut = true;
    try {
      this.#instruments.received.add();
      const peer = this.#peers.at(from.address, from.port);
      if (peer) this.#listener?.onDatagram(plainBytes(first), peer, false);
      if (!this.#closing) this.#receiveRest();
    } finally {
      this.#handingOut = false;
      this.#flush();
    }
  }

  // No loop: libuv calls again for what is left, at most 32 times before it turns to timers and other sockets.
  #receiveRest(): void {
    const incoming = this.#incoming;
    const count = this.#calls.receive(this.#fd, incoming.address, incoming.length);
    if (count <= 0) {
      if (count !== -EAGAIN && count !== -EINTR) {
        this.#instruments.receiveError(new SystemCallError('recvmmsg', -count));
      }
      return;
    }
    this.#instruments.received.add(count);
    for (let i = 0; i < count; i++) {
      const listener = this.#listener; // it may close the port
      if (listener === undefined) return;
      listener.onDatagram(incoming.takePayload(i), this.#peers.find(incoming.names, i * nameStride), false);
    }
  }

  #hearGroup(datagram: Buffer, from: RemoteInfo): void {
    this.#instruments.received.add();
    const peer = this.#peers.at(from.address, from.port);
    if (peer) this.#listener?.onDatagram(plainBytes(datagram), peer, true);
  }

  #makeSender(): BatchedSender {
    return new BatchedSender({
      calls: this.#calls,
      fd: this.#fd,
      socket: this.#socket,
      family: this.#family,
      batch: batchMemory(this.#family, this.#calls).outgoing,
      queueBytes: this.#settings.sendQueueBytes,
      onSent: (count) => this.#instruments.sent.add(count),
      onFailed: (error, to) => this.#failed(error, to),
      onFull: (to) => this.#refuse(runtimeErrors.UDP_SEND_QUEUE_FULL(to.key), 'queue full', to),
    });
  }

  #failed(error: Error, to: SocketAddress): void {
    const reason = systemErrorCode(error);
    this.#refuse(runtimeErrors.UDP_SEND_FAILED(to.key, reason, error), reason, to);
  }

  #refuse(error: Error, reason: string, to: SocketAddress): void {
    this.#instruments.countSendError(reason);
    queueMicrotask(() => this.#listener?.onSendError?.(error, to));
  }

  #granted(name: 'receive' | 'send', option: SocketOption, asked: number): number {
    const granted = grantedBytes(this.#calls.getOption(this.#fd, option) ?? 0);
    this.#instruments.checkBuffer(name, asked, granted);
    return granted;
  }

  #trySet(option: SocketOption, value: number): void {
    try {
      this.#calls.setOption(this.#fd, option, value);
    } catch (error) {
      this.#settings.log.debug('the kernel does not know a socket option', { option, reason: systemErrorCode(error) });
    }
  }
}
