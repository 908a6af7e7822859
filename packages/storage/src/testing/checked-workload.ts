import type { Registration } from '@yaolian/lwm2m/server';
import { sampleRegistration } from './sample-registration.ts';

/** What the process that is killed does, so that what it leaves behind can be judged: each terminal goes from version to version. */
export const checkedTerminals = 40;

/** Versions repeat in rounds of this many actions; a round begins with a Register after a remove. */
const actions = ['register', 'update', 'update', 'register', 'update', 'register', 'remove'] as const;

export const versionsPerRound = actions.length;

export function actionOf(version: number): (typeof actions)[number] {
  return actions[version % actions.length]!;
}

/** The registration that a terminal has at a version; an Update keeps its id, a Register gets a new one. */
export function registrationOf(terminal: number, version: number): Registration {
  return sampleRegistration(`t${terminal}v${lastRegister(version)}`, {
    endpoint: `e${terminal}`,
    deviceKey: `k${terminal}`,
    lifetime: version + 1,
    objectLinks: version % 3 === 0 ? '</1/0>,</3/0>' : '</1/0>',
  });
}

export function recordOf(terminal: number, version: number) {
  const { endpoint, deviceKey, address } = registrationOf(terminal, version);
  return { key: deviceKey, endpoint, address: address.key, time: version + 1, identity: {} };
}

/** The version of the Register that holds at a version. */
export function lastRegister(version: number): number {
  let last = version;
  while (last > 0 && actionOf(last) !== 'register') last--;
  return last;
}
