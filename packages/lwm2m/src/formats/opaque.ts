import { ContentFormat } from '@yaolian/coap';
import { decodeUtf8, encodeUtf8, type Result, success } from '@yaolian/kernel';
import type { ObjectModel } from '../model.ts';
import type { Lwm2mNode } from '../node.ts';
import { formatPath, type Lwm2mPath } from '../path.ts';
import type { ResourceType } from '../value.ts';
import type { ContentCodec, ContentError } from './content.ts';
import { refuse } from './refusal.ts';
import { isValuePath, shapeAt, singleValueNode, valueNode } from './shape.ts';

/** OMA-TS-LightweightM2M_Core 1.1 §7.4.2: for resources of type opaque. Text is taken too: its bytes are its UTF-8. */
function decode(path: Lwm2mPath, bytes: Uint8Array, model: ObjectModel): Result<Lwm2mNode, ContentError> {
  if (!isValuePath(path)) return refuseLevel(path);
  const { type = 'opaque', multiple } = shapeAt(model, path);
  const value = type === 'opaque' ? bytes : isText(type) ? decodeUtf8(bytes) : undefined;
  if (value !== undefined) return success(singleValueNode(path, type, value, multiple));
  const message = `${formatPath(path)} is ${type}, and bare bytes are for opaque resources`;
  return refuse('wrong-type', isText(type) ? `${message}; these are not UTF-8 text either` : message, 0);
}

function encode(path: Lwm2mPath, node: Lwm2mNode): Result<Uint8Array, ContentError> {
  const single = valueNode(path, node);
  if (!single) return refuseLevel(path);
  if (single.value instanceof Uint8Array) return success(single.value);
  if (isText(single.type) && typeof single.value === 'string') return success(encodeUtf8(single.value));
  return refuse('unsupported-format', `${formatPath(path)} is ${single.type}, and bare bytes are for opaque resources`);
}

function isText(type: ResourceType): boolean {
  return type === 'string' || type === 'corelnk';
}

function refuseLevel(path: Lwm2mPath) {
  return refuse('unsupported-format', `bare bytes carry one value, and ${formatPath(path)} is more than one`);
}

/** application/octet-stream: the bytes of one opaque value. */
export const opaqueCodec: ContentCodec = { contentFormat: ContentFormat.OctetStream, name: 'opaque', encode, decode };
