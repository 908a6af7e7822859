/** Binding M: our terminal and our server over one broker (OMA-TS-LightweightM2M_Transport 1.2 §8). */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ContentFormat, isSuccess } from '@yaolian/coap';
import { hasCode } from '@yaolian/kernel';
import { formatPath, multipleResource, nodeValues, objectInstance, singleResource } from '../index.ts';
import { at } from '../server/testing/firmware-pair.ts';
import { MqttWorld, prefix, reference } from './testing/mqtt-world.ts';

const battery = at('/3/0/9');

/** The values that were notified, oldest first; forgets them. */
function notified(world: MqttWorld): unknown[] {
  return world.events
    .splice(0)
    .flatMap((event) => (event.type === 'notification' && event.node ? [...nodeValues(battery, event.node)] : []))
    .map(({ value }) => Number(value));
}

test('registers with binding M, updates, is told a lifetime, and de-registers', async () => {
  const world = await MqttWorld.pair();
  const registration = world.server.registration(reference)!;
  assert.deepEqual(
    [registration.binding, registration.lwm2mVersion, registration.lifetime, registration.peerKey],
    ['M', '1.2', 300, `mqtt:${prefix}/lwm2m/rd/terminal`],
  );
  assert.ok(!/<\/(0|21|23|24)/.test(registration.objectLinks), registration.objectLinks);
  const written = await world.until(world.server.write(reference, at('/1/0/1'), singleResource(1, 'integer', 200)));
  assert.ok(written.ok);
  await world.pass(5);
  assert.equal(world.server.registration(reference)!.lifetime, 200);
  await world.pass(600);
  assert.equal(world.server.registration(reference)!.id, registration.id);
  await world.until(world.client!.close());
  assert.equal(world.server.registration(reference), undefined);
  await world.close();
});

test('every operation of device management', async () => {
  const world = await MqttWorld.pair();
  const { server } = world;
  const read = await world.until(server.read(reference, at('/3/0/0')));
  assert.ok(read.ok && isSuccess(read.value.code));
  const discovered = await world.until(server.discover(reference, at('/3/0'), { depth: 1 }));
  assert.ok(discovered.ok);
  const updated = await world.until(
    server.update(reference, at('/1/0'), objectInstance(0, [singleResource(2, 'integer', 5)])),
  );
  assert.ok(updated.ok);
  const attributes = await world.until(server.writeAttributes(reference, battery, { pmin: 1, gt: 40.5 }));
  assert.ok(attributes.ok);
  const executed = await world.until(server.execute(reference, at('/3/0/4')));
  assert.ok(executed.ok);
  const portfolio = objectInstance(3, [multipleResource(0, 'string', [[0, 'host']])]);
  const created = await world.until(server.create(reference, at('/16/3'), portfolio));
  assert.ok(created.ok, JSON.stringify(created));
  const removed = await world.until(server.delete(reference, at('/16/3')));
  assert.ok(removed.ok, JSON.stringify(removed));
  for (const accept of [ContentFormat.SenmlCbor, ContentFormat.SenmlJson]) {
    const composite = await world.until(server.readComposite(reference, [at('/3/0/0'), at('/1/0/1')], { accept }));
    assert.ok(composite.ok, JSON.stringify(composite));
    assert.equal(composite.value.values.length, 2);
  }
  const node = singleResource(2, 'integer', 6);
  const wrote = await world.until(server.writeComposite(reference, [{ path: at('/1/0/2'), node }]));
  assert.ok(wrote.ok);
  await world.close();
});

test('what MQTT has no form for is answered by the binding itself, in words', async () => {
  const world = await MqttWorld.pair();
  const { server, broker } = world;
  const before = broker.published.length;
  const lessThan = await world.until(server.writeAttributes(reference, battery, { lt: 5 }));
  assert.deepEqual(!lessThan.ok && [lessThan.error.code, lessThan.error.diagnostic], [
    0xa1,
    'the attribute lt has no key in MQTT (Transport 1.2 table 8.7-1)',
  ]);
  const takenBack = await world.until(server.writeAttributes(reference, battery, { pmin: null }));
  assert.ok(!takenBack.ok && /takes the attribute pmin back/.test(takenBack.error.diagnostic));
  const observed = await world.until(server.observe(reference, battery, { attributes: { pmin: 5 } }));
  assert.ok(!observed.ok && /carries no attributes/.test(observed.error.diagnostic));
  assert.equal(broker.published.length, before);
  await world.close();
});

test('observations notify, outlive a restart of the server, and are cancelled', async () => {
  const world = await MqttWorld.pair();
  const observed = await world.until(world.server.observe(reference, battery));
  assert.ok(observed.ok);
  world.objects.device.set('batteryLevel', 41);
  await world.pass(2);
  assert.deepEqual(notified(world), [41]);
  const { id } = world.server.registration(reference)!;
  await world.stopServer();
  await world.startServer();
  assert.equal(world.server.registration(reference)!.id, id);
  world.objects.device.set('batteryLevel', 42);
  await world.pass(2);
  assert.deepEqual(notified(world), [42]);
  await world.until(world.server.cancelObservation(reference, battery));
  world.objects.device.set('batteryLevel', 43);
  await world.pass(2);
  assert.deepEqual(notified(world), []);
  assert.equal(world.client!.registrations[0]!.observations, 0);
  await world.close();
});

test('Observe-Composite, Send, and the end of observations with a new registration', async () => {
  const world = await MqttWorld.pair();
  const { server, client, events, objects } = world;
  const observed = await world.until(server.observeComposite(reference, [battery, at('/3/0/10')]));
  assert.ok(observed.ok, JSON.stringify(observed));
  objects.device.set('batteryLevel', 44);
  await world.pass(2);
  const told = events.splice(0).flatMap((event) => (event.type === 'notification' ? [formatPath(event.path)] : []));
  assert.deepEqual(told, ['/3/0/9', '/3/0/10']);
  const [outcome] = await world.until(client!.send(['/3/0/9']));
  assert.equal(outcome!.result, 'accepted');
  const sent = events.find((event) => event.type === 'sent');
  assert.ok(sent?.type === 'sent' && sent.values.length === 1);
  await world.until(server.cancelObservation(reference, [battery, at('/3/0/10')]));
  assert.equal(client!.registrations[0]!.observations, 0);
  await world.close();
});

test('a terminal in queue mode says so in its binding; what waits for it is sent after its Update', async () => {
  const world = await MqttWorld.pair({ client: { queueMode: {} } });
  const registration = world.server.registration(reference)!;
  assert.deepEqual([registration.binding, registration.queueMode], ['MQ', true]);
  await world.pass(120);
  assert.equal(world.server.isAwake(reference), false);
  world.client!.update();
  await world.pass(1);
  assert.equal(world.server.isAwake(reference), true);
  await world.close();
});

test('while the broker is away requests fail and confirmed notifications wait', async () => {
  const world = await MqttWorld.pair({ client: { confirmableNotifications: true } });
  await world.until(world.server.observe(reference, battery));
  world.broker.away = 'the broker is away';
  const error: unknown = await world.until(world.server.read(reference, battery).catch((reason: unknown) => reason));
  assert.ok(
    hasCode(error, 'LWM2M_NOT_CONNECTED') && /the broker is away/.test(String((error as Error).cause)),
    String(error),
  );
  world.objects.device.set('batteryLevel', 45);
  await world.pass(1);
  world.objects.device.set('batteryLevel', 46);
  await world.pass(5);
  world.broker.away = undefined;
  await world.pass(5);
  assert.deepEqual(notified(world), [46]);
  assert.equal(world.server.observations(reference).length, 1);
  await world.close();
});

test('a connection that is lost fails what waits for an answer at once, and ends no observation', async () => {
  const world = await MqttWorld.pair();
  const { server, broker, time } = world;
  await world.until(server.observe(reference, battery));
  broker.deaf = true;
  const reading = server.read(reference, battery).catch((reason: unknown) => reason);
  await world.pass(1);
  const cutAt = time.monotonic();
  broker.cut('the broker was killed');
  const error: unknown = await world.until(reading);
  assert.equal(time.monotonic(), cutAt);
  assert.ok(
    hasCode(error, 'LWM2M_NOT_CONNECTED') && /the broker was killed/.test(String((error as Error).cause)),
    String(error),
  );
  broker.deaf = false;
  world.objects.device.set('batteryLevel', 47);
  await world.pass(2);
  assert.deepEqual(notified(world), [47]);
  await world.close();
});
