/** Terminals over OSCORE (RFC 8613) at the whole platform: credentials, registration, operations, restarts, removal. */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createCoapEndpoint, createStreamCoapEndpoint, formatCode } from '@yaolian/coap';
import { ApiClient, type JsonEvent, routes } from '@yaolian/contract';
import { decodeUtf8, type Peer, seconds, socketAddress } from '@yaolian/kernel';
import {
  coapStreamConnector,
  nodeClock,
  nodeRandom,
  nodeTimers,
  openUdpPort,
  oscoreCrypto,
} from '@yaolian/node-runtime';
import { createOscore, type OscoreCredentials, VolatileOscoreStates } from '@yaolian/oscore';
import { terminalConnector } from '@yaolian/simulator';
import { openOscoreTerminal, oscoreContext } from './support/oscore-terminal.ts';
import { EventLog, openPlatform, withCode } from './support/platform.ts';
import { startServer } from './support/server-process.ts';
import { openTerminal } from './support/terminal.ts';

const machine = { clock: nodeClock, timers: nodeTimers, random: nodeRandom };

async function readManufacturer(admin: ApiClient, device: string, timeout = '30s') {
  const params = { device, path: '3/0/0' };
  const { node } = await admin.call(routes.readResource, { params, query: { timeout } });
  assert.ok(node.kind === 'resource');
  return node.value;
}

/** RFC 8613 §4.2: what is protected is POST or FETCH on the outside. */
const isProtected = ([, code = 0]: Uint8Array) => code === 0 || [2, 5].includes(code) || code >> 5 === 2;

test('a terminal registers with its security context, is read and observed, and nothing of it is in the clear', async () => {
  await using bench = await openPlatform();
  const { admin } = bench;
  const { body, access } = oscoreContext('a', '01', { idContext: 'cafe', masterSalt: '9e7ca92223786340' });
  const added = await admin.call(routes.addCredential, { body });
  assert.equal(JSON.stringify(added).includes(body.masterSecret!), false);
  assert.deepEqual(
    [added.kind, added.senderId, added.recipientId, added.idContext, added.aead, added.hkdf, added.state],
    ['oscore', '01', 'ff', 'cafe', 'AES-CCM-16-64-128', 'HKDF-SHA-256', 'unused'],
  );
  await using terminal = await openOscoreTerminal('a', bench.coap, { access });
  assert.equal(await terminal.outcome, 'registered');
  assert.equal(await readManufacturer(admin, 'a'), 'Yaolian');
  const events = await EventLog.open(admin);
  await admin.call(routes.startObservation, { params: { device: 'a', path: '3303/0/5700' } });
  terminal.temperature.set('sensorValue', 31);
  const heard = await events.next((one) => one.type === 'observation.notified' && one.device === 'a');
  assert.ok(heard.type === 'observation.notified' && heard.data.node.kind === 'resource');
  assert.equal(heard.data.node.value, 31);
  await events.close();
  assert.equal(terminal.datagrams.every(isProtected), true);
  const { items } = await admin.call(routes.listCredentials, { query: { endpoint: 'a' } });
  assert.deepEqual(
    items.map(({ state }) => state),
    ['used'],
  );
});

for (const scheme of ['coap+tcp', 'coap+ws'] as const) {
  test(`a terminal registers with its security context over ${scheme}, is read and observed`, async () => {
    await using bench = await openPlatform({ 'coap.tcp': true, 'coap.ws-port': 0 });
    const { admin, platform } = bench;
    const { body, access } = oscoreContext('streamed', '01', { idContext: 'cafe' });
    await admin.call(routes.addCredential, { body });
    await admin.call(routes.startTrace, { params: { subject: '*' } });
    const uri = platform.listening.find(({ url }) => url.startsWith(`${scheme}://`))!.url.replace('[::]', '127.0.0.1');
    const oscore = createOscore({ ...machine, crypto: oscoreCrypto, store: new VolatileOscoreStates() });
    await using terminal = await openTerminal({
      endpointName: 'streamed',
      transport: terminalConnector(undefined, {}, undefined, oscore),
      servers: [{ uri, lifetime: seconds(300), oscore: access }],
    });
    terminal.client.start();
    await terminal.client.registered();
    assert.equal(await readManufacturer(admin, 'streamed'), 'Yaolian');
    const { registration } = await admin.call(routes.showDevice, { params: { device: 'streamed' } });
    const { security, transport } = registration!.connection!;
    assert.deepEqual([transport, security], [scheme === 'coap+ws' ? 'ws' : 'tcp', 'oscore']);
    const events = await EventLog.open(admin);
    await admin.call(routes.startObservation, { params: { device: 'streamed', path: '3303/0/5700' } });
    terminal.temperature.set('sensorValue', 31);
    const heard = await events.next((one) => one.type === 'observation.notified' && one.device === 'streamed');
    assert.ok(heard.type === 'observation.notified' && heard.data.node.kind === 'resource');
    assert.equal(heard.data.node.value, 31);
    await events.close();
    const { items } = await admin.call(routes.listTraceMessages, { params: { subject: '*' } });
    const requests = items.filter(({ direction, title }) => direction !== 'event' && !title.startsWith('7.'));
    assert.ok(
      requests.length >= 6 && requests.every(({ title }) => title.startsWith('OSCORE ')),
      JSON.stringify(requests),
    );
    assert.ok(requests.every(({ transport, device }) => transport === scheme && device === 'streamed'));
    const { layers } = await admin.call(routes.showTraceMessage, {
      params: { subject: '*', number: requests.find(({ title }) => title.includes('Read /3/0/0'))!.number },
    });
    assert.deepEqual(
      layers.slice(0, 2).map(({ name }) => name),
      ['CoAP', 'OSCORE'],
    );
    // Without the context nobody is the device, on the same port.
    const refused = Promise.withResolvers<string>();
    await using plain = await openTerminal({
      endpointName: 'streamed',
      transport: terminalConnector(undefined),
      servers: [{ uri, lifetime: seconds(300) }],
      onEvent: (event) => void (event.type === 'registration-failed' && refused.resolve(event.failure.message)),
    });
    plain.client.start();
    assert.match(await refused.promise, /4\.03/);
    await oscore.close();
  });
}

test('a wrong secret, an unknown Sender ID, the name of another and no proof do not get in', async () => {
  await using bench = await openPlatform();
  const { admin } = bench;
  const a = oscoreContext('a', '01');
  const b = oscoreContext('b', '02', { purpose: 'bootstrap' });
  for (const { body } of [a, b]) await admin.call(routes.addCredential, { body });
  const wrong = { ...a.access, masterSecret: new Uint8Array(16) };
  for (const [name, access, why] of [
    ['a', wrong, /Decryption failed/],
    ['a', oscoreContext('a', '07').access, /Security context not found/],
    ['c', a.access, /4\.03/],
    ['b', b.access, /4\.03/],
  ] as const) {
    await using terminal = await openOscoreTerminal(name, bench.coap, { access });
    assert.match(await terminal.outcome, why);
  }
  const refused = Promise.withResolvers<string>();
  await using plain = await openTerminal({
    endpointName: 'a',
    server: bench.coap,
    onEvent: (event) => void (event.type === 'registration-failed' && refused.resolve(event.failure.message)),
  });
  plain.client.start();
  assert.match(await refused.promise, /4\.03/);
});

test('credentials that make no sense are refused with the field', async () => {
  await using bench = await openPlatform();
  const { admin } = bench;
  const { body } = oscoreContext('a', '01');
  for (const [change, where] of [
    [{ recipientId: '01' }, 'body.recipientId'],
    [{ senderId: '0102', aead: 'AES-CCM-64-64-128' }, 'body.senderId'],
    [{ recipientId: '01020304050607', aead: 'A128GCM' }, 'body.recipientId'],
    [{ identity: 'x' }, 'body.identity'],
    [{ kind: 'psk' }, 'body.senderId'],
  ] as const) {
    await assert.rejects(admin.call(routes.addCredential, { body: { ...body, ...change } }), (error: unknown) => {
      assert.ok(withCode('invalid-value')(error), String(error));
      return JSON.stringify(error).includes(`"${where}"`);
    });
  }
  const { masterSecret: _, ...without } = body;
  await assert.rejects(admin.call(routes.addCredential, { body: without }), withCode('invalid-value'));
  await admin.call(routes.addCredential, { body });
  await assert.rejects(admin.call(routes.addCredential, { body }), withCode('conflict'));
  await admin.call(routes.addCredential, { body: { ...body, idContext: '00' } });
});

test('with coap.nosec off, the plain port serves who has a context, and refuses others with 4.01', async () => {
  await using bench = await openPlatform({ 'coap.nosec': false });
  const { body, access } = oscoreContext('a', '01');
  await bench.admin.call(routes.addCredential, { body });
  await using terminal = await openOscoreTerminal('a', bench.coap, { access });
  assert.equal(await terminal.outcome, 'registered');
  assert.equal(await readManufacturer(bench.admin, 'a'), 'Yaolian');
  const port = await openUdpPort({ host: '127.0.0.1', port: 0, adapter: 'portable' });
  const plain = createCoapEndpoint({ port, clock: nodeClock, timers: nodeTimers, random: nodeRandom });
  const ask = async (method: number, path: string) => plain.request(bench.coap, { method, path, query: ['ep=x'] });
  for (const path of ['/rd', '/bs']) assert.equal(formatCode((await ask(2, path)).code), '4.01', path);
  assert.doesNotMatch(decodeUtf8((await ask(1, '/.well-known/core')).payload) ?? '', /rd|bs|fw/);
  await plain.close();
});

for (const scheme of ['coap+tcp', 'coap+ws'] as const) {
  test(`with coap.nosec off, ${scheme} is closed until there is a context, and then serves who has it`, async () => {
    await using bench = await openPlatform({ 'coap.nosec': false, 'coap.tcp': true, 'coap.ws-port': 0 });
    const { admin, platform } = bench;
    const uri = platform.listening.find(({ url }) => url.startsWith(`${scheme}://`))!.url.replace('[::]', '127.0.0.1');
    const there = socketAddress('127.0.0.1', Number(uri.slice(uri.lastIndexOf(':') + 1)));
    const connector = coapStreamConnector({ scheme, host: '127.0.0.1' });
    const plain = createStreamCoapEndpoint({ ...machine, connector });
    const ask = async (method: number, path: string) => {
      const answer = await plain.request(there, { method, path, query: ['ep=a', 'lwm2m=1.1', 'lt=300', 'b=T'] });
      return formatCode(answer.code);
    };
    await assert.rejects(ask(2, '/rd'));
    const { body, access } = oscoreContext('a', '01');
    await admin.call(routes.addCredential, { body });
    for (const path of ['/rd', '/bs', '/fw/x']) assert.equal(await ask(2, path), '4.01', path);
    assert.equal(await ask(1, '/.well-known/core'), '2.05');
    const oscore = createOscore({ ...machine, crypto: oscoreCrypto, store: new VolatileOscoreStates() });
    await using terminal = await openTerminal({
      endpointName: 'a',
      transport: terminalConnector(undefined, {}, undefined, oscore),
      servers: [{ uri, lifetime: seconds(300), oscore: access }],
    });
    terminal.client.start();
    await terminal.client.registered();
    assert.equal(await readManufacturer(admin, 'a'), 'Yaolian');
    await plain.close();
    await oscore.close();
  });
}

test('with coap.nosec off, the port of bootstrap is there for contexts alone', async () => {
  await using bench = await openPlatform({ 'coap.nosec': false, 'coap.bootstrap-port': 0 });
  const { admin, platform } = bench;
  const { url } = platform.listening.find(({ service }) => service === 'bootstrap')!;
  const there = socketAddress('127.0.0.1', Number(url.slice(url.lastIndexOf(':') + 1)));
  const { body, access } = oscoreContext('a', '01', { purpose: 'bootstrap' });
  await admin.call(routes.addCredential, { body });
  const oscore = createOscore({ ...machine, crypto: oscoreCrypto, store: new VolatileOscoreStates() });
  const port = await openUdpPort({ host: '127.0.0.1', port: 0, adapter: 'portable' });
  const endpoint = createCoapEndpoint({ ...machine, port, protection: oscore });
  const ask = async (peer: Peer) =>
    formatCode((await endpoint.request(peer, { method: 2, path: '/bs', query: ['ep=a'] })).code);
  assert.equal(await ask(there), '4.01');
  // The Bootstrap-Server itself speaks: nothing is configured for this endpoint.
  assert.equal(await ask(await oscore.open(access as OscoreCredentials, there)), '4.00');
  await endpoint.close();
  await oscore.close();
});

test('after a restart a terminal is asked and observed as before, without saying anything first', async () => {
  await using first = await openPlatform();
  const { body, access } = oscoreContext('a', '01');
  await first.admin.call(routes.addCredential, { body });
  await using terminal = await openOscoreTerminal('a', first.coap, { access });
  assert.equal(await terminal.outcome, 'registered');
  await first.admin.call(routes.startObservation, { params: { device: 'a', path: '3303/0/5700' } });
  await using bench = await first.restart();
  assert.equal(await readManufacturer(bench.admin, 'a'), 'Yaolian');
  const events = await EventLog.open(bench.admin);
  await terminal.transport.request(bench.coap, { method: 1, path: '/.well-known/core' });
  terminal.temperature.set('sensorValue', 41);
  const heard = await events.next(
    (one) => one.type === 'observation.notified' && one.data.node.kind === 'resource' && one.data.node.value === 41,
  );
  assert.equal(heard.type, 'observation.notified');
  terminal.client.update();
  await events.next((one) => one.type === 'device.updated' && one.device === 'a');
  await events.close();
});

test('after kill -9 the terminal shows that it is there now, and all goes on', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'yaolian-oscore-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const flags = ['--data-dir', folder, '--coap-host', '127.0.0.1', '--log-level', 'warn', '--no-coap-tcp'];
  const all = [...flags, '--no-coap-tls', '--no-coap-dtls', '--http-port', '0'];
  const first = await startServer([...all, '--coap-port', '0']);
  const login = async (baseUrl: string) => {
    const { token } = await new ApiClient({ baseUrl }).call(routes.login, {
      body: { password: first.adminPassword! },
    });
    return new ApiClient({ baseUrl, token });
  };
  const admin = await login(first.httpUrl);
  const { body, access } = oscoreContext('a', '01');
  await admin.call(routes.addCredential, { body });
  await using terminal = await openOscoreTerminal('a', socketAddress('127.0.0.1', first.coapPort), { access });
  assert.equal(await terminal.outcome, 'registered');
  await admin.call(routes.startObservation, { params: { device: 'a', path: '3303/0/5700' } });
  await first.kill();
  const second = await startServer([...all, '--coap-port', `${first.coapPort}`]);
  const again = await login(second.httpUrl);
  const events = await EventLog.open(again);
  terminal.client.update();
  await events.next((one) => one.device === 'a' && one.type === 'device.updated');
  assert.equal(await readManufacturer(again, 'a'), 'Yaolian');
  terminal.temperature.set('sensorValue', 51);
  await events.next(
    (one) => one.type === 'observation.notified' && one.data.node.kind === 'resource' && one.data.node.value === 51,
  );
  const metrics = await again.call(routes.showMetrics, {});
  assert.match(metrics, /^oscore_challenges_total\S* 1$/m);
  await events.close();
  assert.equal((await second.signal('SIGTERM')).code, 0);
});

test('RFC 8613 Appendix B.2: a terminal that lost its state makes a new context, which outlives a restart', async () => {
  await using first = await openPlatform();
  const { admin } = first;
  const { body, access } = oscoreContext('a', '01', { idContext: 'cafe', rederives: true });
  assert.equal((await admin.call(routes.addCredential, { body })).rederives, true);
  const { items } = await admin.call(routes.listCredentials, { query: { endpoint: 'a' } });
  assert.equal(items[0]?.rederives, true);
  for (let life = 0; life < 2; life++) {
    await using terminal = await openOscoreTerminal('a', first.coap, { access });
    assert.equal(await terminal.outcome, 'registered');
    assert.equal(await readManufacturer(admin, 'a'), 'Yaolian');
    if (life === 0) await admin.call(routes.startObservation, { params: { device: 'a', path: '3303/0/5700' } });
    assert.equal(terminal.datagrams.every(isProtected), true);
  }
  const states = new VolatileOscoreStates();
  await using terminal = await openOscoreTerminal('a', first.coap, { access, states });
  assert.equal(await terminal.outcome, 'registered');
  const events = await EventLog.open(admin);
  terminal.temperature.set('sensorValue', 61);
  const isHeard = (value: number) => (one: JsonEvent) =>
    one.type === 'observation.notified' && one.data.node.kind === 'resource' && one.data.node.value === value;
  await events.next(isHeard(61));
  await events.close();
  await using bench = await first.restart();
  assert.equal(await readManufacturer(bench.admin, 'a'), 'Yaolian');
  assert.doesNotMatch(await bench.admin.call(routes.showMetrics, {}), /^oscore_rederivations_total\S* [1-9]/m);
});

test('without the agreement a terminal that lost its state does not get in', async () => {
  await using bench = await openPlatform();
  const { body, access } = oscoreContext('a', '01');
  await bench.admin.call(routes.addCredential, { body });
  await using terminal = await openOscoreTerminal('a', bench.coap, { access: { ...access, rederives: true } });
  assert.match(await terminal.outcome, /4\.0[01]/);
});

test('a credential that is removed ends its context, before and after a restart; its keys may come back', async () => {
  await using first = await openPlatform();
  const { body, access } = oscoreContext('a', '01');
  const { id } = await first.admin.call(routes.addCredential, { body });
  await using terminal = await openOscoreTerminal('a', first.coap, { access });
  assert.equal(await terminal.outcome, 'registered');
  await first.admin.call(routes.removeCredential, { params: { id } });
  await assert.rejects(readManufacturer(first.admin, 'a', '1s'));
  await using bench = await first.restart();
  const before = terminal.datagrams.length;
  await assert.rejects(readManufacturer(bench.admin, 'a', '1s'), withCode('device-timeout'));
  assert.equal(terminal.datagrams.length, before, 'it was not asked in the clear');
  const events = await EventLog.open(bench.admin);
  await bench.admin.call(routes.addCredential, { body });
  terminal.client.update();
  await events.next((one) => one.device === 'a' && (one.type === 'device.updated' || one.type === 'device.registered'));
  assert.equal(await readManufacturer(bench.admin, 'a'), 'Yaolian');
  await events.close();
});
