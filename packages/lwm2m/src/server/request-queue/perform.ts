import type { AttributeChanges } from '../../attributes.ts';
import type { ObjectModel } from '../../model.ts';
import type { Lwm2mNode, ObjectInstanceNode } from '../../node.ts';
import { type JsonNode, nodeFromJson, nodeToJson } from '../../node-json.ts';
import { formatPath, type Lwm2mPath, PathLevel, parsePath } from '../../path.ts';
import { lwm2mErrors } from '../errors.ts';
import type { Lwm2mServer } from '../lwm2m-server.ts';
import type {
  Answer,
  ClientReference,
  CompositeReadAnswer,
  DiscoverAnswer,
  Done,
  ObserveOptions,
  OperationOptions,
  ReadAnswer,
} from '../operation-types.ts';
import {
  checkCreate,
  checkDelete,
  checkExecute,
  checkLevel,
  checkRead,
  checkWrite,
  fromObject,
  type Violation,
} from '../validation.ts';
import type { QueuedOperation, QueuedOperationKind, QueuedOutcome } from './queued-request.ts';

/** What a performed operation leaves, without its time. */
export type Performed = Omit<QueuedOutcome, 'at'>;

/**
 * Operations that do the same when they are done twice: after a time-out or a crash they are sent again. The others are sent at
 * most once: should nobody know whether they were done, they fail and say so.
 */
const repeatable: ReadonlySet<QueuedOperationKind> = new Set([
  'read',
  'observe',
  'discover',
  'cancel-observation',
  'write',
  'update',
  'write-attributes',
  'read-composite',
  'observe-composite',
  'write-composite',
] as const);

export function isRepeatable({ kind }: QueuedOperation): boolean {
  return repeatable.has(kind);
}

/** Which rule of the object model the operation breaks; undefined when none. */
export function operationViolation(model: ObjectModel, operation: QueuedOperation): Violation {
  switch (operation.kind) {
    case 'read':
    case 'observe':
      return checkLevel('Read', at(operation.path), fromObject) ?? checkRead(model, at(operation.path));
    case 'write':
    case 'update':
      return checkWrite(model, at(operation.path), nodeOf(operation.node));
    case 'create':
      return checkCreate(model, at(operation.path), nodeOf(operation.node) as ObjectInstanceNode);
    case 'delete':
      return checkDelete(model, at(operation.path));
    case 'execute':
      return checkLevel('Execute', at(operation.path), [PathLevel.Resource]) ?? checkExecute(model, at(operation.path));
    case 'write-composite':
      return operation.writes
        .map(({ path, node }) => (node ? checkWrite(model, at(path), nodeOf(node)) : undefined))
        .find((violation) => violation !== undefined);
    default:
      return undefined;
  }
}

/**
 * Carries out an operation that waited.
 * @throws YaolianError of {@link lwm2mErrors}
 */
export async function perform(
  server: Lwm2mServer,
  client: ClientReference,
  operation: QueuedOperation,
  options: OperationOptions,
): Promise<Answer<Performed & Done>> {
  switch (operation.kind) {
    case 'read':
      return told(await server.read(client, at(operation.path), { ...options, ...acceptOf(operation) }), readOutcome);
    case 'observe':
      return told(
        await server.observe(client, at(operation.path), {
          ...options,
          ...acceptOf(operation),
          ...observingIn(operation),
        }),
        (answer) => ({
          ...readOutcome(answer),
          observing: answer.observation !== undefined,
        }),
      );
    case 'discover':
      return told(
        await server.discover(client, at(operation.path), { ...options, ...depthOf(operation) }),
        discoverOutcome,
      );
    case 'delete':
      return told(await server.delete(client, at(operation.path), options), doneOutcome);
    case 'cancel-observation':
      return told((await server.cancelObservation(client, at(operation.path), options))!, doneOutcome);
    case 'execute':
      return told(await server.execute(client, at(operation.path), operation.arguments ?? '', options), doneOutcome);
    case 'write-attributes':
      return told(
        await server.writeAttributes(client, at(operation.path), attributesOf(operation), options),
        doneOutcome,
      );
    case 'write':
    case 'update':
    case 'create':
      return performWriting(server, client, operation, options);
    default:
      return performComposite(server, client, operation, options);
  }
}

async function performWriting(
  server: Lwm2mServer,
  client: ClientReference,
  operation: QueuedOperation & { readonly kind: 'write' | 'update' | 'create' },
  options: OperationOptions,
): Promise<Answer<Performed & Done>> {
  const { contentFormat } = operation;
  const path = at(operation.path);
  const node = nodeOf(operation.node);
  const full = contentFormat === undefined ? options : { ...options, contentFormat };
  if (operation.kind === 'write') return told(await server.write(client, path, node, full), doneOutcome);
  if (operation.kind === 'update') return told(await server.update(client, path, node, full), doneOutcome);
  return told(await server.create(client, path, node as ObjectInstanceNode, full), (answer) => ({
    ...doneOutcome(answer),
    ...(answer.path === undefined ? {} : { path: formatPath(answer.path) }),
  }));
}

async function performComposite(
  server: Lwm2mServer,
  client: ClientReference,
  operation: QueuedOperation & { readonly kind: 'read-composite' | 'observe-composite' | 'write-composite' },
  options: OperationOptions,
): Promise<Answer<Performed & Done>> {
  if (operation.kind === 'write-composite') {
    const { contentFormat } = operation;
    const writes = operation.writes.map(({ path, node }) => ({
      path: at(path),
      node: node ? nodeOf(node) : undefined,
    }));
    const full = contentFormat === undefined ? options : { ...options, contentFormat };
    return told(await server.writeComposite(client, writes, full), doneOutcome);
  }
  const paths = operation.paths.map(at);
  const full = { ...options, ...acceptOf(operation) };
  if (operation.kind === 'read-composite') {
    return told(await server.readComposite(client, paths, full), compositeOutcome);
  }
  return told(await server.observeComposite(client, paths, { ...full, ...observingIn(operation) }), (answer) => ({
    ...compositeOutcome(answer),
    observing: answer.observation !== undefined,
  }));
}

function told<T extends Done>(answer: Answer<T>, outcome: (value: T) => Performed): Answer<Performed & Done> {
  return answer.ok ? { ok: true, value: { ...outcome(answer.value), code: answer.value.code } } : answer;
}

function doneOutcome({ code }: Done): Performed {
  return { code };
}

function readOutcome({ code, node }: ReadAnswer): Performed {
  return { code, node: nodeToJson(node) };
}

function compositeOutcome({ code, values }: CompositeReadAnswer): Performed {
  return {
    code,
    values: values.map(({ path, node }) => ({ path: formatPath(path), node: node ? nodeToJson(node) : null })),
  };
}

function discoverOutcome({ code, links }: DiscoverAnswer): Performed {
  return {
    code,
    links: links.map(({ path, attributes, others, ...own }) => ({
      path: formatPath(path),
      attributes: { ...texts(own), ...texts(attributes), ...Object.fromEntries(others ?? []) },
    })),
  };
}

function texts(values: object): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]));
}

function acceptOf({ accept }: { readonly accept?: number }): { readonly accept?: number } {
  return accept === undefined ? {} : { accept };
}

function observingIn({ attributes, standing }: ObserveOptions) {
  return { ...(attributes === undefined ? {} : { attributes }), ...(standing ? { standing } : {}) };
}

function depthOf({ depth }: { readonly depth?: 0 | 1 | 2 | 3 }) {
  return depth === undefined ? {} : { depth };
}

function attributesOf(operation: { readonly attributes: AttributeChanges }): AttributeChanges {
  return operation.attributes;
}

/** @throws YaolianError LWM2M_WRONG_PATH */
function at(text: string): Lwm2mPath {
  const path = parsePath(text);
  if (path.ok) return path.value;
  throw lwm2mErrors.LWM2M_WRONG_PATH(text, 'a queued request', 'a path such as /3/0/9');
}

/** @throws YaolianError LWM2M_WRONG_TYPE */
function nodeOf(json: JsonNode): Lwm2mNode {
  const node = nodeFromJson(json);
  if (node.ok) return node.value;
  throw lwm2mErrors.LWM2M_WRONG_TYPE('the value to be written', node.error.message);
}
