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
import { deviceKeyOf, type EndpointName, identityOf, parseEndpointName } from './endpoint-name.ts';
import { rememberingLast } from './remembering-last.ts';

/**
 * China Mobile's terminal management platform, profile A: a device is what its CMEI and IMEI say, whatever SIM is in it. A name
 * that is not of the form, or says of which device it is nothing, gets 4.00; a device that is not on the allow-list, while that
 * is in force, gets 4.03.
 */
export function createProfileA(rules: EnrolmentRules): EnrolmentProfile {
  const read = rememberingLast(readName);
  return {
    enrol: ({ endpoint, purpose }) => {
      const name = read(endpoint);
      if (!name.ok) return name;
      const judged = enrolDevice(rules, name.value.deviceKey);
      // The operation table has no 4.03 for a bootstrap request.
      return judged.ok || purpose !== 'bootstrap' ? judged : failure({ ...judged.error, code: Code.BadRequest });
    },
    registered: (deviceKey, { endpoint, address, time }) => {
      const name = read(endpoint);
      // Only names that were enrolled come here; another one is recorded without its fields rather than lost.
      const identity = name.ok ? identityOf(name.value.name) : {};
      return rules.devices.recordRegistration({ key: deviceKey, endpoint, address: address.key, time, identity });
    },
    // Terminal specification §7.4: the platform authenticates an Update before it renews the lifetime.
    judgeUpdate: ({ deviceKey }) => judgeStay(rules, deviceKey),
    versionOf: (endpoint) => {
      const name = read(endpoint);
      return name.ok ? name.value.name.version : undefined;
    },
  };
}

interface KnownName extends Enrolled {
  readonly name: EndpointName;
}

function readName(endpoint: string): Result<KnownName, EnrolmentRefusal> {
  const parsed = parseEndpointName(endpoint);
  if (!parsed.ok) return failure({ code: Code.BadRequest, reason: parsed.error.message });
  const deviceKey = deviceKeyOf(parsed.value);
  if (deviceKey === undefined) {
    return failure({
      code: Code.BadRequest,
      reason: 'the name has neither IMEI nor CMEI, so it is no device in particular',
    });
  }
  return success({ deviceKey, name: parsed.value });
}
