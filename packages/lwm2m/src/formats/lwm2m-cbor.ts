import { ContentFormat } from '@yaolian/coap';
import { type Result, success } from '@yaolian/kernel';
import type { ObjectModel } from '../model.ts';
import { type NodeValue, nodeLevel, nodeValues } from '../node.ts';
import {
  childPath,
  comparePaths,
  coversPath,
  formatPath,
  isId,
  isPrefix,
  type Lwm2mPath,
  PathLevel,
  pathIds,
  pathLevel,
  rootPath,
  unassignedId,
} from '../path.ts';
import { CborArray, type CborItem, type CborKey, CborTag } from './cbor-item.ts';
import { CborReader, type Failed, failed, keyTwice, Major } from './cbor-reader.ts';
import { isCborTime, readCborValue, writeCborValue } from './cbor-value.ts';
import { CborWriter } from './cbor-writer.ts';
import type { ContentCodec, ContentError, DecodeOptions, TimedNode } from './content.ts';
import { recordCodec } from './record-codec.ts';
import { type Refused, refuse, refuseCount, refuseRoot } from './refusal.ts';
import { shapeAt } from './shape.ts';
import { floatValue, type RecordValue, type ValueRecord } from './value-records.ts';

/*
 * LwM2M CBOR (OMA-TS-LightweightM2M_Core 1.2 §7.4.7): maps in maps, one for each level of the path, down to the values. A key
 * is an id, or an array of the ids of several levels at once:
 *
 *   {3: {0: {0: "Open Mobile Alliance", 6: {0: 1, 1: 5}}}}          {[3, 0, 9]: 100}
 *
 * What devices behind a gateway have is below their prefixes, which are texts: {"d01": {3303: {0: {5700: 21.5}}}}.
 * It has no times. Where values are asked for rather than given, null stands in their place.
 */

/** What is done with a leaf: it reads the item that is next, and gives what is wrong with it, if something is. */
type Leaf = (path: Lwm2mPath, cbor: CborReader) => Refused | undefined;

/**
 * Walks all leaves of a pack in their order, straight from the bytes, until one is refused.
 * @param above where the pack begins
 */
export function walkLwm2mCbor(
  bytes: Uint8Array,
  { maximumEntries, create }: Required<DecodeOptions>,
  leaf: Leaf,
  above: Lwm2mPath = rootPath,
): Refused | undefined {
  // A leaf has up to four maps and a key of up to five items above it.
  const limits = { maximumDepth: 8, maximumItems: 16 + 12 * maximumEntries, arrayKeys: true };
  const cbor = new CborReader(bytes, limits);
  if (cbor.major() !== Major.Map) return refuseForm(cbor, 'LwM2M CBOR is a map of objects');
  return new Walker(cbor, maximumEntries, create, leaf).map(above) ?? (cbor.atEnd() ? undefined : notCbor(cbor));
}

class Walker {
  readonly #cbor: CborReader;
  readonly #leaf: Leaf;
  readonly #maximumEntries: number;
  readonly #create: boolean;
  #entries = 0;

  constructor(cbor: CborReader, maximumEntries: number, create: boolean, leaf: Leaf) {
    this.#cbor = cbor;
    this.#create = create;
    this.#maximumEntries = maximumEntries;
    this.#leaf = leaf;
  }

  /** The map that is next; `above` is where it is. */
  map(above: Lwm2mPath): Refused | undefined {
    const cbor = this.#cbor;
    const length = cbor.enter();
    if (length === failed) return notCbor(cbor);
    const keys = new AscendingKeys();
    for (let count = 0; cbor.more(length, count); count++) {
      const { position } = cbor;
      const key = cbor.item();
      if (key === failed) return notCbor(cbor);
      // Arrays are keys of several levels: what they have in common with others the leaves tell.
      if (!(key instanceof CborArray) && keys.isSecond(key)) {
        return refuse('malformed', `this is not CBOR: ${keyTwice(key as CborKey)}`, position);
      }
      const path = pathBelow(above, key instanceof CborArray ? key.items : [key], position, this.#create);
      if (!path.ok) return path;
      const refused = cbor.major() === Major.Map ? this.map(path.value) : this.#take(path.value);
      if (refused) return refused;
    }
    cbor.leave();
    return undefined;
  }

  #take(path: Lwm2mPath): Refused | undefined {
    if (++this.#entries > this.#maximumEntries) return refuseCount(this.#maximumEntries);
    return this.#leaf(path, this.#cbor);
  }
}

/** The keys of one map. They mostly ascend, and then none can come twice. */
class AscendingKeys {
  readonly #keys: CborItem[] = [];
  #all: Set<CborItem> | undefined;

  isSecond(key: CborItem): boolean {
    const last = this.#keys.at(-1);
    if (this.#all === undefined && !(typeof last === 'number' && typeof key === 'number' && last < key)) {
      this.#all = new Set(this.#keys);
    }
    if (this.#all?.has(key)) return true;
    this.#all?.add(key);
    this.#keys.push(key);
    return false;
  }
}

function notCbor({ error }: CborReader): Refused {
  return refuse(error!.reason, `this is not CBOR: ${error!.message}`, error!.offset);
}

/** The next item is not what it should be: it may be no CBOR either. */
function refuseForm(cbor: CborReader, message: string): Refused {
  const { position } = cbor;
  return cbor.item() === failed ? notCbor(cbor) : refuse('malformed', message, position);
}

function pathBelow(
  above: Lwm2mPath,
  key: readonly CborItem[],
  offset: number,
  create: boolean,
): Result<Lwm2mPath, ContentError> {
  let path = above;
  for (const item of key) {
    if (path.resourceInstanceId !== undefined) {
      return refuse('malformed', `below ${formatPath(path)} is more than the four ids a path can have`, offset);
    }
    const isNew = create && item === unassignedId && pathLevel(path) === PathLevel.Object;
    if (isNew) path = { ...path, objectInstanceId: unassignedId };
    else if (isId(item)) path = childPath(path, item);
    else if (isPrefixAt(path, item)) path = { prefix: item };
    else return refuseKey(above, offset);
  }
  return key.length > 0 ? success(path) : refuseKey(above, offset);
}

/** Prefixes are at the top. */
function isPrefixAt(path: Lwm2mPath, item: CborItem): item is string {
  return path.objectId === undefined && path.prefix === undefined && typeof item === 'string' && isPrefix(item);
}

function refuseKey(above: Lwm2mPath, offset: number): Refused {
  const right = 'an id from 0 to 65534, or an array of such';
  return refuse('malformed', `a key below ${formatPath(above)} is ${right}`, offset);
}

/** Every value of a pack. @param above where it begins */
export function readLwm2mCbor(
  bytes: Uint8Array,
  model: ObjectModel,
  options: Required<DecodeOptions>,
  above: Lwm2mPath = rootPath,
): Result<readonly ValueRecord[], ContentError> {
  const records: ValueRecord[] = [];
  let all: Set<string> | undefined;
  const refused = walkLwm2mCbor(
    bytes,
    options,
    (path, cbor) => {
      const { position } = cbor;
      if (pathLevel(path) < PathLevel.Resource) {
        return refuseForm(cbor, `${formatPath(path)} has things below it, not a value`);
      }
      // Paths mostly ascend, and then none can come twice.
      const last = records.at(-1);
      if (all === undefined && last && comparePaths(last.path, path) >= 0) {
        all = new Set(records.map((record) => formatPath(record.path)));
      }
      if (all?.has(formatPath(path))) return refuse('malformed', `${formatPath(path)} is there twice`, position);
      all?.add(formatPath(path));
      const value = readLeaf(path, cbor, model);
      if (value === failed) return notCbor(cbor);
      if (!value) return refuse('malformed', `${formatPath(path)} has an item that is no value`, position);
      records.push({ path, value, time: undefined });
      return undefined;
    },
    above,
  );
  return refused ?? success(records);
}

/**
 * Core 1.2 §7.4.4: a pack begins with the id of an object, but in a Write or Create it may also begin below what the request
 * names; which of the two it does, it does not say (the TS leaves it open). What makes sense from the root is taken so.
 */
function readRecords(
  path: Lwm2mPath,
  bytes: Uint8Array,
  model: ObjectModel,
  options: Required<DecodeOptions>,
): Result<readonly ValueRecord[], ContentError> {
  const whole = readLwm2mCbor(bytes, model, options);
  if (!options.exact || (whole.ok && whole.value.some((record) => coversPath(path, record.path)))) return whole;
  const relative = readLwm2mCbor(bytes, model, options, path);
  return relative.ok ? relative : whole;
}

function readLeaf(path: Lwm2mPath, cbor: CborReader, model: ObjectModel): RecordValue | undefined | Failed {
  if (cbor.isFloat()) {
    const float = cbor.float();
    return float === failed ? failed : floatValue(float);
  }
  const item = cbor.item();
  if (item === failed) return failed;
  const type = typeof item === 'string' || item instanceof CborTag ? shapeAt(model, path).type : undefined;
  const value = readCborValue(item, type === 'objlnk');
  // Without a model a tagged time would be a number like any other.
  const isTime = type === undefined && value?.kind === 'number' && item instanceof CborTag && isCborTime(item);
  return isTime ? { ...value, isTime: true } : value;
}

/** Every path of a pack that asks: those with null, or with nothing, in place of values. */
export function readLwm2mCborPaths(
  bytes: Uint8Array,
  options: Required<DecodeOptions>,
): Result<readonly Lwm2mPath[], ContentError> {
  const paths: Lwm2mPath[] = [];
  const refused = walkLwm2mCbor(bytes, options, (path, cbor) => {
    const { position } = cbor;
    const item = cbor.item();
    if (item === failed) return notCbor(cbor);
    if (item !== null && item !== undefined) {
      return refuse('malformed', `${formatPath(path)} has a value, not null`, position);
    }
    paths.push(path);
    return undefined;
  });
  return refused ?? success(paths);
}

/** Writes values, which are grouped by the ids that they share, in their order. */
export function writeLwm2mCbor(values: readonly NodeValue[]): Result<Uint8Array, ContentError> {
  const out = new CborWriter();
  let refused: Refused | undefined;
  writeTree(
    out,
    treeOf(values, ({ path }) => path),
    ({ path, type, value }) => {
      const wrong = writeCborValue(out, { kind: 'resource', id: 0, type, value });
      if (wrong !== undefined) refused ??= refuse('wrong-type', `${formatPath(path)}: ${wrong}`);
    },
  );
  return refused ?? success(out.finish());
}

/** Writes what is asked for: paths of any level but the root, with null in place of values. */
export function writeLwm2mCborPaths(paths: readonly Lwm2mPath[]): Result<Uint8Array, ContentError> {
  if (paths.some((path) => path.prefix === undefined && pathLevel(path) === PathLevel.Root))
    return refuseRoot('LwM2M CBOR');
  const out = new CborWriter();
  writeTree(
    out,
    treeOf(paths, (path) => path),
    () => out.null(),
  );
  return success(out.finish());
}

/** Ids lead to what is below them, or to a leaf. */
interface Tree<T> extends Map<number | string, Tree<T> | { readonly leaf: T }> {}

function treeOf<T>(leaves: readonly T[], pathOfLeaf: (leaf: T) => Lwm2mPath): Tree<T> {
  const root: Tree<T> = new Map();
  for (const leaf of leaves) {
    const path = pathOfLeaf(leaf);
    const ids = path.prefix === undefined ? pathIds(path) : [path.prefix, ...pathIds(path)];
    const branch = branchAt(root, ids.slice(0, -1));
    branch?.set(ids.at(-1)!, { leaf });
  }
  return root;
}

/** Undefined below a leaf: a path that covers another one says all that the other one would. */
function branchAt<T>(root: Tree<T>, ids: readonly (number | string)[]): Tree<T> | undefined {
  let branch = root;
  for (const id of ids) {
    const next: Tree<T> | { readonly leaf: T } = branch.get(id) ?? new Map();
    if ('leaf' in next) return undefined;
    branch.set(id, next);
    branch = next;
  }
  return branch;
}

function writeTree<T>(out: CborWriter, tree: Tree<T>, writeLeaf: (leaf: T) => void): void {
  out.map(tree.size);
  for (const [id, below] of tree) {
    if (typeof id === 'string') out.text(id);
    else out.integer(id);
    if ('leaf' in below) writeLeaf(below.leaf);
    else writeTree(out, below, writeLeaf);
  }
}

function write(path: Lwm2mPath, nodes: readonly TimedNode[]): Result<Uint8Array, ContentError> {
  const [timed, ...more] = nodes;
  if (!timed || more.length > 0 || timed.time !== undefined) {
    return refuse('unsupported-format', 'LwM2M CBOR carries the values of one moment, without its time');
  }
  if (nodeLevel(timed.node) !== pathLevel(path)) {
    return refuse('wrong-path', `${formatPath(path)} is not the path of a node of kind ${timed.node.kind}`);
  }
  return writeLwm2mCbor([...nodeValues(path, timed.node)]);
}

/** application/vnd.oma.lwm2m+cbor */
export const lwm2mCborCodec: ContentCodec = recordCodec({
  contentFormat: ContentFormat.Lwm2mCbor,
  name: 'LwM2M CBOR',
  readRecords,
  write,
  timeless: true,
});
