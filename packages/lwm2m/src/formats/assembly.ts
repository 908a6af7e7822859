import { type Result, success } from '@yaolian/kernel';
import { type ObjectModel, objectAt } from '../model.ts';
import { type Lwm2mNode, multipleResource, type ObjectInstanceNode, type ResourceNode } from '../node.ts';
import { formatPath, type Lwm2mPath, PathLevel, pathLevel } from '../path.ts';
import type { ResourceType, ResourceValue } from '../value.ts';
import type { ContentError } from './content.ts';
import { type Refused, refuse, refuseMissing } from './refusal.ts';
import { narrowResource, type ResourceShape, resourceShape, shapeAt, shapeMultiple, shapeSingle } from './shape.ts';
import { type RecordValue, refuseRepeated, typedValue, typeOf, type ValueRecord } from './value-records.ts';

/** A resource of which instances came, while there may come more. */
interface OpenResource {
  readonly id: number;
  /** Where it goes. */
  readonly resources: Map<number, ResourceNode>;
  readonly multiple: boolean | undefined;
  type: ResourceType;
  readonly values: Map<number, ResourceValue>;
}

/** Makes the node that `path` addresses out of records, all of which are about it and about one moment. */
export function assembleNode(
  path: Lwm2mPath,
  records: readonly ValueRecord[],
  model: ObjectModel,
): Result<Lwm2mNode, ContentError> {
  const assembly = new Assembly(path, model);
  for (const record of records) {
    const refused = assembly.add(record);
    if (refused) return refused;
  }
  return assembly.close();
}

class Assembly {
  readonly #path: Lwm2mPath;
  readonly #model: ObjectModel;
  readonly #object: ReturnType<ObjectModel['object']>;
  readonly #instances = new Map<number, Map<number, ResourceNode>>();
  /** By object instance and resource. */
  #open: Map<number, OpenResource> | undefined;

  constructor(path: Lwm2mPath, model: ObjectModel) {
    this.#path = path;
    this.#model = model;
    this.#object = objectAt(model, path);
  }

  add({ path, value }: ValueRecord): Refused | undefined {
    const resources = this.#resourcesOf(path.objectInstanceId!);
    const id = path.resourceId!;
    const shape = resourceShape(this.#object, id);
    if (path.resourceInstanceId !== undefined) return this.#addInstance(path, value, shape, resources);
    if (resources.has(id)) return refuseRepeated(path);
    const type = shape.type ?? typeOf(value);
    const typed = typedValue(value, type);
    if (typed === undefined) return refuseType(path, value, type);
    resources.set(id, shapeSingle(id, type, typed, shape.multiple));
    return undefined;
  }

  close(): Result<Lwm2mNode, ContentError> {
    for (const { id, resources, multiple, type, values } of this.#open?.values() ?? []) {
      resources.set(id, shapeMultiple(id, type, values, multiple));
    }
    const path = this.#path;
    const level = pathLevel(path);
    if (level === PathLevel.Object) {
      const closed = new Map<number, ObjectInstanceNode>();
      for (const [id, resources] of this.#instances) closed.set(id, { kind: 'object-instance', id, resources });
      return success({ kind: 'object', id: path.objectId!, instances: closed });
    }
    const id = path.objectInstanceId!;
    const resources = this.#instances.get(id) ?? new Map<number, ResourceNode>();
    if (level === PathLevel.ObjectInstance) return success({ kind: 'object-instance', id, resources });
    return this.#closeResource(resources.get(path.resourceId!));
  }

  #closeResource(resource: ResourceNode | undefined): Result<Lwm2mNode, ContentError> {
    const path = this.#path;
    const node = resource && narrowResource(resource, path);
    if (node) return success(node);
    const { type, multiple } = shapeAt(this.#model, path);
    if (pathLevel(path) !== PathLevel.Resource || !multiple) return refuseMissing(path);
    return success(multipleResource(path.resourceId!, type ?? 'opaque', []));
  }

  #resourcesOf(instance: number): Map<number, ResourceNode> {
    const known = this.#instances.get(instance);
    if (known) return known;
    const resources = new Map<number, ResourceNode>();
    this.#instances.set(instance, resources);
    return resources;
  }

  #addInstance(
    path: Lwm2mPath,
    value: RecordValue,
    shape: ResourceShape,
    resources: Map<number, ResourceNode>,
  ): Refused | undefined {
    const open = this.#openResource(path, value, shape, resources);
    const instance = path.resourceInstanceId!;
    if (!open || open.values.has(instance)) return refuseRepeated(path);
    if (shape.type === undefined) widen(open, value);
    const typed = typedValue(value, open.type);
    if (typed === undefined) return refuseType(path, value, open.type);
    open.values.set(instance, typed);
    return undefined;
  }

  /** Undefined: the resource came as a single value. */
  #openResource(
    path: Lwm2mPath,
    value: RecordValue,
    shape: ResourceShape,
    resources: Map<number, ResourceNode>,
  ): OpenResource | undefined {
    this.#open ??= new Map();
    const id = path.resourceId!;
    const key = path.objectInstanceId! * 65_536 + id;
    const known = this.#open.get(key);
    if (known || resources.has(id)) return known;
    const type = shape.type ?? typeOf(value);
    const open: OpenResource = { id, resources, multiple: shape.multiple, type, values: new Map() };
    this.#open.set(key, open);
    // It has its place among the others from now on.
    resources.set(id, { kind: 'multiple-resource', id, type, values: open.values });
    return open;
  }
}

/** Instances of an unknown resource may look like whole numbers first and like floats later: all are floats then. */
function widen(resource: OpenResource, value: RecordValue): void {
  if (value.kind !== 'number' || typedValue(value, resource.type) !== undefined) return;
  if (resource.type !== 'integer' && resource.type !== 'unsigned') return;
  resource.type = 'float';
  for (const [id, known] of resource.values) resource.values.set(id, Number(known));
}

export function refuseType(path: Lwm2mPath, value: RecordValue, type: ResourceType): Refused {
  const message = `${formatPath(path)} is ${type}, and this ${value.kind} does not fit that`;
  return refuse('wrong-type', message);
}
