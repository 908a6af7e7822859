import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hasCode } from '@yaolian/kernel';
import { ApiClient, ApiProblemError } from './client.ts';
import { encodeEventFrame } from './event-frame.ts';
import { problem } from './problem.ts';
import * as routes from './routes/index.ts';

function answering(respond: (request: Request) => Response | Promise<Response>, token?: string) {
  const requests: Request[] = [];
  const client = new ApiClient({
    baseUrl: 'http://platform.example/',
    ...(token === undefined ? {} : { token }),
    fetch: async (input, init) => {
      const request = new Request(input, init);
      requests.push(request);
      return respond(request);
    },
  });
  return { client, requests };
}

test('a call carries the token, the path, the query and the body', async () => {
  const { client, requests } = answering(() => Response.json({ coapCode: '2.04' }), 'secret');
  const params = { device: 'a;b', path: '1/0/1' };
  const answer = await client.call(routes.writeResource, { params, query: { timeout: '5s' }, body: { value: 60 } });
  assert.equal(answer.coapCode, '2.04');
  const request = requests[0]!;
  assert.equal(request.method, 'PUT');
  assert.equal(request.url, 'http://platform.example/api/v1/devices/a%3Bb/resources/1/0/1?timeout=5s');
  assert.equal(request.headers.get('authorization'), 'Bearer secret');
  assert.deepEqual(await request.json(), { value: 60 });
});

test('a request whose connection broke is sent again with the same key, a new request has another', async () => {
  let breaks = 2;
  const waits: number[] = [];
  const requests: Request[] = [];
  const client = new ApiClient({
    baseUrl: 'http://platform.example',
    retries: 2,
    waitBefore: async (attempt) => void waits.push(attempt),
    fetch: async (input, init) => {
      requests.push(new Request(input, init));
      if (breaks-- > 0) throw new TypeError('fetch failed', { cause: { code: 'ECONNRESET' } });
      return Response.json({});
    },
  });
  const keys = () => requests.splice(0).map(({ headers }) => headers.get('idempotency-key'));
  await client.call(routes.rotateWebhookSecret, { params: { webhook: 'a' } });
  const [first, ...more] = keys();
  assert.match(first!, /^[0-9a-f]{32}$/);
  assert.deepEqual(
    [more, waits],
    [
      [first, first],
      [1, 2],
    ],
  );
  await client.call(routes.rotateWebhookSecret, { params: { webhook: 'a' } });
  assert.notEqual(keys()[0], first);
  breaks = 3;
  await assert.rejects(client.call(routes.showStatus, {}), (error) => hasCode(error, 'API_UNREACHABLE'));
  assert.deepEqual(keys(), [null, null, null], 'what changes nothing needs no key');
  breaks = 1;
  await assert.rejects(client.call(routes.login, { body: { password: 'x' } }), (error) =>
    hasCode(error, 'API_UNREACHABLE'),
  );
  assert.deepEqual(keys(), [null], 'a login is not sent again');
});

test('where nothing listens nobody asks again', async () => {
  let asked = 0;
  const client = new ApiClient({
    baseUrl: 'http://platform.example',
    retries: 5,
    fetch: async () => {
      asked++;
      throw new TypeError('fetch failed', { cause: { code: 'ECONNREFUSED' } });
    },
  });
  await assert.rejects(client.call(routes.showStatus, {}), (error) => hasCode(error, 'API_UNREACHABLE'));
  assert.equal(asked, 1);
});

test('a tag comes with the answer and goes out as If-Match', async () => {
  const { client, requests } = answering(() => Response.json({ id: 'w' }, { headers: { etag: '"t"' } }));
  const { tag } = await client.callTagged(routes.showWebhook, { params: { webhook: 'w' } });
  assert.equal(tag, '"t"');
  await client.call(routes.changeWebhook, { params: { webhook: 'w' }, body: { note: 'x' }, ifMatch: tag! });
  assert.equal(requests[1]!.headers.get('if-match'), '"t"');
  assert.equal(requests[1]!.headers.get('if-none-match'), null);
  const params = { endpoint: 'default' };
  const body = { servers: [{ shortServerId: 1, uri: 'coap://dm.example.com', lifetime: 60, binding: 'U' as const }] };
  await client.call(routes.setBootstrap, { params, body, ifNoneMatch: '*' });
  assert.equal(requests[2]!.headers.get('if-none-match'), '*');
});

test('an object definition goes out as XML', async () => {
  const { client, requests } = answering(() => Response.json({}));
  await client.call(routes.addObject, { body: '<LWM2M/>' });
  assert.equal(requests[0]!.headers.get('content-type'), 'application/xml');
  assert.equal(await requests[0]!.text(), '<LWM2M/>');
});

test('a problem is thrown with its code', async () => {
  const refusal = problem('device-refused', { detail: 'it has no /3/0/99', coapCode: '4.04' });
  const { client } = answering(() => Response.json(refusal, { status: 424 }));
  await assert.rejects(client.call(routes.readResource, { params: { device: 'a', path: '3/0/99' } }), (error) => {
    assert.ok(error instanceof ApiProblemError);
    assert.deepEqual(error.problem, refusal);
    return hasCode(error, 'API_PROBLEM');
  });
});

test('a stranger that answers is told apart from the platform', async () => {
  const { client } = answering(() => new Response('<h1>Bad gateway</h1>', { status: 502 }));
  await assert.rejects(client.call(routes.showStatus, {}), (error) => hasCode(error, 'API_UNEXPECTED'));
  const other = answering(() => Response.json({ error: 'no' }, { status: 404 }));
  await assert.rejects(other.client.call(routes.showStatus, {}), (error) => hasCode(error, 'API_UNEXPECTED'));
});

test('nobody there is API_UNREACHABLE, an abort stays an abort', async () => {
  const { client } = answering(() => Promise.reject(new TypeError('fetch failed')));
  await assert.rejects(client.call(routes.showStatus, {}), (error) => hasCode(error, 'API_UNREACHABLE'));
  const aborted = answering((request) => Promise.reject(request.signal.reason));
  const signal = AbortSignal.abort(new Error('enough'));
  await assert.rejects(aborted.client.call(routes.showStatus, { signal }), /enough/);
});

test('events are parsed as they come', async () => {
  const event = { id: 'x-1', type: 'device.expired', time: '2026-01-01T00:00:00.000Z', device: 'a', data: {} };
  const frame = encodeEventFrame({ id: event.id, event: event.type, data: JSON.stringify(event) });
  const { client, requests } = answering(() => new Response(`:\n\n${frame}`));
  const events = [];
  let opened = 0;
  const onOpen = () => opened++;
  for await (const one of client.events({ query: { device: ['a', 'b'] }, lastEventId: 'x-0', onOpen }))
    events.push(one);
  assert.deepEqual(events, [event]);
  assert.equal(opened, 1);
  assert.equal(requests[0]!.headers.get('last-event-id'), 'x-0');
  assert.ok(requests[0]!.url.endsWith('/api/v1/events?device=a&device=b'));
});
