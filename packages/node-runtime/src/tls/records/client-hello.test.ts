import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { it } from 'node:test';
import { type ConnectionOptions, connect } from 'node:tls';
import fc from 'fast-check';
import { peekClientHello } from './client-hello.ts';

/** The first record of Node's client. */
async function helloOf(options: ConnectionOptions): Promise<Uint8Array> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const client = connect({ host: '127.0.0.1', port, ...options });
  client.on('error', () => {});
  const [socket] = await once(server, 'connection');
  const [bytes] = await once(socket, 'data');
  client.destroy();
  socket.destroy();
  server.close();
  return bytes as Uint8Array;
}

it('a ClientHello says what the client would like', async () => {
  const hello = peekClientHello(await helloOf({ servername: 'im.example', ALPNProtocols: ['a', 'xmpp-client'] }));
  assert.equal(hello?.offersTls13, true);
  assert.equal(hello.serverName, 'im.example');
  assert.deepEqual(hello.protocols, ['a', 'xmpp-client']);
  assert.ok(hello.suites.includes(0x1301));
});

it('TLS 1.2 alone offers no TLS 1.3, and says less', async () => {
  const hello = peekClientHello(await helloOf({ maxVersion: 'TLSv1.2' }));
  assert.equal(hello?.offersTls13, false);
  assert.equal(hello.serverName, undefined);
  assert.equal(hello.protocols, undefined);
});

it('RFC 6066 §4: a client that asks for short records is known', async () => {
  const plain = await helloOf({});
  assert.equal(peekClientHello(plain)?.limitsRecords, false);
  const asking = Buffer.concat([plain, Uint8Array.of(0, 1, 0, 1, 1)]); // max_fragment_length: 2^9
  const extensions = 5 + 4 + 34 + 1 + asking[43]! + 2 + asking.readUInt16BE(44 + asking[43]!) + 2;
  for (const at of [3, 7, extensions]) asking.writeUInt16BE(asking.readUInt16BE(at) + 5, at);
  assert.equal(peekClientHello(asking)?.limitsRecords, true);
});

it('what is no ClientHello, or is cut or changed anywhere, does no harm', async () => {
  const whole = await helloOf({ servername: 'im.example' });
  for (let length = 0; length < whole.length; length++) {
    assert.equal(peekClientHello(whole.subarray(0, length)), undefined, `${length} bytes`);
  }
  fc.assert(
    fc.property(fc.nat(whole.length - 1), fc.nat(255), (at, value) => {
      const changed = whole.slice();
      changed[at] = value;
      peekClientHello(changed);
    }),
  );
  fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => void peekClientHello(bytes)));
});
