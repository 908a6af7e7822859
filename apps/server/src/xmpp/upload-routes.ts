import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { PutFault, Uploads } from './uploads.ts';

const statuses: Readonly<Record<PutFault, number>> = { unknown: 404, there: 409, size: 413 };

/** What browsers may show where it stands: nothing that runs. All else is saved. */
const shown = /^(image\/(png|jpeg|gif|webp|avif)|audio\/[\w.+-]+|video\/[\w.+-]+|text\/plain)$/;

const crossOrigin = {
  'access-control-allow-origin': '*',
  'access-control-allow-methods': 'GET, HEAD, PUT, OPTIONS',
  'access-control-allow-headers': 'content-type',
  'access-control-max-age': '7200',
  'cross-origin-resource-policy': 'cross-origin',
} as const;

/** The HTTP side of XEP-0363: who has the address of a slot puts the file, who has it later gets it. */
export function addUploadRoutes(app: FastifyInstance, uploads: Uploads): void {
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    // Bytes of whatever type, not read before the handler asks for them.
    scope.addContentTypeParser('*', (_, __, done) => done(null));
    scope.addHook('onRequest', async (_, reply) => {
      reply.headers(crossOrigin);
    });
    const options = { schema: { hide: true } as object, bodyLimit: uploads.maxSize, config: { takesFile: true } };
    scope.options('/upload/:id/:name', options, async (_, reply) => reply.code(204).send());
    scope.put('/upload/:id/:name', options, async (request, reply) => {
      const fault = await uploads.put(idOf(request), request.raw);
      // RFC 9110 §15.5.14: what still comes is not read.
      if (fault !== undefined) reply.header('connection', 'close');
      return reply.code(fault === undefined ? 201 : statuses[fault]).send();
    });
    scope.route({
      method: ['GET', 'HEAD'],
      url: '/upload/:id/:name',
      ...options,
      handler: (request, reply) => give(uploads, request, reply),
    });
  });
}

async function give(uploads: Uploads, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const upload = await uploads.find(idOf(request));
  if (upload === undefined) return reply.code(404).send();
  const { contentType = '', size } = upload;
  const isShown = shown.test(contentType);
  reply.headers({
    'content-type': isShown ? contentType : 'application/octet-stream',
    'content-length': size,
    'content-disposition': isShown ? 'inline' : 'attachment',
    'cache-control': 'private, max-age=86400, immutable',
  });
  return request.method === 'HEAD' ? reply.send() : reply.send(uploads.read(upload));
}

function idOf(request: FastifyRequest): string {
  return (request.params as { readonly id: string }).id;
}
