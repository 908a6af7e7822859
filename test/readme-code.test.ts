/** What the READMEs of the packages show is TypeScript that compiles, strictly. `test/package.check.ts` does the same with what is published. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, test } from 'node:test';
import { writeReadmeCode } from './support/readme-code.ts';

const root = resolve(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'yaolian-readme-'));
after(() => rmSync(folder, { recursive: true, force: true }));

test('the code of every README compiles', () => {
  const files = writeReadmeCode(folder);
  assert.ok(files.length > 20, `${files.length} pieces of code were found`);
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  const compilerOptions = {
    lib: ['es2024', 'esnext.disposable', 'dom'],
    ...{ noUnusedLocals: false, typeRoots: [join(root, 'node_modules/@types')] },
  };
  const config = { extends: join(root, 'tsconfig.json'), compilerOptions, include: [], files };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
  try {
    execFileSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', folder], { encoding: 'utf8' });
  } catch (error) {
    assert.fail(`the number in the name of a file is the line of its README\n${(error as { stdout: string }).stdout}`);
  }
});
