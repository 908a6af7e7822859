import { Code, ContentFormat, type OutgoingResponse } from '@yaolian/coap';
import { type Result, success } from '@yaolian/kernel';
import { contentCodec, encodeContent } from '../../formats/index.ts';
import {
  type Lwm2mNode,
  type ObjectInstanceNode,
  objectInstance,
  objectNode,
  type ResourceNode,
  resourceInstance,
} from '../../node.ts';
import { childPath, formatPath, type Lwm2mPath } from '../../path.ts';
import type { ResourceValue } from '../../value.ts';
import type { ObjectInstance } from '../object-instance.ts';
import type { ObjectTree, TreeObject } from '../object-tree.ts';
import { type Refusal, refusalResponse, refused } from '../refusal.ts';
import { findInstance, findObject, findResource, notAllowed, notFound } from './target.ts';

/** Which resources an instance shows: a server sees the readable ones, a Bootstrap-Server all that have values. */
export type Visibility = 'readable' | 'all';

/** Whether the one who asks may read an object instance; of an object those that it may read are read. */
export type MayRead = (instance: Lwm2mPath) => boolean;

/** What a path addresses, with the values it has now (OMA-TS-LightweightM2M_Core 1.1 §6.3.1). */
export function readNode(tree: ObjectTree, path: Lwm2mPath, mayRead: MayRead = () => true): Result<Lwm2mNode, Refusal> {
  if (path.objectInstanceId === undefined) {
    const object = findObject(tree, path);
    return object.ok ? success(readObject(object.value, 'readable', path, mayRead)) : object;
  }
  const instance = findInstance(tree, path);
  if (!instance.ok) return instance;
  if (path.resourceId === undefined) return success(readInstance(instance.value, 'readable'));
  return readResource(instance.value, path);
}

/** @param path the object's */
export function readObject(
  object: TreeObject,
  visibility: Visibility,
  path: Lwm2mPath,
  mayRead: MayRead = () => true,
): Lwm2mNode {
  const instances = [...object.instances.values()]
    .filter(({ id }) => mayRead(childPath(path, id)))
    .sort((a, b) => a.id - b.id);
  return objectNode(
    object.definition.id,
    instances.map((instance) => readInstance(instance, visibility)),
  );
}

// Resources that cannot be read are left out of an instance, not refused.
export function readInstance(instance: ObjectInstance, visibility: Visibility): ObjectInstanceNode {
  const nodes: ResourceNode[] = [];
  for (const resource of instance.layout.resources) {
    if (!resource.readable && visibility === 'readable') continue;
    const node = instance.node(resource);
    if (node) nodes.push(node);
  }
  return objectInstance(instance.id, nodes);
}

function readResource(instance: ObjectInstance, path: Lwm2mPath): Result<Lwm2mNode, Refusal> {
  const resource = findResource(instance, path);
  if (!resource.ok) return resource;
  if (!resource.value.readable) return notAllowed(`${formatPath(path)} cannot be read`);
  const node = instance.node(resource.value);
  if (!node) return notFound(path);
  if (path.resourceInstanceId === undefined) return success(node);
  const value: ResourceValue | undefined =
    node.kind === 'multiple-resource' ? node.values.get(path.resourceInstanceId) : undefined;
  return value === undefined ? notFound(path) : success(resourceInstance(path.resourceInstanceId, node.type, value));
}

/** LwM2M releases whose defaults differ. */
export type Lwm2mVersion = '1.0' | '1.1' | '1.2';

/**
 * The format when the server names none.
 *
 * - 1.0: TLV, the one format of that release that carries everything
 * - 1.1 §7.4: text and opaque are mandatory and carry single values; of the formats for the rest TLV is to be used no more
 */
export function defaultFormat(node: Lwm2mNode, version: Lwm2mVersion): number {
  if (version === '1.0') return ContentFormat.Lwm2mTlv;
  if (node.kind !== 'resource' && node.kind !== 'resource-instance') return ContentFormat.SenmlCbor;
  return node.type === 'opaque' ? ContentFormat.OctetStream : ContentFormat.Text;
}

/** The answer that carries a node: 2.05, or 4.06 when it cannot be had in that format (RFC 7252 §5.10.4). */
export function contentResponse(path: Lwm2mPath, node: Lwm2mNode, format: number): OutgoingResponse {
  const unfit = unfitReason(format, path, node);
  const encoded = unfit === undefined ? encodeContent(format, path, node) : undefined;
  if (encoded?.ok) return { code: Code.Content, contentFormat: format, payload: encoded.value };
  return refusalResponse({ code: Code.NotAcceptable, reason: encoded?.error.message ?? unfit! });
}

/** Why a format is not for a node. 1.1 §7.4.2: opaque is for opaque resources; what else a format cannot carry its codec says. */
function unfitReason(format: number, path: Lwm2mPath, node: Lwm2mNode): string | undefined {
  if (contentCodec(format) === undefined) return `the terminal does not speak Content-Format ${format}`;
  if (format !== ContentFormat.OctetStream || ('type' in node && node.type === 'opaque')) return undefined;
  const what = 'type' in node ? `a resource of type ${node.type}` : 'more than one value';
  return `opaque carries the value of an opaque resource, and ${formatPath(path)} is ${what}`;
}

/** A refusal for content that could not be read: 4.15 for an unknown format, 4.13 for too much, 4.00 for the rest. */
export function contentRefusal(error: { readonly code: string; readonly message: string }): {
  ok: false;
  error: Refusal;
} {
  if (error.code === 'unsupported-format') return refused(Code.UnsupportedContentFormat, error.message);
  if (error.code === 'too-large') return refused(Code.RequestEntityTooLarge, error.message);
  return refused(Code.BadRequest, error.message);
}
