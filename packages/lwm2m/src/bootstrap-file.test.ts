import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeHex, encodeHex } from '@yaolian/kernel';
import { omaObjects } from '@yaolian/lwm2m-objects';
import fc from 'fast-check';
import {
  decodeBootstrapFile,
  encodeBootstrapFile,
  maximumBootstrapFile,
  type ObjectNode,
  objectInstance,
  singleResource,
} from './index.ts';

const hex = (text: string) => decodeHex(text)!;

/** A file as tools of card issuers make it: one server with a pre-shared key. */
const issued = hex(`
  0002 007a
  0000 00 005e 08015b
    c80022 636f6170733a2f2f65752e696f742e617673797374656d2e636c6f75643a35363834
    c10100 c10200 c80314 6578616d706c652d70736b2d6964656e74697479
    c80513 337840 6d706c3350354b353363723374 4b3379 c10a01
  0001 00 0012 08010f c10001 c40100015180 c10600 c10755`);

const issuedObjects: readonly { readonly version: undefined; readonly node: ObjectNode }[] = [
  {
    version: undefined,
    node: object(0, [
      singleResource(0, 'string', 'coaps://eu.iot.avsystem.cloud:5684'),
      singleResource(1, 'boolean', false),
      singleResource(2, 'integer', 0),
      singleResource(3, 'opaque', new TextEncoder().encode('example-psk-identity')),
      singleResource(5, 'opaque', new TextEncoder().encode('3x@mpl3P5K53cr3tK3y')),
      singleResource(10, 'integer', 1),
    ]),
  },
  {
    version: undefined,
    node: object(1, [
      singleResource(0, 'integer', 1),
      singleResource(1, 'integer', 86_400),
      singleResource(6, 'boolean', false),
      singleResource(7, 'string', 'U'),
    ]),
  },
];

function object(id: number, resources: Parameters<typeof objectInstance>[1]): ObjectNode {
  return { kind: 'object', id, instances: new Map([[1, objectInstance(1, resources)]]) };
}

test('reads a file of a card as its issuer wrote it', () => {
  assert.deepEqual(decodeBootstrapFile(issued, omaObjects), { ok: true, value: issuedObjects });
});

test('writes the same file, byte for byte', () => {
  const written = encodeBootstrapFile(issuedObjects);
  assert.ok(written.ok);
  assert.equal(encodeHex(written.value), encodeHex(issued));
});

test('versions are two octets, padding of the card is passed over', () => {
  const file = hex('0002 000b 0001 02 05 0000 0003 00 0000 ffffff');
  const read = decodeBootstrapFile(file, omaObjects);
  assert.ok(read.ok);
  assert.deepEqual(
    read.value.map(({ version, node }) => [version, node.id, node.instances.size]),
    [
      ['2.5', 1, 0],
      [undefined, 3, 0],
    ],
  );
});

test('what is no such file is refused, and why', () => {
  for (const [bytes, why] of [
    ['', /begins with the number of its objects/],
    ['0001 0005', /objects of 5 bytes in a file of 4/],
    ['0001 0000', /object 1 of 1 is cut off/],
    ['0001 0005 0001 00 0003', /object 1 of 1 is cut off/],
    ['0001 0004 0001 02 05', /object 1 of 1 is cut off/],
    ['0002 000a 0001 00 0000 0001 00 0000', /object 1 is there twice/],
    ['0001 0006 0001 00 0000 aa', /1 bytes behind the last of 1 objects/],
    ['0001 0005 ffff 00 0000', /no object has this id/],
    ['0001 0008 0001 00 0003 0801ff', /object 1: /],
  ] as const) {
    const read = decodeBootstrapFile(hex(bytes), omaObjects);
    assert.match(read.ok ? 'it was read' : read.error.message, why);
  }
  const large = decodeBootstrapFile(new Uint8Array(maximumBootstrapFile + 1), omaObjects);
  assert.equal(large.ok ? '' : large.error.code, 'too-large');
  const node = object(5, [singleResource(0, 'opaque', new Uint8Array(maximumBootstrapFile))]);
  const written = encodeBootstrapFile([{ version: undefined, node }]);
  assert.equal(written.ok ? '' : written.error.code, 'too-large');
});

test('any bytes are read or refused', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(issued.length), (bytes, at) => {
      decodeBootstrapFile(bytes, omaObjects);
      const changed = Uint8Array.from(issued);
      changed.set(bytes.subarray(0, issued.length - at), at);
      decodeBootstrapFile(changed, omaObjects);
    }),
  );
});
