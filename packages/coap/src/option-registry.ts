import { OptionNumber } from './options.ts';

/** RFC 7252 §5.4.1: whoever does not understand a critical option must not go on without it. */
export function isCritical(number: number): boolean {
  return (number & 1) === 1;
}

/** RFC 7252 §5.4.2: a proxy that does not understand the option must not forward it. */
export function isUnsafe(number: number): boolean {
  return (number & 2) === 2;
}

/** RFC 7252 §5.4.2: the option is no part of the cache key. Meaningful for options that are safe to forward. */
export function isNoCacheKey(number: number): boolean {
  return (number & 0x1e) === 0x1c;
}

/** What the registry says of an option: lengths in bytes, and whether it may come more than once. */
export interface OptionDefinition {
  readonly minimumLength: number;
  readonly maximumLength: number;
  readonly repeatable: boolean;
}

function define(minimumLength: number, maximumLength: number, repeatable = false): OptionDefinition {
  return { minimumLength, maximumLength, repeatable };
}

/** RFC 7252 §5.10 table 4, RFC 7641 §2, RFC 7959 §2.1 and §4. */
const definitions: readonly (readonly [number, OptionDefinition])[] = [
  [OptionNumber.IfMatch, define(0, 8, true)],
  [OptionNumber.UriHost, define(1, 255)],
  [OptionNumber.ETag, define(1, 8, true)],
  [OptionNumber.IfNoneMatch, define(0, 0)],
  [OptionNumber.Observe, define(0, 3)],
  [OptionNumber.UriPort, define(0, 2)],
  [OptionNumber.LocationPath, define(0, 255, true)],
  [OptionNumber.UriPath, define(0, 255, true)],
  [OptionNumber.ContentFormat, define(0, 2)],
  [OptionNumber.MaxAge, define(0, 4)],
  [OptionNumber.UriQuery, define(0, 255, true)],
  [OptionNumber.Accept, define(0, 2)],
  [OptionNumber.LocationQuery, define(0, 255, true)],
  [OptionNumber.Block2, define(0, 3)],
  [OptionNumber.Block1, define(0, 3)],
  [OptionNumber.Size2, define(0, 4)],
  [OptionNumber.ProxyUri, define(1, 1034)],
  [OptionNumber.ProxyScheme, define(1, 255)],
  [OptionNumber.Size1, define(0, 4)],
];

/** By number, so that looking one up is an array access. All registered numbers but one are below 64. */
const table: (OptionDefinition | undefined)[] = new Array<OptionDefinition | undefined>(64).fill(undefined);
for (const [number, definition] of definitions) table[number] = definition;

/** RFC 9175 §3.2.1. */
const requestTag = define(0, 8, true);

function definitionOf(number: number): OptionDefinition | undefined {
  if (number < 64) return table[number];
  return number === OptionNumber.RequestTag ? requestTag : undefined;
}

/**
 * Whether an option counts as recognised: known, of a length that it may have (RFC 7252 §5.4.3), and not one too many
 * (§5.4.5).
 *
 * @param repeated whether an option of this number came before it
 */
export function isRecognised(number: number, length: number, repeated: boolean): boolean {
  const definition = definitionOf(number);
  if (definition === undefined) return false;
  if (length < definition.minimumLength || length > definition.maximumLength) return false;
  return !repeated || definition.repeatable;
}
