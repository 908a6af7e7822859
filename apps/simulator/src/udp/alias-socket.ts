import { constants } from 'node:os';
import { type DatagramListener, type DatagramPort, type Peer, SocketAddress } from '@yaolian/kernel';
import type { AliasCalls } from './alias-calls.ts';
import { AliasMessages, aliasHeaderBytes, aliasPayloadCapacity } from './alias-messages.ts';

const batchSize = 64;
/** How long a wait for datagrams is before it looks whether the socket is to be closed, in milliseconds. */
const longestWait = 100;
const maximumPeers = 1024;

type Words = readonly [port: number, address: number];

/**
 * One UDP socket that is many terminals: each has an address of its own in 127.64.0.0/10, where every address is this
 * machine, and all have the same port. For servers on loopback; spares a file descriptor per terminal.
 */
export class AliasSocket {
  readonly #calls: AliasCalls;
  readonly #fd: number;
  readonly port: number;
  readonly #incoming: AliasMessages;
  readonly #outgoing: AliasMessages;
  readonly #ports = new Map<number, AliasPort>();
  readonly #peers = new Map<string, SocketAddress>();
  readonly #peerWords = new Map<string, Words>();
  #filled = 0;
  #flushing = false;
  #closing: (() => void) | undefined;
  #closed: Promise<void> | undefined;
  /** Datagrams that the kernel did not take. */
  sendFailures = 0;

  /** @throws Error when the socket cannot be opened */
  constructor(calls: AliasCalls) {
    this.#calls = calls;
    const { fd, port } = calls.open(8 * 1024 * 1024);
    this.#fd = fd;
    this.port = port;
    this.#incoming = new AliasMessages(batchSize, calls.addressOf);
    this.#outgoing = new AliasMessages(batchSize, calls.addressOf);
    this.#wait();
  }

  /** The port of terminal `index`, 0 to 4,194,302. */
  open(index: number): DatagramPort {
    const number = index + 1;
    const bytes = [127, 64 + (number >> 16), (number >> 8) & 255, number & 255];
    const address = new SocketAddress(4, bytes.join('.'), this.port);
    const port = new AliasPort(this, address, addressWord(bytes));
    this.#ports.set(port.word, port);
    return port;
  }

  /** @internal */
  forget(port: AliasPort): void {
    this.#ports.delete(port.word);
  }

  /** @internal */
  send(datagram: Uint8Array, from: number, to: SocketAddress): void {
    if (this.#closed || datagram.length > aliasPayloadCapacity) return;
    this.#outgoing.fill(this.#filled++, datagram, from, this.#wordsOf(to));
    if (this.#filled === batchSize) this.#flush();
    else if (!this.#flushing) {
      this.#flushing = true;
      queueMicrotask(() => {
        this.#flushing = false;
        this.#flush();
      });
    }
  }

  /** Resolves when the socket is closed. Ports that are open hear nothing any more. */
  close(): Promise<void> {
    this.#closed ??= new Promise<void>((resolve) => {
      this.#closing = () => {
        this.#calls.close(this.#fd);
        resolve();
      };
    });
    return this.#closed;
  }

  #flush(): void {
    const count = this.#filled;
    this.#filled = 0;
    let done = 0;
    while (done < count) {
      const sent = this.#calls.send(this.#fd, this.#outgoing.address + done * aliasHeaderBytes, count - done);
      if (sent > 0) done += sent;
      else if (sent !== -constants.errno.EINTR) {
        // Refused, or no room: lost, as datagrams are.
        this.sendFailures++;
        done++;
      }
    }
  }

  #wait(): void {
    this.#calls.waitReadable(this.#fd, longestWait, () => {
      if (this.#closing) {
        this.#closing();
        return;
      }
      this.#drain();
      this.#wait();
    });
  }

  #drain(): void {
    for (let round = 0; round < 16; round++) {
      this.#incoming.prepareToReceive(batchSize);
      const count = this.#calls.receive(this.#fd, this.#incoming.address, batchSize);
      for (let i = 0; i < count; i++) this.#deliver(i);
      if (count < batchSize) return;
    }
  }

  #deliver(index: number): void {
    const port = this.#ports.get(this.#incoming.destination(index));
    const payload = port && this.#incoming.payload(index);
    if (payload) port.deliver(payload, this.#peerOf(this.#incoming.peerWords(index)));
  }

  #peerOf([portWord, addressWord]: Words): SocketAddress {
    const key = `${portWord},${addressWord}`;
    const known = this.#peers.get(key);
    if (known) return known;
    const host = [0, 8, 16, 24].map((shift) => (addressWord >>> shift) & 255).join('.');
    const peer = new SocketAddress(4, host, ((portWord >>> 8) & 0xff00) | (portWord >>> 24));
    if (this.#peers.size < maximumPeers) this.#peers.set(key, peer);
    return peer;
  }

  #wordsOf({ key, host, port }: SocketAddress): Words {
    const known = this.#peerWords.get(key);
    if (known) return known;
    const words: Words = [2 | ((port & 0xff) << 24) | ((port >> 8) << 16), addressWord(host.split('.').map(Number))];
    if (this.#peerWords.size < maximumPeers) this.#peerWords.set(key, words);
    return words;
  }
}

/** Four bytes in network order, read as a little-endian word. */
function addressWord(bytes: readonly number[]): number {
  return bytes[0]! | (bytes[1]! << 8) | (bytes[2]! << 16) | (bytes[3]! << 24);
}

class AliasPort implements DatagramPort {
  readonly localAddress: SocketAddress;
  readonly word: number;
  readonly #socket: AliasSocket;
  #listener: DatagramListener | undefined;
  #open = true;

  constructor(socket: AliasSocket, localAddress: SocketAddress, word: number) {
    this.#socket = socket;
    this.localAddress = localAddress;
    this.word = word;
  }

  listen(listener: DatagramListener): void {
    this.#listener = listener;
  }

  deliver(datagram: Uint8Array, from: SocketAddress): void {
    this.#listener?.onDatagram(datagram, from, false);
  }

  send(datagram: Uint8Array, to: Peer): void {
    if (this.#open) this.#socket.send(datagram, this.word, to.address);
  }

  close(): Promise<void> {
    this.#open = false;
    this.#listener = undefined;
    this.#socket.forget(this);
    return Promise.resolve();
  }
}
