import { Code } from '@yaolian/coap';
import type { DeviceStore, Enrolment } from '@yaolian/directory';
import { failure, success } from '@yaolian/kernel';
import type { EnrolmentProfile } from '@yaolian/lwm2m/server';

export interface PlainProfileOptions {
  readonly devices: DeviceStore;
  readonly enrolment: Enrolment;
}

const nothing = Object.freeze({});

/** Plain OMA: the endpoint name is the device key. */
export function plainProfile({ devices, enrolment }: PlainProfileOptions): EnrolmentProfile {
  return {
    enrol({ endpoint }) {
      if (enrolment.mode === 'open' || devices.isAllowed(endpoint)) return success({ deviceKey: endpoint });
      return failure({ code: Code.Forbidden, reason: `${endpoint} is not on the allow-list` });
    },
    registered: (deviceKey, { endpoint, address, time }) =>
      devices.recordRegistration({ key: deviceKey, endpoint, address: address.key, time, identity: nothing }),
  };
}
