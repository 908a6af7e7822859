import { Code } from '@yaolian/coap';
import { failure, type Result, success } from '@yaolian/kernel';
import type { Enrolled, EnrolmentProfile, EnrolmentRefusal, EnrolmentRequest } from './enrolment.ts';

/** What a profile asks of whoever keeps the devices; the directory's `DeviceStore` is one. */
export interface EnrolmentDevices {
  /** Whether a device key is on the allow-list. Asked at every Register and Update. */
  isAllowed(key: string): boolean;
  /** Records a Register; the first one is the device's activation. Resolves when it is on disk. */
  recordRegistration(record: {
    readonly key: string;
    readonly endpoint: string;
    /** `192.0.2.1:5683` */
    readonly address: string;
    /** Milliseconds since the epoch. */
    readonly time: number;
    /** What the endpoint name says of the device besides its key, by field. */
    readonly identity: Readonly<Record<string, string>>;
  }): Promise<void>;
}

export interface EnrolmentRules {
  readonly devices: EnrolmentDevices;
  /** Who may register now: everybody with a valid name, or the device keys on the allow-list. Asked at every Register and Update. */
  readonly enrolmentMode: () => 'open' | 'allow-list';
  /** Device keys that belong to others than terminals. Default: none. */
  readonly isReserved?: (key: string) => boolean;
  /** Whether one more device may be kept, or this one is there already: asked where everybody may register. Default: any number. */
  readonly hasRoom?: (key: string) => boolean;
}

/** Lets a device in, or refuses it: with 4.03 when the allow-list is in force and it is not on it, with 5.03 when there are too many. */
export function enrolDevice(rules: EnrolmentRules, deviceKey: string): Result<Enrolled, EnrolmentRefusal> {
  if (rules.isReserved?.(deviceKey) === true) {
    return failure({ code: Code.Forbidden, reason: `${deviceKey} is the name of an account` });
  }
  if (rules.devices.isAllowed(deviceKey)) return success({ deviceKey });
  if (rules.enrolmentMode() !== 'open') {
    return failure({ code: Code.Forbidden, reason: `the device ${deviceKey} is not on the allow-list` });
  }
  // Names cost who makes them up nothing, and what is kept of each stays.
  if (rules.hasRoom?.(deviceKey) !== false) return success({ deviceKey });
  return failure({
    code: Code.ServiceUnavailable,
    reason: 'there are as many devices as may be: remove some, or raise the limit',
  });
}

/**
 * Whether a device that registered may stay: who was taken off the allow-list meanwhile may not. An Update is answered 4.00 then,
 * as it has no 4.03 (OMA-TS-LightweightM2M_Core 1.1 §6.2.2), and its registration runs out at the end of its lifetime.
 */
export function judgeStay(rules: EnrolmentRules, deviceKey: string): EnrolmentRefusal | undefined {
  const judged = enrolDevice(rules, deviceKey);
  return judged.ok ? undefined : { ...judged.error, code: Code.BadRequest };
}

/** Plain OMA: the endpoint name is the device. */
export function createPlainProfile(rules: EnrolmentRules): EnrolmentProfile {
  return {
    enrol: ({ endpoint }: EnrolmentRequest) => enrolDevice(rules, endpoint),
    judgeUpdate: ({ deviceKey }) => judgeStay(rules, deviceKey),
    registered: (deviceKey, { endpoint, address, time }) =>
      rules.devices.recordRegistration({ key: deviceKey, endpoint, address: address.key, time, identity: noIdentity }),
  };
}

const noIdentity: Readonly<Record<string, string>> = Object.freeze({});
