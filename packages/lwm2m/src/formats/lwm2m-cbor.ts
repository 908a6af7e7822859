import { ContentFormat } from '@yaolian/coap';
import { type Result, success } from '@yaolian/kernel';
import type { ObjectModel } from '../model.ts';
import { type NodeValue, nodeLevel, nodeValues } from '../node.ts';
import { formatPath, isId, type Lwm2mPath, lwm2mPath, PathLevel, pathIds, pathLevel } from '../path.ts';
import { isCborTime, readCborValue, writeCborValue } from './cbor-value.ts';
import { CborWriter } from './cbor-writer.ts';
import type { ContentCodec, ContentError, DecodeOptions, TimedNode } from './content.ts';
import { recordCodec } from './record-codec.ts';
import { type Refused, refuse, refuseCount, refuseRoot } from './refusal.ts';
import { resourceShape } from './shape.ts';
import { CborArray, type CborItem, type CborKey, CborMap, CborTag, readStrictCbor } from './strict-cbor.ts';
import type { RecordValue, ValueRecord } from './value-records.ts';

/*
 * LwM2M CBOR (OMA-TS-LightweightM2M_Core 1.2 §7.4.7): maps in maps, one for each level of the path, down to the values. A key
 * is an id, or an array of the ids of several levels at once:
 *
 *   {3: {0: {0: "Open Mobile Alliance", 6: {0: 1, 1: 5}}}}          {[3, 0, 9]: 100}
 *
 * It has no times. Where values are asked for rather than given, null stands in their place.
 */

/** What the reader hands on: a path, and a value or null. */
type Leaf = (path: Lwm2mPath, item: CborItem) => Refused | undefined;

/** Walks all leaves of a pack in their order, until one is refused. */
function walk(bytes: Uint8Array, { maximumEntries }: Required<DecodeOptions>, leaf: Leaf): Refused | undefined {
  // A leaf has up to four maps and a key of up to five items above it.
  const limits = { maximumDepth: 8, maximumItems: 16 + 12 * maximumEntries, arrayKeys: true };
  const item = readStrictCbor(bytes, limits);
  if (!item.ok) return refuse(item.error.reason, `this is not CBOR: ${item.error.message}`, item.error.offset);
  if (!(item.value instanceof CborMap)) return refuse('malformed', 'LwM2M CBOR is a map of objects', 0);
  let entries = 0;
  const counted: Leaf = (path, value) => (++entries > maximumEntries ? refuseCount(maximumEntries) : leaf(path, value));
  return walkMap(item.value, [], counted);
}

function walkMap({ entries }: CborMap, above: readonly number[], leaf: Leaf): Refused | undefined {
  for (const [key, item] of entries) {
    const ids = idsOf(key);
    if (!ids) return refuse('malformed', `a key below ${showIds(above)} is an id from 0 to 65534, or an array of such`);
    const all = [...above, ...ids];
    if (all.length > 4) return refuse('malformed', `${showIds(all)} has more than the four ids a path can have`);
    const refused = item instanceof CborMap ? walkMap(item, all, leaf) : leaf(pathOf(all), item);
    if (refused) return refused;
  }
  return undefined;
}

function idsOf(key: CborKey): readonly number[] | undefined {
  if (isId(key)) return [key];
  if (!(key instanceof CborArray) || key.items.length === 0) return undefined;
  return key.items.every(isId) ? (key.items as readonly number[]) : undefined;
}

function pathOf(ids: readonly number[]): Lwm2mPath {
  return lwm2mPath(ids[0], ids[1], ids[2], ids[3]);
}

function showIds(ids: readonly number[]): string {
  return `/${ids.slice(0, 6).join('/')}`;
}

/** Every value of a pack. */
export function readLwm2mCbor(
  bytes: Uint8Array,
  model: ObjectModel,
  options: Required<DecodeOptions>,
): Result<readonly ValueRecord[], ContentError> {
  const records: ValueRecord[] = [];
  const seen = new Set<string>();
  const refused = walk(bytes, options, (path, item) => {
    const text = formatPath(path);
    if (pathLevel(path) < PathLevel.Resource) return refuse('malformed', `${text} has things below it, not a value`);
    if (seen.has(text)) return refuse('malformed', `${text} is there twice`);
    seen.add(text);
    const value = recordValueOf(path, item, model);
    if (!value) return refuse('malformed', `${text} has an item that is no value`);
    records.push({ path, value, time: undefined });
    return undefined;
  });
  return refused ?? success(records);
}

function recordValueOf(path: Lwm2mPath, item: CborItem, model: ObjectModel): RecordValue | undefined {
  const { type } = resourceShape(model.object(path.objectId!), path.resourceId!);
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
  const refused = walk(bytes, options, (path, item) => {
    if (item !== null && item !== undefined) return refuse('malformed', `${formatPath(path)} has a value, not null`);
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
  if (paths.some((path) => pathLevel(path) === PathLevel.Root)) return refuseRoot('LwM2M CBOR');
  const out = new CborWriter();
  writeTree(
    out,
    treeOf(paths, (path) => path),
    () => out.null(),
  );
  return success(out.finish());
}

/** Ids lead to what is below them, or to a leaf. */
interface Tree<T> extends Map<number, Tree<T> | { readonly leaf: T }> {}

function treeOf<T>(leaves: readonly T[], pathOfLeaf: (leaf: T) => Lwm2mPath): Tree<T> {
  const root: Tree<T> = new Map();
  for (const leaf of leaves) {
    const ids = pathIds(pathOfLeaf(leaf));
    const branch = branchAt(root, ids.slice(0, -1));
    branch?.set(ids.at(-1)!, { leaf });
  }
  return root;
}

/** Undefined below a leaf: a path that covers another one says all that the other one would. */
function branchAt<T>(root: Tree<T>, ids: readonly number[]): Tree<T> | undefined {
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
    out.integer(id);
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
  readRecords: (_path, bytes, model, options) => readLwm2mCbor(bytes, model, options),
  write,
  timeless: true,
});
