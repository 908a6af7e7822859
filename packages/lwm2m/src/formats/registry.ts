import { failure, type Result } from '@yaolian/kernel';
import type { ObjectModel } from '../model.ts';
import type { Lwm2mNode } from '../node.ts';
import type { Lwm2mPath } from '../path.ts';
import { cborCodec } from './cbor.ts';
import type { ContentCodec, ContentError, DecodeOptions, TimedNode } from './content.ts';
import { lwm2mCborCodec } from './lwm2m-cbor.ts';
import { omaJsonCodec } from './oma-json.ts';
import { opaqueCodec } from './opaque.ts';
import { senmlCborCodec } from './senml-cbor.ts';
import { senmlJsonCodec } from './senml-json.ts';
import { textCodec } from './text.ts';
import { tlvCodec } from './tlv.ts';

const codecs: ReadonlyMap<number, ContentCodec> = new Map([
  ...[textCodec, opaqueCodec, cborCodec, senmlJsonCodec, senmlCborCodec, tlvCodec, omaJsonCodec, lwm2mCborCodec].map(
    (codec) => [codec.contentFormat, codec] as const,
  ),
  // Numbers that terminals used before the assigned ones, for the same formats.
  [1541, textCodec],
  [1542, tlvCodec],
  [1543, omaJsonCodec],
]);

/** The Content-Formats that we read and write, legacy numbers included. */
export const contentFormats: readonly number[] = [...codecs.keys()];

/** The codec of a Content-Format; legacy numbers (1541 to 1543) lead to the codec of what they were for. */
export function contentCodec(contentFormat: number): ContentCodec | undefined {
  return codecs.get(contentFormat);
}

/** `TLV`, `SenML JSON`, …; the number itself when we do not know it. */
export function contentFormatName(contentFormat: number): string {
  return codecs.get(contentFormat)?.name ?? String(contentFormat);
}

/** Writes the node that `path` addresses. */
export function encodeContent(
  contentFormat: number,
  path: Lwm2mPath,
  node: Lwm2mNode,
): Result<Uint8Array, ContentError> {
  return codecs.get(contentFormat)?.encode(path, node) ?? unsupported(contentFormat);
}

/**
 * Reads what `path` addresses. The node is always at the level of `path`: an answer that holds more is narrowed.
 * Types come from `model`; resources that it does not know are opaque in formats that do not carry types.
 */
export function decodeContent(
  contentFormat: number,
  path: Lwm2mPath,
  bytes: Uint8Array,
  model: ObjectModel,
  options: DecodeOptions = {},
): Result<Lwm2mNode, ContentError> {
  const codec = codecs.get(contentFormat);
  if (!codec) return unsupported(contentFormat);
  const settings = withDefaults(options);
  if (bytes.length > settings.maximumBytes) return tooLarge(bytes, settings);
  return codec.decode(path, bytes, model, settings);
}

/** As {@link decodeContent}, with every moment that the content speaks of, oldest first; one without time comes last. */
export function decodeTimedContent(
  contentFormat: number,
  path: Lwm2mPath,
  bytes: Uint8Array,
  model: ObjectModel,
  options: DecodeOptions = {},
): Result<readonly TimedNode[], ContentError> {
  const codec = codecs.get(contentFormat);
  if (!codec) return unsupported(contentFormat);
  const settings = withDefaults(options);
  if (bytes.length > settings.maximumBytes) return tooLarge(bytes, settings);
  if (codec.decodeTimed) return codec.decodeTimed(path, bytes, model, settings);
  const decoded = codec.decode(path, bytes, model, settings);
  return decoded.ok ? { ok: true, value: [{ time: undefined, node: decoded.value }] } : decoded;
}

/** The options with what they leave out. */
export function withDefaults(options: DecodeOptions): Required<DecodeOptions> {
  const { maximumBytes = 1_048_576, maximumEntries = 10_000, exact = false, create = false } = options;
  return { maximumBytes, maximumEntries, exact, create };
}

function unsupported(contentFormat: number): { ok: false; error: ContentError } {
  const message = `Content-Format ${contentFormat} is not one we read and write; those are ${contentFormats.join(', ')}`;
  return failure({ code: 'unsupported-format', message, offset: undefined });
}

function tooLarge(bytes: Uint8Array, settings: Required<DecodeOptions>): { ok: false; error: ContentError } {
  const message = `${bytes.length} bytes of content, and ${settings.maximumBytes} is the most we take`;
  return failure({ code: 'too-large', message, offset: undefined });
}
