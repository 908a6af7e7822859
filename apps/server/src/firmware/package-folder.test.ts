import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { PackageFolder, TooLarge } from './package-folder.ts';

async function* chunks(count: number, size = 1000) {
  for (let i = 0; i < count; i++) yield new Uint8Array(size).fill(i);
}

test('a package is kept whole, hashed as it comes, read from anywhere; what is too large leaves nothing', async (t) => {
  const path = await mkdtemp(join(tmpdir(), 'yaolian-test-'));
  t.after(() => rm(path, { recursive: true }));
  await writeFile(join(path, 'left-over.part'), 'x');
  const folder = new PackageFolder(path, 50_000);
  await folder.prepare(new Set());
  assert.deepEqual(await readdir(path), []);
  const received = await folder.receive(chunks(30));
  const hash = createHash('sha256');
  for await (const chunk of chunks(30)) hash.update(chunk);
  assert.deepEqual([received.size, received.sha256], [30_000, hash.digest('hex')]);
  await received.keep('one');
  assert.deepEqual(await folder.read('one', 999, 2), Uint8Array.of(0, 1));
  assert.equal((await folder.read('one', 29_990, 100)).length, 10);
  await assert.rejects(folder.receive(chunks(51)), TooLarge);
  assert.deepEqual(await readdir(path), ['one']);
  for (let i = 0; i < 40; i++) await (await folder.receive(chunks(1))).keep(`n${i}`);
  await Promise.all(Array.from({ length: 40 }, (_, i) => folder.read(`n${i}`, 0, 10)));
  await folder.remove('one');
  await assert.rejects(folder.read('one', 0, 1), { code: 'ENOENT' });
  await folder.close();
});
