import { createHash } from 'node:crypto';
import { type Route, routes } from '@yaolian/contract';
import { Refusal } from './refusal.ts';

/** GETs whose answers carry an ETag, by path. */
const tagged = new Map(
  (Object.values(routes) as Route[]).flatMap((route) => (route.tagged === undefined ? [] : [[route.path, route]])),
);

/** The GET whose tag If-Match of `route` is about. */
export function taggedOf({ method, path }: Route): Route | undefined {
  return method === 'PUT' || method === 'PATCH' || method === 'DELETE' ? tagged.get(path) : undefined;
}

/**
 * A strong entity tag (RFC 9110 §8.8.3) of two digests: of what only somebody changes, and of everything.
 * @param volatile members that change by themselves
 */
export function entityTag(answer: unknown, volatile: readonly string[]): string {
  const whole = digestOf(answer);
  if (volatile.length === 0) return `"${whole}"`;
  const kept = Object.entries(answer as object).filter(([name]) => !volatile.includes(name));
  return `"${digestOf(Object.fromEntries(kept))}-${whole}"`;
}

function digestOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 32);
}

/** RFC 9110 §13.1.2: compared weakly, the caller has what it would get. */
export function hasAlready(ifNoneMatch: string | undefined, tag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  return tagsIn(ifNoneMatch).some((one) => one === '*' || one.replace(/^W\//, '') === tag);
}

export interface Preconditions {
  readonly ifMatch: string | undefined;
  readonly ifNoneMatch: string | undefined;
}

/**
 * If-Match and If-None-Match of a request that changes something (RFC 9110 §13.1.1, §13.1.2).
 * DEVIATION: of the two digests of a tag the first counts: a counter that went on meanwhile is no change.
 * @param current the tag now; undefined: there is nothing
 * @throws Refusal `precondition-failed`
 */
export function requirePreconditions({ ifMatch, ifNoneMatch }: Preconditions, current: string | undefined): void {
  if (ifMatch !== undefined) {
    const wanted = tagsIn(ifMatch);
    const isMet =
      current !== undefined && wanted.some((one) => one === '*' || settledPart(one) === settledPart(current));
    if (!isMet) {
      const detail = current === undefined ? 'There is no such thing (any more).' : undefined;
      throw new Refusal('precondition-failed', detail === undefined ? {} : { detail });
    }
  }
  if (ifNoneMatch === undefined || current === undefined) return;
  if (tagsIn(ifNoneMatch).some((one) => one === '*' || settledPart(one) === settledPart(current))) {
    throw new Refusal('precondition-failed', { detail: 'It is there already.' });
  }
}

function tagsIn(header: string): readonly string[] {
  if (header.trim() === '*') return ['*'];
  return [...header.matchAll(/(?:W\/)?"[^"]*"/g)].map(([tag]) => tag);
}

function settledPart(tag: string): string {
  return /^"([0-9a-f]{32})(?:-[0-9a-f]{32})?"$/.exec(tag)?.[1] ?? tag;
}
