import { Store } from './store.ts';

/** The platform did not answer the last request: the page shows what was last known, and asks again until it does. */
export const isAway = new Store(false);

/** Counts how often something may have been missed: the platform was away, or a stream of events was cut, and is back. */
export const returns = new Store(0);

let again: ReturnType<typeof setTimeout> | undefined;
const between = 2000;

/** Tells of the answer to a request; a refusal is one too. */
export function heard(): void {
  if (!isAway.value) return;
  clearTimeout(again);
  isAway.set(false);
  resumed();
}

/** Tells that a stream of events that was cut goes on. */
export function resumed(): void {
  returns.set(returns.value + 1);
}

/** Tells of an error of a request: where nobody answered, the platform is asked now and then whether it is back. */
export function missed(error: unknown): void {
  if (!isUnanswered(error)) {
    if (isRefusal(error)) heard();
    return;
  }
  if (isAway.value) return;
  isAway.set(true);
  lookAgain();
}

/** Whether nobody answered. */
export function isUnanswered(error: unknown): boolean {
  return (error as { readonly code?: unknown }).code === 'API_UNREACHABLE';
}

function isRefusal(error: unknown): boolean {
  return typeof (error as { readonly problem?: unknown }).problem === 'object';
}

function lookAgain(): void {
  clearTimeout(again);
  again = setTimeout(look, between);
}

async function look(): Promise<void> {
  if (await isThere()) heard();
  else if (isAway.value) lookAgain();
}

/** Whether the platform answers. */
export async function isThere(): Promise<boolean> {
  try {
    return (await fetch('/healthz', { cache: 'no-store' })).ok;
  } catch {
    return false;
  }
}

globalThis.addEventListener?.('online', () => void (isAway.value && look()));
