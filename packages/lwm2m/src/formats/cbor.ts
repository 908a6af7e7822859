import { ContentFormat } from '@yaolian/coap';
import { type Result, success } from '@yaolian/kernel';
import type { ObjectModel } from '../model.ts';
import type { Lwm2mNode, ResourceInstanceNode, SingleResourceNode } from '../node.ts';
import { formatPath, type Lwm2mPath } from '../path.ts';
import { checkValue, timeToSeconds } from '../value.ts';
import { formatObjectLink, parseObjectLink, parseTime } from '../value-text.ts';
import { CborWriter } from './cbor-writer.ts';
import type { ContentCodec, ContentError } from './content.ts';
import { refuse } from './refusal.ts';
import { isValuePath, shapeAt, singleValueNode, valueNode } from './shape.ts';
import { CborFloat, type CborItem, CborTag, readStrictCbor } from './strict-cbor.ts';
import { floatValue, numberValue, type RecordValue, typedValue, typeOf } from './value-records.ts';

// RFC 8949 §3.4.1, §3.4.2: date and time as a text, and as seconds since 1970.
const dateTimeTag = 0;
const epochTag = 1;

/** OMA-TS-LightweightM2M_Core 1.1 §7.4.4: one data item is the value of a resource or a resource instance. */
function decode(path: Lwm2mPath, bytes: Uint8Array, model: ObjectModel): Result<Lwm2mNode, ContentError> {
  if (!isValuePath(path)) return refuseLevel(path);
  const item = readStrictCbor(bytes, { maximumDepth: 2, maximumItems: 1_000 });
  if (!item.ok) return refuse(item.error.reason, `this is not CBOR: ${item.error.message}`, item.error.offset);
  const shape = shapeAt(model, path);
  const value = readItem(item.value, shape.type === 'objlnk');
  const type = shape.type ?? (value && (isTime(item.value) ? 'time' : typeOf(value)));
  const typed = value && typedValue(value, type!);
  if (typed !== undefined) return success(singleValueNode(path, type!, typed, shape.multiple));
  return refuse('wrong-type', `${formatPath(path)} is ${type ?? 'a value'}, and this data item does not fit that`, 0);
}

function isTime(item: CborItem): boolean {
  return item instanceof CborTag && (item.tag === epochTag || item.tag === dateTimeTag);
}

function readItem(item: CborItem, isLink: boolean): RecordValue | undefined {
  if (typeof item === 'string') {
    const link = isLink ? parseObjectLink(item) : undefined;
    return link ? { kind: 'link', value: link } : { kind: 'text', value: item };
  }
  if (item instanceof CborTag) return readTagged(item);
  if (typeof item === 'boolean') return { kind: 'boolean', value: item };
  if (item instanceof Uint8Array) return { kind: 'bytes', value: item };
  if (item instanceof CborFloat) return floatValue(item.value);
  return typeof item === 'number' || typeof item === 'bigint' ? numberValue(item) : undefined;
}

function readTagged({ tag, item }: CborTag): RecordValue | undefined {
  if (tag === dateTimeTag && typeof item === 'string') {
    const time = parseTime(item);
    return time && numberValue(time.getTime() / 1000);
  }
  if (tag !== epochTag || item instanceof CborTag) return undefined;
  const value = readItem(item, false);
  return value?.kind === 'number' ? value : undefined;
}

function encode(path: Lwm2mPath, node: Lwm2mNode): Result<Uint8Array, ContentError> {
  const single = valueNode(path, node);
  if (!single) return refuseLevel(path);
  const out = new CborWriter();
  const refused = writeItem(out, single);
  return refused === undefined ? success(out.finish()) : refuse('wrong-type', `${formatPath(path)}: ${refused}`);
}

function writeItem(
  out: CborWriter,
  { type, value: given }: SingleResourceNode | ResourceInstanceNode,
): string | undefined {
  const checked = checkValue(type === 'none' ? 'opaque' : type, given);
  if (!checked.ok) return checked.error.message;
  const { value } = checked;
  if (typeof value === 'string') out.text(value);
  else if (typeof value === 'boolean') out.boolean(value);
  else if (type === 'float') out.float(value as number);
  else if (typeof value === 'number' || typeof value === 'bigint') out.integer(value);
  else if (value instanceof Uint8Array) out.bytes(value);
  else if (value instanceof Date) {
    out.tag(epochTag);
    out.integer(timeToSeconds(value));
  } else out.text(formatObjectLink(value));
  return undefined;
}

function refuseLevel(path: Lwm2mPath) {
  return refuse('unsupported-format', `CBOR carries one value, and ${formatPath(path)} is more than one`);
}

/** application/cbor: one value. */
export const cborCodec: ContentCodec = { contentFormat: ContentFormat.Cbor, name: 'CBOR', encode, decode };
