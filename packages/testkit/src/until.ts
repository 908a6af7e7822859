import { AssertionError } from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { type Duration, formatDuration, milliseconds, seconds, toMilliseconds } from '@yaolian/kernel';

export interface WaitOptions {
  /** How long it may take before the test fails: far beyond what a slow machine needs. Default 30 s. */
  readonly bound?: Duration;
  /** The time between two looks. Default 10 ms. */
  readonly interval?: Duration;
}

/** What a test waits for; a function where it is to say what was seen instead, asked when it is too late. */
export type WaitedFor = string | (() => string);

/** What was found: something. */
export type Found<T> = Exclude<NonNullable<T>, false | 0 | ''>;

/**
 * Looks until it finds something, by real time: for tests with real sockets, files and processes, which wait for a state and never sleep
 * and hope. Tests on a virtual clock advance that instead.
 * @param look false, undefined, null, 0 and '' mean: not yet; what it throws fails the test at once
 * @returns what it found
 * @throws AssertionError that names `what`, after `bound`
 */
export async function until<T>(
  look: () => T | Promise<T>,
  what: WaitedFor,
  { bound, interval = milliseconds(10) }: WaitOptions = {},
): Promise<Found<T>> {
  let isTooLate = false;
  const find = async () => {
    for (;;) {
      const found = await look();
      // Whoever waits was told already when it is too late.
      if (found || isTooLate) return found as Found<T>;
      await pause(toMilliseconds(interval));
    }
  };
  try {
    return await inTime(find(), what, bound);
  } finally {
    isTooLate = true;
  }
}

/**
 * Does something at once and again every 2 s, until what is awaited is there: for what may come too late once and is then due again, as an
 * Update of a terminal in queue mode, whose awake window may be over before a slow machine has sent all that waited.
 */
export async function insist<T>(act: () => void, awaited: Promise<T>, interval: Duration = seconds(2)): Promise<T> {
  const acting = setInterval(act, toMilliseconds(interval));
  try {
    act();
    return await awaited;
  } finally {
    clearInterval(acting);
  }
}

/** The promise, bounded: so that a test whose event never comes fails and says which, and the run goes on. @throws AssertionError */
export async function inTime<T>(promised: Promise<T>, what: WaitedFor, bound: Duration = seconds(30)): Promise<T> {
  const { promise: tooLate, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    const said = typeof what === 'string' ? what : what();
    reject(new AssertionError({ message: `waited ${formatDuration(bound)} in vain for ${said}` }));
  }, toMilliseconds(bound));
  try {
    return await Promise.race([promised, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}
