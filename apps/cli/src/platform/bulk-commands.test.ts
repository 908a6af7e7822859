import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { JsonBulkJob } from '@yaolian/contract';
import type { Environment } from '../host.ts';
import { jsonLines, runCli } from '../testing/run-cli.ts';
import { type SamplePlatform, startSamplePlatform, startSampleTerminal } from '../testing/sample-platform.ts';

describe('yaolian bulk, of a device that is away', () => {
  let place: SamplePlatform;
  let environment: Environment;
  before(async () => {
    place = await startSamplePlatform();
    environment = { HOME: place.folder };
    const stdin = `${place.platform.adminPassword!}\n`;
    const run = await runCli(['login', place.url, '--password-stdin'], { stdin, environment });
    assert.equal(run.exitCode, 0, run.stderr);
    const terminal = await startSampleTerminal(place.coap, 'attic');
    await terminal.close();
    // Should its De-register have been lost: it is away.
    await place.platform.server.endRegistration({ deviceKey: 'attic' }).catch(() => undefined);
  });
  after(() => place.close());

  it('only counts when it is asked to', async () => {
    const all = await runCli(['bulk', 'reboot', '--all', '--dry-run'], { environment });
    assert.equal(all.stdout, '1 device matches: 1 offline.\n', all.stderr);
    const none = await runCli(['bulk', 'reboot', '--search', 'cellar', '--dry-run'], { environment });
    assert.equal(none.stdout, 'No device matches.\n', none.stderr);
    const named = ['bulk', 'forget', '--device', 'attic', 'attic', '--dry-run', '--json'];
    assert.deepEqual(jsonLines(await runCli(named, { environment })), [
      { total: 1, online: 0, sleeping: 0, offline: 1 },
    ]);
    const wrong = await runCli(['bulk', 'forget', '--device', 'cellar', '--dry-run'], { environment });
    assert.match(wrong.stderr, /cellar/);
    assert.notEqual(wrong.exitCode, 0);
    const mixed = await runCli(['bulk', 'forget', '--device', 'attic', '--group', 'hall', '--dry-run'], {
      environment,
    });
    assert.deepEqual([mixed.exitCode, mixed.stdout], [2, '']);
    assert.match(mixed.stderr, /--device, or choose them with --group, .*not both/);
    const [jobs] = jsonLines(await runCli(['bulk', 'list', '--json'], { environment }));
    assert.deepEqual(jobs, { items: [] });
    const path = join(place.folder, 'fw.bin');
    await writeFile(path, 'firmware');
    const [file] = jsonLines(await runCli(['firmware', 'upload', path, '--json'], { environment })) as { id: string }[];
    const create = ['campaign', 'create', 'spring', '-f', file!.id, '--dry-run', '--name', 'at*'];
    const campaign = await runCli(create, { environment });
    assert.match(campaign.stdout, /^1 device matches: 1 offline\.\n\nDEVICE.*\nattic .*\n$/, campaign.stderr);
    const model = await runCli([...create, '--model', 'nobody'], { environment });
    assert.equal(model.stdout, 'No device matches.\n', model.stderr);
    const listed = await runCli([...create, '--device', 'attic'], { environment });
    assert.deepEqual([listed.exitCode, listed.stdout], [2, '']);
    assert.match(listed.stderr, /--device and --devices, or choose them with --name, .*not both/);
    const [campaigns] = jsonLines(await runCli(['campaign', 'list', '--json'], { environment }));
    assert.deepEqual(campaigns, { items: [] });
  });

  const reboot = ['bulk', 'reboot', '--device', 'attic', '--wait'];

  it('says what it waits for and how not to; when it is ended the job goes on', async () => {
    const stop = new AbortController();
    const onError = (text: string) => {
      if (text.includes('--detach does not wait')) stop.abort();
    };
    const run = await runCli(reboot, { environment, signal: stop.signal, onError });
    assert.equal(run.exitCode, 130, run.stderr);
    assert.match(run.stderr, /^Devices that sleep, or are offline, do it when they are heard\. Ctrl-C /m);
    const { items } = jsonLines(await runCli(['bulk', 'list', '--json'], { environment }))[0] as {
      items: JsonBulkJob[];
    };
    assert.deepEqual(
      items.map(({ state, counts: { pending, running } }) => [state, pending + running]),
      [['running', 1]],
    );
  });

  it('waits no longer than it is told', async () => {
    const run = await runCli([...reboot, '--timeout', '0s'], { environment });
    assert.equal(run.exitCode, 4, run.stderr);
    assert.match(run.stdout, /^running: 0 of 1 done, 1 (to come|under way or asleep)\n$/);
    assert.match(run.stderr, /the job goes on; "yaolian bulk show [0-9a-f]+" tells/);
  });
});
