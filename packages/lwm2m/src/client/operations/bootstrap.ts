import { Code, ContentFormat, type Link, type OutgoingResponse } from '@yaolian/coap';
import { failure, type Result, success } from '@yaolian/kernel';
import { decodeContent, decodePack, packNode } from '../../formats/index.ts';
import type { Lwm2mNode, ObjectInstanceNode } from '../../node.ts';
import { formatPath, type Lwm2mPath, PathLevel, pathLevel } from '../../path.ts';
import { accountLinksOf, isBootstrapServer, numberOf, Security, Server } from '../accounts.ts';
import type { ObjectInstance } from '../object-instance.ts';
import type { ObjectTree, TreeObject } from '../object-tree.ts';
import { linkedObjects } from '../objects/credentials.ts';
import { type Refusal, refusalResponse, refused } from '../refusal.ts';
import { linksResponse } from './discover.ts';
import { andThen, type Outcome } from './outcome.ts';
import { contentRefusal, contentResponse, defaultFormat, type Lwm2mVersion, readInstance, readObject } from './read.ts';
import { notAllowed, notFound } from './target.ts';
import { type Assignment, newValue, storeAll, type WriteRules } from './write.ts';

/**
 * Bootstrap-Write (OMA-TS-LightweightM2M_Core 1.1 §6.1.7.5): instances come into being as needed, read-only resources are
 * written, resources that the terminal does not have are passed over.
 */
export function bootstrapWrite(
  tree: ObjectTree,
  path: Lwm2mPath,
  payload: Uint8Array,
  contentFormat: number | undefined,
): Outcome<undefined> {
  const object = path.objectId === undefined ? undefined : tree.entry(path.objectId);
  if (path.objectId === undefined) return refused(Code.BadRequest, 'a write names an object');
  if (!object) return notFound(path);
  const single = path.resourceId !== undefined;
  const format = contentFormat ?? (single ? ContentFormat.Text : ContentFormat.Lwm2mTlv);
  const node = decodeContent(format, path, payload, tree, { exact: true });
  if (!node.ok) return contentRefusal(node.error);
  const plans = planInstances(tree, object, instancesOf(path, node.value), !single && object.creatable !== undefined);
  return plans.ok ? storePlans(tree, plans.value) : plans;
}

type InstancePlan = { readonly instance: ObjectInstance; readonly assignments: readonly Assignment[] };

function planInstances(
  { maximumResourceInstances }: ObjectTree,
  object: TreeObject,
  nodes: readonly ObjectInstanceNode[],
  replace: boolean,
): Result<readonly InstancePlan[], Refusal> {
  const plans: InstancePlan[] = [];
  const rules: WriteRules = { mode: replace ? 'replace' : 'update', maximumResourceInstances, ranges: false };
  for (const node of nodes) {
    const instance = object.instances.get(node.id) ?? object.creatable?.create(node.id);
    if (!instance) return notFound({ objectId: object.definition.id, objectInstanceId: node.id });
    const assignments = planBootstrapWrite(instance, node, rules);
    if (!assignments.ok) return assignments;
    plans.push({ instance, assignments: assignments.value });
  }
  return success(plans);
}

/**
 * Puts a Bootstrap-Pack in place (LwM2M 1.2 §6.1.7.7): of each object that it names all instances are replaced, but for the
 * Bootstrap-Server's account and what the hardware has; objects that the terminal does not have are passed over.
 */
export function applyBootstrapPack(tree: ObjectTree, contentFormat: number, payload: Uint8Array): Outcome<undefined> {
  const pack = decodePack(contentFormat, payload, tree);
  if (!pack.ok) return contentRefusal(pack.error);
  const foreign = pack.value.records.find(({ path }) => path.prefix !== undefined);
  if (foreign) return refused(Code.BadRequest, `${formatPath(foreign.path)} is of another device`);
  let outcome: Outcome<undefined> = success(undefined);
  for (const objectId of new Set(pack.value.records.map(({ path }) => path.objectId!))) {
    const object = tree.entry(objectId);
    if (!object) continue;
    outcome = andThen(outcome, (before): Outcome<undefined> => {
      if (!before.ok) return before;
      const node = packNode(pack.value, { objectId }, tree);
      if (!node.ok) return contentRefusal(node.error);
      return replaceObject(tree, object, node.value);
    }) as Outcome<undefined>;
  }
  return outcome;
}

/** Puts the instances of a node in the place of all that an object has, but for the Bootstrap-Server's account and what the hardware has. */
export function replaceObject(tree: ObjectTree, object: TreeObject, node: Lwm2mNode | undefined): Outcome<undefined> {
  const path = { objectId: object.definition.id };
  if (object.creatable) deleteInstances(tree, object, path);
  const plans = planInstances(tree, object, node ? instancesOf(path, node) : [], object.creatable !== undefined);
  return plans.ok ? storePlans(tree, plans.value) : plans;
}

function storePlans(tree: ObjectTree, plans: readonly InstancePlan[]): Outcome<undefined> {
  let outcome: Outcome<undefined> = success(undefined);
  for (const { instance, assignments } of plans) {
    outcome = andThen(outcome, (before): Outcome<undefined> => {
      if (!before.ok) return before;
      return andThen(storeAll(instance, assignments), (stored) => {
        if (stored.ok && !tree.instance(instance.definition.id, instance.id)) tree.add(instance);
        return stored;
      });
    }) as Outcome<undefined>;
  }
  return outcome;
}

/** What is written, as instances that hold it. */
function instancesOf(path: Lwm2mPath, node: Lwm2mNode): ObjectInstanceNode[] {
  switch (node.kind) {
    case 'object':
      return [...node.instances.values()];
    case 'object-instance':
      return [node];
    case 'resource-instance': {
      const values = new Map([[node.id, node.value]]);
      const resource = { kind: 'multiple-resource', id: path.resourceId!, type: node.type, values } as const;
      return [instanceNode(path, resource)];
    }
    default:
      return [instanceNode(path, node)];
  }
}

function instanceNode(
  path: Lwm2mPath,
  resource: ObjectInstanceNode['resources'] extends ReadonlyMap<number, infer N> ? N : never,
): ObjectInstanceNode {
  return { kind: 'object-instance', id: path.objectInstanceId!, resources: new Map([[resource.id, resource]]) };
}

/** Where it is to replace, what the payload leaves out goes away. */
function planBootstrapWrite(
  instance: ObjectInstance,
  node: ObjectInstanceNode,
  rules: WriteRules,
): Result<readonly Assignment[], Refusal> {
  const assignments: Assignment[] = [];
  for (const resource of instance.layout.resources) {
    const given = node.resources.get(resource.id);
    if (resource.executable) continue;
    if (!given) {
      if (rules.mode === 'replace') assignments.push({ resource, value: undefined });
      continue;
    }
    const value = newValue(instance, resource, given, rules);
    if (!value.ok) return value;
    assignments.push({ resource, value: value.value });
  }
  return success(assignments);
}

/**
 * Bootstrap-Delete (§6.1.7.6): everything that a Bootstrap-Server could have written; its own account and what the hardware
 * has (the Device object first of all) stay.
 */
export function bootstrapDelete(tree: ObjectTree, path: Lwm2mPath): Result<undefined, Refusal> {
  const level = pathLevel(path);
  if (level > PathLevel.ObjectInstance) return notAllowed('a Bootstrap-Server deletes objects and object instances');
  const objectIds = path.objectId === undefined ? tree.objectIds() : [path.objectId];
  let found = false;
  for (const objectId of objectIds) {
    const object = tree.entry(objectId);
    if (!object) return notFound(path);
    if (level !== PathLevel.Root && !object.creatable) {
      return refused(Code.BadRequest, `instances of ${object.definition.name} cannot be deleted`);
    }
    if (object.creatable) found = deleteInstances(tree, object, path) || found;
  }
  if (level === PathLevel.ObjectInstance && !found) return deleteRefused(tree, path);
  return success(undefined);
}

function deleteInstances(tree: ObjectTree, object: TreeObject, path: Lwm2mPath): boolean {
  let deleted = false;
  for (const instance of [...object.instances.values()]) {
    if (path.objectInstanceId !== undefined && instance.id !== path.objectInstanceId) continue;
    if (object.definition.id === 0 && isBootstrapServer(instance)) continue;
    if (isOfBootstrapServer(tree, instance)) continue;
    deleted = tree.remove(object.definition.id, instance.id);
  }
  return deleted;
}

/** Whether the Bootstrap-Server's account leads to an instance, of object 21 for one (Core 1.2 §6.1.7.6): that stays with it. */
function isOfBootstrapServer(tree: ObjectTree, instance: ObjectInstance): boolean {
  return isBootstrapServer(accountWith(tree, instance) ?? instance);
}

/** The account that an instance is a part of. */
function accountWith(tree: ObjectTree, { definition, id }: ObjectInstance): ObjectInstance | undefined {
  const accounts = [...(tree.entry(0)?.instances.values() ?? [])];
  return accounts.find((security) =>
    accountLinksOf(security).some((link) => link.objectId === definition.id && link.instanceId === id),
  );
}

function deleteRefused(tree: ObjectTree, path: Lwm2mPath): Result<undefined, Refusal> {
  if (!tree.instance(path.objectId!, path.objectInstanceId!)) return notFound(path);
  return failure({ code: Code.BadRequest, reason: 'the Bootstrap-Server account cannot be deleted' });
}

/** Bootstrap-Read (§6.1.7.4): the Server and Access Control objects, whole or by instance. */
export function bootstrapRead(
  tree: ObjectTree,
  path: Lwm2mPath,
  accept: number | undefined,
  version: Lwm2mVersion,
): OutgoingResponse {
  const level = pathLevel(path);
  const object = path.objectId === undefined ? undefined : tree.entry(path.objectId);
  if (path.objectId !== 1 && path.objectId !== 2) {
    return refusalResponse({ code: Code.MethodNotAllowed, reason: 'a Bootstrap-Server reads objects 1 and 2' });
  }
  if (level > PathLevel.ObjectInstance) {
    return refusalResponse({
      code: Code.MethodNotAllowed,
      reason: 'a Bootstrap-Server reads objects and object instances',
    });
  }
  const instance = path.objectInstanceId === undefined ? undefined : object?.instances.get(path.objectInstanceId);
  if (!object || (level === PathLevel.ObjectInstance && !instance)) return refusalResponse(notFound(path).error);
  const node = instance ? readInstance(instance, 'all') : readObject(object, 'all', path);
  return contentResponse(path, node, accept ?? defaultFormat(node, version));
}

/** Bootstrap-Discover (§6.1.7.3): objects and instances, with the servers that they belong to. */
export function bootstrapDiscover(tree: ObjectTree, path: Lwm2mPath, version: Lwm2mVersion): OutgoingResponse {
  if (pathLevel(path) > PathLevel.Object) {
    return refusalResponse({ code: Code.BadRequest, reason: 'a Bootstrap-Server discovers objects' });
  }
  if (path.objectId !== undefined && !tree.entry(path.objectId)) return refusalResponse(notFound(path).error);
  const links: Link[] = [{ target: '/', attributes: [{ name: 'lwm2m', value: version }] }];
  for (const objectId of path.objectId === undefined ? tree.objectIds() : [path.objectId]) {
    const { definition, instances } = tree.entry(objectId)!;
    const ver = definition.version === '1.0' ? [] : [{ name: 'ver', value: definition.version }];
    if (instances.size === 0 || ver.length > 0) links.push({ target: formatPath({ objectId }), attributes: ver });
    for (const instance of [...instances.values()].sort((a, b) => a.id - b.id)) {
      const target = formatPath({ objectId, objectInstanceId: instance.id });
      links.push({ target, attributes: serverAttributes(tree, instance, version) });
    }
  }
  return linksResponse(links);
}

function serverAttributes(tree: ObjectTree, instance: ObjectInstance, version: Lwm2mVersion): Link['attributes'] {
  const objectId = instance.definition.id;
  // 1.2 §6.1.7.3: what an account leads to is of its server.
  if (linkedObjects.includes(objectId)) {
    const account = accountWith(tree, instance);
    const id = account && numberOf(account, Security.ShortServerId);
    return id === undefined ? [] : [{ name: 'ssid', value: String(id) }];
  }
  if (objectId > 1 || (objectId === 0 && isBootstrapServer(instance))) return [];
  const id = numberOf(instance, objectId === 0 ? Security.ShortServerId : Server.ShortServerId);
  const attributes = id === undefined ? [] : [{ name: 'ssid', value: String(id) }];
  const uri = objectId === 0 && version !== '1.0' ? instance.value(Security.ServerUri) : undefined;
  return typeof uri === 'string' ? [...attributes, { name: 'uri', value: uri }] : attributes;
}
