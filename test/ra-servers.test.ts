/** GB/T 29265.206 §8: application servers over HTTPS with mutual TLS, in the place of accounts. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { type RequestOptions, request } from 'node:https';
import { join } from 'node:path';
import { test } from 'node:test';
import { routes } from '@yaolian/contract';
import { certificateFile, keyFile } from './support/credentials.ts';
import { openPlatform, type TestPlatform } from './support/platform.ts';
import { domain, post, remoteAccess, TestUser } from './support/remote-user.ts';

/** `stranger`: the platform's own certificate, which its authorities did not sign. */
type Shown = 'client' | 'stranger' | 'none';

const servers = {
  ...remoteAccess,
  'ra.invitation': 'for-people',
  'ra.servers-port': 0,
  'ra.servers-ca': certificateFile('ca'),
};

/** Asks as a server that shows this certificate. */
async function ask(
  bench: TestPlatform,
  path: string,
  fields: Record<string, string>,
  shown: Shown = 'client',
): Promise<{ readonly status: number; readonly text: string }> {
  const { url } = bench.platform.listening.find(({ service }) => service === 'servers')!;
  const tls = join(bench.dataFolder, 'tls');
  const files = {
    none: [],
    client: [certificateFile('client'), keyFile('client')],
    stranger: [join(tls, 'certificate.pem'), join(tls, 'key.pem')],
  }[shown];
  const [cert, key] = await Promise.all(files.map((file) => readFile(file)));
  const own = cert && key ? { cert, key } : {};
  const ca = await readFile(join(tls, 'certificate.pem'));
  const isJson = path.endsWith('.json');
  const headers = { 'content-type': isJson ? 'application/json' : 'application/x-www-form-urlencoded' };
  const body = isJson ? JSON.stringify(fields) : new URLSearchParams(fields).toString();
  const place: RequestOptions = { host: '127.0.0.1', port: new URL(url).port, servername: domain, agent: false };
  return new Promise((resolve, reject) => {
    const options = { ...place, ...own, ca, headers, method: 'POST', path: `/rest/v1/server/${path}` };
    const asking = request(options, async (response) => {
      const text = Buffer.concat(await response.toArray()).toString();
      resolve({ status: response.statusCode!, text });
    });
    asking.on('error', reject);
    asking.end(body);
  });
}

test('206 §8.2: a server registers, reads, changes and removes accounts and resets codes, and every request is noted', async () => {
  await using bench = await openPlatform(servers);
  // Without the invitation that people need.
  const user = await ask(bench, 'user/register.xml', { userName: 'ann', password: 'ann-secret' });
  assert.equal(user.status, 201, user.text);
  assert.match(user.text, /<code>200<\/code><id>ann@home\.example<\/id>/);
  const device = { deviceName: 'kettle', password: 'kettle-secret', verifyCode: '123456', vendor: 'V', model: 'K' };
  assert.equal(JSON.parse((await ask(bench, 'device/register.json', device)).text).code, 200);
  assert.equal(JSON.parse((await ask(bench, 'device/register.json', device)).text).code, 424);
  // Without the password that owners tell.
  const read = JSON.parse((await ask(bench, 'device/read.json', { deviceName: 'kettle' })).text);
  assert.deepEqual([read.code, read.kind, read.model], [200, 'device', 'K']);
  assert.match((await ask(bench, 'device/modify.xml', { deviceName: 'kettle', model: 'K2' })).text, /<code>200/);
  assert.match((await ask(bench, 'device/read.xml', { deviceName: 'kettle' })).text, /<model>K2<\/model>/);
  const { verifyCode } = JSON.parse((await ask(bench, 'device/verifycode.json', { deviceName: 'kettle' })).text);
  await using ann = await TestUser.login(bench, 'ann');
  await ann.home.bind(`kettle@${domain}`, verifyCode);
  assert.equal(JSON.parse((await ask(bench, 'device/delete.json', { deviceName: 'kettle' })).text).code, 200);
  await ann.push('unbound');
  assert.equal(JSON.parse((await ask(bench, 'device/read.json', { deviceName: 'kettle' })).text).code, 400);
  const { items } = await bench.admin.call(routes.listAudit, { query: { actor: 'server thermometer-1' } });
  const lines = items.map(({ action, subject, outcome }) => `${action} ${subject} ${outcome}`).reverse();
  assert.deepEqual(lines.slice(0, 4), [
    'user/register ann done',
    'device/register kettle done',
    'device/register kettle 424',
    'device/read kettle done',
  ]);
  assert.deepEqual(lines.slice(-2), ['device/delete kettle done', 'device/read kettle 400']);
});

test('206 §8.3: a server writes to accounts under its own name; a message waits for who is away', async () => {
  await using bench = await openPlatform(servers);
  assert.equal((await ask(bench, 'user/register.json', { userName: 'ann', password: 'ann-secret' })).status, 201);
  const sent = await ask(bench, 'message/send.json', { to: 'ann', body: 'Your filter is due' });
  assert.deepEqual([sent.status, JSON.parse(sent.text).id], [200, `ann@${domain}`], sent.text);
  await using ann = await TestUser.login(bench, 'ann');
  const message = await ann.heard('Your filter is due');
  assert.equal(message.attribute('from'), domain);
  const [application] = message.elements('application', 'urn:yaolian:ra:1:application');
  assert.equal(application?.attribute('name'), 'thermometer-1');
  const again = await ask(bench, 'message/send.json', { to: `ann@${domain}`, body: 'It is due still' });
  assert.deepEqual([again.status, JSON.parse(again.text).id], [200, `ann@${domain}`], again.text);
  await ann.heard('It is due still');
  const { items } = await bench.admin.call(routes.listAudit, { query: { actor: 'server thermometer-1' } });
  assert.deepEqual(items.map(({ action, subject }) => `${action} ${subject}`).slice(0, 2), [
    'message/send ann',
    'message/send ann',
  ]);
  const misplaced = await ask(bench, 'message/send', { to: 'ann', body: 'x' });
  assert.deepEqual([misplaced.status, misplaced.text.includes('<code>400</code>')], [404, true], misplaced.text);
  assert.equal((await ask(bench, 'message/send.json', { to: 'nobody', body: 'x' })).status, 400);
  assert.equal((await ask(bench, 'message/send.json', { to: 'ann', body: '' })).status, 400);
  assert.equal((await ask(bench, 'message/send.json', { to: 'ann', body: 'x'.repeat(4097) })).status, 400);
});

test('206 §8: no certificate, one of another authority and a name that is not listed come in nowhere', async () => {
  await using bench = await openPlatform({ ...servers, 'ra.servers-names': 'shop.example, care.example' });
  const wanted = { userName: 'ann', password: 'ann-secret' };
  await assert.rejects(ask(bench, 'user/register.json', wanted, 'none'));
  await assert.rejects(ask(bench, 'user/register.json', wanted, 'stranger'));
  assert.equal((await ask(bench, 'user/register.json', wanted)).status, 403);
  // The doors of people know nothing of these paths.
  assert.equal((await post(bench, 'server/user/register.json', wanted)).status, 404);
  assert.equal((await post(bench, 'user/register.json', { ...wanted, token: 'for-people' })).status, 201);
});

test('206 §8: a port without authorities is a mistake', async () => {
  const { 'ra.servers-ca': _, ...without } = servers;
  await assert.rejects(openPlatform(without), { code: 'TLS_SETTING_BAD' });
});
