import assert from 'node:assert/strict';
import { test } from 'node:test';
import { days, minutes } from '@yaolian/kernel';
import { VirtualTime } from '@yaolian/testkit';
import { MemoryAuditStore } from '../testing/memory-audit-store.ts';
import { AuditTrail, defaultAuditRetention } from './audit.ts';

test('what was done to a device is found under every name that it has, the newest first', async () => {
  const trail = new AuditTrail({ store: new MemoryAuditStore(), clock: new VirtualTime() });
  const record = (device: string, action: string) =>
    trail.record({ door: 'ra', actor: 'ann', action, device, subject: undefined, outcome: 'done' });
  for (const [device, action] of [
    ['lamp', 'bind'],
    ['6:01', 'readResource'],
    ['kettle', 'bind'],
    ['lamp', 'read'],
  ] as const) {
    await record(device, action);
  }
  const found = async (limit: number, before?: number) =>
    (await trail.entries({ limit, before }, ['lamp', '6:01'])).map(({ id, action }) => `${id} ${action}`);
  assert.deepEqual(await found(9), ['4 read', '2 readResource', '1 bind']);
  assert.deepEqual(await found(2), ['4 read', '2 readResource']);
  assert.deepEqual(await found(9, 2), ['1 bind']);
});

test('the trail tells without those who only looked', async () => {
  const trail = new AuditTrail({ store: new MemoryAuditStore(), clock: new VirtualTime(), looks: ['showHistory'] });
  for (const action of ['bind', 'read', 'showHistory', 'addOperator'])
    await trail.record({ door: 'rest', actor: 'ann', action, device: 'lamp', subject: undefined, outcome: 'done' });
  const told = async (looks?: boolean, devices?: readonly string[]) =>
    (await trail.entries({ limit: 9, looks }, devices)).map(({ action }) => action);
  assert.deepEqual(await told(false), ['addOperator', 'bind']);
  assert.deepEqual(await told(false, ['lamp']), ['addOperator', 'bind']);
  assert.deepEqual(await told(), ['addOperator', 'showHistory', 'read', 'bind']);
});

test('a clock that is years ahead for a while costs no lines of the trail', async () => {
  const clock = new VirtualTime();
  const trail = new AuditTrail({
    store: new MemoryAuditStore(),
    clock,
    retention: { ...defaultAuditRetention, pruneAfter: 1 },
  });
  const entry = {
    door: 'ra',
    actor: 'ann',
    action: 'bind',
    device: 'lamp',
    subject: undefined,
    outcome: 'done',
  } as const;
  await trail.record(entry);
  clock.setClock(days(3650));
  await trail.record(entry);
  clock.setClock(-days(3650));
  await trail.record(entry);
  assert.equal((await trail.entries({ limit: 9 })).length, 3);
});

test('of what somebody is refused again and again the trail has some lines, and one that says how many others', async () => {
  const clock = new VirtualTime();
  const lines = { ra: 3, https: 2, rest: 9 };
  const trail = new AuditTrail({
    store: new MemoryAuditStore(),
    clock,
    refusals: { within: minutes(10), lines },
  });
  const ask = (actor: string, outcome: string, door: 'ra' | 'https' | 'rest' = 'ra') =>
    trail.record({ door, actor, action: 'write', device: 'lamp', subject: '/3/0/15', outcome });
  const told = async () =>
    (await trail.entries({ limit: 99 })).map(
      ({ door, actor, action, subject, outcome }) => `${door} ${actor} ${action} ${subject} ${outcome}`,
    );
  for (let i = 0; i < 8; i++) await ask('eve', 'forbidden');
  for (let i = 0; i < 8; i++) await ask('eve', 'item-not-found', 'rest');
  await ask('ann', 'forbidden');
  // What was done, and what a device was asked, is never summed up.
  for (const outcome of ['done', 'queued', 'remote-server-timeout', '4.05']) await ask('eve', outcome);
  const all = await told();
  assert.equal(all.filter((line) => line === 'ra eve write /3/0/15 forbidden').length, 3);
  assert.equal(all.filter((line) => line.startsWith('rest eve write')).length, 8);
  assert.equal(all.filter((line) => line.startsWith('ra ann write')).length, 1);
  assert.deepEqual(all.slice(0, 5), [
    'ra eve refused-requests 5 summed up',
    'ra eve write /3/0/15 4.05',
    'ra eve write /3/0/15 remote-server-timeout',
    'ra eve write /3/0/15 queued',
    'ra eve write /3/0/15 done',
  ]);
  assert.equal((await told()).length, all.length, 'told once');
  await ask('eve', 'forbidden');
  assert.equal((await told()).length, all.length, 'who looks again and again makes no lines');
  await trail.flush();
  assert.equal((await told())[0], 'ra eve refused-requests 1 summed up');
  await ask('eve', 'forbidden');
  await clock.advance(minutes(10));
  await ask('ann', 'done');
  assert.deepEqual((await told()).slice(0, 2).toSorted(), [
    'ra ann write /3/0/15 done',
    'ra eve refused-requests 1 summed up',
  ]);
  await ask('eve', 'forbidden');
  assert.equal((await told())[0], 'ra eve write /3/0/15 forbidden', 'a new span');
});

test('the trail is pruned by age and number, and a store that fails fails nobody', async () => {
  const clock = new VirtualTime();
  const store = new MemoryAuditStore();
  const retention = { maxAge: days(1), maxEntries: 3, pruneAfter: 2 };
  const trail = new AuditTrail({ store, clock, retention });
  const entry = {
    door: 'ra',
    actor: 'ann',
    action: 'read',
    device: 'lamp',
    subject: undefined,
    outcome: 'done',
  } as const;
  for (let i = 0; i < 6; i++) await trail.record(entry);
  assert.ok((await trail.entries({ limit: 9 })).length <= 4);
  await clock.advance(days(2));
  for (let i = 0; i < 2; i++) await trail.record(entry);
  assert.ok((await trail.entries({ limit: 9 })).every(({ time }) => time > days(1)));
  store.append = () => Promise.reject(new Error('disk'));
  await trail.record(entry);
});
