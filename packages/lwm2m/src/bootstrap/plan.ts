import { decodeHex, encodeBase64, failure, type Result, success } from '@yaolian/kernel';
import type { ObjectModel } from '../model.ts';
import {
  type Lwm2mNode,
  multipleResource,
  objectInstance,
  type ResourceNode,
  resourceInstance,
  singleResource,
} from '../node.ts';
import { formatPath, type Lwm2mPath, lwm2mPath, PathLevel, parsePath, pathLevel } from '../path.ts';
import type { ResourceType } from '../value.ts';
import { guessType, valueFromJson } from '../value-json.ts';
import type {
  BootstrapConfig,
  BootstrapOscore,
  BootstrapSecurity,
  BootstrapServerAccount,
  BootstrapWrite,
  JsonValue,
  JsonValues,
} from './config.ts';
import { SecurityMode } from './config.ts';

/** Where a configuration is wrong: `servers[0].lifetime`, `writes[2].resources.5`; and what is right. */
export interface BootstrapConfigError {
  readonly where: string;
  readonly message: string;
}

export interface PlannedWrite {
  readonly path: Lwm2mPath;
  readonly node: Lwm2mNode;
}

/** A configuration made ready: paths and values as they go out. */
export interface BootstrapPlan {
  readonly deletes: readonly Lwm2mPath[];
  readonly discovers: readonly Lwm2mPath[];
  readonly reads: readonly Lwm2mPath[];
  readonly writes: readonly PlannedWrite[];
  readonly discoversAfter: readonly Lwm2mPath[];
}

class WrongConfig extends Error {
  readonly where: string;

  constructor(where: string, message: string) {
    super(message);
    this.where = where;
  }
}

/** Checks a configuration and makes it ready. Types of values come from the model, then from the configuration. */
export function planBootstrap(
  config: BootstrapConfig,
  model: ObjectModel,
): Result<BootstrapPlan, BootstrapConfigError> {
  try {
    const upToInstance = [PathLevel.Root, PathLevel.Object, PathLevel.ObjectInstance];
    return success({
      deletes: (config.deletes ?? ['/']).map((text, i) => pathOf(text, `deletes[${i}]`, upToInstance)),
      discovers: discoversOf(config.discovers, 'discovers'),
      discoversAfter: discoversOf(config.discoversAfter, 'discoversAfter'),
      reads: (config.reads ?? []).map((text, i) => pathOf(text, `reads[${i}]`, upToInstance.slice(1))),
      writes: [
        ...config.security.flatMap((security, i) => planSecurity(security, `security[${i}]`, model)),
        ...config.servers.map((server, i) => planServer(server, `servers[${i}]`, model)),
        ...(config.writes ?? []).map((write, i) => planWrite(write, `writes[${i}]`, model)),
      ],
    });
  } catch (error) {
    if (error instanceof WrongConfig) return failure({ where: error.where, message: error.message });
    throw error;
  }
}

function discoversOf(texts: readonly string[] = [], where: string): readonly Lwm2mPath[] {
  return texts.map((text, i) => pathOf(text, `${where}[${i}]`, [PathLevel.Root, PathLevel.Object]));
}

function pathOf(text: string, where: string, levels: readonly PathLevel[]): Lwm2mPath {
  const parsed = parsePath(text);
  if (!parsed.ok) throw new WrongConfig(where, parsed.error.message);
  if (parsed.value.prefix !== undefined || !levels.includes(pathLevel(parsed.value)))
    throw new WrongConfig(where, `${text} is not at the right level`);
  return parsed.value;
}

/** The resources of object 0 by their names in the configuration. */
const securityResources = {
  uri: 0,
  isBootstrapServer: 1,
  securityMode: 2,
  publicKeyOrIdentity: 3,
  serverPublicKey: 4,
  secretKey: 5,
  shortServerId: 10,
  clientHoldOffTime: 11,
  bootstrapServerAccountTimeout: 12,
  matchingType: 13,
  sni: 14,
  certificateUsage: 15,
  ciphersuites: 16,
  oscoreSecurityMode: 17,
  groups: 18,
  signatureAlgorithms: 20,
  mqttServer: 26,
} as const satisfies Record<keyof Omit<BootstrapSecurity, 'instanceId' | 'issue' | 'oscore'>, number>;

/** The resources of object 21. */
const oscoreResources = {
  masterSecret: 0,
  senderId: 1,
  recipientId: 2,
  aead: 3,
  hmac: 4,
  masterSalt: 5,
  idContext: 6,
} as const satisfies Record<keyof BootstrapOscore | 'masterSecret', number>;

const emptyCredentials = { publicKeyOrIdentity: '', serverPublicKey: '', secretKey: '' };

function planSecurity(security: BootstrapSecurity, where: string, model: ObjectModel): readonly PlannedWrite[] {
  const { instanceId, issue: _, oscore, ...said } = security;
  if (oscore && said.oscoreSecurityMode !== undefined)
    throw new WrongConfig(`${where}.oscoreSecurityMode`, 'it follows from oscore: give one');
  const { secretKey, ...clear } = said;
  const given = oscore ? { ...clear, oscoreSecurityMode: `21:${instanceId}` } : said;
  if (!/^(?:coaps?(?:\+(?:tcp|ws))?|mqtts?):\/\/.+/.test(given.uri))
    throw new WrongConfig(`${where}.uri`, 'a URI such as coap://192.0.2.1:5683 or mqtt://192.0.2.1');
  // OMA has resources 3 to 5 mandatory, also where a security mode has no use for them, and Leshan's client answers Finish
  // with 4.06 when they are not there. China Mobile's profile A, whose accounts have no short server ID, has 0 to 2 alone.
  const credentials = given.shortServerId === undefined ? {} : emptyCredentials;
  const filled = { isBootstrapServer: false, securityMode: SecurityMode.NoSec, ...credentials, ...given };
  const account = planInstance(0, instanceId, filled, securityResources, where, model);
  if (!oscore) return [account];
  // Before the account that links to it, so that no account ever links to nothing.
  return [planOscore(instanceId, oscore, secretKey, `${where}.oscore`, model), account];
}

/** HMAC 256/256. */
const hmacSha256 = 5;

function planOscore(
  instanceId: number,
  { senderId, recipientId, masterSalt, idContext, aead, hmac }: BootstrapOscore,
  secretKey: string | undefined,
  where: string,
  model: ObjectModel,
): PlannedWrite {
  const opaque = Object.entries({ senderId, recipientId, masterSalt, idContext }).flatMap(([name, hex]) => {
    if (hex === undefined) return [];
    const bytes = decodeHex(hex);
    if (bytes === undefined) throw new WrongConfig(`${where}.${name}`, 'bytes in lower-case hex');
    return [[name, encodeBase64(bytes)]];
  });
  // Object 21 has HMACs of COSE (RFC 8152 table 7). Leshan's client looks for key derivations among them, and answers Finish with 4.06 to
  // what it does not find; the default of both (RFC 8613 §3.2) goes without saying.
  const values = {
    aead,
    hmac: hmac === hmacSha256 ? undefined : hmac,
    ...Object.fromEntries(opaque),
    ...(secretKey !== undefined && { masterSecret: secretKey }),
  };
  return planInstance(21, instanceId, values, oscoreResources, where, model);
}

/** The resources of object 1 by their names in the configuration. */
const serverResources = {
  shortServerId: 0,
  lifetime: 1,
  minimumPeriod: 2,
  maximumPeriod: 3,
  disableTimeout: 5,
  storeNotifications: 6,
  binding: 7,
  registrationPriority: 13,
  initialRegistrationDelay: 14,
  registrationFailureBlocks: 15,
  bootstrapOnRegistrationFailure: 16,
  retryCount: 17,
  retryTimer: 18,
  sequenceDelay: 19,
  sequenceRetryCount: 20,
  preferredTransport: 22,
  muteSend: 23,
  notificationMode: 26,
} as const satisfies Record<keyof Omit<BootstrapServerAccount, 'instanceId'>, number>;

function planServer(server: BootstrapServerAccount, where: string, model: ObjectModel): PlannedWrite {
  const { instanceId, ...given } = server;
  if (!(given.shortServerId >= 1 && given.shortServerId <= 65_534)) {
    throw new WrongConfig(`${where}.shortServerId`, 'a whole number from 1 to 65534');
  }
  const filled = { lifetime: 86_400, storeNotifications: true, binding: 'U', ...given };
  return planInstance(1, instanceId, filled, serverResources, where, model);
}

function planInstance(
  objectId: number,
  instanceId: number,
  values: Readonly<Record<string, JsonValue | readonly JsonValue[] | undefined>>,
  ids: Readonly<Record<string, number>>,
  where: string,
  model: ObjectModel,
): PlannedWrite {
  const path = instancePath(objectId, instanceId, `${where}.instanceId`);
  const resources: ResourceNode[] = [];
  for (const [name, id] of Object.entries(ids)) {
    const json = values[name];
    if (json === undefined) continue;
    const several = Array.isArray(json) ? Object.fromEntries((json as readonly JsonValue[]).entries()) : undefined;
    resources.push(resourceOf(objectId, id, several ?? (json as JsonValue), undefined, `${where}.${name}`, model));
  }
  return { path, node: objectInstance(instanceId, resources) };
}

function instancePath(objectId: number, instanceId: number, where: string): Lwm2mPath {
  try {
    return lwm2mPath(objectId, instanceId);
  } catch (error) {
    throw new WrongConfig(where, (error as RangeError).message);
  }
}

function singleOf(id: number, type: ResourceType, json: JsonValue, where: string): ResourceNode {
  return singleResource(id, type, valueAt(type, json, where));
}

function valueAt(type: ResourceType, json: JsonValue, where: string) {
  const value = valueFromJson(type, json);
  if (!value.ok) throw new WrongConfig(where, value.error.message);
  return value.value;
}

function planWrite(write: BootstrapWrite, where: string, model: ObjectModel): PlannedWrite {
  const levels = [PathLevel.ObjectInstance, PathLevel.Resource, PathLevel.ResourceInstance];
  const path = pathOf(write.path, `${where}.path`, levels);
  const given = [write.value, write.values, write.resources].filter((part) => part !== undefined).length;
  if (given !== 1) throw new WrongConfig(where, 'exactly one of value, values and resources');
  if (pathLevel(path) === PathLevel.ObjectInstance) {
    if (!write.resources) throw new WrongConfig(where, `${formatPath(path)} is an object instance: it has resources`);
    return { path, node: instanceOf(path, write, where, model) };
  }
  const json = write.value ?? write.values;
  if (json === undefined) throw new WrongConfig(where, `${formatPath(path)} has a value, or values with instances`);
  const resource = resourceOf(path.objectId!, path.resourceId!, json, write.type, where, model);
  if (pathLevel(path) === PathLevel.Resource) return { path, node: resource };
  if (resource.kind !== 'resource') throw new WrongConfig(where, `${formatPath(path)} has one value`);
  return { path, node: resourceInstance(path.resourceInstanceId!, resource.type, resource.value) };
}

function instanceOf(path: Lwm2mPath, write: BootstrapWrite, where: string, model: ObjectModel): Lwm2mNode {
  const resources = Object.entries(write.resources!).map(([key, json]) => {
    const at = `${where}.resources.${key}`;
    return resourceOf(path.objectId!, idOf(key, at), json, write.types?.[key], at, model);
  });
  return objectInstance(path.objectInstanceId!, resources);
}

function resourceOf(
  objectId: number,
  id: number,
  json: JsonValue | JsonValues,
  type: ResourceType | undefined,
  where: string,
  model: ObjectModel,
): ResourceNode {
  const known = model.object(objectId)?.resources.get(id)?.type;
  if (typeof json !== 'object') return singleOf(id, known ?? type ?? guessType(json), json, where);
  const entries = Object.entries(json);
  const common = known ?? type ?? guessType(entries[0]?.[1] ?? '');
  return multipleResource(
    id,
    common,
    entries.map(([key, value]) => [idOf(key, `${where}.${key}`), valueAt(common, value, `${where}.${key}`)]),
  );
}

function idOf(key: string, where: string): number {
  const parsed = parsePath(key);
  if (!parsed.ok || parsed.value.prefix !== undefined || pathLevel(parsed.value) !== PathLevel.Object) {
    throw new WrongConfig(where, `"${key}" is no id; those are 0 to 65534`);
  }
  return parsed.value.objectId!;
}
