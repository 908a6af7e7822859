import { type Duration, toSeconds } from '@yaolian/kernel';
import type { FastifyRequest } from 'fastify';

/** A cookie that a browser gives back to this host alone, to no script, and to no page of another site (RFC 6265 §4.1). */
interface Cookie {
  readonly name: string;
  /** It is sent to this path and those below. */
  readonly path: string;
}

const operatorCookie: Cookie = { name: 'yaolian_session', path: '/' };

export const homeCookieName = 'yaolian_home';

/** The one of users of the RA never reaches a route of operators. */
export const homeCookie: Cookie = { name: homeCookieName, path: '/api/v1/home' };

/** `Set-Cookie` for a session of a browser. It is `Secure` when the browser came by TLS, to us or to a trusted proxy. */
export function sessionCookie(token: string, lifetime: Duration, isSecure: boolean, cookie = operatorCookie): string {
  const { name } = cookie;
  return `${name}=${token}; Max-Age=${Math.floor(toSeconds(lifetime))}; ${attributes(cookie, isSecure)}`;
}

/** `Set-Cookie` that makes a browser forget its session. */
export function endedSessionCookie(isSecure: boolean, cookie = operatorCookie): string {
  return `${cookie.name}=; Max-Age=0; ${attributes(cookie, isSecure)}`;
}

function attributes({ path }: Cookie, isSecure: boolean): string {
  return `Path=${path}; HttpOnly; SameSite=Strict${isSecure ? '; Secure' : ''}`;
}

/** The token in a `Cookie` header (RFC 6265 §5.4), if there is one. */
export function sessionTokenIn(header: string | undefined, cookie = operatorCookie): string | undefined {
  for (const pair of (header ?? '').split(';')) {
    const [key, value] = pair.trim().split('=', 2);
    if (key === cookie.name && value !== undefined && /^[\x21-\x7e]{1,512}$/.test(value)) return value;
  }
  return undefined;
}

export function isSecure(request: FastifyRequest): boolean {
  return request.protocol === 'https';
}
