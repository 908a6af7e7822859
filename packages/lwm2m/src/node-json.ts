import type { Lwm2mNode, ResourceNode } from './node.ts';
import type { ResourceValue } from './value.ts';
import { type JsonResourceValue, valueToJson } from './value-json.ts';

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
