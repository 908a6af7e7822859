import { because, type JsonIssuedToken, type JsonToken, routes } from '@yaolian/contract';
import type { AccessRefusal, IssuedToken, OperatorAccounts, TokenDescription } from '@yaolian/directory';
import { type Duration, hasCode, parseDuration } from '@yaolian/kernel';
import { decodeCursor, pageFrom } from '../http/cursor.ts';
import type { RouteTable } from '../http/mount.ts';
import { Refusal, tooManyAttempts } from '../http/refusal.ts';
import { requireSameOrigin } from '../http/same-origin.ts';
import { endedSessionCookie, isSecure, sessionCookie } from '../http/session-cookie.ts';
import { optionalTime, timeToJson } from './times.ts';

/** Logging in and out, passwords and tokens. */
export function addAccessRoutes(table: RouteTable, accounts: OperatorAccounts, sessionLifetime: Duration): void {
  table.add(routes.login, async ({ body, address }) => {
    const { name = 'admin', ...secrets } = body;
    const session = await accounts.login({ name, ...secrets, address }, sessionLifetime);
    if (!session.ok) throw refusalOf(session.error);
    return issuedToJson(session.value);
  });
  table.add(routes.signIn, async ({ body, address, reply }) => {
    requireSameOrigin(reply.request);
    const { name = 'admin', ...secrets } = body;
    const session = await accounts.login({ name, ...secrets, address }, sessionLifetime);
    if (!session.ok) throw refusalOf(session.error);
    reply.header('set-cookie', sessionCookie(session.value.token, sessionLifetime, isSecure(reply.request)));
    return tokenToJson(session.value);
  });
  table.add(routes.showSession, ({ actor }) => tokenToJson(actor!));
  table.add(routes.logout, async ({ actor, reply }) => {
    await accounts.removeToken(actor!.id);
    reply.header('set-cookie', endedSessionCookie(isSecure(reply.request)));
  });
  table.add(routes.changePassword, async ({ actor, address, body }) => {
    const attempt = { name: actor!.operator, password: body.current, address };
    const changed = await accounts.changePassword(attempt, body.new, actor!.id);
    if (!changed.ok) throw refusalOf(changed.error);
  });
  table.add(routes.listTokens, async ({ query: { cursor, limit = 100 } }) => {
    const after = decodeCursor(cursor);
    const tokens = await accounts.tokens({ limit: limit + 1, ...(after === undefined ? {} : { after }) });
    return pageFrom(tokens, limit, (token) => token.id, tokenToJson);
  });
  table.add(routes.createToken, async ({ actor, body }) => {
    const lifetime = body.expiresIn === undefined ? undefined : durationFrom(body.expiresIn);
    const wanted = { operator: actor!.operator, role: body.role, label: body.label, lifetime };
    return issuedToJson(await accounts.issueToken(wanted).catch(asConflict));
  });
  table.add(routes.removeToken, async ({ params }) => {
    if (!(await accounts.removeToken(params.token)))
      throw new Refusal('not-found', { detail: 'There is no such token.' });
  });
}

export function refusalOf(refusal: AccessRefusal): Refusal {
  if (refusal.reason === 'wrong-password') return new Refusal('wrong-password');
  if (refusal.reason === 'code-needed') return new Refusal('second-factor-needed');
  if (refusal.reason === 'wrong-code') return new Refusal('second-factor-wrong');
  return tooManyAttempts(refusal.retryAfter);
}

function asConflict(error: unknown): never {
  if (!hasCode(error, 'ROLE_TOO_HIGH') && !hasCode(error, 'OPERATOR_UNKNOWN')) throw error;
  const reason = because(hasCode(error, 'ROLE_TOO_HIGH') ? 'role-too-high' : 'operator-unknown');
  throw new Refusal('conflict', { ...reason, detail: `${(error as Error).message}.` });
}

function durationFrom(text: string): Duration {
  const duration = parseDuration(text);
  if (duration > 0) return duration;
  throw new Refusal('invalid-request', because('token-expires-at-once'));
}

function tokenToJson(token: TokenDescription): JsonToken {
  const { id, kind, operator, role, label, createdAt, expiresAt, lastUsedAt } = token;
  return {
    id,
    kind,
    operator,
    role,
    label,
    createdAt: timeToJson(createdAt),
    ...optionalTime('expiresAt', expiresAt),
    ...optionalTime('lastUsedAt', lastUsedAt),
  };
}

function issuedToJson(token: IssuedToken): JsonIssuedToken {
  return { token: token.token, ...tokenToJson(token) };
}
