import { because, type JsonUser, routes } from '@yaolian/contract';
import type { AuditTrail, RaAccount } from '@yaolian/directory';
import type { Log } from '@yaolian/kernel';
import type { HomeService } from '../home/home-service.ts';
import { decodeCursor, pageFrom } from '../http/cursor.ts';
import type { RouteTable } from '../http/mount.ts';
import { Refusal } from '../http/refusal.ts';
import type { RaService } from '../ra/ra-service.ts';
import type { AccountFault, MessageAccounts } from '../xmpp/message-accounts.ts';
import { optionalTime, timeToJson } from './times.ts';

export interface UserServices {
  readonly accounts: MessageAccounts;
  /** Undefined where Remote Access is off: accounts have no devices then. */
  readonly ra: RaService | undefined;
  readonly home: HomeService;
  readonly audit: AuditTrail;
  readonly log: Log;
}

/** The accounts of the message server. */
export function addUserRoutes(table: RouteTable, services: UserServices): void {
  const { accounts, log } = services;
  table.add(routes.listUsers, async ({ query: { cursor, kind, limit = 100 } }) => {
    const after = decodeCursor(cursor);
    const query = { ...(kind === undefined ? {} : { kind }), ...(after === undefined ? {} : { after }) };
    const found = await accounts.list({ limit: limit + 1, ...query });
    return pageFrom(found, limit, (account) => account.name, toJson);
  });
  table.add(routes.addUser, async ({ params, body, actor }) => {
    const { password, kind = 'user', nick } = body;
    const account = await accounts.add({ name: params.name, password, kind, nick });
    if (typeof account === 'string') throw refusalOf(account, params.name);
    log.info('account added', { account: account.name, operator: actor!.operator });
    return toJson(account);
  });
  table.add(routes.setUserPassword, async ({ params, body, actor }) => {
    const fault = await accounts.changePassword(params.name, body.password);
    if (fault !== undefined) throw refusalOf(fault, params.name);
    log.info('password of an account set', { account: params.name, operator: actor!.operator });
  });
  table.add(routes.removeUser, async ({ params, actor }) => {
    if (!(await accounts.removeAccount(params.name))) throw refusalOf('unknown', params.name);
    log.info('account removed', { account: params.name, operator: actor!.operator });
  });
  addCare(table, services);
}

/** Looking after accounts: what they are joined to, keeping them out, talking to them. */
function addCare(table: RouteTable, { accounts, ra, home, audit }: UserServices): void {
  const record = (actor: string, action: string, subject: string) =>
    audit.record({ door: 'rest', actor, action, device: undefined, subject, outcome: 'done' });
  /** Names are the same in any case (RFC 7622 §3.3): what is kept of an account is under the prepared one. */
  const found = async (asked: string): Promise<RaAccount> => {
    const account = await accounts.find(asked);
    if (account !== undefined) return account;
    throw refusalOf('unknown', asked);
  };
  table.add(routes.showUser, async ({ params }) => {
    const account = await found(params.name);
    const { name } = account;
    const [devices, friends] = ra ? await Promise.all([ra.bindings.devicesOf(name), ra.friends.of(name)]) : [[], []];
    return {
      ...toJson(account),
      connections: [...accounts.connectionsOf(name)],
      pages: home.streams?.pagesOf(name) ?? 0,
      devices: devices.map(({ device, name: called, state, since }) => {
        return { device: `${device}@${ra!.domain}`, name: called, state, since: timeToJson(since) };
      }),
      friends: friends.map(({ other, state }) => ({ user: `${other}@${ra!.domain}`, state })),
    };
  });
  table.add(routes.endUserSessions, async ({ params, query: { connection } }) => {
    const { name } = await found(params.name);
    if (connection !== undefined && !accounts.connectionsOf(name).includes(connection)) {
      throw new Refusal('not-found', { detail: `${name} has no connection "${connection}".` });
    }
    accounts.endSessions(name, connection);
    if (connection !== undefined) return;
    await home.sessions.endAll(name);
    home.streams?.end(name);
  });
  table.add(routes.disableUser, async ({ params, actor }) => {
    const { name } = await found(params.name);
    await accounts.setDisabled(name, true);
    home.streams?.end(name);
    await record(actor!.operator, 'disable-account', name);
  });
  table.add(routes.enableUser, async ({ params, actor }) => {
    const { name } = await found(params.name);
    await accounts.setDisabled(name, false);
    await record(actor!.operator, 'enable-account', name);
  });
  table.add(routes.tellUser, async ({ params, body, actor }) => {
    const { name } = await found(params.name);
    if ((await accounts.tell(name, body.text)) === 'off')
      throw new Refusal('unavailable', because('no-message-server'));
    await home.news?.message(name, body.text);
    await record(actor!.operator, 'tell-account', name);
  });
}

function refusalOf(fault: AccountFault, name: string): Refusal {
  switch (fault) {
    case 'bad-name':
      return new Refusal('invalid-value', because('user-name-unfit', { name }));
    case 'bad-password':
      return new Refusal('invalid-value', because('password-unfit'));
    case 'name-taken':
      return new Refusal('conflict', because('account-exists', { name }));
    case 'unknown':
      return new Refusal('not-found', { detail: `There is no account "${name}".` });
  }
}

function toJson({ name, kind, nick, createdAt, disabledAt }: RaAccount): JsonUser {
  return {
    name,
    kind,
    ...(nick === undefined ? {} : { nick }),
    createdAt: timeToJson(createdAt),
    ...optionalTime('disabledAt', disabledAt),
  };
}
