import { ContentFormat } from '@yaolian/coap';
import { failure, type Result } from '@yaolian/kernel';
import { type ContentError, contentCodec, decodeTimedContent, type TimedNode } from '../formats/index.ts';
import type { ObjectModel } from '../model.ts';
import { type Lwm2mPath, PathLevel, pathLevel } from '../path.ts';
import { isLegacyFormat, legacyJsonFormat } from './legacy-formats.ts';

const openingBrace = 0x7b;
const openingBracket = 0x5b;

/**
 * Reads what a client answered or notified, whatever it is labelled: a label that is right decides; without one, under a legacy number
 * (1541 to 1543, which terminals put on anything) or under a wrong one, the bytes do.
 * @returns the moments that the content speaks of, oldest first; at least one
 */
export function decodeAnswer(
  contentFormat: number | undefined,
  path: Lwm2mPath,
  bytes: Uint8Array,
  model: ObjectModel,
): Result<readonly TimedNode[], ContentError> {
  let first: Result<readonly TimedNode[], ContentError> | undefined;
  for (const format of candidates(contentFormat, path, bytes)) {
    const decoded = decodeTimedContent(format, path, bytes, model);
    if (decoded.ok && decoded.value.length > 0) return decoded;
    first ??= decoded;
  }
  if (first && !first.ok) return first;
  const message = first ? 'there is no value in it' : 'there is nothing in it';
  return failure({ code: 'not-found', message, offset: undefined });
}

function candidates(contentFormat: number | undefined, path: Lwm2mPath, bytes: Uint8Array): readonly number[] {
  const guesses = guess(path, bytes);
  if (contentFormat === undefined) return guesses;
  if (isLegacyFormat(contentFormat)) {
    const json = contentFormat === legacyJsonFormat ? [ContentFormat.Lwm2mJson] : [];
    return known([...json, ContentFormat.Lwm2mTlv, ...guesses]);
  }
  // A label that we know but that is wrong is worth a guess; text would always fit, so it is no proof.
  const others = guesses.filter((format) => format !== ContentFormat.Text && format !== ContentFormat.OctetStream);
  return [...new Set([contentFormat, ...others])];
}

/** OMA-TS-LightweightM2M 1.0 §6.4: without a label one value is plain text; a client that sends more than that sends TLV. */
function guess(path: Lwm2mPath, bytes: Uint8Array): readonly number[] {
  const isOne = pathLevel(path) >= PathLevel.Resource;
  const first = bytes[0];
  const formats: number[] = [];
  if (first === openingBrace) formats.push(ContentFormat.Lwm2mJson);
  if (first === openingBracket) formats.push(ContentFormat.SenmlJson);
  if (first !== undefined || !isOne) formats.push(ContentFormat.Lwm2mTlv);
  // No text starts with these bytes, so they are a CBOR map or array.
  if (first !== undefined && first >= 0x80 && first < 0xc0)
    formats.push(ContentFormat.SenmlCbor, ContentFormat.Lwm2mCbor);
  if (isOne) formats.push(ContentFormat.Text, ContentFormat.OctetStream);
  return known(formats);
}

/** Those that we have a codec for, once each. */
function known(formats: readonly number[]): readonly number[] {
  return [...new Set(formats)].filter((format) => contentCodec(format));
}
