import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { Storage } from './storage.ts';

const folder = await mkdtemp(join(tmpdir(), 'yaolian-keys-'));
after(() => rm(folder, { recursive: true, force: true }));

const answer = { status: 201, headers: { location: '/here' }, body: '{"secret":"a secret shown once"}' };
const keyed = (n: number, createdAt = n) => ({ id: Uint8Array.of(n), fingerprint: Uint8Array.of(n, n), createdAt });
const roomy = { since: 0, keep: 100 };

test('a request is known from its beginning, and its answer over a restart, sealed', async () => {
  const first = Storage.open({ folder });
  await first.keyedRequests.begin(keyed(1), roomy);
  assert.deepEqual(await first.keyedRequests.find(Uint8Array.of(1)), { ...keyed(1), answer: undefined });
  await first.keyedRequests.finish(Uint8Array.of(1), answer);
  await first.close();
  assert.equal((await readFile(first.file)).includes('a secret shown once'), false);
  await using second = Storage.open({ folder });
  assert.deepEqual(await second.keyedRequests.find(Uint8Array.of(1)), { ...keyed(1), answer });
  await second.keyedRequests.release(Uint8Array.of(1));
  assert.equal(await second.keyedRequests.find(Uint8Array.of(1)), undefined);
});

test('what is too old goes, and the oldest beyond the bound', async () => {
  await using storage = Storage.open({ folder });
  const { keyedRequests: store } = storage;
  const known = async (...numbers: number[]) => {
    const found = await Promise.all(numbers.map((n) => store.find(Uint8Array.of(n))));
    return numbers.filter((_, index) => found[index] !== undefined);
  };
  for (const n of [10, 11, 12]) await store.begin(keyed(n), { since: 0, keep: 2 });
  assert.deepEqual(await known(10, 11, 12), [11, 12]);
  await store.begin(keyed(13), { since: 12, keep: 10 });
  assert.deepEqual(await known(11, 12, 13), [12, 13]);
  await store.begin(keyed(13, 20), { since: 0, keep: 10 });
  assert.equal((await store.find(Uint8Array.of(13)))?.createdAt, 20, 'a key that was used long ago begins anew');
});
