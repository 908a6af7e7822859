import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { ApiClient, routes } from '@yaolian/contract';
import { socketAddress } from '@yaolian/kernel';
import { until } from '@yaolian/testkit';
import { runCli } from '../apps/cli/src/testing/run-cli.ts';
import { startServer } from './support/server-process.ts';
import { openTerminal } from './support/terminal.ts';

const folder = await mkdtemp(join(tmpdir(), 'yaolian-backup-'));
after(() => rm(folder, { recursive: true, force: true }));

test('a backup of a platform under load holds all that was acknowledged before it began, and runs in its place', async () => {
  const at = (name: string) => join(folder, name);
  const serve = (data: string) =>
    startServer(['--data-dir', at(data), '--http-port', '0', '--coap-host', '127.0.0.1', '--coap-port', '0']);
  const server = await serve('data');
  const session = await new ApiClient({ baseUrl: server.httpUrl }).call(routes.login, {
    body: { password: server.adminPassword! },
  });
  const acknowledged = new Set<string>();
  const stop = new AbortController();
  const load = (async () => {
    for (let i = 0; !stop.signal.aborted; i++) {
      const endpointName = `terminal-${i}`;
      const terminal = await openTerminal({ endpointName, server: socketAddress('127.0.0.1', server.coapPort) });
      terminal.client.start();
      await terminal.client.registered();
      acknowledged.add(endpointName);
      await terminal.transport.close();
    }
  })();
  await until(() => acknowledged.size >= 20, 'twenty registrations');
  const before = [...acknowledged];
  const made = await runCli(['backup', at('copy'), '--data-dir', at('data'), '--json']);
  assert.equal(made.exitCode, 0, made.stderr);
  const afterwards = acknowledged.size;
  await until(() => acknowledged.size > afterwards, 'the platform to go on');
  stop.abort();
  await load;
  await server.kill();

  const put = await runCli(['restore', at('copy'), '--data-dir', at('anew')]);
  assert.equal(put.exitCode, 0, put.stderr);
  assert.match(put.stdout, /is as it was on .*: \d+ files, /);
  const restored = await serve('anew');
  try {
    const client = new ApiClient({ baseUrl: restored.httpUrl, token: session.token }); // sessions of operators go on too
    const { items } = await client.call(routes.listDevices, { query: { limit: 1000 } });
    const there = new Set(items.map(({ key }) => key));
    assert.deepEqual(
      before.filter((name) => !there.has(name)),
      [],
    );
  } finally {
    await restored.kill();
  }
  const again = await runCli(['restore', at('copy'), '--data-dir', at('anew')]);
  assert.equal(again.exitCode, 2);
  assert.match(again.stderr, /anew is not empty: choose a folder that is not there yet, or empty it/);
  const nothing = await runCli(['backup', at('more'), '--data-dir', at('nothing')]);
  assert.equal(nothing.exitCode, 2);
  assert.match(nothing.stderr, /nothing is no data folder of the platform.*--data-dir/);
});
