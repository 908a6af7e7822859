import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pinoLog } from '@yaolian/node-runtime';
import { HeldLog } from './held-log.ts';

function written() {
  const lines: string[] = [];
  const write = (line: string) => lines.push(JSON.parse(line).msg);
  return { lines, log: new HeldLog(pinoLog({ level: 'debug', format: 'json', destination: { write } })) };
}

test('what is no trouble waits until it is let go, in its order', () => {
  const { lines, log } = written();
  log.info('one');
  log.child({ part: 'a' }).debug('two');
  assert.deepEqual(lines, []);
  log.release();
  log.info('three');
  assert.deepEqual(lines, ['one', 'two', 'three']);
});

test('trouble does not wait, and comes after what was before it', () => {
  for (const level of ['warn', 'error'] as const) {
    const { lines, log } = written();
    log.info('before');
    log.child({})[level]('trouble');
    log.info('after');
    assert.deepEqual(lines, ['before', 'trouble', 'after']);
  }
});

test('no more than so many lines wait', () => {
  const { lines, log } = written();
  for (let i = 0; i < 999; i++) log.info('line');
  assert.equal(lines.length, 0);
  log.info('line');
  assert.equal(lines.length, 1000);
});
