/** REST, account server and XMPP over WebSockets on one HTTPS port, with the certificate of the platform. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { request } from 'node:https';
import { join } from 'node:path';
import { test } from 'node:test';
import { openPlatform, type TestPlatform } from './support/platform.ts';
import { remoteAccess } from './support/remote-user.ts';

async function ask(bench: TestPlatform, method: string, path: string, body = ''): Promise<readonly [number, string]> {
  const { url } = bench.platform.listening.find((one) => one.url.startsWith('https:'))!;
  const ca = await readFile(join(bench.dataFolder, 'tls', 'certificate.pem'));
  const headers = { 'content-type': 'application/x-www-form-urlencoded', 'content-length': Buffer.byteLength(body) };
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port: new URL(url).port, servername: 'localhost', method, path, ca, headers };
    const asking = request(options, async (response) => {
      const chunks = await response.toArray();
      resolve([response.statusCode!, Buffer.concat(chunks).toString()]);
    });
    asking.on('error', reject);
    asking.end(body);
  });
}

test('HTTPS: users register, and REST answers, where http.tls-port is set', async () => {
  await using bench = await openPlatform({ ...remoteAccess, 'http.tls-host': '127.0.0.1', 'http.tls-port': 0 });
  const made = await ask(bench, 'POST', '/rest/v1/user/register.xml', 'userName=ann&password=ann-secret');
  assert.equal(made[0], 201, made[1]);
  assert.match(made[1], /<id>ann@home\.example<\/id>/);
  assert.equal((await ask(bench, 'GET', '/api/v1/devices'))[0], 401);
  assert.equal((await ask(bench, 'GET', '/healthz'))[0], 200);
});
