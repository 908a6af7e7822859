import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Code } from '@yaolian/coap';
import { seconds } from '@yaolian/kernel';
import { SeededRandom } from '@yaolian/testkit';
import { retryDefaults, retryDelay } from './retry.ts';
import { TerminalWorld } from './testing/scripted-server.ts';

const steady = { ...retryDefaults, jitter: 0 };
const random = new SeededRandom(1);

test('waits double up to the maximum', () => {
  const waits = [1, 2, 3, 4, 9, 10, 2000].map((failures) => retryDelay(steady, failures, random));
  assert.deepEqual(waits, [60_000, 120_000, 240_000, 480_000, 3_600_000, 3_600_000, 3_600_000]);
});

test('what the server asks for counts, beyond the maximum too', () => {
  assert.equal(retryDelay(steady, 1, random, seconds(90)), 90_000);
  assert.equal(retryDelay(steady, 1, random, seconds(7200)), 7_200_000);
  assert.equal(retryDelay(steady, 3, random, seconds(30)), 240_000);
});

test('jitter only ever adds, at most its share', () => {
  for (let i = 0; i < 100; i++) {
    const wait = retryDelay({ ...retryDefaults, jitter: 0.5 }, 1, random, seconds(90));
    assert.ok(wait >= 90_000 && wait < 135_000, `${wait}`);
  }
});

test('sequences of attempts as the specification has them by default: 60 s, doubled, and a day between sequences (1/x/17 to 20)', async () => {
  const world = new TerminalWorld();
  world.server.script = () => ({ code: Code.Forbidden });
  const client = world.client({ retry: { jitter: 0 } });
  const account = client.instance(1, 0)!;
  account.store(17, 3);
  account.store(20, 2);
  client.start();
  const waits = async (count: number) => {
    await world.pass(200_000);
    const failed = world.events.filter((event) => event.type === 'registration-failed');
    return failed.slice(0, count).map(({ retryIn }) => retryIn / 1000);
  };
  // After the last sequence it goes on asking, ever more seldom: the specification says nothing of that.
  assert.deepEqual(await waits(8), [60, 120, 86_400, 60, 120, 240, 3600, 3600]);
  assert.equal(await world.close(), 0);
});

test('an account of its own says when the terminal tries again, and a Bootstrap-Server may change it (1/x/18)', async () => {
  const world = new TerminalWorld();
  world.server.script = () => ({ code: Code.Forbidden });
  const client = world.client({ retry: { jitter: 0 }, servers: [{ uri: TerminalWorld.uri, retryTimer: seconds(10) }] });
  assert.equal(client.instance(1, 0)!.value(18), 10);
  const waits = () =>
    world.events.filter((event) => event.type === 'registration-failed').map(({ retryIn }) => retryIn / 1000);
  client.start();
  await world.pass(31);
  assert.deepEqual(waits(), [10, 20, 40]);
  client.instance(1, 0)!.store(18, 3);
  await world.pass(40);
  assert.deepEqual(waits(), [10, 20, 40, 24]);
  assert.equal(await world.close(), 0);
});

test('no specification has a time before another attempt to bootstrap: the terminal may have its own', async () => {
  for (const [own, first] of [
    [{ retryTimer: seconds(10) }, 10],
    [{}, 60],
  ] as const) {
    const world = new TerminalWorld();
    world.server.script = () => ({ code: Code.BadRequest });
    const client = world.client({ retry: { jitter: 0 }, servers: [], bootstrap: { uri: TerminalWorld.uri, ...own } });
    client.start();
    await world.pass(200);
    const failed = world.events.filter((event) => event.type === 'bootstrap-failed');
    assert.deepEqual(
      failed.slice(0, 2).map(({ retryIn }) => retryIn! / 1000),
      [first, 2 * first],
    );
    assert.equal(await world.close(), 0);
  }
});

test('a Communication Sequence Delay Timer that is set counts after each sequence, the last one too (1/x/19)', async () => {
  const world = new TerminalWorld();
  world.server.script = () => ({ code: Code.Forbidden });
  const client = world.client({ retry: { jitter: 0 } });
  const account = client.instance(1, 0)!;
  account.store(17, 2);
  account.store(18, 5);
  account.store(19, 600);
  account.store(20, 2);
  client.start();
  await world.pass(10_000);
  const failed = world.events.filter((event) => event.type === 'registration-failed');
  assert.deepEqual(
    failed.slice(0, 6).map(({ retryIn }) => retryIn / 1000),
    [5, 600, 5, 600, 80, 600],
  );
  assert.equal(await world.close(), 0);
});
