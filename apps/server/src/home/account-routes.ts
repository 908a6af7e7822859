import { because, type JsonHomeUser, type ProblemCode, routes } from '@yaolian/contract';
import type { SignedInUser, UserSessions } from '@yaolian/directory';
import { accountCodes } from '@yaolian/igrs';
import type { AccountAnswer, AccountServer } from '@yaolian/igrs/server';
import type { FastifyReply } from 'fastify';
import { timeToJson } from '../api/times.ts';
import type { RouteTable } from '../http/mount.ts';
import { Refusal } from '../http/refusal.ts';
import { requireSameOrigin } from '../http/same-origin.ts';
import { endedSessionCookie, homeCookie, isSecure, sessionCookie } from '../http/session-cookie.ts';
import { localName } from '../ra/local-name.ts';

export interface HomeAccountServices {
  readonly domain: string;
  /** The one that registers and checks passwords for every door: with its limits and its invitation. */
  readonly accounts: AccountServer;
  readonly sessions: UserSessions;
  /** Ends the connections of an account over XMPP. */
  readonly endConnections: (account: string) => void;
}

/** Users of the RA register, sign in and out, change their password and leave. @param services undefined where the RA is off */
export function addHomeAccountRoutes(table: RouteTable, services: HomeAccountServices | undefined): void {
  table.add(routes.registerAtHome, async ({ body, address, reply }) => {
    requireSameOrigin(reply.request);
    const { accounts, domain } = required(services);
    const userName = localName(body.name, domain);
    const { password, nick, invitation: token } = body;
    const answer = await accounts.registerUser({ userName, password, nick, token }, address);
    required(services, answer, 'invalid-value');
    return begin(services!, answer, reply);
  });
  table.add(routes.signInAtHome, async ({ body, address, reply }) => {
    requireSameOrigin(reply.request);
    const { accounts, domain } = required(services);
    const answer = await accounts.read({ userName: localName(body.name, domain), password: body.password }, address);
    required(services, answer, 'wrong-password');
    return begin(services!, answer, reply);
  });
  table.add(routes.showHomeSession, ({ user }) => userToJson(user!, required(services).domain));
  table.add(routes.signOutAtHome, async ({ user, reply }) => {
    await required(services).sessions.end(user!.session);
    forget(reply);
  });
  table.add(routes.changeHomePassword, async ({ user, body, address, reply }) => {
    const { accounts } = required(services);
    const own = { userName: user!.account.name };
    required(services, await accounts.read({ ...own, password: body.current }, address), 'wrong-password');
    const change = { ...own, password: body.current, newPassword: body.new };
    const answer = await accounts.modify(change, address);
    required(services, answer, 'invalid-value').endConnections(own.userName);
    return begin(services!, answer, reply);
  });
  table.add(routes.removeHomeAccount, async ({ user, body, address, reply }) => {
    const { accounts, sessions } = required(services);
    const { name } = user!.account;
    const answer = await accounts.remove({ userName: name, password: body.password }, address);
    required(services, answer, 'wrong-password');
    await sessions.endAll(name);
    forget(reply);
  });
}

async function begin(
  { sessions, domain }: HomeAccountServices,
  { id = '' }: AccountAnswer,
  reply: FastifyReply,
): Promise<JsonHomeUser> {
  const begun = await sessions.begin(localName(id, domain));
  // A device has a password too, and no home.
  if (begun === undefined) throw new Refusal('wrong-password');
  reply.header('set-cookie', sessionCookie(begun.token, sessions.lifetime, isSecure(reply.request), homeCookie));
  return userToJson(begun.user, domain);
}

function forget(reply: FastifyReply): void {
  reply.header('set-cookie', endedSessionCookie(isSecure(reply.request), homeCookie));
}

/**
 * @param otherwise the problem of what the account server calls a bad request
 * @throws Refusal when the RA is off, or when the account server said no
 */
function required(
  services: HomeAccountServices | undefined,
  answer?: AccountAnswer,
  otherwise: ProblemCode = 'invalid-request',
): HomeAccountServices {
  if (services === undefined) throw remoteAccessIsOff();
  if (answer === undefined || answer.code === accountCodes.success) return services;
  const detail = `${answer.message[0]!.toUpperCase()}${answer.message.slice(1)}.`;
  switch (answer.code) {
    case accountCodes.userExists:
      throw new Refusal('conflict', { ...because('user-name-taken'), detail });
    case accountCodes.invalidToken:
      throw new Refusal('invitation-needed');
    case accountCodes.tooManyRequests:
      throw new Refusal(
        'too-many-attempts',
        { ...because('wait', { seconds: answer.retryAfter ?? 1 }), detail },
        { 'retry-after': String(answer.retryAfter ?? 1) },
      );
    case accountCodes.serverError:
      throw new Refusal('unavailable', { ...because('home-failed'), detail });
    default:
      throw new Refusal(otherwise, otherwise === 'wrong-password' ? {} : { ...because('account-unfit'), detail });
  }
}

export function remoteAccessIsOff(): Refusal {
  return new Refusal('unavailable', because('home-off'));
}

function userToJson({ account, expiresAt }: SignedInUser, domain: string): JsonHomeUser {
  const { name, nick } = account;
  return {
    account: `${name}@${domain}`,
    ...(nick === undefined ? {} : { nick }),
    domain,
    expiresAt: timeToJson(expiresAt),
  };
}
