import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { socketAddress } from '@yaolian/kernel';
import { Storage } from './storage.ts';
import { sampleRegistration } from './testing/sample-registration.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';

describe('registrations in SQLite', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let storage: Storage;
  beforeEach(() => {
    folder = temporaryFolder();
    storage = Storage.open({ folder: folder.path });
  });
  afterEach(async () => {
    await storage.close();
    folder.remove();
  });

  const reopen = async () => {
    await storage.close();
    storage = Storage.open({ folder: folder.path });
  };
  const register = (...ids: string[]) =>
    Promise.all(ids.map((id) => storage.registrations.register(sampleRegistration(id), undefined)));
  const stored = async () =>
    [...(await storage.registrations.load()).registrations].map(({ id, lifetime }) => [id, lifetime]);
  const rowsOf = (table: string) => {
    const database = new DatabaseSync(storage.file, { readOnly: true });
    const rows = database.prepare(`SELECT * FROM ${table} ORDER BY slot`).all();
    database.close();
    return rows;
  };

  it('can be changed before they are loaded', async () => {
    await register('a', 'b', 'c');
    await reopen();
    await storage.registrations.update(sampleRegistration('a', { lifetime: 1 }));
    await storage.registrations.remove('b');
    await register('d');
    assert.deepEqual(await stored(), [
      ['a', 1],
      ['d', 86_400],
      ['c', 86_400],
    ]);
  });

  it('can be changed while they are loaded', async () => {
    await register('a', 'b', 'c');
    await reopen();
    const { registrations } = await storage.registrations.load();
    const reading = registrations[Symbol.iterator]();
    assert.equal(reading.next().value?.id, 'a');
    await storage.registrations.update(sampleRegistration('a', { lifetime: 1 }));
    await storage.registrations.register(sampleRegistration('c2', { endpoint: 'urn:imei:c' }), 'c');
    while (!reading.next().done);
    await storage.registrations.update(sampleRegistration('c2', { endpoint: 'urn:imei:c', lifetime: 2 }));
    const ids = (await stored()).map(([id]) => id);
    assert.deepEqual(ids, ['a', 'b', 'c2']);
  });

  it('can be loaded in part and then used', async () => {
    await register('a', 'b', 'c');
    await reopen();
    for (const { id } of (await storage.registrations.load()).registrations) if (id === 'a') break;
    await storage.registrations.remove('c');
    assert.deepEqual((await stored()).length, 2);
  });

  it('write one narrow row for an Update and for a Register that announces the same', async () => {
    await register('a');
    const wide = rowsOf('registration');
    await storage.registrations.update(
      sampleRegistration('a', { updatedAt: 5, address: socketAddress('192.0.2.9', 9) }),
    );
    const again = { endpoint: 'urn:imei:a', deviceKey: 'urn:imei:a', registeredAt: 6, updatedAt: 6 };
    await storage.registrations.register(sampleRegistration('a2', again), 'a');
    assert.deepEqual(rowsOf('registration'), wide);
    assert.equal(rowsOf('registration_refresh').length, 1);
  });

  it('have no narrow row left once the wide one was written anew', async () => {
    await register('a');
    await storage.registrations.update(sampleRegistration('a', { updatedAt: 5 }));
    await storage.registrations.update(sampleRegistration('a', { updatedAt: 6, objectLinks: '</1/0>' }));
    assert.deepEqual(rowsOf('registration_refresh'), []);
    await reopen();
    const [registration] = (await storage.registrations.load()).registrations;
    assert.equal(registration?.updatedAt, 6);
  });

  it('take the places of those that left', async () => {
    await register('a', 'b', 'c');
    await storage.registrations.remove('b');
    await register('d', 'e');
    assert.deepEqual(
      rowsOf('registration').map(({ slot, id }) => [slot, id]),
      [
        [0, 'a'],
        [1, 'd'],
        [2, 'c'],
        [3, 'e'],
      ],
    );
    await storage.registrations.remove('a');
    await reopen();
    await register('f', 'g');
    assert.deepEqual(
      rowsOf('registration').map(({ slot, id }) => [slot, id]),
      [
        [0, 'f'],
        [1, 'd'],
        [2, 'c'],
        [3, 'e'],
        [4, 'g'],
      ],
    );
  });
});
