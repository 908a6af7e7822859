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
