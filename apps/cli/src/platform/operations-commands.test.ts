import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import type { JsonHealth } from '@yaolian/contract';
import { totp } from '@yaolian/directory';
import { days } from '@yaolian/kernel';
import type { Config } from '@yaolian/server';
import type { Environment } from '../host.ts';
import { jsonLines, runCli } from '../testing/run-cli.ts';
import { type SamplePlatform, startSamplePlatform } from '../testing/sample-platform.ts';
import { auditedThing } from './audit-command.ts';

/** What an authenticator app shows now. @param secret base32 */
function codeOf(secret: string): string {
  const bits = [...secret].map((one) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(one).toString(2).padStart(5, '0'));
  const key = Uint8Array.from(bits.join('').match(/.{8}/g)!, (byte) => Number.parseInt(byte, 2));
  const hmac = (by: Uint8Array, message: Uint8Array) => createHmac('sha1', by).update(message).digest();
  return totp(key, Math.floor(Date.now() / 30_000), hmac);
}

/** A platform with a login. */
async function open(config: Partial<Config>): Promise<{ place: SamplePlatform; environment: Environment }> {
  const place = await startSamplePlatform(config);
  const environment = { HOME: place.folder };
  const stdin = `${place.platform.adminPassword!}\n`;
  const run = await runCli(['login', place.url, '--password-stdin'], { stdin, environment });
  assert.equal(run.exitCode, 0, run.stderr);
  return { place, environment };
}

describe('looking after a platform', () => {
  let place: SamplePlatform;
  let environment: Environment;
  before(async () => {
    // Every certificate of ten years ends within eleven: degraded.
    const config = { 'health.certificate-warning': days(3650), 'health.min-disk': 0 };
    ({ place, environment } = await open(config));
  });
  after(() => place.close());

  it('health ends with 0 unless a part has failed, and with --strict unless all are well', async () => {
    const run = await runCli(['health'], { environment });
    assert.equal(run.exitCode, 0, run.stdout);
    assert.match(run.stdout, /^certificate +degraded +coaps:\/\/\S+ +It ends in 3649 days\./m);
    assert.match(run.stdout, /^→ Put the new one into the files of tls\.certificate, tls\.key/m);
    const strict = await runCli(['health', '--strict', '--json'], { environment });
    assert.equal(strict.exitCode, 1);
    const [health] = jsonLines(strict) as [JsonHealth];
    assert.equal(health.state, 'degraded');
  });

  it('certificates tells who shows which, and when it ends', async () => {
    const run = await runCli(['certificates'], { environment });
    assert.equal(run.exitCode, 0, run.stderr);
    assert.match(run.stdout, /^coaps:\/\/\S+ +degraded +3649 +20\d\d-.+CN=Yaolian +itself/m);
  });

  it('groups are changed: what is not given stays, and a group that asks goes on asking', async () => {
    const groups = (line: string) => runCli(['groups', ...line.split(' ')], { environment });
    await groups('add lost --seen-before 7d --note gone');
    assert.equal((await groups('change lost --note away')).stdout, 'lost is changed.\n');
    assert.match((await groups('list')).stdout, /^lost +by question +seenBefore=7d +away /m);
    await groups('change lost --seen-before 30d');
    assert.match((await groups('list')).stdout, /^lost +by question +seenBefore=30d +away /m);
    await groups('add hall');
    assert.equal((await groups('change hall --model M1')).exitCode, 1, 'its devices are put in');
    assert.match((await groups('change hall')).stderr, /say what is to change/);
  });

  it('a second factor is set up with an app, asked for at logins, and switched off', async () => {
    const password = place.platform.adminPassword!;
    const factor = (word: string, more = {}) => runCli(['second-factor', word], { environment, ...more });
    assert.match((await factor('show')).stdout, /^It is off/);
    assert.match((await factor('on')).stderr, /there is no terminal/);
    const wrong = await factor('on', { typed: 'a guess' });
    assert.equal(wrong.exitCode, 1);
    assert.match(wrong.stderr, /password/);
    assert.match(
      (await factor('on', { typed: (asked: string) => (/password/.test(asked) ? password : '12') })).stderr,
      /six digits/,
    );
    let told = '';
    const hear = (text: string) => {
      told += text;
    };
    const typed = (asked: string) => (/password/.test(asked) ? password : codeOf(/^[A-Z2-7]{32}$/m.exec(told)![0]));
    // The secret is told whatever form the result has.
    const on = await runCli(['second-factor', 'on', '--json'], { environment, typed, onError: hear });
    assert.equal(on.exitCode, 0, on.stderr);
    const [{ recoveryCodes: recovery }] = jsonLines(on) as [{ recoveryCodes: string[] }];
    assert.match((await factor('show')).stdout, /^It is on since .* 10 recovery codes are left\.$/m);
    const login = (...more: string[]) =>
      runCli(['login', place.url, '--password-stdin', ...more], { environment, stdin: `${password}\n` });
    assert.equal((await login()).exitCode, 1);
    assert.equal((await login('--code', recovery[0]!)).exitCode, 0);
    const off = await runCli(['second-factor', 'off', '--password-stdin'], { environment, stdin: `${password}\n` });
    assert.equal(off.exitCode, 0, off.stderr);
    assert.equal((await login()).exitCode, 0);
  });

  it('audit tells who did what, in its place to whom what was permitted', async () => {
    await runCli(['webhooks', 'add', 'https://audited.invalid/'], { environment });
    const run = await runCli(['audit', '--actor', 'admin', '--limit', '1'], { environment });
    assert.equal(run.exitCode, 0, run.stderr);
    assert.match(run.stdout, /^TIME +WHO +ACTION +OUTCOME\n.* admin \(rest\) +addWebhook +done$/m);
    const looked = await runCli(['audit', '--looks', '--json', '--limit', '5'], { environment });
    const [{ items }] = jsonLines(looked) as [{ items: { action: string }[] }];
    assert.equal(items[0]?.action, 'addWebhook');
    const expiresAt = '2026-01-08T00:00:00Z';
    const permission = { to: 'bob', feature: 'urn:oma:lwm2m:ext:3303', featureName: 'Temperature', expiresAt };
    assert.match(
      auditedThing({ subject: 'bob', permission: { ...permission, operations: ['read', 'observe'] } })!,
      /^bob: Temperature \(urn:oma:lwm2m:ext:3303\): read, observe, until 2026-01-0/,
    );
    const nothing = { to: 'friends', feature: '*', operations: [] };
    assert.equal(auditedThing({ permission: nothing }), 'friends: the whole device: nothing');
    assert.equal(auditedThing({ subject: '/3/0' }), '/3/0');
  });

  it('webhooks test and retry say what the receiver answered, and end with 1 unless it took it', async () => {
    const made = await runCli(['webhooks', 'add', 'https://webhook.invalid/', '--json'], { environment });
    const [{ id }] = jsonLines(made) as [{ id: string }];
    const run = await runCli(['webhooks', 'test', id], { environment });
    assert.equal(run.exitCode, 1);
    assert.match(run.stdout, /^Not taken: .*webhook\.invalid/);
    const listed = await runCli(['webhooks', 'deliveries', id, '--json'], { environment });
    const [{ items }] = jsonLines(listed) as [{ items: { id: string; type: string }[] }];
    assert.equal(items[0]!.type, 'webhook.test');
    const again = await runCli(['webhooks', 'retry', id, items[0]!.id], { environment });
    assert.deepEqual([again.exitCode, again.stdout], [1, run.stdout]);
    assert.match((await runCli(['webhooks', 'retry', id, 'none'], { environment })).stderr, /no delivery "none"/);
    assert.equal((await runCli(['webhooks', 'remove', id], { environment })).exitCode, 0);
  });

  it('health ends with 1 when a part has failed', async () => {
    const full = await open({ 'health.min-disk': 2 ** 46 });
    try {
      const run = await runCli(['health'], { environment: full.environment });
      assert.equal(run.exitCode, 1);
      assert.match(run.stdout, /^→ Free space on that disk now/m);
    } finally {
      await full.place.close();
    }
  });
});
