import { roleCovers } from '@yaolian/contract';
import type { OperatorAccounts } from '@yaolian/directory';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Refusal } from './refusal.ts';

const bearer = /^Bearer +([\x21-\x7e]{1,512}) *$/i;

/** Lets a request pass only with a token whose role covers the route's. */
export function requireTokens(
  app: FastifyInstance,
  accounts: OperatorAccounts,
  isOpen: (url: string) => boolean,
): void {
  app.decorateRequest('actor', undefined);
  app.addHook('onRequest', async (request) => {
    const { role } = request.routeOptions.config;
    if (role === undefined || isOpen(request.routeOptions.url ?? '')) return;
    const actor = await accounts.verifyToken(tokenOf(request));
    if (actor === undefined)
      throw unauthenticated('The token is unknown or has expired: log in again.', 'invalid_token');
    request.actor = actor;
    if (roleCovers(actor.role, role)) return;
    throw new Refusal('forbidden', { detail: `This takes the role ${role}; your token has the role ${actor.role}.` });
  });
}

/** Whether the token of a request that goes on (an event stream) is still good. */
export async function isStillGood(accounts: OperatorAccounts, authorization: string | undefined): Promise<boolean> {
  const token = bearer.exec(authorization ?? '')?.[1];
  return token !== undefined && (await accounts.verifyToken(token)) !== undefined;
}

function tokenOf(request: FastifyRequest): string {
  const { authorization } = request.headers;
  if (authorization === undefined) throw unauthenticated();
  const match = bearer.exec(authorization);
  if (!match) throw unauthenticated('Authorization is "Bearer <token>".', 'invalid_request');
  return match[1]!;
}

/** RFC 6750 §3: how to authenticate, and what was wrong with the attempt, if there was one. */
function unauthenticated(detail?: string, error?: string): Refusal {
  const challenge = `Bearer realm="yaolian"${error === undefined ? '' : `, error="${error}"`}`;
  return new Refusal('unauthenticated', detail === undefined ? {} : { detail }, { 'www-authenticate': challenge });
}
