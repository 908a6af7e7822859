import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LogFields } from '@yaolian/kernel';
import { SeededRandom, until } from '@yaolian/testkit';
import { MemoryAssociationChangeStore } from '../testing/memory-association-change-store.ts';
import { type AssociationChange, AssociationChanges } from './association-change.ts';

const unlinked = (other: string): AssociationChange => ({ kind: 'unlinked', device: 'lamp', other });

function open() {
  const store = new MemoryAssociationChangeStore();
  const errors: string[] = [];
  const error = (message: string, _fields?: LogFields) => void errors.push(message);
  const quiet = () => {};
  const log = { debug: quiet, info: quiet, warn: quiet, error, child: () => log };
  return { store, errors, changes: new AssociationChanges({ store, random: new SeededRandom(1), log }) };
}

test('a change is kept when it is decided, told when it is on disk, and forgotten when everybody knows', async () => {
  const { store, changes } = open();
  const heard: [AssociationChange, string][] = [];
  const knows = Promise.withResolvers<void>();
  changes.listen((change, id) => {
    heard.push([change, id]);
    return knows.promise;
  });
  const onDisk = Promise.withResolvers<string>();
  const made = changes.made<string>(
    (onDecided) => {
      onDecided('fan');
      return onDisk.promise;
    },
    (other) => [unlinked(other), unlinked('tv')],
  );
  const kept = await store.keptChanges();
  assert.deepEqual(
    kept.map(({ change }) => change),
    [unlinked('fan'), unlinked('tv')],
  );
  assert.deepEqual(heard, []);
  onDisk.resolve('fan');
  assert.equal(await made, 'fan');
  assert.deepEqual(
    heard,
    kept.map(({ change, id }) => [change, id]),
  );
  assert.equal(new Set(kept.map(({ id }) => id)).size, 2);
  assert.equal((await changes.left()).length, 2);
  knows.resolve();
  await until(async () => (await changes.left()).length === 0, 'nothing is left');
});

test('no change is forgotten before an earlier one, so that after a crash the last word is the last', async () => {
  const { store, changes } = open();
  const first = Promise.withResolvers<void>();
  const told: AssociationChange[] = [];
  changes.listen((change) => {
    told.push(change);
    return told.length === 1 ? first.promise : undefined;
  });
  changes.tell(changes.keep([unlinked('fan'), unlinked('tv')]));
  for (let turn = 0; turn < 10; turn++) await Promise.resolve();
  assert.deepEqual(
    (await store.keptChanges()).map(({ change }) => change),
    told,
  );
  first.resolve();
  await until(async () => (await changes.left()).length === 0, 'nothing is left');
});

test('a change that somebody could not be told of stays, and no change is told that was not made', async () => {
  const { changes, errors } = open();
  let told = 0;
  changes.listen(() => {
    told++;
    return Promise.reject(new Error('the disk is full'));
  });
  const failed = changes.made<string>(
    (onDecided) => {
      onDecided('fan');
      return Promise.reject(new Error('no'));
    },
    () => [],
  );
  await assert.rejects(failed, /no/);
  assert.equal(told, 0);
  changes.tell(changes.keep([unlinked('fan')]));
  await until(() => errors.length > 0, 'a line in the log');
  const [left] = await changes.left();
  assert.deepEqual(left?.change, unlinked('fan'));
  await changes.done(left!.id);
  assert.deepEqual(await changes.left(), []);
});
