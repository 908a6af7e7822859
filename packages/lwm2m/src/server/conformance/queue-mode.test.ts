import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Code, ContentFormat } from '@yaolian/coap';
import { encodeUtf8, hours, milliseconds, minutes, seconds } from '@yaolian/kernel';
import { nodeToJson, parsePath, singleResource } from '../../index.ts';
import type { QueuedOperation, QueuedRequest } from '../request-queue/queued-request.ts';
import { Pair, type PairOptions, reference } from '../testing/pair.ts';
import { World } from '../testing/world.ts';

const deviceKey = 'terminal';
const readBattery: QueuedOperation = { kind: 'read', path: '/3/0/9' };
const writeZone: QueuedOperation = {
  kind: 'write',
  path: '/3/0/15',
  node: nodeToJson(singleResource(15, 'string', 'Asia/Shanghai')),
};
const reboot: QueuedOperation = { kind: 'execute', path: '/3/0/4' };

/** A pair whose terminal sleeps: what is sent to it then is lost. */
async function sleepingPair(options: PairOptions = {}) {
  let deaf = false;
  const radio = {
    sleep: () => {
      deaf = true;
    },
    wake: () => {
      deaf = false;
    },
  };
  const pair = await Pair.open({
    ...options,
    behaviour: { awakeWindow: seconds(10) },
    client: { queueMode: { awake: seconds(12), radio } },
  });
  const lost: string[] = [];
  pair.world.network.watch(({ to }) => {
    if (!deaf || !to.key.startsWith('198.51.100.1:')) return undefined;
    lost.push(to.key);
    return 'drop';
  });
  return { pair, queue: pair.server.queue!, lost, isDeaf: () => deaf };
}

function states(requests: readonly (QueuedRequest | undefined)[]) {
  return requests.map((request) => request?.state);
}

test('LightweightM2M-1.1-int-108 Turn on Queue Mode: the terminal registers with Q, and sleeps after its time', async () => {
  const { pair, isDeaf } = await sleepingPair();
  const registration = pair.server.registration(reference)!;
  assert.deepEqual([registration.binding, registration.queueMode], ['U', true]);
  assert.equal(pair.server.isAwake(reference), true);
  await pair.pass(11);
  assert.equal(pair.server.isAwake(reference), false);
  await assert.rejects(pair.until(pair.server.read(reference, at('/3/0/9'))), { code: 'LWM2M_ASLEEP' });
  await pair.pass(3);
  assert.equal(isDeaf(), true);
  pair.client.update();
  await pair.pass(1);
  assert.deepEqual([isDeaf(), pair.server.isAwake(reference)], [false, true]);
  assert.equal(await pair.close(), 0);
});

test('LightweightM2M-1.1-int-109 Behavior in Queue Mode: requests wait, and go out in order after the next Update', async () => {
  const { pair, queue, lost } = await sleepingPair();
  await pair.pass(20);
  const taken = await pair.until(
    Promise.all([writeZone, readBattery, reboot].map((one) => queue.submit(deviceKey, one))),
  );
  assert.deepEqual(states(taken), ['queued', 'queued', 'queued']);
  await pair.pass(30);
  assert.deepEqual([lost, pair.executed], [[], []], 'nothing is sent to a terminal that sleeps');
  pair.client.update();
  await pair.pass(2);
  const done = await pair.until(Promise.all(taken.map(({ id }) => queue.find(id))));
  assert.deepEqual(states(done), ['done', 'done', 'done']);
  assert.deepEqual(done[1]!.outcome!.node, { kind: 'resource', id: 9, type: 'integer', value: 100 });
  assert.equal(pair.objects.device.get('timezone'), 'Asia/Shanghai');
  assert.equal(pair.executed.length, 1);
  assert.equal(queue.size, 0);
  const told = pair.world.eventsOf('queue-changed').map(({ request: { id, state } }) => `${id} ${state}`);
  assert.deepEqual(told, [
    '1 queued',
    '2 queued',
    '3 queued',
    '1 sent',
    '1 done',
    '2 sent',
    '2 done',
    '3 sent',
    '3 done',
  ]);
  assert.equal(await pair.close(), 0);
});

test('a clock that is set back wakes no terminal, and one that is set ahead ends nothing that waits', async () => {
  const year = 365 * 86_400_000;
  const { pair, queue, lost } = await sleepingPair();
  pair.world.time.setClock(-year);
  await pair.pass(20);
  assert.equal(pair.server.isAwake(reference), false);
  const { id } = await pair.until(queue.submit(deviceKey, reboot));
  await pair.pass(30);
  assert.deepEqual([lost, pair.executed.length], [[], 0], 'nothing is sent to a terminal that sleeps');
  pair.world.time.setClock(2 * year);
  pair.client.update();
  await pair.pass(2);
  assert.equal(pair.server.isAwake(reference), true);
  assert.deepEqual([(await queue.find(id))!.state, pair.executed.length], ['done', 1]);
  pair.world.time.setClock(year);
  assert.equal(pair.server.isAwake(reference), true);
  assert.equal(pair.server.lastHeardAt(reference)! > pair.world.time.epoch() - 10_000, true);
  assert.equal(await pair.close(), 0);
});

test('a Send and a notification are signs of life as well', async () => {
  const { pair, queue } = await sleepingPair();
  assert.ok((await pair.until(pair.server.observe(reference, at('/3303/0/5700')))).ok);
  await pair.pass(20);
  const first = await pair.until(queue.submit(deviceKey, readBattery));
  assert.equal((await pair.until(pair.client.send(['/3303/0/5700'])))[0]!.result, 'accepted');
  await pair.pass(2);
  assert.equal((await queue.find(first.id))!.state, 'done');
  await pair.pass(20);
  const second = await pair.until(queue.submit(deviceKey, readBattery));
  pair.objects.thermometer.set('sensorValue', 30);
  await pair.pass(2);
  assert.equal((await queue.find(second.id))!.state, 'done');
  assert.equal(await pair.close(), 0);
});

test('what is asked of an awake device that nothing waits for goes out at once', async () => {
  const { pair, queue } = await sleepingPair();
  const { id } = await pair.until(queue.submit(deviceKey, readBattery));
  assert.equal((await pair.until(queue.finished(id)))!.state, 'done');
  assert.equal(await pair.close(), 0);
});

/** A scripted terminal in queue mode, registered at second 0. */
async function scripted(options: ConstructorParameters<typeof World>[0] = {}) {
  const world = await World.open({
    ...options,
    behaviour: { awakeWindow: seconds(10), operationTimeout: seconds(5), ...options?.behaviour },
  });
  const terminal = world.terminal();
  terminal.on('GET /3/0/9', { code: Code.Content, contentFormat: ContentFormat.Text, payload: encodeUtf8('95') });
  terminal.on('PUT /3/0/15', { code: Code.Changed });
  terminal.on('POST /3/0/4', { code: Code.Changed });
  await world.until(terminal.register('ep=terminal&lt=86400&lwm2m=1.0&b=UQ'));
  return { world, terminal };
}

test('a time-out in mid-window puts the request back, and the rest with it', async () => {
  const { world, terminal } = await scripted();
  await world.time.advance(seconds(60));
  const queue = world.server.queue!;
  const ids = [];
  for (const operation of [writeZone, readBattery, reboot])
    ids.push((await world.until(queue.submit(deviceKey, operation))).id);
  // It answers the write, then it is gone.
  let reachable = true;
  world.network.watch(({ to, from }) =>
    !reachable && (to.key.startsWith('198.51.100.1:') || from.key.startsWith('198.51.100.1:')) ? 'drop' : undefined,
  );
  terminal.on('PUT /3/0/15', () => {
    world.time.schedule(seconds(0), () => {
      reachable = false;
    });
    return { code: Code.Changed };
  });
  await world.until(terminal.update());
  await world.time.advance(seconds(30));
  assert.deepEqual(states(await Promise.all(ids.map((id) => queue.find(id)))), ['done', 'queued', 'queued']);
  reachable = true;
  await world.time.advance(minutes(2));
  assert.equal((await queue.find(ids[1]!))!.state, 'queued', 'it waits until the terminal is heard');
  await world.until(terminal.update());
  await world.time.advance(seconds(5));
  assert.deepEqual(states(await Promise.all(ids.map((id) => queue.find(id)))), ['done', 'done', 'done']);
  assert.equal((await queue.find(ids[1]!))!.attempts, 2);
  assert.equal(terminal.heard.filter((name) => name === 'POST /3/0/4').length, 1);
});

test('the awake window has its whole length, wherever in a second the terminal was heard', async () => {
  const { world, terminal } = await scripted({ behaviour: { awakeWindow: seconds(1) } });
  await world.time.advance(seconds(60));
  await world.time.advance(milliseconds(1900 - (world.time.epoch() % 1000)));
  const sentAt = world.time.epoch();
  await world.until(terminal.update());
  const answeredAt = world.time.epoch();
  await world.time.advance(milliseconds(sentAt + 999 - answeredAt));
  assert.equal(world.server.isAwake(reference), true);
  await world.time.advance(milliseconds(answeredAt - sentAt + 1));
  assert.equal(world.server.isAwake(reference), false);
});

test('what must not be done twice is not sent twice: it fails when nobody knows', async () => {
  const { world, terminal } = await scripted();
  await world.time.advance(seconds(60));
  const queue = world.server.queue!;
  const { id } = await world.until(queue.submit(deviceKey, reboot));
  world.network.watch(({ to }) => (to.key.startsWith('198.51.100.1:') ? 'drop' : undefined));
  void terminal.update().catch(() => {});
  await world.time.advance(minutes(3));
  const failed = (await queue.find(id))!;
  assert.deepEqual([failed.state, failed.attempts, failed.outcome!.error], ['failed', 1, 'LWM2M_TIMEOUT']);
  assert.match(failed.outcome!.message!, /nobody knows/);
});

test('without an answer a request is sent so often and no more', async () => {
  const { world, terminal } = await scripted({ queue: { maximumAttempts: 2 } });
  await world.time.advance(seconds(60));
  const queue = world.server.queue!;
  const { id } = await world.until(queue.submit(deviceKey, readBattery));
  // It acknowledges, and says no more.
  terminal.on('GET /3/0/9', () => new Promise(() => {}));
  for (let round = 0; round < 3; round++) {
    await world.until(terminal.update());
    await world.time.advance(seconds(20));
  }
  const failed = (await queue.find(id))!;
  assert.deepEqual([failed.state, failed.attempts], ['failed', 2]);
});

test('a refusal of the terminal is an outcome, and the next request goes on', async () => {
  const { world, terminal } = await scripted();
  await world.time.advance(seconds(60));
  const queue = world.server.queue!;
  terminal.on('PUT /3/0/15', { code: Code.MethodNotAllowed, payload: encodeUtf8('not here') });
  const first = await world.until(queue.submit(deviceKey, writeZone));
  const second = await world.until(queue.submit(deviceKey, readBattery));
  await world.until(terminal.update());
  await world.time.advance(seconds(2));
  const refused = (await queue.find(first.id))!;
  assert.deepEqual([refused.state, refused.outcome!.code, refused.outcome!.message], ['refused', 0x85, 'not here']);
  assert.equal((await queue.find(second.id))!.state, 'done');
});

test('requests expire on time, and are cancelled while they wait', async () => {
  const { world } = await scripted();
  await world.time.advance(seconds(60));
  const queue = world.server.queue!;
  const short = await world.until(queue.submit(deviceKey, readBattery, { expiry: seconds(30) }));
  const long = await world.until(queue.submit(deviceKey, readBattery, { expiry: hours(1) }));
  const cancelled = await world.until(queue.submit(deviceKey, readBattery));
  const waiting = queue.finished(short.id);
  assert.equal((await world.until(queue.cancel(cancelled.id)))!.state, 'cancelled');
  assert.equal(await world.until(queue.cancel(cancelled.id)), undefined, 'once');
  await world.time.advance(seconds(31));
  assert.equal((await waiting)!.state, 'expired');
  assert.equal((await queue.find(long.id))!.state, 'queued');
  await world.time.advance(hours(1));
  assert.equal((await queue.find(long.id))!.state, 'expired');
  assert.equal(queue.size, 0);
});

test('the queue is bounded for each device and in all', async () => {
  const { world } = await scripted({ queue: { maximumPerDevice: 2, maximumRequests: 3 } });
  await world.time.advance(seconds(60));
  const queue = world.server.queue!;
  for (const key of ['terminal', 'terminal', 'other']) await world.until(queue.submit(key, readBattery));
  for (const key of ['terminal', 'other']) {
    await assert.rejects(world.until(queue.submit(key, readBattery)), { code: 'LWM2M_OVERLOADED' });
  }
});

test('a killed platform goes on where it was: nothing that was taken is lost, and no Execute is doubled', async () => {
  const { world, terminal } = await scripted();
  await world.time.advance(seconds(60));
  const read = await world.until(world.server.queue!.submit(deviceKey, readBattery));
  const execute = await world.until(world.server.queue!.submit(deviceKey, reboot));
  const sent = { ...execute, state: 'sent' as const, attempts: 1 };
  await world.queueStore.put(sent);
  await world.kill();
  await world.startServer();
  const queue = world.server.queue!;
  assert.deepEqual(states([await queue.find(read.id), await queue.find(execute.id)]), ['queued', 'failed']);
  await world.until(terminal.update());
  await world.time.advance(seconds(2));
  assert.equal((await queue.find(read.id))!.state, 'done');
  assert.equal(terminal.heard.includes('POST /3/0/4'), false);
  assert.ok((await world.until(queue.submit(deviceKey, readBattery))).id > execute.id, 'ids are not given again');
});

test('requests follow a device that comes back from another address, or registers anew', async () => {
  const { world, terminal } = await scripted();
  await world.time.advance(seconds(60));
  const queue = world.server.queue!;
  const first = await world.until(queue.submit(deviceKey, readBattery));
  const elsewhere = world.terminalAt('203.0.113.7', 40_000);
  elsewhere.on('GET /3/0/9', { code: Code.Content, contentFormat: ContentFormat.Text, payload: encodeUtf8('90') });
  elsewhere.location = terminal.location;
  await world.until(elsewhere.update());
  await world.time.advance(seconds(2));
  assert.deepEqual((await queue.find(first.id))!.outcome!.node, {
    kind: 'resource',
    id: 9,
    type: 'integer',
    value: 90,
  });
  await world.time.advance(seconds(60));
  const second = await world.until(queue.submit(deviceKey, readBattery));
  await world.until(terminal.register('ep=terminal&lt=300&lwm2m=1.1&b=U&Q'));
  await world.time.advance(seconds(2));
  assert.equal((await queue.find(second.id))!.state, 'done');
});

test('a device that is away gets its requests when it registers', async () => {
  const { world, terminal } = await scripted();
  await world.until(terminal.deregister());
  const queue = world.server.queue!;
  const { id } = await world.until(queue.submit(deviceKey, readBattery));
  await world.time.advance(seconds(60));
  assert.equal((await queue.find(id))!.state, 'queued');
  await world.until(terminal.register('ep=terminal&lt=300'));
  await world.time.advance(seconds(2));
  assert.equal((await queue.find(id))!.state, 'done');
});

function at(text: string) {
  const parsed = parsePath(text);
  assert.ok(parsed.ok);
  return parsed.value;
}
