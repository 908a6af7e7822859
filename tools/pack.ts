/**
 * Packs every workspace for publishing into a folder of tarballs: `node tools/pack.ts FOLDER`, after `npm run build`.
 * In the repository `exports` and `bin` point at sources, which run unbuilt; what is published points at `dist`.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve, sep } from 'node:path';

const repository = resolve(import.meta.dirname, '..');
/** They stand on `fast-check`, which is not published with them. */
const unpublishedEntries = ['@yaolian/lwm2m/testing', '@yaolian/xmpp/testing'];

interface Manifest {
  name: string;
  exports?: Record<string, unknown>;
  bin?: Record<string, string>;
  files?: string[];
}

function built(source: string, ending: '.js' | '.d.ts'): string {
  return source.replace(/^\.\/src\//, './dist/').replace(/\.ts$/, ending);
}

function publishedManifest(manifest: Manifest): Manifest {
  const entries = Object.entries(manifest.exports ?? {}).filter(
    ([name]) => !unpublishedEntries.includes(name.replace('.', manifest.name)),
  );
  const exports = Object.fromEntries(
    entries.map(([name, source]) => [
      name,
      typeof source === 'string' && source.endsWith('.ts')
        ? { types: built(source, '.d.ts'), default: built(source, '.js') }
        : source,
    ]),
  );
  const bin = Object.fromEntries(Object.entries(manifest.bin ?? {}).map(([name, file]) => [name, built(file, '.js')]));
  return { ...manifest, ...(manifest.exports && { exports }), ...(manifest.bin && { bin }) };
}

/** What only the next build is made of stays here. */
function isPublished(file: string): boolean {
  return !file.endsWith('.tsbuildinfo');
}

/** The files that a manifest leads to. */
function filesNamed({ exports = {}, bin = {} }: Manifest): readonly string[] {
  const named = Object.values(exports).flatMap((entry) =>
    typeof entry === 'object' && entry !== null ? Object.values(entry as Record<string, string>) : [String(entry)],
  );
  return [...named, ...Object.values(bin)];
}

/**
 * Adds the sources that the maps in `dist` name, so that debuggers and "go to definition" find them.
 * @returns the folders that they are in
 */
function addSources(folder: string, stage: string): readonly string[] {
  const folders = new Set<string>();
  for (const map of globSync('dist/**/*.js.map', { cwd: stage })) {
    const { sources } = JSON.parse(readFileSync(join(stage, map), 'utf8')) as { sources: readonly string[] };
    for (const source of sources) {
      const file = relative(stage, resolve(stage, dirname(map), source));
      cpSync(join(folder, file), join(stage, file));
      folders.add(file.split(sep, 1)[0]!);
    }
  }
  return [...folders];
}

/** @throws Error when a package has not been built */
export function packAll(destination: string, root = repository): string[] {
  mkdirSync(destination, { recursive: true });
  const tarballs: string[] = [];
  for (const manifestFile of globSync('{packages,apps}/*/package.json', { cwd: root }).toSorted()) {
    const folder = join(root, dirname(manifestFile));
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
    const published = publishedManifest(manifest);
    const stage = mkdtempSync(join(tmpdir(), 'yaolian-pack-'));
    for (const file of [...(manifest.files ?? []), 'README.md']) {
      if (existsSync(join(folder, file)))
        cpSync(join(folder, file), join(stage, file), { recursive: true, filter: isPublished });
    }
    const unbuilt = [...(manifest.files ?? []), ...filesNamed(published)].find(
      (file) => /^(?:\.\/)?dist(?:\/|$)/.test(file) && !file.includes('*') && !existsSync(join(stage, file)),
    );
    if (unbuilt !== undefined) {
      rmSync(stage, { recursive: true });
      throw new Error(`${manifest.name} has no ${unbuilt}: run "npm run build" first`);
    }
    cpSync(join(root, 'LICENSE'), join(stage, 'LICENSE'));
    const files = [...(manifest.files ?? []), ...addSources(folder, stage)];
    writeFileSync(join(stage, 'package.json'), `${JSON.stringify({ ...published, files }, null, 2)}\n`);
    const output = execFileSync('npm', ['pack', '--silent', '--pack-destination', destination], { cwd: stage });
    tarballs.push(join(destination, output.toString().trim().split('\n').at(-1)!));
    rmSync(stage, { recursive: true });
  }
  return tarballs;
}

if (import.meta.main) {
  const destination = process.argv[2];
  if (!destination) {
    console.error('usage: node tools/pack.ts FOLDER (after npm run build)');
    process.exit(2);
  }
  try {
    for (const tarball of packAll(resolve(destination))) console.log(tarball);
  } catch (error) {
    console.error(`pack: ${(error as Error).message}`);
    process.exit(1);
  }
}
