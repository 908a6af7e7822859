import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeHex } from '@yaolian/kernel';
import { omaObjects } from '@yaolian/lwm2m-objects';
import { decodeBootstrapFile } from '../index.ts';
import { encodeCard } from './card.ts';
import type { BootstrapConfig } from './config.ts';

const config: BootstrapConfig = {
  security: [{ instanceId: 1, uri: 'coap://h', shortServerId: 7 }],
  servers: [{ instanceId: 0, shortServerId: 7, lifetime: 60, storeNotifications: false }],
};

test('a configuration is laid out as appendix G.3 has it', () => {
  const file = encodeCard(config, omaObjects);
  assert.ok(file.ok);
  assert.equal(
    encodeHex(file.value),
    [
      // Two objects in 54 bytes; object 0, of no version, its instances in 29.
      '0002 0036 0000 00 001d',
      // Instance 1: URI, no Bootstrap-Server, NoSec, no keys, short server id 7.
      '08011a c80008 636f61703a2f2f68 c10100 c10203 c003 c004 c005 c10a07',
      // Object 1, instance 0: 7, 60 s, notifications are not stored, U.
      '0001 00 000f 08000c c10007 c1013c c10600 c10755',
    ]
      .join('')
      .replaceAll(' ', ''),
  );
});

test('what a card holds is what a terminal reads', () => {
  const account = { instanceId: 0, uri: 'coaps://bs', isBootstrapServer: true } as const;
  const writes = [{ path: '/2/0', resources: { 0: 3, 1: 0, 2: { 7: 15 }, 3: 7 } }];
  const file = encodeCard({ ...config, security: [account, ...config.security], writes }, omaObjects);
  assert.ok(file.ok);
  const read = decodeBootstrapFile(file.value, omaObjects);
  assert.ok(read.ok);
  assert.deepEqual(
    read.value.map(({ node }) => [node.id, [...node.instances.keys()]]),
    [
      [0, [0, 1]],
      [1, [0]],
      [2, [0]],
    ],
  );
});

const wrong: Readonly<Record<string, readonly [Partial<BootstrapConfig>, string]>> = {
  'keys to be made': [
    { security: [{ instanceId: 1, uri: 'coaps://h', shortServerId: 7, issue: 'new' }] },
    'security[0].issue: a card holds the keys themselves',
  ],
  'a lone resource': [
    { writes: [{ path: '/3/0/15', value: 'x' }] },
    'writes: /3/0/15 is no object instance: a card holds whole ones',
  ],
  'an instance twice': [{ writes: [{ path: '/1/0', resources: { 0: 7 } }] }, 'writes: /1/0 is there twice'],
  'more than a card holds': [
    { writes: [{ path: '/16/0', resources: { 0: { 0: 'x'.repeat(33_000) } } }] },
    'writes: a bootstrap file of 33075 bytes; 32768 is the most',
  ],
};

for (const [what, [change, message]] of Object.entries(wrong)) {
  test(`${what} is refused`, () => {
    const file = encodeCard({ ...config, ...change }, omaObjects);
    assert.equal(file.ok ? 'written' : `${file.error.where}: ${file.error.message}`, message);
  });
}
