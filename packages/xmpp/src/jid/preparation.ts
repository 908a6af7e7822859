import { encodeUtf8 } from '@yaolian/kernel';
import { isBidi, isInClass, keepsBidiRule, mapWidth } from './precis.ts';
import { decodePunycode } from './punycode.ts';

/** RFC 7622 §3.2, §3.3, §3.4: each part holds so many bytes of UTF-8 at most. */
export const maxJidPart = 1023;

const plainLocal = /^[a-z0-9!#$%()*+,\-.;=?[\\\]^_`{|}~]+$/;
// RFC 7622 §3.3.1: these stand for something in a JID or in XML.
const forbiddenInLocal = /["&'/:<>@]/;

/**
 * The local part as it is compared: UsernameCaseMapped (RFC 8265 §3.3) without the characters of RFC 7622 §3.3.1. Undefined
 * when it is not one.
 */
export function prepareLocal(text: string): string | undefined {
  if (text.length > maxJidPart) return undefined;
  if (plainLocal.test(text)) return text;
  const mapped = mapWidth(text).toLowerCase().normalize('NFC');
  if (mapped === '' || forbiddenInLocal.test(mapped)) return undefined;
  if (!isInClass(mapped, 'identifier') || (isBidi(mapped) && !keepsBidiRule(mapped))) return undefined;
  return fits(mapped) ? mapped : undefined;
}

const plainResource = /^[!-~]+$/;
const otherSpaces = /\p{Zs}/gu;

/** The resource part as it is compared: OpaqueString (RFC 8265 §4.2). Undefined when it is not one. */
export function prepareResource(text: string): string | undefined {
  if (text.length > maxJidPart) return undefined;
  if (plainResource.test(text)) return text;
  const mapped = text.replaceAll(otherSpaces, ' ').normalize('NFC');
  if (mapped === '' || !isInClass(mapped, 'freeform')) return undefined;
  return fits(mapped) ? mapped : undefined;
}

const plainDomain = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/;
const ipv6 = /^\[[0-9a-f:.]{2,45}\]$/;

/** The domain part as it is compared: an IP literal or labels of IDNA2008 as U-labels (RFC 7622 §3.2). Undefined when it is not one. */
export function prepareDomain(text: string): string | undefined {
  if (text.length > maxJidPart) return undefined;
  if (plainDomain.test(text) && !text.includes('xn--')) return text;
  // RFC 7622 §3.2: the dot of the root does not count.
  const lower = mapWidth(text.endsWith('.') ? text.slice(0, -1) : text).toLowerCase();
  if (ipv6.test(lower)) return lower;
  const labels = lower.replaceAll('\u3002', '.').split('.').map(prepareLabel);
  if (labels.includes(undefined)) return undefined;
  const domain = labels.join('.');
  // RFC 5893 §1.4, §2: one label from right to left, and the rule holds for all of them.
  if (isBidi(domain) && !labels.every((label) => keepsBidiRule(label!))) return undefined;
  return domain !== '' && fits(domain) ? domain : undefined;
}

function prepareLabel(label: string): string | undefined {
  let unicode = label.normalize('NFC');
  if (label.startsWith('xn--')) {
    const decoded = decodePunycode(label.slice(4));
    // An A-label stands for exactly one U-label (RFC 5890 §2.3.2.1).
    if (decoded === undefined || decoded !== decoded.normalize('NFC').toLowerCase()) return undefined;
    if (!/[^\0-\x7f]/.test(decoded)) return undefined;
    unicode = decoded;
  }
  if (unicode === '' || unicode.length > 63 || unicode.startsWith('-') || unicode.endsWith('-')) return undefined;
  if (/[\0-,./:-`{-\x7f]/.test(unicode) || /^\p{M}/u.test(unicode)) return undefined;
  return isInClass(unicode, 'identifier') ? unicode : undefined;
}

function fits(part: string): boolean {
  return part.length * 3 <= maxJidPart || encodeUtf8(part).length <= maxJidPart;
}
