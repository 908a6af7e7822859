import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatExecuteArguments, parseExecuteArguments } from './execute-arguments.ts';

function read(text: string) {
  const parsed = parseExecuteArguments(text);
  return parsed.ok ? parsed.value.map(({ digit, value }) => [digit, value]) : parsed.error;
}

test('the examples of OMA-TS-LightweightM2M 1.0 §5.4.5', () => {
  assert.deepEqual(read('5'), [[5, undefined]]);
  assert.deepEqual(read("2='10.3'"), [[2, '10.3']]);
  assert.deepEqual(read("7,0='https://www.oma.org'"), [
    [7, undefined],
    [0, 'https://www.oma.org'],
  ]);
  assert.deepEqual(
    read('0,1,2,3,4'),
    [0, 1, 2, 3, 4].map((digit) => [digit, undefined]),
  );
  assert.deepEqual(read(''), []);
  assert.deepEqual(read("0=''"), [[0, '']]);
  assert.deepEqual(read("0='a,b=c'"), [[0, 'a,b=c']]);
});

test('everything else says where it goes wrong', () => {
  const offsets: [string, number][] = [
    ['a', 0],
    [' 1', 0],
    ['1,', 2],
    [',1', 0],
    ['1 ,2', 1],
    ['12', 1],
    ['1=', 2],
    ['1=x', 2],
    ["1='", 3],
    ["1='a b'", 4],
    ["1='a\"'", 4],
    ["1='a\\'", 4],
    ["1='温'", 3],
    ["1='a'b", 5],
    ['1,1', 2],
  ];
  for (const [text, offset] of offsets) {
    const parsed = parseExecuteArguments(text);
    assert.ok(!parsed.ok, text);
    assert.equal(parsed.error.offset, offset, text);
  }
});

test('what is formatted is read back; any text gives a result', () => {
  const value = fc.option(fc.stringMatching(/^[!#-&(-[\]-~]{0,10}$/), { nil: undefined });
  const argument = fc.record({ digit: fc.integer({ min: 0, max: 9 }), value }, { noNullPrototype: true });
  const list = fc.uniqueArray(argument, { selector: ({ digit }) => digit });
  fc.assert(
    fc.property(list, (written) => {
      const parsed = parseExecuteArguments(formatExecuteArguments(written));
      assert.ok(parsed.ok);
      assert.deepEqual(parsed.value, written);
    }),
  );
  fc.assert(fc.property(fc.string(), (text) => void parseExecuteArguments(text)));
  assert.throws(() => formatExecuteArguments([{ digit: 1, value: "it's" }]), RangeError);
  assert.throws(() => formatExecuteArguments([{ digit: 10, value: undefined }]), RangeError);
});
