import type { FastifyRequest } from 'fastify';
import { Refusal } from './refusal.ts';

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Refuses a request that changes something and that another site made a browser send (cross-site request forgery). Browsers tell
 * where a request comes from in Sec-Fetch-Site (W3C Fetch Metadata), or, over plain HTTP, in Origin (RFC 6454 §7).
 * @throws Refusal `cross-origin`
 */
export function requireSameOrigin(request: FastifyRequest): void {
  if (safeMethods.has(request.method) || isSameOrigin(request)) return;
  throw new Refusal('cross-origin');
}

function isSameOrigin({ headers, host }: FastifyRequest): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin';
  const { origin } = headers;
  return origin !== undefined && URL.canParse(origin) && new URL(origin).host === host;
}
