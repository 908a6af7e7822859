import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Dissection } from '@yaolian/kernel';
import fc from 'fast-check';
import { World } from '../test/world.ts';
import { dissectDatagram } from './dissect.ts';
import type { DtlsTap } from './tap.ts';

test('a tap sees the handshake message by message, the session and its records', async () => {
  const heard: string[] = [];
  const tap: DtlsTap = {
    onReceived: (bytes) => heard.push(`< ${dissectDatagram(bytes, 6).title}`),
    onJudged: (reason) => heard.push(`  ${reason}`),
    onHeld: () => heard.push('  held'),
    onSent: (bytes) => heard.push(`> ${dissectDatagram(bytes, 0).title}`),
    onEvent: (event) => heard.push(`! ${event}`),
  };
  const world = new World({ server: { tap: { current: tap } } });
  assert.equal(await world.ask(), 'HELLO');
  await world.client.close();
  await world.time.advance(1000 as never);
  assert.deepEqual(heard.slice(0, 3), ['< ClientHello', '> HelloVerifyRequest', '< ClientHello']);
  assert.match(heard[3]!, /^> ServerHello.*ServerHelloDone$/);
  assert.ok(
    heard.some((line) => line.startsWith('! a session is open: TLS_')),
    heard.join('\n'),
  );
  assert.ok(heard.includes('> application data'), heard.join('\n'));
  assert.ok(heard.includes('< record with a Connection ID'), heard.join('\n'));
  assert.equal(heard.at(-1), '! the session is over: closed by the peer');
});

test('a tap learns why a record is dropped', () => {
  const judged: string[] = [];
  const tap: DtlsTap = {
    onReceived() {},
    onHeld() {},
    onSent() {},
    onEvent() {},
    onJudged: (reason) => judged.push(reason),
  };
  const world = new World({ server: { tap: { current: tap } } });
  const port = world.network.port('192.0.2.9', 1);
  port.send(Uint8Array.of(23, 0xfe, 0xfd, 0, 1, 0, 0, 0, 0, 0, 1, 0, 1, 7), world.server.localAddress);
  port.send(Uint8Array.of(1, 2, 3), world.server.localAddress);
  return world.time.advance(1000 as never).then(() => assert.deepEqual(judged, ['no session', 'too short']));
});

test('any bytes can be taken apart, and no range lies outside them', () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 80 }),
    fc
      .tuple(fc.integer({ min: 20, max: 27 }), fc.uint8Array({ maxLength: 60 }))
      .map(([type, rest]) => Uint8Array.of(type, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 1, 0, rest.length, ...rest)),
  );
  const check = (fields: readonly Dissection[], length: number): void => {
    for (const { start, end, fields: inner = [] } of fields) {
      assert.ok(0 <= start && start <= end && end <= length);
      check(inner, length);
    }
  };
  fc.assert(fc.property(bytes, (one) => check(dissectDatagram(one, 6).fields, one.length)));
});
