import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Code } from '@yaolian/coap';
import { formatPath, lwm2mPath } from '../../index.ts';
import { Pair, type PairOptions, reference } from '../testing/pair.ts';

// OMA-TS-LightweightM2M_Core 1.1 §6.2.3, §6.4.1: observations end with the registration; what stands is observed again at the next.

const temperature = lwm2mPath(3303, 0, 5700);
const battery = lwm2mPath(3, 0, 9);
const standing = { standing: true };
const device = { deviceKey: 'terminal' };

const waiting = ({ server }: Pair) => server.waitingObservations(device.deviceKey).map(({ path }) => path);
const active = ({ server }: Pair) => server.observations(reference).map(({ path }) => path);

async function comesBack(pair: Pair): Promise<void> {
  pair.client.goOnline();
  await pair.until(pair.client.registered());
  await pair.pass(2);
}

/** The paths that were notified after a change of both values. */
async function heard(pair: Pair): Promise<string[]> {
  const since = pair.world.eventsOf('notification').length;
  pair.objects.device.set('batteryLevel', Number(pair.objects.device.value(9)) - 1);
  pair.objects.thermometer.set('sensorValue', Number(pair.objects.thermometer.value(5700)) + 1);
  await pair.pass(6);
  const notified = pair.world.eventsOf('notification').slice(since);
  return [...new Set(notified.map(({ path }) => formatPath(path)))].toSorted();
}

const opened = (options: PairOptions = {}) => Pair.open({ client: { lwm2mVersion: '1.2' }, ...options });

test('a standing observation waits after De-register and is observed again at the next Register', async () => {
  const pair = await opened();
  const { server, client, world } = pair;
  assert.ok((await pair.until(server.observe(reference, battery, { standing: true, attributes: { pmin: 1 } }))).ok);
  assert.ok((await pair.until(server.observeComposite(reference, [temperature, battery], standing))).ok);
  assert.deepEqual(waiting(pair), []);
  await pair.until(client.goOffline());
  assert.equal(server.registration(reference), undefined);
  assert.deepEqual(waiting(pair), ['/3/0/9', '/3303/0/5700 /3/0/9']);
  const ended = world.eventsOf('observation-ended').map(({ reason, stands }) => ({ reason, stands }));
  assert.deepEqual(ended, Array(2).fill({ reason: 'registration', stands: true }));
  await comesBack(pair);
  assert.deepEqual([active(pair).toSorted(), waiting(pair)], [['/3/0/9', '/3303/0/5700 /3/0/9'], []]);
  assert.equal(server.observations(reference).find(({ path }) => path === '/3/0/9')!.query, 'pmin=1');
  assert.deepEqual(await heard(pair), ['/3/0/9', '/3303/0/5700']);
  assert.equal(await pair.close(), 0);
});

test('it waits after the end of the lifetime, and over a restart of the server', async () => {
  const pair = await opened();
  const { client, world } = pair;
  assert.ok((await pair.until(pair.server.observe(reference, temperature, standing))).ok);
  await pair.until(client.goOffline({ deregister: false }));
  await pair.pass(305);
  assert.deepEqual([pair.server.registration(reference), waiting(pair)], [undefined, ['/3303/0/5700']]);
  await pair.until(pair.server.close());
  await world.endpoint.close();
  await world.startServer();
  assert.deepEqual(waiting(pair), ['/3303/0/5700']);
  await comesBack(pair);
  assert.deepEqual([active(pair), waiting(pair), await heard(pair)], [['/3303/0/5700'], [], ['/3303/0/5700']]);
  assert.equal(await pair.close(), 0);
});

test('it is cancelled while it waits, and while it is at work', async () => {
  const pair = await opened();
  const { server, client, world } = pair;
  for (const path of [temperature, battery])
    assert.ok((await pair.until(server.observe(reference, path, standing))).ok);
  assert.equal((await pair.until(server.cancelObservation(reference, battery)))?.ok, true);
  await pair.until(client.goOffline());
  assert.deepEqual(waiting(pair), ['/3303/0/5700']);
  assert.deepEqual(
    world.eventsOf('observation-ended').map(({ reason, stands }) => [reason, stands]),
    [
      ['cancelled', undefined],
      ['registration', true],
    ],
  );
  await assert.rejects(server.cancelObservation(device, battery), { code: 'LWM2M_NOT_REGISTERED' });
  assert.equal(await pair.until(server.cancelObservation(device, temperature)), undefined);
  assert.deepEqual([waiting(pair), [...world.standingStore.standing]], [[], []]);
  await comesBack(pair);
  assert.deepEqual([active(pair), client.registrations[0]!.observations], [[], 0]);
  assert.equal(await pair.close(), 0);
});

test('what the device ends itself stands no more', async () => {
  const pair = await opened();
  const { server, client } = pair;
  assert.ok((await pair.until(server.observe(reference, temperature, standing))).ok);
  client.remove(3303, 0);
  await pair.pass(5);
  assert.deepEqual([active(pair), waiting(pair)], [[], []]);
  assert.equal(await pair.close(), 0);
});

test('what the device does not take on when it registers waits for the next time', async () => {
  const pair = await opened();
  const { server, client, objects } = pair;
  assert.ok((await pair.until(server.observe(reference, temperature, standing))).ok);
  await pair.until(client.goOffline());
  client.remove(3303, 0);
  await comesBack(pair);
  assert.deepEqual([active(pair), waiting(pair)], [[], ['/3303/0/5700']]);
  client.add(objects.thermometer);
  await pair.until(client.goOffline({ deregister: false }));
  await comesBack(pair);
  assert.deepEqual([active(pair), waiting(pair)], [['/3303/0/5700'], []]);
  assert.equal(await pair.close(), 0);
});

test('a forgotten device has nothing that stands', async () => {
  const pair = await opened();
  const { server, client, world } = pair;
  assert.ok((await pair.until(server.observe(reference, temperature, standing))).ok);
  await pair.until(client.goOffline());
  await pair.until(server.forgetObservations(device.deviceKey));
  assert.deepEqual([waiting(pair), [...world.standingStore.standing]], [[], []]);
  assert.equal(await pair.close(), 0);
});

test('those that wait count against the bounds of observations', async () => {
  const pair = await opened({ limits: { maximumObservationsPerRegistration: 2, maximumObservations: 2 } });
  const { server, client, world } = pair;
  for (const path of [temperature, battery])
    assert.ok((await pair.until(server.observe(reference, path, standing))).ok);
  await pair.until(client.goOffline());
  const other = world.terminalAt('198.51.100.7', 56_830);
  const registered = await pair.until(other.register('ep=other&lt=300&lwm2m=1.1&b=U'));
  assert.equal(registered.code, Code.Created);
  const asked = server.observe({ endpoint: 'other' }, battery, standing);
  await assert.rejects(asked, { code: 'LWM2M_OVERLOADED' });
  await other.endpoint.close();
  await comesBack(pair);
  await assert.rejects(server.observe(reference, lwm2mPath(3, 0, 13)), { code: 'LWM2M_OVERLOADED' });
  assert.equal(await pair.close(), 0);
});

test('a standing observation that the disk does not take is refused, and the path is not observed again', async () => {
  const pair = await opened();
  const { server, client, world } = pair;
  world.standingStore.failures = 1;
  await assert.rejects(pair.until(server.observe(reference, temperature, standing)), { code: 'LWM2M_STORE_FAILED' });
  await pair.until(client.goOffline());
  assert.deepEqual(waiting(pair), []);
  assert.equal(await pair.close(), 0);
});

test('a queued request of a sleeping device begins a standing observation', async () => {
  const pair = await opened({ client: { queueMode: {}, lwm2mVersion: '1.1' } });
  const { server, client } = pair;
  const submitted = await pair.until(
    server.queue!.submit(device.deviceKey, { kind: 'observe', path: '/3303/0/5700', standing: true }),
  );
  assert.equal(submitted.state, 'queued');
  await pair.pass(400);
  assert.deepEqual(active(pair), ['/3303/0/5700']);
  await pair.until(client.goOffline());
  assert.deepEqual(waiting(pair), ['/3303/0/5700']);
  assert.equal(await pair.close(), 0);
});
