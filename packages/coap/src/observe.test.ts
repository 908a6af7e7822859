import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeUtf8, hours, milliseconds, seconds } from '@yaolian/kernel';
import { createWorld, LockstepPeer, peerOf, serverHost, text, transcript, type World } from '../test/world.ts';
import { Code } from './codes.ts';
import type { IncomingResponse, Observation, Observer, OutgoingResponse } from './exchange.ts';
import { type Message, MessageType } from './message.ts';
import { encodeMessage } from './message-encoder.ts';
import { isFresher, nextSequence } from './observe-sequence.ts';
import { findUint, uintOption } from './option-values.ts';
import { OptionNumber } from './options.ts';

interface Watched {
  readonly seen: string[];
  readonly ended: string[];
  readonly observation: Observation;
}

/** A client that observes `/state`, and the observer at the server. */
async function observing(world: World, first = 'first'): Promise<Watched & { readonly observers: Observer[] }> {
  const { time, client, server, serverPeer } = world;
  const observers: Observer[] = [];
  server.handle((request) => {
    if (request.observer) observers.push(request.observer.accept(() => ended.push('server')));
    return content(first);
  });
  const seen: string[] = [];
  const ended: string[] = [];
  const { response, observation } = await time.until(
    client.observe(
      serverPeer,
      { method: Code.GET, path: 'state' },
      {
        onNotification: (notification) => seen.push(textOf(notification)),
        onEnded: (reason) => ended.push(`client: ${reason}`),
      },
    ),
    seconds(10),
  );
  assert.equal(textOf(response), first);
  assert.ok(observation?.active);
  return { seen, ended, observation, observers };
}

function content(payload: string): OutgoingResponse {
  return { code: Code.Content, contentFormat: 0, payload: text(payload) };
}

function textOf(response: IncomingResponse): string {
  return decodeUtf8(response.payload)!;
}

function sequenceOf(message: Message): number | undefined {
  return findUint(message.options, OptionNumber.Observe);
}

test('notifications arrive in order, confirmable or not', async () => {
  const world = createWorld();
  const { seen, observers } = await observing(world);
  observers[0]!.notify(content('second'), { confirmable: false });
  await world.time.advance(milliseconds(10));
  observers[0]!.notify(content('third'), { confirmable: true });
  await world.time.advance(milliseconds(10));
  assert.deepEqual(seen, ['second', 'third']);
  assert.deepEqual(transcript(world.sent), [
    'client CON 0.01',
    'server ACK 2.05',
    'server NON 2.05',
    'server CON 2.05',
    'client ACK 0.00',
  ]);
});

test('RFC 7641 §3.4: sequence numbers go round, and after 128 s anything is newer', () => {
  const at = 1000;
  assert.equal(isFresher(5, at, 6, at), true);
  assert.equal(isFresher(6, at, 5, at), false);
  assert.equal(isFresher(6, at, 6, at), false);
  assert.equal(isFresher(0xffffff, at, 0, at), true);
  assert.equal(isFresher(0, at, 0xffffff, at), false);
  assert.equal(isFresher(0, at, 0x7fffff, at), true);
  assert.equal(isFresher(0, at, 0x800001, at), false);
  assert.equal(isFresher(6, at, 5, at + 128_000), false);
  assert.equal(isFresher(6, at, 5, at + 128_001), true);
});

test('RFC 7641 §4.4: numbers follow the clock, and each is later than the one before', () => {
  assert.equal(nextSequence(undefined, 1_000), 1_000);
  assert.equal(nextSequence(1_000, 1_000), 1_001);
  assert.equal(nextSequence(1_005, 1_000), 1_006);
  assert.equal(nextSequence(0xffffff, 0xffffff), 0);
  assert.equal(nextSequence(5, 0x1000000 + 9), 9);
});

test('a confirmable notification is acknowledged once the work of its listener is over, and its copies not before either', async () => {
  const world = createWorld();
  const work = Promise.withResolvers<void>();
  const seen: string[] = [];
  const onNotification = (response: IncomingResponse) => {
    seen.push(textOf(response));
    return work.promise;
  };
  const server = new LockstepPeer(world, '192.0.2.9', world.clientPeer);
  const observing = world.client.observe(peerOf('192.0.2.9'), { method: Code.GET, path: 'x' }, { onNotification });
  const { token, messageId } = await server.receive();
  const content = { code: Code.Content, token };
  const first = [uintOption(OptionNumber.Observe, 10)];
  server.send({ ...content, type: MessageType.ACK, messageId, options: first });
  await world.time.until(observing, seconds(1));
  const notification = {
    ...content,
    messageId: 7,
    options: [uintOption(OptionNumber.Observe, 11)],
    payload: text('new'),
  };
  server.send(notification);
  server.send(notification);
  await server.silence(seconds(1));
  work.resolve();
  const acknowledgement = await server.receive();
  assert.deepEqual([acknowledgement.type, acknowledgement.messageId], [MessageType.ACK, 7]);
  await server.silence(seconds(1));
  server.send(notification);
  assert.equal((await server.receive()).type, MessageType.ACK);
  assert.deepEqual(seen, ['new']);
});

test('a confirmable notification whose listener fails later is acknowledged all the same', async () => {
  const world = createWorld();
  const server = new LockstepPeer(world, '192.0.2.9', world.clientPeer);
  const listener = { onNotification: () => Promise.reject(new Error('no room')) };
  const observing = world.client.observe(peerOf('192.0.2.9'), { method: Code.GET, path: 'x' }, listener);
  const { token, messageId } = await server.receive();
  const observe = (sequence: number) => [uintOption(OptionNumber.Observe, sequence)];
  server.send({ code: Code.Content, token, type: MessageType.ACK, messageId, options: observe(10) });
  await world.time.until(observing, seconds(1));
  server.send({ code: Code.Content, token, messageId: 7, options: observe(11) });
  assert.equal((await server.receive()).type, MessageType.ACK);
});

test('a notification that was overtaken is acknowledged and ignored', async () => {
  const world = createWorld();
  const server = new LockstepPeer(world, '192.0.2.9', world.clientPeer);
  const seen: string[] = [];
  const observe = world.client.observe(
    peerOf('192.0.2.9'),
    { method: Code.GET, path: 'x' },
    { onNotification: (response) => seen.push(textOf(response)) },
  );
  const request = await server.receive();
  assert.equal(sequenceOf(request), 0);
  const { token, messageId } = request;
  const notify = (sequence: number, payload: string, id: number) =>
    server.send({
      code: Code.Content,
      token,
      messageId: id,
      options: [uintOption(OptionNumber.Observe, sequence)],
      payload: text(payload),
    });
  server.send({
    type: MessageType.ACK,
    code: Code.Content,
    token,
    messageId,
    options: [uintOption(OptionNumber.Observe, 10)],
  });
  await world.time.until(observe, seconds(1));
  notify(12, 'newer', 1);
  assert.equal((await server.receive()).type, MessageType.ACK);
  notify(11, 'older', 2);
  assert.equal((await server.receive()).type, MessageType.ACK);
  assert.deepEqual(seen, ['newer']);
  await world.time.advance(seconds(129));
  notify(11, 'much later', 3);
  assert.equal((await server.receive()).type, MessageType.ACK);
  assert.deepEqual(seen, ['newer', 'much later']);
});

test('forgetting answers the next notification with a Reset, which ends the observation at the server', async () => {
  for (const confirmable of [true, false]) {
    const world = createWorld();
    const { observers, observation, ended, seen } = await observing(world);
    observation.forget();
    observers[0]!.notify(content('unwanted'), { confirmable });
    await world.time.advance(seconds(1));
    assert.equal(transcript(world.sent).at(-1), 'client RST 0.00');
    assert.deepEqual(ended, ['server']);
    assert.equal(observers[0]!.active, false);
    assert.deepEqual(seen, []);
  }
});

test('cancelling sends Observe 1 with the same token and options', async () => {
  const world = createWorld();
  const { observation, ended } = await observing(world, 'state');
  const answer = await world.time.until(observation.cancel(), seconds(5));
  assert.equal(textOf(answer), 'state');
  assert.equal(observation.active, false);
  assert.deepEqual(ended, ['server']);
  const [register, cancel] = world.sent.filter(({ from }) => from === 'client').map(({ message }) => message);
  assert.deepEqual(cancel!.token, register!.token);
  assert.equal(sequenceOf(cancel!), 1);
  assert.equal(sequenceOf(world.sent.at(-1)!.message), undefined);
});

test('a notification that crosses the cancellation is not taken for its answer', async () => {
  const world = createWorld();
  const { observation, observers } = await observing(world, 'answer');
  observers[0]!.notify(content('crossing'), { confirmable: false });
  const answer = await world.time.until(observation.cancel(), seconds(5));
  assert.equal(textOf(answer), 'answer');
});

test('an observer that does not acknowledge is removed', async () => {
  let cut = false;
  const world = createWorld({ watch: ({ from }) => (cut && from === 'client' ? 'drop' : undefined) });
  const { observers, ended } = await observing(world);
  cut = true;
  observers[0]!.notify(content('x'), { confirmable: true });
  await world.time.advance(seconds(100));
  assert.deepEqual(ended, ['server']);
});

test('while a notification is unacknowledged only the latest state waits, and takes over its attempts', async () => {
  let cut = false;
  const world = createWorld({ watch: ({ from }) => (cut && from === 'client' ? 'drop' : undefined) });
  const { observers, seen } = await observing(world);
  cut = true;
  for (const state of ['a', 'b', 'c']) observers[0]!.notify(content(state), { confirmable: true });
  await world.time.advance(seconds(4));
  cut = false;
  await world.time.advance(seconds(30));
  const notifications = world.sent.filter(({ from, message }) => from === 'server' && message.type === MessageType.CON);
  assert.deepEqual(
    notifications.map(({ message }) => decodeUtf8(message.payload)),
    ['a', 'c', 'c'],
  );
  assert.notEqual(notifications[0]!.message.messageId, notifications[1]!.message.messageId);
  assert.equal(seen.at(-1), 'c');
});

test('one notification a day is confirmable', async () => {
  const world = createWorld();
  const { observers } = await observing(world);
  for (let hour = 0; hour < 25; hour++) {
    await world.time.advance(hours(1));
    observers[0]!.notify(content(`${hour}`), { confirmable: false });
  }
  await world.time.advance(seconds(1));
  const types = world.sent.filter(({ from }) => from === 'server').map(({ message }) => message.type);
  assert.equal(types.filter((type) => type === MessageType.CON).length, 1);
});

test('non-confirmable notifications keep to the pace of RFC 7641 §4.5.1, with the latest state last', async () => {
  const world = createWorld();
  const { observers, seen } = await observing(world);
  for (let i = 1; i <= 300; i++) {
    observers[0]!.notify(content(`${i}`), { confirmable: false });
    await world.time.advance(milliseconds(100));
  }
  await world.time.advance(seconds(10));
  assert.ok(seen.length <= 8 + 10 + 1, `${seen.length} came`);
  assert.equal(seen.at(-1), '300');
});

test('an error notification is the last one', async () => {
  const world = createWorld();
  const { observers, ended } = await observing(world);
  observers[0]!.notify({ code: Code.NotFound });
  await world.time.advance(seconds(1));
  assert.deepEqual(ended, ['client: the peer answered 4.04 NotFound']);
  assert.equal(observers[0]!.active, false);
});

test('a notification in another Content-Format becomes 4.06 and ends the observation', async () => {
  const world = createWorld();
  const { observers, ended } = await observing(world);
  observers[0]!.notify({ code: Code.Content, contentFormat: 50, payload: text('{}') });
  await world.time.advance(seconds(1));
  assert.deepEqual(ended.toSorted(), ['client: the peer answered 4.06 NotAcceptable', 'server']);
});

test('a registration with the same token replaces the one before', async () => {
  const world = createWorld();
  const { observers, ended, observation } = await observing(world);
  const answer = await world.time.until(observation.refresh(), seconds(5));
  assert.equal(textOf(answer), 'first');
  assert.equal(observers.length, 2);
  assert.equal(observers[0]!.active, false);
  assert.deepEqual(ended, ['server']);
  assert.ok(observation.active);
});

test('without room, a request to observe is an ordinary one', async () => {
  const world = createWorld({ server: { bounds: { maximumObserversPerPeer: 1 } } });
  await observing(world);
  const { observation } = await world.time.until(
    world.client.observe(world.serverPeer, { method: Code.GET }, { onNotification() {} }),
    seconds(5),
  );
  assert.equal(observation, undefined);
});

test('a restored observation goes on', async () => {
  const world = createWorld();
  const { observation, observers } = await observing(world);
  const { token } = observation;
  observation.forget();
  const seen: string[] = [];
  const request = { method: Code.GET, path: 'state' };
  const listener = { onNotification: (response: IncomingResponse) => void seen.push(textOf(response)) };
  world.client.restoreObservation(world.serverPeer, { token, request }, listener);
  observers[0]!.notify(content('after'));
  await world.time.advance(seconds(1));
  assert.deepEqual(seen, ['after']);
});

test('the listener hears when nothing comes after Max-Age', async () => {
  const world = createWorld();
  world.server.handle((request) => {
    request.observer?.accept(() => {});
    return { code: Code.Content, maxAge: seconds(30) };
  });
  let stale = 0;
  await world.time.until(
    world.client.observe(
      world.serverPeer,
      { method: Code.GET },
      {
        onNotification() {},
        onStale: () => {
          stale++;
        },
      },
    ),
    seconds(5),
  );
  await world.time.advance(seconds(34));
  assert.equal(stale, 0);
  await world.time.advance(seconds(12));
  assert.equal(stale, 1);
});

test('closing ends observations on both sides and leaves no timer', async () => {
  const world = createWorld();
  const { ended } = await observing(world);
  await world.client.close();
  await world.server.close();
  assert.deepEqual(ended.toSorted(), ['client: the endpoint was closed', 'server']);
  assert.equal(world.time.pending, 0);
});

test('the latest state arrives over a network that loses, doubles and reorders', async () => {
  for (let seed = 1; seed <= 5; seed++) {
    const world = createWorld({ seed, conditions: { loss: 0.1, duplication: 0.2, reordering: 0.3 } });
    const { observers, seen } = await observing(world);
    for (let i = 1; i <= 50; i++) {
      observers[0]!.notify(content(`${i}`), { confirmable: true });
      await world.time.advance(milliseconds(700));
    }
    await world.time.advance(seconds(200));
    assert.equal(seen.at(-1), '50', `seed ${seed}`);
    assert.deepEqual(
      seen.map(Number),
      seen.map(Number).toSorted((a, b) => a - b),
      `seed ${seed}`,
    );
  }
});

test('a Reset to a separate first notification ends the observation', async () => {
  const world = createWorld();
  const ended: string[] = [];
  world.server.handle(async (request) => {
    await new Promise<void>((resolve) => world.time.schedule(seconds(1), resolve));
    request.observer?.accept(() => ended.push('server'));
    return content('slow');
  });
  const client = new LockstepPeer(world, '192.0.2.8', peerOf(serverHost));
  client.sendBytes(
    encodeMessage({
      type: MessageType.CON,
      code: Code.GET,
      messageId: 1,
      token: Uint8Array.of(1),
      options: [uintOption(OptionNumber.Observe, 0)],
      payload: new Uint8Array(0),
    }),
  );
  assert.equal((await client.receive()).type, MessageType.ACK);
  const notification = await client.receive();
  assert.equal(notification.type, MessageType.CON);
  assert.notEqual(sequenceOf(notification), undefined);
  client.send({ type: MessageType.RST, messageId: notification.messageId });
  await world.time.advance(seconds(1));
  assert.deepEqual(ended, ['server']);
});

test('a registration that is answered 2.03 does not settle the Content-Format', async () => {
  const world = createWorld();
  const observers: Observer[] = [];
  const ended: string[] = [];
  world.server.handle((request) => {
    observers.push(request.observer!.accept(() => ended.push('server')));
    return { code: Code.Valid, etag: Uint8Array.of(1) };
  });
  const seen: string[] = [];
  const request = { method: Code.GET, etags: [Uint8Array.of(1)] };
  const listener = { onNotification: (response: IncomingResponse) => void seen.push(textOf(response)) };
  await world.time.until(world.client.observe(world.serverPeer, request, listener), seconds(5));
  observers[0]!.notify(content('text'));
  await world.time.advance(seconds(1));
  observers[0]!.notify({ code: Code.Valid, etag: Uint8Array.of(2) });
  await world.time.advance(seconds(1));
  observers[0]!.notify({ code: Code.Content, contentFormat: 50 });
  await world.time.advance(seconds(1));
  assert.deepEqual(seen, ['text', '']);
  assert.deepEqual(ended, ['server']);
});

test('RFC 8132: a FETCH with a large body can observe', async () => {
  const world = createWorld();
  const observers: Observer[] = [];
  const bodies: number[] = [];
  world.server.handle((request) => {
    bodies.push(request.payload.length);
    if (request.observer) observers.push(request.observer.accept(() => {}));
    return content('first');
  });
  const seen: string[] = [];
  const request = { method: Code.FETCH, path: 'composite', contentFormat: 112, payload: new Uint8Array(2500) };
  const listener = { onNotification: (response: IncomingResponse) => void seen.push(textOf(response)) };
  const { observation } = await world.time.until(
    world.client.observe(world.serverPeer, request, listener),
    seconds(10),
  );
  observers[0]!.notify(content('second'));
  await world.time.advance(seconds(1));
  assert.deepEqual(bodies, [2500]);
  assert.deepEqual(seen, ['second']);
  await world.time.until(observation!.cancel(), seconds(10));
  assert.deepEqual(bodies, [2500, 2500]);
  assert.equal(observers[0]!.active, false);
});

test('a notification that waited behind others is the latest when it goes', async () => {
  const world = createWorld();
  const { observers, seen } = await observing(world);
  const unanswered = world.server.request(world.clientPeer, { method: Code.GET }, {});
  for (const state of ['a', 'b', 'c']) observers[0]!.notify(content(state), { confirmable: true });
  await world.time.until(unanswered, seconds(5));
  await world.time.advance(seconds(1));
  assert.deepEqual(seen, ['c']);
});

test('the number of our observations is bounded', async () => {
  const world = createWorld({ client: { bounds: { maximumObservations: 1 } } });
  const { observation } = await observing(world);
  const listener = { onNotification() {} };
  const request = { method: Code.GET };
  await assert.rejects(world.client.observe(world.serverPeer, request, listener), { code: 'COAP_OVERLOADED' });
  const restored = { token: Uint8Array.of(1), request };
  assert.throws(() => world.client.restoreObservation(world.serverPeer, restored, listener), {
    code: 'COAP_OVERLOADED',
  });
  observation.forget();
  world.client.restoreObservation(world.serverPeer, restored, listener);
});
