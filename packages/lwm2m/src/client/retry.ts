import { type Duration, hours, milliseconds, type Random, seconds } from '@yaolian/kernel';
import { numberOf } from './accounts.ts';
import type { ObjectInstance } from './object-instance.ts';

/** How long to wait before trying again what a server refused or did not answer. */
export interface RetryPolicy {
  /** Before the second attempt. Doubles with every further one. Default 60 s (LwM2M Core 1.1 §6.2.1.2, Communication Retry Timer). */
  readonly initialDelay?: Duration;
  /** No wait is longer, except where the server asks for more. Default 1 h. */
  readonly maximumDelay?: Duration;
  /** Up to this share is added to each wait by chance, so that a crowd does not come back together. Default 0.5. */
  readonly jitter?: number;
  /**
   * A terminal whose connection was lost (TCP, TLS, WebSockets) comes back within this time, at a moment of chance, so that the
   * terminals of a server that restarts do not come all at once. Default 5 s.
   */
  readonly reconnectWithin?: Duration;
  /** Attempts on one server before the terminal bootstraps again, if it can. Default 5. */
  readonly attemptsBeforeBootstrap?: number;
}

export const retryDefaults: Required<RetryPolicy> = {
  initialDelay: seconds(60),
  maximumDelay: hours(1),
  jitter: 0.5,
  reconnectWithin: seconds(5),
  attemptsBeforeBootstrap: 5,
};

/** Communication Sequence Delay Timer (LwM2M Core 1.1 §6.2.1.2), where the Server object says nothing. */
const defaultSequenceDelay = hours(24);

/**
 * The wait after the `failures`-th failure in a row (1 is the first).
 * @param atLeast what the server asked for: Max-Age of a 5.03 (RFC 7252 §5.9.3.4) or a 4.29 (RFC 8516 §3)
 */
export function retryDelay(
  policy: Required<RetryPolicy>,
  failures: number,
  random: Random,
  atLeast: Duration = milliseconds(0),
): Duration {
  const doubled = policy.initialDelay * 2 ** Math.min(failures - 1, 30);
  const base = Math.max(Math.min(doubled, policy.maximumDelay), atLeast);
  return milliseconds(base * (1 + policy.jitter * random.fraction()));
}

/** How the Server object of LwM2M 1.1 (resources 16 to 20) changes the retries of registration with that server. */
export interface ServerRetryPolicy {
  readonly policy: Required<RetryPolicy>;
  readonly mayBootstrap: boolean;
  /** The wait after a sequence of attempts that is not the last. */
  readonly sequenceDelay: Duration;
  /** The wait after the last sequence; undefined: as after any other attempt, since the specification ends here. */
  readonly lastDelay: Duration | undefined;
  /** Sequences before the terminal bootstraps again. */
  readonly sequences: number;
}

export function serverRetryPolicy(policy: Required<RetryPolicy>, server: ObjectInstance): ServerRetryPolicy {
  const count = numberOf(server, 17);
  const timer = numberOf(server, 18);
  const told = numberOf(server, 19);
  const lastDelay = told === undefined ? undefined : seconds(told);
  return {
    policy: {
      ...policy,
      ...(timer === undefined ? {} : { initialDelay: seconds(timer) }),
      ...(count === undefined ? {} : { attemptsBeforeBootstrap: Math.max(1, count) }),
    },
    mayBootstrap: server.value(16) !== false,
    sequenceDelay: lastDelay ?? defaultSequenceDelay,
    lastDelay,
    sequences: Math.max(1, numberOf(server, 20) ?? 1),
  };
}
