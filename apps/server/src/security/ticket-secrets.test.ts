import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MemorySettingsStore } from '@yaolian/directory/testing';
import { hours, type Log, milliseconds, minutes } from '@yaolian/kernel';
import { SeededRandom, VirtualTime } from '@yaolian/testkit';
import { TicketSecrets, ticketLifetime } from './ticket-secrets.ts';

async function open() {
  const time = new VirtualTime();
  const settings = new MemorySettingsStore();
  const disk = { isFull: false, takes: milliseconds(0) };
  const store = settings.setSetting.bind(settings);
  settings.setSetting = async (name, value) => {
    await new Promise<void>((resolve) => time.schedule(disk.takes, resolve));
    if (disk.isFull) throw new Error('the disk is full');
    return store(name, value);
  };
  const warnings: string[] = [];
  const log = { warn: (message: string) => void warnings.push(message) } as unknown as Log;
  const sealer = { seal: (bytes: Uint8Array) => bytes.slice(), open: (bytes: Uint8Array) => bytes.slice() };
  const options = { settings, sealer, clock: time, timers: time, random: new SeededRandom(1), log };
  const opening = TicketSecrets.open(options as never);
  await time.advance(milliseconds(1));
  const secrets = await opening;
  const used: (readonly Uint8Array[])[] = [];
  secrets.keepRotating((now) => used.push(now));
  return { time, disk, warnings, secrets, used };
}

test('each day there is one new secret, and the one before is good too, however long the disk takes', async () => {
  const { time, disk, secrets, used } = await open();
  const [first] = secrets.current;
  disk.takes = minutes(1);
  await time.advance(ticketLifetime);
  await time.advance(minutes(2));
  assert.equal(used.length, 1);
  assert.deepEqual([used[0]!.length, used[0]![1]], [2, first]);
  await time.advance(ticketLifetime);
  assert.equal(used.length, 2);
  assert.deepEqual(used[1]![1], used[0]![0]);
  secrets.close();
  assert.equal(time.pending, 0);
});

test('a disk that is full is asked again now and then, and the old secret goes on', async () => {
  const { time, disk, warnings, secrets, used } = await open();
  const before = secrets.current;
  disk.isFull = true;
  await time.advance(ticketLifetime);
  await time.advance(hours(1));
  assert.ok(warnings.length >= 2 && warnings.length <= 61, `${warnings.length} attempts in an hour`);
  assert.deepEqual([secrets.current, used], [before, []]);
  disk.isFull = false;
  await time.advance(hours(1));
  assert.equal(used.length, 1);
  secrets.close();
});

test('closed while it stores, it plans nothing more', async () => {
  const { time, disk, secrets } = await open();
  disk.takes = minutes(1);
  await time.advance(ticketLifetime);
  secrets.close();
  await time.advance(minutes(2));
  assert.equal(time.pending, 0);
});

test('secrets change after the clock was set back as well', async () => {
  const { time, secrets, used } = await open();
  const [first] = secrets.current;
  time.setClock(-365 * ticketLifetime);
  await time.advance(ticketLifetime);
  await time.advance(minutes(1));
  assert.deepEqual([used.length, used[0]?.[1]], [1, first]);
  secrets.close();
});
