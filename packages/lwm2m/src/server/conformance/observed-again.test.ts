import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatPath, lwm2mPath } from '../../index.ts';
import { Pair, reference } from '../testing/pair.ts';

// OMA-TS-LightweightM2M_Core 1.1 §6.4.1: a client that registers anew has no observations, and a server that wants them asks again.

const temperature = lwm2mPath(3303, 0, 5700);

test('a terminal that rebooted is observed as before: single paths, composites, attributes of Observe', async () => {
  const pair = await Pair.open({ client: { lwm2mVersion: '1.2' } });
  const { server, client, objects } = pair;
  assert.ok((await pair.until(server.observe(reference, lwm2mPath(3, 0, 9)))).ok);
  const paths = [lwm2mPath(3, 0, 15), temperature];
  assert.ok((await pair.until(server.observeComposite(reference, paths, { attributes: { pmin: 5 } }))).ok);
  const before = server.observations(reference).map(({ path, query, composite }) => ({ path, query, composite }));
  // It loses its power: nobody is told.
  await pair.until(client.goOffline({ deregister: false }));
  client.goOnline();
  await pair.until(client.registered());
  await pair.pass(2);
  assert.deepEqual(
    server.observations(reference).map(({ path, query, composite }) => ({ path, query, composite })),
    before,
  );
  assert.equal(client.registrations[0]!.observations, 2);
  const since = pair.world.eventsOf('notification').length;
  objects.device.set('batteryLevel', 42);
  objects.thermometer.set('sensorValue', 30);
  await pair.pass(6);
  const heard = pair.world.eventsOf('notification').slice(since);
  assert.deepEqual(heard.map(({ path }) => formatPath(path)).sort(), ['/3/0/15', '/3/0/9', '/3303/0/5700']);
  assert.equal(await pair.close(), 0);
});

test('who de-registers, or whose lifetime ends, is observed no more when it comes back: observations end with the registration', async () => {
  const pair = await Pair.open();
  const { server, client, world } = pair;
  const comesBack = async () => {
    client.goOnline();
    await pair.until(client.registered());
    await pair.pass(2);
    assert.deepEqual(server.observations(reference), []);
    assert.equal(client.registrations[0]!.observations, 0);
  };
  assert.ok((await pair.until(server.observe(reference, temperature))).ok);
  await pair.until(client.goOffline());
  await comesBack();
  assert.ok((await pair.until(server.observe(reference, temperature))).ok);
  await pair.until(client.goOffline({ deregister: false }));
  await pair.pass(server.registration(reference)!.lifetime + 5);
  assert.equal(server.registration(reference), undefined);
  await comesBack();
  const ended = world.eventsOf('observation-ended').map(({ reason }) => reason);
  assert.deepEqual(ended, ['registration', 'registration']);
  assert.equal(await pair.close(), 0);
});

test('LwM2M 1.2, resource 26 of the Server object: notifications are CON where it is 1, whatever the terminal does otherwise', async () => {
  const types: boolean[] = [];
  const pair = await Pair.open({ client: { lwm2mVersion: '1.2', confirmableNotifications: true } });
  pair.world.network.watch(({ from, datagram }) => {
    // RFC 7252 §3: a CON or NON with code 2.05 is a notification; other answers come in ACKs.
    const type = (datagram[0]! >> 4) & 3;
    if (from.host === '198.51.100.1' && datagram[1] === 0x45 && type < 2) types.push(type === 0);
    return undefined;
  });
  assert.ok((await pair.until(pair.server.observe(reference, temperature))).ok);
  const notifiedAs = async (value: number) => {
    types.length = 0;
    pair.objects.thermometer.set('sensorValue', value);
    await pair.pass(2);
    return types.splice(0);
  };
  assert.deepEqual(await notifiedAs(30), [true]);
  const mode = lwm2mPath(1, 0, 26);
  const set = (value: number) =>
    pair.until(pair.server.write(reference, mode, { kind: 'resource', id: 26, type: 'integer', value }));
  assert.ok((await set(0)).ok);
  assert.deepEqual(await notifiedAs(31), [false]);
  assert.ok((await set(1)).ok);
  assert.deepEqual(await notifiedAs(32), [true]);
  assert.equal(await pair.close(), 0);
});
