import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openingFailure, storageErrors } from './errors.ts';

function codeOf(error: unknown, free: number): unknown {
  return (openingFailure(error, () => free) as { readonly code?: unknown }).code;
}

test('a database that cannot be opened says whether the disk is full, whatever SQLite makes of that', () => {
  const sqlite = (errcode: number) => Object.assign(new Error('disk I/O error'), { errcode });
  // SQLITE_IOERR_SHMSIZE, SQLITE_CANTOPEN, SQLITE_FULL: https://www.sqlite.org/rescode.html
  for (const errcode of [4874, 14, 13]) assert.equal(codeOf(sqlite(errcode), 0), 'STORAGE_FULL', `${errcode}`);
  for (const errcode of [4874, 14]) assert.equal(codeOf(sqlite(errcode), 1e9), 'STORAGE_FAILED', `${errcode}`);
  const migration = (errcode: number) => storageErrors.MIGRATION_FAILED(3, 'more', sqlite(errcode));
  assert.equal(codeOf(migration(13), 0), 'STORAGE_FULL');
  assert.equal(codeOf(migration(1), 0), 'MIGRATION_FAILED');
  const other = new Error('of nothing here');
  assert.equal(
    openingFailure(other, () => 0),
    other,
  );
});
