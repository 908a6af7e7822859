import { emptyBytes, toSeconds } from '@yaolian/kernel';
import type { OutgoingRequest, OutgoingResponse } from './exchange.ts';
import type { MessageSizing } from './message-sizing.ts';
import { encodeUint, textOption } from './option-values.ts';
import { type Option, OptionNumber } from './options.ts';
import { parseUriPath } from './uri.ts';

/**
 * The options of a request, in order, without those of observe and block-wise transfer.
 * @throws RangeError when a value does not fit its option
 */
export function requestOptions(request: OutgoingRequest): Option[] {
  const options: Option[] = [];
  for (const value of request.ifMatch ?? []) push(options, OptionNumber.IfMatch, value, 0, 8);
  for (const value of request.etags ?? []) push(options, OptionNumber.ETag, value, 1, 8);
  if (request.ifNoneMatch) options.push({ number: OptionNumber.IfNoneMatch, value: emptyBytes });
  pushTexts(options, OptionNumber.UriPath, pathSegments(request.path ?? []));
  if (request.contentFormat !== undefined) pushFormat(options, OptionNumber.ContentFormat, request.contentFormat);
  pushTexts(options, OptionNumber.UriQuery, request.query ?? []);
  if (request.accept !== undefined) pushFormat(options, OptionNumber.Accept, request.accept);
  return request.options === undefined ? options : merge(options, request.options);
}

/**
 * The options of a response, in order, without those of observe and block-wise transfer.
 * @throws RangeError when a value does not fit its option
 */
export function responseOptions(response: OutgoingResponse): Option[] {
  const options: Option[] = [];
  if (response.etag !== undefined) push(options, OptionNumber.ETag, response.etag, 1, 8);
  if (response.locationPath !== undefined) pushTexts(options, OptionNumber.LocationPath, response.locationPath);
  if (response.contentFormat !== undefined) pushFormat(options, OptionNumber.ContentFormat, response.contentFormat);
  if (response.maxAge !== undefined) {
    const age = Math.min(Math.ceil(toSeconds(response.maxAge)), 0xffffffff);
    options.push({ number: OptionNumber.MaxAge, value: encodeUint(age) });
  }
  if (response.locationQuery !== undefined) pushTexts(options, OptionNumber.LocationQuery, response.locationQuery);
  return response.options === undefined ? options : merge(options, response.options);
}

/** @throws RangeError when options and payload do not fit into one message */
export function checkSize(options: readonly Option[], payload: Uint8Array, { maximumContent }: MessageSizing): void {
  if (payload.length === 0 && options.length === 0) return;
  // An option has up to 5 bytes besides its value.
  let size = payload.length;
  for (const { value } of options) size += value.length + 5;
  if (size > maximumContent) {
    throw new RangeError(`a message of ${size} bytes does not fit: ${maximumContent} is the most`);
  }
}

/** `options` with `more` among them, in order of number; equal numbers keep the order given. */
export function merge(options: Option[], more: readonly Option[]): Option[] {
  if (more.length === 0) return options;
  for (const { number, value } of more) push(options, number, value, 0, 65_535);
  return options.sort((a, b) => a.number - b.number);
}

/** Which transfer of bodies a request belongs to (RFC 9175 §3.2): none, or a byte or two. */
export function requestTagOption(tag: number): Option {
  return { number: OptionNumber.RequestTag, value: encodeUint(tag) };
}

/** `options` with `option` in its place, replacing those of the same number. */
export function withOption(options: readonly Option[], option: Option): Option[] {
  const result: Option[] = [];
  let placed = false;
  for (const other of options) {
    if (!placed && other.number >= option.number) {
      result.push(option);
      placed = true;
    }
    if (other.number !== option.number) result.push(other);
  }
  if (!placed) result.push(option);
  return result;
}

/**
 * The segments of `/rd/5a`, percent-decoded, with dot segments resolved; segments that are given as such stay as they are.
 * @throws RangeError when the text is not a path, or a segment is `.` or `..`
 */
export function pathSegments(path: string | readonly string[]): readonly string[] {
  if (typeof path === 'string') {
    const segments = parseUriPath(path);
    if (!segments.ok) throw new RangeError(segments.error);
    return segments.value;
  }
  // RFC 7252 §5.10.1: a Uri-Path is never `.` or `..`.
  const dots = path.find((segment) => segment === '.' || segment === '..');
  if (dots !== undefined) throw new RangeError(`a path has no segment "${dots}"`);
  return path;
}

function pushTexts(options: Option[], number: number, texts: readonly string[]): void {
  for (const text of texts) {
    const option = textOption(number, text);
    if (option.value.length > 255) throw new RangeError(`"${text.slice(0, 40)}…" has more than 255 bytes`);
    options.push(option);
  }
}

function pushFormat(options: Option[], number: number, format: number): void {
  if (!(format <= 0xffff)) throw new RangeError(`a content format is a number from 0 to 65535, not ${format}`);
  options.push({ number, value: encodeUint(format) });
}

function push(options: Option[], number: number, value: Uint8Array, least: number, most: number): void {
  if (!(number >= 0 && number <= 0xffff)) throw new RangeError(`an option number is 0 to 65535, not ${number}`);
  if (value.length < least || value.length > most) {
    throw new RangeError(`option ${number} has ${least} to ${most} bytes, not ${value.length}`);
  }
  options.push({ number, value });
}
