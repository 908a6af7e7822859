import assert from 'node:assert/strict';
import { test } from 'node:test';
import { failureSentence } from './post.ts';

test('a name with several addresses, none of which answers, fails with a sentence', () => {
  const failures = [new Error('connect ECONNREFUSED ::1:1'), new Error('connect ECONNREFUSED 127.0.0.1:1')];
  assert.equal(failureSentence(new AggregateError(failures)), 'connect ECONNREFUSED ::1:1');
  assert.equal(failureSentence(new AggregateError([], 'none')), 'none');
  assert.equal(failureSentence(new Error('no answer in time')), 'no answer in time');
});
