import type { DatabaseSync } from 'node:sqlite';
import { storageErrors } from './errors.ts';

/** One step of the schema. Released steps never change: a later one corrects them. */
export interface Migration {
  /** What it brings, in a few words. */
  readonly name: string;
  readonly sql: string;
}

/** `PRAGMA application_id` of our databases: `YAO1`. */
export const applicationId = 0x59414f31;

/**
 * Brings a database to the newest version: step by step, each in a transaction of its own. The version of a database is
 * the number of steps it has had.
 * @param file how the database is called in errors
 * @returns the version that it had
 * @throws DATABASE_FOREIGN, SCHEMA_NEWER, MIGRATION_FAILED
 */
export function migrate(database: DatabaseSync, migrations: readonly Migration[], file: string): number {
  requireOurs(database, file);
  const found = pragma(database, 'user_version');
  if (found > migrations.length) throw storageErrors.SCHEMA_NEWER(file, found, migrations.length);
  for (const [index, migration] of migrations.entries()) {
    if (index >= found) apply(database, migration, index + 1);
  }
  return found;
}

/**
 * The version of a database of ours.
 * @throws DATABASE_FOREIGN
 */
export function databaseVersion(database: DatabaseSync, file: string): number {
  requireOurs(database, file);
  return pragma(database, 'user_version');
}

function requireOurs(database: DatabaseSync, file: string): void {
  if (pragma(database, 'application_id') === applicationId) return;
  const { count } = database.prepare('SELECT count(*) AS count FROM sqlite_schema').get() as { count: number };
  // Also 0 tables and a version: somebody counts there.
  if (count > 0 || pragma(database, 'user_version') !== 0) throw storageErrors.DATABASE_FOREIGN(file);
}

function apply(database: DatabaseSync, migration: Migration, version: number): void {
  database.exec('BEGIN IMMEDIATE');
  try {
    database.exec(migration.sql);
    database.exec(`PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${version}`);
    database.exec('COMMIT');
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw storageErrors.MIGRATION_FAILED(version, migration.name, error);
  }
}

function pragma(database: DatabaseSync, name: 'application_id' | 'user_version'): number {
  return (database.prepare(`PRAGMA ${name}`).get() as Record<string, number>)[name]!;
}
