import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { minutes, seconds } from '@yaolian/kernel';
import fc from 'fast-check';
import {
  type DeviceContact,
  type DeviceStateThresholds,
  defaultDeviceStateThresholds,
  deviceState,
  deviceStateEnd,
} from './device-state.ts';

const registration = { lifetime: 100, updatedAt: 1_000_000, queueMode: false };
const sleeper = { lifetime: 86_400, updatedAt: 1_000_000, queueMode: true };

describe('the state of a device', () => {
  it('is OFFLINE without a registration, whatever it said last', () => {
    assert.equal(deviceState({ registration: undefined }, 5), 'OFFLINE');
    assert.equal(deviceState({ registration: undefined, lastContactAt: 5 }, 5), 'OFFLINE');
  });

  it('is ONLINE from Register until the lifetime is over', () => {
    assert.equal(deviceState({ registration }, 1_000_000), 'ONLINE');
    assert.equal(deviceState({ registration }, 1_099_999), 'ONLINE');
    assert.equal(deviceState({ registration }, 1_100_000), 'OFFLINE');
  });

  it('is not prolonged by messages other than Register and Update', () => {
    assert.equal(deviceState({ registration, lastContactAt: 1_099_999 }, 1_100_000), 'OFFLINE');
  });

  it('is SLEEPING in queue mode once the awake window is over', () => {
    assert.equal(deviceState({ registration: sleeper }, 1_000_000 + 92_999), 'ONLINE');
    assert.equal(deviceState({ registration: sleeper }, 1_000_000 + 93_000), 'SLEEPING');
    assert.equal(deviceState({ registration: sleeper }, 1_000_000 + 86_400_000), 'OFFLINE');
  });

  it('counts the awake window from the last message of any kind', () => {
    const contact = { registration: sleeper, lastContactAt: 1_000_000 + 60_000 };
    assert.equal(deviceState(contact, 1_000_000 + 152_999), 'ONLINE');
    assert.equal(deviceState(contact, 1_000_000 + 153_000), 'SLEEPING');
  });

  it('takes a lifetime that a restart prolonged for no sign of being awake', () => {
    const contact = { registration: sleeper, lastContactAt: 1_000_000 - 93_000 };
    assert.equal(deviceState(contact, 1_000_000), 'SLEEPING');
    assert.equal(deviceState({ ...contact, lastContactAt: 1_000_000 - 92_999 }, 1_000_000), 'ONLINE');
  });

  it('follows the thresholds', () => {
    const thresholds: DeviceStateThresholds = { awakeWindow: minutes(10), lifetimeGrace: seconds(30) };
    assert.equal(deviceState({ registration }, 1_129_999, thresholds), 'ONLINE');
    assert.equal(deviceState({ registration }, 1_130_000, thresholds), 'OFFLINE');
    assert.equal(deviceState({ registration: sleeper }, 1_000_000 + 599_999, thresholds), 'ONLINE');
  });

  it('stays exact with the longest lifetime that LwM2M has', () => {
    const long = { lifetime: 4_294_967_295, updatedAt: 1_700_000_000_000, queueMode: false };
    const end = 1_700_000_000_000 + 4_294_967_295_000;
    assert.equal(deviceState({ registration: long }, end - 1), 'ONLINE');
    assert.equal(deviceState({ registration: long }, end), 'OFFLINE');
  });

  it('has no end with a lifetime of 0', () => {
    const endless = { lifetime: 0, updatedAt: 1_000_000, queueMode: false };
    assert.equal(deviceState({ registration: endless }, Number.MAX_SAFE_INTEGER), 'ONLINE');
    assert.equal(deviceStateEnd({ registration: endless }, 2_000_000), undefined);
    const asleep = { ...endless, queueMode: true };
    assert.equal(deviceStateEnd({ registration: asleep }, 1_000_001), 1_093_000);
    assert.equal(deviceStateEnd({ registration: asleep }, 1_093_000), undefined);
  });
});

describe('the end of a state', () => {
  it('is known for every state but OFFLINE', () => {
    assert.equal(deviceStateEnd({ registration }, 1_000_000), 1_100_000);
    assert.equal(deviceStateEnd({ registration: sleeper }, 1_000_000), 1_093_000);
    assert.equal(deviceStateEnd({ registration: sleeper }, 1_093_000), 1_000_000 + 86_400_000);
    assert.equal(deviceStateEnd({ registration }, 1_100_000), undefined);
    assert.equal(deviceStateEnd({ registration: undefined }, 0), undefined);
  });

  it('is exactly when the state changes', () => {
    const contacts: fc.Arbitrary<DeviceContact> = fc.record({
      registration: fc.record({
        lifetime: fc.integer({ min: 1, max: 4_294_967_295 }),
        updatedAt: fc.integer({ min: 0, max: 4_000_000_000_000 }),
        queueMode: fc.boolean(),
      }),
      lastContactAt: fc.option(fc.integer({ min: 0, max: 4_000_000_000_000 }), { nil: undefined }),
    });
    fc.assert(
      fc.property(contacts, fc.nat(200_000), (contact, sinceUpdate) => {
        const now = contact.registration!.updatedAt + sinceUpdate;
        const state = deviceState(contact, now);
        const end = deviceStateEnd(contact, now);
        if (end === undefined) return assert.equal(state, 'OFFLINE');
        assert.equal(deviceState(contact, end - 1, defaultDeviceStateThresholds), state);
        assert.notEqual(deviceState(contact, end), state);
      }),
    );
  });
});
