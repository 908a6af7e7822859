import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Code, type OutgoingResponse } from '@yaolian/coap';
import { decodeHex, encodeHex, encodeUtf8, hours, milliseconds, seconds } from '@yaolian/kernel';
import { omaObjects } from '@yaolian/lwm2m-objects';
import { lwm2mPath } from '../index.ts';
import type { NotificationEvent } from './events.ts';
import { Lwm2mServer } from './lwm2m-server.ts';
import { openProfile, serverAddress, World, type WorldOptions } from './testing/world.ts';

const client = { endpoint: 'a' };
const level = lwm2mPath(3, 0, 9);

function tlv(hex: string): OutgoingResponse {
  return { code: Code.Content, contentFormat: 11_542, payload: decodeHex(hex)! };
}

async function observed(options: WorldOptions = {}) {
  const world = await World.open(options);
  const terminal = world.terminal();
  await world.until(terminal.register('ep=a&lt=3600'));
  terminal.observable('GET /3/0/9', tlv('c1095f'));
  const answer = await world.until(world.server.observe(client, level));
  assert.ok(answer.ok);
  await world.settle();
  return { world, terminal, server: world.server, answer: answer.value };
}

function valuesOf(events: readonly NotificationEvent[]): unknown[] {
  return events.map(({ node }) => (node.kind === 'resource' ? node.value : node.kind));
}

test('LightweightM2M-1.1-int-301 Observation and Notification of parameter values', async () => {
  const { world, terminal, server, answer } = await observed();
  // 1. The server observes; the client answers with the value and takes the observation on, which is on disk by now.
  assert.ok(answer.node.kind === 'resource' && answer.node.value === 95);
  assert.deepEqual([...world.store.observations.values()], [answer.observation]);
  assert.deepEqual(
    [answer.observation!.path, answer.observation!.accept, answer.observation!.registrationId],
    ['/3/0/9', 11_542, server.registration(client)!.id],
  );
  assert.deepEqual([server.observationCount, server.observations(client)], [1, [answer.observation]]);
  // 2. The value changes, the client notifies, the server tells.
  terminal.notify(tlv('c1095e'));
  await world.settle();
  terminal.notify(tlv('c1095d'));
  await world.settle();
  const notifications = world.eventsOf('notification');
  assert.deepEqual(valuesOf(notifications), [94, 93]);
  assert.deepEqual(notifications[0]!.path, level);
  assert.deepEqual(notifications[0]!.observation, answer.observation);
  assert.deepEqual(
    notifications[0]!.values.map(({ time }) => time),
    [undefined],
  );
  assert.deepEqual(world.takeEvents(), [
    'registered',
    'observation-started',
    'operation-completed',
    'notification',
    'notification',
  ]);
});

test('LightweightM2M-1.1-int-302 Cancel Observations using Reset Operation', async () => {
  const { world, terminal, server } = await observed();
  const requests = terminal.requests.length;
  assert.equal(await world.until(server.cancelObservation(client, level, { by: 'reset' })), undefined);
  assert.deepEqual([server.observationCount, world.store.observations.size], [0, 0]);
  assert.equal(terminal.requests.length, requests, 'the client is not asked');
  // The next notification is answered RST, and the client ends the observation.
  assert.equal(terminal.observers[0]!.active, true);
  terminal.notify(tlv('c1095e'));
  await world.settle();
  assert.equal(terminal.observers[0]!.active, false);
  assert.deepEqual(world.eventsOf('notification'), []);
  assert.deepEqual(
    world.eventsOf('observation-ended').map(({ reason }) => reason),
    ['cancelled'],
  );
});

test('LightweightM2M-1.1-int-303 Cancel observations using Observe with Cancel parameter', async () => {
  const { world, terminal, server } = await observed();
  const answer = await world.until(server.cancelObservation(client, level));
  assert.ok(answer?.ok && answer.value.code === Code.Content);
  assert.equal(terminal.requests.at(-1)!.cancelsObservation, true);
  assert.equal(terminal.requests.at(-1)!.accept, 11_542, 'the same options as the registration (RFC 7641 §3.6)');
  assert.equal(terminal.observers[0]!.active, false);
  assert.deepEqual([server.observationCount, world.store.observations.size], [0, 0]);
  await assert.rejects(server.cancelObservation(client, level), { code: 'LWM2M_NOT_OBSERVED' });
  await world.settle();
  assert.deepEqual(world.takeEvents().slice(-2), ['observation-ended', 'operation-completed']);
});

test('a cancellation that is refused or not answered ends the observation all the same', async () => {
  const refused = await observed();
  refused.terminal.on('GET /3/0/9', { code: Code.NotFound });
  const answer = await refused.world.until(refused.server.cancelObservation(client, level));
  assert.ok(answer && !answer.ok && answer.error.code === Code.NotFound);
  assert.deepEqual([refused.server.observationCount, refused.world.store.observations.size], [0, 0]);

  const lost = await observed();
  lost.world.network.conditions = { loss: 1 };
  await assert.rejects(lost.world.until(lost.server.cancelObservation(client, level)), { code: 'LWM2M_TIMEOUT' });
  assert.deepEqual([lost.server.observationCount, lost.world.store.observations.size], [0, 0]);
});

test('the answer comes after the record is on disk; notifications before that are told after it', async () => {
  const world = await World.open();
  const terminal = world.terminal();
  await world.until(terminal.register('ep=a'));
  terminal.observable('GET /3/0/9', tlv('c1095f'));
  world.store.stuck = true;
  let resolved = false;
  const observing = world.server.observe(client, level).then((answer) => {
    resolved = true;
    return answer;
  });
  await world.settle();
  terminal.notify(tlv('c1095e'));
  await world.settle();
  assert.deepEqual([resolved, world.eventsOf('notification').length], [false, 0]);
  world.store.release();
  await world.until(observing);
  await world.settle();
  assert.deepEqual(world.takeEvents(), ['registered', 'observation-started', 'notification', 'operation-completed']);
});

test('an observation that cannot be stored is no observation', async () => {
  const world = await World.open();
  const terminal = world.terminal();
  await world.until(terminal.register('ep=a'));
  terminal.observable('GET /3/0/9', tlv('c1095f'));
  world.store.failures = 1;
  await assert.rejects(world.until(world.server.observe(client, level)), { code: 'LWM2M_STORE_FAILED' });
  assert.deepEqual([world.server.observationCount, world.store.observations.size], [0, 0]);
  terminal.notify(tlv('c1095e'));
  await world.settle();
  assert.equal(terminal.observers[0]!.active, false, 'RST');
});

test('a client that answers without taking the observation on', async () => {
  const world = await World.open();
  const terminal = world.terminal();
  await world.until(terminal.register('ep=a'));
  terminal.on('GET /3/0/9', tlv('c1095f')).on('GET /3/0/1', { code: Code.MethodNotAllowed });
  const answer = await world.until(world.server.observe(client, level));
  assert.ok(answer.ok && answer.value.observation === undefined);
  const refused = await world.until(world.server.observe(client, lwm2mPath(3, 0, 1)));
  assert.ok(!refused.ok && refused.error.code === Code.MethodNotAllowed);
  assert.deepEqual([world.server.observationCount, world.store.observations.size], [0, 0]);
});

test('an Accept that is refused falls back for observations too', async () => {
  const world = await World.open();
  const terminal = world.terminal();
  await world.until(terminal.register('ep=a'));
  terminal.on('GET /3/0/9', (request) => {
    if (request.accept !== 0) return { code: Code.NotAcceptable };
    if (request.observer) terminal.observers.push(request.observer.accept(() => {}));
    return { code: Code.Content, contentFormat: 0, payload: encodeUtf8('95') };
  });
  const answer = await world.until(world.server.observe(client, level));
  assert.ok(answer.ok);
  assert.equal(answer.value.observation!.accept, 0);
  assert.deepEqual([world.server.observationCount, terminal.observers.length], [1, 1]);
});

test('a first answer that makes no sense leaves no observation behind', async () => {
  const world = await World.open();
  const terminal = world.terminal();
  await world.until(terminal.register('ep=a'));
  terminal.observable('GET /3/0/9', { code: Code.Content, contentFormat: 0, payload: encodeUtf8('many') });
  await assert.rejects(world.until(world.server.observe(client, level)), { code: 'LWM2M_ANSWER_MALFORMED' });
  terminal.notify(tlv('c1095e'));
  await world.settle();
  assert.equal(terminal.observers[0]!.active, false);
  assert.equal(world.server.observationCount, 0);
});

test('a notification that cannot be read is told, and the observation goes on', async () => {
  const { world, terminal, server } = await observed();
  terminal.notify({ code: Code.Content, contentFormat: 11_542, payload: decodeHex('c1')! });
  await world.settle();
  assert.deepEqual(
    world.eventsOf('notification-malformed').map(({ observation }) => observation.path),
    ['/3/0/9'],
  );
  terminal.notify(tlv('c1095e'));
  await world.settle();
  assert.deepEqual([valuesOf(world.eventsOf('notification')), server.observationCount], [[94], 1]);
});

test('the client may end it', async () => {
  const { world, terminal, server } = await observed();
  terminal.notify({ code: Code.NotFound });
  await world.settle();
  assert.deepEqual([server.observationCount, world.store.observations.size], [0, 0]);
  assert.deepEqual(
    world.eventsOf('observation-ended').map(({ reason }) => reason),
    ['client'],
  );
});

test('observing again replaces; another path is another observation', async () => {
  const { world, terminal, server, answer } = await observed();
  terminal.observable('GET /3/0/9', tlv('c1095a')).observable('GET /3/0', tlv('c1095a'));
  const again = await world.until(server.observe(client, level));
  assert.ok(again.ok);
  assert.notDeepEqual(again.value.observation!.token, answer.observation!.token);
  await world.until(server.observe(client, lwm2mPath(3, 0)));
  await world.settle();
  assert.deepEqual(
    [server.observationCount, world.store.observations.size, server.observations(client).length],
    [2, 2, 2],
  );
  assert.deepEqual(
    world.eventsOf('observation-ended').map(({ reason }) => reason),
    ['replaced'],
  );
  terminal.notify(tlv('c10959'));
  await world.settle();
  assert.deepEqual(
    terminal.observers.map(({ active }) => active),
    [false, true, true],
  );
});

test('observations end with their registration: De-register, expiry, another Register', async () => {
  const endings = {
    deregister: ({ world, terminal }: Awaited<ReturnType<typeof observed>>) => world.until(terminal.deregister()),
    expiry: ({ world }: Awaited<ReturnType<typeof observed>>) => world.time.advance(hours(2)),
    register: ({ world, terminal }: Awaited<ReturnType<typeof observed>>) => world.until(terminal.register('ep=a')),
  };
  for (const [name, end] of Object.entries(endings)) {
    const all = await observed({ behaviour: { observesAgain: false } });
    const { registrationId } = all.answer.observation!;
    await end(all);
    await all.world.settle();
    assert.deepEqual([all.server.observationCount, all.world.store.observations.size], [0, 0], name);
    const [ended] = all.world.eventsOf('observation-ended');
    assert.deepEqual([ended!.reason, ended!.registration.id], ['registration', registrationId], name);
    all.terminal.notify(tlv('c1095e'));
    await all.world.settle();
    assert.equal(all.terminal.observers[0]!.active, false, `${name}: RST`);
    assert.deepEqual(all.world.eventsOf('notification'), [], name);
  }
});

test('a registration that is replaced while Observe is under way keeps none', async () => {
  const world = await World.open();
  const terminal = world.terminal();
  await world.until(terminal.register('ep=a'));
  terminal.on('GET /3/0/9', async (request) => {
    if (request.observer) terminal.observers.push(request.observer.accept(() => {}));
    await new Promise<void>((resolve) => world.time.schedule(seconds(5), resolve));
    return tlv('c1095f');
  });
  const observing = assert.rejects(world.server.observe(client, level), { code: 'LWM2M_REGISTRATION_ENDED' });
  await world.time.advance(seconds(1));
  await world.until(terminal.register('ep=a'));
  await world.until(observing);
  assert.deepEqual([world.server.observationCount, world.store.observations.size], [0, 0]);
});

test('an observation that reaches the disk behind the Register that ends it does not stay there', async () => {
  const world = await World.open({ behaviour: { observesAgain: false } });
  const terminal = world.terminal();
  await world.until(terminal.register('ep=a'));
  terminal.observable('GET /3/0/9', tlv('c1095f'));
  world.store.stuck = true;
  const registering = terminal.register('ep=a');
  await world.time.advance(milliseconds(100));
  const observing = Promise.allSettled([world.server.observe(client, level)]);
  await world.time.advance(milliseconds(100));
  assert.deepEqual(world.store.calls.slice(-3), ['register a', 'device a', 'observe /3/0/9']);
  world.store.release();
  await world.until(Promise.all([registering, observing]));
  await world.settle();
  assert.deepEqual([world.server.observationCount, world.store.observations.size], [0, 0]);
});

test('what was observed is observed again when the client registers anew (§6.4.1)', async () => {
  const { world, terminal, server, answer } = await observed();
  const before = terminal.requests.length;
  world.takeEvents();
  await world.until(terminal.register('ep=a&lt=3600'));
  await world.settle();
  const asked = terminal.requests.slice(before);
  assert.deepEqual(
    asked.map(({ path, accept, observer }) => [path.join('/'), accept, observer !== undefined]),
    [['3/0/9', 11_542, true]],
  );
  const [record, ...others] = server.observations(client);
  assert.equal(others.length, 0);
  assert.deepEqual([record!.path, record!.registrationId], ['/3/0/9', server.registration(client)!.id]);
  assert.notEqual(record!.registrationId, answer.observation!.registrationId);
  assert.deepEqual([...world.store.observations.values()], [record]);
  assert.deepEqual(world.takeEvents().slice(0, 3), ['observation-ended', 'replaced', 'registered']);
  terminal.notify(tlv('c1095d'));
  await world.settle();
  assert.deepEqual(valuesOf(world.eventsOf('notification')), [93]);
});

test('a client that refuses to be observed again, or is asked by somebody before, is left at that', async () => {
  const { world, terminal, server } = await observed();
  terminal.on('GET /3/0/9', { code: Code.NotFound });
  await world.until(terminal.register('ep=a&lt=3600'));
  await world.settle();
  assert.deepEqual(server.observations(client), []);
  terminal.observable('GET /3/0/9', tlv('c1095f'));
  await world.until(server.observe(client, level));
  const before = terminal.requests.length;
  server.events.on('registered', () => void server.observe(client, level));
  await world.until(terminal.register('ep=a&lt=3600'));
  await world.settle();
  assert.equal(server.observations(client).length, 1);
  assert.ok(terminal.requests.length - before <= 2);
});

test('observations follow a client to its new address', async () => {
  const { world, terminal, server, answer } = await observed();
  const moved = world.terminalAt('203.0.113.9', 40_000);
  moved.location = terminal.location;
  await world.until(moved.update());
  await world.settle();
  // The same observation notifies from the new address: the server made no new request.
  assert.deepEqual(moved.requests, []);
  await sendNotification(world, '203.0.113.9', 40_001, answer.observation!.token, '6e');
  assert.deepEqual(valuesOf(world.eventsOf('notification')), [], 'not from just anywhere');
  await moved.endpoint.close();
  await sendNotification(world, '203.0.113.9', 40_000, answer.observation!.token, '5d');
  assert.deepEqual(valuesOf(world.eventsOf('notification')), [93]);
  assert.deepEqual(server.observations(client), [answer.observation]);
});

test('a notification from an address that is not known yet ends no observation, and the next Update brings its value', async () => {
  const { world, terminal, server, answer } = await observed();
  const { token } = answer.observation!;
  // The NAT gave the client another port, and a CON notification comes before any Update: neither ACK nor RST goes back.
  const socket = world.network.port('203.0.113.9', 40_000);
  const back: Uint8Array[] = [];
  socket.listen({ onDatagram: (datagram) => back.push(datagram) });
  const notification = (type: number, messageId: number, value: string) =>
    Uint8Array.from([
      ...[type | token.length, 0x45, 0x12, messageId, ...token],
      ...decodeHex(`6203e8622d16ffc109${value}`)!,
    ]);
  socket.send(notification(0x40, 1, '5d'), serverAddress);
  socket.send(notification(0x50, 2, '5e'), serverAddress);
  await world.settle();
  assert.deepEqual(back, []);
  assert.deepEqual(valuesOf(world.eventsOf('notification')), [], 'not from just anywhere');
  assert.deepEqual(server.observations(client), [answer.observation]);
  // A token that nobody has is rejected as before (RFC 7641 §3.5).
  token.forEach((_, at) => {
    token[at]! ^= 0xff;
  });
  socket.send(notification(0x50, 3, '5f'), serverAddress);
  token.forEach((_, at) => {
    token[at]! ^= 0xff;
  });
  await world.settle();
  assert.deepEqual(back.map(encodeHex), ['70001203']);
  await socket.close();
  // Once the server knows where the client is, it asks there, with the same token.
  const moved = world.terminalAt('203.0.113.9', 40_000);
  moved.location = terminal.location;
  moved.observable('GET /3/0/9', tlv('c10960'));
  await world.until(moved.update());
  await world.settle();
  assert.deepEqual(
    moved.requests.map(({ method, path }) => [method, path.join('/')]),
    [[Code.GET, '3/0/9']],
  );
  assert.deepEqual(valuesOf(world.eventsOf('notification')), [96]);
  assert.deepEqual(server.observations(client), [answer.observation]);
  moved.notify(tlv('c10961'));
  await world.settle();
  assert.deepEqual(valuesOf(world.eventsOf('notification')), [96, 97]);
});

test('a client that moves while Observe is under way is heard from where it went', async () => {
  const world = await World.open();
  const terminal = world.terminal();
  await world.until(terminal.register('ep=a'));
  terminal.on('GET /3/0/9', async (request) => {
    if (request.observer) terminal.observers.push(request.observer.accept(() => {}));
    await new Promise<void>((resolve) => world.time.schedule(seconds(5), resolve));
    return tlv('c1095f');
  });
  const observing = world.server.observe(client, level);
  await world.time.advance(seconds(1));
  const moved = world.terminalAt('203.0.113.9', 40_000);
  moved.location = terminal.location;
  await world.until(moved.update());
  const answer = await world.until(observing);
  assert.ok(answer.ok && answer.value.observation);
  await moved.endpoint.close();
  await sendNotification(world, '203.0.113.9', 40_000, answer.value.observation.token, '5d');
  assert.deepEqual(valuesOf(world.eventsOf('notification')), [93]);
});

/** NON 2.05, Observe 1000, Content-Format 11542, TLV of /3/0/9. */
async function sendNotification(world: World, host: string, port: number, token: Uint8Array, value: string) {
  const socket = world.network.port(host, port);
  const head = [0x50 | token.length, 0x45, 0x12, 0x34, ...token];
  const options = decodeHex('6203e8 622d16 ff')!;
  const datagram = Uint8Array.from([...head, ...options, ...decodeHex(`c109${value}`)!]);
  socket.send(datagram, serverAddress);
  await world.time.advance(milliseconds(100));
  await socket.close();
}

test('after kill -9 and a restart notifications go on, and the client never notices', async () => {
  const { world, terminal, answer } = await observed();
  const heard = terminal.requests.length;
  await world.kill();
  await world.time.advance(seconds(30));
  await world.startServer();
  assert.deepEqual(world.server.observations(client), [answer.observation]);
  terminal.notify(tlv('c1095e'));
  await world.settle();
  assert.deepEqual(valuesOf(world.eventsOf('notification')), [94]);
  assert.equal(terminal.requests.length, heard);
  // It can be cancelled with the same token.
  const cancelled = await world.until(world.server.cancelObservation(client, level));
  assert.ok(cancelled?.ok);
  assert.equal(terminal.observers[0]!.active, false);
  assert.equal(world.store.observations.size, 0);
});

test('a graceful stop keeps observations as well', async () => {
  const { world, terminal, answer } = await observed();
  world.takeEvents();
  await world.until(world.server.close());
  await world.endpoint.close();
  await world.settle();
  assert.deepEqual([...world.store.observations.values()], [answer.observation]);
  assert.deepEqual(world.takeEvents(), [], 'nothing ended');
  await world.startServer();
  terminal.notify(tlv('c1095e'));
  await world.settle();
  assert.deepEqual(valuesOf(world.eventsOf('notification')), [94]);
});

test('records without a registration or with a path that is none are cleared at start', async () => {
  const { world, answer } = await observed();
  await world.kill();
  const record = answer.observation!;
  await world.until(world.store.addObservation({ ...record, token: Uint8Array.of(1), registrationId: 'gone' }));
  await world.until(world.store.addObservation({ ...record, token: Uint8Array.of(2), path: '/what/ever' }));
  await world.startServer();
  await world.settle();
  assert.deepEqual([...world.store.observations.values()], [record]);
  assert.equal(world.server.observationCount, 1);
});

test('an observation that the endpoint cannot take up again is told, and its record stays for another start', async () => {
  const { world, answer } = await observed();
  await world.endpoint.close();
  await world.server.close();
  await world.settle();
  const restarted = new Lwm2mServer({
    endpoints: [{ endpoint: world.endpoint }],
    store: world.store,
    profile: openProfile(world.store),
    model: omaObjects,
    clock: world.time,
    timers: world.time,
    random: world.random,
  });
  const ended: string[] = [];
  restarted.events.on('observation-ended', ({ reason }) => ended.push(reason));
  await world.until(restarted.start());
  await world.settle();
  assert.deepEqual([ended, restarted.observationCount], [['failed'], 0]);
  assert.deepEqual([...world.store.observations.values()], [answer.observation]);
  await restarted.close();
});

test('the number of observations is bounded, per registration and in all', async () => {
  const { world, terminal, server } = await observed({
    limits: { maximumObservationsPerRegistration: 2, maximumObservations: 3 },
  });
  terminal.otherwise = (request) => {
    request.observer?.accept(() => {});
    return { code: Code.Content, contentFormat: 0, payload: encodeUtf8('1') };
  };
  assert.ok((await world.until(server.observe(client, lwm2mPath(3, 0, 13)))).ok);
  await assert.rejects(world.until(server.observe(client, lwm2mPath(3, 0, 10))), { code: 'LWM2M_OVERLOADED' });
  assert.ok((await world.until(server.observe(client, level))).ok, 'one that is there may be made anew');
  const other = world.terminal();
  other.otherwise = terminal.otherwise;
  await world.until(other.register('ep=b'));
  assert.ok((await world.until(server.observe({ endpoint: 'b' }, lwm2mPath(3, 0, 13)))).ok);
  await assert.rejects(world.until(server.observe({ endpoint: 'b' }, level)), { code: 'LWM2M_OVERLOADED' });
});

test('a caller that gave up has no observation', async () => {
  const world = await World.open();
  const terminal = world.terminal();
  await world.until(terminal.register('ep=a'));
  terminal.observable('GET /3/0/9', tlv('c1095f'));
  world.store.stuck = true;
  const given = new AbortController();
  const observing = assert.rejects(world.server.observe(client, level, { signal: given.signal }), {
    code: 'LWM2M_ABORTED',
  });
  await world.settle();
  given.abort();
  await observing;
  world.store.release();
  await world.settle();
  assert.deepEqual([world.server.observationCount, world.store.observations.size], [0, 0]);
  assert.deepEqual(world.eventsOf('observation-started'), []);
});

test('listeners that throw disturb nobody', async () => {
  const { world, terminal, server } = await observed();
  server.events.on('notification', () => {
    throw new Error('listener');
  });
  terminal.notify(tlv('c1095e'));
  await world.settle();
  assert.deepEqual(valuesOf(world.eventsOf('notification')), [94]);
  assert.deepEqual(world.logged, ['an event listener failed Error: listener']);
});

test('what a listener asks of a client that just registered comes after the response', async () => {
  const world = await World.open();
  const terminal = world.terminal();
  const seen: string[] = [];
  world.network.watch(({ datagram, to }) => {
    if (to.key === '198.51.100.1:56830') seen.push(`${datagram[0]! >> 4} ${datagram[1]!.toString(16)}`);
    return undefined;
  });
  terminal.observable('GET /3/0/9', tlv('c1095f'));
  world.server.events.on('registered', ({ registration }) => world.server.observe(registration, level));
  await world.until(terminal.register('ep=a'));
  await world.settle();
  assert.deepEqual(seen.slice(0, 2), ['6 41', '4 1'], '2.01, then GET');
  assert.equal(world.server.observationCount, 1);
});
