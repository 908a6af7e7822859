/** China Mobile profile C (DM 4.0) against the whole platform: 668 is written, 669 read and decrypted, heartbeats, groups, address change. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  decodeFieldConfiguration,
  decodeRuleConfiguration,
  defaultReportRules,
  ValueCipher,
  writeReport,
} from '@yaolian/china-mobile-dm';
import {
  type CoapEndpoint,
  Code,
  ContentFormat,
  createCoapEndpoint,
  formatCode,
  type OutgoingRequest,
  type OutgoingResponse,
} from '@yaolian/coap';
import { ApiProblemError, routes } from '@yaolian/contract';
import { decodeUtf8, encodeUtf8 } from '@yaolian/kernel';
import { cbcCrypto, nodeClock, nodeRandom, nodeTimers, openUdpPort } from '@yaolian/node-runtime';
import { EventLog, openPlatform, type TestPlatform, withCode } from './support/platform.ts';
import { domain, refused, remoteAccess, TestUser } from './support/remote-user.ts';

const imei = '861111003929110';
const appKey = 'M100000001';
const password = 'a1adfef9ed014286b7f7a314ee978f15';
const cipher = new ValueCipher(cbcCrypto, password);
const name = `EXAMPLE||M1||${appKey}||4.0.1||1.0||1||T01||${imei}||***||***||***||***`;
const links =
  '</>;rt="oma.lwm2m";ct="60 110 112 11542 11543",</1>;ver=1.1,</1/0>,</3>;ver=1.2,</3/0>,</6/0>,</668>;ver=1.2,</668/0>,</669>;ver=1.2,</669/0>';
let bench: TestPlatform;

/** A terminal of DM 4.0 at its socket: notes what is written to 668/0 and answers reads of 669/0/1 with `report`. */
class Terminal {
  readonly coap: CoapEndpoint;
  readonly written = new Map<string, string>();
  readonly asked: string[] = [];
  report: () => OutgoingResponse = () => reportOf({ imsi: '460041850403690', mac: 'unKnown' });
  refuseAddress = false;

  private constructor(coap: CoapEndpoint) {
    this.coap = coap;
    coap.handle((request) => {
      const path = request.path.join('/');
      this.asked.push(`${describe(request.method)} ${path}`);
      if (request.path[0] === '669' && request.method === Code.GET) return this.report();
      if (request.path[0] !== '668') return { code: Code.NotFound };
      if (this.refuseAddress && path === '668/0/3') return { code: Code.MethodNotAllowed };
      this.written.set(path, textOf(request.contentFormat, request.payload));
      return { code: Code.Changed };
    });
  }

  static async open(): Promise<Terminal> {
    const machine = { clock: nodeClock, timers: nodeTimers, random: nodeRandom };
    return new Terminal(createCoapEndpoint({ ...machine, port: await openUdpPort({ host: '127.0.0.1', port: 0 }) }));
  }

  async ask(request: OutgoingRequest) {
    const { code, payload, locationPath } = await this.coap.request(bench.coap, request);
    return { code: formatCode(code), text: decodeUtf8(payload), locationPath };
  }

  register(ep = name) {
    const query = [`ep=${ep}`, 'lt=86400', 'lwm2m=1.1', 'b=U'];
    return this.ask({ method: Code.POST, path: '/rd', query, contentFormat: 40, payload: encodeUtf8(links) });
  }
}

function describe(method: number): string {
  return method === Code.GET ? 'GET' : method === Code.PUT ? 'PUT' : 'POST';
}

/** The platform writes a single resource as TLV, which the terminal announces: type, id, length in one or two bytes, value. */
function textOf(contentFormat: number | undefined, payload: Uint8Array): string {
  assert.equal(contentFormat, ContentFormat.Lwm2mTlv);
  const lengthBytes = (payload[0]! >> 3) & 3;
  return decodeUtf8(payload.subarray(2 + lengthBytes))!;
}

function reportOf(fields: Readonly<Record<string, string>>): OutgoingResponse {
  return { code: Code.Content, contentFormat: ContentFormat.Text, payload: encodeUtf8(writeReport(fields, cipher)) };
}

let terminal: Terminal;

before(async () => {
  bench = await openPlatform({ ...remoteAccess, profile: 'auto' });
  terminal = await Terminal.open();
});

after(async () => {
  await terminal.coap.close();
  await bench[Symbol.asyncDispose]();
});

test('an appKey that the platform did not issue is refused, and a name that is none', async () => {
  assert.equal((await terminal.register()).code, '4.03');
  assert.equal((await terminal.register(name.replace(imei, '***'))).code, '4.00');
  assert.equal((await terminal.register('EXAMPLE||M1')).code, '4.00');
  await bench.admin.call(routes.issueAppKey, { body: { vendor: 'Example', appKey, password } });
});

test('after Register the platform writes 668/0/1 and 2, and reads 669/0/1', async () => {
  const events = await EventLog.open(bench.admin);
  assert.equal((await terminal.register()).code, '2.01');
  await events.next((event) => event.type === 'device.reported' && event.device === imei);
  assert.deepEqual(terminal.asked, ['PUT 668/0/1', 'PUT 668/0/2', 'GET 669/0/1']);
  const wanted = decodeFieldConfiguration(terminal.written.get('668/0/1')!);
  assert.ok(wanted.ok && wanted.value.includes('imsi'));
  assert.match(terminal.written.get('668/0/1')!, /"imsi":"Y"/);
  assert.deepEqual(decodeRuleConfiguration(terminal.written.get('668/0/2')!), { ok: true, value: defaultReportRules });
  const report = await bench.admin.call(routes.showReport, { params: { device: imei } });
  assert.deepEqual([report.fields, report.unreadable], [{ imsi: '460041850403690' }, {}]);
  const device = await bench.admin.call(routes.showDevice, { params: { device: imei } });
  assert.deepEqual(
    [device.identity['brand'], device.identity['model'], device.identity['sdkVersion']],
    ['EXAMPLE', 'M1', '4.0.1'],
  );
  await events.close();
});

test('a user that owns the terminal over Remote Access reads it, and neither sends it to another server nor changes its rules', async () => {
  const { code } = await bench.admin.call(routes.shareDevice, { params: { device: imei }, body: { name: 'phone' } });
  await using ann = await TestUser.register(bench, 'ann');
  await ann.home.bind(`phone@${domain}`, code);
  const phone = ann.home.device(`phone@${domain}`);
  const [report] = await phone.read('/669/0/1');
  assert.equal(report?.text, writeReport({ imsi: '460041850403690', mac: 'unKnown' }, cipher));
  const asked = terminal.asked.length;
  await assert.rejects(phone.write('/668/0/3', 'coap://elsewhere.example:5683'), refused('not-allowed'));
  await assert.rejects(phone.write('/668/0/2', '{}'), refused('not-allowed'));
  assert.equal(terminal.asked.length, asked, 'the terminal is not asked');
});

test('what the terminal reports by itself, in a Send, is its report; what is none is told', async () => {
  const events = await EventLog.open(bench.admin);
  await terminal.register();
  await events.next((event) => event.type === 'device.reported');
  const since = events.events.length;
  const send = (text: string) => {
    const payload = encodeUtf8(JSON.stringify([{ n: '/669/0/1', vs: text }]));
    return terminal.ask({ method: Code.POST, path: '/dp', contentFormat: ContentFormat.SenmlJson, payload });
  };
  assert.equal((await send(writeReport({ imsi: '460000000000009' }, cipher))).code, '2.04');
  await events.next((event) => event.type === 'device.reported', since);
  const report = await bench.admin.call(routes.showReport, { params: { device: imei } });
  assert.deepEqual(report.fields, { imsi: '460000000000009' });
  assert.equal((await send('nonsense')).code, '2.04');
  const failed = await events.next((event) => event.type === 'device.report-failed');
  assert.ok(failed.type === 'device.report-failed' && failed.data.reason.length > 0);
  await events.close();
});

test('a heartbeat is an Update with the object list; it asks for nothing, and another port is followed', async () => {
  const events = await EventLog.open(bench.admin);
  const { locationPath } = await terminal.register();
  await events.next((event) => event.type === 'device.reported');
  const heartbeat = { method: Code.POST, path: locationPath!, contentFormat: 40, payload: encodeUtf8(links) };
  const count = terminal.asked.length;
  const moved = await Terminal.open();
  assert.equal((await moved.ask(heartbeat)).code, '2.04');
  const told = await events.next((event) => event.type === 'device.updated');
  assert.ok(told.type === 'device.updated' && told.data.addressChanged && !told.data.linksChanged);
  const { lastAddress } = await bench.admin.call(routes.showDevice, { params: { device: imei } });
  assert.equal(lastAddress, told.data.address);
  const report = await bench.admin.call(routes.readReport, { params: { device: imei } });
  assert.deepEqual(report.fields, { imsi: '460041850403690' });
  assert.equal(moved.asked.at(-1), 'GET 669/0/1');
  assert.equal(terminal.asked.length, count, 'nothing but what Register brought');
  await events.close();
  await terminal.coap.close();
  terminal = moved;
});

test('a group has rules, fields and a server of its own, and registered terminals are told at once', async () => {
  const events = await EventLog.open(bench.admin);
  const body = {
    brand: 'EXAMPLE',
    model: 'M1',
    fields: ['imsi'],
    rules: { reportTime: 60 },
    address: 'coap://192.0.2.9:5683',
  };
  const group = await bench.admin.call(routes.setReportGroup, { params: { name: 'm1' }, body });
  assert.deepEqual(group.rules, { ...defaultReportRules, reportTime: 60 });
  await events.next((event) => event.type === 'device.reported');
  assert.equal(terminal.written.get('668/0/1'), '{"imsi":"Y"}');
  assert.equal(
    terminal.written.get('668/0/2'),
    '{"reportTime":60,"reportNum":8,"heartBeatTime":10,"retryInterval":5,"retryNum":3}',
  );
  assert.equal(terminal.written.get('668/0/3'), 'coap://192.0.2.9:5683');
  const { items } = await bench.admin.call(routes.listReportGroups, {});
  assert.deepEqual(
    items.map((one) => one.name),
    ['default', 'm1'],
  );
  assert.deepEqual(await bench.admin.call(routes.showReportGroupsOfDevice, { params: { device: imei } }), {
    counts: 'm1',
    fit: ['m1', 'default'],
  });
  const { value, tag } = await bench.admin.callTagged(routes.showReportGroup, { params: { name: 'm1' } });
  assert.deepEqual(value, group);
  const late = { params: { name: 'm1' }, body, ifMatch: tag!.replace(/^"./, '"x') };
  await assert.rejects(bench.admin.call(routes.setReportGroup, late), withCode('precondition-failed'));
  const builtIn = await bench.admin.call(routes.showReportGroup, { params: { name: 'default' } });
  assert.equal(builtIn.builtIn, true);
  await assert.rejects(bench.admin.call(routes.showReportGroup, { params: { name: 'none' } }), withCode('not-found'));
  for (const wrong of [{ rules: { reportTime: 0 } }, { fields: ['a b'] }, { address: 'http://x' }]) {
    await assert.rejects(
      bench.admin.call(routes.setReportGroup, { params: { name: 'm1' }, body: wrong }),
      (error) => error instanceof ApiProblemError && error.problem.code === 'invalid-request',
    );
  }
  await events.close();
});

test('what the terminal refuses to take is noted, and its report is read all the same', async () => {
  const events = await EventLog.open(bench.admin);
  terminal.refuseAddress = true;
  terminal.report = () => ({
    // The whole object as TLV, labelled as drafts did, to the read of one resource: 0x08 0x00 instance 0, 0xC8 0x01 resource 1.
    code: Code.Content,
    contentFormat: 1542,
    payload: wholeObject(writeReport({ imsi: '460041850403691' }, cipher)),
  });
  const { items } = await bench.admin.call(routes.listReportGroups, {});
  assert.equal(items.length, 2);
  assert.equal((await terminal.register()).code, '2.01');
  const told = await events.next((event) => event.type === 'device.reported');
  assert.ok(told.type === 'device.reported');
  assert.deepEqual(told.data.notes, ['it refuses /668/0/3: 4.05']);
  const report = await bench.admin.call(routes.showReport, { params: { device: imei } });
  assert.deepEqual(report.fields, { imsi: '460041850403691' });
  await events.close();
});

function wholeObject(text: string): Uint8Array {
  const value = encodeUtf8(text);
  const resource = [0xc8, 0x01, value.length, ...value];
  return Uint8Array.from([0x08, 0x00, resource.length, ...resource]);
}

test('a report that is none is told as such', async () => {
  const events = await EventLog.open(bench.admin);
  terminal.report = () => ({ code: Code.Content, contentFormat: ContentFormat.Text, payload: encodeUtf8('[1]') });
  assert.equal((await terminal.register()).code, '2.01');
  const told = await events.next((event) => event.type === 'device.report-failed');
  assert.ok(told.type === 'device.report-failed' && told.data.reason === 'the report is not a JSON object');
  await events.close();
});

test('auto takes terminals of all profiles at one door', async () => {
  const enrolled = async (ep: string) => (await terminal.register(ep)).code;
  assert.equal(await enrolled('861111003929120;;;1.0'), '2.01');
  assert.equal(await enrolled('urn:dev:os:32473-1'), '2.01');
  const encrypted = cipher.encrypt('861111003929138-****-460041850403690-v2.0');
  assert.equal(await enrolled(`L@#@${encrypted}@#@${appKey}`), '2.01');
  const { items } = await bench.admin.call(routes.listDevices, { query: {} });
  const keys = items.map(({ key }) => key);
  assert.deepEqual(keys, ['861111003929110', '861111003929120', '861111003929138', 'urn:dev:os:32473-1']);
});

test('groups are there after a restart, and reports go with their device', async () => {
  bench = await bench.restart();
  const { items } = await bench.admin.call(routes.listReportGroups, {});
  assert.equal(items.find((one) => one.name === 'm1')?.address, 'coap://192.0.2.9:5683');
  await bench.admin.call(routes.removeReportGroup, { params: { name: 'm1' } });
  await bench.admin.call(routes.removeDevice, { params: { device: imei } });
  await assert.rejects(bench.admin.call(routes.showReport, { params: { device: imei } }), ApiProblemError);
});

test('of groups with equally many conditions the first by name counts, and the others say that they yield to it', async () => {
  await using bench = await openPlatform({ profile: 'china-mobile-c' });
  const { admin } = bench;
  await admin.call(routes.setReportGroup, { params: { name: 'alpha' }, body: { brand: 'EXAMPLE' } });
  const set = await admin.call(routes.setReportGroup, { params: { name: 'beta' }, body: { model: 'M1' } });
  assert.deepEqual(set.yieldsTo, ['alpha']);
  const { items } = await admin.call(routes.listReportGroups, {});
  assert.deepEqual(
    items.map(({ name, yieldsTo }) => [name, yieldsTo]),
    [
      ['default', undefined],
      ['alpha', undefined],
      ['beta', ['alpha']],
    ],
  );
});
