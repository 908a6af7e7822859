import type { FastifyInstance, FastifyReply, FastifyRequest, FastifySchema } from 'fastify';
import { type ConsoleFile, type ContentCoding, readConsole } from './console-files.ts';
import { allowOf, type Methods, notAllowed } from './mount.ts';
import { Refusal } from './refusal.ts';

/**
 * What pages of the console may do: load their own files and ask this host, nothing else. No inline script or style, no plugin, no
 * frame; texts cannot become script even by mistake (Trusted Types): the one policy of that name is made for the shared worker, whose address it has.
 */
export const consolePolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  'trusted-types yaolian-worker',
].join('; ');

const hidden = { hide: true } as FastifySchema;

/** Serves the console at `/` and the owner's side at `/home`, and the first page of each for every address that it gives its pages. */
export function addConsolePages(app: FastifyInstance, folder: string): void {
  let files: ReadonlyMap<string, ConsoleFile> | undefined;
  /** What a path is for who asks so: the address of a file, of its page, or of nothing. */
  const addressOf = async (request: FastifyRequest): Promise<string | undefined> => {
    const path = request.url.split('?', 1)[0]!;
    if (path.startsWith('/api/')) return undefined;
    files ??= await readConsole(folder);
    if (files?.has(path)) return path;
    if (path !== '/' && (path.startsWith('/assets/') || !wantsPage(request))) return undefined;
    return /^\/home(\/|$)/.test(path) ? '/home.html' : '/index.html';
  };
  app.get('/*', { schema: hidden }, async (request, reply) => {
    const address = await addressOf(request);
    if (address === undefined) throw new Refusal('route-unknown');
    return files ? send(request, reply, files.get(address)!) : sendNotBuilt(reply);
  });
  // RFC 9110 §9.3.7, §15.5.6: what is there takes these, and says so.
  app.addHook('onRequest', async (request, reply) => {
    if (!request.is404 || (await addressOf(request)) === undefined) return;
    if (request.method !== 'OPTIONS') throw notAllowed(pageMethods);
    return reply.code(204).header('allow', allowOf(pageMethods)).send();
  });
}

const pageMethods: Methods = new Set(['GET', 'HEAD'] as const);

/** A browser that opens an address says that it wants HTML; programs and scripts do not. */
function wantsPage({ headers }: FastifyRequest): boolean {
  return /\btext\/html\b/i.test(headers.accept ?? '');
}

function send(request: FastifyRequest, reply: FastifyReply, file: ConsoleFile): FastifyReply {
  reply.headers({
    'content-security-policy': consolePolicy,
    'cross-origin-opener-policy': 'same-origin',
    'cache-control': file.isImmutable ? 'public, max-age=31536000, immutable' : 'no-cache',
    etag: file.etag,
    vary: 'accept-encoding',
  });
  if (hasTag(request.headers['if-none-match'], file.etag)) return reply.code(304).send();
  const coding = codingFor(request.headers['accept-encoding'], file);
  if (coding) reply.header('content-encoding', coding);
  return reply.type(file.type).send(coding ? file.coded.get(coding) : file.plain);
}

/** RFC 9110 §13.1.2: weak comparison. */
function hasTag(header: string | undefined, etag: string): boolean {
  return (header ?? '').split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag);
}

/** The best coding that both have. RFC 9110 §12.5.3: `;q=0` excludes one. */
function codingFor(header: string | string[] | undefined, file: ConsoleFile): ContentCoding | undefined {
  const accepted = String(header ?? '')
    .split(',')
    .map((part) =>
      part
        .toLowerCase()
        .split(';')
        .map((word) => word.trim()),
    )
    .filter(([, weight]) => weight === undefined || !/^q=0(\.0*)?$/.test(weight))
    .map(([name]) => name);
  return [...file.coded.keys()].find((coding) => accepted.includes(coding));
}

const notBuilt = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Yaolian 遥联</title>
<h1>The console is not built yet</h1>
<p>Run <code>npm run console</code> in the folder of Yaolian and load this page again; <code>npm start</code> does it by itself.</p>
<p>The API is at <a href="/openapi.json">/openapi.json</a> meanwhile.</p>
<h1 lang="zh-CN">控制台尚未构建</h1>
<p lang="zh-CN">请在 Yaolian 的文件夹中运行 <code>npm run console</code>，然后刷新本页；<code>npm start</code> 会自动构建。</p>
`;

function sendNotBuilt(reply: FastifyReply): FastifyReply {
  return reply.code(503).type('text/html; charset=utf-8').send(notBuilt);
}
