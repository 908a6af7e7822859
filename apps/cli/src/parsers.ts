import { type Duration, decodeHex, parseDuration } from '@yaolian/kernel';
import type { Command, Option } from 'commander';
import { cliErrors } from './errors.ts';

/** Parsers for option values. What they refuse is a usage error whose sentence says what would be right. */
export function durationOption(text: string): Duration {
  try {
    return parseDuration(text);
  } catch (error) {
    throw cliErrors.CLI_USAGE((error as RangeError).message);
  }
}

/** A whole number within bounds. */
export function integerOption(what: string, minimum: number, maximum: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= minimum && value <= maximum) return value;
    throw cliErrors.CLI_USAGE(`${what} is a whole number from ${minimum} to ${maximum}, not "${text}"`);
  };
}

/** A number that may have a fraction and a sign. */
export function numberOption(what: string): (text: string) => number {
  return (text) => {
    const value = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
    if (Number.isFinite(value)) return value;
    throw cliErrors.CLI_USAGE(`${what} is a number, not "${text}"`);
  };
}

/** Where terminals find a server. */
export function serverUriOption(text: string): string {
  if (text.length <= 255 && /^coaps?(?:\+(?:tcp|ws))?:\/\/[^/]/.test(text)) return text;
  throw cliErrors.CLI_USAGE(
    `"${text}" is no address that terminals register at; write it as in coap://192.0.2.1:5683 or coaps://192.0.2.1:5684`,
  );
}

/** Bytes in hexadecimal. */
export function hexOption(text: string): Uint8Array {
  const bytes = decodeHex(text);
  if (bytes !== undefined && bytes.length > 0) return bytes;
  throw cliErrors.CLI_USAGE(`a key is written in hexadecimal, such as 0011aaff, not "${text}"`);
}

/** A pre-shared key as the platform takes it (RFC 4279 §5.3: up to 64 bytes). */
export function pskOption(text: string): Uint8Array {
  const key = hexOption(text);
  if (key.length >= 8 && key.length <= 64) return key;
  throw cliErrors.CLI_USAGE(`a pre-shared key has 8 to 64 bytes, two hexadecimal digits each, not ${key.length}`);
}

/** So many bytes in hexadecimal; an empty text is none. */
export function bytesOption(least: number, most: number): (text: string) => string {
  return (text) => {
    const bytes = decodeHex(text.toLowerCase());
    if (bytes !== undefined && bytes.length >= least && bytes.length <= most) return text.toLowerCase();
    throw cliErrors.CLI_USAGE(`that is ${least} to ${most} bytes, two hexadecimal digits each, not "${text}"`);
  };
}

/** An algorithm by its name, in any case, or its number. */
export function algorithmOption<Name extends string>(
  algorithms: Readonly<Record<Name, number>>,
): (text: string) => Name {
  const names = Object.keys(algorithms) as Name[];
  return (text) => {
    const found = names.find((name) => name.toLowerCase() === text.toLowerCase() || `${algorithms[name]}` === text);
    if (found !== undefined) return found;
    const known = names.map((name) => `${name} (${algorithms[name]})`).join(', ');
    throw cliErrors.CLI_USAGE(`"${text}" is none of the algorithms ${known}`);
  };
}

/** The SHA-256 of a certificate, with or without colons. */
export function fingerprintOption(text: string): string {
  const digits = text.replaceAll(':', '');
  if (decodeHex(digits)?.length === 32) return digits;
  throw cliErrors.CLI_USAGE(`a fingerprint is a SHA-256: 64 hexadecimal digits, not "${text}"`);
}

const collectors = new WeakSet<object>();

/** For options that may be given several times. */
export function collectOption<T>(
  parse: (text: string) => T,
): (text: string, previous: readonly T[] | undefined) => readonly T[] {
  const collect = (text: string, previous: readonly T[] | undefined) => [...(previous ?? []), parse(text)];
  collectors.add(collect);
  return collect;
}

/** Whether an option may be given several times. */
export function mayRepeat({ variadic, parseArg }: Option): boolean {
  return variadic || (parseArg !== undefined && collectors.has(parseArg));
}

/** Makes a usage error of an option that is given twice and is no list: which of the two is meant, nobody can tell. */
export function refuseRepeats(command: Command): void {
  const given = new Map<string, string>();
  for (const option of command.options) {
    if (mayRepeat(option)) continue;
    const flag = option.long ?? option.flags;
    command.on(`option:${option.name()}`, () => {
      const earlier = given.get(option.attributeName());
      given.set(option.attributeName(), flag);
      if (earlier !== undefined && earlier !== flag) {
        throw cliErrors.CLI_USAGE(`${earlier} and ${flag} contradict each other; leave one out`);
      }
      if (earlier !== undefined && (option.required || option.optional)) {
        throw cliErrors.CLI_USAGE(`${flag} is given more than once; leave all but one out`);
      }
    });
  }
  for (const child of command.commands) refuseRepeats(child);
}
