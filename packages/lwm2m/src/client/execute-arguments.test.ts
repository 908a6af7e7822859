import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeUtf8 } from '@yaolian/kernel';
import fc from 'fast-check';
import { decodeExecuteArguments } from './execute-arguments.ts';

const read = (text: string) => {
  const result = decodeExecuteArguments(encodeUtf8(text));
  return result.ok ? [...result.value] : result.error;
};

test('arguments with and without values, in any order', () => {
  assert.deepEqual(read(''), []);
  assert.deepEqual(read('5'), [[5, undefined]]);
  assert.deepEqual(read("2='10.3'"), [[2, '10.3']]);
  assert.deepEqual(read("7,0='https://example.com/a'"), [
    [7, undefined],
    [0, 'https://example.com/a'],
  ]);
  assert.deepEqual(read("0='',1='温度 12'"), [
    [0, ''],
    [1, '温度 12'],
  ]);
});

test('anything else is refused with the place', () => {
  for (const text of ['abc', '0=abc', "0='abc", "0='a'1", '0,', ',0', '10', '0,0', '0=', "0 ='a'"]) {
    assert.equal(typeof read(text), 'string', text);
  }
  assert.equal(decodeExecuteArguments(Uint8Array.of(0x30, 0xff)).ok, false);
});

test('no bytes make it throw', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      decodeExecuteArguments(bytes);
    }),
  );
});
