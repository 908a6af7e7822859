import { problem, problemMediaType } from '@yaolian/contract';
import { type Duration, type Timer, type Timers, toMilliseconds } from '@yaolian/kernel';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Its body is a file, which may take longer than other bodies as long as it comes on. */
    takesFile?: boolean;
  }
}

/** Bytes of a file that come at least in the time that another request has for all of it. */
const leastProgress = 65_536;

/**
 * Bounds how long a request may take to come (RFC 9110 §15.5.9): all of it has `patience`. A file that is being taken has that long
 * for each 64 KiB, so that a slow network brings a large one, and nobody keeps a connection with a byte now and then.
 */
export function boundRequests(
  app: FastifyInstance,
  { timers, patience }: { readonly timers: Timers; readonly patience: Duration },
): void {
  app.addHook('onRequest', async (request, reply) => {
    if (hasBody(request)) watch(request, reply, timers, patience);
  });
}

/** RFC 9112 §6: a body is announced. */
function hasBody({ headers }: FastifyRequest): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

function watch(request: FastifyRequest, reply: FastifyReply, timers: Timers, patience: Duration): void {
  const { raw } = request;
  let seen = raw.socket.bytesRead;
  let timer: Timer | undefined;
  const look = () => {
    if (raw.complete || raw.destroyed) return;
    const before = seen;
    seen = raw.socket.bytesRead;
    // What was answered before it came, refused that is, is not waited for.
    const isTaken = request.routeOptions.config.takesFile === true && !reply.raw.headersSent;
    if (isTaken && seen - before >= leastProgress) begin();
    else giveUp(request, reply);
  };
  const begin = () => {
    timer = timers.schedule(patience, look);
  };
  begin();
  for (const end of ['end', 'close'] as const) raw.once(end, () => timer?.cancel());
}

function giveUp(request: FastifyRequest, reply: FastifyReply): void {
  if (reply.raw.headersSent) {
    request.raw.destroy(); // and the connection with it
    return;
  }
  reply.hijack();
  const headers = { 'content-type': problemMediaType, connection: 'close', 'cache-control': 'no-store' };
  reply.raw.writeHead(408, headers);
  reply.raw.end(JSON.stringify({ ...problem('request-timeout'), instance: request.id }), () => request.raw.destroy());
}

/** For `http.createServer` and its like: headers have their time too; bodies are {@link boundRequests}' business. */
export function serverTimes(patience: Duration) {
  const headersTimeout = toMilliseconds(patience);
  return { headersTimeout, requestTimeout: 0, connectionsCheckingInterval: Math.min(headersTimeout, 5_000) };
}
