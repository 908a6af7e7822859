import { createReadStream } from 'node:fs';
import type { FirmwareFile, FirmwareFileStore } from '@yaolian/directory';
import type { FastifyInstance, FastifyReply, FastifyRequest, FastifySchema } from 'fastify';
import { Refusal } from '../http/refusal.ts';
import { packagesPath } from './coap-packages.ts';
import type { PackageFolder } from './package-folder.ts';

export interface HttpPackagesOptions {
  readonly files: FirmwareFileStore;
  readonly folder: PackageFolder;
  readonly onServed: (job: string, end: number, file: FirmwareFile) => void;
}

/** Packages over HTTP, for terminals: no token, but a URL that cannot be guessed; with Range and ETag (RFC 9110 §14). */
export function addHttpPackages(app: FastifyInstance, options: HttpPackagesOptions): void {
  const schema = { hide: true } as FastifySchema;
  for (const url of [`/${packagesPath}/:token`, `/${packagesPath}/:token/:job`]) {
    app.get(url, { schema }, (request, reply) => serve(request, reply, options));
  }
}

async function serve(request: FastifyRequest, reply: FastifyReply, options: HttpPackagesOptions) {
  const { token, job } = request.params as { readonly token: string; readonly job?: string };
  const file = await options.files.fileByToken(token);
  if (!file) throw new Refusal('not-found');
  const etag = `"${file.sha256}"`;
  reply.headers({ etag, 'accept-ranges': 'bytes', 'content-type': 'application/octet-stream' });
  if (request.headers['if-none-match'] === etag) return reply.code(304).send();
  const condition = request.headers['if-range'];
  const header = condition === undefined || condition === etag ? request.headers.range : undefined;
  const range = header === undefined ? undefined : byteRange(header, file.size);
  if (range === 'unsatisfiable') {
    return reply.code(416).header('content-range', `bytes */${file.size}`).send();
  }
  const { start, end } = range ?? { start: 0, end: file.size - 1 };
  if (range) reply.code(206).header('content-range', `bytes ${start}-${end}/${file.size}`);
  reply.header('content-length', end - start + 1);
  if (request.method === 'HEAD') return reply.send();
  const stream = createReadStream(options.folder.pathOf(file.id), { start, end });
  if (job !== undefined) {
    let sent = start;
    stream.on('data', (chunk) => {
      sent += chunk.length;
      options.onServed(job, sent, file);
    });
  }
  return reply.send(stream);
}

/** One range of bytes (RFC 9110 §14.1.2); undefined for what may be ignored: several, or another unit. */
export function byteRange(
  header: string,
  size: number,
): { readonly start: number; readonly end: number } | 'unsatisfiable' | undefined {
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header.trim());
  if (!match || (match[1] === '' && match[2] === '')) return undefined;
  const [, first = '', last = ''] = match;
  if (first === '') {
    const length = Math.min(Number(last), size);
    return length === 0 ? 'unsatisfiable' : { start: size - length, end: size - 1 };
  }
  const start = Number(first);
  const end = last === '' ? size - 1 : Math.min(Number(last), size - 1);
  if (last !== '' && Number(last) < start) return undefined;
  return start >= size ? 'unsatisfiable' : { start, end };
}
