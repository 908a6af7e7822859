import assert from 'node:assert/strict';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { beforeEach, describe, it } from 'node:test';
import type { Meter } from '@yaolian/kernel';
import { type CommitListener, GroupCommit } from './group-commit.ts';

/** Counters by name, to look at. */
function countingMeter() {
  const counts = new Map<string, number>();
  const add = (name: string, by: number) => counts.set(name, (counts.get(name) ?? 0) + by);
  const meter: Meter = {
    counter: (name) => ({ add: (by = 1) => add(name, by) }),
    gauge() {},
    histogram: (name) => ({ record: () => add(name, 1) }),
  };
  return { meter, count: (name: string) => counts.get(name) ?? 0 };
}

describe('group commit', () => {
  let database: DatabaseSync;
  let insert: StatementSync;
  let turns: (() => void)[];
  let commit: GroupCommit;
  let metrics: ReturnType<typeof countingMeter>;

  beforeEach(() => {
    database = new DatabaseSync(':memory:');
    database.exec('CREATE TABLE item (key INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT');
    insert = database.prepare('INSERT INTO item VALUES (?, ?)');
    turns = [];
    metrics = countingMeter();
    commit = new GroupCommit(database, { schedule: (flush) => turns.push(flush), maxChanges: 5, meter: metrics.meter });
  });

  const add = (key: number, text: string | null = 'text') => commit.change(() => void insert.run(key, text));
  const endTurn = () => {
    for (const flush of turns.splice(0)) flush();
  };
  const keys = () =>
    (database.prepare('SELECT key FROM item ORDER BY key').all() as { key: number }[]).map((r) => r.key);
  /** Makes the next COMMIT fail, the way a full disk does. */
  const failNextCommit = () => {
    // A deferred foreign key is checked at COMMIT, the only thing that can fail there in memory.
    database.exec(`CREATE TABLE IF NOT EXISTS parent (key INTEGER PRIMARY KEY);
      CREATE TABLE IF NOT EXISTS child (p INTEGER REFERENCES parent DEFERRABLE INITIALLY DEFERRED)`);
    return commit.change(() => database.exec('INSERT INTO child VALUES (99)'));
  };

  it('puts all changes of a turn into one transaction, with one promise', async () => {
    const promises = [add(1), add(2), add(3)];
    assert.equal(new Set(promises).size, 1);
    assert.equal(database.isTransaction, true);
    endTurn();
    assert.equal(database.isTransaction, false);
    await Promise.all(promises);
    assert.deepEqual(keys(), [1, 2, 3]);
    assert.equal(metrics.count('storage_commits_total'), 1);
    assert.equal(metrics.count('storage_changes_total'), 3);
    assert.equal(metrics.count('storage_commit_seconds'), 1);
  });

  it('acknowledges nothing before the commit', async () => {
    let acknowledged = false;
    const added = add(1).then(() => {
      acknowledged = true;
    });
    await Promise.resolve();
    assert.equal(acknowledged, false);
    endTurn();
    await added;
    assert.equal(acknowledged, true);
  });

  it('begins a transaction of its own for each turn', async () => {
    const first = add(1);
    endTurn();
    const second = add(2);
    assert.notEqual(first, second);
    endTurn();
    await Promise.all([first, second]);
    assert.equal(metrics.count('storage_commits_total'), 2);
  });

  it('commits at the bound without waiting for the end of the turn', async () => {
    const promises = Array.from({ length: 12 }, (_, key) => add(key));
    await Promise.all(promises.slice(0, 10));
    assert.equal(metrics.count('storage_commits_total'), 2);
    assert.equal(database.isTransaction, true, 'two are left open');
    endTurn();
    await Promise.all(promises);
    assert.equal(keys().length, 12);
    assert.equal(turns.length, 0, 'one end of turn was asked for');
  });

  it('works with the real end of a turn', async () => {
    const real = new GroupCommit(database);
    await real.change(() => void insert.run(7, 'x'));
    assert.deepEqual(keys(), [7]);
  });

  it('refuses a bound that is none', () => {
    for (const maxChanges of [0, -1, Number.NaN])
      assert.throws(() => new GroupCommit(database, { maxChanges }), RangeError);
  });

  it('tells when everything until now is on disk', async () => {
    await commit.settled();
    const added = add(1);
    assert.equal(commit.settled(), added);
    endTurn();
    await commit.settled();
  });

  describe('a change that the database refuses', () => {
    it('is refused to its caller and harms nobody else', async () => {
      const good = [add(1), add(2)];
      const doubled = add(1);
      const missing = add(3, null);
      good.push(add(4));
      endTurn();
      await assert.rejects(doubled, { code: 'ROW_REFUSED', message: /UNIQUE constraint failed/ });
      await assert.rejects(missing, { code: 'ROW_REFUSED', message: /NOT NULL constraint failed/ });
      await Promise.all(good);
      assert.deepEqual(keys(), [1, 2, 4]);
      assert.equal(metrics.count('storage_refused_changes_total'), 2);
      assert.equal(metrics.count('storage_commit_failures_total'), 0);
    });

    it('may come first or alone', async () => {
      const refused = add(1, null);
      endTurn();
      await assert.rejects(refused, { code: 'ROW_REFUSED' });
      const good = add(1);
      endTurn();
      await good;
    });

    it('may be one that node:sqlite cannot bind', async () => {
      const refused = commit.change(() => void insert.run(1, Symbol('no') as unknown as string));
      const good = add(2);
      endTurn();
      await assert.rejects(refused, { code: 'ROW_REFUSED' });
      await good;
    });
  });

  describe('statements that belong together', () => {
    const pair = (a: number, b: number) =>
      commit.changeTogether(() => {
        insert.run(a, 'first');
        insert.run(b, 'second');
      });

    it('happen together', async () => {
      const both = pair(1, 2);
      endTurn();
      await both;
      assert.deepEqual(keys(), [1, 2]);
    });

    it('happen not at all when one is refused', async () => {
      const good = add(5);
      const half = pair(6, 5);
      const later = pair(7, 8);
      endTurn();
      await assert.rejects(half, { code: 'ROW_REFUSED' });
      await Promise.all([good, later]);
      assert.deepEqual(keys(), [5, 7, 8]);
    });

    it('take what is changed meanwhile along, also at the bound', async () => {
      const small = new GroupCommit(database, { schedule: (flush) => turns.push(flush), maxChanges: 1 });
      const counts: number[] = [];
      small.listen({ committed: (changes) => counts.push(changes) });
      let inner: Promise<void> | undefined;
      const outer = small.changeTogether(() => {
        insert.run(1, 'first');
        inner = small.changeTogether(() => void insert.run(2, 'second'));
        void small.change(() => void insert.run(3, 'third'));
      });
      assert.equal(outer, inner);
      await outer;
      assert.deepEqual([counts, keys()], [[3], [1, 2, 3]]);
    });

    it('happen without what is refused meanwhile', async () => {
      let inner: Promise<void> | undefined;
      const outer = commit.changeTogether(() => {
        insert.run(1, 'first');
        inner = add(1);
      });
      endTurn();
      await assert.rejects(inner!, { code: 'ROW_REFUSED' });
      await outer;
      assert.deepEqual(keys(), [1]);
    });
  });

  describe('a transaction that fails', () => {
    it('is told to everybody in it, and the next one works', async () => {
      const promises = [add(1), add(2), failNextCommit()];
      endTurn();
      for (const promise of promises) {
        await assert.rejects(promise, {
          code: 'STORAGE_FAILED',
          message: /FOREIGN KEY constraint failed; nothing was stored/,
        });
      }
      assert.equal(database.isTransaction, false);
      assert.deepEqual(keys(), []);
      assert.equal(metrics.count('storage_commit_failures_total'), 1);
      assert.equal(metrics.count('storage_commits_total'), 0);
      const next = add(3);
      endTurn();
      await next;
      assert.deepEqual(keys(), [3]);
    });

    it('does not end the process when nobody waits for it', async () => {
      void add(1);
      void failNextCommit();
      endTurn();
      await new Promise((resolve) => setImmediate(resolve));
    });
  });

  describe('a full database', () => {
    const fill = () => {
      const { page_count: pages } = database.prepare('PRAGMA page_count').get() as { page_count: number };
      database.exec(`PRAGMA max_page_count = ${pages}`);
    };

    it('rejects everybody in the transaction, and works again when there is room', async () => {
      fill();
      const small = add(1);
      const large = add(2, 'x'.repeat(100_000));
      endTurn();
      for (const promise of [small, large]) await assert.rejects(promise, { code: 'STORAGE_FULL' });
      database.exec('PRAGMA max_page_count = 100000');
      const later = add(3, 'x'.repeat(100_000));
      endTurn();
      await later;
      assert.deepEqual(keys(), [3]);
    });

    it('rejects a change with what it took along', async () => {
      fill();
      let inner: Promise<void> | undefined;
      const outer = commit.changeTogether(() => {
        insert.run(1, 'small');
        inner = add(2, 'x'.repeat(100_000));
        void add(3).catch(() => {});
      });
      endTurn();
      for (const promise of [outer, inner!]) await assert.rejects(promise, { code: 'STORAGE_FULL' });
      assert.deepEqual(keys(), []);
      const later = add(4);
      endTurn();
      await later;
      assert.deepEqual(keys(), [4]);
    });
  });

  describe('listeners', () => {
    it('are told of commits and of what never happened', async () => {
      const told: string[] = [];
      const listener: CommitListener = {
        committed: (changes) => told.push(`committed ${changes}`),
        rolledBack: () => told.push('rolled back'),
      };
      commit.listen(listener);
      const good = add(1);
      endTurn();
      await good;
      const bad = failNextCommit();
      endTurn();
      await assert.rejects(bad);
      assert.deepEqual(told, ['committed 1', 'rolled back']);
    });
  });

  describe('closing', () => {
    it('commits what is open and takes no more', async () => {
      const added = add(1);
      await commit.close();
      await added;
      await assert.rejects(add(2), { code: 'STORAGE_CLOSED' });
      await assert.rejects(
        commit.changeTogether(() => void insert.run(3, 'x')),
        { code: 'STORAGE_CLOSED' },
      );
      endTurn();
      assert.deepEqual(keys(), [1]);
    });
  });
});
