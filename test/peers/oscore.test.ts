/** OSCORE with aiocoap (Python), in both directions. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { Code } from '@yaolian/coap';
import { decodeHex, decodeUtf8, encodeUtf8, seconds, socketAddress } from '@yaolian/kernel';
import { OscoreAead, type OscoreCredentials } from '@yaolian/oscore';
import { until } from '@yaolian/testkit';
import { aiocoapContexts, credentials, openEndpoint, openServer } from './support/oscore.ts';
import { freeUdpPort, start } from './support/processes.ts';

const python = join(import.meta.dirname, '.venv/bin/python');
const script = join(import.meta.dirname, 'aiocoap-oscore.py');

async function aiocoap(t: TestContext, role: 'client' | 'server', where: string, contexts: string) {
  const peer = start(t, python, [script, role, where, contexts]);
  await peer.line(/^READY/);
  return peer;
}

const variants: readonly (readonly [string, Partial<OscoreCredentials>])[] = [
  ['AES-CCM-16-64-128', {}],
  ['AES-CCM-16-128-128', { aead: OscoreAead.AesCcm16_128_128, idContext: decodeHex('37cbf3210017a2d3')! }],
  ['A256GCM', { aead: OscoreAead.A256GCM }],
  ['ChaCha20/Poly1305', { aead: OscoreAead.ChaCha20Poly1305 }],
];

for (const [algorithm, more] of variants) {
  const own = { ...credentials, ...more };

  test(`aiocoap asks our server: ${algorithm}`, async (t) => {
    const server = await openServer(t, own);
    const client = await aiocoap(t, 'client', server.uri, aiocoapContexts(t, own, algorithm));
    const ask = async (command: string, answer: RegExp) => {
      client.process.stdin.write(`${command}\n`);
      await client.line(answer);
    };
    await ask('get /time', /^ANSWER 2\.05 noon/);
    await ask('get /nowhere', /^ANSWER 4\.04/);
    const text = Array.from({ length: 600 }, (_, index) => `${index}`.padStart(7, '0')).join(' ');
    await ask(`put /store ${text}`, /^ANSWER 2\.04/);
    assert.equal(server.stored(), text);
    await ask('get /store', new RegExp(`^ANSWER 2\\.05 ${text}$`));
    client.process.stdin.write('observe /count\n');
    await client.line(/^SEEN count 0/);
    for (let expected = 1; expected <= 3; expected++) {
      server.bump();
      await client.line(new RegExp(`^SEEN count ${expected}`));
    }
  });

  test(`our client asks aiocoap's server: ${algorithm}`, async (t) => {
    const port = await freeUdpPort();
    await aiocoap(t, 'server', `${port}`, aiocoapContexts(t, own, algorithm));
    const { endpoint, oscore } = await openEndpoint(t);
    const address = socketAddress('127.0.0.1', port);
    const peer = await oscore.open(own, address);
    const timeout = seconds(20);
    const get = async (path: string) => endpoint.request(peer, { method: Code.GET, path }, { timeout });
    assert.equal(decodeUtf8((await get('/time')).payload), 'noon');
    assert.equal((await get('/nowhere')).code, Code.NotFound);
    assert.equal((await endpoint.request(address, { method: Code.GET, path: '/time' })).code, Code.Unauthorized);
    const payload = encodeUtf8('0123456789'.repeat(500));
    const put = { method: Code.PUT, path: '/store', payload };
    assert.equal((await endpoint.request(peer, put, { timeout })).code, Code.Changed);
    assert.deepEqual((await get('/store')).payload, payload);
    const seen: string[] = [];
    const { observation, response } = await endpoint.observe(
      peer,
      { method: Code.GET, path: '/count' },
      { onNotification: (notification) => seen.push(decodeUtf8(notification.payload)!) },
      { timeout },
    );
    assert.equal(decodeUtf8(response.payload), 'count 0');
    for (let expected = 1; expected <= 3; expected++) {
      await endpoint.request(peer, { method: Code.POST, path: '/count' }, { timeout });
      await until(() => seen.includes(`count ${expected}`), `notification ${expected}`);
    }
    await observation!.cancel({ timeout });
  });
}
