import {
  describeCode,
  formatCode,
  formatUriPath,
  formatUriQuery,
  type IncomingResponse,
  isSuccess,
  mediaTypeOf,
  optionName,
} from '@yaolian/coap';
import { decodeUtf8, encodeHex, toSeconds } from '@yaolian/kernel';
import { printable, printableLines } from '../output/display-width.ts';
import { hexDump } from '../output/hex-dump.ts';
import { isTextFormat } from './content-formats.ts';

/** A response as `--json` shows it. */
export interface ResponseJson {
  readonly code: string;
  readonly peer: string;
  readonly contentFormat?: number;
  readonly mediaType?: string;
  readonly etag?: string;
  /** Seconds. */
  readonly maxAge: number;
  /** `/rd/5a?x=1` */
  readonly location?: string;
  readonly options: readonly { readonly number: number; readonly name: string; readonly hex: string }[];
  /** The payload when it is text; else `base64`; neither when there is none. */
  readonly text?: string;
  readonly base64?: string;
}

export function responseJson(response: IncomingResponse): ResponseJson {
  const { contentFormat, etag, payload } = response;
  const mediaType = contentFormat === undefined ? undefined : mediaTypeOf(contentFormat);
  const location = locationOf(response);
  const text = textOf(response);
  return {
    code: formatCode(response.code),
    peer: response.peer.address.key,
    ...(contentFormat === undefined ? {} : { contentFormat }),
    ...(mediaType === undefined ? {} : { mediaType }),
    ...(etag === undefined ? {} : { etag: encodeHex(etag) }),
    maxAge: toSeconds(response.maxAge),
    ...(location === undefined ? {} : { location }),
    options: response.options.map(({ number, value }) => ({ number, name: optionName(number), hex: encodeHex(value) })),
    ...(payload.length === 0
      ? {}
      : text === undefined
        ? { base64: Buffer.from(payload).toString('base64') }
        : { text }),
  };
}

/** The payload as text, when its format says so or, without a format, when it reads as text. */
function textOf(response: Pick<IncomingResponse, 'contentFormat' | 'payload'>): string | undefined {
  const { contentFormat, payload } = response;
  if (payload.length === 0) return undefined;
  const declared = contentFormat === undefined ? undefined : isTextFormat(contentFormat);
  if (declared === false) return undefined;
  const text = decodeUtf8(payload);
  if (text === undefined || declared === true) return text;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a control character says that this is no text
  return /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/.test(text) ? undefined : text;
}

/** `/rd/5a`, as Location-Path and Location-Query say it. */
function locationOf({ locationPath, locationQuery }: IncomingResponse): string | undefined {
  if (locationPath.length === 0 && locationQuery.length === 0) return undefined;
  return formatUriPath(locationPath) + formatUriQuery(locationQuery);
}

/** What came, for people: the payload of a 2.05, and for all else a line with the code first. */
export function describeResponse(response: IncomingResponse, forTerminal: boolean): string {
  const payload = describePayload(response, forTerminal);
  if (formatCode(response.code) === '2.05' && payload !== '') return payload;
  const location = locationOf(response);
  return `${describeCode(response.code)}${location === undefined ? '' : ` ${printable(location)}`}\n${payload}`;
}

/** Text that ends in a line break, or a hex dump. Text goes into a pipe as it is, and onto a terminal made harmless. */
export function describePayload(
  response: Pick<IncomingResponse, 'contentFormat' | 'payload'>,
  forTerminal: boolean,
): string {
  if (response.payload.length === 0) return '';
  const text = textOf(response);
  if (text === undefined) return hexDump(response.payload);
  const shown = forTerminal ? printableLines(text) : text;
  return shown.endsWith('\n') ? shown : `${shown}\n`;
}

/** `coap://… answered 4.04 NotFound: no such sensor`, or undefined for a success. */
export function refusalOf(uri: string, response: IncomingResponse): string | undefined {
  if (isSuccess(response.code)) return undefined;
  const diagnostic = textOf(response);
  return `${uri} answered ${describeCode(response.code)}${diagnostic === undefined ? '' : `: ${diagnostic.trim()}`}`;
}
