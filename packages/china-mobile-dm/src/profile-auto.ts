import type { EnrolmentProfile } from '@yaolian/lwm2m/server';

/** The profiles behind one door. */
export interface ProfilesByName {
  /** `IMEI;IMSI;CMEI;A.B` */
  readonly a: EnrolmentProfile;
  /** `T@#@ENC(…)@#@appKey…` */
  readonly b: EnrolmentProfile;
  /** `brand||model||appKey||…` */
  readonly c: EnrolmentProfile;
  /** Every other name: plain OMA. */
  readonly plain: EnrolmentProfile;
}

/** Takes terminals of all profiles at once: which one it is, the separator in the endpoint name tells. */
export function createProfileAuto(profiles: ProfilesByName): EnrolmentProfile {
  const of = (endpoint: string) => profiles[profileOfName(endpoint)];
  return {
    enrol: (request) => of(request.endpoint).enrol(request),
    registered: (deviceKey, request) => of(request.endpoint).registered(deviceKey, request),
    versionOf: (endpoint) => of(endpoint).versionOf?.(endpoint),
    judgeUpdate: (request) => of(request.endpoint).judgeUpdate?.(request),
  };
}

/** Which profile a name is of. Base64 and the fields of profile C have no `;`, those of profile A neither `@#@` nor `||`. */
export function profileOfName(endpoint: string): keyof ProfilesByName {
  if (endpoint.includes('@#@')) return 'b';
  if (endpoint.includes('||')) return 'c';
  // Four fields: a plain name with one ";" in it is nobody's.
  return endpoint.split(';', 5).length === 4 ? 'a' : 'plain';
}
