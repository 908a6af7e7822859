import assert from 'node:assert/strict';
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, it } from 'node:test';
import { type ByteStream, concatBytes } from '@yaolian/kernel';
import { listenXmpp, nodeClock, ownCertificate, type XmppListener } from '@yaolian/node-runtime';
import { until } from '@yaolian/testkit';

let folder: string;
let listener: XmppListener;
const streams: ByteStream[] = [];

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'yaolian-xmpp-tls-'));
  const credentials = await ownCertificate({ folder, clock: nodeClock });
  listener = await listenXmpp({ host: '127.0.0.1', port: 0, tls: { credentials }, direct: true });
  // What comes goes back.
  listener.accept((stream) => {
    streams.push(stream);
    stream.listen({
      onBytes: (bytes) => void stream.write(bytes),
      onDrain() {},
      onClosed() {},
    });
  });
});

after(async () => {
  for (const stream of streams) stream.abort();
  await listener.close();
  await rm(folder, { recursive: true });
});

/** A program that reads what it shall send, and prints what it receives. */
function start(
  program: string,
  args: readonly string[],
): { child: ChildProcessWithoutNullStreams; said: () => string } {
  const child = spawn(program, args);
  const output: Uint8Array[] = [];
  child.stdout.on('data', (bytes: Uint8Array) => output.push(bytes));
  child.stderr.on('data', (bytes: Uint8Array) => output.push(bytes));
  return { child, said: () => new TextDecoder().decode(concatBytes(output)) };
}

const lines = (from: number, count: number) =>
  Array.from({ length: count }, (_, i) => `line ${from + i} ${'.'.repeat(60)}\n`).join('');

it('OpenSSL’s client: content both ways, before and after it changes its keys and asks for ours', async () => {
  const { child, said } = start('openssl', [
    ...['s_client', '-connect', `127.0.0.1:${listener.localAddress.port}`],
    ...['-tls1_3', '-alpn', 'xmpp-client', '-msg'],
  ]);
  try {
    await until(() => said().includes('ALPN protocol: xmpp-client'), 'the handshake is over');
    for (const [command, from] of [
      ['', 1],
      ['K\n', 100],
      ['k\n', 200],
      ['K\n', 300],
    ] as const) {
      if (command !== '') {
        const updates = said().split('KeyUpdate').length;
        child.stdin.write(command);
        await until(() => said().split('KeyUpdate').length > updates, 'the keys are changed');
      }
      child.stdin.write(lines(from, 50));
      await until(() => said().includes(`line ${from + 49} `), `what is sent after "${command.trim()}" comes back`);
    }
    child.stdin.end('Q\n');
    await until(() => child.exitCode !== null, 'it ends');
    assert.equal(said().split('<<< TLS 1.3, Handshake [length 0005], KeyUpdate').length - 1, 2, 'ours, when asked');
  } finally {
    child.kill();
  }
});

it('RFC 6066 §4: who asks for records of at most 512 bytes gets no longer ones', async () => {
  const { child, said } = start('openssl', [
    ...['s_client', '-connect', `127.0.0.1:${listener.localAddress.port}`],
    ...['-tls1_3', '-alpn', 'xmpp-client', '-maxfraglen', '512'],
  ]);
  try {
    await until(() => said().includes('ALPN protocol: xmpp-client'), 'the handshake is over');
    const sent = streams.at(-1)!;
    sent.write(new TextEncoder().encode(lines(1, 50)));
    await until(() => said().includes('line 50 ') || child.exitCode !== null, 'it comes, or is refused');
    assert.match(said(), /line 50 /);
  } finally {
    child.kill();
  }
});

it('GnuTLS’ client: content both ways', async () => {
  const { child, said } = start('gnutls-cli', [
    ...['--insecure', '--alpn', 'xmpp-client', '--priority', 'NORMAL:-VERS-ALL:+VERS-TLS1.3'],
    ...['-p', String(listener.localAddress.port), '127.0.0.1'],
  ]);
  try {
    await until(() => said().includes('Simple Client Mode'), 'the handshake is over');
    child.stdin.write(lines(1, 200));
    await until(() => said().includes('line 200 '), 'what is sent comes back');
    child.stdin.end();
    await until(() => child.exitCode !== null, 'it ends');
    assert.doesNotMatch(said(), /\*\*\* Fatal error/);
  } finally {
    child.kill();
  }
});
