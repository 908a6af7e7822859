import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { type Log, silentLog } from '@yaolian/kernel';
import { Checkpointer } from './checkpointer.ts';
import { GroupCommit } from './group-commit.ts';
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

describe('checkpoints whose thread breaks', () => {
  it('go on inline, and the log says so once', async () => {
    const folder = temporaryFolder();
    const file = join(folder.path, 'x.db');
    const database = new DatabaseSync(file);
    database.exec('PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0; CREATE TABLE item (n INTEGER)');
    const insert = database.prepare('INSERT INTO item VALUES (1)');
    const commit = new GroupCommit(database);
    const errors: string[] = [];
    const log: Log = { ...silentLog, error: (message) => void errors.push(message) };
    // The thread cannot open this one.
    const wrongFile = join(folder.path, 'missing', 'x.db');
    const checkpointer = new Checkpointer({ database, commit, file: wrongFile, log, afterChanges: 5 });
    const commitUntil = async (reached: () => boolean) => {
      for (let i = 0; !reached() && i < 50_000; i++) await commit.change(() => void insert.run());
      assert.ok(reached());
    };
    await commitUntil(() => errors.length > 0);
    const broken = timesStartedOver(file);
    await commitUntil(() => timesStartedOver(file) >= broken + 2);
    assert.deepEqual(errors, ['the checkpoint thread failed; checkpoints go on without it']);
    await checkpointer.close();
    database.close();
    folder.remove();
  });
});

async function commitOnce(storage: Storage, i: number): Promise<number> {
  await storage.registrations.register(sampleRegistration(`r${i}`), undefined);
  return timesStartedOver(storage.file);
}
