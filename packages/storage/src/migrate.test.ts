import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { describe, it } from 'node:test';
import { applicationId, type Migration, migrate } from './migrate.ts';
import { migrations } from './migrations.ts';

const steps: readonly Migration[] = [
  { name: 'people', sql: 'CREATE TABLE person (name TEXT)' },
  { name: 'ages', sql: "ALTER TABLE person ADD COLUMN age INTEGER; UPDATE person SET age = 0; SELECT 'done'" },
  { name: 'towns', sql: 'CREATE TABLE town (name TEXT)' },
];

function schemaOf(database: DatabaseSync) {
  return database
    .prepare('SELECT type, name, sql FROM sqlite_schema ORDER BY type, name')
    .all()
    .map((row) => ({ ...row }));
}

function versionOf(database: DatabaseSync): number {
  return (database.prepare('PRAGMA user_version').get() as { user_version: number }).user_version;
}

describe('migrating', () => {
  it('brings a new database to the newest version and marks it as ours', () => {
    const database = new DatabaseSync(':memory:');
    assert.equal(migrate(database, steps, 'x.db'), 0);
    assert.equal(versionOf(database), 3);
    assert.deepEqual({ ...database.prepare('PRAGMA application_id').get() }, { application_id: applicationId });
    assert.equal(migrate(database, steps, 'x.db'), 3, 'nothing more to do');
  });

  for (let version = 1; version < steps.length; version++) {
    it(`goes on from version ${version} and keeps what is there`, () => {
      const database = new DatabaseSync(':memory:');
      migrate(database, steps.slice(0, version), 'x.db');
      database.exec("INSERT INTO person (name) VALUES ('Ada')");
      assert.equal(migrate(database, steps, 'x.db'), version);
      assert.equal((database.prepare('SELECT name FROM person').get() as { name: string }).name, 'Ada');
      const fresh = new DatabaseSync(':memory:');
      migrate(fresh, steps, 'x.db');
      assert.deepEqual(schemaOf(database), schemaOf(fresh));
    });
  }

  it('refuses a database from the future and leaves it alone', () => {
    const database = new DatabaseSync(':memory:');
    migrate(database, steps, 'x.db');
    assert.throws(() => migrate(database, steps.slice(0, 2), 'x.db'), {
      code: 'SCHEMA_NEWER',
      message: 'x.db has schema version 3, this program knows versions up to 2: start the newer program again',
    });
    assert.equal(versionOf(database), 3);
  });

  it('refuses the database of another program', () => {
    const withTables = new DatabaseSync(':memory:');
    withTables.exec('CREATE TABLE theirs (x)');
    const withVersion = new DatabaseSync(':memory:');
    withVersion.exec('PRAGMA user_version = 1');
    for (const database of [withTables, withVersion]) {
      assert.throws(() => migrate(database, steps, 'x.db'), { code: 'DATABASE_FOREIGN' });
    }
  });

  it('takes a step whole or not at all', () => {
    const database = new DatabaseSync(':memory:');
    const broken = [...steps, { name: 'mistake', sql: 'CREATE TABLE half (x); INSERT INTO nowhere VALUES (1)' }];
    assert.throws(() => migrate(database, broken, 'x.db'), {
      code: 'MIGRATION_FAILED',
      message: 'the migration to schema version 4 (mistake) failed; the database is as it was before',
    });
    assert.equal(versionOf(database), 3);
    assert.equal(database.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'half'").get(), undefined);
    assert.equal(database.isTransaction, false);
  });
});

describe('our migrations', () => {
  for (let version = 0; version <= migrations.length; version++) {
    it(`lead from version ${version} to the schema of today`, () => {
      const database = new DatabaseSync(':memory:');
      migrate(database, migrations.slice(0, version), 'x.db');
      assert.equal(migrate(database, migrations, 'x.db'), version);
      const fresh = new DatabaseSync(':memory:');
      migrate(fresh, migrations, 'x.db');
      assert.deepEqual(schemaOf(database), schemaOf(fresh));
    });
  }

  it('make strict tables only', () => {
    const database = new DatabaseSync(':memory:');
    migrate(database, migrations, 'x.db');
    const lax = database.prepare(
      "SELECT name FROM pragma_table_list WHERE schema = 'main' AND NOT strict AND type = 'table' AND name NOT LIKE 'sqlite%'",
    );
    assert.deepEqual(lax.all(), []);
  });
});
