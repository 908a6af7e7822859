/** `kill -9` of the server at each step of requests that waited: nothing is lost, and nothing is done twice. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Code, ContentFormat } from '@yaolian/coap';
import { encodeUtf8, seconds } from '@yaolian/kernel';
import { World } from '../testing/world.ts';
import type { QueuedRequest } from './queued-request.ts';

const deviceKey = 'a';

/**
 * A terminal that sleeps, three requests, its Update; the server dies at the step with this number, a datagram or a change of the
 * queue's store, and comes back.
 * @returns whether that step came, how the requests ended, and what the terminal did
 */
async function story(fatal: number) {
  const world = await World.open({ behaviour: { awakeWindow: seconds(1) } });
  let steps = 0;
  let dying: Promise<void> | undefined;
  let isOver = false;
  /** True: it is of a process that is dead. */
  const step = () => {
    if (!isOver && ++steps === fatal) dying = world.kill();
    return !isOver && dying !== undefined;
  };
  const terminal = world.terminal();
  const done: string[] = [];
  terminal.on('GET /3/0/0', { code: Code.Content, contentFormat: ContentFormat.Text, payload: encodeUtf8('x') });
  terminal.on('POST /3/0/4', () => {
    done.push('execute');
    return { code: Code.Changed };
  });
  terminal.on('PUT /3/0/15', () => {
    done.push('write');
    return { code: Code.Changed };
  });
  await world.until(terminal.register('ep=a&lt=86400&lwm2m=1.1&b=U&Q'));
  await world.time.advance(seconds(5));
  const queue = () => world.server.queue!;
  const requests: QueuedRequest[] = [
    await world.until(queue().submit(deviceKey, { kind: 'read', path: '/3/0/0' })),
    await world.until(queue().submit(deviceKey, { kind: 'execute', path: '/3/0/4' })),
    await world.until(
      queue().submit(deviceKey, {
        kind: 'write',
        path: '/3/0/15',
        node: { kind: 'resource', id: 15, type: 'string', value: 'X' },
      }),
    ),
  ];
  const put = world.queueStore.put.bind(world.queueStore);
  // What a process that is dead wanted to store is nowhere.
  world.queueStore.put = (request) => (step() ? new Promise(() => {}) : put(request));
  world.network.watch(() => (step() ? 'drop' : undefined));
  await world.time.until(
    terminal.update().catch(() => undefined),
    seconds(300),
  );
  await world.time.advance(seconds(10));
  const died = dying !== undefined;
  await dying;
  isOver = true;
  if (died) await world.startServer();
  await world.until(terminal.update());
  await world.time.advance(seconds(120));
  await world.until(terminal.update());
  await world.time.advance(seconds(120));
  const ends = await Promise.all(requests.map(async ({ id }) => (await world.queueStore.get(id))!));
  return { died, states: ends.map(({ state }) => state), done };
}

test('kill -9 at each step between the Update and the last answer', async () => {
  const seen = new Set<string>();
  let fatal = 0;
  for (;;) {
    const { died, states, done } = await story(++fatal);
    const [read, execute, write] = states;
    assert.deepEqual([read, write], ['done', 'done'], `step ${fatal}`);
    // Nobody knows whether an Execute that was sent came through: it fails, and is not sent again.
    const executed = done.filter((what) => what === 'execute').length;
    assert.ok(
      execute === 'done' ? executed === 1 : execute === 'failed' && executed <= 1,
      `${fatal}: ${execute} ${executed}`,
    );
    seen.add(`${execute} ${executed}`);
    if (!died) break;
  }
  assert.ok(fatal > 10, `${fatal} steps`);
  assert.deepEqual([...seen].sort(), ['done 1', 'failed 0', 'failed 1']);
});
