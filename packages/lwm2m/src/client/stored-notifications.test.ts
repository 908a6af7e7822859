import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Code, ContentFormat, type IncomingRequest } from '@yaolian/coap';
import { seconds } from '@yaolian/kernel';
import { omaObjects } from '@yaolian/lwm2m-objects';
import { decodePack, formatPath } from '../index.ts';
import type { Lwm2mClientOptions } from './client-options.ts';
import { conformanceTerminal } from './testing/conformance-terminal.ts';
import { TerminalWorld, text } from './testing/scripted-server.ts';

const { Text, SenmlJson, SenmlCbor } = ContentFormat;

/** A registered terminal whose server wants notifications stored, and observes its thermometer. */
async function observed(options: Partial<Lwm2mClientOptions> = {}) {
  const world = new TerminalWorld();
  const terminal = await conformanceTerminal(world, options);
  await world.put('/1/0/6', '1');
  await world.observe('/3303/0/5700', Text);
  return { world, ...terminal };
}

/** The values of a Send, each with the seconds since `since`. */
function sentValues({ payload }: IncomingRequest, since: number): unknown[] {
  const pack = decodePack(SenmlCbor, payload, omaObjects);
  assert.ok(pack.ok);
  return pack.value.records.map(({ path, value, time }) => [
    formatPath(path),
    value.value,
    Math.round((time!.milliseconds - since) / 1000),
  ]);
}

const sends = (world: TerminalWorld) => world.server.requests.filter(({ path }) => path[0] === 'dp');

test('what changes while the terminal is offline is sent with its times when it is registered again', async () => {
  const { world, client, thermometer } = await observed();
  await world.time.until(client.goOffline(), seconds(60));
  const since = world.time.epoch();
  for (const value of [21, 22, 22, 23]) {
    await world.pass(10);
    thermometer.set('sensorValue', value);
  }
  await world.pass(10);
  assert.deepEqual(sends(world), []);
  client.goOnline();
  await world.pass(10);
  const [send, ...more] = sends(world);
  assert.equal(more.length, 0);
  assert.deepEqual(sentValues(send!, since), [
    ['/3303/0/5700', 21, 10],
    ['/3303/0/5700', 22, 20],
    ['/3303/0/5700', 23, 40],
  ]);
  // It is told once.
  await world.time.until(client.goOffline(), seconds(60));
  client.goOnline();
  await world.pass(10);
  assert.equal(sends(world).length, 1);
  assert.equal(await world.close(), 0);
});

test('while a server is disabled as while offline, under the attributes that it put', async () => {
  const { world, thermometer } = await observed();
  await world.writeAttributes('/3303/0/5700', 'pmin=15', 'st=2');
  await world.put('/1/0/5', '100');
  await world.post('/1/0/4');
  await world.pass(1);
  const since = world.time.epoch();
  for (const value of [21, 23, 24, 27]) {
    thermometer.set('sensorValue', value);
    await world.pass(10);
  }
  await world.pass(80);
  const values = sends(world).flatMap((send) => sentValues(send, since));
  assert.deepEqual(
    values.map((value) => (value as unknown[])[1]),
    [23, 27],
  );
  assert.equal(await world.close(), 0);
});

test('without the resource, or with false in it, nothing is stored', async () => {
  const { world, client, thermometer } = await observed();
  await world.put('/1/0/6', '0');
  await world.time.until(client.goOffline(), seconds(60));
  thermometer.set('sensorValue', 25);
  await world.pass(5);
  client.goOnline();
  await world.pass(10);
  assert.deepEqual(sends(world), []);
  assert.equal(await world.close(), 0);
});

for (const [what, options, attribute, kept] of [
  ['the bound of a path', { storedNotifications: { perPath: 3 } }, 'pmin=0', [28, 29, 30]],
  ['the bound of all', { storedNotifications: { total: 2 } }, 'pmin=0', [29, 30]],
  ['hqmax', { lwm2mVersion: '1.2' }, 'hqmax=4', [27, 28, 29, 30]],
  ['hqmax=0', { lwm2mVersion: '1.2' }, 'hqmax=0', []],
] as const) {
  test(`the oldest go first: ${what}`, async () => {
    const { world, client, thermometer } = await observed(options);
    await world.writeAttributes('/3303/0/5700', attribute);
    await world.time.until(client.goOffline(), seconds(60));
    for (let value = 21; value <= 30; value++) {
      thermometer.set('sensorValue', value);
      await world.pass(2);
    }
    client.goOnline();
    await world.pass(10);
    const values = sends(world).flatMap((send) => sentValues(send, 0));
    assert.deepEqual(
      values.map((value) => (value as unknown[])[1]),
      kept,
    );
    assert.equal(await world.close(), 0);
  });
}

test('what the server does not take is kept for the next time', async () => {
  const { world, client, thermometer } = await observed();
  world.server.script = ({ path }) => (path[0] === 'dp' ? { code: Code.ServiceUnavailable } : undefined);
  await world.time.until(client.goOffline(), seconds(60));
  thermometer.set('sensorValue', 25);
  await world.pass(5);
  client.goOnline();
  await world.pass(10);
  assert.equal(sends(world).length, 1);
  world.server.script = () => undefined;
  await world.time.until(client.goOffline(), seconds(60));
  client.goOnline();
  await world.pass(10);
  assert.deepEqual(sentValues(sends(world)[1]!, 0)[0]!, sentValues(sends(world)[0]!, 0)[0]!);
  assert.equal(await world.close(), 0);
});

test('a server that wants no Send hears of it when it observes again in a format that has times', async () => {
  const { world, client, thermometer } = await observed();
  await world.put('/1/0/23', '1');
  await world.time.until(client.goOffline(), seconds(60));
  await world.pass(5);
  thermometer.set('sensorValue', 25);
  const at = world.time.epoch() / 1000;
  await world.pass(5);
  client.goOnline();
  await world.pass(10);
  assert.deepEqual(sends(world), []);
  const { responses } = await world.observe('/3303/0/5700', SenmlJson);
  await world.pass(1);
  assert.equal(responses.length, 1);
  assert.deepEqual(JSON.parse(text(responses[0]!)), [{ n: '/3303/0/5700', v: 25, bt: at }]);
  thermometer.set('sensorValue', 26);
  await world.pass(1);
  assert.equal(responses.length, 2);
  assert.equal(await world.close(), 0);
});

test('a terminal that is closed keeps no timer for what it would store', async () => {
  const { world, client } = await observed();
  await world.writeAttributes('/3303/0/5700', 'pmax=30');
  await world.time.until(client.goOffline(), seconds(60));
  await world.pass(100);
  assert.equal(await world.close(), 0);
});
