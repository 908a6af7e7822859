import type { Clock, Log, Peer } from '@yaolian/kernel';
import type { BlockSize } from '../block-option.ts';
import type { DeadlineQueue } from '../deadline-queue.ts';
import type { TapSlot } from '../message-tap.ts';
import type { MessageReceiver } from '../messaging.ts';
import type { StreamConnection } from './connection.ts';
import type { Signal } from './signaling.ts';
import type { StreamMetrics } from './stream-metrics.ts';
import type { StreamBounds, StreamTiming } from './stream-options.ts';

/** What a connection needs of the endpoint that has it. */
export interface ConnectionHost {
  readonly clock: Clock;
  readonly log: Log;
  readonly deadlines: DeadlineQueue;
  readonly metrics: StreamMetrics;
  readonly tap: TapSlot;
  readonly bounds: StreamBounds;
  readonly timing: StreamTiming;
  readonly maximumOptions: number;
  readonly blockSize: BlockSize | undefined;
  readonly receiver: MessageReceiver;
  /** A token for a Ping. */
  newToken(): Uint8Array;
  /** Undefined when the peer may ask; else the seconds after which it may. */
  refuses(peer: Peer): number | undefined;
  /** More or fewer bytes are buffered. False when that is too much for all connections together. */
  buffered(change: number): boolean;
  /** The peer's CSM came: requests may go. */
  onReady(connection: StreamConnection): void;
  /** The peer wants the connection to end (RFC 8323 §5.5): nothing new goes over it. */
  onRelease(connection: StreamConnection, notice: Extract<Signal, { kind: 'release' }>): void;
  /** It is over, once. The stream may still be sending what it was given. */
  onEnded(connection: StreamConnection, why: string): void;
  /** The stream is closed, and nothing is left of it. */
  onGone(connection: StreamConnection): void;
}
