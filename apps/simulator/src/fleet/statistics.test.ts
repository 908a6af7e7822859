import assert from 'node:assert/strict';
import { test } from 'node:test';
import { milliseconds, seconds } from '@yaolian/kernel';
import type { ClientEvent, Lwm2mClient } from '@yaolian/lwm2m/client';
import { VirtualTime } from '@yaolian/testkit';
import { FleetStatistics } from './statistics.ts';

const server = { shortServerId: 1, uri: 'coap://192.0.2.1' };
const registered: ClientEvent = { type: 'registered', server, location: ['rd', '1'], latency: milliseconds(10) };
const updated: ClientEvent = { type: 'updated', server, latency: milliseconds(4) };
const failure = { code: 0x83, reason: '4.03', message: '4.03 Forbidden' };
const refused: ClientEvent = { type: 'registration-failed', server, failure, retryIn: seconds(10) };
const client = () => ({}) as Lwm2mClient;

test('terminals are starting until they succeed or fail, and registered until they are not', () => {
  const statistics = new FleetStatistics(new VirtualTime());
  const [one, two] = [client(), client()];
  statistics.started = 3;
  assert.equal(statistics.starting, 3);
  statistics.record(registered, one);
  statistics.record(refused, two);
  assert.deepEqual([statistics.starting, statistics.registered], [1, 1]);
  statistics.record(registered, two);
  statistics.record({ type: 'state', state: 'waiting' }, one);
  assert.equal(statistics.registered, 1);
  const { registrations } = statistics.summary();
  assert.deepEqual([registrations.succeeded, registrations.failures], [2, { '4.03': 1 }]);
  assert.equal(registrations.perSecond, undefined, 'one has never answered');
});

test('rates are those of the last five seconds', async () => {
  const time = new VirtualTime();
  const statistics = new FleetStatistics(time);
  const terminal = client();
  const rates: number[] = [];
  for (let second = 1; second <= 12; second++) {
    if (second <= 2) for (let i = 0; i < 50; i++) statistics.record(updated, terminal);
    await time.advance(seconds(1));
    rates.push(statistics.progress('running', 1).rates.updates);
  }
  assert.deepEqual(rates, [50, 50, 100 / 3, 25, 20, 10, 0, 0, 0, 0, 0, 0]);
});
