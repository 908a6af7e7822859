/** A part of some bytes as people read it: a header, one of its fields, a value. */
export interface Dissection {
  /** In the words of the standard: `Message ID`. */
  readonly name: string;
  /** What it says: `0x4a1b`. Empty for what only holds others. */
  readonly value: string;
  /** Where its bytes begin. */
  readonly start: number;
  /** Where they end. */
  readonly end: number;
  readonly fields?: readonly Dissection[];
}

/** Control characters, and those that turn the reading direction: what peers say must not play tricks on whoever reads it. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const unsafe = /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;

/** `text` with control characters written as `\x1b`, `\u202e`. */
export function escapeControls(text: string): string {
  return text.replaceAll(unsafe, (character) => {
    const code = character.charCodeAt(0);
    return code > 0xff ? `\\u${code.toString(16).padStart(4, '0')}` : `\\x${code.toString(16).padStart(2, '0')}`;
  });
}
