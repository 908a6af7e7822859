/** OSCORE with aiocoap (Python) and Californium (Java), in both directions. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { Code } from '@yaolian/coap';
import { decodeHex, decodeUtf8, encodeUtf8, seconds, socketAddress } from '@yaolian/kernel';
import { OscoreAead, type OscoreCredentials, VolatileOscoreStates } from '@yaolian/oscore';
import { until } from '@yaolian/testkit';
import { aiocoapContexts, credentials, openEndpoint, openServer } from './support/oscore.ts';
import { freeUdpPort, type Peer, start } from './support/processes.ts';

const python = join(import.meta.dirname, '.venv/bin/python');
const script = join(import.meta.dirname, 'aiocoap-oscore.py');

async function aiocoap(t: TestContext, role: 'client' | 'server', where: string, contexts: string) {
  const peer = start(t, python, [script, role, where, contexts]);
  await peer.line(/^READY/);
  return peer;
}

const target = join(import.meta.dirname, 'leshan/target');
const classPath = `${join(target, 'classes')}:${join(target, 'dependency')}/*`;

async function californium(
  t: TestContext,
  role: 'client' | 'server',
  port: number,
  algorithm: string,
  idContext = '-',
  ...more: string[]
) {
  const peer = start(t, 'java', [
    '-cp',
    classPath,
    'CaliforniumOscore',
    role,
    `${port}`,
    algorithm,
    idContext,
    ...more,
  ]);
  await peer.line(/^READY/);
  return peer;
}

/** What any client of a server of ours does. */
async function askOurServer(client: Peer, server: Awaited<ReturnType<typeof openServer>>): Promise<void> {
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
}

async function observeOurServer(client: Peer, server: Awaited<ReturnType<typeof openServer>>): Promise<void> {
  client.process.stdin.write('observe /count\n');
  await client.line(/^SEEN count 0/);
  for (let expected = 1; expected <= 3; expected++) {
    server.bump();
    await client.line(new RegExp(`^SEEN count ${expected}`));
  }
}

/** What a client of ours does with any server. */
async function askTheirServer(t: TestContext, port: number, own: OscoreCredentials): Promise<void> {
  const { endpoint, oscore } = await openEndpoint(t);
  const address = socketAddress('127.0.0.1', port);
  const peer = await oscore.open(own, address);
  const timeout = seconds(20);
  const get = async (path: string) => endpoint.request(peer, { method: Code.GET, path }, { timeout });
  assert.equal(decodeUtf8((await get('/time')).payload), 'noon');
  assert.equal((await get('/nowhere')).code, Code.NotFound);
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
  // Californium leaves who asks without protection waiting.
  const unprotected = endpoint.request(address, { method: Code.GET, path: '/time' }, { timeout: seconds(2) });
  assert.notEqual(
    await unprotected.then(
      ({ code }) => code,
      () => 'silence',
    ),
    Code.Content,
  );
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
    await askOurServer(client, server);
    await observeOurServer(client, server);
  });

  test(`our client asks aiocoap's server: ${algorithm}`, async (t) => {
    const port = await freeUdpPort();
    await aiocoap(t, 'server', `${port}`, aiocoapContexts(t, own, algorithm));
    await askTheirServer(t, port, own);
  });
}

test("aiocoap's server that was started again asks our client for proof of freshness, and gets it", async (t) => {
  const port = await freeUdpPort();
  const contexts = aiocoapContexts(t);
  const { endpoint, oscore } = await openEndpoint(t);
  const peer = await oscore.open(credentials, socketAddress('127.0.0.1', port));
  for (let run = 0; run < 2; run++) {
    const server = await aiocoap(t, 'server', `${port}`, contexts);
    const answer = await endpoint.request(peer, { method: Code.GET, path: '/time' }, { timeout: seconds(20) });
    assert.equal(decodeUtf8(answer.payload), 'noon');
    const ended = once(server.process, 'exit');
    server.process.kill('SIGKILL');
    await ended;
  }
});

test('our server that crashed asks aiocoap for proof of freshness, and gets it', async (t) => {
  const store = new VolatileOscoreStates();
  const before = await openServer(t, credentials, store);
  const client = await aiocoap(t, 'client', before.uri, aiocoapContexts(t));
  const ask = async () => {
    client.process.stdin.write('get /time\n');
    await client.line(/^ANSWER 2\.05 noon/);
  };
  await ask();
  await before.endpoint.close();
  // Without an end of its contexts: the next one knows the sequence numbers, and nothing of the replay window.
  await openServer(t, credentials, store, Number(new URL(before.uri).port));
  await ask();
});

for (const [algorithm, idContext, more] of [
  ['AES_CCM_16_64_128', undefined, {}],
  ['AES_CCM_16_64_128', '37cbf3210017a2d3', {}],
] as const) {
  const own = { ...credentials, ...more, ...(idContext && { idContext: decodeHex(idContext)! }) };
  const title = `${algorithm}, ID Context ${idContext ?? 'none'}`;

  // It takes notifications for old whose Inner Observe is empty, as RFC 8613 §4.1.3.5.2 has it: all but the first.
  test(`Californium asks our server: ${title}`, async (t) => {
    const server = await openServer(t, own);
    await askOurServer(await californium(t, 'client', Number(new URL(server.uri).port), algorithm, idContext), server);
  });

  test(`our client asks Californium's server: ${title}`, async (t) => {
    const port = await freeUdpPort();
    await californium(t, 'server', port, algorithm, idContext);
    await askTheirServer(t, port, own);
  });
}

const rederiving = { ...credentials, idContext: decodeHex('37cbf3210017a2d3')!, rederives: true };

test('RFC 8613 Appendix B.2: a server of ours without state makes a new context with Californium', async (t) => {
  const store = new VolatileOscoreStates();
  const server = await openServer(t, rederiving, store);
  const port = Number(new URL(server.uri).port);
  const client = await californium(t, 'client', port, 'AES_CCM_16_64_128', '37cbf3210017a2d3', 'rederive');
  // It hands the answer that offers a new context to whoever asked; its next request proposes one.
  client.process.stdin.write('get /time\n');
  await client.line(/^ANSWER 4\.01/);
  await askOurServer(client, server);
});

test("RFC 8613 Appendix B.2: our client that lost its state makes a new context with Californium's server", async (t) => {
  const port = await freeUdpPort();
  await californium(t, 'server', port, 'AES_CCM_16_64_128', '37cbf3210017a2d3', 'rederive');
  await askTheirServer(t, port, rederiving);
  // Once more, with nothing kept.
  const { endpoint, oscore } = await openEndpoint(t);
  const peer = await oscore.open(rederiving, socketAddress('127.0.0.1', port));
  for (let request = 0; request < 3; request++) {
    const answer = await endpoint.request(peer, { method: Code.GET, path: '/time' }, { timeout: seconds(20) });
    assert.equal(decodeUtf8(answer.payload), 'noon');
  }
});
