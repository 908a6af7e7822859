import { Code, ContentFormat } from '@yaolian/coap';
import { emptyBytes, failure, type Result, success } from '@yaolian/kernel';
import { parseAttributeQuery } from '../attributes.ts';
import { decodePackPaths, encodePackPaths } from '../formats/index.ts';
import { type PlainRequest, parameterOf } from './coap-parts.ts';
import { type MqttAttributes, type MqttFields, MqttOperation as Operation } from './message.ts';
import type { MqttInterface } from './topics.ts';

/*
 * What servers ask of terminals, in the operations of OMA-TS-LightweightM2M_Transport 1.2 §8.3.1, §8.3.3 and §8.3.4, and as
 * requests of CoAP (§6.4.2, §6.4.4, §6.4.5).
 */

/** An operation with all but the token. */
export type Operated = MqttFields & { readonly operation: number };

/** The operation that a request is. The error is a sentence: why MQTT cannot carry it. */
export function downlinkOperation(request: PlainRequest, of: MqttInterface): Result<Operated, string> {
  return of === 'bs' ? bootstrapOperation(request) : managementOperation(request);
}

function bootstrapOperation(request: PlainRequest): Result<Operated, string> {
  const { method, path, accept } = request;
  const uri = uriOf(path);
  switch (method) {
    case Code.PUT:
      return success({ operation: Operation.BootstrapWrite, uri, ...contentOf(request) });
    case Code.DELETE:
      return success({ operation: Operation.BootstrapDelete, uri });
    case Code.GET:
      if (accept === ContentFormat.LinkFormat) return success({ operation: Operation.BootstrapDiscover, uri });
      return success({ operation: Operation.BootstrapRead, uri });
    case Code.POST:
      if (path.length === 1 && path[0] === 'bs') return success({ operation: Operation.BootstrapFinish });
  }
  return failure('there is no such operation of a Bootstrap-Server');
}

function managementOperation(request: PlainRequest): Result<Operated, string> {
  const { method, path } = request;
  const uri = uriOf(path);
  switch (method) {
    case Code.GET:
      return reading(request, uri);
    case Code.FETCH:
      return composite(request);
    case Code.PUT:
      if (request.contentFormat === undefined) return attributes(request, uri);
      return success({ operation: Operation.WriteReplace, uri, ...contentOf(request) });
    case Code.POST:
      return posting(request, uri);
    case Code.iPATCH:
      return success({ operation: Operation.WriteComposite, ...contentOf(request) });
    case Code.DELETE:
      return success({ operation: Operation.Delete, uri });
    default:
      return failure('there is no such operation over MQTT');
  }
}

/** There is no key for an Accept: the terminal answers as it likes (§8.3.3). */
function reading({ observe, accept, query }: PlainRequest, uri: string): Result<Operated, string> {
  if (observe === 1) return success({ operation: Operation.CancelObserve });
  if (observe === 0) {
    if (query.length > 0) return failure(noAttributes);
    return success({ operation: Operation.Observe, uri });
  }
  if (accept !== ContentFormat.LinkFormat) return success({ operation: Operation.Read, uri });
  const depth = parameterOf(query, 'depth');
  return success({ operation: Operation.Discover, uri, ...(depth !== undefined && { depth: Number(depth) }) });
}

const noAttributes =
  'an Observe over MQTT carries no attributes (Transport 1.2 §8.3.4); write them with Write-Attributes';

function composite({ observe, contentFormat, query, payload }: PlainRequest): Result<Operated, string> {
  if (observe === 1) return success({ operation: Operation.CancelObserve });
  if (query.length > 0) return failure(noAttributes);
  const paths = etchPaths(contentFormat, payload);
  if (!paths.ok) return paths;
  const operation = observe === 0 ? Operation.ObserveComposite : Operation.ReadComposite;
  return success({ operation, paths: paths.value });
}

/** §8.3.3: the list of paths is SenML-ETCH CBOR, whatever the server wrote it in. */
function etchPaths(contentFormat: number | undefined, payload: Uint8Array): Result<Uint8Array, string> {
  // RFC 8790 §3.1: names alone are the same in both.
  if (contentFormat === ContentFormat.SenmlEtchCbor || contentFormat === ContentFormat.SenmlCbor)
    return success(payload);
  const paths = decodePackPaths(contentFormat ?? ContentFormat.SenmlCbor, payload);
  if (!paths.ok) return failure(paths.error.message);
  const encoded = encodePackPaths(ContentFormat.SenmlEtchCbor, paths.value);
  return encoded.ok ? encoded : failure(encoded.error.message);
}

function posting(request: PlainRequest, uri: string): Result<Operated, string> {
  const { path, contentFormat, payload } = request;
  const level = path.filter((segment) => /^\d+$/.test(segment)).length;
  if (level === 1) return success({ operation: Operation.Create, uri, ...contentOf(request) });
  // Transport 1.2 §6.4.4: arguments of an Execute are text, and a Partial Update is never.
  if (level === 3 && (contentFormat === undefined || contentFormat === ContentFormat.Text)) {
    return success({ operation: Operation.Execute, uri, ...(payload.length > 0 && { payload }) });
  }
  return success({ operation: Operation.WritePartialUpdate, uri, ...contentOf(request) });
}

/** Table 8.7-1 has no key for `lt` and `con`, and nothing that takes an attribute back. */
function attributes({ query }: PlainRequest, uri: string): Result<Operated, string> {
  const changes = parseAttributeQuery(query);
  if (!changes.ok) return failure(changes.error.message);
  const carried: Record<string, number> = {};
  for (const [name, value] of Object.entries(changes.value)) {
    if (value === null) return failure(`nothing in MQTT takes the attribute ${name} back (Transport 1.2 §8.3.3)`);
    if (!attributeNames.has(name))
      return failure(`the attribute ${name} has no key in MQTT (Transport 1.2 table 8.7-1)`);
    carried[name] = value;
  }
  return success({ operation: Operation.WriteAttributes, uri, ...carried });
}

const attributeNames: ReadonlySet<string> = new Set<keyof MqttAttributes>([
  ...(['pmin', 'pmax', 'gt', 'st', 'epmin', 'epmax', 'edge', 'hqmax'] as const),
]);

function contentOf({ contentFormat, payload }: PlainRequest): Pick<MqttFields, 'contentFormat' | 'payload'> {
  return contentFormat === undefined ? { payload } : { contentFormat, payload };
}

function uriOf(path: readonly string[]): string {
  return `/${path.join('/')}`;
}

/** The request that an operation is for a terminal; undefined when it is none that a server asks for there. */
export function downlinkRequest(operated: Operated, of: MqttInterface): PlainRequest | undefined {
  return of === 'bs' ? bootstrapRequest(operated) : managementRequest(operated);
}

function bootstrapRequest(operated: Operated): PlainRequest | undefined {
  const { operation, contentFormat, payload = emptyBytes } = operated;
  const bare = { path: pathOf(operated), query: [], payload: emptyBytes };
  switch (operation) {
    case Operation.BootstrapWrite:
      return { ...bare, method: Code.PUT, contentFormat, payload };
    case Operation.BootstrapRead:
      return { ...bare, method: Code.GET };
    case Operation.BootstrapDelete:
      return { ...bare, method: Code.DELETE };
    case Operation.BootstrapDiscover:
      return { ...bare, method: Code.GET, accept: ContentFormat.LinkFormat };
    case Operation.BootstrapFinish:
      return { ...bare, method: Code.POST, path: ['bs'] };
    default:
      return undefined;
  }
}

function managementRequest(operated: Operated): PlainRequest | undefined {
  const { operation, contentFormat, depth, paths = emptyBytes, payload = emptyBytes } = operated;
  const bare = { path: pathOf(operated), query: [], payload: emptyBytes };
  // The answer is SenML CBOR, as everybody has it who reads the question.
  const fetch = {
    ...{ ...bare, method: Code.FETCH, path: [], payload: paths },
    ...{ contentFormat: ContentFormat.SenmlEtchCbor, accept: ContentFormat.SenmlCbor },
  };
  switch (operation) {
    case Operation.Read:
      return { ...bare, method: Code.GET };
    case Operation.ReadComposite:
      return fetch;
    case Operation.Discover: {
      const query = depth === undefined ? [] : [`depth=${depth}`];
      return { ...bare, method: Code.GET, accept: ContentFormat.LinkFormat, query };
    }
    case Operation.WriteReplace:
      return { ...bare, method: Code.PUT, contentFormat, payload };
    case Operation.WritePartialUpdate:
    case Operation.Create:
      return { ...bare, method: Code.POST, contentFormat, payload };
    case Operation.WriteAttributes:
      return { ...bare, method: Code.PUT, query: attributeQuery(operated) };
    case Operation.WriteComposite:
      return { ...bare, method: Code.iPATCH, path: [], contentFormat, payload };
    case Operation.Execute:
      return { ...bare, method: Code.POST, ...(payload.length > 0 && { contentFormat: ContentFormat.Text, payload }) };
    case Operation.Delete:
      return { ...bare, method: Code.DELETE };
    case Operation.Observe:
      return { ...bare, method: Code.GET, observe: 0 };
    case Operation.ObserveComposite:
      return { ...fetch, observe: 0 };
    default:
      return undefined;
  }
}

function attributeQuery(operated: Operated): string[] {
  const query: string[] = [];
  for (const name of attributeNames as ReadonlySet<keyof MqttAttributes>) {
    const value = operated[name];
    if (value !== undefined) query.push(`${name}=${value}`);
  }
  return query;
}

function pathOf({ uri = '/' }: MqttFields): readonly string[] {
  const bare = uri.startsWith('/') ? uri.slice(1) : uri;
  return bare === '' ? [] : bare.split('/');
}
