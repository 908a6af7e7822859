import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decodeHex, encodeHex } from '@yaolian/kernel';
import { omaObjects } from '@yaolian/lwm2m-objects';
import { multipleResource, objectInstance, singleResource } from '../node.ts';
import { lwm2mPath } from '../path.ts';
import { decodeContent, encodeContent } from './registry.ts';

const format = 11544;

function decode(path: ReturnType<typeof lwm2mPath>, hex: string, exact = false) {
  return decodeContent(format, path, decodeHex(hex)!, omaObjects, { exact });
}

// OMA-TS-LightweightM2M_Core 1.2 §7.4.7
describe('LwM2M CBOR', () => {
  const device = objectInstance(0, [
    singleResource(0, 'string', 'OMA'),
    multipleResource(6, 'integer', [
      [0, 1],
      [1, 5],
    ]),
    singleResource(9, 'integer', 100),
  ]);
  // {3: {0: {0: "OMA", 6: {0: 1, 1: 5}, 9: 100}}}
  const deviceHex = 'a103a100a300634f4d4106a20001010509 1864'.replaceAll(' ', '');

  it('is maps in maps, one for each level', () => {
    const encoded = encodeContent(format, lwm2mPath(3, 0), device);
    assert.ok(encoded.ok);
    assert.equal(encodeHex(encoded.value), deviceHex);
    assert.deepEqual(decode(lwm2mPath(3, 0), deviceHex), { ok: true, value: device });
  });

  it('takes arrays of ids as keys, on any level', () => {
    // {[3, 0, 9]: 100}
    const one = { ok: true, value: singleResource(9, 'integer', 100) };
    assert.deepEqual(decode(lwm2mPath(3, 0, 9), 'a1830300091864'), one);
    // {3: {[0, 9]: 100}}, of indefinite length
    assert.deepEqual(decode(lwm2mPath(3, 0, 9), 'bf03bf8200091864ffff'), one);
    // {[3, 0]: {[6, 0]: 1, [6, 1]: 5}}
    assert.deepEqual(decode(lwm2mPath(3, 0, 6), 'a1820300a282060001820601 05'.replaceAll(' ', '')), {
      ok: true,
      value: multipleResource(6, 'integer', [
        [0, 1],
        [1, 5],
      ]),
    });
  });

  it('tells times by their tag and object links by their resource', () => {
    const time = singleResource(13, 'time', new Date(1_367_491_215_000));
    const encoded = encodeContent(format, lwm2mPath(3, 0, 13), time);
    assert.ok(encoded.ok);
    assert.equal(encodeHex(encoded.value), 'a103a100a10dc11a5182428f');
    assert.deepEqual(decode(lwm2mPath(3, 0, 13), encodeHex(encoded.value)), { ok: true, value: time });
    const unknown = decode(lwm2mPath(3, 0, 4000), 'a103a100a1190fa0c11a5182428f');
    assert.deepEqual(unknown, { ok: true, value: singleResource(4000, 'time', new Date(1_367_491_215_000)) });
    // /1/0/10, the APN link, is an object link.
    const link = singleResource(10, 'objlnk', { objectId: 11, instanceId: 0 });
    const written = encodeContent(format, lwm2mPath(1, 0, 10), link);
    assert.ok(written.ok);
    assert.deepEqual(decode(lwm2mPath(1, 0, 10), encodeHex(written.value)), { ok: true, value: link });
  });

  for (const [what, hex, path, message] of [
    ['a key twice', 'a203a100a1090103a100a10a02', lwm2mPath(3), /key 3 is there twice in one map/],
    ['a key twice, out of order', 'a303a004a003a0', lwm2mPath(3), /key 3 is there twice in one map/],
    ['an array instead of a map', '8103', lwm2mPath(3), /is a map of objects/],
    ['a key that is no id', 'a119ffff01', lwm2mPath(3), /an id from 0 to 65534/],
    ['a key that is a text', 'a1613301', lwm2mPath(3), /an id from 0 to 65534/],
    ['an empty array as a key', 'a18001', lwm2mPath(3), /an id from 0 to 65534/],
    ['five ids', 'a185030009000101', lwm2mPath(3), /more than the four ids/],
    ['five ids in two keys', 'a184030009 00a10001'.replaceAll(' ', ''), lwm2mPath(3), /more than the four ids/],
    ['a value where an instance is', 'a103a10001', lwm2mPath(3), /not a value/],
    ['a path in two spellings', 'a28303000901 03a100a10902'.replaceAll(' ', ''), lwm2mPath(3), /there twice/],
    ['null', 'a1830300 09f6'.replaceAll(' ', ''), lwm2mPath(3, 0, 9), /no value/],
    ['an array as a value', 'a18303000980', lwm2mPath(3, 0, 9), /no value/],
    ['a tail', 'a1830300 090100'.replaceAll(' ', ''), lwm2mPath(3, 0, 9), /nothing comes after/],
  ] as const) {
    it(`refuses ${what}`, () => {
      const decoded = decode(path, hex);
      assert.ok(!decoded.ok);
      assert.equal(decoded.error.code, 'malformed');
      assert.match(decoded.error.message, message);
    });
  }

  it('bounds depth and entries', () => {
    const deep = decodeContent(format, lwm2mPath(3), decodeHex(`${'a103'.repeat(20)}00`)!, omaObjects);
    assert.match(deep.ok ? '' : deep.error.message, /below \/3\/3\/3\/3 is more than the four ids/);
    const tagged = decodeContent(
      format,
      lwm2mPath(3),
      decodeHex(`a1830300 09${'c1'.repeat(20)}00`.replaceAll(' ', ''))!,
      omaObjects,
    );
    assert.equal(tagged.ok ? 'ok' : tagged.error.code, 'too-large');
    const path = lwm2mPath(3, 0);
    const many = decodeContent(format, path, decodeHex(deviceHex)!, omaObjects, { maximumEntries: 3 });
    assert.equal(many.ok ? 'ok' : many.error.code, 'too-large');
  });
});
