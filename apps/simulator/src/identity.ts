import { formatEndpointName } from '@yaolian/china-mobile-dm';
import { simulatorErrors } from './errors.ts';
import { SeededRandom } from './seeded-random.ts';

/** Who a simulated terminal is. */
export interface Identity {
  /** China Mobile's terminal specification §7.1: `IMEI;IMSI;CMEI;A.B`. */
  readonly endpointName: string;
  readonly imei: string;
  readonly imsi: string;
}

/** The largest seed. */
const maximumSeed = 0xffff_ffff;

/** @throws YaolianError SIMULATOR_BAD_OPTION */
export function checkSeed(seed: number): void {
  if (Number.isInteger(seed) && seed >= 0 && seed <= maximumSeed) return;
  throw simulatorErrors.SIMULATOR_BAD_OPTION('seed', `a whole number from 0 to ${maximumSeed}, not ${seed}`);
}

/**
 * The identity of terminal `index` of a seed: the same each time, and another one for every index below 1,000,000.
 * IMEIs have a check digit and the type allocation code 86000000, which nobody has; IMSIs are of China Mobile's test network.
 */
export function simulatedIdentity(seed: number, index: number): Identity {
  // Serial numbers of six digits: an affine walk through them never meets one twice.
  const random = new SeededRandom(seed);
  const offset = random.below(1_000_000);
  const serial = String((offset + index * 381_911) % 1_000_000).padStart(6, '0');
  const body = `86000000${serial}`;
  const imei = body + luhnDigit(body);
  const imsi = `46000${String(seed % 10_000).padStart(4, '0')}${serial}`;
  return { endpointName: formatEndpointName({ imei, imsi, cmei: undefined, version: '1.0' }), imei, imsi };
}

/** The check digit of an IMEI (3GPP TS 23.003 annex B). */
function luhnDigit(digits: string): string {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = Number(digits[digits.length - 1 - i]);
    const counted = i % 2 === 0 ? digit * 2 : digit;
    sum += counted > 9 ? counted - 9 : counted;
  }
  return String((10 - (sum % 10)) % 10);
}
