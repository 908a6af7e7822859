import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { refusalCodes } from '@yaolian/contract';

const source = join(import.meta.dirname, '../../../../packages/lwm2m/src');

/** The codes that a file refuses requests with: `refuse(Code.BadRequest, 'empty', …)`, `bad('binding-invalid', …)`, one of two. */
function codesIn(file: string): string[] {
  const text = readFileSync(join(source, file), 'utf8');
  const calls = text.matchAll(/\b(?:refuse|bad)\(\s*(?:[\w.]+,\s*)?'([a-z-]+)',/g);
  const either = text.matchAll(/\brefuse\([^;]*?\? '([a-z-]+)' : '([a-z-]+)',/g);
  return [...calls, ...either].flatMap(([, ...codes]) => codes.map(String));
}

const requests = new Set(['register', 'update', 'deregister', 'send', 'bootstrap']);

test('why terminals are turned away is known to the contract, so that pages have words for it', () => {
  const files = globSync('{server,bootstrap}/*.ts', { cwd: source }).filter(
    (file) => !/\.test\.|execute-arguments/.test(file),
  );
  const codes = new Set(files.flatMap(codesIn).filter((code) => !requests.has(code)));
  assert.ok(codes.size > 28, [...codes].join());
  assert.deepEqual([...codes].filter((code) => !refusalCodes.includes(code)).sort(), []);
});
