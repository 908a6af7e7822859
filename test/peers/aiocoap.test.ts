/** aiocoap's client (Python) against our server: block-wise, observe and discovery by an implementation that shares no code with libcoap. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Code, createCoapEndpoint, type DatagramCoapEndpoint, ResourceTree } from '@yaolian/coap';
import { encodeUtf8 } from '@yaolian/kernel';
import { nodeClock, nodeRandom, nodeTimers, openUdpPort } from '@yaolian/node-runtime';
import { run, start } from './support/processes.ts';

const client = join(import.meta.dirname, '.venv/bin/aiocoap-client');
const python = join(import.meta.dirname, '.venv/bin/python');
let ours: DatagramCoapEndpoint;
let uri: string;
let stored = encodeUtf8('');
let count = 0;

before(async () => {
  const port = await openUdpPort({ host: '127.0.0.1', port: 0 });
  ours = createCoapEndpoint({ port, clock: nodeClock, timers: nodeTimers, random: nodeRandom });
  uri = `coap://127.0.0.1:${port.localAddress.port}`;
  const tree = new ResourceTree();
  tree.add('/store', {
    get: () => ({ code: Code.Content, contentFormat: 0, payload: stored }),
    put: (request) => {
      stored = request.payload;
      return { code: Code.Changed };
    },
    fetch: (request) => ({ code: Code.Content, contentFormat: 0, payload: request.payload }),
  });
  const observed = tree.add('/count', {
    obs: true,
    get: () => ({
      code: Code.Content,
      contentFormat: 0,
      payload: encodeUtf8(`count ${count}`.padEnd(2500, '.')),
    }),
  });
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

test('aiocoap uploads and downloads 20,000 bytes in blocks', async () => {
  const text = Array.from({ length: 2500 }, (_, index) => `${index}`.padStart(7, '0')).join(' ');
  await run(client, ['-m', 'PUT', '--payload', text, `${uri}/store`]);
  assert.equal(new TextDecoder().decode(stored), text);
  assert.equal((await run(client, [`${uri}/store`])).output.trim(), text);
});

test('aiocoap fetches, with the request body in blocks too', async () => {
  const text = 'a fetch '.repeat(400).trim();
  assert.equal((await run(client, ['-m', 'FETCH', '--payload', text, `${uri}/store`])).output.trim(), text);
});

test('aiocoap observes a resource whose notifications need several blocks', async (t) => {
  const observer = start(t, python, [join(import.meta.dirname, 'aiocoap-observe.py'), `${uri}/count`]);
  await observer.line(/count 0\.+/);
  for (let expected = 1; expected <= 3; expected++) {
    await run(client, ['-m', 'POST', `${uri}/bump`]);
    await observer.line(new RegExp(`count ${expected}\\.+`));
  }
});
