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
import {
  decryptProfileBIdentity,
  type ProfileBIdentity,
  type ProfileBName,
  parseProfileBName,
  profileBDeviceKey,
  profileBTerminals,
} from './profile-b-name.ts';
import type { VendorCiphers } from './vendor-ciphers.ts';

interface KnownName extends Enrolled {
  readonly name: ProfileBName;
  readonly identity: ProfileBIdentity;
}

/**
 * China Mobile's profile B, multi-form terminals: the name carries the identity encrypted with the password of the vendor's
 * appKey, and the IMEI is the device. A name that is not of the form gets 4.00. An appKey that is none of ours, a wrong password and
 * an identity that names another device than its open part get 4.03 in the same words, so that nobody learns which it was.
 */
export function createProfileB(rules: EnrolmentRules, ciphers: VendorCiphers): EnrolmentProfile {
  const read = (endpoint: string) => readName(endpoint, ciphers);
  return {
    // Not remembered from call to call: a key that was revoked in between must not open once more.
    enrol: ({ endpoint, purpose }) => {
      if (purpose === 'bootstrap') return failure({ code: Code.BadRequest, reason: 'profile B has no bootstrap' });
      const name = read(endpoint);
      return name.ok ? enrolDevice(rules, name.value.deviceKey) : name;
    },
    registered: (deviceKey, { endpoint, address, time }) => {
      const name = read(endpoint);
      // Only names that were enrolled come here; one whose key was revoked just now is recorded without its fields.
      const identity = name.ok ? identityOf(name.value) : {};
      return rules.devices.recordRegistration({ key: deviceKey, endpoint, address: address.key, time, identity });
    },
    versionOf: (endpoint) => {
      const name = read(endpoint);
      return name.ok ? (name.value.identity.dmVersion ?? name.value.name.dmVersion) : undefined;
    },
    judgeUpdate: ({ endpoint, deviceKey, parameters }) => {
      const epi = parameters?.['epi'];
      const name = read(epi ?? endpoint);
      if (name.ok && name.value.deviceKey === deviceKey) return judgeStay(rules, deviceKey);
      if (epi === undefined) return { code: Code.BadRequest, reason: 'the appKey is revoked, or has another password' };
      // The operation table has no 4.03 for an Update.
      return { code: Code.BadRequest, reason: 'epi does not name the device of this registration' };
    },
  };
}

const notProven: EnrolmentRefusal = {
  code: Code.Forbidden,
  reason: 'appKey and password do not prove the identity in the name',
};

/** Reads a name, also the one in `epi` of an Update, whose version is a verify field or `****`. */
function readName(endpoint: string, ciphers: VendorCiphers): Result<KnownName, EnrolmentRefusal> {
  const parsed = parseProfileBName(endpoint);
  if (!parsed.ok) return failure({ code: Code.BadRequest, reason: parsed.error });
  const name = parsed.value;
  const cipher = ciphers.of(name.appKey);
  const identity = cipher && decryptProfileBIdentity(name.encryptedIdentity, cipher);
  if (!identity?.ok) return failure(notProven);
  const deviceKey = profileBDeviceKey(identity.value);
  if (deviceKey === undefined) return failure(notProven);
  const { imei1, imei2 } = identity.value;
  if (name.imei !== undefined && name.imei !== imei1 && name.imei !== imei2) return failure(notProven);
  return success({ deviceKey, name, identity: identity.value });
}

function identityOf({ name, identity }: KnownName): Readonly<Record<string, string>> {
  const { imei1, imei2, imsi } = identity;
  const version = identity.dmVersion ?? name.dmVersion;
  return {
    ...(imei1 !== undefined && { imei: imei1 }),
    ...(imei2 !== undefined && { imei2 }),
    ...(imsi !== undefined && { imsi }),
    ...(version !== undefined && { version }),
    appKey: name.appKey,
    terminal: profileBTerminals[name.terminal],
  };
}
