/** China Mobile profile B against the whole platform: appKeys, encrypted names, epi at Update, object 666 decrypted. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  encryptProfileBIdentity,
  formatProfileBName,
  type ProfileBIdentity,
  ValueCipher,
} from '@yaolian/china-mobile-dm';
import {
  type CoapEndpoint,
  Code,
  ContentFormat,
  createCoapEndpoint,
  formatCode,
  type IncomingRequest,
  type OutgoingRequest,
  type OutgoingResponse,
} from '@yaolian/coap';
import { ApiProblemError, routes } from '@yaolian/contract';
import { decodeUtf8, encodeUtf8 } from '@yaolian/kernel';
import { cbcCrypto, nodeClock, nodeRandom, nodeTimers, openUdpPort } from '@yaolian/node-runtime';
import { EventLog, openPlatform, type TestPlatform } from './support/platform.ts';

const imei = '861111003929110';
const identity: ProfileBIdentity = { imei1: imei, imei2: undefined, imsi: '460041850403690', dmVersion: 'v2.0' };
/** The vector of the documents. */
const appKey = 'M100000001';
const password = '0123456789abcdef0123456789abcdef';
const vector = 'H8yt9d051Al/WtE8IrlzRpA+26sI+gSCsoLwD/CGQIeLlmBxaa8/9+cuvmBTHY7g';
const cipher = new ValueCipher(cbcCrypto, password);
const name = `A@#@${vector}@#@${appKey}@#@${imei}@#@v2.0`;
let bench: TestPlatform;
let coap: CoapEndpoint;
let answerOf666: (request: IncomingRequest) => OutgoingResponse = () => ({ code: Code.NotFound });

before(async () => {
  bench = await openPlatform({ profile: 'china-mobile-b' });
  const machine = { clock: nodeClock, timers: nodeTimers, random: nodeRandom };
  coap = createCoapEndpoint({ ...machine, port: await openUdpPort({ host: '127.0.0.1', port: 0 }) });
  coap.handle((request) => (request.path[0] === '666' ? answerOf666(request) : { code: Code.NotFound }));
  await bench.admin.call(routes.issueAppKey, { body: { vendor: 'Example', appKey, password } });
});

after(async () => {
  await coap.close();
  await bench[Symbol.asyncDispose]();
});

async function ask(request: OutgoingRequest) {
  const { code, payload, locationPath } = await coap.request(bench.coap, request);
  return { code: formatCode(code), text: decodeUtf8(payload), locationPath };
}

/** As terminals of the interface do it: no `lwm2m`, no `b`, no `</>`. */
function register(ep: string) {
  const payload = encodeUtf8('</1/0>,</3/0>,</666/0>');
  return ask({ method: Code.POST, path: '/rd', query: [`ep=${ep}`, 'lt=86400'], contentFormat: 40, payload });
}

function nameWith(other: Partial<ProfileBIdentity>, key = appKey, with_ = cipher): string {
  const encryptedIdentity = encryptProfileBIdentity({ ...identity, ...other }, with_);
  return formatProfileBName({ terminal: 'A', encryptedIdentity, appKey: key, imei: undefined, dmVersion: undefined });
}

test('the name of the vector registers, and the IMEI is the device', async () => {
  assert.equal((await register(name)).code, '2.01');
  const device = await bench.admin.call(routes.showDevice, { params: { device: imei } });
  assert.deepEqual([device.key, device.endpoint, device.state], [imei, name, 'ONLINE']);
  const { imsi, version, terminal } = device.identity;
  assert.deepEqual([imsi, version, terminal, device.identity['appKey']], [identity.imsi, 'v2.0', 'android', appKey]);
  const link = device.links.find(({ path }) => path === '/666/0');
  assert.equal(link?.name, 'Report information');
  const object = await bench.admin.call(routes.showObject, { params: { id: 666 }, query: {} });
  assert.equal(object.resources.find(({ id }) => id === 6610)?.name, 'VoLTE');
});

test('a name before 2.0, and another SIM, are the same device', async () => {
  assert.equal((await register(nameWith({ imsi: '460000000000001', dmVersion: '1.0.7' }))).code, '2.01');
  const device = await bench.admin.call(routes.showDevice, { params: { device: imei } });
  assert.deepEqual([device.identity['imsi'], device.identity['version']], ['460000000000001', '1.0.7']);
  assert.equal((await bench.admin.call(routes.showStatus, {})).devices.total, 1);
});

test('what is not proven is refused alike: an unknown key, another password, another IMEI in the open', async () => {
  const stranger = new ValueCipher(cbcCrypto, 'f'.repeat(32));
  const refused = [
    await register(nameWith({}, 'M999999999')),
    await register(nameWith({}, appKey, stranger)),
    await register(`A@#@${vector}@#@${appKey}@#@861111003929111@#@v2.0`),
    await register(nameWith({ imei1: undefined })),
  ];
  assert.deepEqual(new Set(refused.map(({ code }) => code)), new Set(['4.03']));
  assert.equal(new Set(refused.map(({ text }) => text)).size, 1);
  for (const ep of [`A@#@${vector}`, `X@#@${vector}@#@${appKey}`, imei])
    assert.equal((await register(ep)).code, '4.00');
});

test('a terminal that insists is told to wait, others are not', async () => {
  const wrong = nameWith({ imei1: '1' }, 'M999999998');
  const codes = new Set<string>();
  for (let i = 0; i < 30; i++) codes.add((await register(wrong)).code);
  assert.deepEqual([...codes].sort(), ['4.03', '4.29']);
  assert.equal((await register(name)).code, '2.01');
});

test('epi of an Update names the device, with a verify field or **** in place of the version', async () => {
  const { locationPath: path } = await register(name);
  const update = (epi: string) => ask({ method: Code.POST, path: path!, query: [`epi=${epi}`] });
  assert.equal((await update(nameWith({ dmVersion: 'a1b2' }))).code, '2.04');
  assert.equal((await update(nameWith({ dmVersion: undefined }))).code, '2.04');
  assert.equal((await ask({ method: Code.POST, path: path! })).code, '2.04');
  const refused = await update(nameWith({ imei1: '861111003929999' }));
  assert.deepEqual([refused.code, refused.text], ['4.00', 'epi does not name the device of this registration']);
  assert.equal((await update('nonsense')).text, refused.text);
});

/** Object 666 as TLV (OMA-TS-LightweightM2M 1.0 §6.4.3): resources with a 16-bit id and an 8- or 16-bit length. */
function tlvOf(resources: Readonly<Record<number, string>>): Uint8Array {
  const parts: number[] = [];
  for (const [id, text] of Object.entries(resources)) {
    const value = encodeUtf8(text);
    const type = value.length < 8 ? 0xe0 | value.length : 0xe8;
    parts.push(type, Number(id) >> 8, Number(id) & 0xff, ...(value.length < 8 ? [] : [value.length]), ...value);
  }
  return Uint8Array.from(parts);
}

test('object 666 is read after Register and shown decrypted, without what the terminal does not have', async () => {
  const events = await EventLog.open(bench.admin);
  const payload = tlvOf({
    6603: cipher.encrypt('02:00:00:00:00:01'),
    6604: cipher.encrypt('128GB'),
    6610: cipher.encrypt('unSupport'),
    6611: cipher.encrypt('unKnown'),
    6612: cipher.encrypt('****'),
    6613: '****',
    6614: '',
    6605: 'not encrypted',
  });
  // 1542 is what terminals built on drafts call TLV.
  answerOf666 = () => ({ code: Code.Content, contentFormat: 1542, payload });
  assert.equal((await register(name)).code, '2.01');
  const told = await events.next((event) => event.type === 'device.reported');
  assert.ok(told.type === 'device.reported' && told.device === imei);
  assert.deepEqual([told.data.fields, told.data.unreadable], [['mac', 'rom'], ['ram']]);
  const report = await bench.admin.call(routes.showReport, { params: { device: imei } });
  assert.deepEqual(report.fields, { mac: '02:00:00:00:00:01', rom: '128GB' });
  assert.equal(report.unreadable['ram'], 'it is not Base64');
  await events.close();
});

test('it is read again on request, and an Accept that the terminal does not know is no obstacle', async () => {
  const payload = tlvOf({ 6603: cipher.encrypt('02:00:00:00:00:02') });
  answerOf666 = ({ accept }) =>
    accept === undefined || accept === ContentFormat.Lwm2mTlv
      ? { code: Code.Content, contentFormat: ContentFormat.Lwm2mTlv, payload }
      : { code: Code.InternalServerError };
  const report = await bench.admin.call(routes.readReport, { params: { device: imei } });
  assert.deepEqual(report.fields, { mac: '02:00:00:00:00:02' });
  answerOf666 = () => ({ code: Code.MethodNotAllowed });
  await assert.rejects(bench.admin.call(routes.readReport, { params: { device: imei } }), (error) => {
    assert.ok(error instanceof ApiProblemError);
    assert.match(error.problem.detail ?? '', /it refuses \/666\/0: 4\.05/);
    return true;
  });
  const kept = await bench.admin.call(routes.showReport, { params: { device: imei } });
  assert.deepEqual(kept.fields, report.fields);
});

test('a terminal that refuses object 666 as a whole is asked resource by resource', async () => {
  const events = await EventLog.open(bench.admin);
  const values: Record<string, string> = { '6603': '02:00:00:00:00:03', '6604': '64GB', '6610': 'unSupport' };
  const asked: string[] = [];
  answerOf666 = ({ path }) => {
    asked.push(path.join('/'));
    const value = values[path[2] ?? ''];
    if (value === undefined) return { code: path.length < 3 ? Code.MethodNotAllowed : Code.NotFound };
    return { code: Code.Content, contentFormat: ContentFormat.Text, payload: encodeUtf8(cipher.encrypt(value)) };
  };
  const report = await bench.admin.call(routes.readReport, { params: { device: imei } });
  assert.deepEqual(report.fields, { mac: '02:00:00:00:00:03', rom: '64GB' });
  assert.equal(asked.filter((path) => path.startsWith('666/0/')).length, 14);
  const told = await events.next((event) => event.type === 'device.reported');
  assert.ok(told.type === 'device.reported');
  assert.match(told.data.notes.join(), /it refuses \/666\/0: 4\.05/);
  await events.close();
});

test('keys, reports and registrations are there after a restart; a revoked key opens nothing', async () => {
  const issued = await bench.admin.call(routes.issueAppKey, { body: { vendor: 'Another' } });
  assert.match(issued.appKey, /^M\d{9}$/);
  assert.match(issued.password!, /^[0-9a-f]{32}$/);
  bench = await bench.restart();
  const { items } = await bench.admin.call(routes.listAppKeys, { query: {} });
  assert.deepEqual(new Set(items.map((one) => one.appKey)), new Set([appKey, issued.appKey]));
  assert.ok(items.every((one) => !('password' in one)));
  assert.equal(
    (await register(nameWith({}, issued.appKey, new ValueCipher(cbcCrypto, issued.password!)))).code,
    '2.01',
  );
  assert.ok((await bench.admin.call(routes.showReport, { params: { device: imei } })).fields['mac']);
  await bench.admin.call(routes.revokeAppKey, { params: { appKey } });
  assert.equal((await register(name)).code, '4.03');
  await assert.rejects(bench.admin.call(routes.revokeAppKey, { params: { appKey } }), ApiProblemError);
});
