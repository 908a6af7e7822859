import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonHealthCheck } from '@yaolian/contract';
import { days } from '@yaolian/kernel';
import type { StorageCondition } from '@yaolian/storage';
import { defaultConfig } from '../config/settings.ts';
import {
  checkAuthority,
  checkBroker,
  checkCertificate,
  checkDescriptors,
  checkDevices,
  checkFiles,
  checkListener,
  checkLoop,
  checkMemory,
  checkPackages,
  checkQueue,
  checkStorage,
  checkWebhook,
  worstOf,
} from './checks.ts';

const limits = defaultConfig();
const gibibyte = 2 ** 30;
const day = days(1) as number;

function storage(change: Partial<StorageCondition>, maxDatabase?: number) {
  const well = {
    lastSeconds: 0.01,
    failure: undefined,
    databaseBytes: 1000,
    freeBytes: 50 * gibibyte,
    diskBytes: 1e12,
  };
  return checkStorage({ ...well, ...change }, limits, maxDatabase).map(({ finding }) => finding);
}

test('storage: each trouble has its finding, the worst comes first', () => {
  assert.deepEqual(storage({}), [undefined, undefined]);
  assert.deepEqual(storage({ freeBytes: gibibyte - 1 }), [undefined, 'disk-low']);
  assert.deepEqual(storage({ freeBytes: gibibyte / 10 - 1 }), [undefined, 'disk-full']);
  assert.deepEqual(storage({ lastSeconds: 0.501 }), ['commits-slow', undefined]);
  assert.deepEqual(storage({ databaseBytes: 90 }, 100), ['database-large', undefined]);
  assert.deepEqual(storage({ databaseBytes: 89 }, 100), [undefined, undefined]);
  assert.deepEqual(storage({ failure: 'disk I/O error', lastSeconds: 9 }), ['commits-fail', undefined]);
});

test('a finding says what is so with its values, and what to do', () => {
  const [, disk] = checkStorage(
    { lastSeconds: undefined, failure: undefined, databaseBytes: 0, freeBytes: 524_288_000, diskBytes: 1e12 },
    limits,
    undefined,
  );
  assert.deepEqual(disk, {
    part: 'disk',
    state: 'degraded',
    finding: 'disk-low',
    detail: '500 MiB of the disk of data-dir are free.',
    advice: 'Free space on that disk, move data-dir to a larger one, or keep less history (history.keep).',
    values: { freeBytes: 524_288_000, totalBytes: 1e12 },
  });
});

test('firmware: an address in the clear is told where terminals come by DTLS or TLS', () => {
  const findings = (change: Partial<typeof limits>) =>
    checkPackages({ ...limits, ...change }).map(({ subject, finding, detail }) => [subject, finding, detail]);
  assert.deepEqual(findings({}), []);
  assert.deepEqual(findings({ 'firmware.coap-base': 'coap://dm.example.com:5683' }), [
    [
      'firmware.coap-base',
      'packages-in-clear',
      'Terminals that come by DTLS or TLS pull firmware without protection: it begins with coap://.',
    ],
  ]);
  const { advice } = checkPackages({ ...limits, 'firmware.http-base': 'HTTP://files.example' })[0]!;
  assert.match(advice!, /^Let firmware\.http-base begin with https:\/\//);
  const secure = { 'firmware.coap-base': 'coaps+tcp://dm.example', 'firmware.http-base': 'https://dm.example' };
  assert.deepEqual(
    findings(secure).map(([, finding]) => finding),
    [undefined, undefined],
  );
  const none = { 'coap.dtls': false, 'coap.tls': false, 'coap.wss-port': undefined };
  assert.deepEqual(findings({ ...none, 'firmware.coap-base': 'coap://dm.example' })[0]?.[1], undefined);
});

test('bounds: busy from health.full percent, full at the bound', () => {
  const of = (used: number) =>
    checkListener({ url: 'http://[::]:8080', use: { used, limit: 10, setting: 'http.max-connections' } }, limits);
  assert.deepEqual(
    [8, 9, 10].map((used) => of(used).finding),
    [undefined, 'listener-busy', 'listener-full'],
  );
  assert.match(of(10).advice!, /^Raise http\.max-connections/);
  assert.deepEqual(
    [8, 9, 10].map((used) => checkQueue(used, 10, limits).state),
    ['ok', 'degraded', 'failed'],
  );
  assert.deepEqual(
    [8, 9, 10].map((used) => checkDevices(used, 10, true, limits).finding),
    [undefined, 'devices-many', 'devices-full'],
  );
  assert.equal(checkDevices(10, 10, false, limits).state, 'ok', 'the allow-list goes beyond the bound');
  assert.deepEqual(
    [89, 90, 100, 101].map((used) => checkDescriptors({ used, limit: 100 }, limits).finding),
    [undefined, 'descriptors-few', 'descriptors-none', 'descriptors-none'],
  );
  assert.equal(checkMemory({ resident: 1, heap: 89, heapLimit: 100 }, limits).state, 'ok');
  assert.equal(checkMemory({ resident: 1, heap: 90, heapLimit: 100 }, limits).finding, 'heap-short');
  assert.equal(checkLoop(0.2, limits).state, 'ok');
  assert.equal(checkLoop(0.21, limits).finding, 'loop-late');
});

test('a listener that answers a ping is well, one that does not has failed', () => {
  assert.deepEqual(checkListener({ url: 'coap://[::]:5683', ping: 0.001 }, limits), {
    part: 'listener',
    subject: 'coap://[::]:5683',
    state: 'ok',
    values: { pingSeconds: 0.001 },
  });
  assert.equal(checkListener({ url: 'coap://[::]:5683', ping: 'no answer' }, limits).finding, 'listener-silent');
});

test('a certificate: early, good, about to end, over', () => {
  const of = (notBefore: number, notAfter: number) =>
    checkCertificate('https://[::]:8443', { notBefore, notAfter }, 100 * day, limits);
  const found = [of(101 * day, 900 * day), of(0, 130 * day), of(0, 130 * day - 1), of(0, 100 * day - 1)];
  assert.deepEqual(
    found.map(({ finding, values }) => [finding, values['days']]),
    [
      ['certificate-early', 800],
      [undefined, 30],
      ['certificate-ends', 29],
      ['certificate-over', -1],
    ],
  );
});

test('files whose content is not taken are told of by their settings; the others are not there', () => {
  assert.deepEqual(checkFiles('tls.certificate', undefined), []);
  const [ours] = checkFiles('tls.certificate', 'the key is another');
  assert.deepEqual([ours!.finding, ours!.subject, ours!.state], ['certificate-unfit', 'tls.certificate', 'degraded']);
  assert.match(ours!.detail!, /tls\.certificate, tls\.key .*the key is another/);
  const [domain] = checkFiles('xmpp.certificates', 'it is empty', 'xmpp.certificates#im.example.com');
  assert.equal(domain!.subject, 'xmpp.certificates#im.example.com');
  assert.equal(checkFiles('tls.client-ca', 'it is empty')[0]!.finding, 'authority-unfit');
});

test('advice on a certificate is about the files that it is in', () => {
  for (const [notBefore, notAfter] of [
    [101, 900],
    [0, 110],
    [0, 99],
  ] as const) {
    const of = (url: string) =>
      checkCertificate(url, { notBefore: notBefore * day, notAfter: notAfter * day }, 100 * day, limits);
    assert.match(of('xmpps://[::]:5223').advice!, /the files of tls\.certificate, tls\.key\./);
    const ofDomain = of('xmpps://[::]:5223#home.example').advice!;
    assert.match(ofDomain, /the files of xmpp\.certificates\./);
    assert.doesNotMatch(ofDomain, /tls\./);
  }
});

test('an authority of terminals: early, good, about to end, over; advice is about its own file', () => {
  const of = (notBefore: number, notAfter: number) =>
    checkAuthority({ subject: 'CN=Meters', notBefore, notAfter }, 100 * day, limits);
  const found = [of(101 * day, 900 * day), of(0, 130 * day), of(0, 130 * day - 1), of(0, 100 * day - 1)];
  assert.deepEqual(
    found.map(({ finding }) => finding),
    ['authority-early', undefined, 'authority-ends', 'authority-over'],
  );
  for (const { subject, advice = 'tls.client-ca' } of found) {
    assert.equal(subject, 'CN=Meters');
    assert.match(advice, /tls\.client-ca/);
  }
});

test('a webhook: failing, dropping', () => {
  const of = (dropped: number, failure?: string) =>
    checkWebhook({
      webhook: { id: 'a1', url: 'https://user:word@example.com:8443/secret?key' },
      waiting: 2,
      dropped,
      failure,
    });
  assert.equal(of(0).values['receiver'], 'example.com:8443');
  assert.equal(of(0).state, 'ok');
  assert.match(of(0, 'HTTP 500').detail!, /^The last attempt failed \(HTTP 500\); 2 deliveries wait/);
  assert.match(of(0, 'HTTP 500').advice!, /yaolian webhooks deliveries a1/);
  assert.equal(of(1, 'HTTP 500').finding, 'webhook-dropping');
});

test('the whole is as its worst part', () => {
  const of = (...states: JsonHealthCheck['state'][]) =>
    worstOf(states.map((state) => ({ part: 'disk' as const, state, values: {} })));
  assert.equal(of(), 'ok');
  assert.equal(of('ok', 'degraded', 'ok'), 'degraded');
  assert.equal(of('failed', 'degraded', 'ok'), 'failed');
});

test('the MQTT broker: away, and messages that were dropped for it', () => {
  const of = (change: object) =>
    checkBroker('mqtt://broker', { isUp: true, trouble: undefined, waiting: 2, dropped: 0, ...change }, 'mqtt');
  assert.equal(of({}).state, 'ok');
  assert.match(
    of({ isUp: false, trouble: 'connect ECONNREFUSED' }).detail!,
    /not connected \(connect ECONNREFUSED\); 2 /,
  );
  assert.match(of({ isUp: false }).detail!, /not connected \(connecting\)/);
  assert.equal(of({ dropped: 3 }).finding, 'broker-dropping');
  assert.match(of({ isUp: false }).advice!, /settings \(mqtt\.url, mqtt\.username, /);
  const away = { isUp: false, trouble: undefined, waiting: 0, dropped: 0 };
  const ofTerminals = checkBroker('mqtt://broker', away, 'lwm2m.mqtt');
  assert.match(ofTerminals.advice!, /settings \(lwm2m\.mqtt-url, lwm2m\.mqtt-username, /);
});
