import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { packAll } from './pack.ts';

test('a package that was not built is not packed without its code', () => {
  const root = mkdtempSync(join(tmpdir(), 'yaolian-unbuilt-'));
  const folder = join(root, 'packages/one');
  const manifest = { name: 'one', version: '1.0.0', files: ['dist'], exports: { '.': './src/index.ts' } };
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(root, 'LICENSE'), '');
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  const pack = () => packAll(join(root, 'tarballs'), root);
  assert.throws(pack, { message: 'one has no dist: run "npm run build" first' });
  mkdirSync(join(folder, 'dist'));
  assert.throws(pack, { message: 'one has no ./dist/index.d.ts: run "npm run build" first' });
  assert.deepEqual(readdirSync(join(root, 'tarballs')), []);
  rmSync(root, { recursive: true });
});

test('what maps lead to is packed with them, and nothing of the build itself', () => {
  const root = mkdtempSync(join(tmpdir(), 'yaolian-mapped-'));
  const folder = join(root, 'packages/one');
  const manifest = { name: 'one', version: '1.0.0', files: ['dist'], exports: { '.': './src/index.ts' } };
  const files = {
    'src/index.ts': 'export const one = 1;',
    'src/index.test.ts': '',
    'dist/index.js': '',
    'dist/index.d.ts': '',
    'dist/index.js.map': JSON.stringify({ sources: ['../src/index.ts'] }),
    'dist/.tsbuildinfo': '',
    'package.json': JSON.stringify(manifest),
  };
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  writeFileSync(join(root, 'LICENSE'), '');
  const [tarball] = packAll(join(root, 'tarballs'), root);
  const packed = execFileSync('tar', ['tzf', tarball!], { encoding: 'utf8' }).trim().split('\n').toSorted();
  assert.deepEqual(packed, [
    'package/LICENSE',
    'package/dist/index.d.ts',
    'package/dist/index.js',
    'package/dist/index.js.map',
    'package/package.json',
    'package/src/index.ts',
  ]);
  rmSync(root, { recursive: true });
});
