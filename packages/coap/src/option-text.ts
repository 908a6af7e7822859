import { decodeUtf8, encodeHex, escapeControls } from '@yaolian/kernel';
import { mediaTypeOf } from './content-format.ts';
import { decodeUint } from './option-values.ts';
import { type Option, OptionNumber } from './options.ts';

export type OptionKind = 'text' | 'uint' | 'opaque' | 'empty' | 'format' | 'block';

/** The registered options and how their values read (RFC 7252 §5.10, RFC 7641, 7959, 7967, 8613, 8768, 9175). */
const knownOptions: ReadonlyMap<number, readonly [name: string, kind: OptionKind]> = new Map([
  [OptionNumber.IfMatch, ['If-Match', 'opaque']],
  [OptionNumber.UriHost, ['Uri-Host', 'text']],
  [OptionNumber.ETag, ['ETag', 'opaque']],
  [OptionNumber.IfNoneMatch, ['If-None-Match', 'empty']],
  [OptionNumber.Observe, ['Observe', 'uint']],
  [OptionNumber.UriPort, ['Uri-Port', 'uint']],
  [OptionNumber.LocationPath, ['Location-Path', 'text']],
  [OptionNumber.OSCORE, ['OSCORE', 'opaque']],
  [OptionNumber.UriPath, ['Uri-Path', 'text']],
  [OptionNumber.ContentFormat, ['Content-Format', 'format']],
  [OptionNumber.MaxAge, ['Max-Age', 'uint']],
  [OptionNumber.UriQuery, ['Uri-Query', 'text']],
  [OptionNumber.HopLimit, ['Hop-Limit', 'uint']],
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
  [OptionNumber.Echo, ['Echo', 'opaque']],
  [OptionNumber.NoResponse, ['No-Response', 'uint']],
  [OptionNumber.RequestTag, ['Request-Tag', 'opaque']],
] as const);

export function optionName(number: number): string {
  return knownOptions.get(number)?.[0] ?? `Option ${number}`;
}

/** Undefined for options that are not registered. */
export function optionKind(number: number): OptionKind | undefined {
  return knownOptions.get(number)?.[1];
}

/** `Uri-Path "rd"`, `Content-Format application/json (50)`, `Block2 3/more/64`. */
export function describeOption(option: Option): string {
  const text = optionValueText(option);
  return text === '' ? optionName(option.number) : `${optionName(option.number)} ${text}`;
}

/** `"rd"`, `application/json (50)`, `3/more/64`. */
export function optionValueText({ number: option, value }: Option): string {
  const kind = optionKind(option) ?? 'opaque';
  if (kind === 'empty' && value.length === 0) return '';
  if (kind === 'text') {
    const text = decodeUtf8(value);
    if (text !== undefined) return `"${escapeControls(text)}"`;
  }
  if (kind === 'opaque' || kind === 'text' || value.length > 4)
    return value.length === 0 ? 'empty' : `0x${encodeHex(value)}`;
  const number = decodeUint(value);
  if (kind === 'format') return describeContentFormat(number);
  if (kind === 'block') return `${number >> 4}/${number & 8 ? 'more' : 'last'}/${16 << (number & 7)}`;
  return String(number);
}

/** `application/json (50)`, or just the number. */
export function describeContentFormat(number: number): string {
  const mediaType = mediaTypeOf(number);
  return mediaType === undefined ? String(number) : `${mediaType} (${number})`;
}
