import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { jsonLines, runCli } from '../testing/run-cli.ts';
import { type SamplePlatform, startSamplePlatform } from '../testing/sample-platform.ts';

const remoteAccess = {
  'ra.domain': 'home.example',
  'xmpp.host': '127.0.0.1',
  'xmpp.port': 0,
  'xmpp.tls-port': 0,
  'tls.names': 'home.example',
  'coap.tls-port': 0,
  'coap.tcp-port': 0,
};

describe('yaolian conformance ra', () => {
  let bench: SamplePlatform;
  let environment: Readonly<Record<string, string>>;

  before(async () => {
    bench = await startSamplePlatform(remoteAccess);
    environment = {
      HOME: '/nonexistent',
      YAOLIAN_URL: bench.url,
      YAOLIAN_RA_SERVER: new URL(bench.platform.listening.find(({ url }) => url.startsWith('xmpp:'))!.url).host,
      YAOLIAN_RA_CA: join(bench.folder, 'data', 'tls', 'certificate.pem'),
    };
  });
  after(() => bench.close());

  const suite = (names: string, ...more: string[]) =>
    runCli(['conformance', 'ra', 'home.example', ...names.split(' '), ...more], { environment });

  it('every case passes against the platform, and nothing is left of it', async () => {
    for (const turn of [1, 2]) {
      const run = await suite('test-ann test-bob test-lamp', '--json');
      const results = jsonLines(run) as { readonly type: string; readonly outcome?: string }[];
      const bad = results.filter(({ type, outcome }) => type === 'case' && outcome !== 'pass');
      assert.deepEqual(bad, [], `turn ${turn}`);
      assert.ok(results.length > 55);
      assert.equal(run.exitCode, 0);
    }
  });

  it('says what is wrong, and ends with 1', async () => {
    const run = await suite('twin twin twin', '--report', 'junit');
    assert.equal(run.exitCode, 1);
    assert.match(
      run.stdout,
      /<testcase classname="GB\/T 29265\.205 7\.2" name="7\.2-2 [^>]+><error message="[^"]+"\/>/,
    );
  });
});
