import type {
  JsonAskedValue,
  JsonNode,
  JsonObjectInstance,
  JsonQueuedRequest,
  JsonResource,
  JsonValue,
} from '@yaolian/contract';
import {
  formatAttributeQuery,
  type Lwm2mPath,
  nodeFromJson,
  type ObjectModel,
  objectAt,
  parsePath,
} from '@yaolian/lwm2m';
import type { QueuedOperation } from '@yaolian/lwm2m/server';
import type { ResourceDefinition } from '@yaolian/lwm2m-objects';
import { nodeToJson } from './node.ts';

/** Characters of a value, and values of a request, that are told. */
const most = { characters: 200, values: 16 } as const;

/** By what object models call what nobody may read back. */
const secretNames = /secret|password|pass ?phrase|key phrase|pre.?shared key|wep key \d|group key|\bpin\b/i;

/** What a request that waits brings: enough to tell it from others, and nothing that is secret. Undefined: it only asks. */
export function askedToJson(operation: QueuedOperation, model: ObjectModel): JsonQueuedRequest['asked'] {
  if ('node' in operation) return { values: new Telling(model).values([operation]) };
  if ('writes' in operation) return { values: new Telling(model).values(operation.writes) };
  if (operation.kind === 'execute') {
    return operation.arguments === undefined ? undefined : { arguments: shortened(operation.arguments) };
  }
  const attributes = 'attributes' in operation ? formatAttributeQuery(operation.attributes).join('&') : '';
  return attributes === '' ? undefined : { attributes };
}

type Stored = Extract<QueuedOperation, { readonly kind: 'write-composite' }>['writes'][number];

/** Tells the values of one request without what is secret or long. */
class Telling {
  readonly #model: ObjectModel;
  #left: number = most.values;

  constructor(model: ObjectModel) {
    this.#model = model;
  }

  values(asked: readonly Stored[]): JsonAskedValue[] {
    return asked.map((one) => this.#asked(one));
  }

  #asked({ path, node: stored }: Stored): JsonAskedValue {
    if (stored === null) return { path };
    const node = nodeFromJson(stored);
    const parsed = parsePath(path);
    if (!node.ok || !parsed.ok) return { path, shortened: true };
    // A new instance is asked for at the path of its object.
    const isNew = node.value.kind === 'object-instance' && parsed.value.objectInstanceId === undefined;
    const place = isNew ? { ...parsed.value, objectInstanceId: node.value.id } : parsed.value;
    const told = new ToldNode(objectAt(this.#model, place)?.resources, place, this.#left);
    const kept = told.node(nodeToJson(place, node.value, this.#model));
    this.#left = told.left;
    return {
      path,
      ...(kept === undefined ? {} : { node: kept }),
      ...(told.hidden.length === 0 ? {} : { hidden: told.hidden }),
      ...(told.isShortened ? { shortened: true as const } : {}),
    };
  }
}

class ToldNode {
  /** Ids of resources that are secret. */
  readonly hidden: number[] = [];
  isShortened = false;
  left: number;
  readonly #definitions: ReadonlyMap<number, ResourceDefinition> | undefined;
  readonly #place: Lwm2mPath;

  /** @param left how many values may be told */
  constructor(definitions: ReadonlyMap<number, ResourceDefinition> | undefined, place: Lwm2mPath, left: number) {
    this.#definitions = definitions;
    this.#place = place;
    this.left = left;
  }

  /** Undefined: nothing of it may be told. */
  node(node: JsonNode): JsonNode | undefined {
    switch (node.kind) {
      case 'object':
        return { ...node, instances: node.instances.map((one) => this.#instance(one)) };
      case 'object-instance':
        return this.#instance(node);
      case 'resource-instance': {
        if (this.#isHidden(this.#place.resourceId!)) return undefined;
        return this.#takes() ? { ...node, value: this.#value(node.value, node.type) } : undefined;
      }
      default:
        return this.#resource(node);
    }
  }

  #instance(instance: JsonObjectInstance): JsonObjectInstance {
    const resources = instance.resources.map((one) => this.#resource(one));
    return { ...instance, resources: resources.filter((one) => one !== undefined) };
  }

  #resource(resource: JsonResource): JsonResource | undefined {
    if (this.#isHidden(resource.id)) return undefined;
    const { type } = resource;
    if (resource.kind === 'resource') {
      return this.#takes() ? { ...resource, value: this.#value(resource.value, type) } : undefined;
    }
    const told = Object.entries(resource.values).filter(() => this.#takes());
    return { ...resource, values: Object.fromEntries(told.map(([id, value]) => [id, this.#value(value, type)])) };
  }

  #isHidden(id: number): boolean {
    const definition = this.#definitions?.get(id);
    if (definition === undefined || !isSecret(definition)) return false;
    if (!this.hidden.includes(id)) this.hidden.push(id);
    return true;
  }

  #takes(): boolean {
    if (this.left > 0) {
      this.left--;
      return true;
    }
    this.isShortened = true;
    return false;
  }

  #value(value: JsonValue, type: string): JsonValue {
    if (typeof value !== 'string' || value.length <= most.characters) return value;
    this.isShortened = true;
    // Base64 stays whole: what is cut are bytes.
    return type === 'opaque' ? value.slice(0, most.characters) : shortened(value);
  }
}

/** Bytes that can be written and not read are a key, or a file. */
function isSecret({ name, type, readable, writable }: ResourceDefinition): boolean {
  return secretNames.test(name) || (type === 'opaque' && writable && !readable);
}

function shortened(text: string): string {
  return text.length <= most.characters ? text : `${text.slice(0, most.characters)}…`;
}
