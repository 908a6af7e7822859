import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { HttpBench } from '../testing/http-bench.ts';
import { addConsolePages, consolePolicy } from './console-pages.ts';

const folder = mkdtempSync(join(tmpdir(), 'yaolian-console-'));
after(() => rmSync(folder, { recursive: true }));
const page = '<!doctype html><title>console</title>';
const home = '<!doctype html><title>home</title>';
const script = 'console.log(1);';

const bench = await new HttpBench().open({ mount: (app) => addConsolePages(app, folder) });
after(() => bench.close());

function get(url: string, headers: Record<string, string> = { accept: 'text/html,*/*' }) {
  return bench.app.inject({ method: 'GET', url, headers });
}

test('a console that is not built says what to do, in both languages', async () => {
  const answer = await get('/');
  assert.equal(answer.statusCode, 503);
  assert.equal(answer.headers['content-type'], 'text/html; charset=utf-8');
  assert.match(answer.body, /npm run console[\s\S]*控制台尚未构建/);
});

test('once it is built, it is served at / and at the addresses of its pages', async () => {
  mkdirSync(join(folder, 'assets'));
  writeFileSync(join(folder, 'index.html'), page);
  writeFileSync(join(folder, 'home.html'), home);
  writeFileSync(join(folder, 'assets/app-x1.js'), script);
  writeFileSync(join(folder, 'assets/app-x1.js.br'), brotliCompressSync(script));
  writeFileSync(join(folder, 'assets/app-x1.js.gz'), gzipSync(script));
  for (const url of ['/home', '/home?a=b', '/home/devices/lamp']) assert.equal((await get(url)).body, home, url);
  for (const url of ['/', '/?a=b', '/index.html', '/devices', '/homes', '/devices/urn%3Aimei%3A1/objects']) {
    const answer = await get(url);
    assert.deepEqual([answer.statusCode, answer.body], [200, page], url);
    assert.equal(answer.headers['content-security-policy'], consolePolicy);
    assert.equal(answer.headers['cache-control'], 'no-cache');
    assert.equal(answer.headers['x-content-type-options'], 'nosniff');
  }
  assert.equal((await get('/', { accept: '*/*' })).body, page, 'to programs as well');
  assert.equal((await get('/devices', { accept: '*/*' })).statusCode, 404);
  assert.ok(!consolePolicy.includes('unsafe'));
});

test('other methods than those of a page are refused where there is one, and OPTIONS says which there are', async () => {
  const allow = 'GET, HEAD, OPTIONS';
  const ask = (method: 'POST' | 'DELETE' | 'OPTIONS' | 'HEAD', url: string, accept = '*/*') =>
    bench.app.inject({ method, url, headers: { accept } });
  for (const url of ['/', '/?a=b', '/index.html', '/assets/app-x1.js']) {
    for (const method of ['POST', 'DELETE'] as const) {
      const refused = await ask(method, url);
      assert.deepEqual(
        [refused.statusCode, refused.headers.allow, refused.json().code],
        [405, allow, 'method-not-allowed'],
        url,
      );
    }
    const options = await ask('OPTIONS', url);
    assert.deepEqual([options.statusCode, options.headers.allow], [204, allow], url);
    assert.equal((await ask('HEAD', url)).statusCode, 200, url);
  }
  assert.equal(
    (await ask('POST', '/devices', 'text/html')).statusCode,
    405,
    'a page of the console to who asks for pages',
  );
  for (const url of ['/devices', '/nothing.js', '/assets/none.js', '/api/none']) {
    for (const method of ['POST', 'OPTIONS'] as const) assert.equal((await ask(method, url)).statusCode, 404, url);
  }
});

test('assets are kept for ever, compressed as the browser likes it', async () => {
  const plain = await get('/assets/app-x1.js');
  assert.equal(plain.body, script);
  assert.equal(plain.headers['content-type'], 'text/javascript; charset=utf-8');
  assert.equal(plain.headers['cache-control'], 'public, max-age=31536000, immutable');
  assert.equal(plain.headers.vary, 'accept-encoding');
  const codingOf = async (accepted: string) =>
    (await get('/assets/app-x1.js', { 'accept-encoding': accepted })).headers['content-encoding'];
  assert.equal(await codingOf('gzip, deflate, br;q=0.9'), 'br');
  assert.equal(await codingOf('gzip'), 'gzip');
  assert.equal(await codingOf('br;q=0, gzip;q=0.0'), undefined);
  assert.equal(await codingOf('identity'), undefined);
});

test('what a browser has already is not sent again', async () => {
  const etag = String((await get('/')).headers.etag);
  for (const tag of [etag, `W/${etag}`, `"x", ${etag}`]) {
    const answer = await get('/', { accept: 'text/html', 'if-none-match': tag });
    assert.deepEqual([answer.statusCode, answer.body], [304, ''], tag);
  }
  assert.equal((await get('/', { accept: 'text/html', 'if-none-match': '"x"' })).statusCode, 200);
});

test('what is no page of the console stays a problem', async () => {
  for (const url of ['/api/v1/nothing', '/assets/none.js', '/assets/%2e%2e%2fx']) {
    const answer = await get(url);
    assert.deepEqual([answer.statusCode, answer.json().code], [404, 'route-unknown'], url);
  }
  assert.equal((await get('/devices', { accept: 'application/json' })).statusCode, 404);
  assert.equal((await bench.app.inject({ method: 'POST', url: '/devices' })).statusCode, 404);
});
