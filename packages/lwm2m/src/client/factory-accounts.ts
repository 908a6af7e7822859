import { type Duration, emptyBytes, toSeconds } from '@yaolian/kernel';
import {
  defaultLifetime,
  isBootstrapServer,
  MqttAccount,
  numberOf,
  OscoreContext,
  Security,
  Server,
} from './accounts.ts';
import type { MqttAccess, OscoreAccess, ServerAccess } from './connection.ts';
import type { DeclaredInstance, ObjectInstance, StoredValue } from './object-instance.ts';
import type { ObjectTree } from './object-tree.ts';
import { SecurityMode, type securityObject10 } from './objects/security.ts';
import type { serverObject10 } from './objects/server.ts';

/** What a terminal proves itself with. */
export interface Credentials {
  /** One of {@link SecurityMode}; default NoSec. */
  readonly securityMode?: number;
  readonly publicKeyOrIdentity?: Uint8Array;
  readonly serverPublicKey?: Uint8Array;
  readonly secretKey?: Uint8Array;
  /** Resource 13 (LwM2M 1.1): 0 {@link serverPublicKey} is the certificate, 1, 2, 3 its SHA-256, SHA-384, SHA-512. */
  readonly matchingType?: number;
  /** Resource 14 (LwM2M 1.1): the name that the server is asked for. */
  readonly sni?: string;
  /** Resource 15 (LwM2M 1.1): 0 CA constraint, 1 service certificate, 2 trust anchor, 3 domain-issued, the default. */
  readonly certificateUsage?: number;
  /** Resource 16 (LwM2M 1.1): what is offered, by IANA's numbers. */
  readonly ciphersuites?: readonly number[];
  /** Resource 20 (LwM2M 1.2): the SignatureSchemes that may be used, by IANA's numbers. */
  readonly signatureAlgorithms?: readonly number[];
  /** Resource 17 (LwM2M 1.1): what protects all messages, in an instance of object 21. */
  readonly oscore?: OscoreAccess;
  /** Resource 26 (LwM2M 1.2): as whom the terminal connects to the broker of an `mqtt://` URI, in an instance of object 24. */
  readonly mqtt?: MqttAccess;
}

/** A server that the terminal knows from the factory. */
export interface ServerConfiguration extends Credentials {
  /** `coap://192.0.2.1:5683` */
  readonly uri: string;
  /** Default: 1, 2, … in the order of the list. Entries with the same one are ways to one server; the first says what is not about the way. */
  readonly shortServerId?: number;
  /** Whole seconds of it count. Default 24 h. */
  readonly lifetime?: Duration;
  /** Default: `T` for servers over TCP, TLS and WebSockets, `M` over MQTT, else `U`; `UT` for those with both. */
  readonly binding?: string;
  /** `U` or `T`: the way to take of several, while the server does not answer the next one. LwM2M 1.1. Default: the first of the list. */
  readonly preferredTransport?: string;
  /** Servers that have one are registered with one after the other, the lowest first. LwM2M 1.1. Default: whenever. */
  readonly registrationPriority?: number;
  /** While registration with this server fails, those behind it wait. LwM2M 1.1. Default false. */
  readonly registrationFailureBlocks?: boolean;
  /** Whether the terminal bootstraps again when all attempts at this server failed (1/x/16) and no other has it. LwM2M 1.1. Default true. */
  readonly bootstrapsOnFailure?: boolean;
  /**
   * Before the second attempt to register (1/x/18, Communication Retry Timer), in whole seconds. LwM2M 1.1. Default: what the
   * terminal has for all servers ({@link RetryPolicy}).
   */
  readonly retryTimer?: Duration;
  readonly defaultMinimumPeriod?: Duration;
  readonly defaultMaximumPeriod?: Duration;
}

/** The Bootstrap-Server that the terminal knows from the factory. */
export interface BootstrapConfiguration extends Credentials {
  /** `coap://192.0.2.1:5683` */
  readonly uri: string;
  /**
   * `needed`: when there is no server to register with (OMA's sequence); `start`: each time the terminal starts, as China Mobile
   * has it. Default `needed`.
   */
  readonly when?: 'needed' | 'start';
  /** Time for the Bootstrap-Server to begin by itself. Default none. */
  readonly holdOff?: Duration;
  /** How long after a bootstrap the account is removed. Default never. */
  readonly accountTimeout?: Duration;
  /**
   * Asks for the whole configuration at once (LwM2M 1.2, Bootstrap-Pack-Request) before it asks to be told step by step. Default
   * false.
   */
  readonly pack?: boolean;
  /** Before the second attempt, instead of `initialDelay` of the client's {@link RetryPolicy}: no specification has a time for it. */
  readonly retryTimer?: Duration;
}

/** Makes the instances of objects 0 and 1 that say what the terminal was configured with. */
export function installAccounts(
  tree: ObjectTree,
  bootstrap: BootstrapConfiguration | undefined,
  servers: readonly ServerConfiguration[],
): void {
  if (bootstrap) addSecurity(tree, bootstrap, { bootstrapServer: true, ...bootstrapTimes(bootstrap) });
  servers.forEach((configuration, index) => {
    const shortServerId = configuration.shortServerId ?? index + 1;
    addSecurity(tree, configuration, { bootstrapServer: false, shortServerId });
    const ways = servers.filter((other, at) => (other.shortServerId ?? at + 1) === shortServerId);
    if (ways[0] !== configuration) return;
    const binding = [...new Set(ways.map(({ uri }) => bindingOf(uri)))].toSorted().reverse().join('');
    addServer(tree, shortServerId, { binding, ...configuration });
  });
}

/** What a configuration says about reaching its server. */
export function accessOfConfiguration(configuration: Credentials & { readonly uri: string }): ServerAccess {
  return {
    uri: configuration.uri,
    securityMode: configuration.securityMode ?? SecurityMode.NoSec,
    publicKeyOrIdentity: configuration.publicKeyOrIdentity ?? emptyBytes,
    serverPublicKey: configuration.serverPublicKey ?? emptyBytes,
    secretKey: configuration.secretKey ?? emptyBytes,
    ...(configuration.oscore && { oscore: configuration.oscore }),
    ...(configuration.mqtt && { mqtt: configuration.mqtt }),
    ...offersOf(configuration),
  };
}

type Offers = Pick<Credentials, 'matchingType' | 'sni' | 'certificateUsage' | 'ciphersuites' | 'signatureAlgorithms'>;

function offersOf(credentials: Credentials): Offers {
  const { matchingType, sni, certificateUsage, ciphersuites, signatureAlgorithms } = credentials;
  return {
    ...(matchingType !== undefined && { matchingType }),
    ...(sni !== undefined && { sni }),
    ...(certificateUsage !== undefined && { certificateUsage }),
    ...(ciphersuites && { ciphersuites }),
    ...(signatureAlgorithms && { signatureAlgorithms }),
  };
}

/** @throws RangeError where the terminal speaks a LwM2M that does not have the resource */
function storeOffers(security: ObjectInstance, configuration: Credentials): void {
  const { matchingType, sni, certificateUsage, ciphersuites, signatureAlgorithms } = offersOf(configuration);
  const store = (id: number, value: StoredValue | undefined) => {
    if (value === undefined) return;
    if (security.layout.indexOf(id) < 0) {
      const since = id > Security.Ciphersuites ? '1.2' : '1.1';
      throw new RangeError(`resource ${id} of the Security object is of LwM2M ${since}`);
    }
    security.store(id, value);
  };
  store(Security.MatchingType, matchingType);
  store(Security.Sni, sni);
  store(Security.CertificateUsage, certificateUsage);
  store(Security.Ciphersuites, ciphersuites && new Map(ciphersuites.entries()));
  store(Security.SignatureAlgorithmsToUse, signatureAlgorithms && new Map(signatureAlgorithms.entries()));
}

function bootstrapTimes({ holdOff, accountTimeout }: BootstrapConfiguration): Record<string, number> {
  return {
    ...(holdOff === undefined ? {} : { clientHoldOffTime: Math.ceil(toSeconds(holdOff)) }),
    ...(accountTimeout === undefined ? {} : { bootstrapAccountTimeout: Math.ceil(toSeconds(accountTimeout)) }),
  };
}

function addSecurity(
  tree: ObjectTree,
  configuration: ServerConfiguration | BootstrapConfiguration,
  values: { readonly bootstrapServer: boolean; readonly shortServerId?: number },
): void {
  const id = tree.freeInstanceId(0)!;
  const security = tree.entry(0)!.creatable!.create(id) as DeclaredInstance<typeof securityObject10>;
  const { uri, oscore, mqtt, ...credentials } = accessOfConfiguration(configuration);
  const { securityMode, publicKeyOrIdentity, serverPublicKey, secretKey } = credentials;
  security.update({ serverUri: uri, securityMode, publicKeyOrIdentity, serverPublicKey, secretKey, ...values });
  storeOffers(security, configuration);
  if (oscore) security.store(Security.OscoreSecurityMode, { objectId: 21, instanceId: addContext(tree, oscore) });
  if (mqtt) {
    if (security.layout.indexOf(Security.MqttServer) < 0) throw new RangeError('accounts of MQTT are of LwM2M 1.2');
    security.store(Security.MqttServer, { objectId: 24, instanceId: addMqttServer(tree, mqtt) });
  }
  tree.add(security);
}

/** An instance of object 24, which the tree has. */
function addMqttServer(tree: ObjectTree, access: MqttAccess): number {
  const id = tree.freeInstanceId(24)!;
  const account = tree.entry(24)!.creatable!.create(id);
  const { will } = access;
  account.store(MqttAccount.WillRetain, will?.retain);
  account.store(MqttAccount.WillTopic, will?.topic);
  account.store(MqttAccount.WillMessage, will?.message);
  account.store(MqttAccount.CleanSession, access.cleanSession);
  account.store(MqttAccount.WillQos, will?.qos);
  account.store(MqttAccount.KeepAlive, access.keepAlive);
  account.store(MqttAccount.ClientIdentifier, access.clientIdentifier);
  account.store(MqttAccount.UserName, access.userName);
  account.store(MqttAccount.Password, access.password);
  tree.add(account);
  return id;
}

/** An instance of object 21, which the tree has. */
function addContext(tree: ObjectTree, access: OscoreAccess): number {
  const id = tree.freeInstanceId(21)!;
  const context = tree.entry(21)!.creatable!.create(id);
  context.store(OscoreContext.MasterSecret, access.masterSecret);
  context.store(OscoreContext.SenderId, access.senderId);
  context.store(OscoreContext.RecipientId, access.recipientId);
  context.store(OscoreContext.AeadAlgorithm, access.aead);
  context.store(OscoreContext.HmacAlgorithm, access.kdf);
  context.store(OscoreContext.MasterSalt, access.masterSalt);
  context.store(OscoreContext.IdContext, access.idContext);
  tree.add(context);
  return id;
}

function addServer(
  tree: ObjectTree,
  shortServerId: number,
  configuration: Omit<ServerConfiguration, 'uri'> & { readonly uri?: string },
): void {
  const id = tree.freeInstanceId(1)!;
  const server = tree.entry(1)!.creatable!.create(id) as DeclaredInstance<typeof serverObject10>;
  const { uri, lifetime, binding = bindingOf(uri), defaultMinimumPeriod, defaultMaximumPeriod } = configuration;
  server.update({
    shortServerId,
    lifetime: lifetime === undefined ? defaultLifetime : wholeSeconds(lifetime),
    binding,
    notificationStoring: false,
    // Whoever puts a server into the terminal by hand may want to Send to it; one that a bootstrap brings says it itself.
    ...(server.layout.indexOf(Server.MuteSend) < 0 ? {} : { muteSend: false }),
    ...(defaultMinimumPeriod === undefined ? {} : { defaultMinimumPeriod: Math.ceil(toSeconds(defaultMinimumPeriod)) }),
    ...(defaultMaximumPeriod === undefined
      ? {}
      : { defaultMaximumPeriod: Math.floor(toSeconds(defaultMaximumPeriod)) }),
  });
  const { registrationPriority: priority, registrationFailureBlocks: blocks, preferredTransport } = configuration;
  const { bootstrapsOnFailure: bootstraps, retryTimer } = configuration;
  if (preferredTransport !== undefined) server.store(Server.PreferredTransport, preferredTransport);
  if (priority !== undefined) server.store(Server.RegistrationPriorityOrder, priority);
  if (blocks !== undefined) server.store(Server.RegistrationFailureBlock, blocks);
  if (retryTimer !== undefined) server.store(Server.CommunicationRetryTimer, Math.ceil(toSeconds(retryTimer)));
  if (bootstraps !== undefined) server.store(Server.BootstrapOnRegistrationFailure, bootstraps);
  tree.add(server);
}

/** OMA-TS-LightweightM2M 1.1 core §6.2.1.2: T is TCP, U UDP; 1.2: M is MQTT. */
function bindingOf(uri: string | undefined): string {
  if (uri !== undefined && /^mqtts?:/i.test(uri)) return 'M';
  return uri !== undefined && /^coaps?\+/i.test(uri) ? 'T' : 'U';
}

/**
 * China Mobile's platform writes the Security object alone, and of that the address. A terminal that has neither Server
 * object instances nor Short Server IDs gets the defaults of the seed, §7.3: one server, 86,400 s, UDP.
 */
export function completeAccounts(tree: ObjectTree, lifetime: Duration | undefined): void {
  if ((tree.entry(1)?.instances.size ?? 0) > 0) return;
  const servers = [...(tree.entry(0)?.instances.values() ?? [])].filter((security) => !isBootstrapServer(security));
  const [security, ...others] = servers;
  if (!security || others.length > 0 || numberOf(security, Security.ShortServerId) !== undefined) return;
  tree.transaction(() => {
    security.store(Security.ShortServerId, 1);
    const uri = security.value(Security.ServerUri) as string;
    addServer(tree, 1, lifetime === undefined ? { uri } : { uri, lifetime });
  });
}

/** A lifetime: 0 is for ever, less than a second is a second. */
function wholeSeconds(lifetime: Duration): number {
  return lifetime === 0 ? 0 : Math.max(1, Math.floor(toSeconds(lifetime)));
}
