/** China Mobile profile A against the whole platform: names with semicolons, device keys, activation, allow-list, states. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type CoapEndpoint, Code, createCoapEndpoint, formatCode, type OutgoingRequest } from '@yaolian/coap';
import { ApiProblemError, routes } from '@yaolian/contract';
import { decodeUtf8, encodeUtf8 } from '@yaolian/kernel';
import { nodeClock, nodeRandom, nodeTimers, openUdpPort } from '@yaolian/node-runtime';
import { EventLog, openPlatform, type TestPlatform } from './support/platform.ts';

const imei = '861111003929110';
const cmei = 'A00000000000001';
const name = `${imei};460041850403690;${cmei};1.0`;
const key = `${cmei}${imei}`;
let bench: TestPlatform;
let coap: CoapEndpoint;

before(async () => {
  bench = await openPlatform({ profile: 'china-mobile-a', 'lwm2m.location': 'endpoint' });
  const machine = { clock: nodeClock, timers: nodeTimers, random: nodeRandom };
  coap = createCoapEndpoint({ ...machine, port: await openUdpPort({ host: '127.0.0.1', port: 0 }) });
});

after(async () => {
  await coap.close();
  await bench[Symbol.asyncDispose]();
});

async function ask(request: OutgoingRequest) {
  const { code, payload, locationPath } = await coap.request(bench.coap, request);
  return { code: formatCode(code), text: decodeUtf8(payload), locationPath };
}

/** Register as the specification's terminal sends it: without `lwm2m` and `b`, with object 0 among the links. */
function register(ep: string) {
  const payload = encodeUtf8('</>;rt="oma.lwm2m",</0/0>,</1/0>,</3/0>,</6/0>');
  return ask({ method: Code.POST, path: '/rd', query: [`ep=${ep}`, 'lt=86400'], contentFormat: 40, payload });
}

async function show(device: string) {
  return bench.admin.call(routes.showDevice, { params: { device } });
}

test('a terminal registers under its name and is the device of its key', async () => {
  const registered = await register(name);
  assert.deepEqual([registered.code, registered.locationPath], ['2.01', ['rd', name]]);
  for (const known of [key, name]) {
    const device = await show(known);
    assert.deepEqual([device.key, device.endpoint, device.state], [key, name, 'ONLINE']);
    assert.deepEqual(device.identity, { imei, imsi: '460041850403690', cmei, version: '1.0' });
  }
});

test('another SIM and a new version are the same device, activated once', async () => {
  const { activatedAt, activationAddress, registration } = await show(key);
  const renamed = `${imei};460000000000001;${cmei};1.1`;
  assert.equal((await register(renamed)).code, '2.01');
  const device = await show(key);
  assert.deepEqual(
    [device.endpoint, device.activatedAt, device.activationAddress],
    [renamed, activatedAt, activationAddress],
  );
  assert.notEqual(device.registration?.id, registration?.id);
  assert.equal((await bench.admin.call(routes.showStatus, {})).devices.total, 1);
  assert.equal((await ask({ method: Code.POST, path: ['rd', name] })).code, '4.04', 'the old location is gone');
  const found = await bench.admin.call(routes.listDevices, { query: { search: '460000000000001' } });
  assert.deepEqual(
    found.items.map((one) => one.key),
    [key],
  );
  assert.equal((await register(name)).code, '2.01');
});

test('Update without lt keeps it, De-register is OFFLINE, and all but Register is 4.04 then', async () => {
  assert.equal((await ask({ method: Code.POST, path: ['rd', name] })).code, '2.04');
  assert.equal((await show(key)).registration?.lifetime, 86_400);
  assert.equal((await ask({ method: Code.DELETE, path: ['rd', name] })).code, '2.02');
  assert.equal((await show(key)).state, 'OFFLINE');
  for (const method of [Code.POST, Code.DELETE]) {
    assert.equal((await ask({ method, path: ['rd', name] })).code, '4.04');
  }
});

test('names that are none are refused with the field that is bad', async () => {
  const events = await EventLog.open(bench.admin);
  for (const [ep, field] of [
    ['86x;;;1.0', /IMEI/],
    [`${imei};;short;1.0`, /CMEI/],
    [`${imei};;;one`, /version/],
    [';460041850403690;;1.0', /neither IMEI nor CMEI/],
    [imei, /./],
  ] as const) {
    const refused = await register(ep);
    assert.equal(refused.code, '4.00', ep);
    assert.match(refused.text!, field);
    const told = await events.next((event) => event.type === 'device.refused' && event.endpoint === ep);
    assert.ok(told.type === 'device.refused' && told.data.coapCode === '4.00' && field.test(told.data.reason));
  }
  await events.close();
});

test('only devices on the allow-list, when that is in force', async () => {
  const { admin } = bench;
  await admin.call(routes.setEnrolment, { body: { mode: 'allow-list' } });
  assert.equal((await register(name)).code, '4.03');
  await admin.call(routes.allow, { params: { key }, body: { note: 'test' } });
  assert.equal((await register(name)).code, '2.01');
  await admin.call(routes.disallow, { params: { key } });
  const update = await ask({ method: Code.POST, path: ['rd', name] });
  assert.deepEqual([update.code, update.text], ['4.00', `the device ${key} is not on the allow-list`]);
  assert.equal((await show(key)).state, 'ONLINE', 'until its lifetime ends');
  bench = await bench.restart();
  assert.equal((await register(`${imei.slice(0, -1)}9;;;1.0`)).code, '4.03', 'the mode is kept');
  assert.equal((await show(key)).state, 'ONLINE', 'and so is the registration');
  await bench.admin.call(routes.setEnrolment, { body: { mode: 'open' } });
  assert.equal((await ask({ method: Code.POST, path: ['rd', name] })).code, '2.04');
});

test('a terminal that insists is told to wait', async () => {
  const codes = new Set<string>();
  for (let i = 0; i < 30; i++) codes.add((await register('86x;;;1.0')).code);
  assert.deepEqual([...codes].sort(), ['4.00', '4.29']);
});

test('the device is found by neither half of its name', async () => {
  await assert.rejects(
    show(imei),
    (error) => error instanceof ApiProblemError && error.problem.code === 'device-unknown',
  );
});
