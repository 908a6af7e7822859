import { parseCoapUri } from '@yaolian/coap';
import {
  type Duration,
  emptyBytes,
  encodeUtf8,
  equalBytes,
  failure,
  type Result,
  seconds,
  success,
} from '@yaolian/kernel';
import { parseMqttUri } from '../mqtt/uri.ts';
import { unassignedId } from '../path.ts';
import type { ObjectLink } from '../value.ts';
import type { MqttAccess, OscoreAccess, ServerAccess } from './connection.ts';
import type { ObjectInstance } from './object-instance.ts';
import type { ObjectTree } from './object-tree.ts';
import { SecurityMode } from './objects/security.ts';

/** A way to a server: an instance of the Security object that is no Bootstrap-Server's. */
export interface ServerWay {
  readonly access: ServerAccess;
  readonly security: ObjectInstance;
}

/** A way to a server, with the Server object instance that goes with it. */
export interface ServerAccount extends ServerWay {
  readonly shortServerId: number;
  readonly server: ObjectInstance;
  /** By other transports, where object 0 has several instances for the server: what is tried next when this one fails comes first. */
  readonly others: readonly ServerWay[];
}

/** The instance of the Security object that is a Bootstrap-Server's. */
export interface BootstrapAccount {
  /** Undefined: not in the tree, but what the program was configured with. */
  readonly instanceId: number | undefined;
  readonly access: ServerAccess;
  /** How long to wait for the Bootstrap-Server to begin before asking it. */
  readonly holdOff: Duration;
  /** After how much time following a bootstrap the account is removed; 0: never. */
  readonly accountTimeout: Duration;
}

/** Resources of the Security object (0). */
export const Security = {
  ServerUri: 0,
  BootstrapServer: 1,
  SecurityMode: 2,
  PublicKeyOrIdentity: 3,
  ServerPublicKey: 4,
  SecretKey: 5,
  ShortServerId: 10,
  ClientHoldOffTime: 11,
  BootstrapAccountTimeout: 12,
  MatchingType: 13,
  Sni: 14,
  CertificateUsage: 15,
  Ciphersuites: 16,
  OscoreSecurityMode: 17,
  Groups: 18,
  SignatureAlgorithmsOfServer: 19,
  SignatureAlgorithmsToUse: 20,
  MqttServer: 26,
  CoseSecurity: 27,
} as const;

/** Resources of the MQTT Server object (24). */
export const MqttAccount = {
  WillRetain: 0,
  WillTopic: 1,
  WillMessage: 2,
  CleanSession: 3,
  WillQos: 4,
  KeepAlive: 5,
  ClientIdentifier: 6,
  UserName: 7,
  Password: 8,
} as const;

/** Resources of the OSCORE object (21). */
export const OscoreContext = {
  MasterSecret: 0,
  SenderId: 1,
  RecipientId: 2,
  AeadAlgorithm: 3,
  HmacAlgorithm: 4,
  MasterSalt: 5,
  IdContext: 6,
} as const;

/** Resources of the Server object (1). */
export const Server = {
  ShortServerId: 0,
  Lifetime: 1,
  DefaultMinimumPeriod: 2,
  DefaultMaximumPeriod: 3,
  DisableTimeout: 5,
  NotificationStoring: 6,
  Binding: 7,
  TlsDtlsAlertCode: 11,
  RegistrationPriorityOrder: 13,
  RegistrationFailureBlock: 15,
  BootstrapOnRegistrationFailure: 16,
  CommunicationRetryTimer: 18,
  PreferredTransport: 22,
  MuteSend: 23,
  DefaultNotificationMode: 26,
} as const;

const mandatory = [
  [Server.Lifetime, 'Lifetime'],
  [Server.Binding, 'Binding'],
] as const;

/** The seed's lifetime, which is OMA's too. */
export const defaultLifetime = 86_400;

export function isBootstrapServer(security: ObjectInstance): boolean {
  return security.value(Security.BootstrapServer) === true;
}

/** OMA-TS-LightweightM2M_Core 1.1 §6.1.2: a terminal has at most one Bootstrap-Server account; of more, the first counts. */
export function findBootstrapAccount(tree: ObjectTree): BootstrapAccount | undefined {
  for (const security of tree.entry(0)?.instances.values() ?? []) {
    if (!isBootstrapServer(security)) continue;
    return {
      instanceId: security.id,
      access: accessOf(security, tree),
      holdOff: seconds(numberOf(security, Security.ClientHoldOffTime) ?? 0),
      accountTimeout: seconds(numberOf(security, Security.BootstrapAccountTimeout) ?? 0),
    };
  }
  return undefined;
}

/**
 * The accounts that objects 0 and 1 make up, ascending by Short Server ID; or why they do not make sense, which is the
 * consistency check of Bootstrap-Finish (OMA-TS-LightweightM2M_Core 1.1 §6.1.7.3).
 */
export function readServerAccounts(tree: ObjectTree): Result<readonly ServerAccount[], string> {
  const servers = serversById(tree);
  if (!servers.ok) return servers;
  const accounts = new Map<number, ServerAccount>();
  for (const security of tree.entry(0)?.instances.values() ?? []) {
    if (isBootstrapServer(security)) continue;
    const account = readAccount(tree, security, servers.value);
    if (!account.ok) return account;
    const { shortServerId } = account.value;
    const known = accounts.get(shortServerId);
    const all = known ? withWay(known, account.value) : account;
    if (!all.ok) return all;
    accounts.set(shortServerId, all.value);
  }
  for (const id of servers.value.keys()) {
    if (!accounts.has(id)) return failure(`server ${id} of the Server object is not in the Security object`);
  }
  return success([...accounts.values()].sort((a, b) => a.shortServerId - b.shortServerId));
}

/** Several ways to one server differ in their transport. The best comes first. */
function withWay(account: ServerAccount, { access, security }: ServerWay): Result<ServerAccount, string> {
  const { shortServerId, server } = account;
  const ways = [account, ...account.others];
  if (ways.some((way) => schemeOf(way.access) === schemeOf(access))) {
    return failure(`two Security object instances are of server ${shortServerId}, by the same transport`);
  }
  // Server object, resource 22 (LwM2M 1.1): the transport to take of several; without it those of the binding come before others.
  const preferred = server.value(Server.PreferredTransport);
  const binding = String(server.value(Server.Binding));
  const rank = (way: ServerWay) => {
    const transport = transportOf(way.access);
    return transport === preferred ? 0 : binding.includes(transport) ? 1 : 2;
  };
  const ordered = [...ways, { access, security }].toSorted((a, b) => rank(a) - rank(b));
  return success(withFirst(account, ordered));
}

function withFirst({ shortServerId, server }: ServerAccount, [first, ...others]: readonly ServerWay[]): ServerAccount {
  const ways = others.map(({ access, security }) => ({ access, security }));
  return { shortServerId, server, access: first!.access, security: first!.security, others: ways };
}

/** The same server by its next way; this one becomes the last. */
export function nextWay(account: ServerAccount): ServerAccount {
  return withFirst(account, [...account.others, account]);
}

function schemeOf({ uri }: ServerAccess): string {
  return uri.slice(0, uri.indexOf(':')).toLowerCase();
}

/** As bindings name it (OMA-TS-LightweightM2M_Core 1.1 §6.2.1.2): T over streams, U over datagrams; 1.2: M over MQTT. */
function transportOf(access: ServerAccess): 'T' | 'U' | 'M' {
  const scheme = schemeOf(access);
  if (scheme.startsWith('mqtt')) return 'M';
  return scheme.includes('+') ? 'T' : 'U';
}

function serversById(tree: ObjectTree): Result<ReadonlyMap<number, ObjectInstance>, string> {
  const servers = new Map<number, ObjectInstance>();
  for (const server of tree.entry(1)?.instances.values() ?? []) {
    const id = numberOf(server, Server.ShortServerId);
    if (id === undefined || id < 1 || id > 65_534)
      return failure(`/1/${server.id} has no Short Server ID from 1 to 65534`);
    if (servers.has(id)) return failure(`two Server object instances are of server ${id}`);
    servers.set(id, server);
  }
  return success(servers);
}

function readAccount(
  tree: ObjectTree,
  security: ObjectInstance,
  servers: ReadonlyMap<number, ObjectInstance>,
): Result<ServerAccount, string> {
  for (const { resourceId, objectId, instanceId } of accountLinksOf(security)) {
    if (tree.instance(objectId, instanceId)) continue;
    return failure(`/0/${security.id}/${resourceId} leads to /${objectId}/${instanceId}, which is not there`);
  }
  const access = accessOf(security, tree);
  const unusable = access.oscore && flawOf(access.oscore);
  if (unusable) return failure(`the context of /0/${security.id}/${Security.OscoreSecurityMode}: ${unusable}`);
  const uri = transportOf(access) === 'M' ? parseMqttUri(access.uri) : parseCoapUri(access.uri);
  if (!uri.ok) return failure(`/0/${security.id}/0: ${uri.error}`);
  if (!(access.securityMode in securityModes)) return failure(`/0/${security.id}/2 is no security mode`);
  if (needsKey.has(access.securityMode) && access.secretKey.length === 0) {
    return failure(`/0/${security.id} has a security mode and no key`);
  }
  for (const resourceId of [Security.MatchingType, Security.CertificateUsage]) {
    if ((numberOf(security, resourceId) ?? 0) > 3) return failure(`/0/${security.id}/${resourceId} is from 0 to 3`);
  }
  const id = numberOf(security, Security.ShortServerId);
  const server = id === undefined ? undefined : servers.get(id);
  if (id === undefined || !server)
    return failure(`/0/${security.id} has no Server object instance of the same Short Server ID`);
  for (const [resourceId, name] of mandatory) {
    if (server.value(resourceId) === undefined) return failure(`/1/${server.id} has no ${name}`);
  }
  return success({ shortServerId: id, access, security, server, others: [] });
}

/** Shorter secrets can be guessed (RFC 8613 §12.3). */
const leastSecret = 16;

/** Why no security context can be made of an instance of object 21, as when the terminal refused a part of it; undefined: one can. */
function flawOf({ masterSecret, senderId, recipientId }: OscoreAccess): string | undefined {
  if (masterSecret.length === 0) return 'it has no Master Secret';
  if (masterSecret.length < leastSecret) {
    return `its Master Secret has ${masterSecret.length} bytes, not ${leastSecret} or more`;
  }
  // RFC 8613 §3.3: with one ID both sides would encrypt with the same key and nonces.
  return equalBytes(senderId, recipientId) ? 'its Sender ID and Recipient ID are the same' : undefined;
}

/** With certificates a terminal may have none of its own, where the server does not ask for one. */
const needsKey: ReadonlySet<number> = new Set([SecurityMode.PreSharedKey, SecurityMode.RawPublicKey]);

const securityModes = Object.fromEntries(Object.entries(SecurityMode).map(([name, mode]) => [mode, name]));

export interface AccountLink extends ObjectLink {
  readonly resourceId: number;
}

/** What an account consists of besides: instances of object 21 (OSCORE), 24 (MQTT Server) and 23 (COSE). 65535 stands for nowhere. */
export function accountLinksOf(security: ObjectInstance): readonly AccountLink[] {
  return [Security.OscoreSecurityMode, Security.MqttServer, Security.CoseSecurity].flatMap((resourceId) => {
    const value = security.value(resourceId);
    const links = (value instanceof Map ? [...value.values()] : [value ?? []].flat()) as ObjectLink[];
    return links
      .filter(({ objectId, instanceId }) => objectId !== unassignedId && instanceId !== unassignedId)
      .map((link) => ({ resourceId, ...link }));
  });
}

function linkedBy(security: ObjectInstance, resource: number, tree: ObjectTree): ObjectInstance | undefined {
  const link = accountLinksOf(security).find(({ resourceId }) => resourceId === resource);
  return link && tree.instance(link.objectId, link.instanceId);
}

function mqttOf(security: ObjectInstance, tree: ObjectTree): MqttAccess | undefined {
  const account = linkedBy(security, Security.MqttServer, tree);
  if (!account) return undefined;
  const text = (id: number) => account.value(id) as string | undefined;
  const [cleanSession, password] = [account.value(MqttAccount.CleanSession), bytesOf(account, MqttAccount.Password)];
  const [keepAlive, userName] = [numberOf(account, MqttAccount.KeepAlive), text(MqttAccount.UserName)];
  const topic = text(MqttAccount.WillTopic);
  const will = topic !== undefined && {
    topic,
    message: text(MqttAccount.WillMessage) ?? '',
    qos: numberOf(account, MqttAccount.WillQos) ?? 0,
    retain: account.value(MqttAccount.WillRetain) === true,
  };
  return {
    clientIdentifier: text(MqttAccount.ClientIdentifier) ?? '',
    ...(typeof cleanSession === 'boolean' && { cleanSession }),
    ...(keepAlive !== undefined && { keepAlive }),
    ...(userName !== undefined && { userName }),
    ...(password.length > 0 && { password }),
    ...(will && { will }),
  };
}

function oscoreOf(security: ObjectInstance, tree: ObjectTree): OscoreAccess | undefined {
  const context = linkedBy(security, Security.OscoreSecurityMode, tree);
  if (!context) return undefined;
  const bytes = (id: number) => bytesOf(context, id);
  const idContext = bytes(OscoreContext.IdContext);
  const aead = numberOf(context, OscoreContext.AeadAlgorithm);
  const hmac = numberOf(context, OscoreContext.HmacAlgorithm);
  return {
    masterSecret: bytes(OscoreContext.MasterSecret),
    masterSalt: bytes(OscoreContext.MasterSalt),
    senderId: bytes(OscoreContext.SenderId),
    recipientId: bytes(OscoreContext.RecipientId),
    ...(idContext.length > 0 && { idContext }),
    ...(aead !== undefined && { aead }),
    ...(hmac !== undefined && { kdf: kdfOfHmac.get(hmac) ?? hmac }),
  };
}

/** Resource 4 is the HMAC by RFC 8152 table 7: HMAC 256/256 and 512/512. Some write the number of the HKDF itself. */
const kdfOfHmac: ReadonlyMap<number, number> = new Map([
  [5, -10],
  [7, -11],
]);

/** What an instance of the Security object says now. */
export function accessOf(security: ObjectInstance, tree?: ObjectTree): ServerAccess {
  const matchingType = numberOf(security, Security.MatchingType);
  const certificateUsage = numberOf(security, Security.CertificateUsage);
  const sni = security.value(Security.Sni);
  const ciphersuites = numbersOf(security, Security.Ciphersuites);
  const groups = numbersOf(security, Security.Groups);
  const signatureAlgorithms = signatureAlgorithmsOf(security);
  const oscore = tree && oscoreOf(security, tree);
  const mqtt = tree && mqttOf(security, tree);
  const hasCose = accountLinksOf(security).some(({ resourceId }) => resourceId === Security.CoseSecurity);
  return {
    ...(isBootstrapServer(security) && { bootstrap: true }),
    ...(mqtt && { mqtt }),
    ...(hasCose && { cose: true }),
    ...(matchingType !== undefined && { matchingType }),
    ...(certificateUsage !== undefined && { certificateUsage }),
    ...(typeof sni === 'string' && sni !== '' && { sni }),
    ...(ciphersuites && { ciphersuites }),
    ...(groups && { groups }),
    ...(signatureAlgorithms && { signatureAlgorithms }),
    ...(oscore && { oscore }),
    uri: (security.value(Security.ServerUri) as string | undefined) ?? '',
    securityMode: numberOf(security, Security.SecurityMode) ?? SecurityMode.NoSec,
    publicKeyOrIdentity: bytesOf(security, Security.PublicKeyOrIdentity),
    serverPublicKey: bytesOf(security, Security.ServerPublicKey),
    secretKey: bytesOf(security, Security.SecretKey),
  };
}

/** A resource that holds one whole number of sane size. */
export function numberOf(instance: ObjectInstance, resourceId: number): number | undefined {
  const value = instance.value(resourceId);
  return typeof value === 'number' || typeof value === 'bigint' ? Number(value) : undefined;
}

/** The values of a resource with instances, by instance id; undefined where there are none. */
function numbersOf(instance: ObjectInstance, resourceId: number): readonly number[] | undefined {
  const values = instance.value(resourceId);
  if (!(values instanceof Map) || values.size === 0) return undefined;
  return [...values].sort(([a], [b]) => a - b).map(([, value]) => Number(value));
}

/** Those to use (20), without what the server is known not to do (19); of the two, one says it alone. */
function signatureAlgorithmsOf(security: ObjectInstance): readonly number[] | undefined {
  const ofServer = numbersOf(security, Security.SignatureAlgorithmsOfServer);
  const toUse = numbersOf(security, Security.SignatureAlgorithmsToUse);
  return toUse && ofServer ? toUse.filter((one) => ofServer.includes(one)) : (toUse ?? ofServer);
}

function bytesOf(instance: ObjectInstance, resourceId: number): Uint8Array {
  const value = instance.value(resourceId);
  // Object 21 1.x, which goes with LwM2M 1.1, has text where 2.0 has bytes.
  if (typeof value === 'string') return encodeUtf8(value);
  return value instanceof Uint8Array ? value : emptyBytes;
}

/** Resource 5 of the Server object: how long Disable sends the terminal away. */
export function disableDuration(account: ServerAccount): Duration {
  return seconds(numberOf(account.server, Server.DisableTimeout) ?? defaultLifetime);
}
