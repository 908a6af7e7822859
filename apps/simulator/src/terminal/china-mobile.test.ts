import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  decryptProfileBIdentity,
  parseProfileBName,
  parseProfileCName,
  readReport,
  readReportInformation,
  ValueCipher,
} from '@yaolian/china-mobile-dm';
import { cbcCrypto } from '@yaolian/node-runtime';
import { simulatedIdentity } from '../identity.ts';
import { vendorTerminal } from './china-mobile.ts';

const appKey = 'M100000001';
const appPassword = '0123456789abcdef0123456789abcdef';
const cipher = new ValueCipher(cbcCrypto, appPassword);
const identity = simulatedIdentity(1, 0);
const orders = { onRules: () => {}, onAddress: () => {} };

test('a terminal of profile B proves its IMEI, and has object 666 encrypted', () => {
  const terminal = vendorTerminal({ profile: 'china-mobile-b', appKey, appPassword }, identity, orders);
  const name = parseProfileBName(terminal.endpointName);
  assert.ok(name.ok && name.value.imei === identity.imei);
  const proven = decryptProfileBIdentity(name.value.encryptedIdentity, cipher);
  assert.ok(proven.ok && proven.value.imei1 === identity.imei && proven.value.imsi === identity.imsi);
  const epi = parseProfileBName(terminal.updateQuery[0]!.replace(/^epi=/, ''));
  assert.ok(epi.ok);
  const again = decryptProfileBIdentity(epi.value.encryptedIdentity, cipher);
  assert.ok(again.ok && again.value.imei1 === identity.imei && again.value.dmVersion === undefined);
  const [information] = terminal.objects;
  const values = [6603, 6613].map((id) => [id, information!.value(id) as string] as const);
  assert.deepEqual(readReportInformation(values, cipher), {
    fields: { mac: `02:00:00:${identity.imei.slice(8, 14).replace(/(..)(?=.)/g, '$1:')}` },
    unreadable: {},
  });
});

test('a terminal of profile C says its name in the clear, and reports under its password', () => {
  const terminal = vendorTerminal({ profile: 'china-mobile-c', appKey, appPassword }, identity, orders);
  const name = parseProfileCName(terminal.endpointName);
  assert.ok(name.ok && name.value.imei1 === identity.imei);
  const data = terminal.objects.find(({ definition }) => definition.id === 669)!;
  const report = readReport(data.value(1) as string, cipher);
  assert.ok(report.ok);
  assert.equal(report.value.fields['imsi'], identity.imsi);
  assert.equal(report.value.fields['location'], undefined, 'it does not have one');
});

test('an appKey that is none is an option that is wrong', () => {
  const wrong = { profile: 'china-mobile-b', appKey: 'X', appPassword } as const;
  assert.throws(() => vendorTerminal(wrong, identity, orders), { code: 'SIMULATOR_BAD_OPTION' });
});
