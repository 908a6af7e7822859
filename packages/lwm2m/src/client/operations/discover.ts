import { Code, ContentFormat, encodeLinks, type Link, type LinkAttribute, type OutgoingResponse } from '@yaolian/coap';
import { encodeUtf8, type Result, success } from '@yaolian/kernel';
import type { ResourceDefinition } from '@yaolian/lwm2m-objects';
import { formatAttributeValue, type NotificationAttributes, notificationAttributeNames } from '../../attributes.ts';
import { childPath, formatPath, type Lwm2mPath, PathLevel, pathLevel, withoutPrefix } from '../../path.ts';
import type { AttributeTable } from '../attribute-table.ts';
import type { ObjectInstance } from '../object-instance.ts';
import type { ObjectTree, TreeObject } from '../object-tree.ts';
import { type Refusal, refusalResponse, refused } from '../refusal.ts';
import type { Lwm2mVersion } from './read.ts';
import { findInstance, findObject, findResource, notFound } from './target.ts';

/** Whose attributes are shown, and in which release's way. */
export interface DiscoverContext {
  readonly tree: ObjectTree;
  readonly attributes: AttributeTable;
  readonly version: Lwm2mVersion;
}

/** What is there, as links with attributes (OMA-TS-LightweightM2M_Core 1.1 §6.3.2). */
export function discover(context: DiscoverContext, path: Lwm2mPath, query: readonly string[]): OutgoingResponse {
  const depth = depthIn(query);
  if (!depth.ok) return refusalResponse(depth.error);
  const links = discoverLinks(context, path, depth.value);
  return links.ok ? linksResponse(links.value) : refusalResponse(links.error);
}

/** LwM2M 1.2 §6.3.2: how many levels below the path are shown. */
function depthIn(query: readonly string[]): Result<number | undefined, Refusal> {
  const text = query.find((option) => option.startsWith('depth='))?.slice('depth='.length);
  if (text === undefined) return success(undefined);
  return /^[0-3]$/.test(text) ? success(Number(text)) : refused(Code.BadRequest, 'depth is 0, 1, 2 or 3');
}

export function linksResponse(links: readonly Link[]): OutgoingResponse {
  return { code: Code.Content, contentFormat: ContentFormat.LinkFormat, payload: encodeUtf8(encodeLinks(links)) };
}

function discoverLinks(
  context: DiscoverContext,
  path: Lwm2mPath,
  depth: number | undefined,
): Result<readonly Link[], Refusal> {
  if (pathLevel(path) <= PathLevel.Object) {
    const object = findObject(context.tree, path);
    return object.ok ? success(objectLinks(context, path, object.value, depth ?? 2)) : object;
  }
  const instance = findInstance(context.tree, path);
  if (!instance.ok) return instance;
  if (path.resourceId === undefined) return success(instanceLinks(context, path, instance.value, depth ?? 1));
  const resource = findResource(instance.value, path);
  if (!resource.ok) return resource;
  if (!instance.value.has(path.resourceId)) return notFound(path);
  if (path.resourceInstanceId !== undefined) return resourceInstanceLinks(context, path, instance.value);
  const levels = depth ?? (context.version === '1.0' ? 0 : 1);
  return success(resourceLinks(context, path, instance.value, resource.value, levels, 'effective'));
}

function objectLinks(context: DiscoverContext, path: Lwm2mPath, object: TreeObject, depth: number): Link[] {
  const { version } = object.definition;
  const attributes = shown(context.attributes.own(path));
  if (version !== '1.0') attributes.unshift({ name: 'ver', value: version });
  const links: Link[] = [{ target: targetOf(path), attributes }];
  if (depth === 0) return links;
  for (const instance of [...object.instances.values()].sort((a, b) => a.id - b.id)) {
    links.push(...instanceLinks(context, childPath(path, instance.id), instance, depth - 1));
  }
  return links;
}

function instanceLinks(context: DiscoverContext, path: Lwm2mPath, instance: ObjectInstance, depth: number): Link[] {
  const links: Link[] = [{ target: targetOf(path), attributes: shown(context.attributes.own(path)) }];
  if (depth === 0) return links;
  for (const resource of instance.present()) {
    links.push(...resourceLinks(context, childPath(path, resource.id), instance, resource, depth - 1, 'own'));
  }
  return links;
}

/** @param which a resource asked for by itself shows the attributes that hold for it, inherited ones included */
function resourceLinks(
  context: DiscoverContext,
  path: Lwm2mPath,
  instance: ObjectInstance,
  resource: ResourceDefinition,
  depth: number,
  which: 'own' | 'effective',
): Link[] {
  const attributes = [...dimension(instance, resource), ...shown(context.attributes[which](path))];
  const links: Link[] = [{ target: targetOf(path), attributes }];
  const value = instance.value(resource.id);
  if (depth === 0 || !(value instanceof Map)) return links;
  for (const id of [...value.keys()].sort((a, b) => a - b)) {
    const at = childPath(path, id);
    links.push({ target: targetOf(at), attributes: shown(context.attributes.own(at)) });
  }
  return links;
}

function resourceInstanceLinks(
  context: DiscoverContext,
  path: Lwm2mPath,
  instance: ObjectInstance,
): Result<readonly Link[], Refusal> {
  const value = instance.value(path.resourceId!);
  if (!(value instanceof Map) || !value.has(path.resourceInstanceId!)) return notFound(path);
  return success([{ target: targetOf(path), attributes: shown(context.attributes.effective(path)) }]);
}

// OMA-TS-LWM2M_Gateway 1.1 §8.3.1: the links of a device behind a gateway are without its prefix.
function targetOf(path: Lwm2mPath): string {
  return formatPath(withoutPrefix(path));
}

/** How many instances a resource has that can have several. */
function dimension(instance: ObjectInstance, resource: ResourceDefinition): LinkAttribute[] {
  if (!resource.multiple) return [];
  const value = instance.value(resource.id);
  return value instanceof Map ? [{ name: 'dim', value: String(value.size) }] : [];
}

function shown(attributes: NotificationAttributes): LinkAttribute[] {
  const list: LinkAttribute[] = [];
  for (const name of notificationAttributeNames) {
    const value = attributes[name];
    if (value !== undefined) list.push({ name, value: formatAttributeValue(value) });
  }
  return list;
}
