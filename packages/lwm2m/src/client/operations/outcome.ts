import type { Result } from '@yaolian/kernel';
import type { HookAnswer } from '../object-instance.ts';
import type { Refusal } from '../refusal.ts';

/** What became of an operation: known at once, or later when a hook takes its time. */
export type Outcome<T> = Result<T, Refusal> | Promise<Result<T, Refusal>>;

export type Verdict = Refusal | undefined;

/**
 * Asks hooks one after another until one refuses. Stays synchronous while they do, so that the usual answer is
 * piggybacked on the acknowledgement.
 */
export function inTurn<T>(items: readonly T[], ask: (item: T) => HookAnswer): Verdict | Promise<Verdict> {
  for (let index = 0; index < items.length; index++) {
    const answer = ask(items[index]!);
    if (answer instanceof Promise) return inTurnLater(answer, items.slice(index + 1), ask);
    if (answer) return answer;
  }
  return undefined;
}

// biome-ignore lint/suspicious/noConfusingVoidType: what hooks return
async function inTurnLater<T>(first: Promise<void | Refusal>, rest: readonly T[], ask: (item: T) => HookAnswer) {
  return (await first) || inTurn(rest, ask);
}

/** Goes on with a value that is there or will be. */
export function andThen<T, U>(value: T | Promise<T>, next: (value: T) => U): U | Promise<U> {
  return value instanceof Promise ? value.then(next) : next(value);
}
