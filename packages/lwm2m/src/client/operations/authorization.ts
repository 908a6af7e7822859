import { childPath, type Lwm2mPath } from '../../path.ts';
import { AccessRight, type ServerRights } from '../access-control.ts';
import type { OperationName } from '../device-management.ts';
import type { ObjectTree } from '../object-tree.ts';
import { isCredentialsObject } from '../objects/credentials.ts';
import type { Refusal } from '../refusal.ts';

/**
 * The right that an operation needs (OMA-TS-LightweightM2M_Core 1.1 §8.2.4). Discover needs none; composite operations ask for
 * each of their paths.
 */
const needed: Readonly<Partial<Record<OperationName, number>>> = {
  read: AccessRight.Read,
  observe: AccessRight.Read,
  'write-attributes': AccessRight.Read,
  write: AccessRight.Write,
  execute: AccessRight.Execute,
  delete: AccessRight.Delete,
  create: AccessRight.Create,
};

/** Why an operation of a server is refused for want of a right: 4.01; undefined when it is not, or its target is not there. */
export function unauthorized(
  tree: ObjectTree,
  rights: ServerRights,
  operation: OperationName,
  path: Lwm2mPath,
): Refusal | undefined {
  const right = needed[operation];
  if (right === undefined || path.objectId === undefined) return undefined;
  // Refused for another reason: servers see nothing of them.
  if (isCredentialsObject(path.objectId)) return undefined;
  const object = tree.at(path)?.entry(path.objectId!);
  if (!object) return undefined;
  if (right === AccessRight.Create) return object.creatable?.by === 'server' ? rights.refuse(right, path) : undefined;
  if (path.objectInstanceId !== undefined)
    return object.instances.has(path.objectInstanceId) ? rights.refuse(right, path) : undefined;
  // Of an object that which may be read is read; attributes are put on it where there is something of that.
  const instances = [...object.instances.keys()].map((id) => childPath(path, id));
  if (instances.length === 0 || instances.some((instance) => rights.has(right, instance))) return undefined;
  return rights.refuse(right, instances[0]!);
}
