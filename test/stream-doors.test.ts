/** The doors of terminals on TCP: how many may stand in them. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { test } from 'node:test';
import { openPlatform, type TestPlatform } from './support/platform.ts';

function addressOf({ platform }: TestPlatform, scheme: string) {
  const { url } = platform.listening.find((one) => one.url.startsWith(`${scheme}://`))!;
  return { host: '127.0.0.1', port: Number(url.slice(url.lastIndexOf(':') + 1)) };
}

test('no more than coap.max-tls-handshakes connections wait in the doors with TLS or WebSockets', async () => {
  await using bench = await openPlatform({
    'coap.max-tls-handshakes': 1,
    'coap.tls': true,
    'coap.tcp': true,
    'coap.ws-port': 0,
    'coap.wss-port': 0,
  });
  for (const scheme of ['coaps+tcp', 'coaps+ws', 'coap+ws'] as const) {
    const idle = connect(addressOf(bench, scheme));
    await once(idle, 'connect');
    const second = connect(addressOf(bench, scheme)).on('error', () => {});
    await new Promise((resolve) => second.resume().once('close', resolve));
    assert.equal(idle.closed, false, scheme);
    idle.destroy();
  }
  // TCP without TLS shakes no hands.
  const wires = [1, 2, 3].map(() => connect(addressOf(bench, 'coap+tcp')));
  await Promise.all(wires.map((wire) => once(wire, 'data')));
  for (const wire of wires) wire.destroy();
});
