import type { JsonNode, JsonObject, JsonObjectInstance, JsonResource, JsonValue } from '@yaolian/contract';
import {
  childPath,
  formatPath,
  type Lwm2mNode,
  type Lwm2mPath,
  type ObjectInstanceNode,
  type ObjectModel,
  type ObjectNode,
  objectAt,
  type ResourceNode,
  type ResourceType,
  type ResourceValue,
  valueToJson,
} from '@yaolian/lwm2m';

/** What a device answered, with the names and units that the object model has. `path` addresses `node`. */
export function nodeToJson(path: Lwm2mPath, node: Lwm2mNode, model: ObjectModel): JsonNode {
  switch (node.kind) {
    case 'object':
      return objectToJson(path, node, model);
    case 'object-instance':
      return instanceToJson(path, node, model);
    case 'resource-instance': {
      const value = valueToJson(node.type, node.value);
      return { kind: node.kind, ...resourceFacts(path, node.id, model), type: node.type, value };
    }
    default:
      return resourceToJson(path, node, model);
  }
}

function objectToJson(path: Lwm2mPath, node: ObjectNode, model: ObjectModel): JsonObject {
  const instances = [...node.instances.values()].map((one) => instanceToJson(childPath(path, one.id), one, model));
  return { kind: node.kind, path: formatPath(path), id: node.id, ...objectName(path, model), instances };
}

function instanceToJson(path: Lwm2mPath, node: ObjectInstanceNode, model: ObjectModel): JsonObjectInstance {
  const resources = [...node.resources.values()].map((one) => resourceToJson(childPath(path, one.id), one, model));
  return { kind: node.kind, path: formatPath(path), id: node.id, ...objectName(path, model), resources };
}

function resourceToJson(path: Lwm2mPath, node: ResourceNode, model: ObjectModel): JsonResource {
  const facts = { ...resourceFacts(path, node.id, model), type: node.type };
  if (node.kind === 'resource') return { kind: node.kind, ...facts, value: valueToJson(node.type, node.value) };
  return { kind: node.kind, ...facts, values: valuesToJson(node.type, node.values) };
}

function valuesToJson(type: ResourceType, values: ReadonlyMap<number, ResourceValue>): Record<string, JsonValue> {
  return Object.fromEntries([...values].map(([id, value]) => [String(id), valueToJson(type, value)]));
}

function resourceFacts(path: Lwm2mPath, id: number, model: ObjectModel) {
  const definition = objectAt(model, path)?.resources.get(path.resourceId!);
  return {
    path: formatPath(path),
    id,
    ...(definition === undefined ? {} : { name: definition.name }),
    ...(definition === undefined || definition.units === '' ? {} : { units: definition.units }),
  };
}

function objectName(path: Lwm2mPath, model: ObjectModel): { name?: string } {
  const definition = path.objectId === undefined ? undefined : objectAt(model, path);
  return definition === undefined ? {} : { name: definition.name };
}

/** The name of the object or resource that a path addresses, as far as the model knows it. */
export function nameOf(path: Lwm2mPath, model: ObjectModel): string | undefined {
  const object = path.objectId === undefined ? undefined : objectAt(model, path);
  return path.resourceId === undefined ? object?.name : object?.resources.get(path.resourceId)?.name;
}
