import type { OutgoingResponse, RequestHandler } from './exchange.ts';

/** What a handler returns: a response, silence, or a promise of either. */
export type Reply = ReturnType<RequestHandler>;

/** Runs `start` and hands its outcome on, in the same turn when it is no promise. */
export function chain(
  start: () => Reply,
  onResponse: (response: OutgoingResponse | undefined) => Reply,
  onError?: (error: unknown) => Reply,
): Reply {
  let reply: Reply;
  try {
    reply = start();
  } catch (error) {
    if (onError) return onError(error);
    throw error;
  }
  return reply !== undefined && 'then' in reply ? reply.then(onResponse, onError) : onResponse(reply);
}
