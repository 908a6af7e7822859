import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeHex, seconds } from '@yaolian/kernel';
import { createStreamWorld } from '../test/stream-world.ts';
import { createWorld, LockstepPeer, serverHost } from '../test/world.ts';
import { Code } from './codes.ts';
import { decodeMessage, MessageType } from './message.ts';
import type { MessageTap, TapSlot } from './message-tap.ts';

const typeNames = ['CON', 'NON', 'ACK', 'RST'];

/** A tap that writes one line for each thing that it hears. */
function listeningTap(heard: string[]): MessageTap {
  const describe = (bytes: Uint8Array) => {
    const decoded = decodeMessage(bytes);
    if (!decoded.ok) return decoded.error.reason;
    const { type, code } = decoded.value;
    return `${typeNames[type]} ${code >> 5}.${String(code & 31).padStart(2, '0')}`;
  };
  return {
    onReceived: (bytes) => heard.push(`< ${describe(bytes)}`),
    onJudged: (verdict) => heard.push(`  ${verdict}`),
    onSent: (bytes, _, cause) => heard.push(`> ${describe(bytes)} ${cause}`),
    onEvent: (event) => heard.push(`! ${event}`),
  };
}

test('a tap sees messages, duplicates and what is dropped, in order', async () => {
  const heard: string[] = [];
  const world = createWorld({ server: { tap: { current: listeningTap(heard) } } });
  world.server.handle(() => ({ code: Code.Content }));
  const peer = new LockstepPeer(world, '192.0.2.9', world.serverPeer);
  peer.send({ code: Code.GET, messageId: 7 });
  await peer.receive();
  peer.send({ code: Code.GET, messageId: 7 });
  await peer.receive();
  peer.send({ type: MessageType.ACK, messageId: 99 });
  peer.sendBytes(Uint8Array.of(0x40, 1));
  await peer.silence();
  assert.deepEqual(heard, [
    '< CON 0.01',
    '> ACK 2.05 first',
    '< CON 0.01',
    '  duplicate',
    '> ACK 2.05 repeated answer',
    '< ACK 0.00',
    '  unexpected acknowledgement',
    '< too short',
    '  too short',
  ]);
});

test('a tap sees retransmissions, what waits behind them, and when they are given up', async () => {
  const heard: string[] = [];
  const world = createWorld({ client: { tap: { current: listeningTap(heard) } }, watch: () => 'drop' });
  const failed = world.client.request(world.serverPeer, { method: Code.GET }).catch(() => undefined);
  const second = world.client.request(world.serverPeer, { method: Code.GET }).catch(() => undefined);
  await world.time.advance(seconds(100));
  await failed;
  assert.deepEqual(heard.slice(0, 6), [
    '> CON 0.01 first',
    '! a message waits behind another',
    ...Array.from({ length: 4 }, () => '> CON 0.01 retransmission'),
  ]);
  assert.match(heard[6]!, /^! gave up: message \d+ was sent 5 times and nobody acknowledged it$/);
  await world.client.close();
  await second;
});

test('a tap can be put in and taken out while the endpoint works', async () => {
  const heard: string[] = [];
  const slot: TapSlot = { current: undefined };
  const world = createWorld({ server: { tap: slot } });
  world.server.handle(() => ({ code: Code.Content }));
  const ask = async () => {
    const answer = world.client.request(world.serverPeer, { method: Code.GET });
    await world.time.advance(seconds(1));
    await answer;
  };
  await ask();
  slot.current = listeningTap(heard);
  await ask();
  slot.current = undefined;
  await ask();
  assert.deepEqual(heard, ['< CON 0.01', '> ACK 2.05 first']);
  assert.equal(world.serverPeer.address.host, serverHost);
});

for (const transport of ['tcp', 'ws'] as const) {
  test(`a tap on ${transport} sees messages with the framing of RFC 8323, and when connections begin and end`, async () => {
    const heard: string[] = [];
    const tap: MessageTap = {
      onReceived: (bytes) => heard.push(`< ${encodeHex(bytes)}`),
      onJudged: (verdict) => heard.push(`  ${verdict}`),
      onSent: (bytes) => heard.push(`> ${encodeHex(bytes)}`),
      onEvent: (event) => heard.push(`! ${event}`),
    };
    const world = createStreamWorld({ transport, server: { tap: { current: tap } } });
    world.server.handle(() => ({ code: Code.Content, payload: Uint8Array.of(1, 2, 3) }));
    const answer = world.client.request(world.serverPeer, { method: Code.GET });
    await world.time.until(answer, seconds(5));
    await world.time.until(world.client.close(), seconds(10));
    await world.time.advance(seconds(10));
    const isWebSocket = transport === 'ws';
    assert.equal(heard[0], '! a connection was opened');
    assert.match(heard[1]!, isWebSocket ? /^> 00e1/ : /^> .0e1/);
    assert.ok(
      heard.some((line) => /^< 0[1-8]01/.test(line)),
      heard.join('\n'),
    );
    assert.ok(heard.some((line) => (isWebSocket ? /^> 0[1-8]45.*ff010203$/ : /^> 4[1-8]45.*ff010203$/).test(line)));
    assert.match(heard.at(-1)!, /^! the connection ended: /);
  });
}
