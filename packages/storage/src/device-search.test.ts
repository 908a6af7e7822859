import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, test } from 'node:test';
import type { DeviceFacts } from '@yaolian/directory';
import fc from 'fast-check';
import { trigramsOf } from './device-search.ts';
import { deviceTextSchema } from './device-text-schema.ts';
import { migrate } from './migrate.ts';
import { migrations } from './migrations.ts';
import { Storage } from './storage.ts';

const folder = await mkdtemp(join(tmpdir(), 'yaolian-search-'));
after(() => rm(folder, { recursive: true, force: true }));

/** Few letters, so that much of what is searched is found; those that SQL, JSON and the index treat otherwise among them. */
const letter = fc.constantFrom(...'aAbB%_"\'\\é遥联*-:😀 (');
const word = fc.string({ unit: letter, minLength: 1, maxLength: 8 });

interface Described {
  readonly key: string;
  readonly endpoint: string;
  readonly identity: Readonly<Record<string, string>>;
  readonly facts: DeviceFacts;
}

const described: fc.Arbitrary<Described> = fc.record({
  key: word,
  endpoint: word,
  identity: fc.dictionary(fc.constantFrom('imei', 'sn'), word, { maxKeys: 2 }),
  facts: fc.record({ vendor: word, model: word, version: word }, { requiredKeys: [] }),
});

const folded = (text: string) => text.replaceAll(/[A-Z]/g, (one) => one.toLowerCase());

function contains({ key, endpoint, identity, facts }: Described, search: string): boolean {
  const texts = [key, endpoint, ...Object.values(identity), ...Object.values(facts)];
  return texts.some((text) => text !== undefined && folded(text).includes(folded(search)));
}

test('a search by the index finds what is there now, and no more, whatever was changed before', async () => {
  const change = fc.record({ device: described, isGone: fc.boolean() });
  const input = [
    fc.array(change, { minLength: 1, maxLength: 12 }),
    fc.array(word, { minLength: 1, maxLength: 6 }),
  ] as const;
  await using storage = Storage.open({ folder: join(folder, 'random') });
  const { devices } = storage;
  await fc.assert(
    fc.asyncProperty(...input, async (changes, searches) => {
      const now = new Map<string, Described>();
      for (const { device, isGone } of changes) {
        const { key, endpoint, identity, facts } = device;
        await devices.recordRegistration({ key, endpoint, address: '192.0.2.1:5683', time: 1, identity });
        await devices.recordFacts(key, facts);
        // What a report leaves out stays as it was.
        now.set(key, { ...device, facts: { ...now.get(key)?.facts, ...facts } });
        if (isGone && (await devices.removeDevice(key))) now.delete(key);
      }
      for (const search of [...searches, ...changes.map(({ device }) => device.key)]) {
        const found = await devices.devices({ search, limit: 100 });
        const wanted = [...now.values()].filter((device) => contains(device, search));
        assert.deepEqual(found.map(({ key }) => key).sort(), wanted.map(({ key }) => key).sort(), search);
      }
      for (const key of now.keys()) await devices.removeDevice(key);
    }),
    { numRuns: 60 },
  );
});

test('few and many, by text and by time, page by page', async () => {
  await using storage = Storage.open({ folder: join(folder, 'many') });
  const { devices } = storage;
  const keys = Array.from({ length: 2500 }, (_, i) => `lamp-${String(i).padStart(4, '0')}`);
  await Promise.all(
    keys.map((key, i) =>
      devices.recordRegistration({ key, endpoint: key, address: '192.0.2.1:5683', time: 1000 + i, identity: {} }),
    ),
  );
  for (const [key, time] of [
    ['lamp-0001', 9000],
    ['lamp-2499', 9001],
  ] as const) {
    await devices.recordRegistration({ key, endpoint: key, address: '192.0.2.2:5683', time, identity: {} });
  }
  const find = async (query: Omit<Parameters<typeof devices.devices>[0], 'limit'>, limit = 3) =>
    (await devices.devices({ ...query, limit })).map(({ key }) => key);
  assert.deepEqual(await find({ search: 'lamp' }), keys.slice(0, 3), 'more than the index gives at once');
  assert.deepEqual(await find({ search: 'LAMP-24', after: 'lamp-2450' }), keys.slice(2451, 2454));
  assert.deepEqual(await find({ search: '99' }, 2), ['lamp-0099', 'lamp-0199'], 'two characters');
  assert.deepEqual(await find({ seenSince: 9000 }), ['lamp-0001', 'lamp-2499']);
  assert.deepEqual(await find({ seenSince: 3498 }), ['lamp-0001', 'lamp-2498', 'lamp-2499']);
  assert.deepEqual(
    await find({ seenSince: 1001 }),
    ['lamp-0001', 'lamp-0002', 'lamp-0003'],
    'more than the index gives',
  );
  assert.deepEqual(await find({ seenSince: 3498, search: '2498' }), ['lamp-2498']);
  assert.deepEqual(await find({ seenBefore: 1002 }), ['lamp-0000'], 'who registered again was seen since');
});

test('terms: three characters each, not more than thirty, quotation marks doubled', () => {
  assert.equal(trigramsOf('ab'), undefined);
  assert.equal(trigramsOf('遥联"'), '"遥联"""');
  assert.equal(trigramsOf('abcd'), '"abc" AND "bcd"');
  assert.equal(trigramsOf('aaaaaa'), '"aaa"');
  const long = Array.from({ length: 200 }, (_, i) => String.fromCodePoint(0x4e00 + i)).join('');
  assert.equal(trigramsOf(long)!.split(' AND ').length, 30);
});

test('nothing has a text with NUL in it, which ends a text for SQLite', async () => {
  await using storage = Storage.open({ folder: await mkdtemp(join(folder, 'nul-')) });
  const contact = { address: '192.0.2.1', time: 1, identity: {} };
  for (const key of ['lamp', 'lamp-2']) await storage.devices.recordRegistration({ ...contact, key, endpoint: key });
  for (const search of ['lam\0p', 'a\0', '\0'])
    assert.deepEqual(await storage.devices.devices({ search, limit: 9 }), []);
});

test('devices that were stored before there was an index are in it', () => {
  const database = new DatabaseSync(':memory:');
  const before = migrations.findIndex(({ name }) => name === deviceTextSchema.name);
  migrate(database, migrations.slice(0, before), 'old');
  database.exec(`INSERT INTO device VALUES (7, 'k7', 'Lamp of the Hall', 1, '192.0.2.1', '{"imei":"861111003929110"}');
    INSERT INTO device_fact VALUES ('k7', 'Yaolian', 'L1', '2.0.1')`);
  migrate(database, migrations, 'old');
  const find = database.prepare('SELECT rowid FROM device_text WHERE device_text MATCH ?');
  for (const text of ['the hall', '3929', 'yaol', '2.0.1']) {
    assert.deepEqual(
      find.all(trigramsOf(text)!).map(({ rowid }) => rowid),
      [7],
      text,
    );
  }
  database.close();
});
