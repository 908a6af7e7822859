/** Fails when a source file imports what the layer table forbids, or what its package.json does not declare. */
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { developmentOnly, type Layer, layers } from './layers.ts';

const root = resolve(process.argv[2] ?? join(import.meta.dirname, '..'));
const scope = '@yaolian/';
const importSpecifier =
  /^\s*(?:import|export)\b[^'";]*?\bfrom\s+'([^']+)'|^\s*import\s+'([^']+)'|\bimport\(\s*'([^']+)'\s*\)/gms;

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  /** What a package can do without, and falls back when it does not load. */
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

interface Source {
  readonly file: string;
  readonly folder: string;
  readonly name: string;
  readonly layer: Layer;
  readonly declared: ReadonlySet<string>;
  /** Tests and generators: they do not ship. */
  readonly development: boolean;
}

function importsOf(text: string): string[] {
  return [...text.matchAll(importSpecifier)].map((match) => (match[1] ?? match[2] ?? match[3])!);
}

function packageOf(specifier: string): string {
  const parts = specifier.split('/');
  return specifier.startsWith('@') ? parts.slice(0, 2).join('/') : parts[0]!;
}

/** Why this import is wrong, or undefined. */
function objection(source: Source, specifier: string): string | undefined {
  if (specifier.startsWith('.')) {
    const target = relative(join(root, source.folder), resolve(dirname(join(root, source.file)), specifier));
    if (target.startsWith('..')) return 'leaves its package by a relative path: import the package by name';
    return /\.(?:tsx?|json|css)(?:\?[a-z&]+)?$/.test(specifier) ? undefined : 'needs its .ts ending';
  }
  if (source.development) return undefined;
  if (specifier.startsWith('node:'))
    return source.layer.node ? undefined : 'is closed to protocol packages: take a port';
  const imported = packageOf(specifier);
  if (imported === scope + source.name) return 'imports its own package by name: use a relative path';
  if (!source.declared.has(imported)) return `is not in the dependencies of ${source.folder}/package.json`;
  if (!imported.startsWith(scope)) {
    return source.layer.external.includes(imported)
      ? undefined
      : 'is no registry package that tools/layers.ts allows here';
  }
  const target = imported.slice(scope.length);
  if (developmentOnly.includes(target)) return 'is for tests only';
  return source.layer.imports.includes(target) ? undefined : 'is forbidden by the layer table';
}

let files = 0;
const objections: string[] = [];
for (const manifestFile of globSync('{packages,apps}/*/package.json', { cwd: root }).toSorted()) {
  const folder = dirname(manifestFile);
  const name = folder.split('/')[1]!;
  const layer = layers[name];
  if (!layer) {
    objections.push(`${folder} has no row in tools/layers.ts`);
    continue;
  }
  const manifest = JSON.parse(readFileSync(join(root, manifestFile), 'utf8')) as Manifest;
  const declared = new Set(Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies }));
  for (const file of globSync(`${folder}/{src,test}/**/*.{ts,tsx}`, { cwd: root }).toSorted()) {
    const development = /\.test\.ts$|\/test\/|\/testing\/|\/generate\/|\/conformance\//.test(file);
    const source: Source = { file, folder, name, layer, declared, development };
    files++;
    for (const specifier of importsOf(readFileSync(join(root, file), 'utf8'))) {
      const problem = objection(source, specifier);
      if (problem !== undefined) objections.push(`${file}: '${specifier}' ${problem}`);
    }
  }
}

if (objections.length > 0) {
  console.error(objections.join('\n'));
  console.error(`layers: ${objections.length} forbidden imports in ${files} files; the table is tools/layers.ts`);
  process.exit(1);
}
console.log(`layers: ${files} files keep to the table`);
