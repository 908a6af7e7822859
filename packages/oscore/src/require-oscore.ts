import { Code, type RequestHandler } from '@yaolian/coap';

/** Lets only requests to a handler that came protected; others are answered 4.01. `osc` in a link says so (RFC 8613 §9). */
export function requireOscore(handler: RequestHandler): RequestHandler {
  return (request) => (request.peer.identity?.kind === 'oscore' ? handler(request) : { code: Code.Unauthorized });
}
