import {
  type FieldMistake,
  type JsonBootstrapAccount,
  type JsonBootstrapConfiguration,
  type JsonBootstrapServer,
  type JsonBootstrapWrite,
  mistakeAt,
} from '@yaolian/contract';
import { failure, type Result, success } from '@yaolian/kernel';
import type { ObjectModel } from '@yaolian/lwm2m';
import {
  type BootstrapConfig,
  type BootstrapSecurity,
  type BootstrapServerAccount,
  planBootstrap,
} from '@yaolian/lwm2m/bootstrap';
import { withoutSecrets, withSecrets } from './bootstrap-secrets.ts';
import { securityFromJson, securityToJson } from './bootstrap-security.ts';

/**
 * The API tells of servers; LwM2M writes each as an instance of object 0 and one of object 1.
 * @param before the configuration that this one takes the place of: keys that are not given stay
 */
export function bootstrapFromJson(
  json: JsonBootstrapConfiguration,
  model: ObjectModel,
  before?: BootstrapConfig,
): Result<BootstrapConfig, FieldMistake> {
  const { servers, bootstrapServer, ...rest } = json;
  const nameless = servers.findIndex((one) => one.shortServerId === undefined && one.serverObject !== false);
  if (nameless >= 0) {
    return failure(mistakeAt(`body/servers/${nameless}`, 'a shortServerId is missing', 'short-server-id-missing'));
  }
  const leak = (rest.writes ?? []).findIndex(writesKeys);
  if (leak >= 0) {
    const message = 'keys of objects 0 and 21 go in the security of the server';
    return failure(mistakeAt(`body/writes/${leak}`, message, 'keys-in-writes'));
  }
  const security = securitiesOf(json, before);
  if (!security.ok) return security;
  const known = (before?.writes ?? []) as readonly JsonBootstrapWrite[];
  const writes: JsonBootstrapWrite[] = [];
  for (const [index, write] of (rest.writes ?? []).entries()) {
    const whole = withSecrets(write, known, `body/writes/${index}`);
    if (!whole.ok) return whole;
    writes.push(whole.value);
  }
  const config: BootstrapConfig = {
    ...rest,
    ...(rest.writes && { writes }),
    security: security.value,
    servers: servers.flatMap((server, index) => (server.serverObject === false ? [] : [accountOf(server, index)])),
  };
  const twice = firstTwice(config.security) ?? firstTwice(config.servers);
  if (twice !== undefined) {
    const message = `two accounts would have the instance id ${twice}`;
    return failure(mistakeAt('body/servers', message, 'instance-twice', { id: twice }));
  }
  const plan = planBootstrap(config, model);
  if (plan.ok) return success(config);
  const where = `body/${plan.error.where.replaceAll(/\[(\d+)\]|\./g, '/$1')}`;
  return failure(mistakeAt(where, plan.error.message, 'configuration-unfit'));
}

/** Whether a write holds resource 5 or 8 of object 0, or 0 or 5 of object 21, which would lie open in the database and be shown. */
function writesKeys({ path, resources = {} }: NonNullable<JsonBootstrapConfiguration['writes']>[number]): boolean {
  const [, object, , resource] = path.split('/').map(Number);
  const secret = object === 0 ? [5, 8] : object === 21 ? [0, 5] : [];
  return [resource, ...Object.keys(resources).map(Number)].some((id) => id !== undefined && secret.includes(id));
}

function securitiesOf(
  { servers, bootstrapServer }: JsonBootstrapConfiguration,
  before: BootstrapConfig | undefined,
): Result<readonly BootstrapSecurity[], FieldMistake> {
  const accounts = [
    ...(bootstrapServer
      ? [{ where: 'body/bootstrapServer', json: bootstrapServer, account: bootstrapAccountOf(bootstrapServer) }]
      : []),
    ...servers.map((json, index) => ({ where: `body/servers/${index}`, json, account: securityOf(json, index) })),
  ];
  const whole: BootstrapSecurity[] = [];
  for (const { where, json, account } of accounts) {
    const known = before?.security.find(({ instanceId }) => instanceId === account.instanceId);
    const secured = securityFromJson(json.security, { uri: json.uri, where, before: known });
    if (!secured.ok) return secured;
    whole.push({ ...account, ...secured.value });
  }
  return success(whole);
}

function securityOf(server: JsonBootstrapServer, index: number): BootstrapSecurity {
  const { uri, shortServerId, securityInstance = index + 1 } = server;
  return { instanceId: securityInstance, uri, ...(shortServerId === undefined ? {} : { shortServerId }) };
}

function bootstrapAccountOf(server: JsonBootstrapAccount): BootstrapSecurity {
  const { uri, securityInstance = 0, holdOffTime, accountTimeout } = server;
  return {
    instanceId: securityInstance,
    uri,
    isBootstrapServer: true,
    ...(holdOffTime === undefined ? {} : { clientHoldOffTime: holdOffTime }),
    ...(accountTimeout === undefined ? {} : { bootstrapServerAccountTimeout: accountTimeout }),
  };
}

function accountOf(server: JsonBootstrapServer, index: number): BootstrapServerAccount {
  const { uri, security: _secured, securityInstance: _security, serverObject: _object, ...rest } = server;
  const { serverInstance = index, ...given } = rest;
  // OMA-TS-LightweightM2M_Core 1.2 §6.2.1.2: M is MQTT.
  const binding = /^mqtts?:/.test(uri) ? { binding: 'M' } : {};
  return { ...binding, ...given, shortServerId: given.shortServerId!, instanceId: serverInstance };
}

function firstTwice(instances: readonly { readonly instanceId: number }[]): number | undefined {
  const seen = new Set<number>();
  return instances.find(({ instanceId }) => seen.size === seen.add(instanceId).size)?.instanceId;
}

/** The inverse of {@link bootstrapFromJson}. */
export function bootstrapToJson(config: BootstrapConfig): JsonBootstrapConfiguration {
  const { security, servers, deletes, discovers, reads, writes, discoversAfter } = config;
  const account = security.find((one) => one.isBootstrapServer);
  const others = security.filter((one) => !one.isBootstrapServer);
  return {
    servers: others.map((one) => serverToJson(one, servers)),
    ...(account === undefined ? {} : { bootstrapServer: accountToJson(account) }),
    ...(deletes === undefined ? {} : { deletes: [...deletes] }),
    ...(discovers === undefined ? {} : { discovers: [...discovers] }),
    ...(reads === undefined ? {} : { reads: [...reads] }),
    ...(writes === undefined ? {} : { writes: (writes as readonly JsonBootstrapWrite[]).map(withoutSecrets) }),
    ...(discoversAfter === undefined ? {} : { discoversAfter: [...discoversAfter] }),
  };
}

function serverToJson(security: BootstrapSecurity, accounts: readonly BootstrapServerAccount[]): JsonBootstrapServer {
  const { uri, shortServerId, instanceId } = security;
  const account = accounts.find((one) => one.shortServerId === shortServerId);
  const secured = securityToJson(security);
  const own = {
    uri,
    ...(secured && { security: secured }),
    ...(shortServerId === undefined ? {} : { shortServerId }),
    securityInstance: instanceId,
  };
  if (!account) return { ...own, serverObject: false };
  const { instanceId: serverInstance, ...given } = account;
  return { ...own, ...given, serverInstance };
}

function accountToJson(security: BootstrapSecurity): JsonBootstrapAccount {
  const { uri, instanceId, clientHoldOffTime, bootstrapServerAccountTimeout } = security;
  const secured = securityToJson(security);
  return {
    uri,
    ...(secured && { security: secured }),
    securityInstance: instanceId,
    ...(clientHoldOffTime === undefined ? {} : { holdOffTime: clientHoldOffTime }),
    ...(bootstrapServerAccountTimeout === undefined ? {} : { accountTimeout: bootstrapServerAccountTimeout }),
  };
}
