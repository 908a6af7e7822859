import { ContentFormat } from '@yaolian/coap';
import { decodeUtf8 } from '@yaolian/kernel';
import { childPath, type Lwm2mPath, PathLevel, pathLevel, truncatePath } from '../path.ts';
import type { ContentTime, DecodeOptions } from './content.ts';
import { walkLwm2mCbor } from './lwm2m-cbor.ts';
import { withDefaults } from './registry.ts';
import { type SenmlRecord, SenmlResolver, type SenmlSink } from './senml.ts';
import { readSenmlCbor } from './senml-cbor-reader.ts';
import { readSenmlJson } from './senml-json.ts';
import { multipleResourceKind, objectInstanceKind, resourceInstanceKind, TlvCursor } from './tlv-entry.ts';
import { ValueRecords } from './value-records.ts';

/*
 * Which bytes of content say which value: for those who show messages byte by byte, apart from the readers, which need not know.
 */

/** Where content tells a value: the TLV entry, the SenML record, or the CBOR item. */
export interface ValueLocation {
  /** As the content has it: a resource with instances may come without them, and the other way round. */
  readonly path: Lwm2mPath;
  /** Present when the content says it. */
  readonly time: ContentTime | undefined;
  /** In bytes. */
  readonly start: number;
  /** The byte after the last. */
  readonly end: number;
}

/**
 * Where the values of content stand, in their order; of content that is not right, those before what is wrong. Nothing for
 * formats that carry a single value and for OMA JSON.
 * @param path what the content is about; the root for packs
 */
export function locateValues(
  contentFormat: number,
  path: Lwm2mPath,
  bytes: Uint8Array,
  options: DecodeOptions = {},
): readonly ValueLocation[] {
  const settings = withDefaults(options);
  if (bytes.length > settings.maximumBytes) return [];
  switch (contentFormat) {
    case ContentFormat.Lwm2mTlv:
    case 1542:
      return locateTlv(path, bytes, settings);
    case ContentFormat.SenmlCbor:
    case ContentFormat.SenmlEtchCbor:
      return locateSenml(path, bytes, settings, readSenmlCbor);
    case ContentFormat.SenmlJson:
    case ContentFormat.SenmlEtchJson:
      // Its places are in characters.
      return decodeUtf8(bytes)?.length === bytes.length ? locateSenml(path, bytes, settings, readSenmlJson) : [];
    case ContentFormat.Lwm2mCbor:
      return locateLwm2mCbor(bytes, settings);
    default:
      return [];
  }
}

function locateTlv(path: Lwm2mPath, bytes: Uint8Array, { maximumEntries }: Required<DecodeOptions>): ValueLocation[] {
  const object = truncatePath(path, PathLevel.Object);
  if (pathLevel(object) !== PathLevel.Object) return [];
  const locations: ValueLocation[] = [];
  const budget = { entriesLeft: maximumEntries, maximumEntries };
  const value = (at: Lwm2mPath, { at: start, valueEnd: end }: TlvCursor) =>
    locations.push({ path: at, time: undefined, start, end });

  const resourceInstances = (cursor: TlvCursor, resource: Lwm2mPath) => {
    const inner = new TlvCursor(bytes, cursor.valueStart, cursor.valueEnd, budget);
    while (inner.next()) value(childPath(resource, inner.id), inner);
  };
  const resources = (start: number, end: number, instance: Lwm2mPath) => {
    const cursor = new TlvCursor(bytes, start, end, budget);
    while (cursor.next()) {
      if (cursor.kind === multipleResourceKind) resourceInstances(cursor, childPath(instance, cursor.id));
      // What nothing encloses is of the resource that is asked for.
      else if (cursor.kind === resourceInstanceKind && pathLevel(path) >= PathLevel.Resource)
        value(childPath(truncatePath(path, PathLevel.Resource), cursor.id), cursor);
      else value(childPath(instance, cursor.id), cursor);
    }
  };

  const cursor = new TlvCursor(bytes, 0, bytes.length, budget);
  while (cursor.next()) {
    const { kind, id, valueStart, valueEnd } = cursor;
    if (kind === objectInstanceKind) resources(valueStart, valueEnd, childPath(object, id));
    else {
      // Bare resources are those of the instance that is asked for, or of the only one.
      const instance = truncatePath(path, PathLevel.ObjectInstance);
      resources(0, bytes.length, pathLevel(instance) === PathLevel.Object ? childPath(instance, 0) : instance);
      break;
    }
  }
  return locations;
}

/** Resolves records as a {@link SenmlResolver} does, and keeps where each stands. */
class SenmlLocations implements SenmlSink {
  readonly locations: ValueLocation[] = [];
  readonly #resolved = new ValueRecords();
  readonly #resolver: SenmlResolver;

  constructor(asked: Lwm2mPath) {
    this.#resolver = new SenmlResolver(asked, this.#resolved);
  }

  take(record: SenmlRecord) {
    const { records } = this.#resolved;
    const { length } = records;
    const refused = this.#resolver.take(record);
    if (records.length > length) {
      const { path, time } = records[length]!;
      this.locations.push({ path, time, start: record.start, end: record.end });
    }
    return refused;
  }
}

function locateSenml(
  path: Lwm2mPath,
  bytes: Uint8Array,
  options: Required<DecodeOptions>,
  read: typeof readSenmlCbor,
): readonly ValueLocation[] {
  const sink = new SenmlLocations(path);
  read(bytes, options, true, sink);
  return sink.locations;
}

function locateLwm2mCbor(bytes: Uint8Array, options: Required<DecodeOptions>): readonly ValueLocation[] {
  const locations: ValueLocation[] = [];
  walkLwm2mCbor(bytes, options, (path, cbor) => {
    const { position } = cbor;
    cbor.item();
    if (!cbor.error) locations.push({ path, time: undefined, start: position, end: cbor.position });
    return undefined;
  });
  return locations;
}
