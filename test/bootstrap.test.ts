/** A terminal of ours is bootstrapped by the platform, registers where it was told to, and goes on from there. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Code, createCoapEndpoint, formatCode } from '@yaolian/coap';
import { ApiProblemError, routes } from '@yaolian/contract';
import { decodeUtf8, socketAddress } from '@yaolian/kernel';
import { nodeClock, nodeRandom, nodeTimers, openUdpPort } from '@yaolian/node-runtime';
import { EventLog, openPlatform, withCode } from './support/platform.ts';
import { openTerminal } from './support/terminal.ts';

test('bootstrap on the port of the DM service, then register, all by the default configuration', async () => {
  await using bench = await openPlatform();
  const { admin, coap } = bench;
  const events = await EventLog.open(admin);
  const body = { servers: [{ shortServerId: 123, uri: `coap://${coap.key}`, lifetime: 300 }] };
  const set = await admin.call(routes.setBootstrap, { params: { endpoint: 'default' }, body });
  assert.equal(set.configuration.servers[0]?.securityInstance, 1);
  await using terminal = await openTerminal({ endpointName: 'boot;1', bootstrap: { uri: `coap://${coap.key}` } });
  terminal.client.start();
  const finished = await events.next((event) => event.type === 'bootstrap.finished');
  assert.deepEqual([finished.device, finished.type === 'bootstrap.finished' && finished.data.notes], ['boot;1', []]);
  await terminal.client.registered();
  const device = await admin.call(routes.showDevice, { params: { device: 'boot;1' } });
  assert.deepEqual([device.state, device.registration?.lifetime], ['ONLINE', 300]);
  const short = await admin.call(routes.readResource, { params: { device: 'boot;1', path: '1/0/0' } });
  assert.ok(short.node.kind === 'resource' && short.node.value === 123);
  await events.close();
});

test('an operator has a device bootstrap again; it comes back with its new configuration', async () => {
  await using bench = await openPlatform();
  const { admin, coap } = bench;
  const events = await EventLog.open(admin);
  const set = (lifetime: number) =>
    admin.call(routes.setBootstrap, {
      params: { endpoint: 'default' },
      body: { servers: [{ shortServerId: 1, uri: `coap://${coap.key}`, lifetime }] },
    });
  await set(300);
  await using terminal = await openTerminal({ endpointName: 'again', bootstrap: { uri: `coap://${coap.key}` } });
  terminal.client.start();
  await events.next((event) => event.type === 'device.registered');
  await set(4000);
  const since = events.events.length;
  const params = { device: 'again' };
  assert.equal((await admin.call(routes.triggerBootstrap, { params })).coapCode, '2.04');
  const types = ['device.deregistered', 'bootstrap.finished', 'device.registered'] as const;
  for (const type of types) await events.next((event) => event.type === type, since);
  const device = await admin.call(routes.showDevice, { params });
  assert.equal(device.registration?.lifetime, 4000);
  const wrong = admin.call(routes.triggerBootstrap, { params, query: { instance: 9 } });
  await assert.rejects(wrong, withCode('device-refused'));
  await assert.rejects(
    admin.call(routes.triggerBootstrap, { params: { device: 'nobody' } }),
    withCode('device-unknown'),
  );
  await events.close();
});

test('a port of its own is answered too, and bootstrap only', async () => {
  await using bench = await openPlatform({ 'coap.bootstrap-port': 0 });
  const { admin, coap, platform } = bench;
  const url = platform.listening.find((one) => one.service === 'bootstrap')!.url;
  const alone = socketAddress('127.0.0.1', Number(new URL(url).port));
  const body = { servers: [{ shortServerId: 1, uri: `coap://${coap.key}` }] };
  await admin.call(routes.setBootstrap, { params: { endpoint: 'two' }, body });
  await using terminal = await openTerminal({ endpointName: 'two', bootstrap: { uri: `coap://${alone.key}` } });
  terminal.client.start();
  await terminal.client.registered();
  const machine = { clock: nodeClock, timers: nodeTimers, random: nodeRandom };
  const client = createCoapEndpoint({ ...machine, port: await openUdpPort({ host: '127.0.0.1', port: 0 }) });
  const ask = async (server: typeof coap, method: number, path: string, query: string[] = []) => {
    const { code, payload } = await client.request(server, { method, path, query });
    return `${formatCode(code)} ${decodeUtf8(payload)}`.trim();
  };
  const links = '</bs>;rt="oma.lwm2m.bs",</bspack>;rt="oma.lwm2m.bs"';
  assert.equal(await ask(alone, Code.GET, '/.well-known/core'), `2.05 ${links}`);
  assert.equal(await ask(coap, Code.GET, '/.well-known/core'), `2.05 </rd>;rt="core.rd",${links}`);
  assert.match(await ask(alone, Code.POST, '/rd', ['ep=x']), /^4\.04/);
  assert.match(await ask(alone, Code.POST, '/bs', ['ep=unknown']), /^4\.00 there is no configuration/);
  await client.close();
});

test('configurations are listed, shown, replaced and removed', async () => {
  await using bench = await openPlatform();
  const { admin } = bench;
  const body = (port: number) => ({ servers: [{ shortServerId: 1, uri: `coap://192.0.2.1:${port}` }] });
  for (const endpoint of ['b', 'default', 'a;x']) {
    await admin.call(routes.setBootstrap, { params: { endpoint }, body: body(5683) });
  }
  const names: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await admin.call(routes.listBootstraps, { query: { limit: 1, ...(cursor && { cursor }) } });
    names.push(...page.items.map((one) => one.endpoint));
    cursor = page.next;
  } while (cursor !== undefined);
  assert.deepEqual(names, ['default', 'a;x', 'b']);
  await admin.call(routes.setBootstrap, { params: { endpoint: 'b' }, body: body(1) });
  const shown = await admin.call(routes.showBootstrap, { params: { endpoint: 'b' } });
  assert.equal(shown.configuration.servers[0]?.uri, 'coap://192.0.2.1:1');
  await admin.call(routes.removeBootstrap, { params: { endpoint: 'b' } });
  const isProblem = (code: string) => (error: unknown) =>
    error instanceof ApiProblemError && error.problem.code === code;
  await assert.rejects(admin.call(routes.showBootstrap, { params: { endpoint: 'b' } }), isProblem('not-found'));
  await assert.rejects(admin.call(routes.removeBootstrap, { params: { endpoint: 'b' } }), isProblem('not-found'));
  const wrong = { servers: [{ uri: 'coap://192.0.2.1' }] };
  await assert.rejects(
    admin.call(routes.setBootstrap, { params: { endpoint: 'b' }, body: wrong }),
    isProblem('invalid-value'),
  );
});
