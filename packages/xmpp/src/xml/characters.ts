/** XML 1.0 §2.2: code points that no document may contain, whether written or by reference. */
export function isXmlCharacter(code: number): boolean {
  if (code < 0x20) return code === 0x09 || code === 0x0a || code === 0x0d;
  return code < 0xd800 || (code > 0xdfff && code < 0xfffe) || (code > 0xffff && code < 0x110000);
}

/** Where the first thing is in a text that XML cannot carry; -1 when there is none. */
export function findForbidden(text: string): number {
  // Most texts have nothing of what the slow search looks at twice.
  return suspiciousCharacters.test(text) ? text.search(forbiddenCharacters) : -1;
}

/** What {@link forbiddenCharacters} may begin with. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it looks for
const suspiciousCharacters = /[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]/;

/** Anything in a text that XML cannot carry. */
export const forbiddenCharacters =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it looks for
  /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

/** Classes of ASCII characters in names: 1 may start one, 2 may follow. */
const asciiNames = new Uint8Array(128);
for (let code = 0; code < 128; code++) {
  const character = String.fromCharCode(code);
  if (/[A-Za-z_]/.test(character)) asciiNames[code] = 3;
  else if (/[-.0-9]/.test(character)) asciiNames[code] = 2;
}

// XML 1.0 §2.3 [4], [4a], without the colon that namespaces take for themselves (NCName).
const startRanges =
  '\\u00c0-\\u00d6\\u00d8-\\u00f6\\u00f8-\\u02ff\\u0370-\\u037d\\u037f-\\u1fff\\u200c\\u200d\\u2070-\\u218f\\u2c00-\\u2fef\\u3001-\\ud7ff\\uf900-\\ufdcf\\ufdf0-\\ufffd\\u{10000}-\\u{effff}';
const nameStart = new RegExp(`^[${startRanges}]$`, 'u');
const nameCharacter = new RegExp(`^[${startRanges}\\u00b7\\u0300-\\u036f\\u203f\\u2040]$`, 'u');

export function isNameStart(code: number): boolean {
  return code < 128 ? (asciiNames[code]! & 1) !== 0 : nameStart.test(String.fromCodePoint(code));
}

export function isNameCharacter(code: number): boolean {
  return code < 128 ? asciiNames[code] !== 0 : nameCharacter.test(String.fromCodePoint(code));
}

/** XML 1.0 §2.3 [3]. */
export function isWhiteSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}
