import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { milliseconds } from '@yaolian/kernel';
import type { FetchOutcome, FetchRequest } from '@yaolian/lwm2m/client';
import { nodeClock, ownCertificate, type TlsClientOptions } from '@yaolian/node-runtime';
import { type HttpFetcherOptions, httpFetcher } from './http-fetcher.ts';

const whole = Uint8Array.from({ length: 10_000 }, (_, i) => (i * 7 + (i >> 8)) & 0xff);

/** A file server; `asked` has the Range and the If-Range of each request. */
async function fileServer(t: TestContext, answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const { range = '', 'if-range': condition = '', 'accept-encoding': coding } = request.headers;
    assert.equal(coding, 'identity');
    asked.push(`${range} ${condition}`.trim());
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { asked, uri: `http://127.0.0.1:${(server.address() as AddressInfo).port}/fw` };
}

interface Fetched {
  readonly outcome: FetchOutcome;
  readonly starts: readonly string[];
  /** The package as a store would hold it. */
  readonly bytes: Uint8Array;
}

async function fetched(
  uri: string,
  more: Partial<FetchRequest> & { readonly has?: Uint8Array } = {},
  tls?: TlsClientOptions,
  options?: HttpFetcherOptions,
): Promise<Fetched> {
  const { has = new Uint8Array(), ...rest } = more;
  let bytes = has;
  const starts: string[] = [];
  const outcome = await httpFetcher(tls, options).fetch({
    uri,
    offset: has.length,
    etag: undefined,
    signal: new AbortController().signal,
    onStart: (offset, etag, size) => {
      starts.push(`${offset} ${etag} ${size}`);
      bytes = bytes.subarray(0, offset);
      return true;
    },
    onBytes: (chunk) => {
      bytes = new Uint8Array(Buffer.concat([bytes, chunk]));
      return true;
    },
    ...rest,
  });
  return { outcome, starts, bytes };
}

const sendWhole = (_: IncomingMessage, response: ServerResponse) => response.setHeader('etag', '"2"').end(whole);

function sendFrom(start: number) {
  return (_: IncomingMessage, response: ServerResponse) => {
    response.writeHead(206, {
      etag: '"1"',
      'content-range': `bytes ${start}-9999/10000`,
      'content-length': whole.length - start,
    });
    response.end(whole.subarray(start));
  };
}

test('a package comes whole, with its size and ETag', async (t) => {
  const { uri, asked } = await fileServer(t, sendWhole);
  assert.deepEqual(await fetched(uri), { outcome: 'complete', starts: ['0 "2" 10000'], bytes: whole });
  assert.deepEqual(asked, ['']);
});

async function temporaryFolder(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'yaolian-https-'));
  t.after(() => rm(folder, { recursive: true }));
  return folder;
}

/** A server of HTTPS, and what a terminal needs to trust it. */
async function secureServer(t: TestContext, answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const folder = await temporaryFolder(t);
  const { certificate, key } = await ownCertificate({ folder, clock: nodeClock, names: ['127.0.0.1'] });
  const server = createSecureServer({ cert: certificate, key }, answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { uri: `https://127.0.0.1:${(server.address() as AddressInfo).port}/moved`, certificate };
}

test('over HTTPS a package comes from whom the terminal trusts, and goes on where it was', async (t) => {
  const asked: string[] = [];
  const { uri, certificate } = await secureServer(t, (request, response) => {
    const { range = '' } = request.headers;
    asked.push(`${request.url} ${range}`.trim());
    if (request.url === '/odd') response.writeHead(999).end();
    else if (request.url === '/moved') response.writeHead(302, { location: '/fw' }).end();
    else if (range === '') sendWhole(request, response);
    else sendFrom(4000)(request, response);
  });
  const untrusted: string[] = [];
  const onUntrusted = (of: string) => void untrusted.push(of);
  assert.equal((await fetched(uri, {}, undefined, { onUntrusted })).outcome, 'invalid-uri', 'nobody vouches for it');
  const wrong = await ownCertificate({ folder: await temporaryFolder(t), clock: nodeClock, names: ['other.example'] });
  const tls = { authorities: wrong.certificate };
  assert.equal((await fetched(uri, {}, tls, { onUntrusted })).outcome, 'invalid-uri', 'another authority');
  assert.deepEqual(untrusted, [uri, uri]);
  assert.deepEqual(asked, []);
  const trusted = await fetched(uri, {}, { authorities: certificate });
  assert.deepEqual(trusted, { outcome: 'complete', starts: ['0 "2" 10000'], bytes: whole });
  assert.equal((await fetched(uri, {}, { insecure: true })).outcome, 'complete');
  const resumed = await fetched(uri, { has: whole.slice(0, 4000), etag: '"1"' }, { authorities: certificate });
  assert.deepEqual(resumed, { outcome: 'complete', starts: ['4000 "1" 10000'], bytes: whole });
  assert.deepEqual(asked.slice(-2), ['/moved bytes=4000-', '/fw bytes=4000-']);
  const stopped = AbortSignal.abort();
  assert.equal((await fetched(uri, { signal: stopped }, { authorities: certificate })).outcome, 'stopped');
  const odd = await fetched(new URL('/odd', uri).href, {}, { authorities: certificate });
  assert.equal(odd.outcome, 'connection-lost', 'a status that means nothing');
});

test('a connection that breaks is told, and what is missing is asked for by Range (RFC 9110 §14)', async (t) => {
  let serve: Parameters<typeof fileServer>[1];
  const { uri, asked } = await fileServer(t, (request, response) => serve(request, response));
  let cut: () => void = () => {};
  serve = (_, response) => {
    response.writeHead(200, { etag: '"1"', 'content-length': whole.length });
    response.write(whole.subarray(0, 4000));
    cut = () => response.destroy();
  };
  let has = new Uint8Array();
  const broken = await fetched(uri, {
    onBytes: (chunk) => {
      has = new Uint8Array(Buffer.concat([has, chunk]));
      if (has.length === 4000) cut();
      return true;
    },
  });
  assert.deepEqual([broken.outcome, has.length], ['connection-lost', 4000]);
  serve = sendFrom(4000);
  const resumed = await fetched(uri, { has, etag: '"1"' });
  assert.deepEqual(resumed, { outcome: 'complete', starts: ['4000 "1" 10000'], bytes: whole });
  assert.deepEqual(asked, ['', 'bytes=4000- "1"']);
});

test('what cannot be resumed comes from the start: another file, one that is shorter now, a part that was not asked for', async (t) => {
  let serve: Parameters<typeof fileServer>[1];
  const { uri, asked } = await fileServer(t, (request, response) => serve(request, response));
  const has = whole.slice(0, 3000);
  serve = sendWhole; // If-Range did not hold
  assert.deepEqual(await fetched(uri, { has, etag: '"1"' }), {
    outcome: 'complete',
    starts: ['0 "2" 10000'],
    bytes: whole,
  });
  for (const refusal of [416, 206]) {
    serve = (request, response) => {
      if (request.headers.range === undefined) sendWhole(request, response);
      else if (refusal === 416) response.writeHead(416).end();
      else sendFrom(2000)(request, response);
    };
    asked.length = 0;
    const { outcome, starts, bytes } = await fetched(uri, { has, etag: '"1"' });
    assert.deepEqual([outcome, starts, bytes], ['complete', ['0 "2" 10000'], whole], String(refusal));
    assert.deepEqual(asked, ['bytes=3000- "1"', '']);
  }
});

test('a weak ETag, and none, prove nothing: no Range', async (t) => {
  const { uri, asked } = await fileServer(t, sendWhole);
  for (const etag of ['W/"1"', undefined]) {
    const { outcome, bytes } = await fetched(uri, { has: whole.slice(0, 100), etag });
    assert.deepEqual([outcome, bytes], ['complete', whole]);
  }
  assert.deepEqual(asked, ['', '']);
});

test('refusals: what may pass is a lost connection, what does not is a URI that is wrong', async (t) => {
  let status = 0;
  const { uri } = await fileServer(t, (_, response) => response.writeHead(status).end());
  for (const [code, expected] of [
    [404, 'invalid-uri'],
    [403, 'invalid-uri'],
    [429, 'connection-lost'],
    [503, 'connection-lost'],
    [206, 'connection-lost'],
  ] as const) {
    status = code;
    assert.equal((await fetched(uri)).outcome, expected, String(code));
  }
  assert.equal((await fetched('http://')).outcome, 'invalid-uri');
});

test('a part of a package that nobody asked for is none of it (RFC 9110 §15.3.7)', async (t) => {
  const { uri } = await fileServer(t, sendFrom(2000));
  const { outcome, starts, bytes } = await fetched(uri);
  assert.deepEqual([outcome, starts, bytes.length], ['connection-lost', [], 0]);
});

test('redirects: five at most, none to another protocol or out of HTTPS, and only where a status says so', async (t) => {
  const asked: string[] = [];
  let to = '';
  const moving = (request: IncomingMessage, response: ServerResponse) => {
    asked.push(request.url!);
    const [, kind, count] = /^\/(\d+|hop)(?:\/(\d+))?$/.exec(request.url!) ?? [];
    const left = Number(count);
    if (kind === 'hop' && left === 0) sendWhole(request, response);
    else if (kind === 'hop') response.writeHead(307, { location: `/hop/${left - 1}` }).end();
    else response.writeHead(Number(kind), to === '' ? {} : { location: to }).end();
  };
  const plain = await fileServer(t, moving);
  const secure = await secureServer(t, moving);
  for (const [uri, tls] of [
    [plain.uri, undefined],
    [plain.uri, { authorities: secure.certificate }],
    [secure.uri, { authorities: secure.certificate }],
  ] as const) {
    const of = async (path: string, location = '') => {
      to = location;
      asked.length = 0;
      return (await fetched(new URL(path, uri).href, {}, tls)).outcome;
    };
    assert.equal(await of('/hop/5'), 'complete');
    assert.equal(await of('/hop/6'), 'invalid-uri');
    assert.equal(asked.length, 6);
    assert.equal(await of('/302', '/302'), 'invalid-uri', 'a loop');
    assert.equal(asked.length, 6);
    for (const status of [301, 302, 303, 307, 308]) {
      assert.equal(await of(`/${status}`, '/hop/0'), 'complete', String(status));
      assert.equal(await of(`/${status}`), 'invalid-uri', `${status} that does not say where`);
    }
    for (const status of [300, 304, 305, 306]) {
      assert.equal(await of(`/${status}`, '/hop/0'), 'invalid-uri', String(status));
      assert.deepEqual(asked, [`/${status}`]);
    }
    for (const status of [204, 205]) assert.equal(await of(`/${status}`), 'invalid-uri', 'no content is no package');
    for (const odd of ['data:,firmware', 'file:///etc/hostname', 'http://[']) {
      assert.equal(await of('/302', odd), 'invalid-uri', odd);
    }
  }
  // Up to HTTPS, with whom the terminal trusts, and never down again.
  to = new URL('/hop/0', secure.uri).href;
  const up = new URL('/302', plain.uri).href;
  assert.equal((await fetched(up, {}, { authorities: secure.certificate })).outcome, 'complete');
  assert.equal((await fetched(up)).outcome, 'invalid-uri', 'a certificate that nobody vouches for');
  to = new URL('/hop/0', plain.uri).href;
  const down = new URL('/302', secure.uri).href;
  assert.equal((await fetched(down, {}, { authorities: secure.certificate })).outcome, 'invalid-uri');
});

test('a server that says nothing, or stops in the middle, is a lost connection, and what came is kept', async (t) => {
  const silent = (request: IncomingMessage, response: ServerResponse) => {
    if (request.url === '/never') return;
    response.writeHead(200, { etag: '"1"', 'content-length': whole.length });
    response.write(whole.subarray(0, 4000));
  };
  const plain = await fileServer(t, silent);
  const secure = await secureServer(t, silent);
  for (const uri of [plain.uri, secure.uri]) {
    const tls = { authorities: secure.certificate };
    const never = await fetched(new URL('/never', uri).href, {}, tls, { patience: milliseconds(50) });
    assert.deepEqual([never.outcome, never.starts], ['connection-lost', []]);
    const half = await fetched(uri, {}, tls, { patience: milliseconds(300) });
    assert.deepEqual([half.outcome, half.bytes.length], ['connection-lost', 4000]);
  }
});

test('it stops when it is told to, before and while bytes come', async (t) => {
  const { uri } = await fileServer(t, sendWhole);
  assert.equal((await fetched(uri, { onStart: () => false })).outcome, 'stopped');
  assert.equal((await fetched(uri, { onBytes: () => false })).outcome, 'stopped');
  assert.equal((await fetched(uri, { signal: AbortSignal.abort() })).outcome, 'stopped');
});
