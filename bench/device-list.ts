/**
 * 100,000 devices in the list: pages, filters, searches and counts of the store, in milliseconds of CPU.
 *
 *     node bench/device-list.ts [--devices 100000]
 */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { DeviceQuery } from '@yaolian/directory';
import { Storage } from '@yaolian/storage';

const { values } = parseArgs({ options: { devices: { type: 'string', default: '100000' } } });
const count = Number(values.devices);
const folder = await mkdtemp(join(tmpdir(), 'yaolian-bench-'));
const storage = Storage.open({ folder });
const { devices, deviceGroups } = storage;
const keys = Array.from({ length: count }, (_, i) => `urn:imei:86${String(i).padStart(13, '0')}`);
const first = 1_700_000_000_000;

await inBatches((key, i) => {
  const identity = { imei: key.slice(9), version: `1.${i % 5}` };
  const record = { key, endpoint: key, address: '192.0.2.1:5683', time: first + i, identity };
  return devices.recordRegistration(record);
});
await inBatches((key, i) =>
  devices.recordFacts(key, { vendor: `Vendor ${i % 7}`, model: `Model ${i % 50}`, version: `1.${i % 20}` }),
);
await deviceGroups.addGroup({ name: 'half', note: '', query: undefined, createdAt: first }, 1);
await deviceGroups.addMembers(
  'half',
  keys.filter((_, i) => i % 2 === 1),
);

const page = 100;
console.log(`${count} devices                          found   CPU ms`);
await measure('the first page', {}, page);
await measure('the last page', { after: keys[count - page - 1]! }, page);
await measure('of a model', { model: 'Model 3' }, page);
await measure('of a model, with a version that none has', { model: 'Model 3', version: '1.4' }, 0);
await measure('of a group', { group: 'half' }, page);
await measure('a text of the last one', { search: keys.at(-1)!.slice(-12) }, 1);
await measure('a text that none has', { search: 'zzzz' }, 0);
await measure('a word that all have', { search: 'urn:imei' }, page);
await measure('two characters that none has', { search: 'zz' }, 0);
await measure('the last ten to register', { seenSince: first + count - 10 }, 10);
await measureAll('the names of all', {}, count);
await measureAll('the names of a model', { model: 'Model 3' }, count / 50);
await measureAll('the names of a group', { group: 'half' }, count / 2);
await measureAll('the names with a word that all have', { search: 'urn:imei' }, count);

await storage.close();
await rm(folder, { recursive: true });

async function inBatches(change: (key: string, i: number) => Promise<void>): Promise<void> {
  for (let at = 0; at < count; at += 2000) {
    await Promise.all(keys.slice(at, at + 2000).map((key, i) => change(key, at + i)));
  }
}

type Filter = Omit<DeviceQuery, 'limit'>;

function measure(name: string, query: Filter, expected: number): Promise<void> {
  return clock(name, expected, async () => (await devices.devices({ ...query, limit: page })).length);
}

/** As a count, and the beginning of a campaign, read them. */
function measureAll(name: string, query: Filter, expected: number): Promise<void> {
  const limit = 2000;
  return clock(name, expected, async () => {
    let found = 0;
    for (let after = ''; ; ) {
      const names = await devices.deviceNames({ ...query, after, limit });
      found += names.length;
      if (names.length < limit) return found;
      after = names.at(-1)!.key;
    }
  });
}

async function clock(name: string, expected: number, look: () => Promise<number>): Promise<void> {
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 3; round++) {
    const before = process.cpuUsage();
    assert.equal(await look(), expected, name);
    const { user, system } = process.cpuUsage(before);
    least = Math.min(least, (user + system) / 1000);
  }
  console.log(`${name.padEnd(42)} ${String(expected).padStart(5)} ${least.toFixed(1).padStart(8)}`);
}
