import { type Result, success } from '@yaolian/kernel';
import type { ObjectModel } from '../model.ts';
import { type Lwm2mNode, multipleResource, type ObjectInstanceNode, type ResourceNode } from '../node.ts';
import { coversPath, formatPath, type Lwm2mPath, PathLevel, parsePath, pathLevel } from '../path.ts';
import {
  checkValue,
  type ObjectLink,
  type ResourceType,
  type ResourceValue,
  secondsToTime,
  wholeNumber,
} from '../value.ts';
import type { ContentError, ContentTime, DecodeOptions, TimedNode } from './content.ts';
import { type Refused, refuse, refuseMissing } from './refusal.ts';
import { narrowResource, type ResourceShape, resourceShape, shapeAt, shapeMultiple, shapeSingle } from './shape.ts';

/*
 * OMA JSON and SenML are lists of records, each with a name that is a path and a value that carries its own kind. Here
 * records become nodes.
 */

/** A value as a format that carries kinds says it. */
export type RecordValue =
  | {
      readonly kind: 'number';
      readonly value: number | bigint;
      /** The format says that it is a float, though it may be a whole number. */
      readonly isFloat?: boolean;
      /** The format says that it is a time, in seconds since 1970. */
      readonly isTime?: boolean;
    }
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'bytes'; readonly value: Uint8Array }
  | { readonly kind: 'link'; readonly value: ObjectLink }
  /** What the path names is to be removed: only where something is changed, and never a value. */
  | { readonly kind: 'removal'; readonly value?: undefined };

export interface ValueRecord {
  /** Of a resource or a resource instance. */
  readonly path: Lwm2mPath;
  readonly value: RecordValue;
  readonly time: ContentTime | undefined;
}

/** The path that a record's name and base name make: of a resource or a resource instance. */
export function recordPath(name: string): Result<Lwm2mPath, ContentError> {
  const parsed = parsePath(name);
  if (parsed.ok && parsed.value.resourceId !== undefined && name.startsWith('/')) return parsed;
  const shown = name.length > 60 ? `${name.slice(0, 60)}…` : name;
  return refuse('malformed', `"${shown}" is not the path of a resource or resource instance, such as /3/0/13`);
}

/** The value in the form of a type; undefined when it does not fit. Without a type it is what its kind is. */
export function typedValue(value: RecordValue, type: ResourceType): ResourceValue | undefined {
  switch (type) {
    case 'string':
    case 'corelnk':
      return value.kind === 'text' ? value.value : undefined;
    case 'integer':
    case 'unsigned':
      return value.kind === 'number' ? exactInteger(type, value.value) : undefined;
    case 'float':
      return value.kind === 'number' ? Number(value.value) : undefined;
    case 'time':
      return value.kind === 'number' ? secondsToTime(value.value) : undefined;
    default:
      return value.kind === kindOf[type] ? value.value : undefined;
  }
}

const kindOf: Readonly<Record<'boolean' | 'opaque' | 'objlnk' | 'none', RecordValue['kind']>> = {
  boolean: 'boolean',
  opaque: 'bytes',
  objlnk: 'link',
  none: 'bytes',
};

function exactInteger(type: 'integer' | 'unsigned', value: number | bigint): ResourceValue | undefined {
  const checked = checkValue(type, value);
  return checked.ok ? checked.value : undefined;
}

/** The type that a value has by its kind alone. */
export function typeOf(value: RecordValue): ResourceType {
  switch (value.kind) {
    case 'text':
      return 'string';
    case 'boolean':
      return 'boolean';
    case 'bytes':
      return 'opaque';
    case 'link':
      return 'objlnk';
    case 'removal':
      return 'none';
    default:
      return numberType(value);
  }
}

function numberType({ value, isFloat, isTime }: RecordValue & { readonly kind: 'number' }): ResourceType {
  if (isTime) return 'time';
  if (isFloat) return 'float';
  if (checkValue('integer', value).ok) return 'integer';
  return checkValue('unsigned', value).ok ? 'unsigned' : 'float';
}

/**
 * The records that are about `path`. Others are passed over, because terminals answer with more than was asked, as long as some
 * are about it; with `exact` they are refused.
 */
function recordsWithin(
  path: Lwm2mPath,
  records: readonly ValueRecord[],
  exact: boolean,
): Result<readonly ValueRecord[], ContentError> {
  const within = records.filter((record) => isWithin(path, record.path));
  if (within.length === records.length || (within.length > 0 && !exact)) return success(within);
  const outside = records.find((record) => !isWithin(path, record.path))!;
  return refuse('wrong-path', `${formatPath(outside.path)} is outside of ${formatPath(path)}`);
}

/** The newest value of each resource, as the node that `path` addresses. */
export function nodeOfRecords(
  path: Lwm2mPath,
  all: readonly ValueRecord[],
  model: ObjectModel,
  options: Pick<Required<DecodeOptions>, 'exact'>,
): Result<Lwm2mNode, ContentError> {
  const within = recordsWithin(path, all, options.exact);
  if (!within.ok) return within;
  const records = within.value;
  if (records.every(({ time }) => time === undefined)) return assemble(path, records, model);
  const newest = new Map<string, ValueRecord>();
  for (const record of records) {
    const key = formatPath(record.path);
    const known = newest.get(key);
    if (known && compareTimes(known.time, record.time) === 0) return refuseRepeated(record.path);
    if (!known || compareTimes(known.time, record.time) < 0) newest.set(key, record);
  }
  return assemble(path, [...newest.values()], model);
}

/** A node for each moment that the records speak of, oldest first. */
export function timedNodesOfRecords(
  path: Lwm2mPath,
  all: readonly ValueRecord[],
  model: ObjectModel,
  options: Pick<Required<DecodeOptions>, 'exact'>,
): Result<readonly TimedNode[], ContentError> {
  const within = recordsWithin(path, all, options.exact);
  if (!within.ok) return within;
  const records = within.value;
  const moments = new Map<string, ValueRecord[]>();
  for (const record of records) {
    const key = record.time ? `${record.time.isRelative} ${record.time.milliseconds}` : '';
    const moment = moments.get(key);
    if (moment) moment.push(record);
    else moments.set(key, [record]);
  }
  if (moments.size === 0) moments.set('', []);
  const sorted = [...moments.values()].sort((a, b) => compareTimes(a[0]?.time, b[0]?.time));
  const nodes: TimedNode[] = [];
  for (const moment of sorted) {
    const node = assemble(path, moment, model);
    if (!node.ok) return node;
    nodes.push({ time: moment[0]?.time, node: node.value });
  }
  return success(nodes);
}

/** Times since 1970 come before times from now; an absent time is now. */
function compareTimes(a: ContentTime | undefined, b: ContentTime | undefined): number {
  const isRelativeA = a?.isRelative ?? true;
  const isRelativeB = b?.isRelative ?? true;
  if (isRelativeA !== isRelativeB) return isRelativeA ? 1 : -1;
  return (a?.milliseconds ?? 0) - (b?.milliseconds ?? 0);
}

function refuseRepeated(path: Lwm2mPath): Refused {
  return refuse('malformed', `${formatPath(path)} is there twice`);
}

/** Values of one resource while it is put together. */
interface OpenResource {
  readonly shape: ResourceShape;
  type: ResourceType;
  single: ResourceValue | undefined;
  instances: Map<number, ResourceValue> | undefined;
}

function assemble(
  path: Lwm2mPath,
  records: readonly ValueRecord[],
  model: ObjectModel,
): Result<Lwm2mNode, ContentError> {
  const object = model.object(path.objectId!);
  const instances = new Map<number, Map<number, OpenResource>>();
  for (const record of records) {
    const { objectInstanceId, resourceId } = record.path;
    const resources = instances.get(objectInstanceId!) ?? new Map<number, OpenResource>();
    instances.set(objectInstanceId!, resources);
    const shape = resourceShape(object, resourceId!);
    const resource = resources.get(resourceId!) ?? open(shape, record.value);
    resources.set(resourceId!, resource);
    const refused = addRecord(resource, record);
    if (refused) return refused;
  }
  return closeNode(path, instances, model);
}

/** A resource whole where an instance of it was asked for: a single value read as if it had instances. */
function isWithin(path: Lwm2mPath, recordedPath: Lwm2mPath): boolean {
  if (coversPath(path, recordedPath)) return true;
  const { objectId, objectInstanceId, resourceId } = path;
  return (
    path.resourceInstanceId !== undefined &&
    recordedPath.resourceInstanceId === undefined &&
    recordedPath.objectId === objectId &&
    recordedPath.objectInstanceId === objectInstanceId &&
    recordedPath.resourceId === resourceId
  );
}

function open(shape: ResourceShape, value: RecordValue): OpenResource {
  return { shape, type: shape.type ?? typeOf(value), single: undefined, instances: undefined };
}

function addRecord(resource: OpenResource, { path, value }: ValueRecord): Refused | undefined {
  if (resource.shape.type === undefined) widen(resource, value);
  const typed = typedValue(value, resource.type);
  if (typed === undefined) {
    const message = `${formatPath(path)} is ${resource.type}, and this ${value.kind} does not fit that`;
    return refuse('wrong-type', message);
  }
  const { resourceInstanceId } = path;
  if (resourceInstanceId === undefined) {
    if (resource.single !== undefined || resource.instances) return refuseRepeated(path);
    resource.single = typed;
    return undefined;
  }
  if (resource.single !== undefined || resource.instances?.has(resourceInstanceId)) return refuseRepeated(path);
  resource.instances ??= new Map();
  resource.instances.set(resourceInstanceId, typed);
  return undefined;
}

/** Instances of an unknown resource may look like whole numbers first and like floats later: all are floats then. */
function widen(resource: OpenResource, value: RecordValue): void {
  if (value.kind !== 'number' || typedValue(value, resource.type) !== undefined) return;
  if (resource.type !== 'integer' && resource.type !== 'unsigned') return;
  resource.type = 'float';
  for (const [id, known] of resource.instances ?? []) resource.instances!.set(id, Number(known));
}

function closeNode(
  path: Lwm2mPath,
  instances: ReadonlyMap<number, ReadonlyMap<number, OpenResource>>,
  model: ObjectModel,
): Result<Lwm2mNode, ContentError> {
  const level = pathLevel(path);
  if (level === PathLevel.Object) {
    const closed = new Map<number, ObjectInstanceNode>();
    for (const [id, resources] of instances) closed.set(id, closeInstance(id, resources));
    return success({ kind: 'object', id: path.objectId!, instances: closed });
  }
  const resources = instances.get(path.objectInstanceId!);
  if (level === PathLevel.ObjectInstance) return success(closeInstance(path.objectInstanceId!, resources ?? new Map()));
  const resource = resources?.get(path.resourceId!);
  const node = resource && narrowResource(closeResource(path.resourceId!, resource), path);
  if (node) return success(node);
  const { type, multiple } = shapeAt(model, path);
  if (level === PathLevel.Resource && multiple)
    return success(multipleResource(path.resourceId!, type ?? 'opaque', []));
  return refuseMissing(path);
}

function closeInstance(id: number, resources: ReadonlyMap<number, OpenResource>): ObjectInstanceNode {
  const closed = new Map<number, ResourceNode>();
  for (const [resourceId, resource] of resources) closed.set(resourceId, closeResource(resourceId, resource));
  return { kind: 'object-instance', id, resources: closed };
}

function closeResource(id: number, resource: OpenResource): ResourceNode {
  const { shape, type, single, instances } = resource;
  if (instances) return shapeMultiple(id, type, instances, shape.multiple);
  return shapeSingle(id, type, single!, shape.multiple);
}

/** A number as records carry it. */
export function numberValue(value: number | bigint): RecordValue {
  return { kind: 'number', value: typeof value === 'bigint' ? wholeNumber(value) : value };
}

export function floatValue(value: number): RecordValue {
  return { kind: 'number', value, isFloat: true };
}
