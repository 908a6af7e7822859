import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StatusOutput } from './output.ts';

function collected(isTerminal: boolean, columns = 30) {
  const written: string[] = [];
  const output = new StatusOutput({ isTerminal, columns, write: (text) => void written.push(text) });
  return { written, output };
}

test('elsewhere than on a terminal there are lines, and no status', () => {
  const { written, output } = collected(false);
  output.status('working');
  output.line('done');
  output.end();
  assert.deepEqual(written, ['done\n']);
});

test('on a terminal the status line stays below, is cut to the width and goes away', () => {
  const { written, output } = collected(true);
  output.status('x'.repeat(50));
  output.status('x'.repeat(50));
  output.line('done');
  output.end();
  const cut = `${'x'.repeat(28)}…`;
  assert.deepEqual(written, [`\r\x1b[2K${cut}`, `\r\x1b[2Kdone\n${cut}`, '\r\x1b[2K']);
});

test('a reader that goes away is written to no more', async () => {
  let writes = 0;
  const output = new StatusOutput({
    isTerminal: false,
    columns: undefined,
    write: () => {
      writes++;
      return Promise.reject(new Error('EPIPE'));
    },
  });
  output.line('one');
  await new Promise((resolve) => setImmediate(resolve));
  output.line('two');
  assert.equal(writes, 1);
});
