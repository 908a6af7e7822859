/** Binding T: LwM2M over TCP and WebSockets (Transport 1.1 §6.4 and RFC 8323), our server with our terminal. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hasCode, milliseconds, seconds } from '@yaolian/kernel';
import { SeededRandom } from '@yaolian/testkit';
import { nodeValues, singleResource } from '../../index.ts';
import { at } from '../testing/firmware-pair.ts';
import { reference } from '../testing/pair.ts';
import { StreamPair } from '../testing/stream-pair.ts';

const battery = at('/3/0/9');

/** The values that were notified, oldest first; forgets them. */
function notified(pair: StreamPair): unknown[] {
  return pair.events
    .splice(0)
    .flatMap((event) => (event.type === 'notification' && event.node ? [...nodeValues(battery, event.node)] : []))
    .map(({ value }) => Number(value));
}

for (const transport of ['tcp', 'ws'] as const) {
  test(`LightweightM2M-1.1-int-106 TCP Binding (CSM exchange) over ${transport}`, async () => {
    const pair = await StreamPair.open({ transport });
    // 1. Both sides begin with a CSM (7.01): over TCP the code follows the length, over WebSockets an empty length.
    assert.deepEqual(pair.opened.map(({ from }) => from).toSorted(), ['192.0.2.1', '198.51.100.1']);
    for (const { bytes } of pair.opened) assert.equal(bytes[1], 0xe1);
    // 2. The terminal registers with binding T and is managed over its connection.
    const registration = pair.server.registration(reference)!;
    assert.deepEqual([registration.binding, registration.lifetime], ['T', 300]);
    const read = await pair.until(pair.server.read(reference, at('/3/0/0')));
    assert.ok(read.ok);
    const node = singleResource(1, 'integer', 200);
    const written = await pair.until(pair.server.write(reference, at('/1/0/1'), node));
    assert.ok(written.ok);
    // 3. Update in time, over the same connection.
    await pair.pass(300);
    assert.equal(pair.server.registration(reference)!.id, registration.id);
    assert.equal(pair.opened.length, 2);
    // 4. De-register.
    await pair.until(pair.client.close());
    assert.equal(pair.server.registration(reference), undefined);
    await pair.close();
  });

  test(`observations over ${transport} go on after the connection was cut`, async () => {
    const pair = await StreamPair.open({ transport });
    await pair.until(pair.server.observe(reference, battery));
    pair.objects.device.set('batteryLevel', 41);
    await pair.pass(2);
    assert.deepEqual(notified(pair), [41]);
    const { id } = pair.server.registration(reference)!;
    pair.streams.cut();
    await pair.pass(10);
    assert.equal(pair.server.registration(reference)!.id, id);
    assert.equal(pair.server.observations(reference).length, 1);
    notified(pair);
    pair.objects.device.set('batteryLevel', 42);
    await pair.pass(2);
    assert.deepEqual(notified(pair), [42]);
    await pair.close();
  });

  test(`observations over ${transport} go on after a restart of the server`, async () => {
    const pair = await StreamPair.open({ transport });
    await pair.until(pair.server.observe(reference, battery));
    const { id } = pair.server.registration(reference)!;
    await pair.stopServer();
    pair.events.length = 0;
    await pair.startServer();
    assert.equal(pair.server.registration(reference)!.id, id);
    await pair.until(pair.client.registered());
    await pair.pass(300);
    notified(pair);
    pair.objects.device.set('batteryLevel', 43);
    await pair.pass(2);
    assert.deepEqual(notified(pair), [43]);
    await pair.close();
  });
}

test('a terminal in queue mode whose connection is gone is not connected until it updates', async () => {
  const pair = await StreamPair.open({ transport: 'tcp', client: { queueMode: {} } });
  assert.equal(pair.server.registration(reference)!.queueMode, true);
  pair.streams.cut();
  await pair.pass(1);
  const error: unknown = await pair.until(
    pair.server.read(reference, battery, { evenAsleep: true }).catch((reason: unknown) => reason),
  );
  assert.ok(hasCode(error, 'LWM2M_NOT_CONNECTED'), String(error));
  pair.client.update();
  await pair.pass(2);
  assert.ok((await pair.until(pair.server.read(reference, battery))).ok);
  await pair.close();
});

test('a queued request whose connection is gone goes back, and out again with the next one', async () => {
  const pair = await StreamPair.open({ transport: 'tcp' });
  void pair.client.goOffline({ deregister: false });
  await pair.pass(1);
  const queue = pair.server.queue!;
  const { deviceKey } = pair.server.registration(reference)!;
  const { id } = await pair.until(queue.submit(deviceKey, { kind: 'read', path: '/3/0/9' }));
  await pair.pass(5);
  assert.equal((await pair.until(queue.find(id)))?.state, 'queued');
  pair.client.goOnline();
  const done = await pair.until(queue.finished(id));
  assert.equal(done?.state, 'done');
  await pair.close();
});

test('a connection that fell silent is found out by the terminal, which comes back', async () => {
  const timing = { pingAfter: seconds(60), pingTimeout: seconds(10) };
  const pair = await StreamPair.open({ transport: 'tcp', timing });
  const { address } = pair.server.registration(reference)!;
  pair.streams.silent = true;
  await pair.pass(75);
  pair.streams.silent = false;
  await pair.pass(60);
  const now = pair.server.registration(reference)!;
  assert.notEqual(now.address.key, address.key);
  assert.ok((await pair.until(pair.server.read(reference, battery))).ok);
  await pair.close();
});

test('terminals whose server restarts do not come back all at once', async () => {
  const moments = new Set<number>();
  for (let seed = 0; seed < 10; seed++) {
    const pair = await StreamPair.open({ transport: 'tcp', client: { random: new SeededRandom(seed) } });
    const cutAt = pair.time.monotonic();
    pair.streams.cut();
    pair.opened.length = 0;
    while (pair.opened.length === 0) await pair.time.advance(milliseconds(10));
    const after = pair.time.monotonic() - cutAt;
    assert.ok(after <= 5_020, `${after} ms`);
    moments.add(after);
    await pair.close();
  }
  assert.ok(moments.size > 7, [...moments].join());
});
