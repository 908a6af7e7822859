import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Code, ContentFormat, formatCode, type OutgoingResponse } from '@yaolian/coap';
import { decodeHex, decodeUtf8, encodeHex, encodeUtf8, hours, seconds } from '@yaolian/kernel';
import {
  lwm2mPath,
  multipleResource,
  objectInstance,
  parsePath,
  type ResourceValue,
  resourceInstance,
  singleResource,
} from '../index.ts';
import type { Answer, ReadAnswer } from './operation-types.ts';
import type { ScriptedTerminal } from './testing/scripted-terminal.ts';
import { World, type WorldOptions } from './testing/world.ts';

function path(text: string) {
  const parsed = parsePath(text);
  assert.ok(parsed.ok);
  return parsed.value;
}

function text(value: string, contentFormat: number | undefined = ContentFormat.Text): OutgoingResponse {
  const payload = encodeUtf8(value);
  return contentFormat === undefined ? { code: Code.Content, payload } : { code: Code.Content, contentFormat, payload };
}

function tlv(hex: string, contentFormat: number = ContentFormat.Lwm2mTlv): OutgoingResponse {
  return { code: Code.Content, contentFormat, payload: decodeHex(hex)! };
}

async function registered(options: WorldOptions = {}, query = 'ep=a', links = '</1/0>,</3/0>,</5/0>') {
  const world = await World.open(options);
  const terminal = world.terminal();
  await world.until(terminal.register(query, links));
  await world.settle();
  world.takeEvents();
  return { world, terminal, server: world.server };
}

const client = { endpoint: 'a' };

function readValue(answer: Answer<ReadAnswer>): ResourceValue | undefined {
  assert.ok(answer.ok, JSON.stringify(answer));
  const { node } = answer.value;
  assert.ok(node.kind === 'resource');
  return node.value;
}

function asked(terminal: ScriptedTerminal): string[] {
  return terminal.requests.splice(0).map(({ method, path: segments, accept, contentFormat, payload }) => {
    const name = { 1: 'GET', 2: 'POST', 3: 'PUT', 4: 'DELETE' }[method];
    const format = accept === undefined ? '' : ` accept ${accept}`;
    const content = contentFormat === undefined ? '' : ` ${contentFormat} ${encodeHex(payload)}`;
    return `${name} /${segments.join('/')}${format}${content}`;
  });
}

test('LightweightM2M-1.1-int-201 Querying basic information in Plain Text format', async () => {
  const { world, terminal, server } = await registered();
  terminal.on('GET /3/0/0', text('Yaolian')).on('GET /3/0/9', text('95'));
  const options = { accept: ContentFormat.Text };
  assert.equal(readValue(await world.until(server.read(client, path('/3/0/0'), options))), 'Yaolian');
  assert.equal(readValue(await world.until(server.read(client, path('/3/0/9'), options))), 95);
  assert.deepEqual(asked(terminal), ['GET /3/0/0 accept 0', 'GET /3/0/9 accept 0']);
});

test('LightweightM2M-1.1-int-203 Querying basic information in TLV format', async () => {
  const { world, terminal, server } = await registered();
  terminal.on('GET /3/0', tlv('c8000959616f6c69616e2121c1095f'));
  const answer = await world.until(server.read(client, path('/3/0')));
  assert.ok(answer.ok && answer.value.node.kind === 'object-instance');
  assert.deepEqual(
    [...answer.value.node.resources.values()],
    [singleResource(0, 'string', 'Yaolian!!'), singleResource(9, 'integer', 95)],
  );
  assert.deepEqual(asked(terminal), ['GET /3/0 accept 11542']);
  await world.settle();
  const [completed] = world.eventsOf('operation-completed');
  assert.deepEqual(
    [completed!.operation, completed!.path, completed!.code, completed!.error],
    ['read', '/3/0', Code.Content, undefined],
  );
});

test('LightweightM2M-1.1-int-204 Querying basic information in JSON format', async () => {
  const { world, terminal, server } = await registered();
  terminal.on('GET /3/0', text('{"bn":"/3/0/","e":[{"n":"0","sv":"Yaolian"},{"n":"9","v":95}]}', 11_543));
  const answer = await world.until(server.read(client, path('/3/0'), { accept: ContentFormat.Lwm2mJson }));
  assert.ok(answer.ok && answer.value.node.kind === 'object-instance');
  assert.deepEqual([...answer.value.node.resources.keys()], [0, 9]);
  assert.deepEqual(asked(terminal), ['GET /3/0 accept 11543']);
});

test('LightweightM2M-1.1-int-205 Setting basic information in Plain Text format', async () => {
  const { world, terminal, server } = await registered();
  terminal.on('PUT /1/0/1', { code: Code.Changed });
  const node = singleResource(1, 'integer', 300);
  const answer = await world.until(server.write(client, path('/1/0/1'), node, { contentFormat: ContentFormat.Text }));
  assert.ok(answer.ok && answer.value.code === Code.Changed);
  assert.deepEqual(asked(terminal), ['PUT /1/0/1 0 333030']);
});

test('LightweightM2M-1.1-int-215 Setting basic information in TLV format', async () => {
  const { world, terminal, server } = await registered();
  terminal.on('PUT /1/0', { code: Code.Changed }).on('POST /1/0', { code: Code.Changed });
  const node = objectInstance(0, [singleResource(1, 'integer', 300), singleResource(7, 'string', 'U')]);
  assert.ok((await world.until(server.write(client, path('/1/0'), node))).ok);
  // LightweightM2M-1.1-int-226: a partial update is the same by POST.
  assert.ok((await world.until(server.update(client, path('/1/0'), node))).ok);
  assert.deepEqual(asked(terminal), ['PUT /1/0 11542 c201012cc10755', 'POST /1/0 11542 c201012cc10755']);
});

test('LightweightM2M-1.1-int-220 Setting basic information in JSON format', async () => {
  const { world, terminal, server } = await registered();
  terminal.on('PUT /1/0', { code: Code.Changed });
  const node = objectInstance(0, [singleResource(1, 'integer', 300)]);
  assert.ok((await world.until(server.write(client, path('/1/0'), node, { contentFormat: 11_543 }))).ok);
  const [request] = terminal.requests;
  assert.equal(request!.contentFormat, 11_543);
  assert.match(decodeUtf8(request!.payload)!, /"e":\[\{"n":"\/?(?:1\/0\/)?1","v":300\}\]/);
});

test('LightweightM2M-1.1-int-237 whatever format comes without an Accept is understood', async () => {
  const { world, terminal, server } = await registered();
  terminal.on('GET /3', tlv('080003c1095f'));
  const answer = await world.until(server.read(client, path('/3'), { accept: 'any' }));
  assert.ok(answer.ok && answer.value.node.kind === 'object');
  assert.deepEqual(asked(terminal), ['GET /3']);
});

test('LightweightM2M-1.1-int-241 Executable Resource: Rebooting the device', async () => {
  const { world, terminal, server } = await registered();
  terminal.on('POST /3/0/4', { code: Code.Changed });
  assert.ok((await world.until(server.execute(client, path('/3/0/4')))).ok);
  assert.ok((await world.until(server.execute(client, path('/3/0/4'), "0='now',1"))).ok);
  const args = [{ digit: 2, value: 'x' }];
  assert.ok((await world.until(server.execute(client, path('/3/0/4'), args))).ok);
  const second = encodeHex(encodeUtf8("0='now',1"));
  assert.deepEqual(asked(terminal), ['POST /3/0/4', `POST /3/0/4 0 ${second}`, 'POST /3/0/4 0 323d277827']);
  await assert.rejects(server.execute(client, path('/3/0/4'), 'now!'), { code: 'LWM2M_WRONG_ARGUMENTS' });
  await assert.rejects(server.execute(client, path('/3/0/9')), { code: 'LWM2M_NOT_EXECUTABLE' });
  await assert.rejects(server.execute(client, path('/3/0')), { code: 'LWM2M_WRONG_PATH' });
});

test('LightweightM2M-1.1-int-104 Registration Update Trigger', async () => {
  const { world, terminal, server } = await registered();
  terminal.on('POST /1/0/8', () => {
    void terminal.update();
    return { code: Code.Changed };
  });
  // The server executes 1/0/8; the client agrees and sends an Update.
  assert.ok((await world.until(server.execute(client, path('/1/0/8')))).ok);
  await world.settle();
  assert.deepEqual(world.takeEvents().toSorted(), ['operation-completed', 'updated']);
});

test('LightweightM2M-1.1-int-256 Write Operation Failure: a refusal is a value with its code', async () => {
  const { world, terminal, server } = await registered();
  terminal.on('PUT /3/0/15', { code: Code.MethodNotAllowed, payload: encodeUtf8('read only') });
  const node = singleResource(15, 'string', 'Asia/Shanghai');
  assert.deepEqual(await world.until(server.write(client, path('/3/0/15'), node)), {
    ok: false,
    error: { code: Code.MethodNotAllowed, diagnostic: 'read only' },
  });
  await world.settle();
  assert.deepEqual(
    world.eventsOf('operation-completed').map(({ code, error }) => [formatCode(code!), error]),
    [['4.05', undefined]],
  );
});

test('LightweightM2M-1.1-int-260 Discover Command', async () => {
  const { world, terminal, server } = await registered();
  terminal
    .on('GET /3', text('</3>;pmin=10,</3/0>;pmax=60,</3/0/1>,</3/0/6>;dim=8,</3/0/7>;dim=8;gt=50;lt=42.2', 40))
    .on('GET /3/0', text('</3/0>,</3/0/1>', 1541))
    .on('GET /3/0/7', { code: Code.NotFound })
    .on('GET /5', text('garbage', 40));
  const answer = await world.until(server.discover(client, path('/3')));
  assert.ok(answer.ok);
  assert.deepEqual(answer.value.links.slice(3), [
    { path: path('/3/0/6'), attributes: {}, dim: 8 },
    { path: path('/3/0/7'), attributes: { gt: 50, lt: 42.2 }, dim: 8 },
  ]);
  assert.deepEqual(asked(terminal), ['GET /3 accept 40']);
  assert.ok((await world.until(server.discover(client, path('/3/0')))).ok);
  assert.ok(!(await world.until(server.discover(client, path('/3/0/7')))).ok);
  await assert.rejects(world.until(server.discover(client, path('/5'))), { code: 'LWM2M_ANSWER_MALFORMED' });
});

test('LightweightM2M-1.1-int-261 Write-Attribute Operation on a multiple resource', async () => {
  const { world, terminal, server } = await registered();
  terminal.otherwise = () => ({ code: Code.Changed });
  assert.ok((await world.until(server.writeAttributes(client, path('/3/0/7'), { pmin: 10, pmax: 200 }))).ok);
  assert.ok((await world.until(server.writeAttributes(client, path('/3/0/7'), { gt: 50.5, lt: -42, st: null }))).ok);
  assert.ok((await world.until(server.writeAttributes(client, path('/3/0'), { pmax: null }))).ok);
  assert.deepEqual(terminal.heard, ['PUT /3/0/7?pmin=10&pmax=200', 'PUT /3/0/7?gt=50.5&lt=-42&st', 'PUT /3/0?pmax']);
  const wrong = [
    [path('/3/0/7'), { pmin: 20, pmax: 10 }],
    [path('/3/0'), { gt: 5 }],
    [path('/3/0/0'), { gt: 5 }],
  ] as const;
  for (const [target, changes] of wrong) {
    await assert.rejects(server.writeAttributes(client, target, changes), { code: 'LWM2M_WRONG_ATTRIBUTES' });
    assert.ok((await world.until(server.writeAttributes(client, target, changes, { unchecked: true }))).ok);
  }
  assert.ok((await world.until(server.writeAttributes(client, path('/9999/0/1'), { gt: 5 }))).ok);
});

test('LightweightM2M-1.1-int-1630 Create and LightweightM2M-1.1-int-1635 Delete of an object instance', async () => {
  const { world, terminal, server } = await registered();
  terminal
    .on('POST /16', { code: Code.Created, locationPath: ['16', '3'] })
    .on('DELETE /16/3', { code: Code.Deleted })
    .on('DELETE /16/4', { code: Code.NotFound });
  const instance = objectInstance(0, [multipleResource(0, 'string', [[0, 'Host']])]);
  const chosen = await world.until(server.create(client, path('/16/3'), instance));
  assert.deepEqual(chosen, { ok: true, value: { code: Code.Created, path: path('/16/3') } });
  const given = await world.until(server.create(client, path('/16'), instance));
  assert.deepEqual(given, { ok: true, value: { code: Code.Created, path: path('/16/3') } });
  assert.deepEqual(asked(terminal), ['POST /16 11542 08030886004400486f7374', 'POST /16 11542 86004400486f7374']);
  assert.ok((await world.until(server.delete(client, path('/16/3')))).ok);
  assert.ok(!(await world.until(server.delete(client, path('/16/4')))).ok);
});

test('LightweightM2M-1.1-int-680 Create and LightweightM2M-1.1-int-685 Delete on Device must fail', async () => {
  const { world, terminal, server } = await registered();
  terminal.otherwise = () => ({ code: Code.MethodNotAllowed });
  const instance = objectInstance(1, [singleResource(0, 'string', 'x')]);
  await assert.rejects(server.create(client, path('/3'), instance), { code: 'LWM2M_SINGLE_INSTANCE' });
  await assert.rejects(server.delete(client, path('/3/0')), { code: 'LWM2M_SINGLE_INSTANCE' });
  assert.deepEqual(terminal.requests, []);
  // Our own check set aside, the client has the last word.
  const created = await world.until(server.create(client, path('/3'), instance, { unchecked: true }));
  const deleted = await world.until(server.delete(client, path('/3/0'), { unchecked: true }));
  assert.deepEqual(
    [created, deleted].map((answer) => !answer.ok && answer.error.code),
    [Code.MethodNotAllowed, Code.MethodNotAllowed],
  );
});

test('what the model does not allow says which rule, and can be set aside', async () => {
  const { world, terminal, server } = await registered();
  terminal.otherwise = () => ({ code: Code.Changed });
  const write = (at: string, node: Parameters<typeof server.write>[2], unchecked = false) =>
    server.write(client, path(at), node, { unchecked });
  const cases: [string, Parameters<typeof server.write>[2], string][] = [
    ['/3/0/9', singleResource(9, 'integer', 5), 'LWM2M_NOT_WRITABLE'],
    ['/3/0/4', singleResource(4, 'string', 'x'), 'LWM2M_EXECUTABLE'],
    ['/3/0/13', singleResource(13, 'string', 'today'), 'LWM2M_WRONG_TYPE'],
    ['/1/0/1', singleResource(1, 'integer', 1.5), 'LWM2M_WRONG_TYPE'],
    ['/1/0/1', singleResource(1, 'integer', 2n ** 70n), 'LWM2M_OUT_OF_RANGE'],
    ['/5/0/9', singleResource(9, 'integer', 300), 'LWM2M_NOT_WRITABLE'],
    ['/1/0/7', multipleResource(7, 'string', [[0, 'U']]), 'LWM2M_NOT_MULTIPLE'],
    ['/1/0/7/0', resourceInstance(0, 'string', 'U'), 'LWM2M_NOT_MULTIPLE'],
    ['/16/0/0', singleResource(0, 'string', 'x'), 'LWM2M_MULTIPLE'],
    ['/1/0', objectInstance(0, [singleResource(0, 'integer', 5)]), 'LWM2M_NOT_WRITABLE'],
  ];
  for (const [at, node, code] of cases) await assert.rejects(write(at, node), { code }, `${at} ${code}`);
  assert.deepEqual(terminal.requests, []);
  assert.ok((await world.until(write('/3/0/9', singleResource(9, 'integer', 5), true))).ok);
  assert.ok((await world.until(write('/9999/0/1', singleResource(1, 'string', 'anything')))).ok);
  await assert.rejects(server.read(client, path('/3/0/4')), { code: 'LWM2M_EXECUTABLE' });
  await assert.rejects(server.read(client, path('/5/0/0')), { code: 'LWM2M_NOT_READABLE' });
  await assert.rejects(server.read(client, path('/')), { code: 'LWM2M_WRONG_PATH' });
  await assert.rejects(write('/3', singleResource(1, 'string', '')), { code: 'LWM2M_WRONG_PATH' });
  await assert.rejects(write('/3/0', singleResource(1, 'string', '')), TypeError);
});

test('a partial update of a resource with instances goes through its object instance', async () => {
  const { world, terminal, server } = await registered();
  terminal.on('POST /16/0', { code: Code.Changed });
  const node = multipleResource(0, 'string', [[1, 'b']]);
  assert.ok((await world.until(server.update(client, path('/16/0/0'), node))).ok);
  assert.deepEqual(asked(terminal), ['POST /16/0 11542 8300410162']);
});

test('an Accept that the client refuses is replaced, and the choice remembered', async () => {
  const { world, terminal, server } = await registered();
  for (const code of [Code.NotAcceptable, Code.InternalServerError, Code.UnsupportedContentFormat, Code.BadOption]) {
    terminal.on('GET /3/0/0', (request) => (request.accept === ContentFormat.Text ? text('x') : { code }));
    assert.equal(readValue(await world.until(server.read(client, path('/3/0/0')))), 'x');
    assert.deepEqual(asked(terminal), ['GET /3/0/0 accept 11542', 'GET /3/0/0', 'GET /3/0/0 accept 0']);
    assert.equal(readValue(await world.until(server.read(client, path('/3/0/0')))), 'x');
    assert.deepEqual(asked(terminal), ['GET /3/0/0 accept 0'], 'remembered');
    // Another registration is another client, perhaps with another firmware.
    await world.until(terminal.register('ep=a'));
  }
});

test('a client that ignores Accept, or answers without Content-Format, is understood', async () => {
  const { world, terminal, server } = await registered();
  terminal
    .on('GET /3/0/0', text('Yaolian', undefined))
    .on('GET /3/0/9', text('95', undefined))
    .on('GET /3/0/1', text('M1'))
    .on('GET /3/0', { code: Code.Content, payload: decodeHex('c1095f')! });
  assert.equal(readValue(await world.until(server.read(client, path('/3/0/0')))), 'Yaolian');
  assert.equal(readValue(await world.until(server.read(client, path('/3/0/9')))), 95);
  assert.equal(readValue(await world.until(server.read(client, path('/3/0/1')))), 'M1');
  const instance = await world.until(server.read(client, path('/3/0')));
  assert.ok(instance.ok && instance.value.node.kind === 'object-instance');
});

test('TLV under legacy numbers, whole objects for one resource, text under 1541', async () => {
  const { world, terminal, server } = await registered();
  for (const label of [1541, 1542, 1543]) {
    terminal.on('GET /3/0/9', tlv('c1095f', label));
    assert.equal(readValue(await world.until(server.read(client, path('/3/0/9')))), 95, `${label}`);
  }
  terminal.on('GET /3/0/9', tlv('080007c1095fc2012b67', 1542));
  assert.equal(readValue(await world.until(server.read(client, path('/3/0/9')))), 95);
  terminal.on('GET /3/0/9', text('95', 1541));
  assert.equal(readValue(await world.until(server.read(client, path('/3/0/9')))), 95);
  terminal.on('GET /3/0/0', text('{"imsi":"Y"}', undefined));
  assert.equal(readValue(await world.until(server.read(client, path('/3/0/0')))), '{"imsi":"Y"}');
  terminal.on('GET /3/0/9', text('{"e":[{"n":"","v":95}]}', 1543));
  assert.equal(readValue(await world.until(server.read(client, path('/3/0/9')))), 95);
});

test('an answer that makes no sense is an error that says so', async () => {
  const { world, terminal, server } = await registered();
  terminal.on('GET /3/0/9', text('many', ContentFormat.Text)).on('GET /3/0', text('x', 9_999));
  await assert.rejects(world.until(server.read(client, path('/3/0/9'))), { code: 'LWM2M_ANSWER_MALFORMED' });
  await assert.rejects(world.until(server.read(client, path('/3/0'))), /9999/);
});

test('a refusal of one value is not mistaken for one of the format', async () => {
  const { world, terminal, server } = await registered();
  terminal.on('GET /3/0/9', tlv('c1095f')).on('GET /3/0/0', { code: Code.InternalServerError });
  assert.equal(readValue(await world.until(server.read(client, path('/3/0/9')))), 95);
  asked(terminal);
  const answer = await world.until(server.read(client, path('/3/0/0')));
  assert.ok(!answer.ok && answer.error.code === Code.InternalServerError);
  assert.deepEqual(asked(terminal), ['GET /3/0/0 accept 11542'], 'TLV worked before, so 5.00 is about the value');
  terminal.on('GET /3/0/1', { code: Code.NotFound });
  assert.ok(!(await world.until(server.read(client, path('/3/0/1')))).ok);
  assert.equal(asked(terminal).length, 1);
});

test('the formats that a client registered come first', async () => {
  const links = '</>;rt="oma.lwm2m";ct=11543,</1/0>,</3/0>';
  const { world, terminal, server } = await registered({}, 'ep=a', links);
  terminal.on('GET /3/0/9', text('{"e":[{"n":"","v":95}]}', 11_543)).on('PUT /3/0/15', { code: Code.Changed });
  assert.equal(readValue(await world.until(server.read(client, path('/3/0/9')))), 95);
  assert.ok((await world.until(server.write(client, path('/3/0/15'), singleResource(15, 'string', 'UTC')))).ok);
  assert.deepEqual(
    terminal.requests.map(({ accept, contentFormat }) => accept ?? contentFormat),
    [11_543, 11_543],
  );
});

test('a Write in a format that the client does not take goes on to the next, which is remembered', async () => {
  const { world, terminal, server } = await registered();
  const taking = (format: number) => (request: { contentFormat: number | undefined }) => ({
    code: request.contentFormat === format ? Code.Changed : Code.UnsupportedContentFormat,
  });
  terminal.on('PUT /3/0/15', taking(0)).on('PUT /1/0', taking(1542));
  const node = singleResource(15, 'string', 'U');
  assert.ok((await world.until(server.write(client, path('/3/0/15'), node))).ok);
  assert.ok((await world.until(server.write(client, path('/3/0/15'), node))).ok);
  const instance = objectInstance(0, [singleResource(7, 'string', 'U')]);
  assert.ok((await world.until(server.write(client, path('/1/0'), instance))).ok);
  assert.deepEqual(asked(terminal), [
    'PUT /3/0/15 11542 c10f55',
    'PUT /3/0/15 0 55',
    'PUT /3/0/15 0 55',
    'PUT /1/0 11542 c10755',
    'PUT /1/0 1542 c10755',
  ]);
});

test('a client of 1.1 that speaks SenML alone, and did not say so, is written to', async () => {
  const instance = objectInstance(0, [singleResource(1, 'integer', 60)]);
  for (const [version, formats] of [
    ['1.1', [11_542, 112, 110]],
    ['1.0', [11_542, 1_542]],
  ] as const) {
    const { world, terminal, server } = await registered({}, `ep=a&lwm2m=${version}`, '</1/0>');
    terminal.on('POST /1/0', (request) =>
      request.contentFormat === ContentFormat.SenmlJson
        ? { code: Code.Changed }
        : { code: Code.UnsupportedContentFormat },
    );
    const answer = await world.until(server.update(client, path('/1/0'), instance));
    assert.equal(answer.ok, version === '1.1');
    assert.deepEqual(
      terminal.requests.splice(0).map(({ contentFormat }) => contentFormat),
      formats,
    );
  }
});

test('objects below an alternate path are asked there', async () => {
  const { world, terminal, server } = await registered({}, 'ep=a', '</lwm2m>;rt="oma.lwm2m",</lwm2m/3/0>');
  terminal
    .on('GET /lwm2m/3/0/0', text('x'))
    .on('POST /lwm2m/16', { code: Code.Created, locationPath: ['lwm2m', '16', '1'] })
    .on('GET /lwm2m/3', text('</lwm2m/3>,</lwm2m/3/0>', 40));
  assert.equal(readValue(await world.until(server.read(client, path('/3/0/0')))), 'x');
  const created = await world.until(server.create(client, path('/16'), objectInstance(0, [])));
  assert.ok(created.ok);
  assert.deepEqual(created.value.path, lwm2mPath(16, 1));
  const discovered = await world.until(server.discover(client, path('/3')));
  assert.ok(discovered.ok);
  assert.deepEqual(
    discovered.value.links.map((link) => link.path),
    [path('/3'), path('/3/0')],
  );
});

test('clients that are not there, do not answer, reset, or leave', async () => {
  const { world, terminal, server } = await registered();
  await assert.rejects(server.read({ endpoint: 'nobody' }, path('/3/0/0')), { code: 'LWM2M_NOT_REGISTERED' });
  await assert.rejects(server.read({ id: 'x' }, path('/3/0/0')), { code: 'LWM2M_NOT_REGISTERED' });

  world.network.conditions = { loss: 1 };
  const silent = server.read(client, path('/3/0/0'));
  const waiting = server.read(client, path('/3/0/1'), { timeout: seconds(3) });
  await assert.rejects(world.until(waiting), { code: 'LWM2M_TIMEOUT' });
  await assert.rejects(world.until(silent), { code: 'LWM2M_TIMEOUT' });
  world.network.conditions = {};

  terminal.otherwise = () => new Promise(() => {});
  const given = new AbortController();
  const reading = server.read(client, path('/3/0/0'), { signal: given.signal });
  await world.time.advance(seconds(1));
  given.abort();
  await assert.rejects(reading, { code: 'LWM2M_ABORTED' });

  const under = server.read(client, path('/3/0/0'));
  const queued = server.read(client, path('/3/0/1'));
  const ended = [under, queued].map((operation) => assert.rejects(operation, { code: 'LWM2M_REGISTRATION_ENDED' }));
  await world.time.advance(seconds(1));
  await world.until(terminal.deregister());
  await Promise.all(ended);
  await world.settle();
  assert.deepEqual(
    world.eventsOf('operation-completed').map(({ error }) => error),
    ['LWM2M_TIMEOUT', 'LWM2M_TIMEOUT', 'LWM2M_ABORTED', 'LWM2M_REGISTRATION_ENDED', 'LWM2M_REGISTRATION_ENDED'],
  );
});

test('operations of one client go out one after the other, in order; of several at once', async () => {
  const { world, terminal, server } = await registered();
  const other = world.terminal();
  await world.until(other.register('ep=b'));
  const slow = async (): Promise<OutgoingResponse> => {
    await new Promise<void>((resolve) => world.time.schedule(seconds(5), resolve));
    return text('x');
  };
  terminal.otherwise = slow;
  other.otherwise = slow;
  const order: string[] = [];
  const reads = ['/3/0/0', '/3/0/1', '/3/0/2'].map((at) =>
    server.read(client, path(at)).then(() => order.push(`${at} ${world.time.monotonic() > 15_000}`)),
  );
  const beside = server.read({ endpoint: 'b' }, path('/3/0/0')).then(() => order.push('b'));
  await world.until(Promise.all([...reads, beside]));
  assert.deepEqual(order.toSorted().slice(0, 3), ['/3/0/0 false', '/3/0/1 false', '/3/0/2 true']);
  assert.deepEqual(terminal.heard, ['GET /3/0/0', 'GET /3/0/1', 'GET /3/0/2']);
});

test('an operation that waits, and one that is not answered yet, go where the device registers anew', async () => {
  const { world, terminal, server } = await registered();
  terminal.otherwise = async () => {
    await new Promise<void>((resolve) => world.time.schedule(seconds(5), resolve));
    return text('old');
  };
  const first = server.read(client, path('/3/0/0'));
  const second = server.read(client, path('/3/0/1'));
  await world.time.advance(seconds(1));
  const restarted = world.terminal();
  restarted.otherwise = () => text('new');
  await world.until(restarted.register('ep=a'));
  assert.equal(readValue(await world.until(first)), 'new');
  assert.equal(readValue(await world.until(second)), 'new');
  assert.deepEqual([terminal.heard, restarted.heard], [['GET /3/0/0'], ['GET /3/0/0', 'GET /3/0/1']]);
});

test('too many operations at once are refused, not queued', async () => {
  const { world, terminal, server } = await registered({ limits: { maximumQueuedOperations: 2 } });
  terminal.otherwise = () => text('x');
  const reads = [0, 1, 2].map((id) => server.read(client, lwm2mPath(3, 0, id)));
  await assert.rejects(server.read(client, path('/3/0/3')), { code: 'LWM2M_OVERLOADED' });
  for (const read of reads) assert.ok((await world.until(read)).ok);
  const node = singleResource(0, 'opaque', new Uint8Array(200));
  const small = await registered({ limits: { maximumWriteBytes: 100 } });
  await assert.rejects(small.server.write(client, path('/5/0/0'), node), { code: 'LWM2M_TOO_LARGE' });
});

test('a closed server asks nobody', async () => {
  const { world, terminal, server } = await registered();
  terminal.otherwise = () => new Promise(() => {});
  const reading = assert.rejects(server.read(client, path('/3/0/0')), { code: 'LWM2M_CLOSED' });
  await world.time.advance(seconds(1));
  await world.until(server.close());
  await reading;
  await assert.rejects(server.read(client, path('/3/0/0')), { code: 'LWM2M_CLOSED' });
});

test('operations come through a network that loses, doubles and reorders', async () => {
  const { world, terminal, server } = await registered({ seed: 7 });
  world.network.conditions = { loss: 0.3, duplication: 0.2, reordering: 0.2 };
  let executed = 0;
  terminal.otherwise = () => text('x');
  terminal.on('POST /3/0/4', () => {
    executed++;
    return { code: Code.Changed };
  });
  const operations = Array.from({ length: 30 }, (_, i) =>
    i % 2 === 0
      ? server.read(client, path('/3/0/0'), { timeout: hours(1) })
      : server.execute(client, path('/3/0/4'), '', { timeout: hours(1) }),
  );
  const outcomes = await world.until(Promise.allSettled(operations), hours(2));
  const done = outcomes.filter(({ status }) => status === 'fulfilled').length;
  assert.ok(done >= 25, `${done} of 30`);
  assert.ok(executed <= 15, 'nothing is executed twice');
});
