import type { ResponseCode } from '@yaolian/coap';
import type { Duration, SocketAddress } from '@yaolian/kernel';
import type { DiscoveredLink } from '../formats/index.ts';
import type { Lwm2mNode } from '../node.ts';
import type { Lwm2mPath } from '../path.ts';
import type { RefusedEvent } from '../server/events.ts';

export type BootstrapOperation = 'delete' | 'discover' | 'read' | 'write' | 'finish' | 'pack';

/**
 * What became of a step.
 * - `done`: the terminal agreed
 * - `retried`: it refused this form, and another was tried
 * - `refused`: it refused; the session went on
 * - `failed`: it could not be asked
 */
export type BootstrapStepOutcome = 'done' | 'retried' | 'refused' | 'failed';

/** One request to the terminal, or the pack that it was given when it asked for one. */
export interface BootstrapStep {
  readonly operation: BootstrapOperation;
  readonly path: Lwm2mPath;
  /** Of a write. */
  readonly contentFormat: number | undefined;
  readonly outcome: BootstrapStepOutcome;
  /** What it answered; undefined when it did not. */
  readonly code: ResponseCode | undefined;
  /** What it said to its refusal, or the stable code of the error: `COAP_TIMEOUT`, … */
  readonly detail: string;
  /** What Bootstrap-Discover found. */
  readonly links?: readonly DiscoveredLink[];
  /** What Bootstrap-Read read. */
  readonly node?: Lwm2mNode;
}

/**
 * How a session ended.
 * - `succeeded`: everything was agreed to
 * - `incomplete`: Finish was agreed to, but not every step before it
 * - `inconsistent`: 4.06 to Finish: the terminal does not like what it was told
 * - `refused`: another refusal of Finish
 * - `lost`: the terminal did not answer any more
 * - `restarted`: it asked for bootstrap again meanwhile
 * - `closed`: the server was closed
 */
export type BootstrapOutcome =
  | 'succeeded'
  | 'incomplete'
  | 'inconsistent'
  | 'refused'
  | 'lost'
  | 'restarted'
  | 'closed';

interface OfSession {
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly endpoint: string;
  readonly deviceKey: string;
  readonly address: SocketAddress;
}

export interface BootstrapStartedEvent extends OfSession {
  readonly type: 'bootstrap-started';
}

export interface BootstrapStepEvent extends OfSession {
  readonly type: 'bootstrap-step';
  readonly step: BootstrapStep;
}

export interface BootstrapFinishedEvent extends OfSession {
  readonly type: 'bootstrap-finished';
  readonly outcome: BootstrapOutcome;
  /** Everything that was asked, in order. */
  readonly steps: readonly BootstrapStep[];
  readonly duration: Duration;
}

export type BootstrapEvent = BootstrapStartedEvent | BootstrapStepEvent | BootstrapFinishedEvent | RefusedEvent;
