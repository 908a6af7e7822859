import swagger from '@fastify/swagger';
import { because, ProblemSchema, problemMediaType } from '@yaolian/contract';
import { encodeHex, type Log, type Random, type Timers } from '@yaolian/kernel';
import Fastify, { type FastifyInstance } from 'fastify';
import type { TSchema } from 'typebox';
import type { Config } from '../config/settings.ts';
import { readBodies } from './bodies.ts';
import { answerUnparsed, answerWithProblems } from './failures.ts';
import { restParameter } from './mount.ts';
import { openApiOptions } from './openapi.ts';
import { Refusal, unfit } from './refusal.ts';
import { boundRequests, serverTimes } from './request-patience.ts';
import { compileCheck, type Part } from './validation.ts';

export interface HttpServerOptions {
  readonly config: Config;
  readonly log: Log;
  readonly random: Random;
  readonly timers: Timers;
  readonly version: string;
}

/** Fastify as this platform uses it: checks, problems, security headers and the OpenAPI document; no routes yet. */
export async function createHttpServer(options: HttpServerOptions): Promise<FastifyInstance> {
  const { config, log, timers } = options;
  const app = Fastify({
    bodyLimit: config['http.body-limit'],
    http: serverTimes(config['http.request-timeout']),
    forceCloseConnections: 'idle',
    trustProxy: config['http.trusted-proxies'] ?? false,
    genReqId: () => encodeHex(options.random.bytes(8)),
    requestIdHeader: false,
    clientErrorHandler: answerUnparsed,
    routerOptions: { maxParamLength: 2048 },
    frameworkErrors: (error, request, reply) => {
      // A URL that the router cannot read never reaches the hooks and the error handler.
      const refusal = new Refusal('invalid-request', {
        ...because('request-unreadable'),
        detail: error.message,
        instance: request.id,
      });
      const { raw } = reply;
      raw.writeHead(400, { ...securityHeaders, 'content-type': problemMediaType });
      raw.end(JSON.stringify(refusal.problem));
    },
  });
  setSecurityHeaders(app);
  boundRequests(app, { timers, patience: config['http.request-timeout'] });
  checkRequests(app);
  answerWithProblems(app, log);
  readBodies(app);
  app.addSchema(ProblemSchema);
  await app.register(swagger, openApiOptions(options.version));
  return app;
}

const securityHeaders = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cache-control': 'no-store',
} as const;

function setSecurityHeaders(app: FastifyInstance): void {
  app.addHook('onRequest', async (_, reply) => {
    reply.headers(securityHeaders);
  });
}

function checkRequests(app: FastifyInstance): void {
  app.addHook('preValidation', async (request) => {
    const { config, schema } = request.routeOptions;
    requireReadable(request.url);
    if (config.role !== undefined && schema?.querystring === undefined) checkNoQuery(request.query);
    const params = request.params as Record<string, string>;
    if (params['*'] === undefined) return;
    params[restParameter] = params['*'];
    delete params['*'];
  });
  app.setValidatorCompiler<TSchema>(({ schema, httpPart }) => {
    // Bytes are not read before the handler asks for them.
    if ((schema as { readonly format?: string }).format === 'binary') return (value: unknown) => ({ value });
    const check = compileCheck(schema, httpPart as Part);
    return (value: unknown) => {
      const checked = check(value);
      if ('value' in checked) return checked;
      return { error: unfit('invalid-request', checked.mistakes) };
    };
  });
  app.setSchemaErrorFormatter((errors) => errors as unknown as Error);
  app.setSerializerCompiler(() => (value) => JSON.stringify(value));
}

/** RFC 3986 §2.1: percent-encoded UTF-8. Otherwise a search would be for other characters than were meant. */
function requireReadable(url: string): void {
  const query = url.slice(url.indexOf('?') + 1 || url.length);
  try {
    decodeURIComponent(query);
  } catch {
    const detail = 'The query is not percent-encoded UTF-8 (a "%" itself is "%25").';
    throw new Refusal('invalid-request', { ...because('request-unreadable'), detail });
  }
}

const noQuery = compileCheck({ type: 'object' } as TSchema, 'querystring');

/** A parameter that would be passed over, perhaps for a slip of the pen, is refused. */
function checkNoQuery(query: unknown): void {
  const checked = noQuery(query);
  if ('mistakes' in checked) throw unfit('invalid-request', checked.mistakes);
}
