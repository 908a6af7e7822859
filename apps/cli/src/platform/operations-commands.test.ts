import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { JsonHealth } from '@yaolian/contract';
import { days } from '@yaolian/kernel';
import type { Config } from '@yaolian/server';
import type { Environment } from '../host.ts';
import { jsonLines, runCli } from '../testing/run-cli.ts';
import { type SamplePlatform, startSamplePlatform } from '../testing/sample-platform.ts';
import { auditedThing } from './audit-command.ts';

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
