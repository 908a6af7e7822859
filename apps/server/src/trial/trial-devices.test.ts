import assert from 'node:assert/strict';
import { test } from 'node:test';
import { silentLog, socketAddress } from '@yaolian/kernel';
import { SeededRandom, VirtualTime } from '@yaolian/testkit';
import { plainTrialName, type RunTerminal, TrialDevices } from './trial-devices.ts';

const registered = { type: 'registered' } as never;
const refused = { type: 'registration-failed' } as never;

/** A terminal that hears `event` at once and runs until it is told to end. */
function terminal(event: never): RunTerminal & { servers: string[] } {
  const servers: string[] = [];
  const run: RunTerminal = ({ server, signal, onEvent }) => {
    servers.push(server);
    onEvent(event);
    return new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
  };
  return Object.assign(run, { servers });
}

function trialDevices(limit: number, run: RunTerminal, host = '::') {
  const random = new SeededRandom(1);
  const server = { scheme: 'coap', address: socketAddress(host, 5683) } as const;
  return new TrialDevices({
    limit,
    nameOf: plainTrialName,
    server,
    run,
    random,
    clock: new VirtualTime(),
    log: silentLog,
  });
}

test('a device is there once it has registered, and gone once it has ended', async () => {
  const run = terminal(registered);
  const trial = trialDevices(2, run);
  const device = await trial.start();
  assert.ok(typeof device === 'object');
  assert.match(device.endpoint, /^try-[0-9a-f]{8}$/);
  assert.deepEqual(run.servers, ['coap://127.0.0.1:5683']);
  assert.deepEqual(
    trial.list().map((one) => one.endpoint),
    [device.endpoint],
  );
  assert.equal(await trial.stop(device.endpoint), true);
  assert.equal(await trial.stop(device.endpoint), false);
  assert.deepEqual(trial.list(), []);
});

test('there are never more than the limit, also of those that start at once', async () => {
  const trial = trialDevices(2, terminal(registered));
  const started = await Promise.all([trial.start(), trial.start(), trial.start()]);
  assert.equal(started.filter((one) => one === 'enough').length, 1);
  await trial.close();
  assert.deepEqual(trial.list(), []);
  assert.equal(await trialDevices(0, terminal(registered)).start(), 'off');
});

test('one that is not let in, or fails, is not kept', async () => {
  const trial = trialDevices(1, terminal(refused));
  assert.equal(await trial.start(), 'not-registered');
  assert.deepEqual(trial.list(), []);
  const failing = trialDevices(1, () => Promise.reject(new Error('no port')));
  assert.equal(await failing.start(), 'not-registered');
  assert.deepEqual(failing.list(), []);
});

test('a terminal registers at the address that the platform has, where it has one', async () => {
  const run = terminal(registered);
  const trial = trialDevices(1, run, '192.0.2.1');
  await trial.start();
  assert.deepEqual(run.servers, ['coap://192.0.2.1:5683']);
  await trial.close();
});
