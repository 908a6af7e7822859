import assert from 'node:assert/strict';
import { test } from 'node:test';
import { leastUpload, type Upload, type UploadStore } from '../upload.ts';
import type { OpenStore } from './opened-store.ts';

const upload = (id: string, change: Partial<Upload> = {}): Upload => ({
  ...{ id, account: 'ann', name: 'cat.png', size: 40_000, contentType: 'image/png', createdAt: 10, isThere: false },
  ...change,
});
const limits = { perAccount: 100_000, total: 150_000 };

/** What every {@link UploadStore} does. */
export function uploadStoreContract(name: string, open: OpenStore<UploadStore>): void {
  test(`${name}: files of accounts, bounded for each and in all, until they are old`, async () => {
    const { store, close, reopen } = await open();
    assert.equal(await store.addUpload(upload('a'), limits), true);
    assert.equal(await store.addUpload(upload('b', { contentType: undefined, createdAt: 20 }), limits), true);
    assert.equal(await store.addUpload(upload('c'), limits), false, 'more than one account may have');
    assert.equal(await store.addUpload(upload('x', { account: 'bob', size: 70_000 }), limits), true);
    assert.equal(await store.addUpload(upload('y', { account: 'carl' }), limits), false, 'more than there may be');
    assert.equal(await store.completeUpload('a'), true);
    assert.equal(await store.completeUpload('a'), false);
    const kept = (await reopen?.()) ?? store;
    assert.deepEqual(await kept.upload('a'), upload('a', { isThere: true }));
    assert.equal((await kept.upload('b'))?.contentType, undefined);
    const old = async (time: number, announced: number) =>
      (await kept.oldUploads(time, announced, 9)).map(({ id }) => id).sort();
    assert.deepEqual(await old(0, 15), ['x']);
    assert.deepEqual(await old(11, 25), ['a', 'b', 'x']);
    assert.deepEqual((await kept.uploadsOf('ann')).map(({ id }) => id).sort(), ['a', 'b']);
    assert.equal(await kept.removeUpload('a'), true);
    assert.equal(await kept.removeUpload('a'), false);
    assert.equal(await kept.addUpload(upload('c'), limits), true);
    await close();
  });

  test(`${name}: files that are next to nothing count too`, async () => {
    const { store, close } = await open();
    const few = { perAccount: 3 * leastUpload, total: 4 * leastUpload };
    const taken = [];
    for (const id of ['a', 'b', 'c', 'd']) taken.push(await store.addUpload(upload(id, { size: 1 }), few));
    for (const id of ['e', 'f']) taken.push(await store.addUpload(upload(id, { account: 'bob', size: 1 }), few));
    assert.deepEqual(taken, [true, true, true, false, true, false]);
    await close();
  });
}
