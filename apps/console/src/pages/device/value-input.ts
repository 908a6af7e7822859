import type { JsonObjectDefinition, JsonValue } from '@yaolian/contract';
import type { TextKey } from '../../catalogue/index.ts';
import { hexOf } from '../../platform/hex.ts';

export type ResourceType = JsonObjectDefinition['resources'][number]['type'];

/** What an editor made of a text: a value as the API takes it, or what to tell its writer. */
export type Parsed =
  | { readonly ok: true; readonly value: JsonValue }
  | { readonly ok: false; readonly problem: TextKey; readonly range?: string };

/** Reads what was typed into the editor of a resource of type `type`. `range` is the object model's: `0..100`. */
export function parseInput(text: string, type: ResourceType, range?: string): Parsed {
  const trimmed = text.trim();
  switch (type) {
    case 'integer':
      return /^[+-]?\d+$/.test(trimmed) ? parseWhole(trimmed, 'integer', range) : refused('input.integer');
    case 'unsigned':
      return /^\+?\d+$/.test(trimmed) ? parseWhole(trimmed, 'unsigned', range) : refused('input.unsigned');
    case 'float':
      return decimal.test(trimmed) && Number.isFinite(Number(trimmed))
        ? withinRange(Number(trimmed), range)
        : refused('input.float');
    case 'boolean':
      return text === 'true' || text === 'false' ? { ok: true, value: text === 'true' } : refused('input.boolean');
    case 'opaque':
      return parseHex(trimmed);
    case 'time':
      return parseTime(trimmed);
    case 'objlnk':
      return isLink(trimmed) ? { ok: true, value: trimmed } : refused('input.objlnk');
    case 'corelnk':
      return links.test(trimmed) ? { ok: true, value: trimmed } : refused('input.corelnk');
    default:
      return { ok: true, value: text };
  }
}

/** How a value stands in its editor: what {@link parseInput} reads. */
export function inputText(value: JsonValue, type: ResourceType): string {
  if (type === 'opaque') return hexOf(String(value));
  if (type !== 'time') return String(value);
  const date = new Date(String(value));
  const local = new Date(date.getTime() - date.getTimezoneOffset() * 60_000);
  return Number.isNaN(date.getTime()) ? '' : local.toISOString().slice(0, 19);
}

function refused(problem: TextKey): Parsed {
  return { ok: false, problem };
}

const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/** What 64 bits hold (LwM2M Core 1.2, appendix C). */
const wholeBounds = {
  integer: [-(2n ** 63n), 2n ** 63n - 1n],
  unsigned: [0n, 2n ** 64n - 1n],
} as const;

/** Beyond 2^53 the API takes the digits themselves. */
function parseWhole(text: string, type: keyof typeof wholeBounds, range: string | undefined): Parsed {
  const digits = text.replace(/^\+/, '');
  const [least, most] = wholeBounds[type];
  const whole = BigInt(digits);
  if (whole < least || whole > most) return { ok: false, problem: 'input.range', range: `${least}..${most}` };
  return withinRange(Number.isSafeInteger(Number(digits)) ? Number(digits) : digits, range);
}

/** Object and instance, each of 16 bits. */
function isLink(text: string): boolean {
  const ids = /^(\d{1,5}):(\d{1,5})$/.exec(text);
  return ids !== null && Number(ids[1]) <= 65_535 && Number(ids[2]) <= 65_535;
}

/** RFC 6690 §2: `</3/0>;ver=1.1,</1/0>`; a comma may stand in quotes. */
const links = /^(?:<[^<>]*>(?:;[^\s;,="<>]+(?:=(?:"[^"]*"|[^\s;,"<>]+))?)*(?:\s*,\s*(?=<)|$))*$/;

function withinRange(value: JsonValue, range: string | undefined): Parsed {
  const bounds = /^\s*([+-]?[\d.]+?)\s*(?:\.\.|-|to)\s*([+-]?\d[\d.]*)\s*$/.exec(range ?? '');
  if (bounds === null || range === undefined) return { ok: true, value };
  const number = Number(value);
  // Some are written from the greater to the less: -30..-120.
  const [first, last] = [Number(bounds[1]), Number(bounds[2])];
  if (number >= Math.min(first, last) && number <= Math.max(first, last)) return { ok: true, value };
  return { ok: false, problem: 'input.range', range };
}

function parseHex(text: string): Parsed {
  const digits = text.replaceAll(/[\s:]/g, '');
  if (!/^(?:[\da-f]{2})*$/i.test(digits)) return refused('input.opaque');
  const bytes = (digits.match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16));
  return { ok: true, value: btoa(String.fromCharCode(...bytes)) };
}

function parseTime(text: string): Parsed {
  const date = new Date(text);
  if (Number.isNaN(date.getTime())) return refused('input.time');
  return { ok: true, value: `${date.toISOString().slice(0, 19)}Z` };
}
