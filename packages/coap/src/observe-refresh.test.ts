import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeUtf8, seconds } from '@yaolian/kernel';
import { createWorld, LockstepPeer, peerOf, text } from '../test/world.ts';
import { Code } from './codes.ts';
import type { IncomingResponse } from './exchange.ts';
import { MessageType } from './message.ts';
import { uintOption } from './option-values.ts';
import { OptionNumber } from './options.ts';

const textOf = (response: IncomingResponse) => decodeUtf8(response.payload)!;

test('a notification that crosses a refresh is told, and not taken for its answer', async () => {
  const world = createWorld();
  const server = new LockstepPeer(world, '192.0.2.9', world.clientPeer);
  const seen: string[] = [];
  const token = Uint8Array.of(1, 2);
  const observation = world.client.restoreObservation(
    peerOf('192.0.2.9'),
    { token, request: { method: Code.GET, path: 'x' } },
    { onNotification: (response) => void seen.push(textOf(response)) },
  );
  const refreshed = observation.refresh();
  const lost = await server.receive();
  const options = (sequence: number) => [uintOption(OptionNumber.Observe, sequence)];
  server.send({
    type: MessageType.NON,
    code: Code.Content,
    token,
    messageId: 7,
    options: options(5),
    payload: text('old'),
  });
  const again = await server.receive();
  assert.deepEqual([again.type, again.code, again.messageId], [MessageType.CON, Code.GET, lost.messageId]);
  const { messageId } = again;
  server.send({
    type: MessageType.ACK,
    code: Code.Content,
    token,
    messageId,
    options: options(6),
    payload: text('new'),
  });
  assert.equal(textOf(await world.time.until(refreshed, seconds(5))), 'new');
  assert.deepEqual(seen, ['old']);
  assert.ok(observation.active);
});

/** A refresh whose request arrived and is not acknowledged yet, and what the listener was told. */
async function refreshing() {
  const world = createWorld();
  const server = new LockstepPeer(world, '192.0.2.9', world.clientPeer);
  const told: string[] = [];
  const token = Uint8Array.of(1, 2);
  const observation = world.client.restoreObservation(
    peerOf('192.0.2.9'),
    { token, request: { method: Code.GET, path: 'x' } },
    {
      onNotification: (response) => void told.push(textOf(response)),
      onEnded: (reason) => void told.push(reason),
    },
  );
  const refreshed = observation.refresh();
  const { messageId } = await server.receive();
  return { world, server, told, token, observation, refreshed, messageId };
}

test('a separate answer to a refresh that overtakes its ACK is the answer once the ACK came (RFC 7252 §5.2.2)', async () => {
  const { world, server, told, token, observation, refreshed, messageId } = await refreshing();
  const options = [uintOption(OptionNumber.Observe, 5)];
  server.send({ type: MessageType.CON, code: Code.Content, token, messageId: 7, options, payload: text('new') });
  assert.equal((await server.receive()).type, MessageType.ACK);
  server.send({ type: MessageType.ACK, code: Code.Empty, messageId });
  assert.equal(textOf(await world.time.until(refreshed, seconds(1))), 'new');
  assert.deepEqual(told, ['new']);
  assert.ok(observation.active);
});

for (const [name, code, isOver] of [
  ['an error', Code.NotFound, 'the peer answered 4.04 NotFound'],
  ['without Observe', Code.Content, 'the peer answered 2.05 Content'],
] as const) {
  test(`a separate answer to a refresh before its ACK, ${name}, is the answer at once (RFC 7252 §5.2.2)`, async () => {
    const { world, server, told, token, observation, refreshed, messageId } = await refreshing();
    server.send({ type: MessageType.NON, code, token, messageId: 7 });
    assert.equal((await world.time.until(refreshed, seconds(1))).code, code);
    assert.deepEqual(told, [isOver]);
    assert.ok(!observation.active);
    // Nothing is sent again, and the ACK that comes late is no surprise.
    server.send({ type: MessageType.ACK, code: Code.Empty, messageId });
    await server.silence(seconds(60));
  });
}

test('a refusal that follows a notification and the ACK of a refresh ends the observation', async () => {
  const { world, server, told, token, observation, refreshed, messageId } = await refreshing();
  const options = [uintOption(OptionNumber.Observe, 5)];
  server.send({ type: MessageType.NON, code: Code.Content, token, messageId: 7, options, payload: text('old') });
  server.send({ type: MessageType.ACK, code: Code.Empty, messageId });
  assert.equal(textOf(await world.time.until(refreshed, seconds(1))), 'old');
  server.send({ type: MessageType.NON, code: Code.NotFound, token, messageId: 8 });
  await world.time.advance(seconds(1));
  assert.deepEqual(told, ['old', 'the peer answered 4.04 NotFound']);
  assert.ok(!observation.active);
});
