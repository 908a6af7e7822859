import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Code, ContentFormat } from '@yaolian/coap';
import { encodeUtf8, hours, seconds } from '@yaolian/kernel';
import { World } from '../testing/world.ts';
import type { QueuedOperation, QueuedRequest } from './queued-request.ts';
import type { RequestQueueOptions } from './request-queue.ts';

const deviceKey = 'terminal';
const readBattery: QueuedOperation = { kind: 'read', path: '/3/0/9' };
const reboot: QueuedOperation = { kind: 'execute', path: '/3/0/4' };

/** A terminal that sleeps, and a disk that is slow or full. */
async function setup(queueOptions: Partial<RequestQueueOptions> = {}) {
  const world = await World.open({
    queue: queueOptions,
    behaviour: { awakeWindow: seconds(10), operationTimeout: seconds(5) },
  });
  const terminal = world.terminal();
  terminal.on('GET /3/0/9', { code: Code.Content, contentFormat: ContentFormat.Text, payload: encodeUtf8('95') });
  terminal.on('POST /3/0/4', { code: Code.Changed });
  await world.until(terminal.register('ep=terminal&lt=86400&lwm2m=1.0&b=UQ'));
  await world.time.advance(seconds(60));
  const disk = {
    mayTake: (_: QueuedRequest): Promise<void> | undefined => undefined,
    refuse: (states: readonly QueuedRequest['state'][]) => {
      disk.mayTake = async ({ state }) => {
        if (states.includes(state)) throw new Error('the disk is full');
      };
    },
    take: () => {
      disk.mayTake = () => undefined;
    },
  };
  const store = world.queueStore;
  const put = store.put.bind(store);
  store.put = async (request) => {
    await disk.mayTake(request);
    return put(request);
  };
  const queue = world.server.queue!;
  const heard = (what: string) => terminal.heard.filter((one) => one === what).length;
  /** The device is heard, and what waits for it goes out. */
  const wake = async () => {
    await world.until(terminal.update());
    await world.time.advance(seconds(2));
  };
  return { world, queue, disk, heard, wake };
}

for (const how of ['cancelled', 'expired'] as const) {
  test(`what is being ${how} when the device wakes up is not sent; what is behind it is`, async () => {
    const { world, queue, disk, heard, wake } = await setup();
    const first = await world.until(queue.submit(deviceKey, reboot, how === 'expired' ? { expiry: seconds(30) } : {}));
    const second = await world.until(queue.submit(deviceKey, readBattery));
    const slow = Promise.withResolvers<void>();
    disk.mayTake = ({ state }) => (state === how ? slow.promise : undefined);
    const cancelled = how === 'cancelled' ? queue.cancel(first.id) : undefined;
    await world.time.advance(seconds(31));
    await wake();
    assert.deepEqual([heard('POST /3/0/4'), heard('GET /3/0/9')], [0, 1]);
    slow.resolve();
    await world.until(Promise.resolve(cancelled));
    await wake();
    assert.deepEqual([heard('POST /3/0/4'), queue.size], [0, 0]);
    assert.deepEqual([(await queue.find(first.id))!.state, (await queue.find(second.id))!.state], [how, 'done']);
  });
}

test('a cancel that the disk does not take is refused, and the request waits on', async () => {
  const { world, queue, disk, heard, wake } = await setup();
  const { id } = await world.until(queue.submit(deviceKey, readBattery));
  disk.refuse(['cancelled']);
  await assert.rejects(queue.cancel(id), /the disk is full/);
  disk.take();
  assert.equal((await queue.find(id))!.state, 'queued');
  await wake();
  assert.deepEqual([heard('GET /3/0/9'), (await queue.find(id))!.state], [1, 'done']);
});

test('an Execute whose outcome the disk does not take is not sent again: its outcome is stored when there is room', async () => {
  const { world, queue, disk, heard, wake } = await setup();
  const { id } = await world.until(queue.submit(deviceKey, reboot, { expiry: hours(2) }));
  const finished = queue.finished(id);
  disk.refuse(['done']);
  await wake();
  await wake();
  assert.deepEqual([heard('POST /3/0/4'), world.queueStore.requests.get(id)!.state], [1, 'sent']);
  disk.take();
  await wake();
  assert.deepEqual([heard('POST /3/0/4'), world.queueStore.requests.get(id)!.state], [1, 'done']);
  assert.deepEqual([(await finished)!.state, queue.size], ['done', 0]);
});

test('what somebody asked who may not any more when the device wakes up is not sent; what nobody has to be asked about is', async () => {
  const asked: (readonly [string | undefined, string])[] = [];
  let may: readonly string[] = ['ann', 'bob'];
  const permits = async ({ asker, operation }: QueuedRequest) => {
    asked.push([asker, operation.kind]);
    return may.includes(asker!);
  };
  const { world, queue, heard, wake } = await setup({ permits });
  const submit = (operation: QueuedOperation, asker?: string) =>
    world.until(queue.submit(deviceKey, operation, { ...(asker !== undefined && { asker }) }));
  const requests = [await submit(reboot, 'bob'), await submit(readBattery, 'ann'), await submit(readBattery)];
  may = ['ann'];
  await wake();
  const found = await Promise.all(requests.map(({ id }) => queue.find(id)));
  assert.deepEqual(
    found.map((one) => one?.state),
    ['cancelled', 'done', 'done'],
  );
  assert.deepEqual(found[0]!.outcome, {
    at: found[0]!.outcome!.at,
    error: 'LWM2M_FORBIDDEN',
    message: 'bob may not ask that (any more)',
  });
  assert.deepEqual([heard('POST /3/0/4'), heard('GET /3/0/9')], [0, 2]);
  assert.deepEqual(asked, [
    ['bob', 'execute'],
    ['ann', 'read'],
  ]);
});

test('what is taken back while it is asked whether it may be sent is not sent, and what cannot be asked about waits', async () => {
  const decisions: PromiseWithResolvers<boolean>[] = [];
  const permits = () => {
    decisions.push(Promise.withResolvers<boolean>());
    return decisions.at(-1)!.promise;
  };
  const { world, queue, heard, wake } = await setup({ permits });
  const first = await world.until(queue.submit(deviceKey, reboot, { asker: 'ann' }));
  const second = await world.until(queue.submit(deviceKey, readBattery, { asker: 'ann' }));
  await wake();
  await queue.cancel(first.id);
  decisions[0]!.resolve(true);
  await world.time.advance(seconds(1));
  decisions[1]!.reject(new Error('the database is busy'));
  await wake();
  assert.deepEqual([heard('POST /3/0/4'), heard('GET /3/0/9')], [0, 0]);
  assert.deepEqual(
    [(await queue.find(first.id))!.state, (await queue.find(second.id))!.state],
    ['cancelled', 'queued'],
  );
  decisions[2]!.resolve(true);
  await world.time.advance(seconds(2));
  assert.deepEqual([heard('GET /3/0/9'), (await queue.find(second.id))!.state], [1, 'done']);
});
