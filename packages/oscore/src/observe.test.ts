/** Observations under protection: RFC 8613 §4.1.3.5, §7.4.1, §8.3.1, §8.4.2. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Code, encodeMessage, findOption, MessageType, type Observer, OptionNumber } from '@yaolian/coap';
import { decodeUtf8, encodeHex, seconds, socketAddress } from '@yaolian/kernel';
import { clientAddress, type Sent, serverAddress, text, World } from '../test/world.ts';

/** A server whose one resource counts, and a client that observes it. */
async function observing(world: World, confirmable = true, work?: Promise<void>) {
  const observers: Observer[] = [];
  let ended = 0;
  let count = 0;
  world.server.endpoint.handle((request) => {
    if (request.observer) observers.push(request.observer.accept(() => ended++));
    return { code: Code.Content, contentFormat: 0, payload: text(`${count}`) };
  });
  const seen: string[] = [];
  const reasons: string[] = [];
  const peer = await world.serverPeer();
  const { response, observation } = await world.time.until(
    world.client.endpoint.observe(
      peer,
      { method: Code.GET, path: '/count', confirmable },
      {
        onNotification: ({ payload }) => {
          seen.push(decodeUtf8(payload)!);
          return work;
        },
        onEnded: (reason) => reasons.push(reason),
      },
    ),
    seconds(5),
  );
  assert.equal(decodeUtf8(response.payload), '0');
  assert.ok(observation);
  const notify = (code: number = Code.Content) => {
    count++;
    observers.at(-1)!.notify({ code, ...(code === Code.Content && { contentFormat: 0 }), payload: text(`${count}`) });
  };
  return { peer, observation, observers, seen, reasons, notify, ended: () => ended };
}

const notifications = ({ from, message }: Sent) => from === serverAddress.host && message.type !== MessageType.ACK;

test('RFC 8613 Appendix A.2: notifications have Partial IVs, and are bound to the registration', async () => {
  const world = new World();
  const { seen, notify } = await observing(world);
  for (let i = 0; i < 3; i++) {
    notify();
    await world.time.advance(seconds(2));
  }
  assert.deepEqual(seen, ['1', '2', '3']);
  const [registration] = world.sent;
  assert.equal(registration!.message.code, Code.FETCH);
  assert.equal(encodeHex(findOption(registration!.message.options, OptionNumber.Observe)!.value), '');
  const answers = world.sent.filter(({ from, message }) => from === serverAddress.host && message.code !== 0);
  assert.deepEqual(
    answers.map(({ message }) => message.code),
    [Code.Content, Code.Content, Code.Content, Code.Content],
  );
  assert.ok(answers.every(({ message }) => findOption(message.options, OptionNumber.Observe) !== undefined));
  assert.deepEqual(world.headers(serverAddress), ['0100', '0101', '0102', '0103']);
});

test('RFC 8613 §7.4.1: a notification that comes again, or late, is not taken; it ends nothing', async () => {
  const world = new World();
  const { seen, notify, ended } = await observing(world, false);
  notify();
  await world.time.advance(seconds(2));
  notify();
  await world.time.advance(seconds(2));
  const [first, second] = world.sent.filter(notifications);
  const again = world.network.port(serverAddress.host, 9999);
  for (const { message } of [first!, second!, first!]) {
    const { token, code, options, payload } = message;
    again.send(
      encodeMessage({ type: MessageType.CON, messageId: 7 + world.sent.length, token, code, options, payload }),
      clientAddress,
    );
    await world.time.advance(seconds(1));
  }
  assert.deepEqual(seen, ['1', '2']);
  assert.equal(world.client.meter.count('responses_dropped/old notification'), 3);
  notify();
  await world.time.advance(seconds(2));
  assert.deepEqual(seen, ['1', '2', '3']);
  assert.equal(ended(), 0);
});

test('RFC 8613 §4.1.3.5.2: order is that of the Partial IVs, whatever the Outer Observe says', async () => {
  const world = new World();
  const { seen, notify } = await observing(world, false);
  let held: Sent | undefined;
  world.lose = (sent) => {
    if (!notifications(sent) || held) return false;
    held = sent;
    return true;
  };
  notify();
  await world.time.advance(seconds(2));
  notify();
  await world.time.advance(seconds(2));
  const { type, messageId, token, code, payload } = held!.message;
  // Somebody on the path makes the older one look newer.
  const options = held!.message.options.map((option) =>
    option.number === OptionNumber.Observe ? { ...option, value: Uint8Array.of(0xff, 0xff, 0xff) } : option,
  );
  world.network
    .port(serverAddress.host, 9999)
    .send(encodeMessage({ type, messageId, token, code, options, payload }), clientAddress);
  await world.time.advance(seconds(2));
  assert.deepEqual(seen, ['2']);
});

test('a notification that is no other than garbage ends nothing (RFC 8613 §8.4.2)', async () => {
  const world = new World();
  const { seen, notify, ended, reasons } = await observing(world);
  notify();
  await world.time.advance(seconds(2));
  const { token, code, options, payload } = world.sent.filter(notifications)[0]!.message;
  const attacker = world.network.port('192.0.2.66', 5683);
  const forge = (forged: Partial<Parameters<typeof encodeMessage>[0]>, messageId: number) =>
    attacker.send(
      encodeMessage({ type: MessageType.CON, messageId, token, code, options, payload, ...forged }),
      clientAddress,
    );
  forge({ payload: payload.with(0, payload[0]! ^ 1) }, 1);
  forge({ options: [{ number: OptionNumber.OSCORE, value: Uint8Array.of(0x01, 0x09) }] }, 2);
  forge({ options: [{ number: OptionNumber.OSCORE, value: Uint8Array.of(0xff) }] }, 3);
  forge({ code: Code.NotFound, options: [], payload: text('gone') }, 4);
  await world.time.advance(seconds(2));
  notify();
  await world.time.advance(seconds(2));
  assert.deepEqual(seen, ['1', '2']);
  assert.deepEqual(reasons, []);
  assert.equal(ended(), 0);
});

test('an error notification is the last; it is protected too', async () => {
  const world = new World();
  const { seen, notify, reasons } = await observing(world);
  notify(Code.NotFound);
  await world.time.advance(seconds(2));
  assert.deepEqual(seen, []);
  assert.deepEqual(reasons, ['the peer answered 4.04 NotFound']);
  assert.deepEqual(world.headers(serverAddress), ['0100', '0101'], 'RFC 8613 §4.1.3.5: with a Partial IV');
});

test('cancelling and refreshing', async () => {
  const world = new World();
  const { observation, observers, seen, notify, ended } = await observing(world);
  const answer = await world.time.until(observation.refresh(), seconds(5));
  assert.equal(decodeUtf8(answer.payload), '0');
  assert.equal(observers.length, 2);
  notify();
  await world.time.advance(seconds(2));
  assert.deepEqual(seen, ['1'], 'bound to the new request');
  await world.time.until(observation.cancel(), seconds(5));
  assert.equal(ended(), 2);
  assert.equal(observation.active, false);
});

test('forgetting an observation answers the next notification with a Reset, which ends it', async () => {
  const world = new World();
  const { observation, notify, ended } = await observing(world);
  observation.forget();
  notify();
  await world.time.advance(seconds(2));
  assert.equal(ended(), 1);
});

test('large notifications: the rest of the blocks is asked for under protection', async () => {
  const world = new World();
  const body = 'x'.repeat(3000);
  let observer: Observer | undefined;
  world.server.endpoint.handle((request) => {
    if (request.observer) observer = request.observer.accept(() => {});
    return { code: Code.Content, contentFormat: 0, payload: text(body) };
  });
  const seen: number[] = [];
  const peer = await world.serverPeer();
  const listener = { onNotification: ({ payload }: { payload: Uint8Array }) => void seen.push(payload.length) };
  await world.time.until(world.client.endpoint.observe(peer, { method: Code.GET }, listener), seconds(9));
  observer!.notify({ code: Code.Content, contentFormat: 0, payload: text(`${body}!`) });
  await world.time.advance(seconds(5));
  assert.deepEqual(seen, [3001]);
});

test('a client that moved is notified where it is now: an authentic newer request told', async () => {
  const world = new World();
  const { notify, observers } = await observing(world, false);
  const moved = world.network.port('192.0.2.77', 4711);
  // The same requests, sent on by a translator from another address.
  world.lose = ({ from, datagram }) => {
    if (from !== clientAddress.host) return false;
    moved.send(datagram, serverAddress);
    return true;
  };
  const asked = world.client.endpoint.request(await world.serverPeer(), { method: Code.POST, confirmable: false });
  asked.catch(() => {});
  await world.time.advance(seconds(1));
  assert.equal(observers[0]!.peer.address.key, '192.0.2.77:4711');
  const inbox: number[] = [];
  moved.listen({ onDatagram: (datagram) => void inbox.push(datagram[1]!) });
  notify();
  await world.time.advance(seconds(2));
  assert.ok(inbox.includes(Code.Content));
});

test('a server that moved goes on notifying, and is asked where it is now', async () => {
  const world = new World();
  const { peer, seen, notify } = await observing(world, false);
  const moved = world.network.port('192.0.2.88', 4712);
  world.lose = (sent) => {
    if (!notifications(sent)) return false;
    moved.send(sent.datagram, clientAddress);
    return true;
  };
  notify();
  await world.time.advance(seconds(2));
  assert.deepEqual(seen, ['1']);
  assert.equal(peer.transport.key, socketAddress('192.0.2.88', 4712).key);
});

test('while a confirmable notification waits for its ACK the newest takes its place, sealed anew', async () => {
  const world = new World();
  const { seen, notify } = await observing(world);
  let lost = 0;
  world.lose = (sent) => notifications(sent) && lost++ === 0;
  notify();
  notify();
  notify();
  await world.time.advance(seconds(10));
  assert.deepEqual(seen, ['3']);
  const headers = world.headers(serverAddress).slice(1);
  assert.equal(new Set(headers).size, headers.length, 'no number twice');
});

test('a confirmable notification that was opened is acknowledged once the work of its listener is over', async () => {
  const world = new World();
  const work = Promise.withResolvers<void>();
  const { observers, seen } = await observing(world, true, work.promise);
  const acknowledgements = () =>
    world.sent.filter(({ from, message }) => from === clientAddress.host && message.type === MessageType.ACK);
  observers[0]!.notify({ code: Code.Content, contentFormat: 0, payload: text('1') }, { confirmable: true });
  await world.time.advance(seconds(1));
  assert.deepEqual([seen, acknowledgements().length], [['1'], 0]);
  work.resolve();
  await world.time.advance(seconds(1));
  assert.equal(acknowledgements().length, 1);
});
