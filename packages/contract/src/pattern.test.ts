import assert from 'node:assert/strict';
import { test } from 'node:test';
import { patternMistake } from './pattern.ts';
import type { Route } from './route.ts';
import * as routes from './routes/index.ts';

/** Every pattern below `schema`, of texts and of the names in objects. */
function patternsIn(schema: unknown): readonly string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const { pattern, patternProperties = {} } = schema as { pattern?: unknown; patternProperties?: object };
  const own = typeof pattern === 'string' ? [pattern] : [];
  return [...own, ...Object.keys(patternProperties), ...Object.values(schema).flatMap(patternsIn)];
}

test('what does not match a pattern of a request is told in words', () => {
  const parts = (Object.values(routes) as readonly Route[]).flatMap(({ params, query, body }) => [params, query, body]);
  const patterns = new Set(parts.flatMap(patternsIn));
  assert.ok(patterns.size > 15);
  for (const pattern of patterns) {
    const { message, reason } = patternMistake(pattern, 'body/x');
    assert.notEqual(reason, 'pattern-differs', pattern);
    assert.doesNotMatch(message, /[\^$\\]/, pattern);
  }
});

test('the bounds of bytes in hexadecimal are told', () => {
  assert.deepEqual(patternMistake('^(?:[0-9A-Fa-f]{2}){8,64}$', 'body/key'), {
    where: 'body/key',
    message: 'must be 8 to 64 bytes in hexadecimal',
    reason: 'no-hex',
    params: { least: '8', most: '64' },
  });
});

test('a pattern that nobody described is told as it is', () => {
  assert.equal(patternMistake('^a$', 'body/x').message, 'must match ^a$');
});
