import { failure, type Result, success } from '@yaolian/kernel';
import { knownPath, knownText, rememberPath } from './known-paths.ts';

/** `/object/instance/resource/resource-instance`, cut short at any level; no ids at all is the root. */
export interface Lwm2mPath {
  /** Of a device behind an LwM2M Gateway (OMA-TS-LWM2M_Gateway 1.1): `d01` in `/d01/3303/0/5700`. Absent: of the terminal itself. */
  readonly prefix?: string;
  readonly objectId?: number;
  readonly objectInstanceId?: number;
  readonly resourceId?: number;
  readonly resourceInstanceId?: number;
}

/** How deep a path goes: its number of ids. */
export const PathLevel = { Root: 0, Object: 1, ObjectInstance: 2, Resource: 3, ResourceInstance: 4 } as const;
export type PathLevel = (typeof PathLevel)[keyof typeof PathLevel];

/** The largest id on any level: 65535 is MAX_ID, which means "none" (OMA-TS-LightweightM2M_Core 1.1 §7.1). */
export const maximumId = 65_534;

/** MAX_ID, in the place of an instance id: the terminal is to choose one. No path that is written or read elsewhere has it. */
export const unassignedId = 65_535;

/** Why a text is not a path. */
export interface PathError {
  readonly code: 'not-a-path';
  /** A sentence that says what is wrong and what is right. */
  readonly message: string;
  /** Where in the text, in characters; for segments, which one. */
  readonly offset: number;
}

export const rootPath: Lwm2mPath = Object.freeze({});

/**
 * The path of these ids: `lwm2mPath(3, 0, 13)` is `/3/0/13`.
 * @throws RangeError when an id is not a whole number from 0 to 65534
 */
export function lwm2mPath(objectId?: number, objectInstanceId?: number, resourceId?: number, instanceId?: number) {
  const ids = [objectId, objectInstanceId, resourceId, instanceId];
  const level = ids.indexOf(undefined);
  for (const id of level < 0 ? ids : ids.slice(0, level)) {
    if (!isId(id)) throw new RangeError(`an id in a path is a whole number from 0 to ${maximumId}, not ${id}`);
  }
  return pathOfLevel((level < 0 ? 4 : level) as PathLevel, objectId!, objectInstanceId!, resourceId!, instanceId!);
}

/** True for 0 to 65534. */
export function isId(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= maximumId;
}

/** A prefix is 1 to 32 letters, digits, `-` and `_`, does not begin with `-`, and is no number, for that would be an object. */
export function isPrefix(text: string): boolean {
  return prefixText.test(text);
}

const prefixText = /^(?!\d+$)\w[\w-]{0,31}$/;

/** The same path of the device behind a gateway that has this prefix. */
export function behindGateway(prefix: string | undefined, path: Lwm2mPath): Lwm2mPath {
  return prefix === undefined ? path : { prefix, ...path };
}

/** The path as the device itself has it. */
export function withoutPrefix(path: Lwm2mPath): Lwm2mPath {
  if (path.prefix === undefined) return path;
  const { prefix: _, ...own } = path;
  return own;
}

function pathOfLevel(level: PathLevel, a: number, b: number, c: number, d: number): Lwm2mPath {
  switch (level) {
    case PathLevel.Root:
      return rootPath;
    case PathLevel.Object:
      return { objectId: a };
    case PathLevel.ObjectInstance:
      return { objectId: a, objectInstanceId: b };
    case PathLevel.Resource:
      return { objectId: a, objectInstanceId: b, resourceId: c };
    default:
      return { objectId: a, objectInstanceId: b, resourceId: c, resourceInstanceId: d };
  }
}

export function pathLevel(path: Lwm2mPath): PathLevel {
  if (path.objectId === undefined) return PathLevel.Root;
  if (path.objectInstanceId === undefined) return PathLevel.Object;
  if (path.resourceId === undefined) return PathLevel.ObjectInstance;
  return path.resourceInstanceId === undefined ? PathLevel.Resource : PathLevel.ResourceInstance;
}

/** The ids of a path, outermost first. */
export function pathIds(path: Lwm2mPath): number[] {
  const ids = [path.objectId!, path.objectInstanceId!, path.resourceId!, path.resourceInstanceId!];
  ids.length = pathLevel(path);
  return ids;
}

/** `/3/0/13`, `/d01/3303/0`; the root is `/`. {@link parsePath} reads it back. */
export function formatPath(path: Lwm2mPath): string {
  if (path.prefix !== undefined) return `/${path.prefix}${path.objectId === undefined ? '' : writePath(path)}`;
  if (path.objectId === undefined) return '/';
  return knownText(path) ?? writePath(path);
}

function writePath(path: Lwm2mPath): string {
  if (path.objectInstanceId === undefined) return `/${path.objectId}`;
  if (path.resourceId === undefined) return `/${path.objectId}/${path.objectInstanceId}`;
  if (path.resourceInstanceId === undefined) return `/${path.objectId}/${path.objectInstanceId}/${path.resourceId}`;
  return `/${path.objectId}/${path.objectInstanceId}/${path.resourceId}/${path.resourceInstanceId}`;
}

/** The Uri-Path options of a path: `['3', '0', '13']`, `['d01', '3303', '0']`. */
export function pathSegments(path: Lwm2mPath): string[] {
  const ids = pathIds(path).map(String);
  return path.prefix === undefined ? ids : [path.prefix, ...ids];
}

/**
 * Reads `/3/0/13` and `3/0/13` (people leave the first slash out); `/` and the empty text are the root.
 *
 * path = [ "/" ] [ prefix ] [ "/" ] [ id *3( "/" id ) ]
 */
export function parsePath(text: string): Result<Lwm2mPath, PathError> {
  const known = knownPath(text);
  return known ? success(known) : (readPrefixed(text) ?? readPath(text));
}

/** Undefined: no prefix stands before the ids. */
function readPrefixed(text: string): Result<Lwm2mPath, PathError> | undefined {
  const start = text.charCodeAt(0) === slash ? 1 : 0;
  const end = prefixEnd(text, start);
  if (end < 0) return undefined;
  const ids = readPath(text.slice(end));
  if (!ids.ok) return failure({ ...ids.error, offset: end + ids.error.offset });
  return success({ prefix: text.slice(start, end), ...ids.value });
}

/** Where the prefix that starts at `start` ends; -1 when there is none. */
function prefixEnd(text: string, start: number): number {
  const next = text.indexOf('/', start);
  const end = next < 0 ? text.length : next;
  return end - start <= 32 && isPrefix(text.slice(start, end)) ? end : -1;
}

function readPath(text: string): Result<Lwm2mPath, PathError> {
  const ids: [number, number, number, number] = [-1, -1, -1, -1];
  let at = text.charCodeAt(0) === slash ? 1 : 0;
  if (at === text.length) return success(rootPath);
  for (let level = 0; level < 4; level++) {
    const end = consumeId(text, at);
    if (end < 0) return failure(idError(text, at));
    ids[level] = Number(text.slice(at, end));
    if (end === text.length) {
      const path = pathOfLevel((level + 1) as PathLevel, ...ids);
      // A text of its own: this one may be a piece of a long one.
      if (text.charCodeAt(0) === slash) rememberPath(writePath(path), path);
      return success(path);
    }
    if (text.charCodeAt(end) !== slash) return failure(idError(text, at));
    at = end + 1;
  }
  return failure(tooLong(text, at));
}

/** Several paths as one text: `/3/0/9 /3303/0/5700`. {@link parsePaths} reads it back. */
export function formatPaths(paths: readonly Lwm2mPath[]): string {
  return paths.map(formatPath).join(' ');
}

/** Reads one path or several with spaces between them. */
export function parsePaths(text: string): Result<readonly Lwm2mPath[], PathError> {
  const paths: Lwm2mPath[] = [];
  for (const word of text.split(' ')) {
    const path = parsePath(word);
    if (!path.ok) return path;
    paths.push(path.value);
  }
  return success(paths);
}

/**
 * Reads Uri-Path segments: `['3', '0', '13']`, with `from` segments (an alternate root) skipped. The offset of an error is the
 * number of the segment. One empty segment is what CoAP makes of `/`, and is the root.
 */
export function parsePathSegments(segments: readonly string[], from = 0): Result<Lwm2mPath, PathError> {
  const first = segments[from];
  if (first === undefined || !isPrefix(first)) return readSegments(segments, from);
  const ids = readSegments(segments, from + 1);
  return ids.ok ? success({ prefix: first, ...ids.value }) : ids;
}

function readSegments(segments: readonly string[], from: number): Result<Lwm2mPath, PathError> {
  const count = segments.length - from;
  if (count <= 0 || (count === 1 && segments[from] === '')) return success(rootPath);
  if (count > 4) return failure(tooLong(segments.slice(from).join('/'), from + 4));
  const ids: [number, number, number, number] = [-1, -1, -1, -1];
  for (let level = 0; level < count; level++) {
    const segment = segments[from + level]!;
    if (consumeId(segment, 0) !== segment.length) return failure({ ...idError(segment, 0), offset: from + level });
    ids[level] = Number(segment);
  }
  return success(pathOfLevel(count as PathLevel, ...ids));
}

const slash = 0x2f;

/**
 * id = "0" / ( %x31-39 *4DIGIT ), at most 65534
 * @returns where the id that starts at `at` ends, or -1 when there is none
 */
export function consumeId(text: string, at: number): number {
  let end = at;
  let value = 0;
  for (; end < text.length && end - at <= 5; end++) {
    const digit = text.charCodeAt(end) - 0x30;
    if (!(digit >= 0 && digit <= 9)) break;
    value = value * 10 + digit;
  }
  const length = end - at;
  if (length === 0 || value > maximumId || (length > 1 && text.charCodeAt(at) === 0x30)) return -1;
  return end;
}

function idError(text: string, offset: number): PathError {
  const shown = text.length > 60 ? `${text.slice(0, 60)}…` : text;
  const what = `"${shown}" is not a path`;
  const right = `write up to four ids from 0 to ${maximumId} without leading zeros, such as /3/0/13`;
  return { code: 'not-a-path', message: `${what}; ${right}`, offset };
}

function tooLong(text: string, offset: number): PathError {
  return { ...idError(text, offset), message: `"${text.slice(0, 60)}" has more than the four ids a path can have` };
}

/** The path one level up; the root is its own parent. */
export function parentPath(path: Lwm2mPath): Lwm2mPath {
  const level = pathLevel(path);
  return truncatePath(path, (level === 0 ? 0 : level - 1) as PathLevel);
}

/** The first `level` ids of a path; the path itself when it has no more. */
export function truncatePath(path: Lwm2mPath, level: PathLevel): Lwm2mPath {
  if (level >= pathLevel(path)) return path;
  const { objectId, objectInstanceId, resourceId, resourceInstanceId } = path;
  const cut = pathOfLevel(level, objectId!, objectInstanceId!, resourceId!, resourceInstanceId!);
  return behindGateway(path.prefix, cut);
}

/**
 * The path one level down.
 * @throws RangeError when the path is a resource instance's, or the id not in 0..65534
 */
export function childPath(path: Lwm2mPath, id: number): Lwm2mPath {
  if (!isId(id)) throw new RangeError(`an id in a path is a whole number from 0 to ${maximumId}, not ${id}`);
  if (path.prefix !== undefined) return { ...path, ...ownChild(path, id) };
  return ownChild(path, id);
}

function ownChild(path: Lwm2mPath, id: number): Lwm2mPath {
  const { objectId, objectInstanceId, resourceId } = path;
  if (objectId === undefined) return { objectId: id };
  if (objectInstanceId === undefined) return { objectId, objectInstanceId: id };
  if (resourceId === undefined) return { objectId, objectInstanceId, resourceId: id };
  if (path.resourceInstanceId !== undefined) throw new RangeError(`${formatPath(path)} has nothing below it`);
  return { objectId, objectInstanceId, resourceId, resourceInstanceId: id };
}

/** True when `inner` is `outer` or lies below it: the root covers everything of its device. */
export function coversPath(outer: Lwm2mPath, inner: Lwm2mPath): boolean {
  return (
    outer.prefix === inner.prefix &&
    (outer.objectId === undefined || outer.objectId === inner.objectId) &&
    (outer.objectInstanceId === undefined || outer.objectInstanceId === inner.objectInstanceId) &&
    (outer.resourceId === undefined || outer.resourceId === inner.resourceId) &&
    (outer.resourceInstanceId === undefined || outer.resourceInstanceId === inner.resourceInstanceId)
  );
}

export function equalPaths(a: Lwm2mPath, b: Lwm2mPath): boolean {
  return (
    a.prefix === b.prefix &&
    a.objectId === b.objectId &&
    a.objectInstanceId === b.objectInstanceId &&
    a.resourceId === b.resourceId &&
    a.resourceInstanceId === b.resourceInstanceId
  );
}

/** Orders paths by their ids as numbers, a parent before its children, those with a prefix after all others; for `sort`. */
export function comparePaths(a: Lwm2mPath, b: Lwm2mPath): number {
  return (
    comparePrefixes(a.prefix, b.prefix) ||
    (a.objectId ?? -1) - (b.objectId ?? -1) ||
    (a.objectInstanceId ?? -1) - (b.objectInstanceId ?? -1) ||
    (a.resourceId ?? -1) - (b.resourceId ?? -1) ||
    (a.resourceInstanceId ?? -1) - (b.resourceInstanceId ?? -1)
  );
}

function comparePrefixes(a = '', b = ''): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
