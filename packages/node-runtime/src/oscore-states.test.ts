import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { openOscoreStates } from './oscore-states.ts';

test('states of security contexts outlive the process; one that cannot be read is no new one', async (t) => {
  const folder = join(mkdtempSync(join(tmpdir(), 'yaolian-states-')), 'states');
  t.after(() => rmSync(join(folder, '..'), { recursive: true, force: true }));
  const states = await openOscoreStates(folder);
  assert.equal(await states.load('0123456789abcdef'), undefined);
  await states.save('0123456789abcdef', { senderSequence: 256 });
  const state = { senderSequence: 512, replayWindow: { highest: 41, seen: Uint8Array.of(5, 1) } };
  await states.save('0123456789abcdef', state);
  assert.deepEqual(await (await openOscoreStates(folder)).load('0123456789abcdef'), state);
  assert.deepEqual(readdirSync(folder), ['0123456789abcdef']);
  writeFileSync(join(folder, 'fedcba9876543210'), '');
  await assert.rejects(async () => states.load('fedcba9876543210'), RangeError);
});
