import { type Role, roleCovers } from '@yaolian/contract';
import type { OperatorAccounts, UserSessions } from '@yaolian/directory';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Refusal } from './refusal.ts';
import { requireSameOrigin } from './same-origin.ts';
import { homeCookie, sessionTokenIn } from './session-cookie.ts';

const bearer = /^Bearer +([\x21-\x7e]{1,512}) *$/i;

/** The part of a request's headers that says who asks. */
export interface CredentialHeaders {
  readonly authorization?: string | undefined;
  readonly cookie?: string | undefined;
}

/** Lets a request pass only with a token whose role covers the route's. */
export function requireTokens(
  app: FastifyInstance,
  accounts: OperatorAccounts,
  isOpen: (url: string) => boolean,
): void {
  app.decorateRequest('actor', undefined);
  app.addHook('onRequest', async (request) => {
    const { role } = request.routeOptions.config;
    if (role === undefined || role === 'user' || isOpen(request.routeOptions.url ?? '')) return;
    const actor = await accounts.verifyToken(tokenOf(request));
    if (actor === undefined)
      throw unauthenticated('The token is unknown or has expired: log in again.', 'invalid_token');
    request.actor = actor;
    if (roleCovers(actor.role, role)) return;
    throw new Refusal('forbidden', { detail: `This takes the role ${role}; your token has the role ${actor.role}.` });
  });
}

/** Lets a request of a user of the RA pass only with the cookie of a session, sent by our own pages. Operators' tokens are none. */
export function requireUsers(app: FastifyInstance, sessions: UserSessions): void {
  app.decorateRequest('user', undefined);
  app.addHook('onRequest', async (request) => {
    if (request.routeOptions.config.role !== 'user') return;
    const token = sessionTokenIn(request.headers.cookie, homeCookie);
    const user = token === undefined ? undefined : await sessions.verify(token);
    if (user === undefined) throw new Refusal('unauthenticated', { detail: 'Sign in at /home.' });
    requireSameOrigin(request);
    request.user = user;
  });
}

/**
 * Whether the token of a request that goes on (an event stream) is still good, and its operator has the role still.
 * @param role the least that the route wants
 */
export async function isStillGood(
  accounts: OperatorAccounts,
  headers: CredentialHeaders,
  role: Role,
): Promise<boolean> {
  const token = headers.authorization === undefined ? sessionTokenIn(headers.cookie) : bearerIn(headers.authorization);
  const actor = token === undefined ? undefined : await accounts.verifyToken(token);
  return actor !== undefined && roleCovers(actor.role, role);
}

/** A bearer token, or the session cookie of a browser: that one only from our own pages, because browsers add it by themselves. */
function tokenOf(request: FastifyRequest): string {
  const { authorization, cookie } = request.headers;
  if (authorization !== undefined) {
    const token = bearerIn(authorization);
    if (token === undefined) throw unauthenticated('Authorization is "Bearer <token>".', 'invalid_request');
    return token;
  }
  const token = sessionTokenIn(cookie);
  if (token === undefined) throw unauthenticated();
  requireSameOrigin(request);
  return token;
}

function bearerIn(authorization: string): string | undefined {
  return bearer.exec(authorization)?.[1];
}

/** RFC 6750 §3: how to authenticate, and what was wrong with the attempt, if there was one. */
function unauthenticated(detail?: string, error?: string): Refusal {
  const challenge = `Bearer realm="yaolian"${error === undefined ? '' : `, error="${error}"`}`;
  return new Refusal('unauthenticated', detail === undefined ? {} : { detail }, { 'www-authenticate': challenge });
}
