import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FirmwareFile } from '@yaolian/directory';
import type { UpdateJob } from '@yaolian/lwm2m/server';
import { storeInTemporaryFolder } from './testing/temporary-folder.ts';

const open = storeInTemporaryFolder((storage) => storage.firmware);

const file = (id: string, createdAt: number) =>
  ({ id, token: `t${id}`, name: 'fw.bin', size: 3, sha256: '00', createdAt, createdBy: 'admin' }) as FirmwareFile;

const job = (id: string, createdAt: number, more: Partial<UpdateJob> = {}) =>
  ({ id, device: 'd', file: 'f', phase: 'waiting', createdAt, ...more }) as UpdateJob;

test('packages are found by id and token, the newest first, over a restart', async () => {
  const opened = await open();
  await opened.store.putFile(file('a', 1));
  await opened.store.putFile(file('b', 2));
  const store = await opened.reopen();
  assert.deepEqual(await store.files(), [file('b', 2), file('a', 1)]);
  assert.deepEqual(await store.fileByToken('ta'), await store.file('a'));
  assert.deepEqual([await store.removeFile('a'), await store.removeFile('a')], [true, false]);
  await opened.close();
});

test('updates by device and page; those that are open; old ones go', async () => {
  const { store, close } = await open();
  for (let i = 0; i < 5; i++) await store.putJob(job(`j${i}`, i, i < 4 ? { finishedAt: 9, phase: 'failed' } : {}));
  await store.putJob(job('other', 9, { device: 'e', finishedAt: 9 }));
  const ids = (jobs: readonly UpdateJob[]) => jobs.map(({ id }) => id).join(' ');
  assert.equal(ids(await store.openJobs()), 'j4');
  assert.equal(ids(await store.jobs({ device: 'd', limit: 3 })), 'j4 j3 j2');
  assert.equal(ids(await store.jobs({ limit: 9, before: { createdAt: 3, id: 'j3' } })), 'j2 j1 j0');
  await store.trimJobs(2);
  assert.equal(ids(await store.jobs({ limit: 9 })), 'other j4 j3');
  assert.equal((await store.job('j4'))!.device, 'd');
  await close();
});
