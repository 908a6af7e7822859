import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { HttpBench } from '../testing/http-bench.ts';

const bench = await new HttpBench({ 'http.body-limit': 2048 }).open();
after(() => bench.close());
const authorization = `Bearer ${await bench.token('admin')}`;
const json = 'application/json';

async function told(url: string, payload: string | Buffer, headers: Readonly<Record<string, string>> = {}) {
  const method = url.startsWith('/api/v1/enrolment') ? 'PUT' : 'POST';
  const all = { authorization, 'content-type': json, ...headers };
  const answer = await bench.app.inject({ method, url, headers: all, payload });
  const { code, reason, detail, params } = answer.json();
  return { status: answer.statusCode, code, reason, detail, params, headers: answer.headers };
}

test('JSON that can be read in more ways than one is refused, and what is no JSON is told where', async () => {
  const reasonOf = async (text: string) => {
    const { status, code, reason, params } = await told('/api/v1/tokens', text);
    assert.deepEqual([status, code], [400, 'invalid-request']);
    return [reason, params];
  };
  const twice = '{"label":"a","role":"viewer","role":"admin"}';
  assert.deepEqual(await reasonOf(twice), ['name-twice', { name: 'role' }]);
  assert.deepEqual(await reasonOf(`${'['.repeat(900)}${']'.repeat(900)}`), ['json-too-deep', { maximum: 64 }]);
  assert.deepEqual(await reasonOf('{"__proto__":{"role":"admin"}}'), ['names-unknown', { names: '"__proto__"' }]);
  const [reason, { why }] = await reasonOf('{"label":"a",}');
  assert.equal(reason, 'json-malformed');
  assert.match(why, /position 13/);
  assert.deepEqual((await reasonOf('{"label":"a","roll":"viewer"}'))[0], 'names-missing');
  const latin1 = await told('/api/v1/tokens', Buffer.from('{"label":"caf\xe9","role":"viewer"}', 'latin1'));
  assert.deepEqual([latin1.status, latin1.params], [400, { why: 'it is not UTF-8' }]);
  const bom = await told('/api/v1/tokens', '\ufeff{"label":"a","role":"viewer"}');
  assert.equal(bom.status, 201);
});

test('a packed body is not taken for what is in it', async () => {
  const packed = gzipSync('{"mode":"open"}');
  for (const payload of [packed, '{"mode":"open"}']) {
    const { status, code, headers } = await told('/api/v1/enrolment', payload, { 'content-encoding': 'gzip' });
    assert.deepEqual([status, code, headers['accept-encoding']], [415, 'unsupported-media-type', 'identity']);
  }
  assert.equal((await told('/api/v1/enrolment', '{"mode":"open"}', { 'content-encoding': 'identity' })).status, 200);
});

test('a body of the wrong kind or length is told what is right', async () => {
  const wrong = await told('/api/v1/enrolment', 'mode=open', { 'content-type': 'application/x-www-form-urlencoded' });
  assert.deepEqual(
    [wrong.status, wrong.detail],
    [415, 'The body is application/json, and not application/x-www-form-urlencoded.'],
  );
  const none = await told('/api/v1/enrolment', '');
  assert.deepEqual([none.status, none.detail], [415, 'The body is application/json, and there is no body.']);
  const large = await told('/api/v1/enrolment', JSON.stringify({ mode: 'x'.repeat(3000) }));
  assert.deepEqual([large.status, large.detail], [413, 'The body has more than 2048 bytes (http.body-limit).']);
  const unwanted = await told('/api/v1/session/nothing', 'x', { 'content-type': 'text/plain' });
  assert.equal(unwanted.status, 404);
});

test('a query parameter that is not known, or comes twice, is refused with what is known', async () => {
  const get = async (url: string) => {
    const answer = await bench.app.inject({ url, headers: { authorization } });
    const { reason, errors = [] } = answer.json();
    return [answer.statusCode, reason, errors[0]?.where, errors[0]?.message];
  };
  assert.deepEqual(await get('/api/v1/objects?limt=5'), [
    ...[400, 'names-unknown', 'query'],
    '"limt" is not known here; known are search, source, cursor, limit',
  ]);
  assert.deepEqual(await get('/api/v1/objects?limit=5&limit=6'), [
    ...[400, 'given-twice', 'query/limit'],
    'is given more than once',
  ]);
  assert.deepEqual(await get('/api/v1/enrolment?mode=open'), [
    ...[400, 'names-unknown', 'query'],
    '"mode" is not known here',
  ]);
  assert.equal((await get('/api/v1/objects?limit=5'))[0], 200);
});
