import { Code, ContentFormat, encodeLinks, type Link, type LinkAttribute, type OutgoingResponse } from '@yaolian/coap';
import { encodeUtf8, type Result, success } from '@yaolian/kernel';
import type { ResourceDefinition } from '@yaolian/lwm2m-objects';
import { formatAttributeValue, type NotificationAttributes, notificationAttributeNames } from '../../attributes.ts';
import { childPath, formatPath, type Lwm2mPath, PathLevel, pathLevel } from '../../path.ts';
import type { AttributeTable } from '../attribute-table.ts';
import type { ObjectInstance } from '../object-instance.ts';
import type { ObjectTree, TreeObject } from '../object-tree.ts';
import { type Refusal, refusalResponse } from '../refusal.ts';
import type { Lwm2mVersion } from './read.ts';
import { findInstance, findObject, findResource, notFound } from './target.ts';

/** Whose attributes are shown, and in which release's way. */
export interface DiscoverContext {
  readonly tree: ObjectTree;
  readonly attributes: AttributeTable;
  readonly version: Lwm2mVersion;
}

/** What is there, as links with attributes (OMA-TS-LightweightM2M_Core 1.1 §6.3.2). */
export function discover(context: DiscoverContext, path: Lwm2mPath): OutgoingResponse {
  const links = discoverLinks(context, path);
  return links.ok ? linksResponse(links.value) : refusalResponse(links.error);
}

export function linksResponse(links: readonly Link[]): OutgoingResponse {
  return { code: Code.Content, contentFormat: ContentFormat.LinkFormat, payload: encodeUtf8(encodeLinks(links)) };
}

function discoverLinks(context: DiscoverContext, path: Lwm2mPath): Result<readonly Link[], Refusal> {
  if (pathLevel(path) <= PathLevel.Object) {
    const object = findObject(context.tree, path);
    return object.ok ? success(objectLinks(context, path, object.value)) : object;
  }
  const instance = findInstance(context.tree, path);
  if (!instance.ok) return instance;
  if (path.resourceId === undefined) return success(instanceLinks(context, path, instance.value));
  const resource = findResource(instance.value, path);
  if (!resource.ok) return resource;
  if (!instance.value.has(path.resourceId)) return notFound(path);
  if (path.resourceInstanceId !== undefined) return resourceInstanceLinks(context, path, instance.value);
  return success(singleResourceLinks(context, path, instance.value, resource.value));
}

function objectLinks(context: DiscoverContext, path: Lwm2mPath, object: TreeObject): Link[] {
  const { version } = object.definition;
  const attributes = shown(context.attributes.own(path));
  if (version !== '1.0') attributes.unshift({ name: 'ver', value: version });
  const links: Link[] = [{ target: formatPath(path), attributes }];
  for (const instance of [...object.instances.values()].sort((a, b) => a.id - b.id)) {
    links.push(...instanceLinks(context, childPath(path, instance.id), instance));
  }
  return links;
}

function instanceLinks(context: DiscoverContext, path: Lwm2mPath, instance: ObjectInstance): Link[] {
  const links: Link[] = [{ target: formatPath(path), attributes: shown(context.attributes.own(path)) }];
  for (const resource of instance.present()) {
    const at = childPath(path, resource.id);
    links.push({
      target: formatPath(at),
      attributes: [...dimension(instance, resource), ...shown(context.attributes.own(at))],
    });
  }
  return links;
}

/** A resource asked for by itself shows the attributes that hold for it, inherited ones included; since 1.1 its instances too. */
function singleResourceLinks(
  context: DiscoverContext,
  path: Lwm2mPath,
  instance: ObjectInstance,
  resource: ResourceDefinition,
): Link[] {
  const attributes = [...dimension(instance, resource), ...shown(context.attributes.effective(path))];
  const links: Link[] = [{ target: formatPath(path), attributes }];
  const value = instance.value(resource.id);
  if (context.version === '1.0' || !(value instanceof Map)) return links;
  for (const id of [...value.keys()].sort((a, b) => a - b)) {
    const at = childPath(path, id);
    links.push({ target: formatPath(at), attributes: shown(context.attributes.own(at)) });
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
  return success([{ target: formatPath(path), attributes: shown(context.attributes.effective(path)) }]);
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
