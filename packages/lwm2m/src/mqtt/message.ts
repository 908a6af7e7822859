import { encodeUtf8, failure, type Result, success } from '@yaolian/kernel';
import { CborFloat, type CborItem, CborMap } from '../formats/cbor-item.ts';
import { CborWriter } from '../formats/cbor-writer.ts';
import { readStrictCbor } from '../formats/strict-cbor.ts';

/*
 * The messages of LwM2M over MQTT (OMA-TS-LightweightM2M_Transport 1.2 §8.3 to §8.7): each is one CBOR map, whose keys are the
 * whole numbers of table 8.7-1.
 */

/** The operations of tables 8.3.1-1 to 8.3.4-1. Number 6 has a meaning on each of the topics. */
export const MqttOperation = {
  BootstrapRequest: 0,
  BootstrapWrite: 1,
  BootstrapRead: 2,
  BootstrapDelete: 3,
  BootstrapDiscover: 4,
  BootstrapFinish: 5,
  BootstrapPackRequest: 6,
  Register: 6,
  Update: 7,
  Deregister: 8,
  Read: 9,
  ReadComposite: 10,
  Discover: 11,
  WriteReplace: 12,
  WritePartialUpdate: 13,
  WriteAttributes: 14,
  WriteComposite: 15,
  Execute: 16,
  Create: 17,
  Delete: 18,
  Observe: 20,
  ObserveComposite: 21,
  CancelObserve: 22,
  Notify: 23,
  Send: 24,
} as const;

/** The attributes that have a key: `lt` (less than) and `con` have none. */
export interface MqttAttributes {
  readonly pmin?: number;
  readonly pmax?: number;
  readonly gt?: number;
  readonly st?: number;
  readonly epmin?: number;
  readonly epmax?: number;
  readonly edge?: number;
  readonly hqmax?: number;
}

/** What a message may hold beside its token. */
export interface MqttFields extends MqttAttributes {
  readonly endpoint?: string;
  /** `pct`: the Content-Format that a terminal wants to be bootstrapped in. */
  readonly preferredFormat?: number;
  /** `/3/0/0` */
  readonly uri?: string;
  /** A list of paths in SenML-ETCH CBOR. */
  readonly paths?: Uint8Array;
  readonly payload?: Uint8Array;
  /** Seconds. */
  readonly lifetime?: number;
  readonly version?: string;
  readonly binding?: string;
  readonly sms?: string;
  readonly contentFormat?: number;
  readonly depth?: number;
}

/** A request or a notification, by its operation; or a response, by its result. */
export type MqttMessage = MqttFields & { readonly token: bigint } & (
    | { readonly operation: number; readonly result?: never }
    | { readonly result: number; readonly operation?: never }
  );

type Kind = 'number' | 'unsigned' | 'text' | 'bytes';
type FieldName = keyof MqttFields | 'operation' | 'result';

/** Table 8.7-1. Key 2 is the token. */
const fields: Readonly<Record<FieldName, { readonly key: number; readonly kind: Kind }>> = {
  operation: { key: 1, kind: 'unsigned' },
  endpoint: { key: 3, kind: 'text' },
  preferredFormat: { key: 4, kind: 'unsigned' },
  uri: { key: 5, kind: 'text' },
  paths: { key: 6, kind: 'bytes' },
  payload: { key: 7, kind: 'bytes' },
  lifetime: { key: 8, kind: 'unsigned' },
  version: { key: 9, kind: 'text' },
  binding: { key: 10, kind: 'text' },
  sms: { key: 11, kind: 'text' },
  pmin: { key: 12, kind: 'unsigned' },
  pmax: { key: 13, kind: 'unsigned' },
  gt: { key: 14, kind: 'number' },
  st: { key: 15, kind: 'number' },
  epmin: { key: 16, kind: 'unsigned' },
  epmax: { key: 17, kind: 'unsigned' },
  result: { key: 18, kind: 'unsigned' },
  contentFormat: { key: 19, kind: 'unsigned' },
  edge: { key: 20, kind: 'unsigned' },
  hqmax: { key: 21, kind: 'unsigned' },
  depth: { key: 22, kind: 'unsigned' },
};
const tokenKey = 2;
/** In ascending order of keys. */
const order = (Object.keys(fields) as FieldName[]).sort((a, b) => fields[a].key - fields[b].key);
const fieldOfKey = new Map(order.map((name) => [fields[name].key, name]));

/** Texts are names, paths and parameters. */
const maximumText = 255;
/** The keys of the outer wrapper (§8.6); what it wraps is an item of its own. */
const wrapperKey = 1;
const wrappedKey = 2;

/** The CBOR map of a message: the token behind the operation, other keys in ascending order. */
export function encodeMqttMessage(message: MqttMessage): Uint8Array {
  const present = order.filter((name) => message[name] !== undefined);
  const out = new CborWriter();
  out.map(present.length + 1);
  const before = present.filter((name) => fields[name].key < tokenKey);
  for (const name of before) writeField(out, message, name);
  out.integer(tokenKey);
  out.integer(message.token);
  for (const name of present.slice(before.length)) writeField(out, message, name);
  return out.finish();
}

function writeField(out: CborWriter, message: MqttMessage, name: FieldName): void {
  const value = message[name]!;
  out.integer(fields[name].key);
  if (typeof value === 'string') out.text(value);
  else if (value instanceof Uint8Array) out.bytes(value);
  else if (Number.isSafeInteger(value)) out.integer(value);
  else out.float(value);
}

/** Why bytes are no message. Stable: they label the counters. */
export type MqttFormatReason = 'too large' | 'malformed' | 'protected' | 'no token' | 'neither' | 'both' | 'wrong type';

export interface MqttFormatError {
  readonly reason: MqttFormatReason;
  /** What is wrong and what is right. */
  readonly message: string;
  /** Of a request that can be answered all the same. */
  readonly request?: { readonly operation: number; readonly token: bigint };
}

/**
 * Reads a message. Keys that table 8.7-1 does not have are passed over.
 * @param maximumBytes larger ones are not looked at
 */
export function decodeMqttMessage(bytes: Uint8Array, maximumBytes: number): Result<MqttMessage, MqttFormatError> {
  if (bytes.length > maximumBytes) {
    return refuse('too large', `a message has ${bytes.length} bytes, and ${maximumBytes} is the most`);
  }
  const item = readStrictCbor(bytes, { maximumDepth: 2, maximumItems: 200 });
  if (!item.ok) return refuse('malformed', `this is not CBOR: ${item.error.message}`);
  const map = unwrapped(item.value);
  return map.ok ? readFields(map.value.entries) : map;
}

/**
 * The map itself, or what is in an outer wrapper without protection (§8.6).
 * DEVIATION: §8.6 has COSE optional, and there is none here: a message that it protects is refused.
 */
function unwrapped(item: CborItem): Result<CborMap, MqttFormatError> {
  if (!(item instanceof CborMap)) return refuse('malformed', 'a message is a CBOR map');
  const wrapper = item.entries.get(wrapperKey);
  if (wrapper === undefined || typeof wrapper === 'number' || wrapper instanceof CborFloat) return success(item);
  if (wrapper !== null) return refuse('protected', 'a message under COSE cannot be read here');
  const wrapped = item.entries.get(wrappedKey);
  return wrapped instanceof CborMap ? success(wrapped) : refuse('malformed', 'nothing is in the outer wrapper');
}

function readFields(entries: CborMap['entries']): Result<MqttMessage, MqttFormatError> {
  const given = entries.get(tokenKey);
  const isToken = (typeof given === 'number' || typeof given === 'bigint') && given >= 0;
  if (!isToken) return refuse('no token', 'key 2, the token, is an unsigned integer');
  const token = BigInt(given);
  const [operation, result] = [entries.get(fields.operation.key), entries.get(fields.result.key)];
  if (operation === undefined && result === undefined) {
    return refuse('neither', 'a message has an operation (1) or a result (18)');
  }
  if (operation !== undefined && result !== undefined) {
    return refuse('both', 'a message has an operation (1) or a result (18), not both');
  }
  const request = typeof operation === 'number' && operation >= 0 ? { operation, token } : undefined;
  const read: Record<string, unknown> = { token };
  for (const [key, value] of entries) {
    const name = typeof key === 'number' ? fieldOfKey.get(key) : undefined;
    if (name === undefined) continue;
    const found = readField(value, fields[name].kind);
    if (found === undefined) {
      return refuse('wrong type', `key ${String(key)} is ${right[fields[name].kind]}`, request);
    }
    read[name] = found;
  }
  return success(read as unknown as MqttMessage);
}

const right: Readonly<Record<Kind, string>> = {
  number: 'a number',
  unsigned: 'an unsigned integer of up to 53 bits',
  text: `a text of up to ${maximumText} characters`,
  bytes: 'a byte string',
};

/** The examples of §8.4 have payloads that are texts. */
function readField(item: CborItem, kind: Kind): number | string | Uint8Array | undefined {
  switch (kind) {
    case 'unsigned':
      return typeof item === 'number' && item >= 0 ? item : undefined;
    case 'number': {
      const value = item instanceof CborFloat ? item.value : item;
      return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
    }
    case 'text':
      return typeof item === 'string' && item.length <= maximumText ? item : undefined;
    default:
      return typeof item === 'string' ? encodeUtf8(item) : item instanceof Uint8Array ? item : undefined;
  }
}

function refuse(
  reason: MqttFormatReason,
  message: string,
  request?: MqttFormatError['request'],
): Result<never, MqttFormatError> {
  return failure({ reason, message, ...(request && { request }) });
}
