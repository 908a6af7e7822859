import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AuditTrail } from '@yaolian/directory';
import { MemoryAuditStore } from '@yaolian/directory/testing';
import { days } from '@yaolian/kernel';
import { VirtualTime } from '@yaolian/testkit';
import type { Config } from '../config/settings.ts';
import { auditBounds } from './audit-bounds.ts';

const config = {
  'audit.keep': days(2),
  'audit.max-entries': 1000,
  'audit.max-refusals': 2,
  'audit.max-operator-refusals': 3,
} as Config;
const line = { action: 'grant', device: 'lamp', subject: undefined } as const;

test('settings say how many refusals have lines of their own', async () => {
  const trail = new AuditTrail({ store: new MemoryAuditStore(), clock: new VirtualTime(), ...auditBounds(config) });
  for (const door of ['ra', 'https', 'rest'] as const) {
    for (let asked = 0; asked < 5; asked++) await trail.record({ ...line, door, actor: 'ann', outcome: 'forbidden' });
  }
  await trail.flush();
  const lines = (await trail.entries({ limit: 99 })).map(({ door, action, subject }) => `${door} ${subject ?? action}`);
  const of = (door: string) => lines.filter((one) => one.startsWith(`${door} `));
  assert.deepEqual(of('ra'), ['ra 3', 'ra grant', 'ra grant']);
  assert.deepEqual(of('https'), ['https 3', 'https grant', 'https grant']);
  assert.deepEqual(of('rest'), ['rest 2', 'rest grant', 'rest grant', 'rest grant']);
});

test('settings say how long and how large the trail is, and who fills it keeps the lines of others', async () => {
  const clock = new VirtualTime();
  const trail = new AuditTrail({ store: new MemoryAuditStore(), clock, ...auditBounds(config) });
  await trail.record({ ...line, door: 'ra', actor: 'ann', outcome: 'done' });
  for (let told = 0; told < 1500; told++)
    await trail.record({ ...line, door: 'ra', actor: 'mallory', outcome: 'done' });
  const all = await trail.entries({ limit: 9999 });
  assert.ok(all.length <= 1010, `${all.length} lines`);
  assert.equal(all.at(-1)?.actor, 'ann');
  await clock.advance(days(3));
  for (let told = 0; told < 10; told++) await trail.record({ ...line, door: 'ra', actor: 'bob', outcome: 'done' });
  assert.ok((await trail.entries({ limit: 9999 })).every(({ actor }) => actor === 'bob'));
});
