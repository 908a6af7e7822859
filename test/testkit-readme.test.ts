/** The tests that the README of the test kit shows are tests that pass. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, test } from 'node:test';
import { readmeCode } from './support/readme-code.ts';

const folder = mkdtempSync(join(tmpdir(), 'yaolian-testkit-readme-'));
after(() => rmSync(folder, { recursive: true, force: true }));

test('@yaolian/testkit: the tests of its README pass', () => {
  symlinkSync(resolve(import.meta.dirname, '../node_modules'), join(folder, 'node_modules'));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  const shown = readmeCode().filter(({ file }) => file.startsWith('testkit-'));
  for (const { file, text } of shown) writeFileSync(join(folder, file), text);
  const files = shown.map(({ file }) => file);
  // A runner within a runner reports to the outer one, unless it does not know of it.
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const report = execFileSync(process.execPath, ['--test', '--test-reporter=tap', ...files], {
    cwd: folder,
    encoding: 'utf8',
    env,
  });
  assert.match(report, /^# pass 2$/m);
});
