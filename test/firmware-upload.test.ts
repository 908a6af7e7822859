/** Uploads of firmware on a platform whose disk fails: nobody keeps bytes that nobody knows of. */
import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { routes } from '@yaolian/contract';
import { openPlatform, withCode } from './support/platform.ts';

test('a package that is not noted leaves nothing on the disk, at once', async () => {
  const disk = {
    isFull: false,
    committing() {
      if (this.isFull) throw new Error('database or disk is full');
    },
  };
  await using bench = await openPlatform({}, undefined, { commitListener: disk });
  const upload = () => bench.admin.call(routes.uploadFirmware, { query: { name: 'fw' }, body: new Uint8Array(5000) });
  const onDisk = () => readdir(join(bench.dataFolder, 'firmware'));
  disk.isFull = true;
  await assert.rejects(upload(), withCode('unavailable'));
  disk.isFull = false;
  assert.deepEqual(await onDisk(), []);
  const { items } = await bench.admin.call(routes.listFirmware, {});
  assert.deepEqual(items, []);
  const { id } = await upload();
  assert.deepEqual(await onDisk(), [id]);
});

test('the same package again is the one that is there; other bytes, names, versions and models are others', async () => {
  await using bench = await openPlatform();
  const upload = (query: { readonly name: string; readonly version?: string; readonly model?: string }, byte = 1) =>
    bench.admin.call(routes.uploadFirmware, { query, body: new Uint8Array(5000).fill(byte) });
  const first = await upload({ name: 'fw', version: '1' });
  assert.deepEqual(await upload({ name: 'fw', version: '1' }), first);
  await upload({ name: 'fw' });
  await upload({ name: 'fw', version: '1', model: 'X' });
  await upload({ name: 'other', version: '1' });
  await upload({ name: 'fw', version: '1' }, 2);
  const { items } = await bench.admin.call(routes.listFirmware, {});
  assert.equal(items.length, 5);
  assert.equal((await readdir(join(bench.dataFolder, 'firmware'))).length, 5);
});
