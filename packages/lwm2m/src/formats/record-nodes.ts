import { type Result, success } from '@yaolian/kernel';
import type { ObjectModel } from '../model.ts';
import { type Lwm2mNode, type NodeValue, nodeValues } from '../node.ts';
import { coversPath, formatPath, type Lwm2mPath, PathLevel, truncatePath, withoutPrefix } from '../path.ts';
import { assembleNode, refuseType } from './assembly.ts';
import type { ContentError, ContentTime, DecodeOptions, TimedNode } from './content.ts';
import { type Refused, refuse } from './refusal.ts';
import { resourceShape } from './shape.ts';
import {
  type RecordSink,
  type RecordValue,
  refuseRepeated,
  typedValue,
  typeOf,
  type ValueRecord,
} from './value-records.ts';

/*
 * What the records of content make: a node, a node for each of their moments, or the values as they are.
 */

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
  // Some gateways cut the prefix off before they look what is asked for, and answer without it.
  if (within.length === 0 && path.prefix !== undefined && !exact) {
    return recordsWithin(withoutPrefix(path), records, exact);
  }
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
  if (records.every(({ time }) => time === undefined)) return assembleNode(path, records, model);
  const newest = new Map<string, ValueRecord>();
  for (const record of records) {
    const key = formatPath(record.path);
    const known = newest.get(key);
    if (known && compareTimes(known.time, record.time) === 0) return refuseRepeated(record.path);
    if (!known || compareTimes(known.time, record.time) < 0) newest.set(key, record);
  }
  return assembleNode(path, [...newest.values()], model);
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
  const nodes: TimedNode[] = [];
  for (const moment of momentsOf(records)) {
    const node = assembleNode(path, moment, model);
    if (!node.ok) return node;
    nodes.push({ time: moment[0]?.time, node: node.value });
  }
  return success(nodes);
}

/** The records of each moment, the oldest first; one without records when there are none. */
function momentsOf(records: readonly ValueRecord[]): readonly (readonly ValueRecord[])[] {
  const first = records[0]?.time;
  if (records.every(({ time }) => time === first)) return [records];
  const moments = new Map<string, ValueRecord[]>();
  for (const record of records) {
    const key = momentKey(record.time);
    const moment = moments.get(key);
    if (moment) moment.push(record);
    else moments.set(key, [record]);
  }
  return [...moments.values()].sort((a, b) => compareTimes(a[0]?.time, b[0]?.time));
}

function momentKey(time: ContentTime | undefined): string {
  return time ? `${time.isRelative} ${time.milliseconds}` : '';
}

/** Times since 1970 come before times from now; an absent time is now. */
function compareTimes(a: ContentTime | undefined, b: ContentTime | undefined): number {
  const isRelativeA = a?.isRelative ?? true;
  const isRelativeB = b?.isRelative ?? true;
  if (isRelativeA !== isRelativeB) return isRelativeA ? 1 : -1;
  return (a?.milliseconds ?? 0) - (b?.milliseconds ?? 0);
}

/** A resource whole where an instance of it was asked for: a single value read as if it had instances. */
function isWithin(path: Lwm2mPath, recordedPath: Lwm2mPath): boolean {
  if (coversPath(path, recordedPath)) return true;
  if (path.prefix !== recordedPath.prefix) return false;
  const { objectId, objectInstanceId, resourceId } = path;
  return (
    path.resourceInstanceId !== undefined &&
    recordedPath.resourceInstanceId === undefined &&
    recordedPath.objectId === objectId &&
    recordedPath.objectInstanceId === objectInstanceId &&
    recordedPath.resourceId === resourceId
  );
}

/** A value with the moment it is of. */
export interface TimedValue extends NodeValue {
  /** Undefined: the content does not say, so: when it was received. */
  readonly time: ContentTime | undefined;
}

/**
 * The values of records, each in the form of its resource's type and at the path that it has in a node: the same as those of
 * the nodes that the records make, and refused when those are. In the order of the records where no nodes need to be made.
 */
export function valuesOfRecords(
  records: readonly ValueRecord[],
  model: ObjectModel,
): Result<readonly TimedValue[], ContentError> {
  return plainValues(records, model) ?? valuesOfNodes(records, model);
}

/** The values where each record is about a resource with one value, and of each the moments are in order; undefined if not. */
function plainValues(
  records: readonly ValueRecord[],
  model: ObjectModel,
): Result<readonly TimedValue[], ContentError> | undefined {
  const plain = new PlainValues(model);
  for (const { path, value, time } of records) {
    const refused = plain.put(path, value, time);
    if (refused) return refused;
  }
  return plain.values && success(plain.values);
}

/** Makes values of records one by one, without nodes, as long as each is of a resource with one value and its moments are in order. */
export class PlainValues implements RecordSink {
  /** Undefined when what came needs nodes. */
  values: TimedValue[] | undefined = [];
  readonly #model: ObjectModel;
  #objectId = -1;
  #object: ReturnType<ObjectModel['object']>;
  /** The last moment of each resource of the object. */
  #last = new Map<number, number>();
  readonly #lastOfObjects = new Map<number, Map<number, number>>();

  constructor(model: ObjectModel) {
    this.#model = model;
  }

  put(path: Lwm2mPath, value: RecordValue, time: ContentTime | undefined): Refused | undefined {
    const { values } = this;
    if (values === undefined) return undefined;
    if (path.prefix !== undefined) return this.#needNodes();
    if (path.objectId !== this.#objectId) this.#enter(path.objectId!);
    const shape = resourceShape(this.#object, path.resourceId!);
    const type = shape.type ?? typeOf(value);
    const typed = typedValue(value, type);
    if (typed === undefined) return refuseType(path, value, type);
    if (path.resourceInstanceId !== undefined || shape.multiple === true) return this.#needNodes();
    // Both ids in a number that is small as a rule. What was later before may be the same moment.
    const key = path.objectInstanceId! * 65_536 + path.resourceId!;
    const milliseconds = time === undefined ? 0 : time.milliseconds;
    const last = this.#last.get(key);
    if (last !== undefined && last >= milliseconds) return this.#needNodes();
    this.#last.set(key, milliseconds);
    values.push({ path, type, value: typed, time });
    return undefined;
  }

  #enter(objectId: number): void {
    this.#objectId = objectId;
    this.#object = this.#model.object(objectId);
    const known = this.#lastOfObjects.get(objectId);
    this.#last = known ?? new Map();
    if (!known) this.#lastOfObjects.set(objectId, this.#last);
  }

  #needNodes(): undefined {
    this.values = undefined;
  }
}

function valuesOfNodes(
  records: readonly ValueRecord[],
  model: ObjectModel,
): Result<readonly TimedValue[], ContentError> {
  const instances = new Map<string, { readonly path: Lwm2mPath; readonly records: ValueRecord[] }>();
  for (const record of records) {
    const path = truncatePath(record.path, PathLevel.ObjectInstance);
    const key = formatPath(path);
    const instance = instances.get(key);
    if (instance) instance.records.push(record);
    else instances.set(key, { path, records: [record] });
  }
  const values: TimedValue[] = [];
  for (const instance of instances.values()) {
    const nodes = timedNodesOfRecords(instance.path, instance.records, model, { exact: true });
    if (!nodes.ok) return nodes;
    for (const one of timedValues(instance.path, nodes.value)) values.push(one);
  }
  return success(values);
}

/** The values of nodes, one by one. */
export function timedValues(path: Lwm2mPath, nodes: readonly TimedNode[]): TimedValue[] {
  const values: TimedValue[] = [];
  for (const { time, node } of nodes) {
    // Most notifications are of one value.
    if (node.kind === 'resource') values.push({ path, type: node.type, value: node.value, time });
    else for (const { path: at, type, value } of nodeValues(path, node)) values.push({ path: at, type, value, time });
  }
  return values;
}
