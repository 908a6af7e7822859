import assert from 'node:assert/strict';
import { openAsBlob } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { ApiClient, CredentialFileReader, type JsonNewCredential, readImportFile, routes } from '@yaolian/contract';
import { until } from '@yaolian/testkit';
import { type CliRunOptions, jsonLines, runCli } from '../testing/run-cli.ts';
import { type SamplePlatform, startSamplePlatform } from '../testing/sample-platform.ts';

describe('yaolian terminal and fleet, against a platform', () => {
  let place: SamplePlatform;
  before(async () => {
    place = await startSamplePlatform();
  });
  after(() => place.close());

  const yaolian = (line: string, options?: CliRunOptions) => runCli(line.split(' '), options);
  const registered = (): number => place.platform.server.size;
  const signedIn = async () => {
    const password = place.platform.adminPassword!;
    const { token } = await new ApiClient({ baseUrl: place.url }).call(routes.login, { body: { password } });
    return new ApiClient({ baseUrl: place.url, token });
  };

  it('runs a terminal until it is interrupted; it de-registers', async () => {
    const interruption = new AbortController();
    let most = 0;
    const run = await yaolian(`terminal --server ${place.coap} --endpoint one --json`, {
      signal: interruption.signal,
      onOutput: (text) => {
        if (!/"type":"registered"/.test(text)) return;
        most = registered();
        interruption.abort();
      },
    });
    assert.deepEqual([run.exitCode, most, registered()], [130, 1, 0], run.stderr);
    const lines = jsonLines(run) as { type: string; endpointName?: string }[];
    assert.deepEqual([lines[0]?.type, lines.at(-1)?.type, lines.at(-1)?.endpointName], ['started', 'summary', 'one']);
  });

  it('has the objects that were asked for', async () => {
    const interruption = new AbortController();
    let objects: readonly number[] = [];
    await yaolian(`terminal --server ${place.coap} --endpoint two --objects 3,7,3304x2 --json`, {
      signal: interruption.signal,
      onOutput: (text) => {
        if (!/"type":"registered"/.test(text)) return;
        objects = [...(place.platform.server.objectLinks({ endpoint: 'two' })?.objects.keys() ?? [])];
        interruption.abort();
      },
    });
    assert.deepEqual(objects, [1, 3, 7, 3304]);
    const wrong = await yaolian(`terminal --server ${place.coap} --objects 3,light`);
    assert.equal(wrong.exitCode, 2);
    assert.match(wrong.stderr, /--objects: "light" is no object; write its number, 3303/);
  });

  it('bootstraps with one request where it is told to', async () => {
    const admin = await signedIn();
    const params = { endpoint: 'packed' };
    await admin.call(routes.setBootstrap, { params, body: { servers: [{ shortServerId: 1, uri: place.coap }] } });
    const asked: string[] = [];
    const interruption = new AbortController();
    const run = await yaolian(
      `terminal --bootstrap ${place.coap} --endpoint packed --lwm2m 1.2 --bootstrap-pack --json`,
      {
        signal: interruption.signal,
        onOutput: (text) => {
          asked.push(...(text.match(/bootstrap-(?:pack|finish)(?=")/g) ?? []));
          if (/"type":"registered"/.test(text)) interruption.abort();
        },
      },
    );
    assert.equal(run.exitCode, 130, run.stderr);
    assert.deepEqual(asked, ['bootstrap-pack']);
    const early = await yaolian(`terminal --bootstrap ${place.coap} --bootstrap-pack`);
    assert.match(early.stderr, /--bootstrap-pack needs --lwm2m 1\.2/);
    assert.match((await yaolian('terminal --bootstrap-pack')).stderr, /goes with --bootstrap/);
  });

  it('runs a fleet for a time and says how it went', async () => {
    const run = await yaolian(`fleet --count 20 --server ${place.coap} --duration 3s --rate 1000 --prefix dev- --json`);
    assert.equal(run.exitCode, 0, run.stderr);
    const [summary] = jsonLines(run) as { registered: number; registrations: { succeeded: number } }[];
    assert.deepEqual([summary?.registered, summary?.registrations.succeeded, registered()], [20, 20, 0]);
    const table = await yaolian(`fleet -n 3 -s ${place.coap} -d 300ms`);
    assert.match(table.stdout, /^terminals +3 \(seed 1/m);
  });

  it('runs a fleet over coaps and coaps+tcp, each with its key', async () => {
    const file = join(place.folder, 'keys.csv');
    const secret = '00112233445566778899aabbccddeeff';
    const fleet = `fleet -n 5 --prefix key- --psk-secret ${secret}`;
    assert.equal((await yaolian(`${fleet} --write-keys ${file}`)).exitCode, 0);
    assert.match((await yaolian(`${fleet} --write-keys ${file}`)).stderr, /is there already; --force writes over it/);
    const admin = await signedIn();
    const entries: JsonNewCredential[] = [];
    for await (const line of readImportFile(await openAsBlob(file), new CredentialFileReader())) {
      assert.ok(line.mistake === undefined);
      entries.push(line.entry);
    }
    const imported = await admin.call(routes.importCredentials, { body: { entries } });
    assert.deepEqual(imported, { added: 5, unchanged: [], refused: [] });
    for (const scheme of ['coaps', 'coaps+tcp']) {
      const url = place.platform.listening.find((one) => one.url.startsWith(`${scheme}:`))!.url;
      for (const keys of [`--psk-secret ${secret}`, `--psk-file ${file}`]) {
        const interruption = new AbortController();
        const { signal } = interruption;
        const running = yaolian(`fleet -n 5 --prefix key- ${keys} -s ${url} --rate 1000 --json`, { signal });
        await until(
          () => registered() === 5,
          () => `5 over ${scheme} with ${keys}; there are ${registered()}`,
        );
        interruption.abort();
        assert.equal((await running).exitCode, 130);
        await until(() => registered() === 0, 'their de-registration');
      }
    }
    assert.match((await yaolian(`fleet -n 1 --write-keys ${file}`)).stderr, /--write-keys needs --psk-secret/);
  });

  it('says what is wrong', async () => {
    const usage = await yaolian('fleet');
    assert.equal(usage.exitCode, 2);
    assert.match(usage.stderr, /required option '-n, --count <number>' not specified \(see yaolian fleet --help\)/);
    assert.match((await yaolian('fleet -n 0')).stderr, /a count is a whole number from 1 to 1000000, not "0"/);
    assert.equal((await yaolian('terminal --server http://h')).exitCode, 2);
    assert.equal((await yaolian('terminal --server coap://no..such..host')).exitCode, 3);
    const silent = await yaolian('fleet -n 1 -s coap://127.0.0.1:9 -d 100ms --no-deregister');
    assert.equal(silent.exitCode, 4);
    assert.match(silent.stderr, /none of 1 terminals registered at coap:\/\/127\.0\.0\.1:9: it did not answer/);
  });
});
