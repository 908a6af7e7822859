/**
 * Packs every workspace for publishing into a folder of tarballs: `node tools/pack.ts FOLDER`, after `npm run build`.
 * In the repository `exports` and `bin` point at sources, which run unbuilt; what is published points at `dist`.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

const repository = resolve(import.meta.dirname, '..');
const unpublished = ['testkit'];
/** They stand on `testkit` and `fast-check`, which are not published with them. */
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

/** The files that a manifest leads to. */
function filesNamed({ exports = {}, bin = {} }: Manifest): readonly string[] {
  const named = Object.values(exports).flatMap((entry) =>
    typeof entry === 'object' && entry !== null ? Object.values(entry as Record<string, string>) : [String(entry)],
  );
  return [...named, ...Object.values(bin)];
}

/** @throws Error when a package has not been built */
export function packAll(destination: string, root = repository): string[] {
  mkdirSync(destination, { recursive: true });
  const tarballs: string[] = [];
  for (const manifestFile of globSync('{packages,apps}/*/package.json', { cwd: root }).toSorted()) {
    const folder = join(root, dirname(manifestFile));
    if (unpublished.includes(folder.split('/').at(-1)!)) continue;
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
    const published = publishedManifest(manifest);
    const stage = mkdtempSync(join(tmpdir(), 'yaolian-pack-'));
    for (const file of [...(manifest.files ?? []), 'README.md']) {
      if (existsSync(join(folder, file))) cpSync(join(folder, file), join(stage, file), { recursive: true });
    }
    const unbuilt = [...(manifest.files ?? []), ...filesNamed(published)].find(
      (file) => /^(?:\.\/)?dist(?:\/|$)/.test(file) && !file.includes('*') && !existsSync(join(stage, file)),
    );
    if (unbuilt !== undefined) {
      rmSync(stage, { recursive: true });
      throw new Error(`${manifest.name} has no ${unbuilt}: run "npm run build" first`);
    }
    cpSync(join(root, 'LICENSE'), join(stage, 'LICENSE'));
    writeFileSync(join(stage, 'package.json'), `${JSON.stringify(published, null, 2)}\n`);
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
