import { Code } from '@yaolian/coap';
import { failure, type Result, success } from '@yaolian/kernel';
import {
  type Enrolled,
  type EnrolmentProfile,
  type EnrolmentRefusal,
  type EnrolmentRules,
  enrolDevice,
  judgeStay,
} from '@yaolian/lwm2m/server';
import { type ProfileCName, parseProfileCName, profileCDeviceKey } from './profile-c-name.ts';
import { rememberingLast } from './remembering-last.ts';
import type { VendorPasswords } from './vendor-ciphers.ts';

interface KnownName extends Enrolled {
  readonly name: ProfileCName;
}

/**
 * China Mobile's profile C, DM 4.0: the name is in the clear and the IMEI is the device. It proves nothing; the appKey says with
 * whose password the values are encrypted. A name that is not of the form gets 4.00; an appKey that the platform did not issue,
 * and a device that is not on the allow-list while that is in force, get 4.03.
 */
export function createProfileC(rules: EnrolmentRules, passwords: VendorPasswords): EnrolmentProfile {
  const read = rememberingLast(readName);
  return {
    enrol: ({ endpoint, purpose }) => {
      if (purpose === 'bootstrap') return failure({ code: Code.BadRequest, reason: 'profile C has no bootstrap' });
      const known = read(endpoint);
      if (!known.ok) return known;
      const { name, deviceKey } = known.value;
      if (passwords.passwordOf(name.appKey) === undefined) return failure(unknownAppKey);
      return enrolDevice(rules, deviceKey);
    },
    registered: (deviceKey, { endpoint, address, time }) => {
      const known = read(endpoint);
      // Only names that were enrolled come here; another one is recorded without its fields rather than lost.
      const identity = known.ok ? identityOf(known.value.name) : {};
      return rules.devices.recordRegistration({ key: deviceKey, endpoint, address: address.key, time, identity });
    },
    judgeUpdate: ({ endpoint, deviceKey }) => {
      const known = read(endpoint);
      const isIssued = known.ok && passwords.passwordOf(known.value.name.appKey) !== undefined;
      return isIssued ? judgeStay(rules, deviceKey) : { ...unknownAppKey, code: Code.BadRequest };
    },
    versionOf: (endpoint) => {
      const known = read(endpoint);
      return known.ok ? known.value.name.apiVersion : undefined;
    },
  };
}

const unknownAppKey: EnrolmentRefusal = { code: Code.Forbidden, reason: 'the appKey is none that the platform issued' };

function readName(endpoint: string): Result<KnownName, EnrolmentRefusal> {
  const parsed = parseProfileCName(endpoint);
  if (!parsed.ok) return failure({ code: Code.BadRequest, reason: parsed.error });
  const deviceKey = profileCDeviceKey(parsed.value);
  if (deviceKey === undefined) {
    return failure({ code: Code.BadRequest, reason: 'the name has no IMEI, so it is no device in particular' });
  }
  return success({ deviceKey, name: parsed.value });
}

function identityOf(name: ProfileCName): Readonly<Record<string, string>> {
  const { brand, model, appKey, sdkVersion, apiVersion, apiType, templateId, imei1, imei2 } = name;
  const fields = { brand, model, appKey, sdkVersion, version: apiVersion, apiType, templateId, imei: imei1, imei2 };
  const present = Object.entries(fields).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return Object.fromEntries(present);
}
