import { ContentFormat } from '@yaolian/coap';
import type { Candidate } from '../command.ts';
import { cliErrors } from '../errors.ts';

interface NamedFormat {
  readonly number: number;
  readonly mediaType: string;
  /** Short names that people type. */
  readonly names: readonly string[];
  readonly isText: boolean;
}

const formats: readonly NamedFormat[] = [
  { number: ContentFormat.Text, mediaType: 'text/plain;charset=utf-8', names: ['text', 'text/plain'], isText: true },
  { number: ContentFormat.LinkFormat, mediaType: 'application/link-format', names: ['link-format'], isText: true },
  { number: ContentFormat.Xml, mediaType: 'application/xml', names: ['xml'], isText: true },
  {
    number: ContentFormat.OctetStream,
    mediaType: 'application/octet-stream',
    names: ['octet-stream', 'opaque'],
    isText: false,
  },
  { number: ContentFormat.Exi, mediaType: 'application/exi', names: ['exi'], isText: false },
  { number: ContentFormat.Json, mediaType: 'application/json', names: ['json'], isText: true },
  { number: ContentFormat.Cbor, mediaType: 'application/cbor', names: ['cbor'], isText: false },
  { number: ContentFormat.SenmlJson, mediaType: 'application/senml+json', names: ['senml-json'], isText: true },
  { number: ContentFormat.SenmlCbor, mediaType: 'application/senml+cbor', names: ['senml-cbor'], isText: false },
  { number: ContentFormat.Lwm2mTlv, mediaType: 'application/vnd.oma.lwm2m+tlv', names: ['tlv'], isText: false },
  { number: ContentFormat.Lwm2mJson, mediaType: 'application/vnd.oma.lwm2m+json', names: ['lwm2m-json'], isText: true },
  {
    number: ContentFormat.Lwm2mCbor,
    mediaType: 'application/vnd.oma.lwm2m+cbor',
    names: ['lwm2m-cbor'],
    isText: false,
  },
];

const byNumber = new Map(formats.map((format) => [format.number, format]));
const byName = new Map(
  formats.flatMap((format) => [...format.names, format.mediaType].map((name) => [name, format.number])),
);

/** `json`, `application/json` or `50`. */
export function contentFormatOption(text: string): number {
  const known = byName.get(text.toLowerCase());
  if (known !== undefined) return known;
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  const names = formats.map((format) => format.names[0]).join(', ');
  throw cliErrors.CLI_USAGE(`"${text}" is no content format; use a number up to 65535 or one of ${names}`);
}

/** `json`, or just the number. */
export function contentFormatName(number: number): string {
  return byNumber.get(number)?.names[0] ?? String(number);
}

/** Undefined when the format is not known. */
export function isTextFormat(number: number): boolean | undefined {
  return byNumber.get(number)?.isText;
}

export const contentFormatCandidates: readonly Candidate[] = formats.map((format) => ({
  value: format.names[0]!,
  description: `${format.mediaType}, ${format.number}`,
}));
