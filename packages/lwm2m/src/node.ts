import { childPath, coversPath, type Lwm2mPath, PathLevel, pathLevel } from './path.ts';
import type { ResourceType, ResourceValue } from './value.ts';

/** A resource with one value. */
export interface SingleResourceNode {
  readonly kind: 'resource';
  readonly id: number;
  readonly type: ResourceType;
  readonly value: ResourceValue;
}

/** A resource with instances. */
export interface MultipleResourceNode {
  readonly kind: 'multiple-resource';
  readonly id: number;
  readonly type: ResourceType;
  readonly values: ReadonlyMap<number, ResourceValue>;
}

export type ResourceNode = SingleResourceNode | MultipleResourceNode;

export interface ResourceInstanceNode {
  readonly kind: 'resource-instance';
  readonly id: number;
  readonly type: ResourceType;
  readonly value: ResourceValue;
}

export interface ObjectInstanceNode {
  readonly kind: 'object-instance';
  readonly id: number;
  readonly resources: ReadonlyMap<number, ResourceNode>;
}

export interface ObjectNode {
  readonly kind: 'object';
  readonly id: number;
  readonly instances: ReadonlyMap<number, ObjectInstanceNode>;
}

/** What a path addresses, with values: what Read answers and Write and Create carry. */
export type Lwm2mNode = ObjectNode | ObjectInstanceNode | ResourceNode | ResourceInstanceNode;

export function singleResource(id: number, type: ResourceType, value: ResourceValue): SingleResourceNode {
  return { kind: 'resource', id, type, value };
}

/** @param values by resource instance id */
export function multipleResource(
  id: number,
  type: ResourceType,
  values: Iterable<readonly [number, ResourceValue]>,
): MultipleResourceNode {
  return { kind: 'multiple-resource', id, type, values: new Map(values) };
}

export function resourceInstance(id: number, type: ResourceType, value: ResourceValue): ResourceInstanceNode {
  return { kind: 'resource-instance', id, type, value };
}

export function objectInstance(id: number, resources: Iterable<ResourceNode>): ObjectInstanceNode {
  const byId = new Map<number, ResourceNode>();
  for (const resource of resources) byId.set(resource.id, resource);
  return { kind: 'object-instance', id, resources: byId };
}

export function objectNode(id: number, instances: Iterable<ObjectInstanceNode>): ObjectNode {
  const byId = new Map<number, ObjectInstanceNode>();
  for (const instance of instances) byId.set(instance.id, instance);
  return { kind: 'object', id, instances: byId };
}

/** The level of the paths that address such a node. */
export function nodeLevel(node: Lwm2mNode): PathLevel {
  switch (node.kind) {
    case 'object':
      return PathLevel.Object;
    case 'object-instance':
      return PathLevel.ObjectInstance;
    case 'resource-instance':
      return PathLevel.ResourceInstance;
    default:
      return PathLevel.Resource;
  }
}

/** One value of a node, with its full path. */
export interface NodeValue {
  readonly path: Lwm2mPath;
  readonly type: ResourceType;
  readonly value: ResourceValue;
}

/** Every value in the node that `path` addresses, in the node's order. */
export function* nodeValues(path: Lwm2mPath, node: Lwm2mNode): Generator<NodeValue> {
  switch (node.kind) {
    case 'object':
      for (const instance of node.instances.values()) yield* nodeValues(childPath(path, instance.id), instance);
      return;
    case 'object-instance':
      for (const resource of node.resources.values()) yield* nodeValues(childPath(path, resource.id), resource);
      return;
    case 'multiple-resource':
      for (const [id, value] of node.values) yield { path: childPath(path, id), type: node.type, value };
      return;
    default:
      yield { path, type: node.type, value: node.value };
  }
}

/**
 * The part of `node` (which `nodePath` addresses) that `path` addresses; undefined when it is not there or lies outside.
 * A resource instance is cut out of a resource with instances.
 */
export function findNode(nodePath: Lwm2mPath, node: Lwm2mNode, path: Lwm2mPath): Lwm2mNode | undefined {
  if (!coversPath(nodePath, path)) return undefined;
  const wanted = pathLevel(path);
  let found: Lwm2mNode | undefined = node;
  for (let level: number = pathLevel(nodePath); found !== undefined && level < wanted; level++) {
    found = childNode(found, path);
  }
  return found;
}

function childNode(node: Lwm2mNode, path: Lwm2mPath): Lwm2mNode | undefined {
  switch (node.kind) {
    case 'object':
      return node.instances.get(path.objectInstanceId!);
    case 'object-instance':
      return node.resources.get(path.resourceId!);
    case 'multiple-resource': {
      const value = node.values.get(path.resourceInstanceId!);
      return value === undefined ? undefined : resourceInstance(path.resourceInstanceId!, node.type, value);
    }
    default:
      return undefined;
  }
}
