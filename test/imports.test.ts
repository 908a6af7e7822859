/** Many credentials and device keys in one request: each is judged by itself, and the same request may come again. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type JsonNewAllowEntry, type JsonNewCredential, maxImportEntries, routes } from '@yaolian/contract';
import { openPlatform, withCode } from './support/platform.ts';

const key = '00112233445566778899aabbccddeeff';
const psk = (endpoint: string, change: object = {}): JsonNewCredential => ({
  ...{ endpoint, kind: 'psk', identity: `of ${endpoint}`, key },
  ...change,
});

test('credentials are imported, each judged by itself; what is there just so stays', async () => {
  await using bench = await openPlatform();
  const { admin } = bench;
  const oscore = { kind: 'oscore', senderId: '0A', recipientId: '00', masterSecret: key } as const;
  const entries = [
    psk('a'),
    psk('b', { endpoint: 'x'.repeat(513) }),
    psk('c', { key: undefined }),
    psk('thief', { identity: 'of a' }),
    { endpoint: 'o', ...oscore },
    'none' as unknown as JsonNewCredential,
    psk('d', { colour: 'red' }),
    psk('e', { publicKey: 'MAA=' }),
    { endpoint: 'n', kind: 'certificate-name', name: 'urn:n' },
  ] as const;
  const first = await admin.call(routes.importCredentials, { body: { entries: [...entries] } });
  assert.equal(first.added, 3);
  assert.deepEqual(first.unchanged, []);
  assert.deepEqual(
    first.refused.map(({ index, code, where = '', reason }) => `${index} ${code} ${where} ${reason}`),
    [
      '1 invalid-request endpoint too-long',
      '2 invalid-value key missing',
      '3 conflict  credential-exists',
      '5 invalid-request  wrong-type',
      '6 invalid-request  names-unknown',
      '7 invalid-value publicKey field-misplaced',
    ],
  );
  await using restarted = await bench.restart();
  const again = await restarted.admin.call(routes.importCredentials, { body: { entries: [...entries] } });
  assert.deepEqual([again.added, again.unchanged], [0, [0, 4, 8]]);
  assert.deepEqual(again.refused, first.refused);
});

test('another secret, endpoint or purpose is not what is there', async () => {
  await using bench = await openPlatform();
  const { admin } = bench;
  const context = { kind: 'oscore', senderId: '01', recipientId: '00', masterSecret: key } as const;
  const add = (entries: JsonNewCredential[]) => admin.call(routes.importCredentials, { body: { entries } });
  await add([psk('a'), { endpoint: 'o', ...context }]);
  const { unchanged, refused } = await add([
    psk('a', { key: 'ff'.repeat(16) }),
    psk('a', { purpose: 'bootstrap' }),
    psk('z', { identity: 'of a' }),
    { endpoint: 'o', ...context, masterSecret: 'ff'.repeat(16) },
    { endpoint: 'o', ...context, recipientId: '02' },
    psk('a', { key: key.toUpperCase() }),
  ]);
  assert.deepEqual(unchanged, [5]);
  assert.deepEqual(
    refused.map(({ index, code }) => `${index} ${code}`),
    ['0 conflict', '1 conflict', '2 conflict', '3 conflict', '4 conflict'],
  );
});

test('device keys are allowed many at once; of those on the list the note changes', async () => {
  await using bench = await openPlatform();
  const { admin } = bench;
  const add = (entries: JsonNewAllowEntry[]) => admin.call(routes.importAllowed, { body: { entries } });
  const first = await add([
    { key: 'a', note: 'gate 4' },
    { key: '' },
    { key: 'b', note: 'x'.repeat(501) },
    { key: 'c' },
  ]);
  assert.deepEqual(
    [first.added, first.refused.map(({ index, where, reason }) => `${index} ${where} ${reason}`)],
    [2, ['1 key too-short', '2 note too-long']],
  );
  const second = await add([{ key: 'a', note: 'gate 5' }, { key: 'd' }, { key: 'd', note: 'twice' }]);
  assert.deepEqual(second, { added: 1, unchanged: [0, 2], refused: [] });
  const { items } = await admin.call(routes.listAllowed, {});
  assert.deepEqual(
    items.map((entry) => `${entry.key} ${entry.note}`),
    ['a gate 5', 'c ', 'd twice'],
  );
});

test('a request has 1 to so many entries', async () => {
  await using bench = await openPlatform();
  const add = (count: number) => {
    const entries = Array.from({ length: count }, (_, index) => ({ key: `key-${index}` }));
    return bench.admin.call(routes.importAllowed, { body: { entries } });
  };
  assert.equal((await add(maxImportEntries)).added, maxImportEntries);
  for (const count of [0, maxImportEntries + 1]) {
    await assert.rejects(add(count), withCode('invalid-request'));
  }
});
