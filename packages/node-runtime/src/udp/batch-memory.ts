import type { BatchedSender } from './batched-sender.ts';
import { MessageArray } from './message-array.ts';
import type { SocketCalls } from './socket-calls.ts';
import { type NamedPeer, nameLayout } from './socket-name.ts';

/** Datagrams that one system call carries at most. */
const batchSize = 64;

/** Datagrams that are filled in and not sent yet, all of one sender. */
export interface OutgoingBatch {
  readonly messages: MessageArray;
  /** To whom, for reports of failure. */
  readonly peers: (NamedPeer | undefined)[];
  filled: number;
  sender: BatchedSender | undefined;
}

/** What system calls read and write: 8 MB of addresses, of which only what datagrams touched becomes memory. */
export interface BatchMemory {
  readonly incoming: MessageArray;
  readonly outgoing: OutgoingBatch;
}

const memories: { 4?: BatchMemory; 6?: BatchMemory } = {};

/**
 * The memory for sockets of a family. All of them share it, so that a process may have thousands: a received batch is
 * handed out before anything else is read, and a sender that has to wait takes its datagrams out.
 */
export function batchMemory(family: 4 | 6, calls: Pick<SocketCalls, 'addressOf'>): BatchMemory {
  const array = () => new MessageArray(batchSize, nameLayout[family].bytes, (memory) => calls.addressOf(memory));
  memories[family] ??= {
    incoming: array(),
    outgoing: {
      messages: array(),
      peers: new Array<NamedPeer | undefined>(batchSize).fill(undefined),
      filled: 0,
      sender: undefined,
    },
  };
  return memories[family];
}
