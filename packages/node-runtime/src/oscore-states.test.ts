import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
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
  states.close();
  const again = await openOscoreStates(folder);
  t.after(() => again.close());
  assert.deepEqual(await again.load('0123456789abcdef'), state);
  const record = { senderSequence: 0, idContext: Uint8Array.of(0x37, 0xcb) };
  await again.save('00000000000000ff', record);
  assert.deepEqual(await again.load('00000000000000ff'), record);
  await again.remove?.('00000000000000ff');
  assert.equal(await again.load('00000000000000ff'), undefined);
  assert.deepEqual(readdirSync(folder).toSorted(), ['0123456789abcdef', 'lock']);
  writeFileSync(join(folder, 'fedcba9876543210'), '');
  await assert.rejects(async () => again.load('fedcba9876543210'), RangeError);
});

test('one process at a time counts the numbers of a folder; the end of a process, however it comes, frees it', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'yaolian-states-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const states = await openOscoreStates(folder);
  await assert.rejects(openOscoreStates(folder), {
    code: 'OSCORE_STATES_IN_USE',
    message: /in use by another process/,
  });
  const open = `
    import { openOscoreStates } from ${JSON.stringify(new URL('oscore-states.ts', import.meta.url).href)};
    await openOscoreStates(${JSON.stringify(folder)}).catch(({ code }) => { console.log(code); process.exit(); });
    process.kill(process.pid, 'SIGKILL');`;
  const run = () => spawnSync(process.execPath, ['--input-type=module', '-e', open], { encoding: 'utf8' });
  assert.equal(run().stdout, 'OSCORE_STATES_IN_USE\n');
  await states.save('0123456789abcdef', { senderSequence: 256 });
  states.close();
  await assert.rejects(async () => states.save('0123456789abcdef', { senderSequence: 1 }), /closed/);
  assert.equal(run().signal, 'SIGKILL');
  const next = await openOscoreStates(folder);
  assert.deepEqual(await next.load('0123456789abcdef'), { senderSequence: 256 });
  next.close();
});
