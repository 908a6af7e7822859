import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asProblem, type ProblemCode, problem, problemKinds } from './problem.ts';
import { because } from './reason.ts';
import { roleCovers } from './role.ts';

test('every problem says what to do and has a status of its class', () => {
  for (const [code, kind] of Object.entries(problemKinds)) {
    assert.match(code, /^[a-z-]+$/);
    assert.ok(kind.status >= 400 && kind.status < 600, code);
    assert.match(kind.advice, /\.$/, code);
    const body = problem(code as ProblemCode);
    assert.equal(body.detail, kind.advice);
    assert.deepEqual(asProblem(JSON.parse(JSON.stringify(body))), body);
  }
});

test('a detail of its own stands in for the advice', () => {
  const body = problem('device-refused', { detail: 'no', coapCode: '4.05' });
  assert.deepEqual([body.detail, body.coapCode, body.type], ['no', '4.05', 'urn:yaolian:problem:device-refused']);
});

test('a reason says one as one and several as several', () => {
  const said = (maximum: number) => because('groups-full', { maximum }).detail;
  assert.equal(said(1), 'There is 1 group already: remove one.');
  assert.equal(said(20), 'There are 20 groups already: remove one.');
});

test('what is no problem is not taken for one', () => {
  for (const body of [null, 'x', 404, {}, { code: 'x' }, { code: 'x', status: '404', title: 't', detail: 'd' }]) {
    assert.equal(asProblem(body), undefined);
  }
});

test('a role covers the ones before it', () => {
  assert.ok(roleCovers('admin', 'viewer') && roleCovers('operator', 'operator'));
  assert.ok(!roleCovers('viewer', 'operator') && !roleCovers('operator', 'admin'));
});
