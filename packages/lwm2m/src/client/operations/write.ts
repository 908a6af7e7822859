import { Code } from '@yaolian/coap';
import { type Failure, type Result, success } from '@yaolian/kernel';
import type { ResourceDefinition } from '@yaolian/lwm2m-objects';
import type { Lwm2mNode, ObjectInstanceNode, ResourceNode } from '../../node.ts';
import { formatPath, type Lwm2mPath } from '../../path.ts';
import { checkRange } from '../../range.ts';
import type { ResourceValue } from '../../value.ts';
import type { HookAnswer, ObjectInstance, StoredValue } from '../object-instance.ts';
import { type Refusal, refused } from '../refusal.ts';
import { andThen, inTurn, type Outcome } from './outcome.ts';
import { findResource, notAllowed, notFound } from './target.ts';

/** PUT replaces what the path addresses; POST changes what the payload names and leaves the rest (1.1 §6.3.3). */
export type WriteMode = 'replace' | 'update';

/** A resource and the value it is to have; undefined: none any more. */
export interface Assignment {
  readonly resource: ResourceDefinition;
  readonly value: StoredValue | undefined;
}

/**
 * Writes a decoded payload to an instance. All or nothing: what is wrong with any part of the payload is found before the
 * first hook is asked, and no value is stored unless every hook agrees.
 */
export function writeNode(
  instance: ObjectInstance,
  path: Lwm2mPath,
  node: Lwm2mNode,
  mode: WriteMode,
): Outcome<undefined> {
  const assignments = planWrite(instance, path, node, mode);
  return assignments.ok ? storeAll(instance, assignments.value) : assignments;
}

/** Asks the hooks, then stores. */
export function storeAll(instance: ObjectInstance, assignments: readonly Assignment[]): Outcome<undefined> {
  const verdict = inTurn(assignments, (assignment) => askWriteHook(instance, assignment));
  return andThen(verdict, (refusal): Result<undefined, Refusal> => {
    if (refusal) return { ok: false, error: refusal };
    instance.transaction(() => {
      for (const { resource, value } of assignments) {
        if (!instance.streams(resource.id)) instance.store(resource.id, value);
      }
    });
    return success(undefined);
  });
}

/** What the application says to an assignment. */
export function askWriteHook(instance: ObjectInstance, { resource, value }: Assignment): HookAnswer {
  if (value === undefined) return;
  const hook = instance.hooks.onWrite?.[instance.layout.names[instance.layout.indexOf(resource.id)]!];
  return hook?.(value as never, instance as never);
}

/** What a decoded payload comes to, or what is wrong with it. */
export function planWrite(
  instance: ObjectInstance,
  path: Lwm2mPath,
  node: Lwm2mNode,
  mode: WriteMode,
): Result<readonly Assignment[], Refusal> {
  if (node.kind === 'object-instance') return planInstance(instance, path, node, mode);
  const resource = findResource(instance, path);
  if (!resource.ok) return resource;
  if (!resource.value.writable) return notWritable(path);
  if (node.kind === 'resource-instance') return planResourceInstance(instance, resource.value, path, node.value);
  const value = newValue(instance, resource.value, node as ResourceNode, rulesOf(instance, mode));
  return value.ok ? success([{ resource: resource.value, value: value.value }]) : value;
}

function planInstance(
  instance: ObjectInstance,
  path: Lwm2mPath,
  node: ObjectInstanceNode,
  mode: WriteMode,
): Result<readonly Assignment[], Refusal> {
  const assignments: Assignment[] = [];
  for (const resourceNode of node.resources.values()) {
    const at = { ...path, resourceId: resourceNode.id };
    const resource = findResource(instance, at);
    if (!resource.ok) return resource;
    if (!resource.value.writable) return notWritable(at);
    const value = newValue(instance, resource.value, resourceNode, rulesOf(instance, mode));
    if (!value.ok) return value;
    assignments.push({ resource: resource.value, value: value.value });
  }
  if (mode === 'update') return success(assignments);
  for (const resource of instance.layout.resources) {
    if (!resource.writable || node.resources.has(resource.id)) continue;
    // Replace: what the server may write and leaves out goes away; without a mandatory resource there would be no instance.
    if (resource.mandatory) {
      return refused(Code.BadRequest, `${resource.name} (${resource.id}) is mandatory and not in the payload`);
    }
    assignments.push({ resource, value: undefined });
  }
  return success(assignments);
}

function planResourceInstance(
  instance: ObjectInstance,
  resource: ResourceDefinition,
  path: Lwm2mPath,
  value: ResourceValue,
): Result<readonly Assignment[], Refusal> {
  const present = instance.value(resource.id);
  if (!(present instanceof Map) || !present.has(path.resourceInstanceId!)) return notFound(path);
  const refusal = outOfRange(resource, value, `/${path.resourceInstanceId}`);
  return refusal ?? success([{ resource, value: new Map(present).set(path.resourceInstanceId!, owned(value)) }]);
}

/** What holds for a value that is written. */
export interface WriteRules {
  readonly mode: WriteMode;
  readonly maximumResourceInstances: number;
  /** Whether its definition's range holds, as it does for servers (default); Bootstrap-Servers know what they do. */
  readonly ranges?: boolean;
}

function rulesOf({ sink }: ObjectInstance, mode: WriteMode): WriteRules {
  return { mode, maximumResourceInstances: sink!.maximumResourceInstances };
}

/** The value a resource is to have, or why the payload is not one for it. */
export function newValue(
  instance: ObjectInstance,
  resource: ResourceDefinition,
  node: ResourceNode,
  { mode, maximumResourceInstances, ranges = true }: WriteRules,
): Result<StoredValue, Refusal> {
  if (resource.multiple !== (node.kind === 'multiple-resource')) {
    const has = resource.multiple ? 'has resource instances' : 'has one value';
    return refused(Code.BadRequest, `${resource.name} (${resource.id}) ${has}, unlike the payload`);
  }
  const refusal = ranges ? nodeOutOfRange(resource, node) : undefined;
  if (refusal) return refusal;
  if (node.kind === 'resource') return success(owned(node.value));
  const present = mode === 'update' ? instance.value(resource.id) : undefined;
  const values = new Map(present instanceof Map ? (present as ReadonlyMap<number, ResourceValue>) : []);
  for (const [id, value] of node.values) values.set(id, owned(value));
  if (values.size <= maximumResourceInstances) return success(values);
  const message = `${resource.name} (${resource.id}) has room for ${maximumResourceInstances} resource instances, not ${values.size}`;
  return refused(Code.BadRequest, message);
}

function nodeOutOfRange(resource: ResourceDefinition, node: ResourceNode): Failure<Refusal> | undefined {
  if (resource.range === '') return undefined;
  if (node.kind === 'resource') return outOfRange(resource, node.value);
  for (const [id, value] of node.values) {
    const refusal = outOfRange(resource, value, `/${id}`);
    if (refusal) return refusal;
  }
  return undefined;
}

function outOfRange(resource: ResourceDefinition, value: ResourceValue, at = ''): Failure<Refusal> | undefined {
  const checked = checkRange(resource, value);
  if (checked.ok) return undefined;
  return refused(Code.BadRequest, `${resource.name} (${resource.id}${at}): ${checked.error.message}`);
}

/** Opaque values share memory with the datagram that they came in: what is kept is copied. */
function owned(value: ResourceValue): ResourceValue {
  return value instanceof Uint8Array ? value.slice() : value;
}

function notWritable(path: Lwm2mPath): { ok: false; error: Refusal } {
  return notAllowed(`${formatPath(path)} cannot be written`);
}
