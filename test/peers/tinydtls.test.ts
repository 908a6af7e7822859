/** tinydtls, under aiocoap: its client against our server, and our client against its. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { Code, createCoapEndpoint } from '@yaolian/coap';
import { decodeUtf8, encodeUtf8, seconds, socketAddress } from '@yaolian/kernel';
import { key, openClient, openServer, runtime } from './support/dtls.ts';
import { freeUdpPort, run, start } from './support/processes.ts';
import { UdpRelay } from './support/udp-relay.ts';

const python = join(import.meta.dirname, '.venv/bin');

function credentials(t: TestContext, content: unknown): string {
  const temporary = mkdtempSync(join(tmpdir(), 'yaolian-dtls-'));
  t.after(() => rmSync(temporary, { recursive: true }));
  const file = join(temporary, 'credentials.json');
  writeFileSync(file, JSON.stringify(content));
  return file;
}

for (const weather of [{}, { duplication: 0.3, reordering: 0.2 }]) {
  test(`tinydtls's client with a pre-shared key, through ${JSON.stringify(weather)}`, async (t) => {
    const { port, opened } = await openServer(t, {}, true);
    const relay = await UdpRelay.open(t, port, weather);
    const uri = `coaps://127.0.0.1:${relay.port}`;
    const proof = { dtls: { psk: { ascii: '0123456789abcdef' }, 'client-identity': { ascii: 'me' } } };
    const file = credentials(t, { [`${uri}/*`]: proof });
    const asked = await run(join(python, 'aiocoap-client'), ['--credentials', file, `${uri}/x`], 20);
    assert.equal(asked.output.trim(), 'hello psk', asked.errors);
    assert.equal(opened[0]?.suite.name, 'TLS_PSK_WITH_AES_128_CCM_8');
  });
}

test('our client asks a server on tinydtls', async (t) => {
  const port = await freeUdpPort();
  const file = credentials(t, {
    ':client': { dtls: { psk: { ascii: '0123456789abcdef' }, 'client-identity': { ascii: 'me' } } },
  });
  const program = join(import.meta.dirname, 'tinydtls-server.py');
  await start(t, join(python, 'python'), [program, `${port}`, file]).line(/^READY/);
  const client = await openClient(t, { psk: { identity: encodeUtf8('me'), key } });
  const endpoint = createCoapEndpoint({ port: client, ...runtime });
  const peer = socketAddress('127.0.0.1', port);
  const response = await endpoint.request(peer, { method: Code.GET, path: '/hello' }, { timeout: seconds(10) });
  assert.equal(decodeUtf8(response.payload), 'hello');
  assert.equal(client.session(peer)?.suite.name, 'TLS_PSK_WITH_AES_128_CCM_8');
});
