import type { JsonObjectDefinition, JsonValue } from '@yaolian/contract';
import type { TextKey } from '../../catalogue/index.ts';

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
      return /^[+-]?\d+$/.test(trimmed) ? withinRange(wholeNumber(trimmed), range) : refused('input.integer');
    case 'unsigned':
      return /^\+?\d+$/.test(trimmed) ? withinRange(wholeNumber(trimmed), range) : refused('input.unsigned');
    case 'float':
      return trimmed !== '' && Number.isFinite(Number(trimmed))
        ? withinRange(Number(trimmed), range)
        : refused('input.float');
    case 'boolean':
      return { ok: true, value: text === 'true' };
    case 'opaque':
      return parseHex(trimmed);
    case 'time':
      return parseTime(trimmed);
    case 'objlnk':
      return /^\d{1,5}:\d{1,5}$/.test(trimmed) ? { ok: true, value: trimmed } : refused('input.objlnk');
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

/** Beyond 2^53 the API takes the digits themselves. */
function wholeNumber(text: string): JsonValue {
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : text.replace(/^\+/, '');
}

function withinRange(value: JsonValue, range: string | undefined): Parsed {
  const bounds = /^\s*([+-]?[\d.]+?)\s*(?:\.\.|-|to)\s*([+-]?\d[\d.]*)\s*$/.exec(range ?? '');
  if (bounds === null || range === undefined) return { ok: true, value };
  const number = Number(value);
  if (number >= Number(bounds[1]) && number <= Number(bounds[2])) return { ok: true, value };
  return { ok: false, problem: 'input.range', range };
}

function parseHex(text: string): Parsed {
  const digits = text.replaceAll(/[\s:]/g, '');
  if (!/^(?:[\da-f]{2})*$/i.test(digits)) return refused('input.opaque');
  const bytes = (digits.match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16));
  return { ok: true, value: btoa(String.fromCharCode(...bytes)) };
}

function hexOf(base64: string): string {
  return Array.from(atob(base64), (byte) => byte.charCodeAt(0).toString(16).padStart(2, '0')).join(' ');
}

function parseTime(text: string): Parsed {
  const date = new Date(text);
  if (Number.isNaN(date.getTime())) return refused('input.time');
  return { ok: true, value: `${date.toISOString().slice(0, 19)}Z` };
}
