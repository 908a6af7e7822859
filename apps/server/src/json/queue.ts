import { formatCode } from '@yaolian/coap';
import type { JsonQueuedRequest } from '@yaolian/contract';
import { type JsonNode, nodeFromJson, type ObjectModel, parsePath } from '@yaolian/lwm2m';
import type { QueuedOperation, QueuedOutcome, QueuedRequest } from '@yaolian/lwm2m/server';
import { timeToJson } from '../api/times.ts';
import { askedToJson } from './asked-values.ts';
import { nodeToJson } from './node.ts';

/** A request that waits for a device, with the names that the object model has. */
export function queuedToJson(request: QueuedRequest, model: ObjectModel): JsonQueuedRequest {
  const { id, deviceKey, operation, asker, state, attempts, createdAt, expiresAt, outcome } = request;
  return {
    id,
    device: deviceKey,
    operation: operation.kind,
    paths: [...pathsOf(operation)],
    ...(asker === undefined ? {} : { asker }),
    state,
    attempts,
    createdAt: timeToJson(createdAt),
    expiresAt: timeToJson(expiresAt),
    ...(outcome === undefined ? {} : outcomeToJson(operation, outcome, model)),
  };
}

/** The same with what the operation brings. */
export function queuedWithAsked(request: QueuedRequest, model: ObjectModel): JsonQueuedRequest {
  const asked = askedToJson(request.operation, model);
  const json = queuedToJson(request, model);
  return asked === undefined ? json : { ...json, asked };
}

function pathsOf(operation: QueuedOperation): readonly string[] {
  if ('paths' in operation) return operation.paths;
  return 'writes' in operation ? operation.writes.map(({ path }) => path) : [operation.path];
}

function outcomeToJson(operation: QueuedOperation, outcome: QueuedOutcome, model: ObjectModel) {
  const { at, code, message, error, node, values, path } = outcome;
  const shown = node === undefined ? undefined : storedNodeToJson(pathsOf(operation)[0]!, node, model);
  return {
    finishedAt: timeToJson(at),
    ...(code === undefined ? {} : { coapCode: formatCode(code) }),
    ...(message === undefined || message === '' ? {} : { reason: message }),
    ...(error === undefined ? {} : { error }),
    ...(shown === undefined ? {} : { node: shown }),
    ...(values === undefined ? {} : { values: values.map((one) => storedValueToJson(one, model)) }),
    ...(path === undefined ? {} : { path }),
  };
}

/** A node as the queue keeps it, as the API shows it. */
export function storedNodeToJson(path: string, stored: JsonNode, model: ObjectModel) {
  const node = nodeFromJson(stored);
  const parsed = parsePath(path);
  return node.ok && parsed.ok ? nodeToJson(parsed.value, node.value, model) : undefined;
}

export function storedValueToJson(
  { path, node }: { readonly path: string; readonly node: JsonNode | null },
  model: ObjectModel,
) {
  const shown = node === null ? undefined : storedNodeToJson(path, node, model);
  return shown === undefined ? { path } : { path, node: shown };
}
