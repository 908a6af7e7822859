/** A bootstrap of our terminal by our server in which something goes wrong at each message, one after the other. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  Code,
  ContentFormat,
  decodeMessage,
  formatCode,
  type IncomingRequest,
  type OutgoingResponse,
} from '@yaolian/coap';
import { encodeUtf8, seconds } from '@yaolian/kernel';
import type { BootstrapConfig } from '../../bootstrap/config.ts';
import { BootstrapWorld } from '../../bootstrap/testing/bootstrap-world.ts';
import { Pair, type PairOptions, reference, serverUri } from '../testing/pair.ts';
import { nameOf } from '../testing/scripted-terminal.ts';

const config: BootstrapConfig = {
  deletes: ['/0', '/1'],
  discovers: ['/'],
  reads: ['/1'],
  security: [{ instanceId: 1, uri: serverUri, shortServerId: 7 }],
  servers: [{ instanceId: 0, shortServerId: 7, lifetime: 321 }],
  discoversAfter: ['/'],
};

const bootstrapServer = '192.0.2.1:5683';

/** Begins, and tells `onMessage` of each message of the bootstrap, by number: it says whether to lose it. */
async function begin(options: PairOptions, onMessage: (number: number, what: string) => boolean) {
  const pair = await Pair.begin({ bootstrap: config, ...options });
  let count = 0;
  pair.world.network.watch(({ from, datagram }) => {
    const decoded = decodeMessage(datagram);
    assert.ok(decoded.ok);
    const { type, code } = decoded.value;
    const what = `${from.key === bootstrapServer ? 'server' : 'terminal'} ${type === 2 ? 'ACK ' : ''}${formatCode(code)}`;
    return onMessage(++count, what) ? 'drop' : undefined;
  });
  return pair;
}

/** What both sides say to each other until the terminal is registered, when nothing goes wrong. */
async function undisturbed(options: PairOptions): Promise<string[]> {
  const said: string[] = [];
  const pair = await begin(options, (_, what) => {
    said.push(what);
    return false;
  });
  await pair.until(pair.client.registered());
  assert.equal(await pair.close(), 0);
  return said.slice(0, said.indexOf('server ACK 2.01'));
}

/** The accounts that the terminal has, but for that of the Bootstrap-Server. */
const accountsOf = ({ client }: Pair): string[] =>
  [0, 1].flatMap((object) =>
    [0, 1, 2].flatMap((id) => {
      const shortServerId = client.instance(object, id)?.value(object === 0 ? 10 : 0);
      return shortServerId === undefined ? [] : [`/${object}/${id} ${shortServerId}`];
    }),
  );

const bootstrapped = ['/0/1 7', '/1/0 7'];

for (const [name, options] of [
  ['step by step', {}],
  ['by a Bootstrap-Pack', { client: { lwm2mVersion: '1.2' } }],
] as const) {
  test(`a message of a bootstrap ${name} is lost: each in its turn, and it comes to its end`, async () => {
    const messages = await undisturbed(options);
    for (let lost = 1; lost <= messages.length; lost++) {
      const pair = await begin(options, (number) => number === lost);
      await pair.until(pair.client.registered());
      assert.deepEqual(accountsOf(pair), bootstrapped, `${lost}: ${messages[lost - 1]}`);
      assert.equal(pair.server.registration(reference)!.lifetime, 321);
      assert.equal(await pair.close(), 0);
    }
  });

  test(`the network ends in the middle of a bootstrap ${name}, at each message: all or nothing, and it is tried again`, async () => {
    const messages = await undisturbed(options);
    for (let last = 1; last <= messages.length; last++) {
      let cut = true;
      const pair = await begin(options, (number) => cut && number >= last);
      const where = `${last}: ${messages[last - 1]}`;
      // Both sides give up: the terminal after 247 s of silence, and it has what it had before, or all that it was told.
      await pair.pass(260);
      const meanwhile = accountsOf(pair);
      assert.ok(meanwhile.length === 0 || meanwhile.join() === bootstrapped.join(), `${where}: ${meanwhile}`);
      await pair.pass(340);
      cut = false;
      await pair.until(pair.client.registered());
      assert.deepEqual(accountsOf(pair), bootstrapped, where);
      assert.equal(pair.server.registration(reference)!.lifetime, 321);
      assert.equal(await pair.close(), 0);
    }
  });
}

/** What the server asks of a terminal, in this order. */
const asked = ['DELETE /0', 'DELETE /1', 'GET /', 'GET /1', 'PUT /0/1', 'PUT /1/0', 'GET /', 'POST /bs'];

/** Agrees to everything. */
function agreeing({ method, path }: IncomingRequest): OutgoingResponse {
  if (method === Code.DELETE) return { code: Code.Deleted };
  if (method !== Code.GET) return { code: Code.Changed };
  return path.length === 0
    ? { code: Code.Content, contentFormat: ContentFormat.LinkFormat, payload: encodeUtf8('lwm2m="1.1",</0/0>') }
    : { code: Code.Content, contentFormat: ContentFormat.Lwm2mTlv };
}

/** Bootstraps a terminal that answers everything but the request with this number as it should. */
async function withAnswer(
  number: number,
  answer: (world: BootstrapWorld, right: OutgoingResponse) => OutgoingResponse | Promise<OutgoingResponse>,
) {
  const world = new BootstrapWorld({ config });
  const terminal = world.terminal();
  terminal.otherwise = (request) => {
    const right = agreeing(request);
    return terminal.requests.length === number ? answer(world, right) : right;
  };
  await world.until(terminal.post(['bs'], 'ep=a', ''));
  while (world.finished.length === 0) await world.settle();
  return { world, terminal, heard: terminal.requests.map(nameOf), finished: world.finished[0]! };
}

test('a terminal refuses one request of a bootstrap, each in its turn: the others come all the same, and what failed is told', async () => {
  for (const [index, name] of asked.entries()) {
    const { heard, finished } = await withAnswer(index + 1, () => ({ code: Code.MethodNotAllowed }));
    assert.deepEqual(heard, asked, name);
    const refused = finished.steps[index]!;
    assert.deepEqual([refused.outcome, refused.code], ['refused', Code.MethodNotAllowed], name);
    assert.equal(finished.steps.length, asked.length);
    const outcome = name === 'POST /bs' ? 'refused' : 'incomplete';
    assert.equal(finished.outcome, outcome, name);
  }
});

test('a terminal answers one request of a bootstrap late, each in its turn: it is waited for', async () => {
  for (const [index, name] of asked.entries()) {
    const { heard, finished } = await withAnswer(index + 1, async (world, right) => {
      await new Promise<void>((resolve) => world.time.schedule(seconds(20), resolve));
      return right;
    });
    assert.deepEqual([heard, finished.outcome], [asked, 'succeeded'], name);
  }
});

test('a terminal falls silent at one request of a bootstrap, each in its turn: nothing further is asked of it, until it comes again', async () => {
  for (const [index, name] of asked.entries()) {
    const { world, terminal, heard, finished } = await withAnswer(index + 1, (world, right) => {
      world.network.conditions = { loss: 1 };
      return right;
    });
    assert.deepEqual([heard, finished.outcome], [asked.slice(0, index + 1), 'lost'], name);
    world.network.conditions = {};
    terminal.requests.length = 0;
    terminal.otherwise = agreeing;
    await world.until(terminal.post(['bs'], 'ep=a', ''));
    while (world.finished.length === 1) await world.settle();
    assert.deepEqual([terminal.requests.map(nameOf), world.finished[1]!.outcome], [asked, 'succeeded'], name);
  }
});
