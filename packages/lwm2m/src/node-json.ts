import { failure, type Result, success } from '@yaolian/kernel';
import {
  type Lwm2mNode,
  multipleResource,
  type ObjectInstanceNode,
  objectInstance,
  objectNode,
  type ResourceNode,
  resourceInstance,
  singleResource,
} from './node.ts';
import { isResourceType, type ResourceType, type ResourceValue, type ValueError } from './value.ts';
import { type JsonResourceValue, valueFromJson, valueToJson } from './value-json.ts';

/**
 * A node as JSON, for REST and the command line. Keys are ids; the type of each resource is said, so that a client can read
 * values without a model: `{ "kind": "object-instance", "id": 0, "resources": { "9": { "type": "integer", "value": 100 } } }`.
 */
export type JsonNode =
  | { readonly kind: 'object'; readonly id: number; readonly instances: Readonly<Record<string, JsonInstance>> }
  | ({ readonly kind: 'object-instance'; readonly id: number } & JsonInstance)
  | ({ readonly kind: 'resource' | 'multiple-resource' | 'resource-instance'; readonly id: number } & JsonResource);

export interface JsonInstance {
  readonly resources: Readonly<Record<string, JsonResource>>;
}

export type JsonResource =
  | { readonly type: string; readonly value: JsonResourceValue }
  | { readonly type: string; readonly values: Readonly<Record<string, JsonResourceValue>> };

export function nodeToJson(node: Lwm2mNode): JsonNode {
  switch (node.kind) {
    case 'object': {
      const instances = mapToRecord(node.instances, ({ resources }) => ({
        resources: mapToRecord(resources, resourceToJson),
      }));
      return { kind: node.kind, id: node.id, instances };
    }
    case 'object-instance':
      return { kind: node.kind, id: node.id, resources: mapToRecord(node.resources, resourceToJson) };
    case 'resource-instance':
      return { kind: node.kind, id: node.id, type: node.type, value: valueToJson(node.type, node.value) };
    default:
      return { kind: node.kind, id: node.id, ...resourceToJson(node) };
  }
}

function resourceToJson(resource: ResourceNode): JsonResource {
  const { type } = resource;
  if (resource.kind === 'resource') return { type, value: valueToJson(type, resource.value) };
  return { type, values: mapToRecord(resource.values, (value: ResourceValue) => valueToJson(type, value)) };
}

function mapToRecord<V, R>(map: ReadonlyMap<number, V>, convert: (value: V) => R): Record<string, R> {
  const record: Record<string, R> = {};
  for (const [id, value] of map) record[id] = convert(value);
  return record;
}

/** The inverse of {@link nodeToJson}, for what it wrote: a text of another form is refused with what is wrong. */
export function nodeFromJson(json: JsonNode): Result<Lwm2mNode, ValueError> {
  try {
    return success(readNode(json));
  } catch (error) {
    if (error instanceof WrongJson) return failure(error.reason);
    throw error;
  }
}

class WrongJson extends Error {
  readonly reason: ValueError;

  constructor(reason: ValueError) {
    super(reason.message);
    this.reason = reason;
  }
}

function readNode(json: JsonNode): Lwm2mNode {
  switch (json.kind) {
    case 'object':
      return objectNode(
        json.id,
        Object.entries(json.instances).map(([id, one]) => readInstance(Number(id), one)),
      );
    case 'object-instance':
      return readInstance(json.id, json);
    case 'resource-instance':
      return resourceInstance(json.id, typeFrom(json.type), single(json));
    default:
      return readResource(json.id, json);
  }
}

function readInstance(id: number, { resources }: JsonInstance): ObjectInstanceNode {
  return objectInstance(
    id,
    Object.entries(resources).map(([resourceId, one]) => readResource(Number(resourceId), one)),
  );
}

function readResource(id: number, json: JsonResource): ResourceNode {
  const type = typeFrom(json.type);
  if (!('values' in json)) return singleResource(id, type, single(json));
  const values = Object.entries(json.values).map(([key, value]) => [Number(key), readValue(type, value)] as const);
  return multipleResource(id, type, values);
}

function single(json: JsonResource): ResourceValue {
  if ('values' in json)
    throw new WrongJson({ code: 'malformed', message: 'one value is needed, and there are several' });
  return readValue(typeFrom(json.type), json.value);
}

function readValue(type: ResourceType, json: JsonResourceValue): ResourceValue {
  // A resource of type none has no value by rights, and bytes when a terminal gives it one.
  const value = valueFromJson(type === 'none' ? 'opaque' : type, json);
  if (value.ok) return value.value;
  throw new WrongJson(value.error);
}

function typeFrom(text: string): ResourceType {
  if (isResourceType(text)) return text;
  throw new WrongJson({ code: 'wrong-type', message: `"${text.slice(0, 20)}" is no type of a resource` });
}
