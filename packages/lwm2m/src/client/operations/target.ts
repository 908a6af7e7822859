import { Code } from '@yaolian/coap';
import { type Result, success } from '@yaolian/kernel';
import type { ResourceDefinition } from '@yaolian/lwm2m-objects';
import { formatPath, type Lwm2mPath } from '../../path.ts';
import type { ObjectInstance } from '../object-instance.ts';
import type { ObjectTree, TreeObject } from '../object-tree.ts';
import { isCredentialsObject } from '../objects/credentials.ts';
import { type Refusal, refused } from '../refusal.ts';

/**
 * The object a server's path is in.
 *
 * OMA-TS-LightweightM2M_Core 1.1 §8.2: no server has access to credentials, whatever it asks and whether they are there or not.
 */
export function findObject(tree: ObjectTree, path: Lwm2mPath): Result<TreeObject, Refusal> {
  const place = tree.at(path);
  if (!place) return notFound(path);
  if (path.objectId === undefined) return refused(Code.MethodNotAllowed, 'the root is for Bootstrap-Servers');
  if (isCredentialsObject(path.objectId)) {
    return refused(Code.Unauthorized, `object ${path.objectId} is for Bootstrap-Servers`);
  }
  const object = place.entry(path.objectId);
  return object ? success(object) : notFound(path);
}

/** The instance a server's path is in. */
export function findInstance(tree: ObjectTree, path: Lwm2mPath): Result<ObjectInstance, Refusal> {
  const object = findObject(tree, path);
  if (!object.ok) return object;
  const instance = object.value.instances.get(path.objectInstanceId!);
  return instance ? success(instance) : notFound(path);
}

/** The definition of the resource a server's path is in; the resource itself may have no value. */
export function findResource(instance: ObjectInstance, path: Lwm2mPath): Result<ResourceDefinition, Refusal> {
  const index = instance.layout.indexOf(path.resourceId!);
  return index < 0 ? notFound(path) : success(instance.layout.resources[index]!);
}

export function notFound(path: Lwm2mPath): { ok: false; error: Refusal } {
  return refused(Code.NotFound, `${formatPath(path)} is not there`);
}

export function notAllowed(reason: string): { ok: false; error: Refusal } {
  return refused(Code.MethodNotAllowed, reason);
}
