import type { ServerRequest } from './incoming-request.ts';

/**
 * What the blocks of one body have in common (RFC 7959 §2.5): the peer, the method and what they ask for. Content-Format and
 * Accept are part of it, as they choose the representation; the block options are not.
 */
export function requestKey({ peer, method, path, query, accept }: ServerRequest): string {
  const uri = `${path.map(encodeURIComponent).join('/')}?${query.map(encodeURIComponent).join('&')}`;
  return `${peer.key} ${method} ${accept ?? ''} ${uri}`;
}
