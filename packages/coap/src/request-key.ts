import type { ServerRequest } from './incoming-request.ts';

/**
 * What the blocks of one body have in common (RFC 7959 §2.5): the peer, the method and what they ask for. Content-Format and
 * Accept are part of it, as they choose the representation; the block options are not. RFC 9175 §3.3: bodies with different
 * Request-Tags are different bodies.
 */
export function requestKey({ peer, method, path, query, accept, requestTags }: ServerRequest): string {
  const uri = `${path.map(encodeURIComponent).join('/')}?${query.map(encodeURIComponent).join('&')}`;
  return `${peer.key} ${method} ${accept ?? ''}${requestTags} ${uri}`;
}
