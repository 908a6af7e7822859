import type { ObjectDefinition } from '@yaolian/lwm2m-objects';
import { type ObjectModel, objectAt } from '../model.ts';
import {
  type Lwm2mNode,
  multipleResource,
  type ResourceInstanceNode,
  type ResourceNode,
  resourceInstance,
  type SingleResourceNode,
  singleResource,
} from '../node.ts';
import type { Lwm2mPath } from '../path.ts';
import type { ResourceType, ResourceValue } from '../value.ts';

/** What the model says of a resource's form on the wire. */
export interface ResourceShape {
  /** Undefined: the model does not know the resource, or it is an executable one that has no value by rights. */
  readonly type: ResourceType | undefined;
  /** Undefined: the model does not know the resource. */
  readonly multiple: boolean | undefined;
}

const unknownShape: ResourceShape = Object.freeze({ type: undefined, multiple: undefined });

export function resourceShape(object: ObjectDefinition | undefined, resourceId: number): ResourceShape {
  const definition = object?.resources.get(resourceId);
  if (!definition) return unknownShape;
  if (definition.type === 'none') return unknownShape;
  return definition;
}

export function shapeAt(model: ObjectModel, path: Lwm2mPath): ResourceShape {
  return resourceShape(objectAt(model, path), path.resourceId!);
}

/** A resource that came as one value: one with instances if the model says so, the value being instance 0. */
export function shapeSingle(
  id: number,
  type: ResourceType,
  value: ResourceValue,
  multiple: boolean | undefined,
): ResourceNode {
  return multiple === true ? multipleResource(id, type, [[0, value]]) : singleResource(id, type, value);
}

/**
 * A resource that came with instances: a single one if the model says so and there is exactly one value. More than one are
 * kept, because that is what the terminal has.
 */
export function shapeMultiple(
  id: number,
  type: ResourceType,
  values: ReadonlyMap<number, ResourceValue>,
  multiple: boolean | undefined,
): ResourceNode {
  if (multiple === false && values.size === 1) {
    for (const value of values.values()) return singleResource(id, type, value);
  }
  return { kind: 'multiple-resource', id, type, values };
}

/** The node at the level of `path` (a resource's or a resource instance's) out of its resource; undefined when it is not in it. */
export function narrowResource(resource: ResourceNode, path: Lwm2mPath): Lwm2mNode | undefined {
  const instanceId = path.resourceInstanceId;
  if (instanceId === undefined) return resource;
  const value =
    resource.kind === 'resource' ? valueOfOnly(resource.value, instanceId) : resource.values.get(instanceId);
  return value === undefined ? undefined : resourceInstance(instanceId, resource.type, value);
}

/** A single resource read as if it had instances: it is instance 0. */
function valueOfOnly(value: ResourceValue, instanceId: number): ResourceValue | undefined {
  return instanceId === 0 ? value : undefined;
}

/** True for paths of resources and resource instances: those that one value can be all of. */
export function isValuePath(path: Lwm2mPath): boolean {
  return path.resourceId !== undefined;
}

/** The node of a path that {@link isValuePath} is true for, out of one value. */
export function singleValueNode(
  path: Lwm2mPath,
  type: ResourceType,
  value: ResourceValue,
  multiple: boolean | undefined,
): Lwm2mNode {
  const { resourceId, resourceInstanceId } = path;
  if (resourceInstanceId !== undefined) return resourceInstance(resourceInstanceId, type, value);
  return shapeSingle(resourceId!, type, value, multiple);
}

/** The node as one value, if it is one: a resource instance, a single resource, or a resource with exactly one instance. */
export function valueNode(path: Lwm2mPath, node: Lwm2mNode): SingleResourceNode | ResourceInstanceNode | undefined {
  if (!isValuePath(path)) return undefined;
  if (node.kind === 'resource' || node.kind === 'resource-instance') return node;
  if (node.kind !== 'multiple-resource' || node.values.size !== 1) return undefined;
  for (const value of node.values.values()) return singleResource(node.id, node.type, value);
  return undefined;
}
