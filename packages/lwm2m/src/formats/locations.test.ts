import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ContentFormat } from '@yaolian/coap';
import { decodeHex, encodeHex, encodeUtf8 } from '@yaolian/kernel';
import fc from 'fast-check';
import { formatPath, lwm2mPath, parsePath, rootPath } from '../path.ts';
import { locateValues } from './locations.ts';
import { encodePack } from './pack.ts';

const located = (format: number, path: string, bytes: Uint8Array) => {
  const asked = parsePath(path);
  assert.ok(asked.ok);
  return locateValues(format, asked.value, bytes).map(({ path: at, start, end }) => [
    formatPath(at),
    encodeHex(bytes.subarray(start, end)),
  ]);
};

// OMA-TS-LightweightM2M 1.0 §6.4.3.2: two instances of object 65, here cut in places.
const twoInstances = decodeHex('080003c00105080108c101078602c1000ac1010b')!;

test('TLV: the entry of each value', () => {
  const format = ContentFormat.Lwm2mTlv;
  const bytes = decodeHex('080003c10105' + '08010b' + 'c10107' + '860241000a41010b')!;
  const entries = [
    ['/65/0/1', 'c10105'],
    ['/65/1/1', 'c10107'],
    ['/65/1/2/0', '41000a'],
    ['/65/1/2/1', '41010b'],
  ];
  assert.deepEqual(located(format, '/65', bytes), entries);
  assert.deepEqual(located(1542, '/65', bytes), entries);
  const bare = decodeHex('c10105c10207')!;
  const resources = [
    ['/65/3/1', 'c10105'],
    ['/65/3/2', 'c10207'],
  ];
  assert.deepEqual(located(format, '/65/3', bare), resources);
  assert.deepEqual(
    located(format, '/65', bare).map(([path]) => path),
    ['/65/0/1', '/65/0/2'],
  );
  assert.deepEqual(located(format, '/65/3/2', decodeHex('41000a41010b')!), [
    ['/65/3/2/0', '41000a'],
    ['/65/3/2/1', '41010b'],
  ]);
  assert.deepEqual(located(format, '/65', decodeHex('080003c10105ff')!), [['/65/0/1', 'c10105']]);
});

test('SenML: the record of each value, by path and time', () => {
  const json = encodeUtf8('[{"bn":"/3303/0/","bt":1700000000,"n":"5700","v":1},{"n":"5700","t":-5,"v":2}]');
  const found = locateValues(ContentFormat.SenmlJson, rootPath, json);
  assert.deepEqual(
    found.map(({ path, time, start, end }) => [
      formatPath(path),
      time?.milliseconds,
      Buffer.from(json.subarray(start, end)).toString(),
    ]),
    [
      ['/3303/0/5700', 1_700_000_000_000, '{"bn":"/3303/0/","bt":1700000000,"n":"5700","v":1}'],
      ['/3303/0/5700', 1_699_999_995_000, '{"n":"5700","t":-5,"v":2}'],
    ],
  );
  assert.deepEqual(located(ContentFormat.SenmlJson, '/3/0', encodeUtf8('[{"bn":"/3/0/","n":"0","vs":"é"}]')), []);
});

test('packs: the places are those of their values, in every format', () => {
  const values = [
    { path: lwm2mPath(3, 0, 9), type: 'integer', value: 80n },
    { path: lwm2mPath(3, 0, 0), type: 'string', value: 'maker' },
    { path: lwm2mPath(3303, 1, 5700), type: 'float', value: 21.5 },
  ] as const;
  const told = { 112: /^a/, 110: /^7b/, 11544: /^(1850|656d616b6572|fa41ac0000)$/ };
  for (const [format, form] of Object.entries(told)) {
    const bytes = encodePack(Number(format), values);
    assert.ok(bytes.ok);
    const found = located(Number(format), '/', bytes.value);
    assert.deepEqual(found.map(([path]) => path).sort(), ['/3/0/0', '/3/0/9', '/3303/1/5700'], format);
    for (const [, hex] of found) assert.match(hex!, form);
  }
});

test('any bytes have places within them', () => {
  const formats = [11542, 1542, 110, 112, 320, 322, 11544, 11543, 0];
  const start = fc.constantFrom(twoInstances, decodeHex('81a3210063')!, decodeHex('bf03bf')!, encodeUtf8('[{"n":"/3'));
  fc.assert(
    fc.property(fc.constantFrom(...formats), start, fc.uint8Array({ maxLength: 60 }), (format, head, tail) => {
      const bytes = Buffer.concat([head, tail]);
      for (const path of [rootPath, lwm2mPath(3), lwm2mPath(3, 0), lwm2mPath(3, 0, 1), lwm2mPath(3, 0, 1, 2)])
        for (const { start: from, end } of locateValues(format, path, bytes))
          assert.ok(0 <= from && from < end && end <= bytes.length);
    }),
  );
  assert.deepEqual(locateValues(11542, lwm2mPath(3), new Uint8Array(100), { maximumBytes: 99 }), []);
});
