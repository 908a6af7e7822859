import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Code } from '@yaolian/coap';
import { lwm2mPath } from '../path.ts';
import { SharedTargets } from './shared-targets.ts';

test('equal targets and requests are one object, different ones are not', () => {
  const shared = new SharedTargets();
  const target = shared.target([lwm2mPath(3, 0, 9)]);
  assert.deepEqual(target, { paths: [lwm2mPath(3, 0, 9)], text: '/3/0/9' });
  assert.equal(shared.target([lwm2mPath(3, 0, 9)]), target);
  assert.notEqual(shared.target([lwm2mPath(3, 0)]), target);
  const request = () => ({ method: Code.GET, path: ['3', '0'], accept: 112 });
  const first = shared.request(request());
  assert.equal(shared.request(request()), first);
  assert.notEqual(shared.request({ ...request(), query: ['pmin=1'] }), first);
  const { accept: _accept, ...any } = request();
  assert.deepEqual(shared.request(any), any);
  const fetch = { ...request(), method: Code.FETCH, payload: Uint8Array.of(1) };
  assert.equal(shared.request(fetch), fetch, 'what carries a payload stays as it is');
});
