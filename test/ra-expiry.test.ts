/** GB/T 29265.205 §11.5: what was asked of a device that does not wake up in time is told to who asked, whatever happened meanwhile. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { routes } from '@yaolian/contract';
import { decodeDataPush, Refused } from '@yaolian/igrs/client';
import { seconds } from '@yaolian/kernel';
import { until } from '@yaolian/testkit';
import { openPlatform, type TestPlatform, untilState } from './support/platform.ts';
import { domain, lamp, remoteAccess, TestUser, terminalKey } from './support/remote-user.ts';
import { openTerminal, type TestTerminal } from './support/terminal.ts';

const settings = { ...remoteAccess, 'lwm2m.awake-window': seconds(1), 'lwm2m.queue-expiry': seconds(4) };

/** A terminal of ann's that sleeps. */
async function openSleeper(bench: TestPlatform): Promise<{ readonly terminal: TestTerminal; readonly ann: TestUser }> {
  const terminal = await openTerminal({ endpointName: terminalKey, server: bench.coap, queueMode: {} });
  terminal.client.start();
  await terminal.client.registered();
  const { code } = await bench.admin.call(routes.shareDevice, { params: { device: terminalKey }, body: {} });
  const ann = await TestUser.register(bench, 'ann');
  await ann.home.bind(lamp, code);
  await untilState(bench.admin, terminalKey, 'SLEEPING');
  return { terminal, ann };
}

async function queued(user: TestUser): Promise<{ readonly id: string; readonly expiresAt: string }> {
  const asked = await user.home.device(lamp).ask({ kind: 'write', path: '/3303/0/5750', text: 'cellar' });
  assert.ok(asked.kind === 'queued');
  return asked;
}

/** What the client library makes of the push. */
async function outcomeOf(user: TestUser): Promise<readonly [id: string, outcome: unknown]> {
  await user.push('result');
  const pushes = user.messages
    .map((message) => decodeDataPush(message, domain))
    .filter((push) => push?.kind === 'late');
  assert.equal(pushes.length, 1, 'told once');
  const [push] = pushes;
  assert.ok(push?.kind === 'late' && push.device === lamp);
  return [push.id, push.outcome];
}

function assertExpired(outcome: unknown): void {
  assert.ok(outcome instanceof Refused);
  assert.deepEqual([outcome.condition, outcome.text], ['remote-server-timeout', 'expired']);
}

test('a request that expires in the queue is told to the connection that asked', async () => {
  await using bench = await openPlatform(settings);
  const { terminal, ann } = await openSleeper(bench);
  await using _terminal = terminal;
  await using _ann = ann;
  const { id } = await queued(ann);
  const [told, outcome] = await outcomeOf(ann);
  assert.equal(told, id);
  assertExpired(outcome);
});

test('a request that expires while the platform is down, and who asked away, is told when both are back', async () => {
  await using bench = await openPlatform(settings);
  const { terminal, ann } = await openSleeper(bench);
  await using _terminal = terminal;
  const { id, expiresAt } = await queued(ann);
  ann.client.close();
  await bench.platform.stop();
  await until(() => Date.now() > Date.parse(expiresAt), 'the request to be too old');
  await using later = await bench.restart();
  await using again = await TestUser.login(later, 'ann');
  const [told, outcome] = await outcomeOf(again);
  assert.equal(told, id);
  assertExpired(outcome);
});

test('a request that expires after a restart is told to the account, for its connection is gone', async () => {
  await using bench = await openPlatform(settings);
  const { terminal, ann } = await openSleeper(bench);
  await using _terminal = terminal;
  const { id } = await queued(ann);
  ann.client.close();
  await using later = await bench.restart();
  await using again = await TestUser.login(later, 'ann');
  const [told, outcome] = await outcomeOf(again);
  assert.equal(told, id);
  assertExpired(outcome);
});
