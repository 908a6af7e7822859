/** Simulated terminals of profiles B and C against the whole platform: what they report, and a move to another server. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import { routes } from '@yaolian/contract';
import { runTerminal, simulatedIdentity, type TerminalOptions } from '@yaolian/simulator';
import { EventLog, openPlatform, type TestPlatform } from './support/platform.ts';

const appKey = 'M100000001';
const appPassword = 'a1adfef9ed014286b7f7a314ee978f15';
let bench: TestPlatform;
let other: TestPlatform;

before(async () => {
  bench = await openPlatform({ profile: 'auto' });
  other = await openPlatform({ profile: 'auto' });
  for (const { admin } of [bench, other]) {
    await admin.call(routes.issueAppKey, { body: { vendor: 'Example', appKey, password: appPassword } });
  }
});

after(async () => {
  await bench[Symbol.asyncDispose]();
  await other[Symbol.asyncDispose]();
});

/** A terminal that runs until the test ends. */
function terminal(t: TestContext, seed: number, profile: 'china-mobile-b' | 'china-mobile-c', memory?: string) {
  const stop = new AbortController();
  const lines: string[] = [];
  const options: TerminalOptions = {
    server: `coap://127.0.0.1:${bench.coap.port}`,
    seed,
    vendor: { profile, appKey, appPassword },
    ...(memory === undefined ? {} : { memory }),
    json: true,
    signal: stop.signal,
    output: { isTerminal: false, columns: undefined, write: (text) => void lines.push(text) },
  };
  const run = runTerminal(options);
  const end = async () => {
    stop.abort();
    await run;
  };
  t.after(end);
  return { lines, end };
}

test('a terminal of profile B registers under its encrypted name, and its object 666 is read', async (t) => {
  const { imei, imsi } = simulatedIdentity(11, 0);
  const events = await EventLog.open(bench.admin);
  terminal(t, 11, 'china-mobile-b');
  await events.next((event) => event.type === 'device.reported' && event.device === imei);
  const report = await bench.admin.call(routes.showReport, { params: { device: imei } });
  assert.equal(report.fields['ram'], '8GB');
  assert.equal(report.fields['phoneNumber'], undefined, 'unSupport is nothing');
  const device = await bench.admin.call(routes.showDevice, { params: { device: imei } });
  assert.equal(device.identity['imsi'], imsi);
  await events.close();
});

test('a terminal of profile C takes fields and rules, and moves where its group is sent', async (t) => {
  const { imei, imsi } = simulatedIdentity(12, 0);
  const events = await EventLog.open(bench.admin);
  const elsewhere = await EventLog.open(other.admin);
  const memory = join(bench.dataFolder, 'terminal.json');
  const { lines, end } = terminal(t, 12, 'china-mobile-c', memory);
  await events.next((event) => event.type === 'device.reported' && event.device === imei);
  const group = { model: 'SIM-1', fields: ['imsi', 'ram'], rules: { reportTime: 60, reportNum: 2 } };
  await bench.admin.call(routes.setReportGroup, { params: { name: 'simulated' }, body: group });
  await events.next((event) => event.type === 'device.reported' && event.data.fields.length === 2);
  const report = await bench.admin.call(routes.showReport, { params: { device: imei } });
  assert.deepEqual(report.fields, { imsi, ram: '8GB' });
  assert.match(lines.join(''), /a report every 60 min, 2 of them|"reportTime":60/);

  const address = `coap://127.0.0.1:${other.coap.port}`;
  await bench.admin.call(routes.setReportGroup, { params: { name: 'simulated' }, body: { ...group, address } });
  await events.next((event) => event.type === 'device.deregistered' && event.device === imei);
  await elsewhere.next((event) => event.type === 'device.reported' && event.device === imei);
  assert.equal((await bench.admin.call(routes.showDevice, { params: { device: imei } })).state, 'OFFLINE');
  assert.equal((await other.admin.call(routes.showDevice, { params: { device: imei } })).state, 'ONLINE');

  // Switched off and on again, it goes where it was sent.
  await end();
  const since = elsewhere.events.length;
  terminal(t, 12, 'china-mobile-c', memory);
  await elsewhere.next((event) => event.type === 'device.registered' && event.device === imei, since);
  assert.equal((await bench.admin.call(routes.showDevice, { params: { device: imei } })).state, 'OFFLINE');
  await events.close();
  await elsewhere.close();
});
