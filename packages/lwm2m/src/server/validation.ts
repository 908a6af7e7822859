import type { YaolianError } from '@yaolian/kernel';
import type { ResourceDefinition } from '@yaolian/lwm2m-objects';
import { type ObjectModel, objectAt } from '../model.ts';
import { type Lwm2mNode, nodeLevel, type ObjectInstanceNode, type ResourceNode } from '../node.ts';
import { childPath, formatPath, type Lwm2mPath, PathLevel, parentPath, pathLevel, truncatePath } from '../path.ts';
import { checkRange } from '../range.ts';
import { checkValue, type ResourceValue } from '../value.ts';
import { lwm2mErrors } from './errors.ts';

/*
 * What the object model says of an operation before a terminal is asked: the rules of OMA-TS-LightweightM2M 1.0 §5.4 and the operations,
 * types and ranges of the object definitions. Objects and resources that the model does not know pass.
 */

/** Which rule an operation breaks; undefined when none. */
export type Violation = YaolianError | undefined;

/** Read and Observe: a resource must not be write-only or executable. */
export function checkRead(model: ObjectModel, path: Lwm2mPath): Violation {
  if (pathLevel(path) < PathLevel.Resource) return undefined;
  const definition = definitionAt(model, path);
  if (!definition || definition.readable) return undefined;
  return definition.executable
    ? lwm2mErrors.LWM2M_EXECUTABLE(formatPath(path))
    : lwm2mErrors.LWM2M_NOT_READABLE(formatPath(path));
}

export function checkExecute(model: ObjectModel, path: Lwm2mPath): Violation {
  const definition = definitionAt(model, path);
  return !definition || definition.executable ? undefined : lwm2mErrors.LWM2M_NOT_EXECUTABLE(formatPath(path));
}

/** Write: every resource in the node may be written, with values of its type and range. */
export function checkWrite(model: ObjectModel, path: Lwm2mPath, node: Lwm2mNode): Violation {
  return checkNode(model, path, node, false);
}

function checkNode(model: ObjectModel, path: Lwm2mPath, node: Lwm2mNode, creating: boolean): Violation {
  switch (node.kind) {
    case 'object':
      for (const instance of node.instances.values()) {
        const violation = checkNode(model, childPath(path, instance.id), instance, creating);
        if (violation) return violation;
      }
      return undefined;
    case 'object-instance':
      for (const resource of node.resources.values()) {
        const violation = checkNode(model, childPath(path, resource.id), resource, creating);
        if (violation) return violation;
      }
      return undefined;
    case 'resource-instance':
      return checkResourceInstance(model, path, node.value, node.type);
    default:
      return checkResource(model, path, node, creating);
  }
}

function checkResource(model: ObjectModel, path: Lwm2mPath, node: ResourceNode, creating: boolean): Violation {
  const definition = definitionAt(model, path);
  const text = formatPath(path);
  const violation = definition && checkWritable(definition, text, creating);
  if (violation) return violation;
  if (node.kind === 'resource') {
    if (definition?.multiple) return lwm2mErrors.LWM2M_MULTIPLE(text);
    return checkOne(definition, text, node.value, node.type);
  }
  if (definition && !definition.multiple) return lwm2mErrors.LWM2M_NOT_MULTIPLE(text);
  for (const [id, value] of node.values) {
    const wrong = checkOne(definition, `${text}/${id}`, value, node.type);
    if (wrong) return wrong;
  }
  return undefined;
}

function checkResourceInstance(
  model: ObjectModel,
  path: Lwm2mPath,
  value: ResourceValue,
  type: ResourceNode['type'],
): Violation {
  const definition = definitionAt(model, path);
  const text = formatPath(path);
  if (definition && !definition.multiple) return lwm2mErrors.LWM2M_NOT_MULTIPLE(formatPath(parentPath(path)));
  return (definition && checkWritable(definition, text, false)) ?? checkOne(definition, text, value, type);
}

function checkWritable(definition: ResourceDefinition, text: string, creating: boolean): Violation {
  if (definition.executable) return lwm2mErrors.LWM2M_EXECUTABLE(text);
  return definition.writable || creating ? undefined : lwm2mErrors.LWM2M_NOT_WRITABLE(text);
}

function checkOne(
  definition: ResourceDefinition | undefined,
  text: string,
  value: ResourceValue,
  type: ResourceNode['type'],
): Violation {
  const checked = checkValue(definition?.type ?? type, value);
  if (!checked.ok) {
    const rule = checked.error.code === 'out-of-range' ? lwm2mErrors.LWM2M_OUT_OF_RANGE : lwm2mErrors.LWM2M_WRONG_TYPE;
    return rule(text, checked.error.message);
  }
  const inRange = definition ? checkRange(definition, checked.value) : checked;
  return inRange.ok ? undefined : lwm2mErrors.LWM2M_OUT_OF_RANGE(text, inRange.error.message);
}

/**
 * Create: as Write, except that read-only resources are allowed, for a new instance has to get its values somewhere
 * (OMA-TS-LightweightM2M 1.0 §5.4.6), and that objects with one instance have none created.
 * @param path the object, or the instance when its id is chosen
 */
export function checkCreate(model: ObjectModel, path: Lwm2mPath, instance: ObjectInstanceNode): Violation {
  const objectPath = truncatePath(path, PathLevel.Object);
  if (objectAt(model, path)?.multiple === false) return lwm2mErrors.LWM2M_SINGLE_INSTANCE(formatPath(objectPath));
  return checkNode(model, childPath(objectPath, instance.id), instance, true);
}

export function checkDelete(model: ObjectModel, path: Lwm2mPath): Violation {
  const isSingle = objectAt(model, path)?.multiple === false;
  return isSingle ? lwm2mErrors.LWM2M_SINGLE_INSTANCE(formatPath(truncatePath(path, PathLevel.Object))) : undefined;
}

/** What paths an operation takes. These rules hold always: no request could be made of anything else. */
export function checkLevel(operation: string, path: Lwm2mPath, levels: readonly PathLevel[]): Violation {
  if (levels.includes(pathLevel(path))) return undefined;
  const right = levels.map((level) => levelNames[level]).join(' or ');
  return lwm2mErrors.LWM2M_WRONG_PATH(formatPath(path), operation, right);
}

/** The node is what the path addresses: a caller's mistake otherwise. */
export function checkNodeFits(path: Lwm2mPath, node: Lwm2mNode): void {
  if (nodeLevel(node) !== pathLevel(path)) {
    throw new TypeError(`a node of kind ${node.kind} is not what ${formatPath(path)} addresses`);
  }
}

const levelNames = ['the root', 'an object', 'an object instance', 'a resource', 'a resource instance'] as const;

function definitionAt(model: ObjectModel, path: Lwm2mPath): ResourceDefinition | undefined {
  return objectAt(model, path)?.resources.get(path.resourceId!);
}

/** Paths of everything that can be read, observed and given attributes. */
export const fromObject = [
  PathLevel.Object,
  PathLevel.ObjectInstance,
  PathLevel.Resource,
  PathLevel.ResourceInstance,
] as const;

export function throwIf(violation: Error | undefined): void {
  if (violation) throw violation;
}
