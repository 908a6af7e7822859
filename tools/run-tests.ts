/**
 * Runs one suite of tests: `node tools/run-tests.ts protocols|platform|peers [flags of node --test]`.
 *
 * In CI (`CI` is set) properties run from one seed, so that a run judges the change and not the draw, and a file in which a
 * test fails runs once more by itself: real sockets, processes and browsers share a small machine with a thousand other
 * tests. What passes only then is named at the end, to be mended. A file that does not end once its tests are over fails (`leftovers.ts`).
 *
 * The processes of a run share one cache of compiled code: a file of tests loads most of the platform.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suites } from './test-suites.ts';

const seedOfCi = '20171229';

const [name = '', ...more] = process.argv.slice(2);
const suite = suites[name];
if (suite === undefined) {
  console.error(`usage: run-tests.ts ${Object.keys(suites).join('|')} [flags of node --test]`);
  process.exit(2);
}

const inCi = Boolean(process.env['CI']);
const folder = mkdtempSync(join(tmpdir(), 'yaolian-tests-'));
const outcomes = join(folder, 'outcomes');
let status = run(suite.files);
tellSlowest();
if (inCi && status !== 0) {
  const again = failedFiles();
  console.log(`\n${name}: once more by themselves:\n${again.join('\n')}\n`);
  status = run(again);
  if (status === 0) console.log(`\npassed at the second attempt only, mend them:\n${again.join('\n')}`);
}
rmSync(folder, { recursive: true });
process.exit(status);

function run(files: readonly string[]): number {
  const preloads = ['property-seed.ts', 'leftovers.ts'].map((name) => `--import=${join(import.meta.dirname, name)}`);
  const reporters = [
    '--test-reporter=spec',
    '--test-reporter-destination=stdout',
    `--test-reporter=${join(import.meta.dirname, 'file-outcomes.ts')}`,
    `--test-reporter-destination=${outcomes}`,
  ];
  const args = [...preloads, '--test', ...suite!.flags, ...reporters, ...more, ...files];
  const seed = inCi ? { PROPERTY_SEED: seedOfCi } : {};
  const env = { NODE_COMPILE_CACHE: join(folder, 'compiled'), ...seed, ...process.env };
  const { status, signal, error } = spawnSync(process.execPath, args, { stdio: 'inherit', env });
  if (error !== undefined) throw error;
  if (signal !== null) console.error(`the tests were ended by ${signal}`);
  return status ?? 1;
}

/** What has to run again: all, when the run ended before its tests. */
function failedFiles(): readonly string[] {
  const failed = rest('failed ');
  return failed.length > 0 && isComplete() ? failed : suite!.files;
}

/** Where the time of a suite goes, when its files have processes of their own. */
function tellSlowest(): void {
  const slowest = rest('took ')
    .map((line) => line.split(' ') as [seconds: string, file: string])
    .toSorted(([a], [b]) => Number(b) - Number(a))
    .slice(0, 10);
  if (slowest.length > 0) console.log(`\n${name}, the slowest files:`);
  for (const [seconds, file] of slowest) console.log(`${seconds.padStart(7)} s  ${file}`);
}

/** What follows `start` in the lines that have it. */
function rest(start: string): readonly string[] {
  return reported().flatMap((line) => (line.startsWith(start) ? [line.slice(start.length)] : []));
}

function isComplete(): boolean {
  return reported().at(-1) === '.';
}

function reported(): readonly string[] {
  return existsSync(outcomes) ? readFileSync(outcomes, 'utf8').trimEnd().split('\n') : [];
}
