import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { inTime, until } from '@yaolian/testkit';
import { startSamplePlatform } from './testing/sample-platform.ts';
import { type SampleServer, startSampleServer } from './testing/sample-server.ts';

const main = fileURLToPath(new URL('./main.ts', import.meta.url));

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function start(
  args: readonly string[],
  stdin?: string,
): { readonly child: ChildProcess; readonly ended: Promise<Ended> } {
  const child = spawn(process.execPath, [main, ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
  child.stdin.end(stdin);
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, stdout, stderr }));
  return { child, ended };
}

describe('the yaolian process', () => {
  let server: SampleServer;
  before(async () => {
    server = await startSampleServer();
  });
  after(() => server.close());

  it('ends with the exit code of the command', async () => {
    assert.equal((await start(['--version']).ended).code, 0);
    assert.equal((await start(['coap', 'get', `${server.address}/nothing`]).ended).code, 1);
    const usage = await start(['coap', 'get']).ended;
    assert.deepEqual([usage.code, usage.stdout], [2, '']);
  });

  it('cancels an observation at Ctrl-C and ends with 130', async () => {
    const { child, ended } = start(['coap', 'observe', `${server.address}/counter`]);
    await once(child.stdout!, 'data');
    assert.equal(server.observerCount, 1);
    child.kill('SIGINT');
    const { code, stderr } = await ended;
    assert.deepEqual([code, stderr, server.observerCount], [130, '', 0]);
  });

  it('ends quietly when nobody reads its output any more', async () => {
    const { child, ended } = start(['coap', 'observe', `${server.address}/counter`]);
    await once(child.stdout!, 'data');
    child.stdout!.destroy();
    server.count();
    server.count();
    const { code, stderr } = await ended;
    assert.deepEqual([code, stderr], [0, '']);
  });

  it('serves until it is told to stop, and stops in order, also when nobody reads its output any more', async (t) => {
    const folder = await mkdtemp(join(tmpdir(), 'yaolian-serve-'));
    t.after(() => rm(folder, { recursive: true, force: true }));
    const ports = ['--coap-host', '127.0.0.1', '--coap-port', '0', '--http-port', '0'];
    const { child, ended } = start(['serve', '--data-dir', folder, ...ports]);
    t.after(() => child.kill('SIGKILL'));
    await new Promise<void>((resolve) => {
      let printed = '';
      child.stdout!.on('data', (chunk) => {
        printed += chunk;
        if (printed.includes('Ctrl-C stops it')) resolve();
      });
    });
    child.stdout!.destroy();
    child.stderr!.destroy();
    child.kill('SIGINT');
    assert.equal((await ended).code, 0);
    // SQLite removes the log of changes with the last connection.
    assert.deepEqual(
      (await readdir(folder)).filter((name) => name.endsWith('-wal')),
      [],
    );
  });
});

it('waits for a server that went away, and comes back to it', async () => {
  const bench = await startSamplePlatform({
    'ra.domain': 'home.example',
    'xmpp.host': '127.0.0.1',
    'xmpp.port': 0,
    'xmpp.tls-port': 0,
    'tls.names': 'home.example',
  });
  const { port } = new URL(bench.platform.listening.find(({ url }) => url.startsWith('xmpp:'))!.url);
  const body = new URLSearchParams({ userName: 'ann', password: 'correct-horse' });
  assert.equal((await fetch(`${bench.url}/rest/v1/user/register.xml`, { method: 'POST', body })).status, 201);
  const ca = join(bench.folder, 'data', 'tls', 'certificate.pem');
  const { child, ended } = start(
    ['xmpp', 'listen', 'ann@home.example', '--server', `127.0.0.1:${port}`, '--ca', ca, '--password-stdin'],
    'correct-horse\n',
  );
  let notes = '';
  child.stderr!.on('data', (chunk) => {
    notes += chunk;
  });
  await until(() => notes.includes('online as'), 'the command to be online');
  await bench.close();
  const server = createServer((socket) => socket.destroy()).listen(Number(port), '127.0.0.1');
  await inTime(once(server, 'connection'), 'the command to come back');
  child.kill('SIGINT');
  assert.equal((await ended).code, 130);
  server.close();
});
