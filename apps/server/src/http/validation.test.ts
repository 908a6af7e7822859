import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Route, routes } from '@yaolian/contract';
import { type TSchema, Type } from 'typebox';
import { compileCheck } from './validation.ts';

/** What fails each keyword, and the reason that is told. */
const wrong: Readonly<Record<string, readonly [schema: TSchema, value: unknown, reason: string, params?: object]>> = {
  type: [Type.String(), 7, 'wrong-type', { type: 'string' }],
  enum: [Type.Enum(['a', 'b']), 'c', 'not-one-of', { values: 'a, b' }],
  const: [Type.Literal('a'), 'c', 'not-one-of', { values: 'a' }],
  required: [Type.Object({ a: Type.String() }), {}, 'names-missing', { names: '"a"' }],
  additionalProperties: [Type.Object({}, { additionalProperties: false }), { b: 1 }, 'names-unknown', { names: '"b"' }],
  anyOf: [Type.Union([Type.String(), Type.Number()]), true, 'no-form-fits'],
  pattern: [Type.String({ pattern: '^a$' }), 'b', 'pattern-differs', { pattern: '^a$' }],
  format: [Type.String({ format: 'date-time' }), 'b', 'wrong-format', { format: 'date-time' }],
  minLength: [Type.String({ minLength: 2 }), 'b', 'too-short', { limit: 2 }],
  maxLength: [Type.String({ maxLength: 2 }), 'bbb', 'too-long', { limit: 2 }],
  minimum: [Type.Number({ minimum: 2 }), 1, 'too-small', { limit: 2 }],
  maximum: [Type.Number({ maximum: 2 }), 3, 'too-large', { limit: 2 }],
  exclusiveMinimum: [Type.Number({ exclusiveMinimum: 2 }), 2, 'not-above', { limit: 2 }],
  minItems: [Type.Array(Type.Any(), { minItems: 1 }), [], 'too-few', { limit: 1 }],
  maxItems: [Type.Array(Type.Any(), { maxItems: 0 }), [1], 'too-many', { limit: 0 }],
  minProperties: [Type.Object({}, { minProperties: 1 }), {}, 'too-few', { limit: 1 }],
  maxProperties: [Type.Object({}, { maxProperties: 0 }), { a: 1 }, 'too-many', { limit: 0 }],
};

for (const [keyword, [schema, value, reason, params]] of Object.entries(wrong)) {
  test(`what fails "${keyword}" is told with a reason`, () => {
    const checked = compileCheck(Type.Object({ field: schema }), 'body')({ field: value });
    assert.ok('mistakes' in checked);
    const [first] = checked.mistakes;
    assert.deepEqual([first.where, first.reason, first.params], ['body/field', reason, params]);
    assert.notEqual(first.message, '');
  });
}

test('several names are told as several', () => {
  const schema = Type.Object({ a: Type.String(), b: Type.String() }, { additionalProperties: false });
  const told = (value: object) => {
    const checked = compileCheck(schema, 'body')(value);
    return 'mistakes' in checked ? checked.mistakes[0].message : undefined;
  };
  assert.equal(told({}), '"a", "b" are missing');
  assert.equal(told({ a: '' }), '"b" is missing');
  assert.equal(told({ a: '', b: '', c: 1, d: 2 }), '"c", "d" are not known here; known are a, b');
});

test('of a union the one form that has the type and the fixed values of what came tells what it wants', () => {
  const nullable = Type.Union([Type.Number({ minimum: 0 }), Type.Null()]);
  const key = Type.Object({ kind: Type.Literal('psk'), key: Type.String({ minLength: 2 }) });
  const kinds = Type.Union([key, Type.Object({ kind: Type.Literal('rpk'), publicKey: Type.String() })]);
  const told = (schema: TSchema, value: unknown) => {
    const checked = compileCheck(Type.Object({ field: schema }), 'body')({ field: value });
    return 'mistakes' in checked ? checked.mistakes.map(({ where, reason }) => `${where} ${reason}`) : [];
  };
  assert.deepEqual(told(nullable, -1), ['body/field too-small']);
  assert.deepEqual(told(nullable, null), []);
  assert.deepEqual(told(nullable, 'x'), ['body/field no-form-fits']);
  assert.deepEqual(told(kinds, { kind: 'psk', key: 'k' }), ['body/field/key too-short']);
  assert.deepEqual(told(kinds, { kind: 'rpk' }), ['body/field names-missing']);
  assert.deepEqual(told(kinds, { kind: 'x509' }), ['body/field no-form-fits']);
  assert.deepEqual(told(Type.Union([nullable, Type.String()]), -1), ['body/field too-small']);
});

const annotations = ['title', 'description', 'examples', 'default', '$id', '~kind', '~optional', 'writeOnly'];

test('no route checks its requests by a keyword that has no reason', () => {
  const found = new Set<string>();
  const look = (schema: unknown): void => {
    if (typeof schema !== 'object' || schema === null) return;
    for (const [keyword, value] of Object.entries(schema)) {
      found.add(keyword);
      if (keyword === 'properties' || keyword === 'patternProperties') Object.values(value).forEach(look);
      else if (keyword === 'anyOf' || keyword === 'allOf') (value as unknown[]).forEach(look);
      else if (keyword === 'items' || keyword === 'additionalProperties') look(value);
    }
  };
  for (const { params, query, body, headers } of Object.values(routes) as Route[]) {
    [params, query, body, headers].forEach(look);
  }
  const structure = ['properties', 'patternProperties', 'items', 'allOf'];
  const known = new Set([...Object.keys(wrong), ...structure, ...annotations]);
  assert.deepEqual([...found].filter((keyword) => !known.has(keyword)).sort(), []);
});
