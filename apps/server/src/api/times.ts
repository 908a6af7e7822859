import { because } from '@yaolian/contract';
import { type Clock, parseDuration, toMilliseconds } from '@yaolian/kernel';
import { Refusal } from '../http/refusal.ts';

/** Milliseconds since the epoch as the API writes times. */
export function timeToJson(time: number): string {
  return new Date(time).toISOString();
}

/** `{ name: time }`, or nothing when there is no such time. */
export function optionalTime<N extends string>(name: N, time: number | undefined): { [P in N]?: string } {
  return (time === undefined ? {} : { [name]: timeToJson(time) }) as { [P in N]?: string };
}

const timeText = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2})$/i;

/**
 * A time of a request: RFC 3339, or how long ago.
 * @throws Refusal `invalid-request`
 */
export function moment(name: string, text: string, now: number): number {
  const time = timeText.test(text) ? timeOf(text) : ago(text, now);
  if (Number.isFinite(time)) return Math.floor(time);
  throw new Refusal('invalid-request', because('time-unfit', { name, text }));
}

/** RFC 3339 §5.7: `Date.parse` takes the 30th of February, too, for a day of March. */
function timeOf(text: string): number {
  const midnight = Date.parse(text.slice(0, 10));
  const isDay = Number.isFinite(midnight) && timeToJson(midnight).startsWith(text.slice(0, 10));
  return isDay ? Date.parse(text) : Number.NaN;
}

function ago(text: string, now: number): number {
  try {
    return Math.max(0, now - toMilliseconds(parseDuration(text)));
  } catch {
    return Number.NaN; // told by the caller, in words that fit
  }
}

/** The span that is asked for; without "from" it begins with everything. */
export function spanFrom({ from, to }: { readonly from?: string; readonly to?: string }, clock: Clock) {
  const now = clock.epoch();
  const span = {
    from: from === undefined ? 0 : moment('from', from, now),
    to: to === undefined ? now + 1 : moment('to', to, now),
  };
  if (span.from <= span.to) return span;
  throw new Refusal('invalid-request', because('from-after-to'));
}
