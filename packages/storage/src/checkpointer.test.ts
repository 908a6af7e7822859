import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { Storage } from './storage.ts';
import { sampleRegistration } from './testing/sample-registration.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';

/** How often the log of a database has started over: https://www.sqlite.org/fileformat2.html#walformat, offset 12. */
function timesStartedOver(file: string): number {
  return readFileSync(`${file}-wal`).readUInt32BE(12);
}

describe('the write-ahead log', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  beforeEach(() => {
    folder = temporaryFolder();
  });
  afterEach(() => folder.remove());

  for (const where of ['thread', 'inline'] as const) {
    it(`starts over again and again when checkpoints are made ${where}`, async () => {
      await using storage = Storage.open({
        folder: folder.path,
        checkpointAfterChanges: 20,
        checkpointWhere: where,
      });
      const first = await commitOnce(storage, 0);
      let commits = 1;
      while (timesStartedOver(storage.file) < first + 3 && commits < 5000) await commitOnce(storage, commits++);
      assert.ok(commits < 5000, 'the log never started over');
      const ids = [...(await storage.registrations.load()).registrations].map(({ id }) => id);
      assert.equal(ids.length, commits);
      assert.ok(statSync(`${storage.file}-wal`).size < 20_000_000);
    });
  }
});

async function commitOnce(storage: Storage, i: number): Promise<number> {
  await storage.registrations.register(sampleRegistration(`r${i}`), undefined);
  return timesStartedOver(storage.file);
}
