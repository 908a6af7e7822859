/** libcoap 4.3's client against our server, and our client against libcoap's server. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Code, ContentFormat, createCoapEndpoint, type DatagramCoapEndpoint, ResourceTree } from '@yaolian/coap';
import { decodeUtf8, encodeUtf8, seconds, socketAddress } from '@yaolian/kernel';
import { nodeClock, nodeRandom, nodeTimers, openUdpPort } from '@yaolian/node-runtime';
import { until } from '@yaolian/testkit';
import { freeUdpPort, run, start } from './support/processes.ts';

const client = 'coap-client-notls';
const server = 'coap-server-notls';
const runtime = { clock: nodeClock, timers: nodeTimers, random: nodeRandom };

async function openEndpoint(): Promise<{ endpoint: DatagramCoapEndpoint; port: number }> {
  const port = await openUdpPort({ host: '127.0.0.1', port: 0 });
  return { endpoint: createCoapEndpoint({ port, ...runtime }), port: port.localAddress.port };
}

/** The bytes 0..255 over and over, so that a block in the wrong place shows. */
function pattern(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => (index * 31 + (index >> 8)) & 0xff);
}

let ours: DatagramCoapEndpoint;
let uri: string;
let stored = encodeUtf8('nothing yet');
const counter = { value: 0 };

before(async () => {
  const { endpoint, port } = await openEndpoint();
  ours = endpoint;
  uri = `coap://127.0.0.1:${port}`;
  const tree = new ResourceTree();
  tree.add('/time', {
    rt: 'clock',
    ct: 0,
    get: () => ({ code: Code.Content, contentFormat: 0, payload: encodeUtf8('noon') }),
  });
  tree.add('/slow', {
    get: async () => {
      await new Promise((resolve) => setTimeout(resolve, 400));
      return { code: Code.Content, contentFormat: 0, payload: encodeUtf8('at last') };
    },
  });
  tree.add('/store', {
    ct: ContentFormat.OctetStream,
    get: () => ({ code: Code.Content, contentFormat: ContentFormat.OctetStream, payload: stored }),
    put: (request) => {
      stored = request.payload;
      return { code: Code.Changed };
    },
    post: (request) => ({ code: Code.Created, locationPath: ['store', '1;2'], payload: request.payload }),
    delete: () => ({ code: Code.Deleted }),
  });
  const observed = tree.add('/count', {
    obs: true,
    get: () => ({ code: Code.Content, contentFormat: 0, payload: encodeUtf8(`count ${counter.value}`) }),
  });
  tree.add('/bump', {
    post: () => {
      counter.value++;
      observed.changed();
      return { code: Code.Changed };
    },
  });
  endpoint.handle(tree.handle);
});

after(() => ours.close());

test('libcoap reads from our server, piggybacked, separate and non-confirmable', async () => {
  assert.equal((await run(client, ['-m', 'get', `${uri}/time`])).output.trim(), 'noon');
  assert.equal((await run(client, ['-m', 'get', `${uri}/slow`])).output.trim(), 'at last');
  assert.equal((await run(client, ['-N', '-m', 'get', `${uri}/time`])).output.trim(), 'noon');
});

test('libcoap discovers our resources, filtered', async () => {
  const { output } = await run(client, ['-m', 'get', `${uri}/.well-known/core?rt=clock`]);
  assert.equal(output.trim(), '</time>;rt=clock;ct=0'.replace('rt=clock', 'rt="clock"'));
});

test('libcoap sees our refusals', async () => {
  const missing = await run(client, ['-m', 'get', `${uri}/nowhere`]);
  assert.match(missing.errors + missing.output, /4\.04/);
  const wrongMethod = await run(client, ['-m', 'put', '-e', 'x', `${uri}/time`]);
  assert.match(wrongMethod.errors + wrongMethod.output, /4\.05/);
  const critical = await run(client, ['-m', 'get', '-O', '65001,0x01', `${uri}/time`]);
  assert.match(critical.errors + critical.output, /4\.02/);
});

test('libcoap uploads 40,000 bytes in blocks and downloads them again, in several block sizes', async (t) => {
  const { mkdtempSync, readFileSync, rmSync, writeFileSync } = await import('node:fs');
  const { join } = await import('node:path');
  const { tmpdir } = await import('node:os');
  const folder = mkdtempSync(join(tmpdir(), 'yaolian-blocks-'));
  t.after(() => rmSync(folder, { recursive: true }));
  for (const [size, length] of [
    [1024, 40_000],
    [256, 5000],
    [16, 500],
  ] as const) {
    const sent = pattern(length);
    writeFileSync(join(folder, 'sent'), sent);
    await run(client, ['-m', 'put', '-b', `${size}`, '-f', join(folder, 'sent'), `${uri}/store`]);
    assert.deepEqual(new Uint8Array(stored), sent, `upload in blocks of ${size}`);
    await run(client, ['-m', 'get', '-b', `${size}`, '-o', join(folder, 'received'), `${uri}/store`]);
    assert.deepEqual(new Uint8Array(readFileSync(join(folder, 'received'))), sent, `download in blocks of ${size}`);
  }
});

test('libcoap observes our resource', async (t) => {
  const observer = start(t, client, ['-w', '-s', '5', '-m', 'get', `${uri}/count`]);
  await observer.line(/^count 0$/);
  for (let expected = 1; expected <= 3; expected++) {
    await run(client, ['-m', 'post', `${uri}/bump`]);
    await observer.line(new RegExp(`^count ${expected}$`));
  }
});

async function libcoapServer(t: Parameters<typeof start>[0], parameters: string[] = []) {
  const port = await freeUdpPort();
  start(t, server, ['-A', '127.0.0.1', '-p', `${port}`, '-d', '10', ...parameters]);
  const { endpoint } = await openEndpoint();
  t.after(() => endpoint.close());
  const peer = socketAddress('127.0.0.1', port);
  const answers = () =>
    endpoint.ping(peer, { timeout: seconds(1) }).then(
      () => true,
      () => false,
    );
  await until(answers, `an answer of ${peer.key}`);
  return { endpoint, peer };
}

test('our client reads, writes, creates and deletes on libcoap', async (t) => {
  const { endpoint, peer } = await libcoapServer(t);
  const time = await endpoint.request(peer, { method: Code.GET, path: '/time', query: ['ticks'] });
  assert.equal(time.code, Code.Content);
  assert.match(decodeUtf8(time.payload)!, /^\d+/);
  const large = pattern(3000);
  const put = await endpoint.request(peer, { method: Code.PUT, path: '/made', payload: large, contentFormat: 42 });
  assert.equal(put.code, Code.Created);
  const got = await endpoint.request(peer, { method: Code.GET, path: '/made' });
  assert.deepEqual(new Uint8Array(got.payload), large);
  assert.equal((await endpoint.request(peer, { method: Code.DELETE, path: '/made' })).code, Code.Deleted);
  assert.equal((await endpoint.request(peer, { method: Code.GET, path: '/made' })).code, Code.NotFound);
});

test('our client waits for a separate response of libcoap', async (t) => {
  const { endpoint, peer } = await libcoapServer(t);
  const response = await endpoint.request(peer, { method: Code.GET, path: '/async', query: ['1'] });
  assert.equal(response.code, Code.Content);
});

test('our client observes libcoap and cancels', async (t) => {
  const { endpoint, peer } = await libcoapServer(t);
  const notifications: string[] = [];
  let came: () => void = () => {};
  const { observation } = await endpoint.observe(
    peer,
    { method: Code.GET, path: '/time' },
    {
      onNotification: (response) => {
        notifications.push(decodeUtf8(response.payload)!);
        if (notifications.length === 3) came();
      },
    },
  );
  assert.ok(observation);
  await new Promise<void>((resolve) => {
    came = resolve;
  });
  assert.equal(new Set(notifications).size, 3, notifications.join(' | '));
  assert.equal((await observation.cancel()).code, Code.Content);
  assert.equal(observation.active, false);
});

test('both get through when libcoap loses 30 % of what it sends', async (t) => {
  const { endpoint, peer } = await libcoapServer(t, ['-l', '30%']);
  for (let i = 0; i < 5; i++) {
    const response = await endpoint.request(peer, { method: Code.GET, path: '/time' });
    assert.equal(response.code, Code.Content);
  }
  for (let i = 0; i < 3; i++) {
    const { output } = await run(client, ['-l', '30%', '-m', 'get', `${uri}/time`], 120);
    assert.equal(output.trim(), 'noon');
  }
});
