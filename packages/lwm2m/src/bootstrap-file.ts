import { ContentFormat } from '@yaolian/coap';
import { concatBytes, type Result, success } from '@yaolian/kernel';
import type { ContentError } from './formats/content.ts';
import { decodeContent, encodeContent } from './formats/index.ts';
import { refuse } from './formats/refusal.ts';
import type { ObjectModel } from './model.ts';
import type { ObjectNode } from './node.ts';

/*
 * The content of EF LwM2M_Bootstrap on a smartcard (OMA-TS-LightweightM2M_Core 1.1 appendix G.3). Numbers are big-endian.
 *
 *   bootstrap-data = number-of-objects size *object           ; size: the octets behind it
 *   object = object-id version length instances               ; length: the octets of the instances
 *   version = %x00 / major minor                              ; 0: 1.0, or what the enabler has
 *   number-of-objects, size, object-id, length = 2OCTET
 *   instances = TLV of object instances
 */

/** An object of a bootstrap file. */
export interface BootstrapFileObject {
  /** `2.5`; undefined: 1.0, or what the enabler has. */
  readonly version: string | undefined;
  readonly node: ObjectNode;
}

/** OMA-TS-LightweightM2M_Core 1.1 appendix G.3.4: the file is no larger. */
export const maximumBootstrapFile = 32_768;

/** Reads a bootstrap file. What is behind its last object is the card's padding, and passed over. Never throws. */
export function decodeBootstrapFile(
  bytes: Uint8Array,
  model: ObjectModel,
): Result<readonly BootstrapFileObject[], ContentError> {
  if (bytes.length > maximumBootstrapFile) {
    return refuse('too-large', `a bootstrap file of ${bytes.length} bytes; ${maximumBootstrapFile} is the most`);
  }
  if (bytes.length < 4)
    return refuse('malformed', 'a bootstrap file begins with the number of its objects and their size');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const count = view.getUint16(0);
  const end = 4 + view.getUint16(2);
  if (end > bytes.length) return refuse('malformed', `objects of ${end - 4} bytes in a file of ${bytes.length}`, 2);
  const objects: BootstrapFileObject[] = [];
  const seen = new Set<number>();
  let at = 4;
  while (objects.length < count) {
    const header = readHeader(view, at, end);
    if (!header) return refuse('malformed', `object ${objects.length + 1} of ${count} is cut off`, at);
    const { objectId, version, start, length } = header;
    if (seen.has(objectId)) return refuse('malformed', `object ${objectId} is there twice`, at);
    seen.add(objectId);
    const content = bytes.subarray(start, start + length);
    const node = readInstances(objectId, content, model);
    if (!node.ok) return refuse(node.error.code, `object ${objectId}: ${node.error.message}`, start);
    objects.push({ version, node: node.value });
    at = start + length;
  }
  if (at !== end) return refuse('malformed', `${end - at} bytes behind the last of ${count} objects`, at);
  return success(objects);
}

function readHeader(view: DataView, at: number, end: number) {
  if (at + 3 > end) return undefined;
  const objectId = view.getUint16(at);
  const major = view.getUint8(at + 2);
  const versionEnd = at + (major === 0 ? 3 : 4);
  if (versionEnd + 2 > end) return undefined;
  const version = major === 0 ? undefined : `${major}.${view.getUint8(at + 3)}`;
  const length = view.getUint16(versionEnd);
  const start = versionEnd + 2;
  return start + length > end ? undefined : { objectId, version, start, length };
}

function readInstances(objectId: number, content: Uint8Array, model: ObjectModel): Result<ObjectNode, ContentError> {
  if (objectId > 65_534) return refuse('malformed', 'no object has this id');
  if (content.length === 0) return success({ kind: 'object', id: objectId, instances: new Map() });
  const node = decodeContent(ContentFormat.Lwm2mTlv, { objectId }, content, model, { exact: true });
  if (!node.ok) return node;
  return node.value.kind === 'object' ? success(node.value) : refuse('malformed', 'not the instances of an object');
}

/** Writes a bootstrap file: what an issuer puts on its cards. */
export function encodeBootstrapFile(objects: readonly BootstrapFileObject[]): Result<Uint8Array, ContentError> {
  const parts: Uint8Array[] = [];
  for (const { version, node } of objects) {
    const content = encodeContent(ContentFormat.Lwm2mTlv, { objectId: node.id }, node);
    if (!content.ok) return content;
    const numbers = version === undefined ? [0] : version.split('.').map(Number);
    parts.push(Uint8Array.of(...halfWord(node.id), ...numbers, ...halfWord(content.value.length)), content.value);
  }
  const size = parts.reduce((sum, { length }) => sum + length, 0);
  if (size + 4 > maximumBootstrapFile) {
    return refuse('too-large', `a bootstrap file of ${size + 4} bytes; ${maximumBootstrapFile} is the most`);
  }
  return success(concatBytes([Uint8Array.of(...halfWord(objects.length), ...halfWord(size)), ...parts]));
}

function halfWord(value: number): [number, number] {
  return [value >> 8, value & 0xff];
}
