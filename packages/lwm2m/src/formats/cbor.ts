import { ContentFormat } from '@yaolian/coap';
import { type Result, success } from '@yaolian/kernel';
import type { ObjectModel } from '../model.ts';
import type { Lwm2mNode } from '../node.ts';
import { formatPath, type Lwm2mPath } from '../path.ts';
import { isCborTime, readCborValue, writeCborValue } from './cbor-value.ts';
import { CborWriter } from './cbor-writer.ts';
import type { ContentCodec, ContentError } from './content.ts';
import { refuse } from './refusal.ts';
import { isValuePath, shapeAt, singleValueNode, valueNode } from './shape.ts';
import { readStrictCbor } from './strict-cbor.ts';
import { typedValue, typeOf } from './value-records.ts';

/** OMA-TS-LightweightM2M_Core 1.1 §7.4.4: one data item is the value of a resource or a resource instance. */
function decode(path: Lwm2mPath, bytes: Uint8Array, model: ObjectModel): Result<Lwm2mNode, ContentError> {
  if (!isValuePath(path)) return refuseLevel(path);
  const item = readStrictCbor(bytes, { maximumDepth: 2, maximumItems: 1_000 });
  if (!item.ok) return refuse(item.error.reason, `this is not CBOR: ${item.error.message}`, item.error.offset);
  const shape = shapeAt(model, path);
  const value = readCborValue(item.value, shape.type === 'objlnk');
  const type = shape.type ?? (value && (isCborTime(item.value) ? 'time' : typeOf(value)));
  const typed = value && typedValue(value, type!);
  if (typed !== undefined) return success(singleValueNode(path, type!, typed, shape.multiple));
  return refuse('wrong-type', `${formatPath(path)} is ${type ?? 'a value'}, and this data item does not fit that`, 0);
}

function encode(path: Lwm2mPath, node: Lwm2mNode): Result<Uint8Array, ContentError> {
  const single = valueNode(path, node);
  if (!single) return refuseLevel(path);
  const out = new CborWriter();
  const refused = writeCborValue(out, single);
  return refused === undefined ? success(out.finish()) : refuse('wrong-type', `${formatPath(path)}: ${refused}`);
}

function refuseLevel(path: Lwm2mPath) {
  return refuse('unsupported-format', `CBOR carries one value, and ${formatPath(path)} is more than one`);
}

/** application/cbor: one value. */
export const cborCodec: ContentCodec = { contentFormat: ContentFormat.Cbor, name: 'CBOR', encode, decode };
