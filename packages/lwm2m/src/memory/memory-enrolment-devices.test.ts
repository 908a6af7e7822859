import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Code } from '@yaolian/coap';
import { socketAddress } from '@yaolian/kernel';
import { createPlainProfile } from '../server/plain-profile.ts';
import { MemoryEnrolmentDevices } from './memory-enrolment-devices.ts';

test('the allow-list in memory says who may register, and who did', async () => {
  const devices = new MemoryEnrolmentDevices(['lamp']);
  const profile = createPlainProfile({ devices, enrolmentMode: () => 'allow-list' });
  const request = { endpoint: 'lamp', address: socketAddress('192.0.2.1', 5683), time: 0 };
  assert.deepEqual(await profile.enrol(request), { ok: true, value: { deviceKey: 'lamp' } });
  await profile.registered('lamp', request);
  assert.deepEqual([...devices.registered], ['lamp']);
  const refused = await profile.enrol({ ...request, endpoint: 'stranger' });
  assert.equal(!refused.ok && refused.error.code, Code.Forbidden);
  devices.allow('stranger');
  devices.disallow('lamp');
  assert.ok((await profile.enrol({ ...request, endpoint: 'stranger' })).ok);
  assert.ok(!(await profile.enrol(request)).ok);
});
