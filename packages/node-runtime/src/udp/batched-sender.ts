import { constants } from 'node:os';
import { SystemCallError } from '../errors.ts';
import type { OutgoingBatch } from './batch-memory.ts';
import type { Socket } from './dgram-socket.ts';
import { headerBytes } from './message-array.ts';
import type { SocketCalls } from './socket-calls.ts';
import { type NamedPeer, nameStride } from './socket-name.ts';
import { dgramHost } from './text-peers.ts';

const { EAGAIN, EINTR } = constants.errno;

/** What a waiting datagram costs beside its bytes. */
const waitingOverhead = 128;

export interface BatchedSenderOptions {
  readonly calls: SocketCalls;
  /** The socket, and dgram's own face of it, which can wait until it is writable. */
  readonly fd: number;
  readonly socket: Socket;
  readonly family: 4 | 6;
  readonly batch: OutgoingBatch;
  /** Bytes that wait at most while the kernel takes no more. */
  readonly queueBytes: number;
  readonly onSent: (count: number) => void;
  /** One datagram was refused. */
  readonly onFailed: (error: Error, to: NamedPeer) => void;
  /** One datagram was dropped because too many wait. */
  readonly onFull: (to: NamedPeer) => void;
}

interface Waiting {
  readonly datagram: Uint8Array;
  readonly to: NamedPeer;
}

/**
 * Collects datagrams and hands them to the kernel with one system call, in order. All senders of a process fill the same
 * batch: one that finds another's in it sends that off first.
 */
export class BatchedSender {
  readonly #options: BatchedSenderOptions;
  readonly #batch: OutgoingBatch;
  /** True until the kernel takes datagrams again; all that comes meanwhile waits behind. */
  #blocked = false;
  #waiting: Waiting[] = [];
  #waitingBytes = 0;
  #closed = false;

  constructor(options: BatchedSenderOptions) {
    this.#options = options;
    this.#batch = options.batch;
  }

  /** Adds a datagram to the batch, and sends the batch when that makes it full. */
  add(datagram: Uint8Array, to: NamedPeer): void {
    if (this.#blocked) {
      this.#wait(datagram, to);
      return;
    }
    const batch = this.#batch;
    if (batch.sender !== this) {
      batch.sender?.flush();
      batch.sender = this;
    }
    const index = batch.filled++;
    to.writeName(batch.messages.names, index * nameStride);
    batch.messages.setPayload(index, datagram);
    batch.peers[index] = to;
    if (batch.filled === batch.messages.length) this.flush();
  }

  /** Sends the batch, if it is ours. */
  flush(): void {
    const { messages, filled, sender } = this.#batch;
    if (sender !== this || filled === 0) return;
    this.#batch.filled = 0;
    let done = 0;
    while (done < filled && !this.#closed) {
      const result = this.#options.calls.send(this.#options.fd, messages.address + done * headerBytes, filled - done);
      if (result > 0) {
        this.#options.onSent(result);
        done += result;
      } else if (result === -EAGAIN) {
        this.#holdBack(done, filled);
        return;
      } else if (result !== -EINTR) {
        // The first of those left is the one that was refused (sendmmsg(2)): the others get their chance.
        this.#options.onFailed(new SystemCallError('sendmmsg', -result), this.#batch.peers[done]!);
        done++;
      }
    }
  }

  close(): void {
    this.#closed = true;
    this.#waiting = [];
    if (this.#batch.sender !== this) return;
    this.#batch.sender = undefined;
    this.#batch.filled = 0;
  }

  #wait(datagram: Uint8Array, to: NamedPeer): void {
    const cost = datagram.length + waitingOverhead;
    if (this.#waitingBytes + cost > this.#options.queueBytes) {
      this.#options.onFull(to);
      return;
    }
    this.#waitingBytes += cost;
    this.#waiting.push({ datagram, to });
  }

  /** Puts what the kernel did not take in front of what waits. */
  #holdBack(from: number, to: number): void {
    const held: Waiting[] = [];
    for (let i = from; i < to; i++) {
      const datagram = this.#batch.messages.copyOutgoing(i);
      this.#waitingBytes += datagram.length + waitingOverhead;
      held.push({ datagram, to: this.#batch.peers[i]! });
    }
    this.#waiting = held.concat(this.#waiting);
    this.#blocked = true;
    this.#sendWhenWritable();
  }

  /** Only libuv can wait for room in the send buffer: the first that waits goes that way, and its success says go on. */
  #sendWhenWritable(): void {
    const first = this.#take();
    if (!first) return;
    const host = dgramHost(first.to, this.#options.family);
    this.#options.socket.send(first.datagram, first.to.port, host, (error) => {
      if (this.#closed) return;
      if (error) this.#options.onFailed(error, first.to);
      else this.#options.onSent(1);
      this.#goOn();
    });
  }

  #goOn(): void {
    this.#blocked = false;
    while (!this.#blocked) {
      const next = this.#take();
      if (!next) break;
      this.add(next.datagram, next.to);
    }
    if (!this.#blocked) this.flush();
  }

  #take(): Waiting | undefined {
    const next = this.#waiting.shift();
    if (next) this.#waitingBytes -= next.datagram.length + waitingOverhead;
    return next;
  }
}
