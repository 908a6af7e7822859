import { encodeUtf8, failure, type Result, success, toSeconds } from '@yaolian/kernel';
import type { ServerLimits } from './limits.ts';

/**
 * What the Uri-Query options of Register and Update say (OMA-TS-LightweightM2M 1.0 §5.3.1, §5.3.2; 1.1 core §6.2.1, §6.2.2).
 * Undefined is what the terminal left out.
 */
export interface RegisterParameters {
  readonly endpoint: string | undefined;
  /** Seconds, within the limits. */
  readonly lifetime: number | undefined;
  /** As it came; the caller decides which it supports. */
  readonly lwm2mVersion: string | undefined;
  readonly binding: string | undefined;
  /** LwM2M 1.1 `Q`; in 1.0 the letter stands in the binding instead. */
  readonly queueMode: boolean;
  readonly smsNumber: string | undefined;
  /** Everything else, by name; a parameter without `=` has the value `''`. Undefined when there is none. */
  readonly others: Readonly<Record<string, string>> | undefined;
}

/** Why a request is answered 4.00: a label for counting, and a sentence for the terminal and the log. */
export interface BadRequest {
  readonly reason: string;
  readonly message: string;
}

export type ParameterLimits = Pick<
  ServerLimits,
  'maximumParameters' | 'maximumEndpointBytes' | 'minimumLifetime' | 'maximumLifetime'
>;

interface Draft {
  endpoint: string | undefined;
  lifetime: number | undefined;
  lwm2mVersion: string | undefined;
  binding: string | undefined;
  queueMode: boolean;
  smsNumber: string | undefined;
  others: [name: string, value: string][] | undefined;
  seen: number;
}

const Seen = { endpoint: 1, lifetime: 2, version: 4, binding: 8, queueMode: 16, sms: 32 } as const;

/** Reads the query of a Register or Update. Unknown parameters are kept, doubled ones refused. */
export function decodeRegisterParameters(
  query: readonly string[],
  limits: ParameterLimits,
): Result<RegisterParameters, BadRequest> {
  if (query.length > limits.maximumParameters) {
    return refuse('too-many-parameters', `more than ${limits.maximumParameters} query parameters`);
  }
  const draft: Draft = {
    endpoint: undefined,
    lifetime: undefined,
    lwm2mVersion: undefined,
    binding: undefined,
    queueMode: false,
    smsNumber: undefined,
    others: undefined,
    seen: 0,
  };
  for (let i = 0; i < query.length; i++) {
    const bad = readParameter(draft, query[i]!, limits);
    if (bad) return failure(bad);
  }
  const { seen: _, others, ...known } = draft;
  return success({ ...known, others: others && Object.fromEntries(others) });
}

function readParameter(draft: Draft, parameter: string, limits: ParameterLimits): BadRequest | undefined {
  if (parameter === '') return undefined;
  const equals = parameter.indexOf('=');
  const name = equals < 0 ? parameter : parameter.slice(0, equals);
  const value = equals < 0 ? '' : parameter.slice(equals + 1);
  switch (name) {
    case 'ep':
      return once(draft, Seen.endpoint, name) ?? readEndpoint(draft, value, limits);
    case 'lt':
      return once(draft, Seen.lifetime, name) ?? readLifetime(draft, value, limits);
    case 'lwm2m':
      if (value !== '') draft.lwm2mVersion = value;
      return once(draft, Seen.version, name);
    case 'b':
      return once(draft, Seen.binding, name) ?? readBinding(draft, value);
    case 'Q':
      draft.queueMode = true;
      return once(draft, Seen.queueMode, name);
    case 'sms':
      if (value !== '') draft.smsNumber = value;
      return once(draft, Seen.sms, name);
    default:
      return readOther(draft, name, value);
  }
}

function once(draft: Draft, flag: number, name: string): BadRequest | undefined {
  if ((draft.seen & flag) !== 0) return bad('duplicate-parameter', `${name} is there twice`);
  draft.seen |= flag;
  return undefined;
}

function readEndpoint(draft: Draft, value: string, limits: ParameterLimits): BadRequest | undefined {
  if (value === '') return bad('endpoint-missing', 'ep is empty');
  if (value.length > limits.maximumEndpointBytes || utf8Length(value) > limits.maximumEndpointBytes) {
    return bad('endpoint-too-long', `ep has more than ${limits.maximumEndpointBytes} bytes`);
  }
  for (let i = 0; i < value.length; i++) {
    const unit = value.charCodeAt(i);
    if (unit < 0x20 || unit === 0x7f) return bad('endpoint-invalid', 'ep holds a control character');
  }
  draft.endpoint = value;
  return undefined;
}

function utf8Length(text: string): number {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) >= 0x80) return encodeUtf8(text).length;
  return text.length;
}

/** lt = 1*10DIGIT */
function readLifetime(draft: Draft, value: string, limits: ParameterLimits): BadRequest | undefined {
  let lifetime = 0;
  for (let i = 0; i < value.length; i++) {
    const digit = value.charCodeAt(i) - 0x30;
    if (!(digit >= 0 && digit <= 9)) return bad('lifetime-invalid', 'lt is a whole number of seconds');
    lifetime = Math.min(lifetime * 10 + digit, Number.MAX_SAFE_INTEGER / 16);
  }
  const minimum = toSeconds(limits.minimumLifetime);
  const maximum = toSeconds(limits.maximumLifetime);
  // Zero is for ever: whether the terminal may say so depends on its version, which may come later in the query.
  const isEndless = lifetime === 0 && value !== '';
  if (!isEndless && (value === '' || lifetime < minimum || lifetime > maximum)) {
    return bad('lifetime-invalid', `lt is a number of seconds from ${minimum} to ${maximum}`);
  }
  draft.lifetime = lifetime;
  return undefined;
}

/** Letters; whether LwM2M knows them is judged by its version, later. */
function readBinding(draft: Draft, value: string): BadRequest | undefined {
  if (value === '') return undefined;
  for (let i = 0; i < value.length; i++) {
    const unit = value.charCodeAt(i);
    if (i >= 8 || unit < 0x41 || unit > 0x5a) return bad('binding-invalid', 'b is up to eight letters such as U or UQ');
  }
  draft.binding = value;
  return undefined;
}

function readOther(draft: Draft, name: string, value: string): BadRequest | undefined {
  draft.others ??= [];
  for (const [known] of draft.others) {
    if (known === name) return bad('duplicate-parameter', `${name.slice(0, 40)} is there twice`);
  }
  draft.others.push([name, value]);
  return undefined;
}

function bad(reason: string, message: string): BadRequest {
  return { reason, message };
}

function refuse(reason: string, message: string): Result<never, BadRequest> {
  return failure({ reason, message });
}
