import assert from 'node:assert/strict';
import { test } from 'node:test';
import { barText, ProgressBar } from './progress-bar.ts';

test('a bar by share', () => {
  assert.equal(barText(0), '[------------------------]   0 %');
  assert.equal(barText(0.5), '[############------------]  50 %');
  assert.equal(barText(2), '[########################] 100 %');
});

test('on a terminal it is drawn over itself, elsewhere a line now and then, for programs nothing', async () => {
  const run = async (isTerminal: boolean, quiet = false) => {
    let written = '';
    const write = async (text: string | Uint8Array) => {
      written += text;
    };
    const output = { isTerminal, columns: 60, write };
    const bar = new ProgressBar(output, quiet);
    for (let i = 0; i <= 20; i++) await bar.show(i / 20, `${i} of 20`);
    await bar.end();
    return written;
  };
  assert.equal((await run(true)).split('\r').length, 22);
  assert.equal((await run(false)).trim().split('\n').length, 11);
  assert.equal(await run(true, true), '');
});
