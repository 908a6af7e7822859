import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jsonFault, maximumDepth } from './json-text.ts';

test('names that come twice, reserved names and deep nesting are found', () => {
  const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;
  const faults: [text: string, fault: ReturnType<typeof jsonFault>][] = [
    ['{"a":1,"b":{"a":2},"c":[{"a":1},{"a":1}]}', undefined],
    ['{"a":1,"b":2,"a":3}', { kind: 'name-twice', name: 'a' }],
    ['{"a":{"x":[]},"\\u0061" : 1}', { kind: 'name-twice', name: 'a' }],
    ['[{"b":["{\\"b\\":1}","b"],"b":1}]', { kind: 'name-twice', name: 'b' }],
    ['{"a":"b","b":"a","c":"a"}', undefined],
    ['{"a\\\\":1,"a":2}', undefined],
    ['{"x":{"__proto__":{"role":"admin"}}}', { kind: 'name-reserved', name: '__proto__' }],
    ['{"__prot\\u006f__":1}', { kind: 'name-reserved', name: '__proto__' }],
    [nested(maximumDepth), undefined],
    [nested(maximumDepth + 1), { kind: 'too-deep' }],
    ['"a"', undefined],
  ];
  for (const [text, fault] of faults) {
    JSON.parse(text);
    assert.deepEqual(jsonFault(text), fault, text.slice(0, 60));
  }
});
