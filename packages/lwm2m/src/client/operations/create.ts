import { Code } from '@yaolian/coap';
import { type Result, success } from '@yaolian/kernel';
import { decodeContent } from '../../formats/index.ts';
import type { Lwm2mNode, ObjectInstanceNode } from '../../node.ts';
import { childPath, type Lwm2mPath, unassignedId } from '../../path.ts';
import type { ObjectInstance } from '../object-instance.ts';
import type { ObjectTree, TreeObject } from '../object-tree.ts';
import { type Refusal, refused } from '../refusal.ts';
import { planRemoval } from './composite.ts';
import { andThen, type Outcome } from './outcome.ts';
import { contentRefusal, type Lwm2mVersion } from './read.ts';
import { findInstance, findObject, notAllowed } from './target.ts';
import { type Assignment, newValue, storeAll } from './write.ts';

/** The content of a Create, as far as it says something about the instance. */
interface NewInstance {
  /** Undefined: the terminal chooses. */
  readonly id: number | undefined;
  readonly resources: ObjectInstanceNode['resources'];
}

/**
 * Makes an object instance (OMA-TS-LightweightM2M_Core 1.1 §6.3.6): with the id that the payload gives, or a free one.
 * Resources that servers can only read may be given values here, and only here.
 * @param own told of the new instance's id, before it is in the tree
 * @returns the instance, already in the tree
 */
export function createInstance(
  tree: ObjectTree,
  path: Lwm2mPath,
  payload: Uint8Array,
  format: number,
  own: (instance: Lwm2mPath) => void,
): Outcome<ObjectInstance> {
  const object = findObject(tree, path);
  if (!object.ok) return object;
  const { creatable, definition, instances } = object.value;
  if (creatable?.by !== 'server') return notAllowed(`instances of ${definition.name} are not created by servers`);
  if (instances.size >= creatable.maximumInstances) {
    return definition.multiple
      ? refused(Code.BadRequest, `${definition.name} has its ${instances.size} instances already`)
      : notAllowed(`${definition.name} has one instance only, and it is there`);
  }
  const wanted = readNewInstance(tree, path, payload, format);
  if (!wanted.ok) return wanted;
  const place = tree.at(path)!;
  const id = wanted.value.id ?? place.freeInstanceId(definition.id)!;
  if (instances.has(id)) return refused(Code.BadRequest, `/${definition.id}/${id} is there already`);
  const instance = creatable.create(id);
  const assignments = planValues(place, instance, wanted.value);
  if (!assignments.ok) return assignments;
  return andThen(storeAll(instance, assignments.value), (stored): Result<ObjectInstance, Refusal> => {
    if (!stored.ok) return stored;
    // A hook took its time and another Create was faster.
    if (instances.has(id)) return refused(Code.BadRequest, `/${definition.id}/${id} is there already`);
    tree.transaction(() => {
      own(childPath(path, id));
      place.add(instance);
    });
    return success(instance);
  });
}

function readNewInstance(
  tree: ObjectTree,
  path: Lwm2mPath,
  payload: Uint8Array,
  format: number,
): Result<NewInstance, Refusal> {
  if (payload.length === 0) return success({ id: undefined, resources: new Map() });
  // Records name their instance, or write 65535 in its place: how they leave it out, the TS does not say.
  const decoded = decodeContent(format, path, payload, tree, { exact: true, create: true });
  const wanted = decoded.ok ? oneInstance(decoded.value) : contentRefusal(decoded.error);
  if (wanted.ok && hasOnlyKnown(tree, path, wanted.value)) return wanted;
  // Without an instance in it, TLV carries the resources alone (§7.4.3.1), and records what is below them: they are read as those
  // of some instance. Where 0/5 could be resource 5 of instance 0 as well, the object tells which of the two there is.
  const decodedBare = decodeContent(format, { ...path, objectInstanceId: 0 }, payload, tree, { exact: true });
  if (!decodedBare.ok || decodedBare.value.kind !== 'object-instance') return wanted;
  const bare = { id: undefined, resources: decodedBare.value.resources };
  return wanted.ok && !hasOnlyKnown(tree, path, bare) ? wanted : success(bare);
}

function hasOnlyKnown(tree: ObjectTree, path: Lwm2mPath, { resources }: NewInstance): boolean {
  const known = tree.object(path.objectId!)?.resources;
  return [...resources.keys()].every((id) => known?.has(id));
}

function oneInstance(node: Lwm2mNode): Result<NewInstance, Refusal> {
  const [instance, ...others] = node.kind === 'object' ? node.instances.values() : [];
  if (!instance || others.length > 0) return refused(Code.BadRequest, 'the payload is not one object instance');
  return success({ id: instance.id === unassignedId ? undefined : instance.id, resources: instance.resources });
}

function planValues(
  tree: ObjectTree,
  instance: ObjectInstance,
  wanted: NewInstance,
): Result<readonly Assignment[], Refusal> {
  const { layout } = instance;
  const { maximumResourceInstances } = tree;
  const assignments: Assignment[] = [];
  for (const node of wanted.resources.values()) {
    const index = layout.indexOf(node.id);
    if (index < 0) continue; // §6.3.6: resources that the terminal does not have are passed over
    const resource = layout.resources[index]!;
    if (resource.executable) return refused(Code.BadRequest, `${resource.name} (${resource.id}) has no value`);
    const value = newValue(instance, resource, node, { mode: 'replace', maximumResourceInstances });
    if (!value.ok) return value;
    assignments.push({ resource, value: value.value });
  }
  for (const resource of layout.resources) {
    const given = resource.executable || wanted.resources.has(resource.id) || instance.value(resource.id) !== undefined;
    if (resource.mandatory && resource.writable && !given) {
      return refused(Code.BadRequest, `${resource.name} (${resource.id}) is mandatory and not in the payload`);
    }
  }
  return success(assignments);
}

/** Removes an object instance (OMA-TS-LightweightM2M_Core 1.1 §6.3.7); since 1.2 a resource instance too. */
export function deleteInstance(tree: ObjectTree, path: Lwm2mPath, version: Lwm2mVersion): Outcome<undefined> {
  const object = findObject(tree, path);
  if (!object.ok) return object;
  if (path.resourceInstanceId !== undefined && version === '1.2') return deleteResourceInstance(tree, path);
  if (path.objectInstanceId === undefined || path.resourceId !== undefined) {
    return notAllowed('servers delete object instances');
  }
  if (object.value.creatable?.by !== 'server') return notDeletable(object.value);
  const instance = findInstance(tree, path);
  if (!instance.ok) return instance;
  const answer = instance.value.hooks.onDelete?.(instance.value as never);
  return andThen(answer, (refusal): Result<undefined, Refusal> => {
    if (refusal) return { ok: false, error: refusal };
    tree.at(path)!.remove(object.value.definition.id, instance.value.id);
    return success(undefined);
  });
}

function deleteResourceInstance(tree: ObjectTree, path: Lwm2mPath): Outcome<undefined> {
  const instance = findInstance(tree, path);
  if (!instance.ok) return instance;
  const assignment = planRemoval(instance.value, path, new Map());
  return assignment.ok ? storeAll(instance.value, [assignment.value]) : assignment;
}

function notDeletable(object: TreeObject): { ok: false; error: Refusal } {
  return notAllowed(`instances of ${object.definition.name} are not deleted by servers`);
}
