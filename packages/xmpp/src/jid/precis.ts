import {
  arabicNumber,
  europeanNumber,
  joinsAfter,
  joinsBefore,
  neutral,
  nonSpacing,
  rightToLeft,
  transparent,
  virama,
} from './generated/unicode-properties.ts';

/** The two string classes of RFC 8264 §4. */
export type StringClass = 'identifier' | 'freeform';

// RFC 5892 §2.6, which RFC 8264 §9.6 takes over.
const exceptionsValid = /^[\u00df\u03c2\u06fd\u06fe\u0f0b\u3007]$/u;
const exceptionsContextual = /^[\u00b7\u0375\u05f3\u05f4\u30fb\u0660-\u0669\u06f0-\u06f9]$/u;
const exceptionsDisallowed = /^[\u0640\u07fa\u302e\u302f\u3031-\u3035\u303b]$/u;
const unassigned = /^[\p{Cn}]$/u;
const noncharacter = /^\p{Noncharacter_Code_Point}$/u;
const joinControl = /^[\u200c\u200d]$/u;
const oldHangulJamo = /^[\u1100-\u11ff\ua960-\ua97c\ud7b0-\ud7c6\ud7cb-\ud7fb]$/u;
const ignorable = /^[\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}]$/u;
const control = /^\p{Cc}$/u;
const letterDigit = /^[\p{Ll}\p{Lu}\p{Lo}\p{Nd}\p{Lm}\p{Mn}\p{Mc}]$/u;
const otherLetterDigit = /^[\p{Lt}\p{Nl}\p{No}\p{Me}]$/u;
const spaceSymbolPunctuation = /^[\p{Zs}\p{Sm}\p{Sc}\p{Sk}\p{So}\p{Pc}\p{Pd}\p{Ps}\p{Pe}\p{Pi}\p{Pf}\p{Po}]$/u;

/** True when every code point of `text` may stand in a string of `stringClass` (RFC 8264 §8). */
export function isInClass(text: string, stringClass: StringClass): boolean {
  const points = [...text];
  return points.every((point, index) => mayStand(point, index, points, stringClass));
}

function mayStand(point: string, index: number, points: readonly string[], stringClass: StringClass): boolean {
  const code = point.codePointAt(0)!;
  if (code < 0x80) return code > 0x20 ? code < 0x7f : code === 0x20 && stringClass === 'freeform';
  if (exceptionsValid.test(point)) return true;
  if (exceptionsContextual.test(point)) return contextHolds(code, index, points);
  if (exceptionsDisallowed.test(point) || unassigned.test(point) || noncharacter.test(point)) return false;
  if (joinControl.test(point)) return joinHolds(code, index, points);
  if (oldHangulJamo.test(point) || ignorable.test(point) || control.test(point)) return false;
  if (point.normalize('NFKC') !== point) return stringClass === 'freeform' && !isSurrogate(code);
  if (letterDigit.test(point)) return true;
  if (otherLetterDigit.test(point) || spaceSymbolPunctuation.test(point)) return stringClass === 'freeform';
  return false; // private use, surrogates, line and paragraph separators
}

function isSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdfff;
}

/** RFC 5892 appendix A.3 to A.9. */
function contextHolds(code: number, index: number, points: readonly string[]): boolean {
  const before = points[index - 1] ?? '';
  const after = points[index + 1] ?? '';
  switch (code) {
    case 0xb7:
      return before === 'l' && after === 'l';
    case 0x375:
      return /^\p{Script=Greek}/u.test(after);
    case 0x5f3:
    case 0x5f4:
      return /\p{Script=Hebrew}$/u.test(before);
    case 0x30fb:
      return points.some((point) => /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]/u.test(point));
    default: {
      // Arabic-Indic digits and extended ones do not mix.
      const others = code <= 0x669 ? /[\u06f0-\u06f9]/ : /[\u0660-\u0669]/;
      return !points.some((point) => others.test(point));
    }
  }
}

/** RFC 5892 appendix A.1, A.2: a joiner stands after a virama, a non-joiner also where it keeps two letters of a cursive script apart. */
function joinHolds(code: number, index: number, points: readonly string[]): boolean {
  if (virama.test(points[index - 1] ?? '')) return true;
  if (code !== 0x200c) return false;
  let before = index - 1;
  while (transparent.test(points[before] ?? '')) before--;
  let after = index + 1;
  while (transparent.test(points[after] ?? '')) after++;
  return joinsAfter.test(points[before] ?? '') && joinsBefore.test(points[after] ?? '');
}

type Direction = 'L' | 'R' | 'AN' | 'EN' | 'NSM' | 'neutral';

/** Bidi_Class; AL is R here, and all that the rule does not tell apart is neutral. */
function directionOf(point: string): Direction {
  if (europeanNumber.test(point)) return 'EN';
  if (arabicNumber.test(point)) return 'AN';
  if (nonSpacing.test(point)) return 'NSM';
  if (rightToLeft.test(point)) return 'R';
  return neutral.test(point) ? 'neutral' : 'L';
}

/** Something in it goes from right to left. */
export function isBidi(text: string): boolean {
  return (
    /[^\0-\u058f]/.test(text) && [...text].map(directionOf).some((direction) => direction === 'R' || direction === 'AN')
  );
}

/** The Bidi rule (RFC 5893 §2), of a string in a context where something goes from right to left. */
export function keepsBidiRule(text: string): boolean {
  const directions = [...text].map(directionOf);
  const [first] = directions;
  while (directions.at(-1) === 'NSM') directions.pop();
  const last = directions.at(-1);
  const has = (direction: Direction) => directions.includes(direction);
  // Conditions 2 to 4, and 5 and 6, as the first one says.
  if (first === 'R') return !has('L') && !(has('EN') && has('AN')) && (last === 'R' || last === 'EN' || last === 'AN');
  return first === 'L' && !has('R') && !has('AN') && (last === 'L' || last === 'EN');
}

const wide = /[\uff01-\uffee\u3000]/gu;

/** The width mapping rule of RFC 8265 §3.3.2: fullwidth and halfwidth forms become what they decompose to. */
export function mapWidth(text: string): string {
  return text.replaceAll(wide, (point) => point.normalize('NFKC'));
}
