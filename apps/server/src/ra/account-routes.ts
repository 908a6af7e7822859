import { accountCodes, accountRequestSchemas } from '@yaolian/igrs';
import {
  type AccountAnswer,
  type AccountFields,
  type AccountServer,
  accountAnswerJson,
  accountAnswerXml,
  httpStatusOf,
} from '@yaolian/igrs/server';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

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
      if (isExposed(request)) await sendAnswer(request, reply, refuseExposed());
    });
    readForms(scope);
    answerUnreadable(scope);
    for (const [path, operation] of Object.entries(accountOperations(server))) {
      addAccountRoute(scope, `/rest/v1/${path}`, (request) => operation(fieldsOf(request), request.ip));
    }
  });
}

/** Bodies are forms or JSON. */
export function readForms(scope: FastifyInstance): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('application/json', { parseAs: 'string' }, scope.getDefaultJsonParser('error', 'error'));
  scope.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_, body, done) =>
    decodeForm(String(body), done),
  );
}

/** Of a field that is there twice neither is taken for what was meant. */
function decodeForm(body: string, done: (error: Error | null, fields?: object) => void): void {
  const fields = [...new URLSearchParams(body)];
  const twice = fields.find(
    ([name], index) => known.has(name) && fields.findIndex(([other]) => other === name) < index,
  );
  if (twice === undefined) done(null, Object.fromEntries(fields));
  else done(unfit(`${twice[0]} is there twice; send it once`));
}

/** What the body is, is refused as all else is: in the format that the path asks for. */
export function answerUnreadable(scope: FastifyInstance): void {
  scope.setErrorHandler<FastifyError>(async (error, request, reply) => {
    const { statusCode: status = 500 } = error;
    if (status < 400 || status > 499) throw error;
    const message = status === 415 ? 'the body is a form or JSON, and its Content-Type says so' : error.message;
    await sendAnswer(request, reply, { code: accountCodes.badRequest, message }, status);
  });
}

export async function sendAnswer(
  { url }: FastifyRequest,
  reply: FastifyReply,
  answer: AccountAnswer,
  status = httpStatusOf(answer.code, answer.isNew),
): Promise<void> {
  reply.code(status);
  if (answer.retryAfter !== undefined) reply.header('retry-after', String(answer.retryAfter));
  await (url.split('?')[0]!.endsWith('.json')
    ? reply.send(accountAnswerJson(answer))
    : reply.type(xmlType).send(accountAnswerXml(answer)));
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
      await sendAnswer(request, reply, await answering(request));
      return reply;
    });
  }
}

/** Every field that some path looks at. */
const known = new Set(
  Object.values(accountRequestSchemas).flatMap(({ required, optional }) => Object.keys({ ...required, ...optional })),
);

/**
 * Texts by name, as in forms: what JSON says as true or 123456 is the text of it.
 * @throws a refusal (400) of what cannot be a text, in a field that is looked at
 */
export function fieldsOf({ body }: FastifyRequest): AccountFields {
  if (typeof body !== 'object' || body === null || Buffer.isBuffer(body)) return {};
  const fields = Object.entries(body).filter(([name, value]) => known.has(name) && value !== null);
  return Object.fromEntries(fields.map(([name, value]) => [name, textOf(name, value)]));
}

function textOf(name: string, value: unknown): string {
  if (typeof value === 'string') return value;
  // Larger numbers and fractions are not what was written.
  if (typeof value === 'boolean' || Number.isSafeInteger(value)) return String(value);
  throw unfit(`${name} is a text: "${name}": "…"`);
}

function unfit(message: string): Error {
  return Object.assign(new Error(message), { statusCode: 400 });
}
