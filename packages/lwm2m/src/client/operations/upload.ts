import { Code, ContentFormat, type IncomingRequest, type UploadSink } from '@yaolian/coap';
import { PathLevel, parsePathSegments, pathLevel } from '../../path.ts';
import type { ObjectTree } from '../object-tree.ts';
import type { Refusal } from '../refusal.ts';
import { findInstance } from './target.ts';

/**
 * Where the bytes of an opaque resource go that is written in several messages: to the resource's own sink, if it has one.
 * @returns undefined where the request is to be handled as any other, once its body is whole
 */
export function openUpload(
  tree: ObjectTree,
  request: IncomingRequest,
  size: number | undefined,
): UploadSink | Refusal | undefined {
  const { method, contentFormat } = request;
  if (method !== Code.PUT || (contentFormat !== undefined && contentFormat !== ContentFormat.OctetStream))
    return undefined;
  const path = parsePathSegments(request.path);
  if (!path.ok || pathLevel(path.value) !== PathLevel.Resource) return undefined;
  const instance = findInstance(tree, path.value);
  if (!instance.ok) return undefined;
  const { layout, hooks } = instance.value;
  const index = layout.indexOf(path.value.resourceId!);
  return index < 0 ? undefined : hooks.onUpload?.[layout.names[index]!]?.(size, instance.value as never);
}
