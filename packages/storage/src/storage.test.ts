import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { migrations } from './migrations.ts';
import { Storage, type StorageOptions } from './storage.ts';
import { sampleRegistration } from './testing/sample-registration.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';

describe('the storage', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  beforeEach(() => {
    folder = temporaryFolder();
  });
  afterEach(() => folder.remove());
  const open = (options: Partial<StorageOptions> = {}) => Storage.open({ folder: folder.path, ...options });
  const idsIn = async (storage: Storage) => [...(await storage.registrations.load()).registrations].map(({ id }) => id);

  it('keeps its files to their owner, the log included', async () => {
    const storage = open();
    await storage.settings.setSetting('a', 1);
    const files = readdirSync(folder.path).sort();
    assert.deepEqual(files, ['lock', 'lock.owner', 'secrets.key', 'yaolian.db', 'yaolian.db-shm', 'yaolian.db-wal']);
    for (const file of files) assert.equal(statSync(join(folder.path, file)).mode & 0o777, 0o600, file);
    await storage.close();
  });

  it('leaves database and key when it is closed, and the folder free', async () => {
    const storage = open();
    await storage.settings.setSetting('a', 1);
    await storage.close();
    await storage.close();
    assert.deepEqual(readdirSync(folder.path).sort(), ['lock', 'lock.owner', 'secrets.key', 'yaolian.db']);
    await open().close();
  });

  it('is closed in order also when the disk refuses to forget what was told', async () => {
    let isFull = false;
    const committing = () => {
      if (isFull) throw Object.assign(new Error('database or disk is full'), { errcode: 13 });
    };
    const storage = open({ commitListener: { committing } });
    const change = { kind: 'unlinked', device: 'lamp', other: 'fan' } as const;
    await storage.associationChanges.keepChange({ id: 'a', change });
    await storage.associationChanges.removeChange('a');
    isFull = true;
    await storage.close();
    isFull = false;
    const again = open();
    assert.deepEqual(await again.associationChanges.keptChanges(), [{ id: 'a', change }], 'it is told again');
    await again.close();
  });

  it('is opened once at a time', async () => {
    const storage = open();
    assert.throws(() => open(), { code: 'DATA_FOLDER_IN_USE' });
    await storage.close();
  });

  it('gives the folder free when it cannot be opened', () => {
    writeFileSync(join(folder.path, 'yaolian.db'), 'this is no database, '.repeat(100));
    for (let i = 0; i < 2; i++) {
      assert.throws(() => open(), {
        code: 'DATABASE_CORRUPT',
        message: /yaolian\.db is damaged \(file is not a database\)/,
      });
    }
  });

  it('refuses the database of a newer program and of another one', () => {
    const newer = new DatabaseSync(join(folder.path, 'yaolian.db'));
    newer.exec(`PRAGMA application_id = ${0x59414f31}; PRAGMA user_version = ${migrations.length + 1}`);
    assert.throws(() => open(), { code: 'SCHEMA_NEWER' });
    newer.exec('PRAGMA application_id = 1; PRAGMA user_version = 0; CREATE TABLE theirs (x)');
    newer.close();
    assert.throws(() => open(), { code: 'DATABASE_FOREIGN' });
  });

  it('changes nothing in the database of another program', () => {
    const file = join(folder.path, 'yaolian.db');
    const theirs = new DatabaseSync(file);
    theirs.exec('CREATE TABLE theirs (x)');
    theirs.close();
    const before = readFileSync(file);
    assert.throws(() => open(), { code: 'DATABASE_FOREIGN' });
    assert.ok(readFileSync(file).equals(before));
  });

  it('does not begin anew where a database was', async () => {
    const file = join(folder.path, 'yaolian.db');
    await open().close();
    const key = readFileSync(join(folder.path, 'secrets.key'));
    for (const lose of [() => truncateSync(file), () => rmSync(file)]) {
      lose();
      assert.throws(() => open(), { code: 'DATABASE_LOST', message: /secrets\.key says that there was one/ });
    }
    assert.equal(existsSync(file), false);
    assert.deepEqual(readFileSync(join(folder.path, 'secrets.key')), key);
    rmSync(join(folder.path, 'secrets.key'));
    await open().close();
  });

  it('says when there is a folder where the database belongs', () => {
    mkdirSync(join(folder.path, 'yaolian.db'));
    assert.throws(() => open(), {
      code: 'DATA_FOLDER_UNUSABLE',
      message: /yaolian\.db: there is a folder where a file belongs/,
    });
  });

  it('commits what is open when it closes, and takes no more', async () => {
    const storage = open();
    const registered = storage.registrations.register(sampleRegistration('a'), undefined);
    await Promise.all([storage.close(), registered]);
    await assert.rejects(storage.registrations.register(sampleRegistration('b'), undefined), {
      code: 'STORAGE_CLOSED',
    });
    const again = open();
    assert.deepEqual(await idsIn(again), ['a']);
    await again.close();
  });

  it('commits a Register and its device in one transaction', async () => {
    let commits = 0;
    const counter = (name: string) => ({ add: () => void (name === 'storage_commits_total' && commits++) });
    const storage = open({ meter: { counter, gauge() {}, histogram: () => ({ record() {} }) } });
    const { address, endpoint, deviceKey } = sampleRegistration('a');
    const record = { key: deviceKey, endpoint, address: address.key, time: 1, identity: {} };
    await Promise.all([
      storage.registrations.register(sampleRegistration('a'), undefined),
      storage.devices.recordRegistration(record),
    ]);
    assert.equal(commits, 1);
    await storage.close();
  });

  it('finds nothing wrong with a sound database', async () => {
    const storage = open();
    await storage.registrations.register(sampleRegistration('a'), undefined);
    assert.deepEqual(storage.integrityProblems(), []);
    await storage.close();
  });

  it('is disposed of by `await using`', async () => {
    {
      await using storage = open();
      await storage.settings.setSetting('a', 1);
    }
    await open().close();
  });

  describe('that is full', () => {
    const large = (id: string) => sampleRegistration(id, { objectLinks: '</3/0>,'.repeat(40_000) });
    const device = (key: string) => ({
      key,
      endpoint: 'e'.repeat(300_000),
      address: '192.0.2.1:1',
      time: 1,
      identity: {},
    });
    const maxDatabase = 400_000;

    it('rejects with a clear error and is as it was before', async () => {
      const storage = open({ maxDatabase });
      await storage.registrations.register(sampleRegistration('a'), undefined);
      await storage.registrations.addObservation({
        registrationId: 'a',
        token: Uint8Array.of(1),
        path: '/3',
        accept: undefined,
        createdAt: 1,
      });
      // All of one turn: what is first fits, but shares the fate of the transaction.
      const fate = [
        storage.registrations.register(sampleRegistration('b'), undefined),
        storage.registrations.register(sampleRegistration('a2'), 'a'),
        storage.devices.recordRegistration({ ...device('d'), endpoint: 'short' }),
        storage.registrations.register(large('c'), undefined),
        storage.registrations.register(large('d'), undefined),
      ];
      for (const outcome of await Promise.allSettled(fate)) {
        assert.equal(outcome.status, 'rejected');
        assert.equal((outcome.reason as { code: string }).code, 'STORAGE_FULL');
      }
      assert.deepEqual(await idsIn(storage), ['a']);
      assert.equal([...(await storage.registrations.load()).observations].length, 1);
      assert.equal(await storage.devices.countDevices(), 0);
      await storage.close();
    });

    it('goes on where it was when there is room again', async () => {
      const storage = open({ maxDatabase });
      await storage.registrations.register(sampleRegistration('a'), undefined);
      const lost = [
        storage.registrations.register(sampleRegistration('a2', { lifetime: 5 }), 'a'),
        storage.registrations.register(large('b'), undefined),
        storage.devices.recordRegistration(device('d')),
      ];
      for (const outcome of await Promise.allSettled(lost)) assert.equal(outcome.status, 'rejected');
      // The slots, the device numbers and the count are those of the disk again.
      await storage.registrations.update(sampleRegistration('a', { lifetime: 7 }));
      await storage.registrations.register(sampleRegistration('c'), undefined);
      await storage.devices.recordRegistration({ ...device('d'), endpoint: 'short' });
      await storage.devices.recordRegistration({ ...device('e'), endpoint: 'short' });
      assert.equal(await storage.devices.countDevices(), 2);
      await storage.close();
      const again = open();
      const registrations = [...(await again.registrations.load()).registrations];
      assert.deepEqual(
        registrations.map(({ id, lifetime }) => [id, lifetime]),
        [
          ['a', 7],
          ['c', 86_400],
        ],
      );
      assert.equal((await again.devices.device('d'))?.endpoint, 'short');
      await again.close();
    });

    it('still lets terminals leave', async () => {
      const storage = open({ maxDatabase });
      await storage.registrations.register(sampleRegistration('a'), undefined);
      await assert.rejects(
        storage.registrations
          .register(large('b'), undefined)
          .then(() => storage.registrations.register(large('c'), undefined)),
        { code: 'STORAGE_FULL' },
      );
      await storage.registrations.remove('a');
      assert.ok(!(await idsIn(storage)).includes('a'));
      await storage.close();
    });
  });
});
