import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Code } from '@yaolian/coap';
import { socketAddress } from '@yaolian/kernel';
import { createPlainProfile, type EnrolmentDevices } from './plain-profile.ts';

const request = { endpoint: 'urn:dev:1', address: socketAddress('192.0.2.7', 5683), time: 1_700_000_000_000 };

function profileWith(mode: 'open' | 'allow-list', allowed: readonly string[] = [], hasRoom?: (key: string) => boolean) {
  const records: Parameters<EnrolmentDevices['recordRegistration']>[0][] = [];
  const devices: EnrolmentDevices = {
    isAllowed: (key) => allowed.includes(key),
    recordRegistration: async (record) => void records.push(record),
  };
  return { records, profile: createPlainProfile({ devices, enrolmentMode: () => mode, ...(hasRoom && { hasRoom }) }) };
}

describe('the plain OMA profile', () => {
  it('takes the endpoint name as the device key', async () => {
    const { profile } = profileWith('open');
    assert.deepEqual(await profile.enrol(request), { ok: true, value: { deviceKey: 'urn:dev:1' } });
  });

  it('lets only listed devices in when the allow-list is in force', async () => {
    assert.equal((await profileWith('allow-list', ['urn:dev:1']).profile.enrol(request)).ok, true);
    const refused = await profileWith('allow-list', ['urn:dev:2']).profile.enrol(request);
    assert.deepEqual(refused, {
      ok: false,
      error: { code: Code.Forbidden, reason: 'the device urn:dev:1 is not on the allow-list' },
    });
  });

  it('refuses an Update, which has no 4.03, with 4.00 once the device left the list', () => {
    const judge = (allowed: string) => {
      const { profile } = profileWith('allow-list', [allowed]);
      return profile.judgeUpdate?.({ endpoint: 'urn:dev:1', deviceKey: 'urn:dev:1', parameters: undefined });
    };
    assert.equal(judge('urn:dev:1'), undefined);
    assert.deepEqual(judge('urn:dev:2'), {
      code: Code.BadRequest,
      reason: 'the device urn:dev:1 is not on the allow-list',
    });
  });

  it('where everybody may register, refuses with 5.03 a device too many, unless it is there already or on the list', async () => {
    const among =
      (...there: string[]) =>
      (key: string) =>
        there.includes(key);
    const refused = await profileWith('open', [], among('urn:dev:2')).profile.enrol(request);
    assert.ok(!refused.ok && refused.error.code === Code.ServiceUnavailable);
    const known = profileWith('open', [], among('urn:dev:1')).profile;
    assert.ok((await known.enrol(request)).ok);
    assert.equal(
      known.judgeUpdate?.({ endpoint: 'urn:dev:1', deviceKey: 'urn:dev:1', parameters: undefined }),
      undefined,
    );
    assert.ok((await profileWith('open', ['urn:dev:1'], among()).profile.enrol(request)).ok);
  });

  it('records each Register', async () => {
    const { profile, records } = profileWith('open');
    await profile.registered('urn:dev:1', request);
    assert.deepEqual(records, [
      { key: 'urn:dev:1', endpoint: 'urn:dev:1', address: '192.0.2.7:5683', time: 1_700_000_000_000, identity: {} },
    ]);
  });
});
