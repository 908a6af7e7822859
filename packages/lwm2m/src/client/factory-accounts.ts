import { type Duration, emptyBytes, toSeconds } from '@yaolian/kernel';
import { defaultLifetime, isBootstrapServer, numberOf, Security, Server } from './accounts.ts';
import type { ServerAccess } from './connection.ts';
import type { DeclaredInstance } from './object-instance.ts';
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
}

/** A server that the terminal knows from the factory. */
export interface ServerConfiguration extends Credentials {
  /** `coap://192.0.2.1:5683` */
  readonly uri: string;
  /** Default: 1, 2, … in the order of the list. */
  readonly shortServerId?: number;
  /** Whole seconds of it count. Default 24 h. */
  readonly lifetime?: Duration;
  /** Default: `T` for servers over TCP, TLS and WebSockets, else `U`. */
  readonly binding?: string;
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
    addServer(tree, shortServerId, configuration);
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
  };
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
  const { uri, ...credentials } = accessOfConfiguration(configuration);
  security.update({ serverUri: uri, ...credentials, ...values });
  tree.add(security);
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
    lifetime: lifetime === undefined ? defaultLifetime : Math.max(1, Math.floor(toSeconds(lifetime))),
    binding,
    notificationStoring: false,
    // Whoever puts a server into the terminal by hand may want to Send to it; one that a bootstrap brings says it itself.
    ...(server.layout.indexOf(Server.MuteSend) < 0 ? {} : { muteSend: false }),
    ...(defaultMinimumPeriod === undefined ? {} : { defaultMinimumPeriod: Math.ceil(toSeconds(defaultMinimumPeriod)) }),
    ...(defaultMaximumPeriod === undefined
      ? {}
      : { defaultMaximumPeriod: Math.floor(toSeconds(defaultMaximumPeriod)) }),
  });
  tree.add(server);
}

/** OMA-TS-LightweightM2M 1.1 core §6.2.1.2: T is TCP, U UDP. */
function bindingOf(uri: string | undefined): string {
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
