/** REST, account server and XMPP over WebSockets on one HTTPS port, with the certificate of the platform. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { request } from 'node:https';
import { join } from 'node:path';
import { test } from 'node:test';
import { openPlatform, type TestPlatform } from './support/platform.ts';
import { remoteAccess } from './support/remote-user.ts';

const form = 'application/x-www-form-urlencoded';

interface Exchange {
  readonly status: number;
  readonly type: string | undefined;
  readonly retryAfter: string | undefined;
  readonly text: string;
}

async function ask(bench: TestPlatform, method: string, path: string, body = ''): Promise<readonly [number, string]> {
  const { status, text } = await exchange(bench, method, path, body);
  return [status, text];
}

async function exchange(bench: TestPlatform, method: string, path: string, body: string, type = form) {
  const { url } = bench.platform.listening.find((one) => one.url.startsWith('https:'))!;
  const ca = await readFile(join(bench.dataFolder, 'tls', 'certificate.pem'));
  const headers = { 'content-type': type, 'content-length': Buffer.byteLength(body) };
  return new Promise<Exchange>((resolve, reject) => {
    const options = { host: '127.0.0.1', port: new URL(url).port, servername: 'localhost', method, path, ca, headers };
    const asking = request(options, async (response) => {
      const chunks = await response.toArray();
      resolve({
        status: response.statusCode!,
        type: response.headers['content-type'],
        retryAfter: response.headers['retry-after'],
        text: Buffer.concat(chunks).toString(),
      });
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

test('GB/T 29265.205 §7.4: every code comes over HTTPS in the format of its path, and who asks too often learns when to come again', async () => {
  const settings = { 'ra.invitation': 'welcome', 'http.tls-host': '127.0.0.1', 'http.tls-port': 0 };
  await using bench = await openPlatform({ ...remoteAccess, ...settings });
  const told = async (path: string, fields: Record<string, string>) => {
    const answers = await Promise.all([
      exchange(bench, 'POST', `/rest/v1/${path}.xml`, `${new URLSearchParams(fields)}`),
      exchange(bench, 'POST', `/rest/v1/${path}.json`, JSON.stringify(fields), 'application/json'),
    ]);
    const [xml, json] = answers;
    assert.match(xml.type!, /^application\/xml/);
    assert.match(json.type!, /^application\/json/);
    const codes = [Number(/<response><code>(\d+)<\/code>/.exec(xml.text)?.[1]), JSON.parse(json.text).code];
    return { statuses: answers.map(({ status }) => status), codes, answers };
  };
  const is = async (status: number, code: number, path: string, fields: Record<string, string>) => {
    const { statuses, codes } = await told(path, fields);
    assert.deepEqual(
      [statuses, codes],
      [
        [status, status],
        [code, code],
      ],
      path,
    );
  };
  const token = 'welcome';
  const ann = { userName: 'ann', password: 'ann-secret' };
  const kettle = { deviceName: 'kettle', password: 'kettle-secret', verifyCode: 'KETTLE-CODE', token };
  assert.equal(
    (await ask(bench, 'POST', '/rest/v1/user/register.xml', `${new URLSearchParams({ ...ann, token })}`))[0],
    201,
  );
  assert.equal((await ask(bench, 'POST', '/rest/v1/device/register.xml', `${new URLSearchParams(kettle)}`))[0], 201);
  await is(200, 200, 'user/read', ann);
  await is(200, 200, 'device/verifycode', { deviceName: 'kettle', password: 'kettle-secret' });
  await is(400, 400, 'user/register', { userName: 'a b', password: 'some-secret', token });
  await is(400, 420, 'user/register', { userName: 'bob', password: 'bob-secret', token: 'wrong' });
  await is(409, 421, 'user/register', { ...ann, token });
  await is(400, 422, 'user/register', { userName: 'bob', password: '', token });
  await is(400, 423, 'device/register', { ...kettle, deviceName: 'pan', verifyCode: '' });
  await is(409, 424, 'device/register', kettle);
  await is(400, 400, 'user/read', { userName: 'nobody', password: 'some-secret' });
  for (const [path, fields] of [
    ['user/read', { ...ann, password: 'wrong-secret' }],
    ['device/verifycode', { deviceName: 'kettle', password: 'wrong-secret' }],
    ['user/register', { userName: 'bob', password: 'bob-secret', token: 'wrong' }],
  ] as const) {
    let last = await told(path, fields);
    for (let tries = 0; tries < 40 && last.codes.some((code) => code !== 429); tries++) last = await told(path, fields);
    assert.deepEqual(
      [last.statuses, last.codes],
      [
        [429, 429],
        [429, 429],
      ],
      path,
    );
    for (const { retryAfter } of last.answers) assert.match(retryAfter ?? '', /^[1-9][0-9]*$/, path);
  }
});
