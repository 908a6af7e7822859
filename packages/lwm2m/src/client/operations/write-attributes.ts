import { Code } from '@yaolian/coap';
import { type Result, success } from '@yaolian/kernel';
import { applyAttributes, checkAttributes, parseAttributeQuery } from '../../attributes.ts';
import { formatPath, type Lwm2mPath, PathLevel, pathLevel } from '../../path.ts';
import type { ResourceType } from '../../value.ts';
import type { AttributeTable } from '../attribute-table.ts';
import type { ObjectTree } from '../object-tree.ts';
import { type Refusal, refused } from '../refusal.ts';
import { findInstance, findObject, findResource, notAllowed, notFound } from './target.ts';

/**
 * Puts attributes on an object, an instance, a resource or a resource instance, or takes them off
 * (OMA-TS-LightweightM2M_Core 1.1 §6.3.4). All or nothing.
 */
export function writeAttributes(
  tree: ObjectTree,
  attributes: AttributeTable,
  path: Lwm2mPath,
  query: readonly string[],
): Result<undefined, Refusal> {
  const type = attributeTarget(tree, path);
  if (!type.ok) return type;
  const changes = parseAttributeQuery(query);
  if (!changes.ok) return refused(Code.BadRequest, changes.error.message);
  const changed = applyAttributes(attributes.own(path), changes.value);
  const checked = checkAttributes(changed, type.value === undefined ? {} : { type: type.value });
  if (!checked.ok) return refused(Code.BadRequest, checked.error.message);
  attributes.set(path, checked.value);
  return success(undefined);
}

/** The type of the resource that attributes are put on; undefined for objects and instances. */
export function attributeTarget(tree: ObjectTree, path: Lwm2mPath): Result<ResourceType | undefined, Refusal> {
  if (pathLevel(path) <= PathLevel.Object) {
    const object = findObject(tree, path);
    return object.ok ? success(undefined) : object;
  }
  const instance = findInstance(tree, path);
  if (!instance.ok) return instance;
  if (path.resourceId === undefined) return success(undefined);
  const resource = findResource(instance.value, path);
  if (!resource.ok) return resource;
  if (!resource.value.readable) return notAllowed(`${formatPath(path)} cannot be read, so it is not reported either`);
  const value = instance.value.value(path.resourceId);
  if (value === undefined) return notFound(path);
  if (path.resourceInstanceId !== undefined && !(value instanceof Map && value.has(path.resourceInstanceId))) {
    return notFound(path);
  }
  return success(resource.value.type);
}
