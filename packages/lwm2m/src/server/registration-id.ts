import { encodeBase64Url, type Random } from '@yaolian/kernel';

/**
 * A new registration id: 72 random bits in twelve characters. Nobody guesses one of another terminal's, and ids of before a
 * restart do not come again.
 */
export function registrationId(random: Random): string {
  return encodeBase64Url(random.bytes(9));
}
