import { decodeUint, encodeUint, type Option, OptionNumber } from '@yaolian/coap';
import { decodeHex, decodeUtf8, encodeHex, encodeUtf8 } from '@yaolian/kernel';
import { cliErrors } from '../errors.ts';
import { printable } from '../output/display-width.ts';
import { describeContentFormat } from './content-formats.ts';

type OptionKind = 'text' | 'uint' | 'opaque' | 'empty' | 'format' | 'block';

/** The registered options and how their values read (RFC 7252 §5.10, RFC 7641, 7959, 7967, 8613, 8768, 9175). */
const knownOptions: ReadonlyMap<number, readonly [name: string, kind: OptionKind]> = new Map([
  [OptionNumber.IfMatch, ['If-Match', 'opaque']],
  [OptionNumber.UriHost, ['Uri-Host', 'text']],
  [OptionNumber.ETag, ['ETag', 'opaque']],
  [OptionNumber.IfNoneMatch, ['If-None-Match', 'empty']],
  [OptionNumber.Observe, ['Observe', 'uint']],
  [OptionNumber.UriPort, ['Uri-Port', 'uint']],
  [OptionNumber.LocationPath, ['Location-Path', 'text']],
  [9, ['OSCORE', 'opaque']],
  [OptionNumber.UriPath, ['Uri-Path', 'text']],
  [OptionNumber.ContentFormat, ['Content-Format', 'format']],
  [OptionNumber.MaxAge, ['Max-Age', 'uint']],
  [OptionNumber.UriQuery, ['Uri-Query', 'text']],
  [16, ['Hop-Limit', 'uint']],
  [OptionNumber.Accept, ['Accept', 'format']],
  [19, ['Q-Block1', 'block']],
  [OptionNumber.LocationQuery, ['Location-Query', 'text']],
  [OptionNumber.Block2, ['Block2', 'block']],
  [OptionNumber.Block1, ['Block1', 'block']],
  [OptionNumber.Size2, ['Size2', 'uint']],
  [31, ['Q-Block2', 'block']],
  [OptionNumber.ProxyUri, ['Proxy-Uri', 'text']],
  [OptionNumber.ProxyScheme, ['Proxy-Scheme', 'text']],
  [OptionNumber.Size1, ['Size1', 'uint']],
  [252, ['Echo', 'opaque']],
  [258, ['No-Response', 'uint']],
  [292, ['Request-Tag', 'opaque']],
] as const);

export function optionName(number: number): string {
  return knownOptions.get(number)?.[0] ?? `Option ${number}`;
}

/** `Uri-Path "rd"`, `Content-Format application/json (50)`, `Block2 3/more/64`. */
export function describeOption({ number, value }: Option): string {
  const text = describeValue(knownOptions.get(number)?.[1] ?? 'opaque', value);
  return text === '' ? optionName(number) : `${optionName(number)} ${text}`;
}

function describeValue(kind: OptionKind, value: Uint8Array): string {
  if (kind === 'empty' && value.length === 0) return '';
  if (kind === 'text') {
    const text = decodeUtf8(value);
    if (text !== undefined) return `"${printable(text)}"`;
  }
  if (kind === 'opaque' || kind === 'text' || value.length > 4)
    return value.length === 0 ? 'empty' : `0x${encodeHex(value)}`;
  const number = decodeUint(value);
  if (kind === 'format') return describeContentFormat(number);
  if (kind === 'block') return `${number >> 4}/${number & 8 ? 'more' : 'last'}/${16 << (number & 7)}`;
  return String(number);
}

/** `11=rd`, `14=60`, `2049=0x0102`: number and value. */
export function coapOption(text: string): Option {
  const match = /^(\d{1,5})(?:=(.*))?$/s.exec(text);
  const number = Number(match?.[1]);
  if (!match || number > 65_535) {
    throw cliErrors.CLI_USAGE(`"${text}" is no option; write number=value, as in 14=60, 15=name=value or 2049=0x0102`);
  }
  return { number, value: encodeValue(number, match[2] ?? '') };
}

function encodeValue(number: number, text: string): Uint8Array {
  if (text.startsWith('0x')) {
    const bytes = decodeHex(text.slice(2));
    if (bytes) return bytes;
    throw cliErrors.CLI_USAGE(`"${text}" is not hexadecimal; write two digits for each byte, as in 0x01ff`);
  }
  const kind = knownOptions.get(number)?.[1] ?? 'text';
  if (kind !== 'uint' && kind !== 'format') return encodeUtf8(text);
  if (!/^\d{1,10}$/.test(text) || Number(text) > 0xffff_ffff) {
    throw cliErrors.CLI_USAGE(`${optionName(number)} takes a number from 0 to 4294967295, not "${text}"`);
  }
  return encodeUint(Number(text));
}
