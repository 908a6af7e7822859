import type { Duration } from '@yaolian/kernel';
import type { OperationName } from './device-management.ts';

/**
 * - `stopped`: not started, or closed
 * - `bootstrapping`: asking a Bootstrap-Server for accounts
 * - `registering`: on the way to a server
 * - `registered`: at least one server has us
 * - `waiting`: refused or not answered, until the next attempt
 * - `disabled`: sent away by a server (Disable) for a while
 * - `offline`: airplane mode
 */
export type ClientState =
  | 'stopped'
  | 'bootstrapping'
  | 'registering'
  | 'registered'
  | 'waiting'
  | 'disabled'
  | 'offline';

/** Why something did not work: what the peer answered, or that it did not. */
export interface FailureReason {
  /** The peer's answer; undefined when there was none. */
  readonly code: number | undefined;
  /** A stable word for counting: `4.03`, `timeout`, `reset`, `unreachable`, `no-location`, `inconsistent`. */
  readonly reason: string;
  /** What to show a person. */
  readonly message: string;
}

/** The server that an event is about: its Short Server ID and URI. */
export interface ServerName {
  readonly shortServerId: number;
  readonly uri: string;
}

/** Everything that happens to a client, as it happens. Latencies are from the first transmission to the answer. */
export type ClientEvent =
  | { readonly type: 'state'; readonly state: ClientState }
  /** In queue mode: whether it listens. */
  | { readonly type: 'awake' | 'asleep' }
  | { readonly type: 'bootstrap-started'; readonly uri: string }
  | { readonly type: 'bootstrap-finished'; readonly uri: string; readonly latency: Duration }
  | {
      readonly type: 'bootstrap-failed';
      readonly uri: string;
      readonly failure: FailureReason;
      readonly retryIn: Duration | undefined;
    }
  | {
      /** Bootstrap from Smartcard: `applied` what is on the card, `removed` what was on one that is gone, `refused` what makes no sense. */
      readonly type: 'smartcard';
      readonly outcome: 'applied' | 'removed' | 'refused';
      /** Why it was refused, for people. */
      readonly reason: string | undefined;
    }
  | {
      readonly type: 'registered';
      readonly server: ServerName;
      /** The path segments that Update and De-register go to. */
      readonly location: readonly string[];
      readonly latency: Duration;
    }
  | {
      readonly type: 'registration-failed';
      readonly server: ServerName;
      readonly failure: FailureReason;
      readonly retryIn: Duration;
    }
  | { readonly type: 'updated'; readonly server: ServerName; readonly latency: Duration }
  | { readonly type: 'update-failed'; readonly server: ServerName; readonly failure: FailureReason }
  | {
      /** The terminal has another certificate for a server, and registers with it. */
      readonly type: 'certificate-renewed';
      readonly server: ServerName;
      /** When it ends, in milliseconds since 1970. */
      readonly notAfter: number | undefined;
    }
  | {
      readonly type: 'renewal-failed';
      readonly server: ServerName;
      readonly failure: FailureReason;
      readonly retryIn: Duration;
    }
  | {
      readonly type: 'deregistered';
      readonly server: ServerName;
      /** Undefined when the server confirmed it; it counts as done either way. */
      readonly failure: FailureReason | undefined;
    }
  | {
      readonly type: 'operation';
      readonly server: ServerName | 'bootstrap';
      readonly operation: OperationName | 'bootstrap-finish' | 'bootstrap-pack';
      readonly path: string;
      readonly code: number;
    }
  | { readonly type: 'observation-started'; readonly server: ServerName; readonly path: string }
  | { readonly type: 'observation-ended'; readonly server: ServerName; readonly path: string }
  | { readonly type: 'notified'; readonly server: ServerName; readonly path: string }
  | {
      readonly type: 'sent';
      readonly server: ServerName;
      readonly result: 'accepted' | 'muted' | 'failed';
      readonly failure: FailureReason | undefined;
    };
