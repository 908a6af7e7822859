const standardAlphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const urlAlphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

const standardDigits = digitsOf(standardAlphabet);
const urlDigits = digitsOf(urlAlphabet);
const notADigit = 0xff;

function digitsOf(alphabet: string): Uint8Array {
  const digits = new Uint8Array(128).fill(0xff);
  for (let i = 0; i < 64; i++) digits[alphabet.charCodeAt(i)] = i;
  return digits;
}

/** RFC 4648 §4, with padding. */
export function encodeBase64(bytes: Uint8Array): string {
  const text = encode(bytes, standardAlphabet);
  return text + '='.repeat((4 - (text.length % 4)) % 4);
}

/** RFC 4648 §5, without padding. */
export function encodeBase64Url(bytes: Uint8Array): string {
  return encode(bytes, urlAlphabet);
}

/**
 * Reads RFC 4648 §4. Padding must be right or left out altogether; white space, other characters and bits beyond the last
 * byte are refused, so that a value has one text.
 */
export function decodeBase64(text: string): Uint8Array | undefined {
  return decode(text, standardDigits);
}

/** Reads RFC 4648 §5, with or without padding. As strict as {@link decodeBase64}. */
export function decodeBase64Url(text: string): Uint8Array | undefined {
  return decode(text, urlDigits);
}

function encode(bytes: Uint8Array, alphabet: string): string {
  let text = '';
  let i = 0;
  for (; i + 2 < bytes.length; i += 3) {
    const group = (bytes[i]! << 16) | (bytes[i + 1]! << 8) | bytes[i + 2]!;
    text +=
      alphabet[group >> 18]! + alphabet[(group >> 12) & 63]! + alphabet[(group >> 6) & 63]! + alphabet[group & 63]!;
  }
  if (i + 1 === bytes.length) {
    text += alphabet[bytes[i]! >> 2]! + alphabet[(bytes[i]! << 4) & 63]!;
  } else if (i + 2 === bytes.length) {
    const group = (bytes[i]! << 8) | bytes[i + 1]!;
    text += alphabet[group >> 10]! + alphabet[(group >> 4) & 63]! + alphabet[(group << 2) & 63]!;
  }
  return text;
}

function decode(text: string, digits: Uint8Array): Uint8Array | undefined {
  let length = text.length;
  if (length % 4 === 0 && text.endsWith('=')) length -= text.endsWith('==') ? 2 : 1;
  if (length % 4 === 1) return undefined;
  const bytes = new Uint8Array(Math.floor((length * 3) / 4));
  let written = 0;
  let bits = 0;
  let held = 0;
  for (let i = 0; i < length; i++) {
    const code = text.charCodeAt(i);
    const digit = code < 128 ? digits[code]! : notADigit;
    if (digit === notADigit) return undefined;
    bits = ((bits << 6) | digit) & 0xffff;
    held += 6;
    if (held >= 8) {
      held -= 8;
      bytes[written++] = bits >> held;
    }
  }
  // RFC 4648 §3.5: the pad bits of the last digit are zero.
  return (bits & ((1 << held) - 1)) === 0 ? bytes : undefined;
}
