import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inputText, parseInput, type ResourceType } from './value-input.ts';

test('what is typed becomes a value of the type', () => {
  const cases: readonly (readonly [string, ResourceType, unknown])[] = [
    [' 42 ', 'integer', 42],
    ['-7', 'integer', -7],
    ['9223372036854775807', 'integer', '9223372036854775807'],
    ['+5', 'unsigned', 5],
    ['21.5', 'float', 21.5],
    ['1e3', 'float', 1000],
    ['true', 'boolean', true],
    ['false', 'boolean', false],
    ['01 A2:ff', 'opaque', 'AaL/'],
    ['', 'opaque', ''],
    ['3:0', 'objlnk', '3:0'],
    [' as it is ', 'string', ' as it is '],
  ];
  for (const [text, type, value] of cases)
    assert.deepEqual(parseInput(text, type), { ok: true, value }, `${type} ${text}`);
});

test('what does not fit the type is told', () => {
  const cases: readonly (readonly [string, ResourceType])[] = [
    ['1.5', 'integer'],
    ['', 'integer'],
    ['-1', 'unsigned'],
    ['warm', 'float'],
    ['', 'float'],
    ['abc', 'opaque'],
    ['', 'time'],
    ['3/0', 'objlnk'],
  ];
  for (const [text, type] of cases) assert.deepEqual(parseInput(text, type), { ok: false, problem: `input.${type}` });
});

test('the range of the object model holds, in each way that it is written', () => {
  for (const range of ['0..100', '0-100', '0 to 100']) {
    assert.equal(parseInput('100', 'integer', range).ok, true, range);
    assert.deepEqual(parseInput('101', 'integer', range), { ok: false, problem: 'input.range', range });
  }
  assert.equal(parseInput('-5.5', 'float', '-10..-5').ok, true);
  assert.equal(parseInput('7', 'integer', 'see the annex').ok, true);
});

test('an editor begins with what it would read back', () => {
  for (const [value, type] of [
    ['AaL/', 'opaque'],
    [21.5, 'float'],
    [true, 'boolean'],
    ['2026-01-31T08:15:30Z', 'time'],
  ] as const) {
    assert.deepEqual(parseInput(inputText(value, type), type), { ok: true, value });
  }
});
