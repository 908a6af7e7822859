import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeUtf8, minutes } from '@yaolian/kernel';
import { createWorld, LockstepPeer, text, type World } from '../test/world.ts';
import { blockOption } from './block-option.ts';
import { Code } from './codes.ts';
import type { OutgoingRequest } from './exchange.ts';
import { findAll } from './option-values.ts';
import { OptionNumber } from './options.ts';

// RFC 9175 §3: Request-Tag tells bodies apart that one peer sends to one resource at a time.

function tagsSent({ sent }: World): string[] {
  const tags = sent
    .filter(({ from }) => from === 'client')
    .map(({ message }) => findAll(message.options, OptionNumber.RequestTag).join('|'));
  return [...new Set(tags)].toSorted();
}

function atOnce(world: World, requests: readonly OutgoingRequest[]) {
  const answers = Promise.all(requests.map((request) => world.client.request(world.serverPeer, request)));
  return world.time.until(answers, minutes(10));
}

for (const loss of [0, 0.2]) {
  test(`uploads to one resource at a time do not mix, over ${loss * 100} % loss`, async () => {
    const world = createWorld({ conditions: { loss }, seed: 3 });
    const bodies: string[] = [];
    world.server.handle(({ payload }) => {
      bodies.push(decodeUtf8(payload)!);
      return { code: Code.Changed };
    });
    const expected = ['a', 'b', 'c'].map((letter, i) => letter.repeat(3000 + i));
    const requests = expected.map((body) => ({ method: Code.PUT, path: '/one', payload: text(body) }));
    const answers = await atOnce(world, requests);
    assert.deepEqual(
      answers.map(({ code }) => code),
      [Code.Changed, Code.Changed, Code.Changed],
    );
    assert.deepEqual(bodies.toSorted(), expected);
    assert.deepEqual(tagsSent(world), ['', '1', '2']);
  });
}

test('large answers to different questions to one resource do not mix', async () => {
  const world = createWorld();
  world.server.handle(({ payload }) => ({ code: Code.Content, payload: text(decodeUtf8(payload)!.repeat(3000)) }));
  const questions = ['x', 'y'];
  const requests = questions.map((question) => ({ method: Code.FETCH, path: '/one', payload: text(question) }));
  const answers = await atOnce(world, requests);
  assert.deepEqual(
    answers.map(({ payload }) => decodeUtf8(payload)),
    questions.map((question) => question.repeat(3000)),
  );
  // Each was asked once: nothing had to be fetched again.
  assert.equal(world.sent.length, 2 * 2 * 3);
});

test('a transfer alone has no Request-Tag, nor one to another resource, nor one after another', async () => {
  const world = createWorld();
  world.server.handle(() => ({ code: Code.Changed }));
  const put = (path: string) => ({ method: Code.PUT, path, payload: new Uint8Array(3000) });
  await atOnce(world, [put('/one'), put('/two')]);
  await atOnce(world, [put('/one')]);
  assert.deepEqual(tagsSent(world), ['']);
});

test('the server keeps bodies apart by the list of their tags: values, number and order', async () => {
  const world = createWorld();
  const bodies: number[][] = [];
  world.server.handle(({ payload }) => {
    bodies.push([payload[0]!, payload[16]!]);
    return { code: Code.Changed };
  });
  const peer = new LockstepPeer(world, '192.0.2.9', world.serverPeer);
  const lists = [[], [''], ['a'], ['a', 'b'], ['b', 'a'], ['ab']];
  let messageId = 0;
  for (const number of [0, 1]) {
    for (const [index, tags] of lists.entries()) {
      const options = [
        blockOption(OptionNumber.Block1, { number, more: number === 0, size: 16 }),
        ...tags.map((tag) => ({ number: OptionNumber.RequestTag, value: text(tag) })),
      ];
      peer.send({ code: Code.PUT, messageId: messageId++, options, payload: new Uint8Array(16).fill(index) });
      assert.equal((await peer.receive()).code, number === 0 ? Code.Continue : Code.Changed);
    }
  }
  assert.deepEqual(
    bodies,
    lists.map((_, index) => [index, index]),
  );
});
