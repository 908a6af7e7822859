import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Code, ContentFormat, type OutgoingResponse } from '@yaolian/coap';
import { decodeHex, encodeHex, encodeUtf8 } from '@yaolian/kernel';
import { formatPath, lwm2mPath } from '../index.ts';
import { Emitter } from './emitter.ts';
import { EventOutbox } from './event-outbox.ts';
import type { TakenValues } from './taken-values.ts';
import { World } from './testing/world.ts';

const client = { endpoint: 'a' };
const level = lwm2mPath(3, 0, 9);

function tlv(hex: string): OutgoingResponse {
  return { code: Code.Content, contentFormat: 11_542, payload: decodeHex(hex)! };
}

/** A world whose values wait for `store` to be called. */
async function setUp(answer?: () => Promise<void>) {
  const taken: TakenValues[] = [];
  const waiting: PromiseWithResolvers<void>[] = [];
  const takeValues = (values: TakenValues): Promise<void> => {
    taken.push(values);
    if (answer) return answer();
    waiting.push(Promise.withResolvers<void>());
    return waiting.at(-1)!.promise;
  };
  const world = await World.open({ takeValues });
  const terminal = world.terminal();
  await world.until(terminal.register('ep=a&lt=3600'));
  await world.settle();
  world.takeEvents();
  const store = async () => {
    for (const { resolve } of waiting.splice(0)) resolve();
    await world.settle();
  };
  return { world, terminal, taken, store };
}

function told(taken: readonly TakenValues[]): unknown[] {
  return taken.map(({ source, values }) => [source, values.map(({ path, value }) => `${formatPath(path)} ${value}`)]);
}

test('a read gives its answer when the value is stored', async () => {
  const { world, terminal, taken, store } = await setUp();
  terminal.on('GET /3/0/9', tlv('c1095f'));
  let answered = false;
  const read = world.server.read(client, level).then(() => {
    answered = true;
  });
  await world.settle();
  assert.deepEqual([told(taken), answered], [[['read', ['/3/0/9 95']]], false]);
  await store();
  await read;
});

test('a notification is told when it is stored, and what happens after it waits its turn', async () => {
  const { world, terminal, taken, store } = await setUp();
  terminal.observable('GET /3/0/9', tlv('c1095f'));
  const observing = world.server.observe(client, level);
  await world.settle();
  await store();
  await world.until(observing);
  await world.settle();
  world.takeEvents();
  terminal.notify(tlv('c1095e'));
  await world.settle();
  await world.until(terminal.register('ep=a&lt=3600'));
  await world.settle();
  assert.deepEqual(told(taken).slice(0, 2), [
    ['read', ['/3/0/9 95']],
    ['notified', ['/3/0/9 94']],
  ]);
  assert.deepEqual(world.takeEvents(), []);
  await store();
  assert.deepEqual(world.takeEvents().slice(0, 3), ['notification', 'observation-ended', 'replaced']);
});

for (const [how, end] of [
  ['is on disk', (commit: PromiseWithResolvers<void>) => commit.resolve()],
  ['could not be stored', (commit: PromiseWithResolvers<void>) => commit.reject(new Error('the disk is full'))],
] as const) {
  test(`a confirmable notification is acknowledged when its value ${how}, and not before`, async () => {
    let commit = Promise.withResolvers<void>();
    commit.resolve();
    const { world, terminal } = await setUp(() => commit.promise);
    terminal.observable('GET /3/0/9', tlv('c1095f'));
    await world.until(world.server.observe(client, level));
    commit = Promise.withResolvers<void>();
    let acknowledged = 0;
    world.network.watch(({ from, datagram }) => {
      if (from.key === terminal.server.key && encodeHex(datagram).startsWith('6000')) acknowledged++;
      return undefined;
    });
    terminal.observers[0]!.notify(tlv('c1095e'), { confirmable: true });
    await world.settle();
    assert.equal(acknowledged, 0);
    end(commit);
    await world.settle();
    assert.equal(acknowledged, 1);
  });
}

test('values that cannot be stored are told and given all the same, but a Send is refused', async () => {
  const { world, terminal } = await setUp(() => Promise.reject(new Error('the disk is full')));
  terminal.on('GET /3/0/9', tlv('c1095f'));
  const read = await world.until(world.server.read(client, level));
  assert.ok(read.ok);
  const payload = encodeUtf8('[{"n":"/3/0/9","v":95}]');
  const sent = await world.until(
    terminal.endpoint.request(terminal.server, {
      method: Code.POST,
      path: ['dp'],
      contentFormat: ContentFormat.SenmlJson,
      payload,
    }),
  );
  assert.equal(sent.code, Code.ServiceUnavailable);
});

test('the outbox keeps the order of what waits for different commits', async () => {
  const world = await World.open();
  const heard: string[] = [];
  const emitter = new Emitter<{ readonly type: string }>(() => assert.fail());
  emitter.onAny(({ type }) => heard.push(type));
  const outbox = new EventOutbox(emitter, world.time);
  const first = Promise.withResolvers<void>();
  const second = Promise.withResolvers<void>();
  outbox.push({ type: 'a' });
  outbox.push({ type: 'b' }, first.promise);
  outbox.push({ type: 'c' }, first.promise);
  outbox.push({ type: 'd' }, second.promise);
  outbox.push({ type: 'e' });
  await world.settle();
  assert.deepEqual(heard, ['a']);
  second.reject(new Error('lost'));
  await world.settle();
  assert.deepEqual(heard, ['a']);
  first.resolve();
  await world.settle();
  assert.deepEqual(heard, ['a', 'b', 'c', 'd', 'e']);
  outbox.push({ type: 'f' }, new Promise(() => {}));
  outbox.close();
  assert.equal(heard.at(-1), 'f');
});
