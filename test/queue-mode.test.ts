/** Requests for a device that sleeps: held on disk, sent in order when it is heard, seen and cancelled by operators. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiClient, type JsonQueuedRequest, RequestQueuedError, routes } from '@yaolian/contract';
import { seconds } from '@yaolian/kernel';
import { nodeRandom } from '@yaolian/node-runtime';
import { until } from '@yaolian/testkit';
import { LossyPort } from './support/lossy-port.ts';
import { EventLog, openPlatform, untilState, withCode } from './support/platform.ts';
import { openTerminal, wake } from './support/terminal.ts';

const device = 'urn:imei:861234567890123';

async function queued(call: Promise<unknown>): Promise<JsonQueuedRequest> {
  const error = await call.then(
    () => assert.fail('it was not queued'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof RequestQueuedError, String(error));
  return error.request;
}

async function waiting(admin: ApiClient) {
  const { items } = await admin.call(routes.listQueue, { query: { device, state: 'queued' } });
  return items.map(({ id, operation, paths }) => [id, operation, ...paths]);
}

test('requests for a device that sleeps wait, survive a restart and are done in order once it is heard', async () => {
  let bench = await openPlatform({ 'lwm2m.awake-window': seconds(1) });
  await using terminal = await openTerminal({ endpointName: device, server: bench.coap, queueMode: {} });
  terminal.client.start();
  await terminal.client.registered();
  await untilState(bench.admin, device, 'SLEEPING');

  const at = (path: string) => ({ params: { device, path } });
  const write = (value: string) => bench.admin.call(routes.writeResource, { ...at('3303/0/5750'), body: { value } });
  const first = await queued(write('attic'));
  const second = await queued(bench.admin.call(routes.executeResource, { ...at('3303/0/5605'), body: {} }));
  const third = await queued(write('cellar'));
  const fourth = await queued(bench.admin.call(routes.readResource, at('3303/0/5750')));
  assert.equal(first.state, 'queued');
  assert.equal((await waiting(bench.admin)).length, 4);
  const { token } = await bench.admin.call(routes.createToken, { body: { label: 'eyes', role: 'viewer' } });
  const viewer = new ApiClient({ baseUrl: bench.httpUrl, token });
  const shown = async (client: ApiClient) => client.call(routes.showQueued, { params: { id: first.id } });
  const [value] = (await shown(bench.admin)).asked?.values ?? [];
  assert.ok(value?.node?.kind === 'resource');
  assert.equal(value.node.value, 'attic');
  assert.equal((await shown(viewer)).asked, undefined, 'who only looks is not told what is to be written');
  await bench.admin.call(routes.cancelQueued, { params: { id: third.id } });

  bench = await bench.restart();
  const { state } = await bench.admin.call(routes.showDevice, { params: { device } });
  assert.equal(state, 'SLEEPING', 'a restart of the platform wakes nobody');
  assert.deepEqual(await waiting(bench.admin), [
    [first.id, 'write', '/3303/0/5750'],
    [second.id, 'execute', '/3303/0/5605'],
    [fourth.id, 'read', '/3303/0/5750'],
  ]);
  const events = await EventLog.open(bench.admin);
  const last = events.next((event) => event.type === 'request.finished' && event.data.id === fourth.id);
  await wake(terminal.client, last);
  const finished = events.events.flatMap((event) => (event.type === 'request.finished' ? [event.data] : []));
  assert.deepEqual(
    finished.map(({ id, state, coapCode }) => [id, state, coapCode]),
    [
      [first.id, 'done', '2.04'],
      [second.id, 'done', '2.04'],
      [fourth.id, 'done', '2.05'],
    ],
  );
  const [read] = finished.slice(-1);
  assert.ok(read?.node?.kind === 'resource');
  assert.equal(read.node.value, 'attic');
  assert.deepEqual(terminal.executed, ['[]']);
  const cancelled = await bench.admin.call(routes.showQueued, { params: { id: third.id } });
  assert.equal(cancelled.state, 'cancelled');
  await events.close();
  await bench[Symbol.asyncDispose]();
});

test('what waits for a device that is forgotten is cancelled, and not for the device that comes again', async () => {
  await using bench = await openPlatform({ 'lwm2m.awake-window': seconds(1) });
  await using terminal = await openTerminal({ endpointName: device, server: bench.coap, queueMode: {} });
  terminal.client.start();
  await terminal.client.registered();
  await untilState(bench.admin, device, 'SLEEPING');
  const params = { device, path: '3303/0/5750' };
  const asked = await queued(bench.admin.call(routes.writeResource, { params, body: { value: 'attic' } }));
  const events = await EventLog.open(bench.admin);
  await bench.admin.call(routes.removeDevice, { params: { device } });
  const ended = await events.next((event) => event.type === 'request.finished' && event.data.id === asked.id);
  assert.ok(ended.type === 'request.finished' && ended.data.state === 'cancelled');
  await wake(
    terminal.client,
    events.next((event) => event.type === 'device.registered'),
  );
  assert.deepEqual(
    (await bench.admin.call(routes.listQueue, { query: { device } })).items.filter(
      ({ state }) => state !== 'cancelled',
    ),
    [],
  );
});

test('queue=never refuses, a request expires, and a Send opens the window as an Update does', async () => {
  await using bench = await openPlatform({ 'lwm2m.awake-window': seconds(3) });
  const { admin } = bench;
  await using terminal = await openTerminal({ endpointName: device, server: bench.coap, queueMode: {} });
  terminal.client.start();
  await terminal.client.registered();
  const mute = { params: { device, path: '1/0/23' }, query: { wait: '30s' }, body: { value: false } };
  await wake(terminal.client, admin.call(routes.writeResource, mute));
  await untilState(admin, device, 'SLEEPING');
  const read = (query: object) => admin.call(routes.readResource, { params: { device, path: '3/0/0' }, query });
  await assert.rejects(read({ queue: 'never' }), withCode('device-asleep'));
  const events = await EventLog.open(admin);
  const short = await queued(read({ expires: '1s' }));
  const long = await queued(read({}));
  const over = await events.next((event) => event.type === 'request.finished' && event.data.id === short.id);
  assert.ok(over.type === 'request.finished' && over.data.state === 'expired');
  const [sent] = await terminal.client.send(['/3303/0/5700']);
  assert.equal(sent?.result, 'accepted');
  const done = await events.next((event) => event.type === 'request.finished' && event.data.id === long.id);
  assert.ok(done.type === 'request.finished' && done.data.state === 'done');
  await events.close();
});

test('a device in queue mode that does not answer though its window is open is asked again when it is heard', async () => {
  await using bench = await openPlatform({ 'lwm2m.awake-window': seconds(3_600) });
  const { admin } = bench;
  let deaf = false;
  const random = { ...nodeRandom, fraction: () => (deaf ? 0 : 1) };
  await using terminal = await openTerminal({
    endpointName: device,
    server: bench.coap,
    queueMode: {},
    wrap: (port) => new LossyPort(port, 0.5, random),
  });
  terminal.client.start();
  await terminal.client.registered();
  const at = (path: string, query: object) => ({ params: { device, path }, query: { timeout: '500ms', ...query } });
  const listens = () =>
    until(async () => (await admin.call(routes.showDevice, { params: { device } })).state === 'ONLINE', 'it listens');
  deaf = true;
  // It may have done it, and must not do it twice.
  const execute = admin.call(routes.executeResource, { ...at('3303/0/5605', {}), body: {} });
  await assert.rejects(execute, withCode('device-timeout'));
  deaf = false;
  await wake(terminal.client, listens());
  deaf = true;
  await assert.rejects(admin.call(routes.readResource, at('3/0/0', { queue: 'never' })), withCode('device-timeout'));
  deaf = false;
  await wake(terminal.client, listens());
  deaf = true;
  const request = await queued(admin.call(routes.readResource, at('3/0/0', {})));
  assert.deepEqual(await waiting(admin), [[request.id, 'read', '/3/0/0']]);
  const events = await EventLog.open(admin);
  deaf = false;
  const over = await wake(
    terminal.client,
    events.next((event) => event.type === 'request.finished' && event.data.id === request.id),
  );
  assert.ok(over.type === 'request.finished' && over.data.state === 'done');
  await events.close();
});
