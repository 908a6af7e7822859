import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MemoryValueHistory } from '@yaolian/directory/testing';
import { silentLog, socketAddress } from '@yaolian/kernel';
import { lwm2mPath, type TimedValue } from '@yaolian/lwm2m';
import type { Registration } from '@yaolian/lwm2m/server';
import type { PlatformEvent } from '../events/event-hub.ts';
import { PlatformCounters } from './platform-counters.ts';
import { recordedValues } from './recorded-values.ts';
import { Timeline } from './timeline.ts';

const registration: Registration = {
  id: 'r',
  endpoint: 'ep',
  deviceKey: 'd',
  address: socketAddress('192.0.2.7', 5683),
  lifetime: 60,
  lwm2mVersion: '1.1',
  binding: 'U',
  queueMode: false,
  smsNumber: undefined,
  objectLinks: '',
  otherParameters: undefined,
  registeredAt: 0,
  updatedAt: 0,
};

const now = 1_760_000_000_000;

test('values are recorded at the moment that they speak of, if it can be', () => {
  const at = (milliseconds: number, isRelative: boolean): TimedValue[] => {
    const time = { milliseconds, isRelative };
    const link = { objectId: 3, instanceId: 0 };
    return [
      { path: lwm2mPath(3303, 0, 5700), type: 'float', value: 21.5, time },
      { path: lwm2mPath(3303, 0, 1), type: 'objlnk', value: link, time },
    ];
  };
  const moments = [at(-1500.7, true), at(now - 60_000, false), at(now + 10 * 86_400_000, false), at(-5, false)];
  const values = moments.flat();
  const recorded = recordedValues({ source: 'sent', time: now, registration, values });
  assert.deepEqual(
    recorded.map(({ time }) => time - now),
    [-1501, -1501, -60_000, -60_000, 0, 0, 0, 0],
  );
  assert.deepEqual(
    recorded.slice(0, 2).map(({ path, value }) => [path, value]),
    [
      ['/3303/0/5700', 21.5],
      ['/3303/0/1', '3:0'],
    ],
  );
});

function timelineWith(events: readonly Partial<PlatformEvent>[]): Timeline {
  const timeline = new Timeline(new MemoryValueHistory(), silentLog);
  for (const event of events) {
    timeline.add({ type: 'device.expired', time: now, device: 'd', data: () => ({}), ...event } as PlatformEvent);
  }
  return timeline;
}

const everything = { from: 0, to: now + 1000 };

test('a timeline has what happened, the newest first, and no values', async () => {
  const timeline = timelineWith([
    { type: 'observation.started', endpoint: 'ep', data: () => ({ path: '/3/0/9' }) },
    { type: 'observation.notified' },
    { type: 'device.updated', data: () => ({ addressChanged: false, linksChanged: false }) as never },
    { type: 'device.updated', time: now + 1, data: () => ({ addressChanged: true, linksChanged: false }) as never },
    { device: 'another' },
    { type: 'bootstrap.finished', time: now + 2, data: () => ({ address: 'a', notes: ['x'.repeat(5000)] }) },
  ]);
  const { entries, next } = await timeline.page('d', { ...everything, limit: 10 });
  assert.equal(next, undefined);
  assert.deepEqual(entries, [
    { time: now + 2, type: 'bootstrap.finished', endpoint: undefined, data: {} },
    {
      time: now + 1,
      type: 'device.updated',
      endpoint: undefined,
      data: { addressChanged: true, linksChanged: false },
    },
    { time: now, type: 'observation.started', endpoint: 'ep', data: { path: '/3/0/9' } },
  ]);
});

test('pages of one type follow each other, however many others stand between', async () => {
  const events = Array.from({ length: 300 }, (_, i) => ({
    type: i % 100 === 0 ? ('device.registered' as const) : ('device.expired' as const),
    time: now + Math.floor(i / 3),
    data: () => ({ i }) as never,
  }));
  const timeline = timelineWith(events);
  const found: unknown[] = [];
  let after: { time: number; skip: number } | undefined;
  do {
    const types = new Set(['device.registered']);
    const page = await timeline.page('d', { ...everything, types, limit: 1, after });
    found.push(...page.entries.map(({ data }) => data['i']));
    after = page.next;
  } while (after);
  assert.deepEqual(found, [200, 100, 0]);
});

test('what happens is counted by the minute, beside the state of the fleet', () => {
  const counters = new PlatformCounters();
  const event = { time: now, registration, replaced: undefined, type: 'registered' } as const;
  for (let i = 0; i < 6; i++) counters.count(event);
  const fleet = { total: 3, online: 1, sleeping: 0, offline: 2 };
  const figures = (minutes: number) =>
    Object.fromEntries(counters.sample(now, minutes, fleet).map(({ path, value }) => [path, value]));
  assert.deepEqual(figures(2), {
    'messages.registered': 3,
    'messages.updated': 0,
    'messages.notified': 0,
    'messages.sent': 0,
    'devices.online': 1,
    'devices.sleeping': 0,
    'devices.offline': 2,
  });
  assert.equal(figures(1)['messages.registered'], 0);
  assert.equal(counters.totals.get('messages.registered'), 6, 'totals go on');
  assert.equal(counters.totals.get('messages.updated'), 0);
});
