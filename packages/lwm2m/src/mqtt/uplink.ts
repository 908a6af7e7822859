import { Code, ContentFormat } from '@yaolian/coap';
import { decodeUtf8, emptyBytes, encodeUtf8, failure, type Result, success } from '@yaolian/kernel';
import { type PlainRequest, parameterOf } from './coap-parts.ts';
import type { Operated } from './downlink.ts';
import { MqttOperation as Operation } from './message.ts';
import type { MqttInterface, MqttPeer } from './topics.ts';

/*
 * What terminals ask of servers, in the operations of OMA-TS-LightweightM2M_Transport 1.2 §8.3.1, §8.3.2 and §8.3.4, and as
 * requests of CoAP (§6.4.2, §6.4.3, §6.4.5).
 */

/** Why a request cannot be carried, as the answer that the terminal gets instead. */
export interface NotCarried {
  readonly code: number;
  readonly message: string;
}

/** Where a terminal is registered, for its own half: over MQTT its topic says which it is. */
export const registrationLocation: readonly string[] = ['rd', 'mqtt'];

/** Nobody is ever registered there, and whoever answers there says so. */
const nowhere: readonly string[] = ['rd', 'mqtt', 'nowhere'];

/** The operation that a request of a terminal is. */
export function uplinkOperation(request: PlainRequest): Result<Operated, NotCarried> {
  const { method, path, query, payload } = request;
  const [first] = path;
  if (method === Code.POST && first === 'bs') {
    const preferredFormat = parameterOf(query, 'pct');
    return success({
      operation: Operation.BootstrapRequest,
      ...(preferredFormat !== undefined && { preferredFormat: Number(preferredFormat) }),
    });
  }
  if (method === Code.GET && first === 'bspack') {
    const accounts = parameterOf(query, 'acc');
    return success({
      operation: Operation.BootstrapPackRequest,
      ...(accounts !== undefined && { payload: encodeUtf8(accounts) }),
    });
  }
  if (method === Code.DELETE && first === 'rd') return success({ operation: Operation.Deregister });
  if (method === Code.POST && first === 'rd') {
    const operation = path.length === 1 ? Operation.Register : Operation.Update;
    return withParameters(operation, query, payload);
  }
  if (method === Code.POST && first === 'dp' && request.contentFormat !== undefined) {
    return success({ operation: Operation.Send, contentFormat: request.contentFormat, payload });
  }
  return failure({ code: Code.NotImplemented, message: 'there is no such operation over MQTT' });
}

/** Register and Update. */
function withParameters(
  operation: number,
  query: readonly string[],
  payload: Uint8Array,
): Result<Operated, NotCarried> {
  const operated: { -readonly [K in keyof Operated]: Operated[K] } = { operation };
  let sleeps = false;
  for (const parameter of query) {
    const equals = parameter.indexOf('=');
    const name = equals < 0 ? parameter : parameter.slice(0, equals);
    const value = parameter.slice(name.length + 1);
    if (name === 'lt') operated.lifetime = Number(value);
    else if (name === 'lwm2m') operated.version = value;
    else if (name === 'b') operated.binding = value;
    else if (name === 'sms') operated.sms = value;
    else if (name === 'Q') sleeps = true;
    else if (name === 'pid') {
      // There is no key for the Profile ID; 4.09 asks for the list that it stands for (Core 1.2 §6.2.1).
      if (payload.length === 0) return failure({ code: Code.Conflict, message: 'a Profile ID has no key in MQTT' });
    } else if (name !== 'ep') {
      return failure({ code: Code.NotImplemented, message: `the parameter ${name} has no key in MQTT` });
    }
  }
  // DEVIATION: table 8.7-1 has no key for the queue mode of 1.1 (`Q`): the letter stands in the binding, as in 1.0.
  if (sleeps) operated.binding = `${operated.binding ?? 'M'}Q`;
  if (payload.length > 0) operated.payload = payload;
  return success(operated);
}

/**
 * The request that an operation is for a server.
 * @param location where the terminal of this topic is registered; undefined: it is not
 */
export function uplinkRequest(
  operated: Operated,
  { endpoint, interface: of }: MqttPeer,
  location: () => readonly string[] | undefined,
): Result<PlainRequest, NotCarried> {
  // §8.2: the endpoint name in the topic is that of the Register.
  if (operated.endpoint !== undefined && operated.endpoint !== endpoint) {
    return failure({ code: Code.BadRequest, message: 'the endpoint name is not that of the topic' });
  }
  return of === 'bs' ? bootstrapRequest(operated, endpoint) : registrationRequest(operated, endpoint, location);
}

function bootstrapRequest(operated: Operated, endpoint: string): Result<PlainRequest, NotCarried> {
  const { operation, preferredFormat, payload = emptyBytes } = operated;
  const query = [`ep=${endpoint}`];
  switch (operation) {
    case Operation.BootstrapRequest:
      if (preferredFormat !== undefined) query.push(`pct=${preferredFormat}`);
      return success({ method: Code.POST, path: ['bs'], query, payload: emptyBytes });
    case Operation.BootstrapPackRequest: {
      const accounts = decodeUtf8(payload);
      if (accounts !== undefined && accounts !== '') query.push(`acc=${accounts}`);
      return success({ method: Code.GET, path: ['bspack'], query, payload: emptyBytes });
    }
    default:
      return notOn('bs', operation);
  }
}

function registrationRequest(
  operated: Operated,
  endpoint: string,
  location: () => readonly string[] | undefined,
): Result<PlainRequest, NotCarried> {
  const { operation, contentFormat, payload = emptyBytes } = operated;
  const links = payload.length > 0 ? { contentFormat: ContentFormat.LinkFormat, payload } : { payload };
  const here = location() ?? nowhere;
  switch (operation) {
    case Operation.Register:
      return success({ method: Code.POST, path: ['rd'], query: [`ep=${endpoint}`, ...parameters(operated)], ...links });
    case Operation.Update:
      return success({ method: Code.POST, path: here, query: parameters(operated), ...links });
    case Operation.Deregister:
      return success({ method: Code.DELETE, path: here, query: [], payload: emptyBytes });
    case Operation.Send:
      return success({ method: Code.POST, path: ['dp'], query: [], contentFormat, payload });
    default:
      return notOn('rd', operation);
  }
}

function parameters({ lifetime, version, binding, sms }: Operated): string[] {
  return [
    ...(lifetime === undefined ? [] : [`lt=${lifetime}`]),
    ...(version === undefined ? [] : [`lwm2m=${version}`]),
    ...(binding === undefined ? [] : [`b=${binding}`]),
    ...(sms === undefined ? [] : [`sms=${sms}`]),
  ];
}

/** Table 8.5-5: 501 where there is no such operation; 400 where it belongs to the other topic. */
function notOn(of: MqttInterface, operation: number): Result<never, NotCarried> {
  const isKnown = (Object.values(Operation) as number[]).includes(operation);
  const message = isKnown ? `operation ${operation} has no place on a topic of ${of}` : 'unknown operation';
  return failure({ code: isKnown ? Code.BadRequest : Code.NotImplemented, message });
}
