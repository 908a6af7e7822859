import { type Result, success } from '@yaolian/kernel';
import type { ObjectDefinition } from '@yaolian/lwm2m-objects';
import { type ObjectModel, objectAt } from '../model.ts';
import { type Lwm2mNode, type ObjectInstanceNode, objectNode, type ResourceNode } from '../node.ts';
import { formatPath, type Lwm2mPath, PathLevel, pathLevel } from '../path.ts';
import type { ResourceType, ResourceValue } from '../value.ts';
import type { ContentError, DecodeOptions } from './content.ts';
import { type Refused, refuse, refuseMissing, refuseRoot } from './refusal.ts';
import { narrowResource, type ResourceShape, resourceShape, shapeMultiple, shapeSingle } from './shape.ts';
import {
  type EntryBudget,
  multipleResourceKind,
  objectInstanceKind,
  resourceInstanceKind,
  TlvCursor,
} from './tlv-entry.ts';
import { readTlvValue, tlvForms } from './tlv-value.ts';

/** One decoding. Methods that give undefined have set `refused`. */
class TlvDecoder {
  readonly #bytes: Uint8Array;
  readonly #object: ObjectDefinition | undefined;
  readonly #path: Lwm2mPath;
  readonly #budget: EntryBudget;
  readonly #exact: boolean;
  refused: Refused | undefined;

  constructor(
    path: Lwm2mPath,
    bytes: Uint8Array,
    object: ObjectDefinition | undefined,
    options: Required<DecodeOptions>,
  ) {
    this.#path = path;
    this.#bytes = bytes;
    this.#object = object;
    this.#exact = options.exact;
    this.#budget = { entriesLeft: options.maximumEntries, maximumEntries: options.maximumEntries };
  }

  decodeObject(): Lwm2mNode | undefined {
    const cursor = this.#cursor(0, this.#bytes.length);
    const instances = new Map<number, ObjectInstanceNode>();
    while (cursor.next()) {
      const { kind, id, at, valueStart, valueEnd } = cursor;
      if (kind !== objectInstanceKind) return instances.size === 0 ? this.#decodeOnlyInstance() : this.#mixed(at);
      if (instances.has(id)) return this.#twice('object instance', id, at);
      const resources = this.#resources(valueStart, valueEnd);
      if (!resources) return undefined;
      instances.set(id, { kind: 'object-instance', id, resources });
    }
    if (cursor.refused) return this.#refuse(cursor.refused);
    return { kind: 'object', id: this.#path.objectId!, instances };
  }

  /** OMA-TS-LightweightM2M 1.0 §6.4.3.1: the one instance of an object may come as its bare resources. */
  #decodeOnlyInstance(): Lwm2mNode | undefined {
    if (this.#object?.multiple) {
      return this.#refuse(
        refuse('malformed', 'resources of an object with instances come without saying which instance', 0),
      );
    }
    this.#budget.entriesLeft = this.#budget.maximumEntries;
    const resources = this.#resources(0, this.#bytes.length);
    return resources && objectNode(this.#path.objectId!, [{ kind: 'object-instance', id: 0, resources }]);
  }

  decodeObjectInstance(): ObjectInstanceNode | undefined {
    const id = this.#path.objectInstanceId!;
    const range = this.#instanceRange();
    const resources = range && this.#resources(range[0], range[1]);
    return resources && { kind: 'object-instance', id, resources };
  }

  /** Reads a resource or a resource instance, wherever in a larger answer it is. */
  decodeResource(): Lwm2mNode | undefined {
    const { resourceId } = this.#path;
    const range = this.#instanceRange();
    if (!range) return undefined;
    const cursor = this.#cursor(range[0], range[1]);
    const shape = resourceShape(this.#object, resourceId!);
    let resource: ResourceNode | undefined;
    let looseInstances = false;
    while (cursor.next()) {
      if (cursor.kind === resourceInstanceKind) looseInstances = true;
      else if (cursor.kind === objectInstanceKind) return this.#mixed(cursor.at);
      else if (cursor.id === resourceId) {
        if (resource) return this.#twice('resource', resourceId, cursor.at);
        resource = this.#resource(cursor, shape);
        if (!resource) return undefined;
      } else if (this.#exact) return this.#outside('resource', cursor);
    }
    if (cursor.refused) return this.#refuse(cursor.refused);
    if (!resource && looseInstances) resource = this.#looseResource(range, shape);
    if (this.refused) return undefined;
    return (resource && narrowResource(resource, this.#path)) ?? this.#refuse(refuseMissing(this.#path));
  }

  /**
   * Resource instances that nothing encloses are those of the resource asked for; some terminals write their single
   * resources so, though, with the resource's id.
   */
  #looseResource([start, end]: readonly [number, number], shape: ResourceShape): ResourceNode | undefined {
    const id = this.#path.resourceId!;
    const type = shape.type ?? 'opaque';
    const cursor = this.#cursor(start, end);
    let count = 0;
    let own: ResourceValue | undefined;
    let isOwn = false;
    while (cursor.next()) {
      if (cursor.kind !== resourceInstanceKind) continue;
      count++;
      if (cursor.id !== id || shape.multiple === true) continue;
      isOwn = true;
      own = this.#value(cursor, type);
    }
    if (isOwn && (count === 1 || shape.multiple === false) && this.#path.resourceInstanceId === undefined) {
      return own === undefined ? undefined : shapeSingle(id, type, own, shape.multiple);
    }
    this.refused = undefined;
    if (shape.multiple === false && count > 1) return undefined;
    const values = this.#resourceInstances(start, end, type, true);
    return values && shapeMultiple(id, type, values, shape.multiple);
  }

  /** Where the resources of the path's object instance are: bare, or in their object instance. */
  #instanceRange(): readonly [number, number] | undefined {
    const cursor = this.#cursor(0, this.#bytes.length);
    let range: readonly [number, number] | undefined;
    while (cursor.next()) {
      if (cursor.kind !== objectInstanceKind) {
        this.#budget.entriesLeft = this.#budget.maximumEntries;
        return range === undefined ? [0, this.#bytes.length] : this.#mixed(cursor.at);
      }
      if (cursor.id !== this.#path.objectInstanceId) {
        if (this.#exact) return this.#outside('object instance', cursor);
        continue;
      }
      if (range) return this.#twice('object instance', cursor.id, cursor.at);
      range = [cursor.valueStart, cursor.valueEnd];
    }
    if (cursor.refused) return this.#refuse(cursor.refused);
    if (this.#bytes.length === 0) return [0, 0];
    return range ?? this.#refuse(refuseMissing(this.#path));
  }

  #resources(start: number, end: number): Map<number, ResourceNode> | undefined {
    const resources = new Map<number, ResourceNode>();
    const cursor = this.#cursor(start, end);
    while (cursor.next()) {
      if (cursor.kind === objectInstanceKind) return this.#mixed(cursor.at);
      if (resources.has(cursor.id)) return this.#twice('resource', cursor.id, cursor.at);
      const resource = this.#resource(cursor, resourceShape(this.#object, cursor.id));
      if (!resource) return undefined;
      resources.set(resource.id, resource);
    }
    return cursor.refused ? this.#refuse(cursor.refused) : resources;
  }

  /** The resource at the cursor. A resource instance where a resource should be is one with a single value. */
  #resource(cursor: TlvCursor, shape: ResourceShape): ResourceNode | undefined {
    const { id, kind } = cursor;
    const type = shape.type ?? 'opaque';
    if (kind === multipleResourceKind) {
      const values = this.#resourceInstances(cursor.valueStart, cursor.valueEnd, type, false);
      return values && shapeMultiple(id, type, values, shape.multiple);
    }
    const value = this.#value(cursor, type);
    return value === undefined ? undefined : shapeSingle(id, type, value, shape.multiple);
  }

  /** @param others whether entries of other kinds are passed over or refused */
  #resourceInstances(
    start: number,
    end: number,
    type: ResourceType,
    others: boolean,
  ): Map<number, ResourceValue> | undefined {
    const values = new Map<number, ResourceValue>();
    const cursor = this.#cursor(start, end);
    while (cursor.next()) {
      if (cursor.kind !== resourceInstanceKind) {
        if (others) continue;
        const message = 'a resource with instances holds resource instances only';
        return this.#refuse(refuse('malformed', message, cursor.at));
      }
      if (values.has(cursor.id)) return this.#twice('resource instance', cursor.id, cursor.at);
      const value = this.#value(cursor, type);
      if (value === undefined) return undefined;
      values.set(cursor.id, value);
    }
    return cursor.refused ? this.#refuse(cursor.refused) : values;
  }

  #value(cursor: TlvCursor, type: ResourceType): ResourceValue | undefined {
    const value = readTlvValue(type, this.#bytes, cursor.valueStart, cursor.valueEnd);
    if (value !== undefined) return value;
    const length = cursor.valueEnd - cursor.valueStart;
    const message = `${cursor.id} is ${type}, which is ${tlvForms[type]}; these ${length} bytes are not that`;
    return this.#refuse(refuse('wrong-type', message, cursor.valueStart));
  }

  #cursor(start: number, end: number): TlvCursor {
    return new TlvCursor(this.#bytes, start, end, this.#budget);
  }

  #twice(what: string, id: number, offset: number): undefined {
    return this.#refuse(refuse('malformed', `${what} ${id} is there twice`, offset));
  }

  #outside(what: string, cursor: TlvCursor): undefined {
    const message = `${what} ${cursor.id} is outside of ${formatPath(this.#path)}`;
    return this.#refuse(refuse('wrong-path', message, cursor.at));
  }

  #mixed(offset: number): undefined {
    return this.#refuse(refuse('malformed', 'object instances and resources are on one level', offset));
  }

  #refuse(refused: Refused): undefined {
    this.refused = refused;
    return undefined;
  }
}

/** Reads what `path` addresses, wherever in a larger answer it is. */
export function decodeTlv(
  path: Lwm2mPath,
  bytes: Uint8Array,
  model: ObjectModel,
  options: Required<DecodeOptions>,
): Result<Lwm2mNode, ContentError> {
  const level = pathLevel(path);
  if (level === PathLevel.Root) return refuseRoot('TLV');
  const decoder = new TlvDecoder(path, bytes, objectAt(model, path), options);
  const node =
    level === PathLevel.Object
      ? decoder.decodeObject()
      : level === PathLevel.ObjectInstance
        ? decoder.decodeObjectInstance()
        : decoder.decodeResource();
  return node ? success(node) : decoder.refused!;
}
