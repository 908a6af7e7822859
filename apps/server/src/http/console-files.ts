import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

export type ContentCoding = 'br' | 'gzip';

/** A file of the console, ready to be sent. */
export interface ConsoleFile {
  readonly type: string;
  /** Strong, with its quotes (RFC 9110 §8.8.3). */
  readonly etag: string;
  /** Its name carries a hash of its content, so that it may be kept for ever. */
  readonly isImmutable: boolean;
  readonly plain: Buffer;
  /** What the build compressed. */
  readonly coded: ReadonlyMap<ContentCoding, Buffer>;
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webmanifest': 'application/manifest+json',
};

const codings: readonly (readonly [ContentCoding, string])[] = [
  ['br', '.br'],
  ['gzip', '.gz'],
];

/** Where the build of `@yaolian/console` puts its files. */
export function consoleFolder(): string {
  return fileURLToPath(new URL('./dist/', import.meta.resolve('@yaolian/console/package.json')));
}

/**
 * The built console by URL path (`/index.html`, `/assets/…`): a few hundred kilobytes, which stay in memory, so that no request ever
 * names a file. Undefined when it is not built.
 */
export async function readConsole(folder: string): Promise<ReadonlyMap<string, ConsoleFile> | undefined> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = new Map<string, ConsoleFile>();
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name);
    const type = types[extname(entry.name)];
    if (!entry.isFile() || type === undefined) continue;
    files.set(`/${relative(folder, path).split(sep).join('/')}`, await readOne(path, type));
  }
  return files.has('/index.html') && files.has('/home.html') ? files : undefined;
}

async function readOne(path: string, type: string): Promise<ConsoleFile> {
  const plain = await readFile(path);
  const coded = new Map<ContentCoding, Buffer>();
  for (const [coding, ending] of codings) {
    const bytes = await readFile(path + ending).catch(() => undefined); // small ones are not compressed
    if (bytes) coded.set(coding, bytes);
  }
  const digest = createHash('sha256').update(plain).digest('base64url').slice(0, 22);
  return { type, etag: `"${digest}"`, isImmutable: path.includes(`${sep}assets${sep}`), plain, coded };
}
