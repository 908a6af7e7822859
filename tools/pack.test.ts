import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
