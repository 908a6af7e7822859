import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { because, type Problem, type ProblemCode, problem, problemMediaType } from '@yaolian/contract';
import { TooManyChanges } from '@yaolian/directory';
import type { Log } from '@yaolian/kernel';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { typeOf, wrongType } from './bodies.ts';
import { Refusal, tooManyAttempts } from './refusal.ts';

/** What Fastify and Node refuse by themselves. */
const known: Readonly<Record<string, ProblemCode>> = {
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'invalid-request',
  FST_ERR_BAD_URL: 'invalid-request',
  FST_ERR_MAX_PARAM_LENGTH: 'invalid-request',
};

/** The disk's trouble, not a defect: sentences that operators can do something about. */
const storageFailures = new Set(['STORAGE_FULL', 'STORAGE_FAILED', 'STORAGE_CLOSED', 'TLS_NOT_STORED']);

/** What the disk says where files are written: uploads, firmware packages. */
const diskFailures: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full: nothing was stored',
  EDQUOT: 'the quota of the disk is used up: nothing was stored',
  EROFS: 'the data folder can only be read: nothing was stored',
  EMFILE: 'too many files are open',
  ENFILE: 'too many files are open',
};

/** What Node's parser refuses before there is a request (RFC 9112 §2.2, RFC 6585 §5), by its codes; all else is unreadable. */
const unparsed: Readonly<Record<string, ProblemCode>> = {
  HPE_HEADER_OVERFLOW: 'headers-too-large',
  ERR_HTTP_REQUEST_TIMEOUT: 'request-timeout',
};

/** Answers what is no request of HTTP with a problem too, and ends the connection. */
export function answerUnparsed(error: Error & { readonly code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const code = unparsed[error.code ?? ''] ?? 'invalid-request';
  const told = problem(
    code,
    code === 'invalid-request' ? { ...because('request-unreadable'), detail: unreadable } : {},
  );
  const body = JSON.stringify(told);
  const head = [
    `HTTP/1.1 ${told.status} ${STATUS_CODES[told.status]}`,
    `content-type: ${problemMediaType}`,
    `content-length: ${Buffer.byteLength(body)}`,
    'cache-control: no-store',
    'connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}

const unreadable =
  'This is no request of HTTP/1.1 that can be read: its first line, a header field or its length is not right.';

/** Turns everything that goes wrong into a problem. Only what we did not expect is logged as an error. */
export function answerWithProblems(app: FastifyInstance, log: Log): void {
  app.setErrorHandler((error: FastifyError, request, reply) => {
    // RFC 9112 §9.3: of a body that a handler gave up half-way nobody reads the rest, behind which the next request would wait.
    if (request.raw.destroyed && !request.raw.complete) reply.header('connection', 'close');
    const refusal = refusalOf(error, request);
    if (refusal !== undefined) {
      reply.headers({ ...challengeOf(refusal, request), ...refusal.headers });
      return send(reply, { ...refusal.problem, instance: request.id });
    }
    const code = known[error.code];
    const notStored =
      diskFailures[systemCodeOf(error)] ?? (storageFailures.has(error.code) ? error.message : undefined);
    if (notStored !== undefined) {
      log.error('not stored', { request: request.id, method: request.method, url: request.url, error });
      reply.header('retry-after', '30');
      return send(
        reply,
        problem('unavailable', { ...because('cannot-store'), detail: sentence(notStored), instance: request.id }),
      );
    }
    const own = { detail: sentence(error.message), instance: request.id };
    const unreadable = { ...because('request-unreadable'), ...own };
    if (code !== undefined) return send(reply, problem(code, code === 'invalid-request' ? unreadable : own));
    if (error.statusCode !== undefined && error.statusCode < 500) {
      return send(reply, problem('invalid-request', unreadable));
    }
    log.error('request failed', { request: request.id, method: request.method, url: request.url, error });
    return send(reply, problem('internal-error', { instance: request.id }));
  });
  app.setNotFoundHandler((request, reply) => send(reply, problem('route-unknown', { instance: request.id })));
}

/** What the system said, where a file could not be written. */
function systemCodeOf({ code, cause }: FastifyError): string {
  return (code === 'TLS_NOT_STORED' ? (cause as NodeJS.ErrnoException | undefined)?.code : code) ?? '';
}

/** RFC 9110 §15.5.2: every 401 says how to authenticate: operators by a token, users of the RA by the cookie of a session. */
function challengeOf({ problem: { status } }: Refusal, { routeOptions }: FastifyRequest): Record<string, string> {
  if (status !== 401) return {};
  const isOfUsers = routeOptions.url?.startsWith('/api/v1/home/') === true;
  return { 'www-authenticate': isOfUsers ? 'Cookie realm="yaolian home"' : 'Bearer realm="yaolian"' };
}

function refusalOf(error: FastifyError, request: FastifyRequest): Refusal | undefined {
  if (error instanceof Refusal) return error;
  if (error instanceof TooManyChanges) return tooManyAttempts(error.retryAfter);
  return bodyRefusal(error, request);
}

/** What Fastify refuses of a body before anybody has looked at it, with what the route takes. */
function bodyRefusal(error: FastifyError, { headers, routeOptions }: FastifyRequest): Refusal | undefined {
  switch (error.code) {
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return wrongType(typeOf(headers['content-type']), routeOptions.config.bodyTypes);
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return new Refusal('payload-too-large', {
        detail: `The body has more than ${routeOptions.bodyLimit} bytes (http.body-limit).`,
      });
    default:
      return undefined;
  }
}

function send(reply: FastifyReply, body: Problem) {
  return reply.code(body.status).type(problemMediaType).send(body);
}

function sentence(message: string): string {
  return /[.!?]$/.test(message) ? message : `${message}.`;
}
