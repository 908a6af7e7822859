/** CoAP over TCP (RFC 8323) with libcoap 4.3 and aiocoap: their clients against our server, our client against their servers. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import { Code, createStreamCoapEndpoint, ResourceTree, type StreamCoapEndpoint } from '@yaolian/coap';
import { decodeUtf8, encodeUtf8, milliseconds, type Peer, socketAddress } from '@yaolian/kernel';
import { listenTcp, nodeClock, nodeRandom, nodeTimers, tcpConnector } from '@yaolian/node-runtime';
import { until } from '@yaolian/testkit';
import { freeTcpPort, run, start } from './support/processes.ts';

const runtime = { clock: nodeClock, timers: nodeTimers, random: nodeRandom };
const libcoap = 'coap-client-notls';
const aiocoap = join(import.meta.dirname, '.venv/bin/aiocoap-client');
const python = join(import.meta.dirname, '.venv/bin/python');

let ours: StreamCoapEndpoint;
let uri: string;
let stored = encodeUtf8('');
let count = 0;

before(async () => {
  const listener = await listenTcp({ host: '127.0.0.1', port: 0 });
  ours = createStreamCoapEndpoint({ ...runtime, listener });
  uri = `coap+tcp://127.0.0.1:${listener.localAddress.port}`;
  const tree = new ResourceTree();
  const text = (payload: string) => ({ code: Code.Content, contentFormat: 0, payload: encodeUtf8(payload) });
  tree.add('/time', { rt: 'clock', ct: 0, get: () => text('noon') });
  tree.add('/store', {
    get: () => ({ code: Code.Content, contentFormat: 42, payload: stored }),
    put: (request) => {
      stored = request.payload.slice();
      return { code: Code.Changed };
    },
  });
  const observed = tree.add('/count', { obs: true, get: () => text(`count ${count}`) });
  tree.add('/bump', {
    post: () => {
      count++;
      observed.changed();
      return { code: Code.Changed };
    },
  });
  ours.handle(tree.handle);
});

after(() => ours.close());

/** Our client, with a peer that answers. */
async function connected(t: TestContext, port: number): Promise<{ endpoint: StreamCoapEndpoint; peer: Peer }> {
  const endpoint = createStreamCoapEndpoint({ ...runtime, connector: tcpConnector() });
  t.after(() => endpoint.close());
  const peer = socketAddress('127.0.0.1', port);
  const answers = () =>
    endpoint.ping(peer).then(
      () => true,
      () => false,
    );
  await until(answers, `an answer of ${peer.key}`, { interval: milliseconds(250) });
  return { endpoint, peer };
}

const servers = {
  libcoap: (t: TestContext, port: number) => {
    start(t, 'coap-server-notls', ['-A', '127.0.0.1', '-p', `${port}`, '-d', '10']);
    return Promise.resolve();
  },
  aiocoap: async (t: TestContext, port: number) => {
    await start(t, python, [join(import.meta.dirname, 'aiocoap-server.py'), `${port}`]).line(/ready/);
  },
} as const;

test('libcoap reads, is refused, discovers and writes 40,000 bytes over TCP', async () => {
  assert.equal((await run(libcoap, ['-m', 'get', `${uri}/time`])).output.trim(), 'noon');
  const missing = await run(libcoap, ['-m', 'get', `${uri}/nowhere`]);
  assert.match(missing.errors + missing.output, /4\.04/);
  const links = await run(libcoap, ['-m', 'get', `${uri}/.well-known/core?rt=clock`]);
  assert.equal(links.output.trim(), '</time>;rt="clock";ct=0');
  const text = 'over a stream '.repeat(3000).slice(0, 40_000);
  await run(libcoap, ['-m', 'put', '-b', '1024', '-e', text, `${uri}/store`]);
  assert.equal(decodeUtf8(stored), text);
  assert.equal((await run(libcoap, ['-m', 'get', `${uri}/store`])).output.trim(), text.trim());
});

test('libcoap observes over TCP', async (t) => {
  const observer = start(t, libcoap, ['-w', '-s', '5', '-m', 'get', `${uri}/count`]);
  await observer.line(new RegExp(`^count ${count}$`));
  for (let i = 0; i < 3; i++) {
    await run(libcoap, ['-m', 'post', `${uri}/bump`]);
    await observer.line(new RegExp(`^count ${count}$`));
  }
});

test('aiocoap reads, writes 20,000 bytes and observes over TCP', async (t) => {
  assert.equal((await run(aiocoap, [`${uri}/time`])).output.trim(), 'noon');
  const text = Array.from({ length: 2500 }, (_, index) => `${index}`.padStart(7, '0')).join(' ');
  await run(aiocoap, ['-m', 'PUT', '--payload', text, `${uri}/store`]);
  assert.equal(decodeUtf8(stored), text);
  assert.equal((await run(aiocoap, [`${uri}/store`])).output.trim(), text);
  const observer = start(t, python, [join(import.meta.dirname, 'aiocoap-observe.py'), `${uri}/count`]);
  await observer.line(new RegExp(`count ${count}`));
  await run(aiocoap, ['-m', 'POST', `${uri}/bump`]);
  await observer.line(new RegExp(`count ${count}`));
});

for (const [name, serve] of Object.entries(servers)) {
  test(`our client reads, writes and observes on ${name}'s server over TCP`, async (t) => {
    const port = await freeTcpPort();
    await serve(t, port);
    const { endpoint, peer } = await connected(t, port);
    const time = await endpoint.request(peer, { method: Code.GET, path: '/time' });
    assert.equal(time.code, Code.Content);
    assert.ok(time.payload.length > 0);
    const large = Uint8Array.from({ length: 6000 }, (_, i) => (i * 31 + (i >> 8)) & 0xff);
    const path = name === 'libcoap' ? '/made' : '/store';
    const put = await endpoint.request(peer, { method: Code.PUT, path, payload: large, contentFormat: 42 });
    assert.ok(put.code === Code.Created || put.code === Code.Changed);
    const got = await endpoint.request(peer, { method: Code.GET, path });
    assert.deepEqual(new Uint8Array(got.payload), large);
    const heard: string[] = [];
    const two = Promise.withResolvers<void>();
    const onNotification = ({ payload }: { payload: Uint8Array }) => {
      heard.push(decodeUtf8(payload)!);
      if (heard.length === 2) two.resolve();
    };
    const observed = name === 'libcoap' ? '/time' : '/count';
    const { observation } = await endpoint.observe(peer, { method: Code.GET, path: observed }, { onNotification });
    assert.ok(observation);
    for (let i = 0; name === 'aiocoap' && i < 2; i++) {
      await endpoint.request(peer, { method: Code.POST, path: '/count' });
    }
    await two.promise;
    assert.equal(new Set(heard).size, 2);
    assert.equal((await observation.cancel()).code, Code.Content);
    assert.equal((await endpoint.request(peer, { method: Code.GET, path: '/nowhere' })).code, Code.NotFound);
    assert.equal(endpoint.connections, 1);
  });
}
