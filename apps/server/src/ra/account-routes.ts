import { accountCodes } from '@yaolian/igrs';
import {
  type AccountAnswer,
  type AccountFields,
  type AccountServer,
  accountAnswerJson,
  accountAnswerXml,
  httpStatusOf,
} from '@yaolian/igrs/server';
import type { FastifyInstance, FastifyRequest } from 'fastify';

export type AccountOperation = (fields: AccountFields, address: string) => Promise<AccountAnswer>;

/** What the account server does, by the end of its path. */
export function accountOperations(server: AccountServer): Readonly<Record<string, AccountOperation>> {
  const ofEach: Readonly<Record<string, AccountOperation>> = {
    read: (fields, address) => server.read(fields, address),
    modify: (fields, address) => server.modify(fields, address),
    delete: (fields, address) => server.remove(fields, address),
  };
  const both = ['user', 'device'].flatMap((kind) =>
    Object.entries(ofEach).map(([verb, operation]) => [`${kind}/${verb}`, operation] as const),
  );
  return {
    'user/register': (fields, address) => server.registerUser(fields, address),
    'device/register': (fields, address) => server.registerDevice(fields, address),
    'device/verifycode': (fields, address) => server.resetCode(fields, address),
    ...Object.fromEntries(both),
  };
}

/**
 * The account server over HTTP (GB/T 29265.205 §7): `POST /rest/v1/user/register.xml` and its like take a form and answer XML,
 * the twins in `.json` take and answer JSON. The paths are those of the originators' clients.
 */
export function addAccountRoutes(app: FastifyInstance, server: AccountServer): void {
  app.register(async (scope) => {
    scope.addHook('onRequest', async (request, reply) => {
      if (!isExposed(request)) return;
      const refusal = refuseExposed();
      reply.code(httpStatusOf(refusal.code));
      await (request.url.split('?')[0]!.endsWith('.json')
        ? reply.send(accountAnswerJson(refusal))
        : reply.type(xmlType).send(accountAnswerXml(refusal)));
    });
    readForms(scope);
    for (const [path, operation] of Object.entries(accountOperations(server))) {
      addAccountRoute(scope, `/rest/v1/${path}`, (request) => operation(fieldsOf(request), request.ip));
    }
  });
}

export function readForms(scope: FastifyInstance): void {
  scope.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_, body, done) =>
    done(null, Object.fromEntries(new URLSearchParams(String(body)))),
  );
}

const xmlType = 'application/xml; charset=utf-8';

/** GB/T 29265.205 §14: passwords travel by HTTPS; this machine itself, and proxies that do TLS, are trusted with less. */
function isExposed(request: FastifyRequest): boolean {
  const host = request.socket.remoteAddress ?? '';
  const isHere = host === '::1' || /^(::ffff:)?127\./.test(host);
  return request.protocol !== 'https' && !isHere;
}

function refuseExposed(): AccountAnswer {
  return {
    code: accountCodes.badRequest,
    message: 'passwords travel by HTTPS: the operator sets http.tls-port, or has a proxy of http.trusted-proxies do it',
  };
}

/** `PATH.xml` and `PATH.json`. */
export function addAccountRoute(
  scope: FastifyInstance,
  path: string,
  answering: (request: FastifyRequest) => Promise<AccountAnswer>,
): void {
  for (const format of ['xml', 'json'] as const) {
    scope.post(`${path}.${format}`, { schema: { hide: true } as object }, async (request, reply) => {
      const answer = await answering(request);
      reply.code(httpStatusOf(answer.code, answer.isNew));
      if (answer.retryAfter !== undefined) reply.header('retry-after', String(answer.retryAfter));
      if (format === 'json') return accountAnswerJson(answer);
      return reply.type(xmlType).send(accountAnswerXml(answer));
    });
  }
}

/** Texts by name; what is no text is left out. */
export function fieldsOf({ body }: FastifyRequest): AccountFields {
  if (typeof body !== 'object' || body === null) return {};
  return Object.fromEntries(Object.entries(body).filter(([, value]) => typeof value === 'string'));
}
