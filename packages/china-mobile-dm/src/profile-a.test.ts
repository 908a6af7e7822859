import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Code } from '@yaolian/coap';
import { socketAddress } from '@yaolian/kernel';
import type { EnrolmentDevices } from '@yaolian/lwm2m/server';
import { createProfileA } from './profile-a.ts';

const imei = '861111003929110';
const imsi = '460041850403690';
const cmei = '111222333444555';
const address = socketAddress('192.0.2.7', 5683);
const time = 1_700_000_000_000;

function platform(mode: 'open' | 'allow-list' = 'open', allowed: readonly string[] = []) {
  const records: Parameters<EnrolmentDevices['recordRegistration']>[0][] = [];
  const rules = { mode };
  const judge = (deviceKey: string) =>
    profile.judgeUpdate?.({ endpoint: `${imei};;;1.0`, deviceKey, parameters: undefined });
  const devices: EnrolmentDevices = {
    isAllowed: (key) => allowed.includes(key),
    recordRegistration: async (record) => void records.push(record),
  };
  const profile = createProfileA({ devices, enrolmentMode: () => rules.mode });
  const enrol = (endpoint: string, purpose?: 'register' | 'bootstrap') =>
    profile.enrol({ endpoint, address, time, ...(purpose && { purpose }) });
  return { profile, records, rules, enrol, judge };
}

describe('profile A', () => {
  it('knows a device by CMEI and IMEI, or the one there is', async () => {
    const { enrol } = platform();
    const keyOf = async (endpoint: string) => {
      const enrolled = await enrol(endpoint);
      return enrolled.ok ? enrolled.value.deviceKey : enrolled.error.code;
    };
    assert.equal(await keyOf(`${imei};${imsi};${cmei};1.0`), cmei + imei);
    assert.equal(await keyOf(`${imei};${imsi};;1.0`), imei);
    assert.equal(await keyOf(`;;${cmei};1.0`), cmei);
  });

  it('refuses a wrong name with 4.00 and says what is wrong', async () => {
    const refused = await platform().enrol('abc;;;1.0');
    assert.deepEqual(refused, {
      ok: false,
      error: {
        code: Code.BadRequest,
        reason: 'field 1 (IMEI, at character 0) is "abc", not at most 17 digits, or empty',
      },
    });
  });

  it('refuses a name without IMEI and CMEI with 4.00', async () => {
    const refused = await platform().enrol(`;${imsi};;1.0`);
    assert.equal(!refused.ok && refused.error.code, Code.BadRequest);
  });

  it('refuses a device that is not on the allow-list with 4.03, and follows a change of mode at once', async () => {
    const { enrol, rules } = platform('allow-list', [cmei + imei]);
    assert.equal((await enrol(`${imei};${imsi};${cmei};1.0`)).ok, true);
    assert.equal((await enrol(`${imei};460000000000000;${cmei};1.0`)).ok, true, 'with another SIM too');
    const refused = await enrol(`${imei};${imsi};;1.0`);
    assert.equal(!refused.ok && refused.error.code, Code.Forbidden);
    rules.mode = 'open';
    assert.equal((await enrol(`${imei};${imsi};;1.0`)).ok, true);
  });

  it('authenticates an Update too (specification §7.4): who left the allow-list gets 4.00', () => {
    const { judge, rules } = platform('allow-list', [cmei + imei]);
    assert.equal(judge(cmei + imei), undefined);
    assert.deepEqual(judge(imei), { code: Code.BadRequest, reason: `the device ${imei} is not on the allow-list` });
    rules.mode = 'open';
    assert.equal(judge(imei), undefined);
  });

  it('has no 4.03 for a bootstrap request: 4.00', async () => {
    const { enrol } = platform('allow-list');
    const refused = await enrol(`${imei};;;1.0`, 'bootstrap');
    assert.equal(!refused.ok && refused.error.code, Code.BadRequest);
    const forbidden = await enrol(`${imei};;;1.0`, 'register');
    assert.equal(!forbidden.ok && forbidden.error.code, Code.Forbidden);
  });

  it('records key, time, source address and fields of a Register', async () => {
    const { profile, records } = platform();
    const endpoint = `${imei};${imsi};${cmei};2.1`;
    await profile.registered(cmei + imei, { endpoint, address, time });
    assert.deepEqual(records, [
      { key: cmei + imei, endpoint, address: '192.0.2.7:5683', time, identity: { imei, imsi, cmei, version: '2.1' } },
    ]);
  });

  it('tells the version for locations', () => {
    const { profile } = platform();
    assert.equal(profile.versionOf?.(`${imei};;;2.13`), '2.13');
    assert.equal(profile.versionOf?.('something else'), undefined);
  });
});
