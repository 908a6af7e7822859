import assert from 'node:assert/strict';
import { test } from 'node:test';
import { because, mistakeAt, patternMistake, problem } from '@yaolian/contract';
import { problemSentence } from './problem-sentence.ts';

test('a refusal names the command that helps, not a request', () => {
  const unknown = (reason: 'campaign-unknown' | 'package-unknown') =>
    problemSentence(problem('not-found', because(reason, { id: 'x' })));
  assert.equal(unknown('campaign-unknown'), 'there is no campaign "x"; "yaolian campaign list" shows all');
  assert.equal(unknown('package-unknown'), 'there is no firmware package "x"; "yaolian firmware list" shows all');
  const setting = problem('not-found', because('setting-unknown', { name: 'x' }));
  assert.equal(problemSentence(setting), 'there is no setting "x"; "yaolian settings" shows all');
});

test('a field is named without the part of the request that it stood in', () => {
  const mistake = patternMistake(String.raw`^M\d{9}$`, 'body/appKey');
  const unfit = problem('invalid-request', { detail: `${mistake.where}: ${mistake.message}.`, errors: [mistake] });
  assert.equal(problemSentence(unfit), 'the request is not valid: appKey: must be M and 9 digits, such as M100000001');
  const header = mistakeAt('header/idempotency-key', 'is not right', 'idempotency-key-unfit');
  const kept = problem('invalid-request', { detail: `${header.where}: ${header.message}.`, errors: [header] });
  assert.match(problemSentence(kept), /: header\/idempotency-key: is not right$/);
});

test('one value for a resource that has instances is answered with what to type', () => {
  const forbidden = problem('model-forbids', {
    ...because('is-multiple'),
    detail: '/16/0/0 has instances, not one value.',
  });
  assert.equal(
    problemSentence(forbidden),
    'the object model does not allow this: /16/0/0 has instances, not one value; ' +
      'give each its number: write 0/0=VALUE in an instance, 0=VALUE at /16/0/0 itself',
  );
});
