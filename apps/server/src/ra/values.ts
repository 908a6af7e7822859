import { because } from '@yaolian/contract';
import type { RaValue } from '@yaolian/igrs';
import {
  childPath,
  formatPath,
  guessType,
  type Lwm2mNode,
  type Lwm2mPath,
  multipleResource,
  type ObjectModel,
  objectAt,
  objectInstance,
  objectNode,
  parsePath,
  type ResourceNode,
  type ResourceType,
  type ResourceValue,
  resourceInstance,
  resourceTypes,
  singleResource,
  valueFromText,
  valueToText,
} from '@yaolian/lwm2m';
import { Refusal } from '../http/refusal.ts';

/** Every value of a node, with its path and what the object model knows of it. */
export function raValues(path: Lwm2mPath, node: Lwm2mNode, model: ObjectModel): readonly RaValue[] {
  switch (node.kind) {
    case 'object':
      return [...node.instances.values()].flatMap((one) => raValues(childPath(path, one.id), one, model));
    case 'object-instance':
      return [...node.resources.values()].flatMap((one) => raValues(childPath(path, one.id), one, model));
    case 'multiple-resource':
      return [...node.values].map(([id, value]) => raValue(childPath(path, id), node.type, value, model));
    default:
      return [raValue(path, node.type, node.value, model)];
  }
}

function raValue(path: Lwm2mPath, type: ResourceType, value: ResourceValue, model: ObjectModel): RaValue {
  const known = objectAt(model, path)?.resources.get(path.resourceId!);
  return {
    path: formatPath(path),
    type,
    text: valueToText(type, value),
    name: known?.name,
    unit: known?.units || undefined,
  };
}

/** A value of a device with its path and its type. */
export interface Leaf {
  readonly path: Lwm2mPath;
  readonly type: ResourceType;
  readonly value: ResourceValue;
}

/** What a device told, with the types of the object model, or its own where that knows none. What cannot be read is left out. */
export function leavesOf(values: readonly RaValue[], model: ObjectModel): readonly Leaf[] {
  return values.flatMap(({ path: text, type: told, text: value }) => {
    const path = parsePath(text);
    if (!path.ok || path.value.resourceId === undefined) return [];
    const known = model.object(path.value.objectId!)?.resources.get(path.value.resourceId)?.type;
    const type = known ?? resourceTypes.find((one) => one === told) ?? 'string';
    const read = valueFromText(type, value);
    return read.ok ? [{ path: path.value, type, value: read.value }] : [];
  });
}

export function nodeOfLeaf({ path, type, value }: Leaf): Lwm2mNode {
  return path.resourceInstanceId === undefined
    ? singleResource(path.resourceId!, type, value)
    : resourceInstance(path.resourceInstanceId, type, value);
}

/** The node at `path` that holds these; undefined when it would be an empty resource. */
export function nodeOfLeaves(path: Lwm2mPath, leaves: readonly Leaf[], model: ObjectModel): Lwm2mNode | undefined {
  if (path.resourceId !== undefined) return resourceOf(path, leaves);
  const instances = [...Map.groupBy(leaves, (leaf) => leaf.path.objectInstanceId!)].map(([id, ofInstance]) => {
    const resources = [...Map.groupBy(ofInstance, (leaf) => leaf.path.resourceId!)].flatMap(
      ([resourceId, own]) =>
        (resourceOf({ objectId: path.objectId!, objectInstanceId: id, resourceId }, own) as ResourceNode) ?? [],
    );
    return objectInstance(id, resources);
  });
  if (path.objectInstanceId !== undefined) return instances[0];
  return model.object(path.objectId!) === undefined && instances.length === 0
    ? undefined
    : objectNode(path.objectId!, instances);
}

function resourceOf(path: Lwm2mPath, leaves: readonly Leaf[]): Lwm2mNode | undefined {
  const [first] = leaves;
  if (first === undefined) return undefined;
  if (path.resourceInstanceId !== undefined || first.path.resourceInstanceId === undefined) return nodeOfLeaf(first);
  const values = leaves.map((leaf) => [leaf.path.resourceInstanceId!, leaf.value] as const);
  return multipleResource(path.resourceId!, first.type, values);
}

/** @throws Refusal `invalid-value`, `invalid-path` */
export function writtenNode(path: Lwm2mPath, text: string, model: ObjectModel): Lwm2mNode {
  if (path.resourceId === undefined) {
    throw new Refusal('invalid-path', { detail: `${formatPath(path)} is no resource: write one at a time.` });
  }
  const type = objectAt(model, path)?.resources.get(path.resourceId)?.type ?? guessType(text);
  const value = valueFromText(type, text);
  if (!value.ok)
    throw new Refusal('invalid-value', { ...because('value-malformed'), detail: `${value.error.message}.` });
  return path.resourceInstanceId === undefined
    ? singleResource(path.resourceId, type, value.value)
    : resourceInstance(path.resourceInstanceId, type, value.value);
}
