import { Code, ContentFormat, type OutgoingResponse } from '@yaolian/coap';
import { type Result, success } from '@yaolian/kernel';
import {
  type ContentError,
  type DecodedPack,
  decodePack,
  decodePackPaths,
  encodePackOfNodes,
  isPackFormat,
  packContentFormats,
  packNode,
} from '../../formats/index.ts';
import type { Lwm2mNode } from '../../node.ts';
import {
  childPath,
  coversPath,
  formatPath,
  type Lwm2mPath,
  PathLevel,
  parentPath,
  pathLevel,
  truncatePath,
} from '../../path.ts';
import type { ObjectInstance, StoredValue } from '../object-instance.ts';
import type { ObjectTree } from '../object-tree.ts';
import { type Refusal, refusalResponse, refused } from '../refusal.ts';
import { andThen, inTurn, type Outcome } from './outcome.ts';
import { contentRefusal, type MayRead, readNode } from './read.ts';
import { findInstance, findResource, notAllowed, notFound } from './target.ts';
import { type Assignment, askWriteHook, planWrite } from './write.ts';

/*
 * The composite operations (OMA-TS-LightweightM2M_Core 1.1 §6.3.8, §6.3.9, §6.4.4). Paths and values come in packs: SenML,
 * SenML-ETCH or LwM2M CBOR.
 */

/** A path with what the terminal has there. */
export interface PathNode {
  readonly path: Lwm2mPath;
  readonly node: Lwm2mNode;
}

/** The paths that a FETCH asks for, those that others cover left out. */
export function requestedPaths(
  contentFormat: number | undefined,
  payload: Uint8Array,
): Result<readonly Lwm2mPath[], Refusal> {
  const format = packFormat(contentFormat);
  if (!format.ok) return format;
  const paths = decodePackPaths(format.value, payload, { maximumEntries: 1_000 });
  if (!paths.ok) return contentRefusal(paths.error);
  if (paths.value.length === 0) return refused(Code.BadRequest, 'the request names no path');
  return success(withoutCovered(paths.value));
}

function withoutCovered(paths: readonly Lwm2mPath[]): readonly Lwm2mPath[] {
  const kept: Lwm2mPath[] = [];
  for (const path of paths) {
    if (kept.some((other) => coversPath(other, path))) continue;
    for (let i = kept.length - 1; i >= 0; i--) if (coversPath(path, kept[i]!)) kept.splice(i, 1);
    kept.push(path);
  }
  return kept;
}

function packFormat(contentFormat: number | undefined): Result<number, Refusal> {
  if (contentFormat !== undefined && isPackFormat(contentFormat)) return success(contentFormat);
  const reason = `a composite operation comes in one of the Content-Formats ${packContentFormats.join(', ')}`;
  return refused(Code.UnsupportedContentFormat, reason);
}

/** What is there of the paths: what is not there, or not to be read, is left out (1.1 §6.3.8). */
export function readPaths(tree: ObjectTree, paths: readonly Lwm2mPath[], mayRead: MayRead): readonly PathNode[] {
  const found: PathNode[] = [];
  for (const path of paths.flatMap((one) => expandRoot(tree, one))) {
    if (path.objectInstanceId !== undefined && !mayRead(path)) continue;
    const node = readNode(tree, path, mayRead);
    if (node.ok) found.push({ path, node: node.value });
  }
  return found;
}

function expandRoot(tree: ObjectTree, path: Lwm2mPath): readonly Lwm2mPath[] {
  if (pathLevel(path) !== PathLevel.Root) return [path];
  return (
    tree
      .at(path)
      ?.objectIds()
      .map((objectId) => childPath(path, objectId)) ?? []
  );
}

/** The answer to a FETCH: 2.05 with a pack, 4.04 when nothing is there of any path. */
export function compositeResponse(found: readonly PathNode[], accept: number): OutgoingResponse {
  if (!isPackFormat(accept)) {
    return refusalResponse({
      code: Code.NotAcceptable,
      reason: `Content-Format ${accept} does not carry several paths`,
    });
  }
  if (found.length === 0) return refusalResponse({ code: Code.NotFound, reason: 'nothing is there of these paths' });
  const nodes = found.map(({ path, node }) => ({ path, node, time: undefined }));
  const format = plainFormat(accept);
  const encoded = encodePackOfNodes(format, nodes);
  if (encoded.ok) return { code: Code.Content, contentFormat: format, payload: encoded.value };
  return refusalResponse({ code: Code.NotAcceptable, reason: encoded.error.message });
}

/** RFC 8790 §4: what SenML-ETCH asks for is answered in SenML. */
function plainFormat(format: number): number {
  if (format === ContentFormat.SenmlEtchJson) return ContentFormat.SenmlJson;
  return format === ContentFormat.SenmlEtchCbor ? ContentFormat.SenmlCbor : format;
}

/** Assignments to resources of instances, by instance. */
type Plan = Map<ObjectInstance, Map<number, Assignment>>;

/**
 * Write-Composite (1.1 §6.3.9): values of any resources. All or nothing: what is wrong with any part is found before the first
 * hook is asked, and nothing is stored unless every hook agrees.
 */
export function writeComposite(
  tree: ObjectTree,
  contentFormat: number | undefined,
  payload: Uint8Array,
  mayWrite: (path: Lwm2mPath) => Refusal | undefined,
): Outcome<undefined> {
  const format = packFormat(contentFormat);
  if (!format.ok) return format;
  const pack = decodePack(format.value, payload, tree);
  if (!pack.ok) return contentRefusal(pack.error);
  const plan = planPack(tree, pack.value, mayWrite);
  return plan.ok ? carryOut(tree, plan.value) : plan;
}

function planPack(
  tree: ObjectTree,
  pack: DecodedPack,
  mayWrite: (path: Lwm2mPath) => Refusal | undefined,
): Result<Plan, Refusal> {
  const plan: Plan = new Map();
  for (const path of instancesIn(pack)) {
    const instance = findInstance(tree, path);
    if (!instance.ok) return instance;
    const refusal = mayWrite(path);
    if (refusal) return { ok: false, error: refusal };
    const assignments = planInstance(tree, pack, path, instance.value);
    if (!assignments.ok) return assignments;
    plan.set(instance.value, assignments.value);
  }
  return plan.size > 0 ? success(plan) : refused(Code.BadRequest, 'the payload holds nothing to write');
}

function instancesIn({ records, removals }: DecodedPack): readonly Lwm2mPath[] {
  const byText = new Map<string, Lwm2mPath>();
  for (const path of [...records.map((record) => record.path), ...removals]) {
    const instance = truncatePath(path, PathLevel.ObjectInstance);
    byText.set(formatPath(instance), instance);
  }
  return [...byText.values()];
}

function planInstance(
  tree: ObjectTree,
  pack: DecodedPack,
  path: Lwm2mPath,
  instance: ObjectInstance,
): Result<Map<number, Assignment>, Refusal> {
  const plan = new Map<number, Assignment>();
  const node = packNode(pack, path, tree);
  if (!node.ok) return contentRefusal(node.error as ContentError);
  if (node.value) {
    const assignments = planWrite(instance, path, node.value, 'update');
    if (!assignments.ok) return assignments;
    for (const assignment of assignments.value) plan.set(assignment.resource.id, assignment);
  }
  for (const removed of pack.removals) {
    if (!coversPath(path, removed)) continue;
    const assignment = planRemoval(instance, removed, plan);
    if (!assignment.ok) return assignment;
    plan.set(assignment.value.resource.id, assignment.value);
  }
  return success(plan);
}

/** LwM2M 1.2 §6.3.9: null removes a resource instance. */
export function planRemoval(
  instance: ObjectInstance,
  path: Lwm2mPath,
  plan: ReadonlyMap<number, Assignment>,
): Result<Assignment, Refusal> {
  if (path.resourceInstanceId === undefined) return notAllowed(`${formatPath(path)} is no resource instance`);
  const resource = findResource(instance, path);
  if (!resource.ok) return resource;
  if (!resource.value.writable) return notAllowed(`${formatPath(parentPath(path))} cannot be written`);
  const present: StoredValue | undefined = plan.get(resource.value.id)?.value ?? instance.value(resource.value.id);
  if (!(present instanceof Map) || !present.has(path.resourceInstanceId)) return notFound(path);
  const rest = new Map(present);
  rest.delete(path.resourceInstanceId);
  return success({ resource: resource.value, value: rest });
}

function carryOut(tree: ObjectTree, plan: Plan): Outcome<undefined> {
  const all = [...plan].flatMap(([instance, assignments]) =>
    [...assignments.values()].map((one) => ({ instance, one })),
  );
  const verdict = inTurn(all, ({ instance, one }) => askWriteHook(instance, one));
  return andThen(verdict, (refusal): Result<undefined, Refusal> => {
    if (refusal) return { ok: false, error: refusal };
    tree.transaction(() => {
      for (const { instance, one } of all) instance.store(one.resource.id, one.value);
    });
    return success(undefined);
  });
}
