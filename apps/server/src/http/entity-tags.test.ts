import assert from 'node:assert/strict';
import { test } from 'node:test';
import { entityTag, hasAlready, requirePreconditions } from './entity-tags.ts';
import { Refusal } from './refusal.ts';

const isRefused = (error: unknown) => error instanceof Refusal && error.problem.code === 'precondition-failed';

test('counters that go on are seen by If-None-Match, and are nothing to If-Match', () => {
  const [before, counted, changed] = [
    { note: 'a', waiting: 0 },
    { note: 'a', waiting: 1 },
    { note: 'b', waiting: 0 },
  ].map((answer) => entityTag(answer, ['waiting']));
  assert.equal(hasAlready(before, before!), true);
  assert.equal(hasAlready(before, counted!), false);
  const check = (ifMatch: string | undefined, current: string | undefined, ifNoneMatch?: string) =>
    requirePreconditions({ ifMatch, ifNoneMatch }, current);
  check(before, before);
  check(before, counted);
  assert.throws(() => check(before, changed), isRefused);
  check(`"other", ${before}`, counted);
  check('*', changed);
  assert.throws(() => check('*', undefined), isRefused);
  assert.throws(() => check('"', changed), isRefused, 'what is no tag is met by nothing');
  check(undefined, undefined, '*');
  assert.throws(() => check(undefined, before, '*'), isRefused);
});

test('If-None-Match compares weakly and takes a list (RFC 9110 §13.1.2)', () => {
  const tag = entityTag({ a: 1 }, []);
  assert.equal(hasAlready(`"x", W/${tag}`, tag), true);
  assert.equal(hasAlready('*', tag), true);
  assert.equal(hasAlready('"x"', tag), false);
  assert.equal(hasAlready(undefined, tag), false);
});
