import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { after, before, test } from 'node:test';
import { ApiClient, ApiProblemError, type JsonEvent, type Role, routes } from '@yaolian/contract';
import { hours, minutes, seconds } from '@yaolian/kernel';
import { settle, until, VirtualTime } from '@yaolian/testkit';
import { HttpBench, password } from '../testing/http-bench.ts';
import { isStillGood } from './authentication.ts';
import { endWithToken } from './event-stream.ts';

const limits = { 'http.max-event-streams': 4, 'http.max-event-streams-per-operator': 3 };
const bench = await new HttpBench(limits).open();
let baseUrl: string;
let token: string;

before(async () => {
  await bench.app.listen({ host: '127.0.0.1', port: 0 });
  baseUrl = `http://127.0.0.1:${(bench.app.server.address() as AddressInfo).port}`;
  token = await bench.token('viewer');
});

after(() => bench.close());

function publish(device: string): void {
  bench.hub.publish({ type: 'device.expired', time: bench.time.epoch(), device, data: () => ({}) });
}

/** Reads until `wanted` events have come. */
async function read(wanted: number, options: { lastEventId?: string; query?: object } = {}, onOpen = () => {}) {
  const client = new ApiClient({ baseUrl, token });
  const events: JsonEvent[] = [];
  for await (const event of client.events({ ...options, onOpen } as never)) if (events.push(event) === wanted) break;
  return events;
}

async function noReaders(): Promise<void> {
  await until(() => bench.hub.readers === 0, 'the end of all readers');
}

test('events arrive over HTTP, filtered, and a reader may resume', async () => {
  const all = read(3, {}, () => ['a', 'b', 'c'].forEach(publish));
  const events = await all;
  assert.deepEqual(
    events.map((event) => event.device),
    ['a', 'b', 'c'],
  );
  const resumed = await read(2, { lastEventId: events[0]!.id });
  assert.deepEqual(
    resumed.map((event) => event.device),
    ['b', 'c'],
  );
  const filtered = await read(1, {
    lastEventId: events[0]!.id,
    query: { device: ['c', 'x'], type: ['device.expired'] },
  });
  assert.deepEqual(
    filtered.map((event) => event.device),
    ['c'],
  );
  await noReaders();
});

test('the stream has the headers that readers and proxies want', async () => {
  const abort = new AbortController();
  const headers = { authorization: `Bearer ${token}` };
  const answer = await fetch(`${baseUrl}/api/v1/events`, { headers, signal: abort.signal });
  assert.equal(answer.headers.get('content-type'), 'text/event-stream; charset=utf-8');
  assert.equal(answer.headers.get('cache-control'), 'no-store');
  assert.equal(answer.headers.get('x-content-type-options'), 'nosniff');
  abort.abort();
  await noReaders();
});

test('a stream that is not followed ends after what is remembered, and takes no place', async () => {
  for (const device of ['x', 'y', 'z']) publish(device);
  const client = new ApiClient({ baseUrl, token });
  const devices: (string | undefined)[] = [];
  let first: string | undefined;
  for await (const { device, id } of client.events({ query: { last: 2, follow: false } })) {
    devices.push(device);
    first ??= id;
  }
  assert.deepEqual(devices, ['y', 'z']);
  const resumed: (string | undefined)[] = [];
  const query = { follow: false };
  for await (const { device } of client.events({ query, lastEventId: first! })) resumed.push(device);
  assert.deepEqual(resumed, ['z']);
  assert.equal(bench.hub.readers, 0);
});

test('more streams than allowed are turned away, until one is closed', async () => {
  const aborts = Array.from({ length: 3 }, () => new AbortController());
  // Held: a response that nobody holds is collected, and its stream ends.
  const open: Response[] = [];
  const openStream = async (opener: string, { signal }: AbortController) => {
    const headers = { authorization: `Bearer ${opener}` };
    open.push(await fetch(`${baseUrl}/api/v1/events`, { headers, signal }));
  };
  for (const abort of aborts) await openStream(token, abort);
  const refused = (reason: string | undefined) => (error: unknown) =>
    error instanceof ApiProblemError && error.problem.code === 'too-many-streams' && error.problem.reason === reason;
  // The same operator by another token.
  const sameOperator = new ApiClient({ baseUrl, token: await bench.token('viewer') });
  await assert.rejects(sameOperator.events({}).next(), refused('own-streams'));
  const another = new AbortController();
  await openStream(await bench.token('admin'), another);
  await assert.rejects(read(1), refused(undefined));
  assert.deepEqual(new Set(open.map(({ status }) => status)), new Set([200]));
  for (const abort of [...aborts, another]) abort.abort();
  await noReaders();
  assert.equal((await read(1, {}, () => publish('d'))).length, 1);
  await noReaders();
});

test('a reader that leaves while its token is looked up takes no place', async () => {
  const { accounts, app, hub } = bench;
  const asked = Promise.withResolvers<void>();
  const looked = Promise.withResolvers<void>();
  const verifyToken = accounts.verifyToken.bind(accounts);
  accounts.verifyToken = async (text) => {
    asked.resolve();
    await looked.promise;
    return verifyToken(text);
  };
  const server = app.server;
  const closed = new Promise<void>((resolve) => {
    server.once('connection', (taken: Socket) => taken.once('close', () => resolve()));
  });
  const socket = connect(Number(new URL(baseUrl).port), '127.0.0.1');
  socket.write(`GET /api/v1/events HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${token}\r\n\r\n`);
  await asked.promise;
  socket.destroy();
  await closed;
  looked.resolve();
  accounts.verifyToken = verifyToken;
  // Asked behind it, and answered after it.
  await new ApiClient({ baseUrl, token }).call(routes.showSession, {});
  assert.equal(hub.readers, 0);
});

test('a reader that does not read is cut off, and costs no more memory', async () => {
  const { port } = new URL(baseUrl);
  const socket: Socket = connect(Number(port), '127.0.0.1');
  await once(socket, 'connect');
  socket.write(`GET /api/v1/events HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${token}\r\n\r\n`);
  await until(() => bench.hub.readers > 0, 'a reader');
  socket.pause();
  const closed = once(socket, 'close');
  socket.on('error', () => {}); // the reset that it deserves
  const reason = 'x'.repeat(50_000);
  for (let i = 0; i < 5000 && bench.hub.readers > 0; i++) {
    bench.hub.publish({ type: 'stream.gap', time: 0, data: () => ({ reason }) });
    if (i % 100 === 0) await settle();
  }
  assert.equal(bench.hub.readers, 0);
  socket.resume();
  await closed;
});

test('a stream ends with its token', async () => {
  const session = await bench.accounts.issueToken({
    operator: 'viewer',
    role: 'viewer',
    label: '',
    lifetime: hours(1),
  });
  const client = new ApiClient({ baseUrl, token: session.token });
  const opened = Promise.withResolvers<void>();
  const reading = (async () => {
    for await (const event of client.events({ onOpen: () => opened.resolve() })) assert.fail(event.type);
  })();
  await opened.promise;
  await bench.time.advance(seconds(31));
  assert.equal(bench.hub.readers, 1);
  await bench.accounts.removeToken(session.id);
  await bench.time.advance(seconds(31));
  await reading;
  assert.equal(bench.hub.readers, 0);
});

test('what a role let begin ends with the role, though the token is good for less', async () => {
  await bench.accounts.addOperator({ name: 'ida', role: 'operator', password });
  const wanted = { operator: 'ida', role: 'operator', label: '', lifetime: hours(1) } as const;
  const headers = { authorization: `Bearer ${(await bench.accounts.issueToken(wanted)).token}` };
  const isGoodFor = (role: Role) => isStillGood(bench.accounts, headers, role);
  assert.deepEqual([await isGoodFor('operator'), await isGoodFor('admin')], [true, false]);
  await bench.accounts.changeOperator('ida', { role: 'viewer' });
  assert.deepEqual([await isGoodFor('operator'), await isGoodFor('viewer')], [false, true]);
  await bench.accounts.removeOperator('ida');
  assert.equal(await isGoodFor('viewer'), false);
});

test('a HEAD or a wrong method does not open a stream', async () => {
  const headers = { authorization: `Bearer ${token}` };
  const head = await fetch(`${baseUrl}/api/v1/events`, { method: 'HEAD', headers });
  assert.deepEqual([head.status, head.headers.get('allow')], [405, 'GET, OPTIONS']);
  const post = await fetch(`${baseUrl}/api/v1/events`, { method: 'POST', headers });
  assert.deepEqual([post.status, post.headers.get('allow')], [405, 'GET, OPTIONS']);
});

test('whether a token is still good is not asked for a stream that ended while it was asked', async () => {
  const time = new VirtualTime();
  const asked: ((isGood: boolean) => void)[] = [];
  const isStillGood = () => new Promise<boolean>((resolve) => asked.push(resolve));
  const stop = endWithToken({ headers: {} }, { timers: time, isStillGood }, () => assert.fail('it is over'));
  await time.advance(minutes(1));
  assert.equal(asked.length, 1);
  stop();
  asked[0]!(true);
  await time.advance(minutes(10));
  assert.equal(asked.length, 1);
});
