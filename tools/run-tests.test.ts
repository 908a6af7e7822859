import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, matchesGlob } from 'node:path';
import { type TestContext, test } from 'node:test';
import fc from 'fast-check';
import { suites } from './test-suites.ts';

const tool = join(import.meta.dirname, 'run-tests.ts');

/** Runs the suite `platform` in a folder with one test. */
function run(folder: string, environment: NodeJS.ProcessEnv) {
  const { NODE_TEST_CONTEXT: _, CI: _ci, PROPERTY_SEED: _seed, ...inherited } = process.env;
  return spawnSync(process.execPath, [tool, 'platform'], {
    cwd: folder,
    env: { ...inherited, ...environment },
    encoding: 'utf8',
  });
}

/** A checkout with tests of these names. */
function checkout(t: TestContext, tests: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'yaolian-run-tests-'));
  t.after(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, 'test'));
  const head = "import { test } from 'node:test';\nimport * as fs from 'node:fs';\n";
  for (const [name, body] of Object.entries(tests)) writeFileSync(join(folder, 'test', `${name}.test.ts`), head + body);
  return folder;
}

const steady = "test('steady', () => fs.appendFileSync('steady', 'x'));";
const failsAtFirst = `test('fails at first', () => {
  if (fs.existsSync('tried')) return;
  fs.writeFileSync('tried', '');
  throw new Error('the first time');
});`;

test('in CI a file that fails runs once more by itself, and is named', (t) => {
  const folder = checkout(t, { steady, 'fails-at-first': failsAtFirst });
  const { status, stdout } = run(folder, { CI: 'true' });
  assert.equal(status, 0, stdout);
  assert.match(stdout, /passed at the second attempt only, mend them:\ntest\/fails-at-first\.test\.ts\n$/);
  assert.equal(readFileSync(join(folder, 'steady'), 'utf8'), 'x');
});

test('the files that took longest are told', (t) => {
  const slow = "test('slow', () => new Promise((done) => setTimeout(done, 300)));";
  const { stdout } = run(checkout(t, { steady, slow }), {});
  assert.match(stdout, /slowest files:\n +\d+\.\d s {2}test\/slow\.test\.ts\n +\d+\.\d s {2}test\/steady\.test\.ts\n/);
});

test('a file whose tests are over and whose process does not end has failed, and says what holds it', (t) => {
  const left =
    "test('leaves a server', async () => void (await import('node:net')).createServer().listen(0, '127.0.0.1'));";
  const folder = checkout(t, { steady, left });
  const { status, stdout } = run(folder, { TEST_LEFTOVERS_GRACE: '500' });
  assert.equal(status, 1, stdout);
  assert.match(stdout, /left\.test\.ts: the tests are over, and the process does not end: TCPServerWrap/);
  assert.match(stdout, /✔ leaves a server/);
});

test('elsewhere, and when it fails twice, it has failed', (t) => {
  assert.equal(run(checkout(t, { steady, 'fails-at-first': failsAtFirst }), {}).status, 1);
  const always = checkout(t, { always: "test('always', () => { throw new Error('again'); });" });
  assert.equal(run(always, { CI: 'true' }).status, 1);
});

test('an unknown suite is a mistake', () => {
  const { status, stderr } = spawnSync(process.execPath, [tool, 'all'], { encoding: 'utf8' });
  assert.equal(status, 2);
  assert.match(stderr, /^usage: run-tests\.ts protocols\|platform\|peers/);
});

test('PROPERTY_SEED is the seed of every property', () => {
  const { PROPERTY_SEED: seed } = process.env;
  assert.equal(fc.readConfigureGlobal().seed, seed === undefined ? undefined : Number(seed));
});

test('every file of tests is in one suite', () => {
  const listed = spawnSync('git', ['ls-files', '*.test.ts'], {
    cwd: join(import.meta.dirname, '..'),
    encoding: 'utf8',
  });
  const files = listed.stdout.trim().split('\n');
  assert.ok(files.includes('tools/run-tests.test.ts'));
  const suitesOf = (file: string) =>
    Object.keys(suites).filter((name) => suites[name]!.files.some((glob) => matchesGlob(file, glob)));
  assert.deepEqual(
    files.filter((file) => suitesOf(file).length !== 1),
    [],
  );
});
