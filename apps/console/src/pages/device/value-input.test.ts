import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inputText, parseInput, type ResourceType } from './value-input.ts';

test('what is typed becomes a value of the type', () => {
  const cases: readonly (readonly [string, ResourceType, unknown])[] = [
    [' 42 ', 'integer', 42],
    ['-7', 'integer', -7],
    ['9223372036854775807', 'integer', '9223372036854775807'],
    ['-9223372036854775808', 'integer', '-9223372036854775808'],
    ['+5', 'unsigned', 5],
    ['18446744073709551615', 'unsigned', '18446744073709551615'],
    ['21.5', 'float', 21.5],
    ['1e3', 'float', 1000],
    ['true', 'boolean', true],
    ['false', 'boolean', false],
    ['01 A2:ff', 'opaque', 'AaL/'],
    ['', 'opaque', ''],
    ['-.5', 'float', -0.5],
    ['3:0', 'objlnk', '3:0'],
    ['65535:65535', 'objlnk', '65535:65535'],
    ['', 'corelnk', ''],
    ['</3/0>', 'corelnk', '</3/0>'],
    ['</3/0>;ver=1.1;title="a, b", </1>', 'corelnk', '</3/0>;ver=1.1;title="a, b", </1>'],
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
    ['', 'boolean'],
    ['TRUE', 'boolean'],
    ['3/0', 'objlnk'],
    ['65536:0', 'objlnk'],
    ['0x10', 'float'],
    ['1e999', 'float'],
    ['/3/0', 'corelnk'],
    ['</3/0>,', 'corelnk'],
    ['</3/0></1>', 'corelnk'],
  ];
  for (const [text, type] of cases) assert.deepEqual(parseInput(text, type), { ok: false, problem: `input.${type}` });
});

test('the range of the object model holds, in each way that it is written', () => {
  for (const range of ['0..100', '0-100', '0 to 100']) {
    assert.equal(parseInput('100', 'integer', range).ok, true, range);
    assert.deepEqual(parseInput('101', 'integer', range), { ok: false, problem: 'input.range', range });
  }
  assert.equal(parseInput('-5.5', 'float', '-10..-5').ok, true);
  assert.equal(parseInput('-60', 'integer', '-30..-120').ok, true);
  assert.equal(parseInput('7', 'integer', 'see the annex').ok, true);
});

test('a whole number is told what 64 bits hold', () => {
  const refusals = [
    ['9223372036854775808', 'integer', '-9223372036854775808..9223372036854775807'],
    ['-9223372036854775809', 'integer', '-9223372036854775808..9223372036854775807'],
    ['18446744073709551616', 'unsigned', '0..18446744073709551615'],
  ] as const;
  for (const [text, type, range] of refusals) {
    assert.deepEqual(parseInput(text, type), { ok: false, problem: 'input.range', range }, text);
  }
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
