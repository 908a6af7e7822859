/** The messages of devices, recorded by the platform and read over its API. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Code, createCoapEndpoint, encodeMessage, MessageType, OptionNumber } from '@yaolian/coap';
import { ApiClient, type JsonTraceMessage, type JsonTraceMessageDetail, routes } from '@yaolian/contract';
import { decodeHex, emptyBytes, encodeUtf8, seconds } from '@yaolian/kernel';
import { SecurityMode } from '@yaolian/lwm2m/client';
import { nodeClock, nodeRandom, nodeTimers, openUdpPort } from '@yaolian/node-runtime';
import { terminalConnector } from '@yaolian/simulator';
import { openOscoreTerminal, oscoreContext } from './support/oscore-terminal.ts';
import { openPlatform, type TestPlatform, urlOf, withCode } from './support/platform.ts';
import { openTerminal } from './support/terminal.ts';

const everything = { subject: '*' };

const list = async ({ admin }: TestPlatform, subject = '*', query = {}) =>
  (await admin.call(routes.listTraceMessages, { params: { subject }, query })).items;

const detail = ({ admin }: TestPlatform, { number }: JsonTraceMessage, subject = '*') =>
  admin.call(routes.showTraceMessage, { params: { subject, number } });

const fieldOf = ({ layers }: JsonTraceMessageDetail, name: string) =>
  layers.flatMap(({ fields }) => fields).find((field) => field.name === name);

test('a read is shown with operation, path, names, values and the bytes of each field', async () => {
  await using bench = await openPlatform();
  const { admin, coap } = bench;
  await admin.call(routes.startTrace, { params: everything });
  await using terminal = await openTerminal({
    endpointName: 'traced',
    servers: [{ uri: `coap://${coap.key}`, lifetime: seconds(300) }],
  });
  terminal.client.start();
  await terminal.client.registered();
  await admin.call(routes.startTrace, { params: { subject: 'traced' } });
  await admin.call(routes.readResource, { params: { device: 'traced', path: '3/0/0' } });
  const titles = (await list(bench)).map(({ direction, title, device }) => `${direction} ${device} ${title}`);
  assert.deepEqual(titles, [
    'in traced CON POST Register /rd',
    'out traced ACK 2.01 Created to Register /rd',
    'out traced CON GET Read /3/0/0',
    'in traced ACK 2.05 Content to Read /3/0/0',
  ]);
  const answer = (await list(bench, 'traced')).at(-1)!;
  assert.deepEqual([answer.operation, answer.path, answer.pathName], ['Read', '/3/0/0', 'Device / 0 / Manufacturer']);
  const shown = await detail(bench, answer, 'traced');
  assert.deepEqual(
    shown.layers.map(({ name }) => name),
    ['CoAP', 'LwM2M'],
  );
  const bytes = decodeHex(shown.message!)!;
  const id = fieldOf(shown, 'Message ID')!;
  assert.equal(id.value.slice(0, 6), `0x${Buffer.from(bytes.subarray(id.start, id.end)).toString('hex')}`);
  assert.ok(fieldOf(shown, '/3/0/0  Device / 0 / Manufacturer'));
  assert.equal((await list(bench, 'traced', { search: 'manufacturer' })).length, 2);
  assert.equal((await list(bench, 'traced', { direction: 'in' })).length, 1);
  for (const format of ['tlv', 'senml-cbor'] as const) {
    await admin.call(routes.readResource, { params: { device: 'traced', path: '3/0' }, query: { format } });
    const whole = await detail(bench, (await list(bench, 'traced')).at(-1)!, 'traced');
    const maker = fieldOf(whole, '/3/0/0  Device / 0 / Manufacturer')!;
    const own = decodeHex(whole.message!)!.subarray(maker.start, maker.end);
    assert.ok(Buffer.from(own).includes(maker.value), 'the value is in the bytes that are shown for it');
    assert.ok(own.length < maker.value.length + 16, 'and little else is');
  }
});

test('copies, what is dropped and senders that nobody knows are told apart', async () => {
  await using bench = await openPlatform();
  const { admin, coap } = bench;
  await admin.call(routes.startTrace, { params: everything });
  const port = await openUdpPort({ host: '127.0.0.1', port: 0, adapter: 'portable' });
  const answers: (() => void)[] = [];
  port.listen({ onDatagram: () => answers.shift()?.() });
  const ask = (bytes: Uint8Array) =>
    new Promise<void>((resolve) => {
      answers.push(resolve);
      port.send(bytes, coap);
    });
  const get = encodeMessage({
    type: MessageType.CON,
    code: Code.GET,
    messageId: 7,
    token: emptyBytes,
    options: [{ number: OptionNumber.UriPath, value: encodeUtf8('nowhere\u001b[2J') }],
    payload: emptyBytes,
  });
  await ask(get);
  await ask(get);
  port.send(Uint8Array.of(0x70, 0, 0, 9), coap);
  await ask(Uint8Array.of(0x40, 0, 0, 8)); // ping
  await port.close();
  const found = await list(bench, '*', { unknown: true });
  assert.deepEqual(
    found.map(({ direction, title, note = '' }) => `${direction} ${title} ${note}`.trim()),
    [
      'in CON GET /nowhere\\x1b[2J',
      'out ACK 4.04 NotFound to /nowhere\\x1b[2J',
      'in CON GET /nowhere\\x1b[2J duplicate',
      'out ACK 4.04 NotFound to /nowhere\\x1b[2J repeated answer',
      'in RST empty unexpected reset',
      'in CON ping',
      'out RST empty',
    ],
  );
});

const psk = 'ffeeddccbbaa99887766554433221100';

test('a device that is traced before it comes has its handshake in the trace, and its messages decrypted', async () => {
  await using bench = await openPlatform({ 'trace.key-log': true });
  const { admin } = bench;
  const key = { identity: 'secret-1', key: psk };
  await admin.call(routes.addCredential, { body: { endpoint: 'secret-1', kind: 'psk', ...key } });
  const uri = bench.platform.listening.find(({ url }) => url.startsWith('coaps://'))!.url;
  const port = await openUdpPort({ host: '127.0.0.1', port: 0, adapter: 'portable' });
  const plain = createCoapEndpoint({ port, clock: nodeClock, timers: nodeTimers, random: nodeRandom });
  const connect = () =>
    openTerminal({
      endpointName: 'secret-1',
      transport: terminalConnector(plain),
      servers: [
        {
          uri,
          lifetime: seconds(300),
          securityMode: SecurityMode.PreSharedKey,
          publicKeyOrIdentity: encodeUtf8(key.identity),
          secretKey: decodeHex(psk)!,
        },
      ],
    });
  {
    await using first = await connect();
    first.client.start();
    await first.client.registered();
  }
  await admin.call(routes.startTrace, { params: { subject: 'secret-1' } });
  await using again = await connect();
  again.client.start();
  await again.client.registered();
  const found = await list(bench, 'secret-1');
  assert.ok(
    found.some(({ title }) => title === 'ClientHello'),
    JSON.stringify(found),
  );
  assert.ok(found.some(({ direction, title }) => direction === 'event' && title.startsWith('a session is open')));
  const register = found.find(({ title }) => title === 'CON POST Register /rd')!;
  const shown = await detail(bench, register, 'secret-1');
  assert.deepEqual(
    shown.layers.map(({ name, bytes }) => `${name} ${bytes}`),
    ['DTLS wire', 'CoAP message', 'LwM2M message'],
  );
  assert.ok(shown.wire!.length > shown.message!.length);
  const params = { subject: 'secret-1' };
  const secret = Buffer.from('CLIENT_RANDOM ');
  assert.ok(!Buffer.from(await admin.download(routes.exportTrace, { params })).includes(secret));
  const query = { wire: true, secrets: true };
  assert.ok(Buffer.from(await admin.download(routes.exportTrace, { params, query })).includes(secret));
  await plain.close();
});

test('keys that bootstrap writes are not recorded', async () => {
  await using bench = await openPlatform();
  const { admin, coap } = bench;
  await admin.call(routes.startTrace, { params: everything });
  const servers = [{ shortServerId: 123, uri: `coap://${coap.key}`, lifetime: 300 }];
  await admin.call(routes.setBootstrap, { params: { endpoint: 'default' }, body: { servers } });
  await using terminal = await openTerminal({ endpointName: 'boot', bootstrap: { uri: `coap://${coap.key}` } });
  terminal.client.start();
  await terminal.client.registered();
  const writes = (await list(bench)).filter(
    ({ operation, path }) => operation?.startsWith('Write') && path?.startsWith('/0'),
  );
  assert.ok(writes.length > 0);
  for (const one of writes)
    assert.ok(!(await detail(bench, one)).message!.includes(Buffer.from('coap:').toString('hex')));
});

test('what OSCORE protects is shown beside what was on the wire, from the first message on', async () => {
  await using bench = await openPlatform();
  const { admin } = bench;
  await admin.call(routes.startTrace, { params: everything });
  const { body, access } = oscoreContext('inside', '01', { idContext: 'cafe' });
  await admin.call(routes.addCredential, { body });
  await using terminal = await openOscoreTerminal('inside', bench.coap, { access });
  assert.equal(await terminal.outcome, 'registered');
  await admin.call(routes.readResource, { params: { device: 'inside', path: '3/0/0' } });
  const wrong = { ...access, senderId: Uint8Array.of(9) };
  await using stranger = await openOscoreTerminal('stranger', bench.coap, { access: wrong });
  assert.match(await stranger.outcome, /Security context not found/);
  // A busy machine acknowledges first and answers later, and terminals ask again.
  const found = (await list(bench)).filter(({ title, note }) => note === undefined && !title.endsWith(' empty'));
  assert.deepEqual(
    found.map(({ direction, title, device = '-' }) => `${direction} ${device} ${title.slice(4)}`),
    [
      'in inside OSCORE POST Register /rd',
      'out inside OSCORE 2.01 Created to Register /rd',
      'out inside OSCORE GET Read /3/0/0',
      'in inside OSCORE 2.05 Content to Read /3/0/0',
      'in - POST (protected)',
      'out - 4.01 Unauthorized',
    ],
  );
  const answer = await detail(bench, found[3]!);
  assert.deepEqual(
    answer.layers.map(({ name, title, bytes }) => `${name} ${title.replace(/^[A-Z]{3} /, '')} ${bytes}`),
    ['CoAP 2.04 Changed message', 'OSCORE 2.05 Content plaintext', 'LwM2M Read plaintext'],
  );
  const inside = decodeHex(answer.plaintext!)!;
  const code = answer.layers[1]!.fields.find(({ name }) => name === 'Code')!;
  assert.deepEqual([...inside.subarray(code.start, code.end)], [Code.Content]);
  const maker = fieldOf(answer, '/3/0/0  Device / 0 / Manufacturer')!;
  assert.ok(Buffer.from(inside.subarray(maker.start, maker.end)).includes('Yaolian'));
  assert.equal(answer.message!.includes(Buffer.from('Yaolian').toString('hex')), false);
  const params = { subject: '*' };
  const clear = Buffer.from(await admin.download(routes.exportTrace, { params }));
  assert.ok(clear.includes('Yaolian'));
  const wire = Buffer.from(await admin.download(routes.exportTrace, { params, query: { wire: true } }));
  assert.equal(wire.includes('Yaolian'), false);
});

test('keys that bootstrap writes under OSCORE are not recorded either', async () => {
  await using bench = await openPlatform();
  const { admin, coap } = bench;
  await admin.call(routes.startTrace, { params: everything });
  const { body, access } = oscoreContext('sealed', '01', { purpose: 'bootstrap' });
  await admin.call(routes.addCredential, { body });
  const security = { mode: 'oscore', issue: 'new' } as const;
  const servers = [{ shortServerId: 123, uri: `coap://${coap.key}`, lifetime: 300, security }];
  await admin.call(routes.setBootstrap, { params: { endpoint: 'sealed' }, body: { servers } });
  await using terminal = await openOscoreTerminal('sealed', coap, {
    access,
    servers: [],
    bootstrap: { uri: `coap://${coap.key}`, oscore: access },
  });
  assert.equal(await terminal.outcome, 'registered');
  const found = await list(bench);
  const writes = found.filter(
    ({ direction, operation, path }) =>
      direction === 'out' && operation?.startsWith('Write') && /^\/(0|21)(\/|$)/.test(path ?? ''),
  );
  assert.deepEqual([...new Set(writes.map(({ path }) => path!.split('/')[1]))].sort(), ['0', '21']);
  for (const one of writes) {
    const shown = await detail(bench, one);
    const { start, end } = fieldOf(shown, 'Payload')!;
    assert.match(shown.plaintext!.slice(start * 2, end * 2), /^(00)+$/, one.title);
  }
});

test('a trace can be followed, stopped and forgotten, by operators', async () => {
  await using bench = await openPlatform({ 'trace.max-devices': 1 });
  const { admin, coap } = bench;
  const subject = 'follow';
  const params = { subject };
  await using terminal = await openTerminal({
    endpointName: subject,
    servers: [{ uri: `coap://${coap.key}`, lifetime: seconds(300) }],
  });
  terminal.client.start();
  await terminal.client.registered();
  await assert.rejects(admin.call(routes.showTrace, { params }), withCode('not-found'));
  await assert.rejects(admin.call(routes.startTrace, { params: { subject: 'nobody' } }), withCode('device-unknown'));
  assert.equal((await admin.call(routes.startTrace, { params, body: { duration: '10m' } })).recording, true);
  const read = () => admin.call(routes.readResource, { params: { device: subject, path: '3/0/0' } });
  const leaving = new AbortController();
  const seen: string[] = [];
  const control = { onOpen: () => void read() };
  try {
    for await (const message of admin.follow(routes.followTrace, { params, signal: leaving.signal }, control)) {
      seen.push(message.title);
      if (seen.length === 2) leaving.abort();
    }
  } catch {
    assert.ok(leaving.signal.aborted);
  }
  assert.deepEqual(seen, ['CON GET Read /3/0/0', 'ACK 2.05 Content to Read /3/0/0']);
  await followTogether(bench, subject);
  assert.deepEqual((await admin.call(routes.stopTrace, { params })).recording, false);
  const before = (await list(bench, subject)).length;
  await read();
  assert.equal((await list(bench, subject)).length, before);
  await admin.call(routes.removeTrace, { params });
  await assert.rejects(admin.call(routes.showTrace, { params }), withCode('not-found'));
  const { token } = await admin.call(routes.createToken, { body: { label: 'eyes', role: 'viewer' } });
  const viewer = new ApiClient({ baseUrl: urlOf(bench.platform, 'http'), token });
  await assert.rejects(viewer.call(routes.listTraces, {}), withCode('forbidden'));
});

/** One stream has what is recorded of both; the trace of everything begins while it is open. */
async function followTogether(bench: TestPlatform, subject: string): Promise<void> {
  const leaving = new AbortController();
  const seen: string[] = [];
  const control = {
    onOpen: () =>
      void bench.admin
        .call(routes.startTrace, { params: { subject: '*' } })
        .then(() => bench.admin.call(routes.readResource, { params: { device: subject, path: '3/0/0' } })),
  };
  const query = { subject: [subject, '*', 'nobody'] };
  try {
    for await (const told of bench.admin.follow(routes.followTraces, { query, signal: leaving.signal }, control)) {
      seen.push(`${told.subject}: ${told.message.title}`);
      if (seen.length === 4) leaving.abort();
    }
  } catch {
    assert.ok(leaving.signal.aborted);
  }
  const titles = ['CON GET Read /3/0/0', 'ACK 2.05 Content to Read /3/0/0'];
  assert.deepEqual(
    seen.sort(),
    [...titles.map((title) => `*: ${title}`), ...titles.map((title) => `${subject}: ${title}`)].sort(),
  );
  await bench.admin.call(routes.removeTrace, { params: { subject: '*' } });
}
