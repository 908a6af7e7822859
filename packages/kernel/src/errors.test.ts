import assert from 'node:assert/strict';
import { test } from 'node:test';
import { errorCatalogue, hasCode, YaolianError } from './errors.ts';

const errors = errorCatalogue({
  TEST_PLAIN: () => 'something happened',
  TEST_DETAIL: (name: string, count: number) => `${name} happened ${count} times`,
});

test('a catalogue makes errors with its codes and messages', () => {
  const error = errors.TEST_DETAIL('rain', 3);
  assert.ok(error instanceof YaolianError);
  assert.equal(error.code, 'TEST_DETAIL');
  assert.equal(error.message, 'rain happened 3 times');
  assert.equal('cause' in error, false);
  assert.ok(hasCode(error, 'TEST_DETAIL'));
  assert.ok(!hasCode(new Error('x'), 'TEST_DETAIL'));
  assert.ok(!hasCode('TEST_DETAIL', 'TEST_DETAIL'));
});

test('the cause comes after the details', () => {
  const cause = new Error('below');
  assert.equal(errors.TEST_PLAIN(cause).cause, cause);
  assert.equal(errors.TEST_DETAIL('rain', 1, cause).cause, cause);
});
