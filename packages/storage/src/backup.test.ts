import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { backUp, restore } from './backup.ts';
import { Storage } from './storage.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';

const now = new Date('2026-01-02T03:04:05Z');

describe('a backup', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let data: string;
  let copy: string;
  let anew: string;
  beforeEach(() => {
    folder = temporaryFolder();
    data = join(folder.path, 'data');
    copy = join(folder.path, 'backups', 'one');
    anew = join(folder.path, 'anew');
  });
  afterEach(() => folder.remove());

  /** A data folder with a setting, a secret, two files, and what a running process has. */
  async function fill(): Promise<Storage> {
    const storage = Storage.open({ folder: data });
    await storage.settings.setSetting('a', 'kept');
    await storage.appKeys.addAppKey({ appKey: 'key-1', vendor: 'V', issuedAt: 0 }, 'a-secret');
    mkdirSync(join(data, 'firmware'));
    writeFileSync(join(data, 'firmware', 'package.bin'), Buffer.alloc(300_000, 7));
    writeFileSync(join(data, 'yaolian.yaml'), 'log: { level: warn }\n');
    writeFileSync(join(data, 'firmware', 'half.partial'), 'half');
    return storage;
  }

  it('of an open data folder is whole, closed to others, and becomes a data folder again', async () => {
    await using storage = await fill();
    const report = await backUp(data, copy, now);
    assert.deepEqual(readdirSync(copy).sort(), [
      'backup.json',
      'firmware',
      'secrets.key',
      'yaolian.db',
      'yaolian.yaml',
    ]);
    assert.deepEqual(readdirSync(join(copy, 'firmware')), ['package.bin']);
    assert.deepEqual([report.files, report.hasKey, report.madeAt], [4, true, now]);
    assert.equal(statSync(copy).mode & 0o777, 0o700);
    for (const file of ['yaolian.db', 'secrets.key', 'backup.json'])
      assert.equal(statSync(join(copy, file)).mode & 0o777, 0o600);
    assert.deepEqual(readdirSync(join(copy, '..')), [basename(copy)], 'nothing half stands beside it');
    await storage.settings.setSetting('a', 'later');
    assert.deepEqual(await restore(copy, anew), report);
    assert.deepEqual(readdirSync(anew).sort(), ['firmware', 'secrets.key', 'yaolian.db', 'yaolian.yaml']);
    await using restored = Storage.open({ folder: anew });
    assert.equal(await restored.settings.setting('a'), 'kept');
    assert.equal(restored.appKeys.passwordOf('key-1'), 'a-secret');
    assert.deepEqual(readFileSync(join(anew, 'firmware', 'package.bin')), Buffer.alloc(300_000, 7));
  });

  it('leaves sessions of DTLS out: nobody goes on in one with sequence numbers that were used', async () => {
    const storage = await fill();
    await storage.close();
    const database = new DatabaseSync(join(data, 'yaolian.db'));
    database.exec(
      "INSERT INTO secure_session VALUES ('session-key', 1, x'00'); INSERT INTO secure_session_progress (batch) VALUES (x'00')",
    );
    database.close();
    await backUp(data, copy, now);
    const copied = new DatabaseSync(join(copy, 'yaolian.db'));
    for (const table of ['secure_session', 'secure_session_progress']) {
      assert.deepEqual({ ...copied.prepare(`SELECT count(*) AS n FROM ${table}`).get() }, { n: 0 }, table);
    }
    copied.close();
    assert.equal(readFileSync(join(copy, 'yaolian.db')).includes('session-key'), false);
  });

  it('lets contexts of OSCORE go on above every number that was used, however often it is restored', async () => {
    const second = 1000;
    const origin = now.getTime() - 3600 * second;
    const storage = await fill();
    const proof = { kind: 'oscore', senderId: '01' } as const;
    const oscore = { recipientId: '02', aead: 10, kdf: -10 };
    const credential = { id: 'c', endpoint: 'e', purpose: 'any', proof, oscore, createdAt: origin } as const;
    await storage.credentials.addCredential(credential, new Uint8Array(16));
    assert.equal(storage.oscoreStates.load('0123456789abcdef'), undefined, 'new keys begin at 0');
    const window = { highest: 3, seen: Uint8Array.of(8) };
    await storage.oscoreStates.save('0123456789abcdef', { senderSequence: 5000, replayWindow: window });
    await backUp(data, copy, now);
    await storage.close();
    await using same = Storage.open({ folder: data });
    assert.equal(same.oscoreStates.load('0123456789abcdef')?.senderSequence, 5000);
    /** Where a context goes on in a platform that is restored at that time. */
    const begin = async (place: string, time: number, id = '0123456789abcdef') => {
      await using restored = Storage.open({ folder: place, now: () => time });
      const state = await restored.oscoreStates.load(id);
      assert.ok(state && state.replayWindow === undefined, 'what comes first has to show that it is new');
      await restored.oscoreStates.save(id, { senderSequence: state.senderSequence + 256 });
      return state.senderSequence;
    };
    await restore(copy, anew);
    const before = { code: 'RESTORE_CLOCK_WRONG', message: /set the clock right/ };
    assert.throws(() => Storage.open({ folder: anew, now: () => now.getTime() - second }), before);
    const first = await begin(anew, now.getTime());
    assert.equal(first > 5000 && first < 2 ** 39, true);
    assert.equal(await begin(anew, now.getTime() + 60 * second), first + 256, 'a restart is no restore');
    const other = await begin(anew, now.getTime() + 60 * second, 'fedcba9876543210');
    assert.equal(other, first, 'one that was not used before the backup, but perhaps after it');
    // From the same backup once more: what the first restored platform used is known to nobody.
    const again = join(folder.path, 'again');
    await restore(copy, again);
    assert.equal(await begin(again, now.getTime() + 61 * second), first + 61 * 512);
  });

  it('goes to a free place alone', async () => {
    await (await fill()).close();
    await assert.rejects(backUp(join(folder.path, 'nothing'), copy, now), { code: 'BACKUP_SOURCE_MISSING' });
    mkdirSync(copy, { recursive: true });
    await backUp(data, copy, now); // empty
    await assert.rejects(backUp(data, copy, now), { code: 'BACKUP_PLACE_TAKEN' });
    await assert.rejects(backUp(data, join(data, 'copy'), now), {
      code: 'BACKUP_FAILED',
      message: /in the data folder itself/,
    });
    await assert.rejects(restore(copy, data), { code: 'BACKUP_PLACE_TAKEN' });
    writeFileSync(join(folder.path, 'file'), '');
    await assert.rejects(backUp(data, join(folder.path, 'file', 'below'), now), { code: /BACKUP_/ });
    assert.equal(readFileSync(join(folder.path, 'file'), 'utf8'), '');
  });

  it('that was changed, cut or made by a newer program is not restored', async () => {
    await (await fill()).close();
    await backUp(data, copy, now);
    const manifest = readFileSync(join(copy, 'backup.json'), 'utf8');
    const refuses = async (code: string, message: RegExp) => {
      await assert.rejects(restore(copy, anew), { code, message });
      assert.equal(existsSync(anew), false, 'nothing was written');
      writeFileSync(join(copy, 'backup.json'), manifest);
    };
    const key = readFileSync(join(copy, 'secrets.key'));
    writeFileSync(join(copy, 'secrets.key'), 'x');
    await refuses('BACKUP_DAMAGED', /secrets\.key is not as it was made/);
    rmSync(join(copy, 'secrets.key'));
    await refuses('BACKUP_DAMAGED', /secrets\.key cannot be read/);
    writeFileSync(join(copy, 'secrets.key'), key);
    for (const text of ['', '{}', '[]', manifest.replace('secrets.key', '../secrets.key'), manifest.slice(0, -9)]) {
      writeFileSync(join(copy, 'backup.json'), text);
      await refuses('BACKUP_DAMAGED', /backup\.json is not that of a backup/);
    }
    writeFileSync(join(copy, 'backup.json'), manifest.replace(/"version": \d+/, '"version": 9999'));
    await refuses('SCHEMA_NEWER', /schema version 9999/);
    rmSync(join(copy, 'backup.json'));
    await assert.rejects(restore(copy, anew), {
      code: 'BACKUP_DAMAGED',
      message: /no backup, or one that was cut off/,
    });
    await assert.rejects(restore(data, anew), { code: 'BACKUP_DAMAGED', message: /makes one of a data folder/ });
    await assert.rejects(restore(join(folder.path, 'nowhere'), anew), { code: 'BACKUP_DAMAGED' });
  });

  it('whose restore was interrupted is begun again', async () => {
    await (await fill()).close();
    await backUp(data, copy, now);
    mkdirSync(anew);
    writeFileSync(join(anew, 'restore.unfinished'), '');
    writeFileSync(join(anew, 'secrets.key'), 'half');
    assert.throws(() => Storage.open({ folder: anew }), { code: 'RESTORE_UNFINISHED' });
    assert.equal(existsSync(join(anew, 'yaolian.db')), false, 'no platform starts on half a folder');
    await restore(copy, anew);
    await Storage.open({ folder: anew }).close();
  });

  it('leaves what stands beside it alone', async () => {
    await (await fill()).close();
    mkdirSync(`${copy}.partial`, { recursive: true });
    writeFileSync(join(`${copy}.partial`, 'mine'), 'not to be lost');
    await backUp(data, copy, now);
    assert.equal(readFileSync(join(`${copy}.partial`, 'mine'), 'utf8'), 'not to be lost');
  });

  it('of a damaged database is refused', async () => {
    mkdirSync(data);
    writeFileSync(join(data, 'yaolian.db'), 'this is no database, '.repeat(100));
    await assert.rejects(backUp(data, copy, now), { code: 'DATABASE_CORRUPT' });
    assert.deepEqual(readdirSync(folder.path).sort(), ['backups', 'data']);
    assert.deepEqual(readdirSync(join(folder.path, 'backups')), []);
  });
});
