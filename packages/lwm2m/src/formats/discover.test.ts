import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeUtf8, encodeUtf8 } from '@yaolian/kernel';
import fc from 'fast-check';
import { lwm2mPath } from '../path.ts';
import { type DiscoverOptions, decodeDiscover, encodeDiscover } from './discover.ts';

function links(text: string, options: DiscoverOptions = {}) {
  const result = decodeDiscover(encodeUtf8(text), options);
  assert.ok(result.ok, result.ok ? '' : result.error.message);
  return result.value;
}

test('Discover of an instance, both ways', () => {
  // OMA-TS-LightweightM2M 1.0 §5.4.2 with values
  const text = '</3/0>;pmin=10;pmax=60,</3/0/1>,</3/0/6>;dim=8,</3/0/7>;dim=8;pmin=10;pmax=60;gt=-5;lt=42.2';
  const expected = [
    { path: lwm2mPath(3, 0), attributes: { pmin: 10, pmax: 60 } },
    { path: lwm2mPath(3, 0, 1), attributes: {} },
    { path: lwm2mPath(3, 0, 6), attributes: {}, dim: 8 },
    { path: lwm2mPath(3, 0, 7), attributes: { pmin: 10, pmax: 60, gt: -5, lt: 42.2 }, dim: 8 },
  ];
  assert.deepEqual(links(text), expected);
  assert.equal(decodeUtf8(encodeDiscover(expected)), text);
});

test('Bootstrap-Discover, in both forms', () => {
  const list = '</0/0>;ssid=101;uri="coaps://example.com",</1/0>;ssid=101,</3>;ver=1.1,</3/0>';
  const expected = [
    { path: {}, attributes: {}, lwm2m: '1.1' },
    { path: lwm2mPath(0, 0), attributes: {}, ssid: 101, uri: 'coaps://example.com' },
    { path: lwm2mPath(1, 0), attributes: {}, ssid: 101 },
    { path: lwm2mPath(3), attributes: {}, ver: '1.1' },
    { path: lwm2mPath(3, 0), attributes: {} },
  ];
  assert.deepEqual(links(`</>;lwm2m=1.1,${list}`), expected);
  assert.deepEqual(links(`lwm2m="1.1",${list}`), expected);
  assert.deepEqual(links('lwm2m="1.0"'), [{ path: {}, attributes: {}, lwm2m: '1.0' }]);
  assert.equal(decodeUtf8(encodeDiscover(expected)), `</>;lwm2m=1.1,${list}`);
});

test('the alternate path is cut off and put on', () => {
  const text = '</lwm2m>,</lwm2m/3/0>;pmin=1';
  const expected = [
    { path: {}, attributes: {} },
    { path: lwm2mPath(3, 0), attributes: { pmin: 1 } },
  ];
  assert.deepEqual(links(text, { rootPath: ['lwm2m'] }), expected);
  assert.equal(decodeUtf8(encodeDiscover(expected, ['lwm2m'])), text);
});

test('what is not understood is kept or left out, not refused', () => {
  assert.deepEqual(links('</3/0>;pmin=soon;title="x";obs;pmin=5;stp=2,</.well-known/core>,<coap://h/3>,</3/0/0/0/0>'), [
    {
      path: lwm2mPath(3, 0),
      attributes: { pmin: 5, st: 2 },
      others: new Map([
        ['pmin', 'soon'],
        ['title', 'x'],
        ['obs', ''],
      ]),
    },
  ]);
});

test('bounds and errors', () => {
  const malformed = decodeDiscover(encodeUtf8('</3/0'));
  assert.equal(!malformed.ok && malformed.error.code, 'malformed');
  const many = decodeDiscover(encodeUtf8('</3>,</4>,</5>'), { maximumLinks: 2 });
  assert.equal(!many.ok && many.error.code, 'too-large');
  const large = decodeDiscover(encodeUtf8('</3>,</4>'), { maximumBytes: 4 });
  assert.equal(!large.ok && large.error.code, 'too-large');
  assert.equal(decodeDiscover(new Uint8Array([0xff])).ok, false);
  fc.assert(fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => void decodeDiscover(bytes)));
});
