import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import {
  listenXmpp,
  nodeClock,
  nodeRandom,
  nodeTimers,
  ownCertificate,
  saslCrypto,
  type XmppListener,
  xmppWebSockets,
} from '@yaolian/node-runtime';
import { until } from '@yaolian/testkit';
import {
  errorReply,
  type ScramKeys,
  type Stanza,
  StanzaError,
  scramKeysOf,
  scramMechanisms,
  XmppServer,
  type XmppSession,
} from '@yaolian/xmpp';
import { NotingHandler } from '@yaolian/xmpp/testing';
import { type CliRunOptions, jsonLines, runCli } from '../testing/run-cli.ts';
import { placeOf } from './session.ts';

/** Refuses messages to full@example.org, and what the server itself is asked. */
class RefusingHandler extends NotingHandler {
  override onStanza(session: XmppSession, stanza: Stanza): void | Promise<void> {
    const isRefused = ['full@example.org', 'example.org'].includes(stanza.element.attribute('to') ?? '');
    const refusal = isRefused ? errorReply(stanza.element, new StanzaError('service-unavailable')) : undefined;
    if (refusal === undefined) return super.onStanza(session, stanza);
    session.deliver(refusal);
  }
}

describe('yaolian xmpp, against a server on loopback', () => {
  let folder: string;
  let listener: XmppListener;
  let direct: XmppListener;
  let https: Server;
  let server: XmppServer;
  const handler = new RefusingHandler();

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'yaolian-cli-xmpp-'));
    const credentials = await ownCertificate({ folder, clock: nodeClock, names: ['example.org'] });
    await writeFile(join(folder, 'ca.pem'), credentials.certificate);
    listener = await listenXmpp({ host: '127.0.0.1', port: 0, tls: { credentials } });
    direct = await listenXmpp({ host: '127.0.0.1', port: 0, tls: { credentials }, direct: true });
    https = createServer({ cert: credentials.certificate, key: credentials.key });
    await new Promise<void>((resolve) => https.listen(0, '127.0.0.1', resolve));
    const keys: readonly ScramKeys[] = (await scramKeysOf(saslCrypto, 'secret', 4096))!;
    const store = { keys: async (name: string) => (['anna', 'bob'].includes(name) ? keys : undefined) };
    server = new XmppServer({
      clock: nodeClock,
      timers: nodeTimers,
      random: nodeRandom,
      domains: ['example.org'],
      listeners: [listener, direct, xmppWebSockets(https)],
      mechanisms: () => scramMechanisms({ crypto: saslCrypto, credentials: store, fakeSaltKey: nodeRandom.bytes(32) }),
      handler,
    });
  });
  after(async () => {
    await server.close();
    https.close();
    await rm(folder, { recursive: true });
  });

  const xmpp = (line: string, options?: CliRunOptions, port = listener.localAddress.port) =>
    runCli(
      ['xmpp', ...line.split(' '), '--server', `127.0.0.1:${port}`, '--ca', join(folder, 'ca.pem'), '--password-stdin'],
      { stdin: 'secret\n', ...options },
    );

  it('sends what another one sees', async () => {
    const listening = xmpp('listen bob@example.org/desk --count 2');
    await until(() => handler.sessions.has('bob@example.org/desk'), 'bob to listen');
    const sent = await xmpp('send anna@example.org/x bob@example.org/desk hello --tls', {}, direct.localAddress.port);
    assert.deepEqual([sent.exitCode, sent.stdout], [0, 'Sent to bob@example.org/desk.\n']);
    await xmpp('send anna@example.org/x bob@example.org/desk \u001b[2Jgotcha');
    const seen = await listening;
    assert.equal(seen.exitCode, 0);
    assert.match(seen.stdout, /^\d\d:\d\d:\d\d {2}anna@example\.org\/x {2}hello\n/);
    assert.ok(!seen.stdout.includes('\u001b'), 'nobody acts on the terminal');
    assert.match(seen.stderr, /online as bob@example\.org\/desk/);
  });

  it('goes by WebSocket, with the certificates that --ca trusts', async () => {
    const { port } = https.address() as { port: number };
    const by = (url: string) => {
      const line = ['send', 'anna@example.org', 'bob@example.org/w', 'hello', '--websocket', url, '--password-stdin'];
      return runCli(['xmpp', ...line, '--ca', join(folder, 'ca.pem')], { stdin: 'secret\n' });
    };
    const sent = await by(`wss://localhost:${port}/xmpp-websocket`);
    assert.deepEqual([sent.exitCode, sent.stdout, sent.stderr], [0, 'Sent to bob@example.org/w.\n', '']);
    const plain = await by(`ws://localhost:${port}/xmpp-websocket`);
    assert.equal(plain.exitCode, 2);
    assert.match(plain.stderr, /is no place of WebSockets with TLS; write wss:/);
  });

  it('tells that a message came back', async () => {
    const sent = await xmpp('send anna@example.org/x full@example.org hello');
    assert.deepEqual([sent.exitCode, sent.stdout], [1, '']);
    assert.equal(sent.stderr, 'yaolian: the message to full@example.org came back: service-unavailable\n');
  });

  it('asks, and shows the answer', async () => {
    const pong = await xmpp(
      'ask anna@example.org example.org <ping/> --json'.replace('<ping/>', '<ping\txmlns="urn:xmpp:ping"/>'),
    );
    assert.equal(pong.exitCode, 0, pong.stderr);
    assert.equal((jsonLines(pong)[0] as { kind: string }).kind, 'result');
    const silent = await xmpp('ask anna@example.org nobody@example.org/x <a/> --timeout 50ms');
    assert.deepEqual([silent.exitCode, silent.stderr], [4, 'yaolian: nobody@example.org/x did not answer in time\n']);
  });

  it('says what keeps it out', async () => {
    const wrong = await xmpp('send anna@example.org bob@example.org x', { stdin: 'guess' });
    assert.deepEqual(
      [wrong.exitCode, wrong.stderr],
      [1, 'yaolian: the server did not let us in: the name or the password is wrong (not-authorized)\n'],
    );
    const nobody = await xmpp('send anna@example.org bob@example.org x', {}, 1);
    assert.equal(nobody.exitCode, 3);
    assert.match(nobody.stderr, /cannot be reached/);
    const stranger = await runCli(
      [
        'xmpp',
        'send',
        'anna@example.org',
        'bob@example.org',
        'x',
        '--server',
        `127.0.0.1:${listener.localAddress.port}`,
        '--password-stdin',
      ],
      { stdin: 'secret' },
    );
    assert.equal(stranger.exitCode, 3);
    assert.match(stranger.stderr, /certificate|self-signed/);
    for (const line of [
      'send anna bob@example.org x',
      'send anna@example.org @ x',
      'ask anna@example.org example.org <a>',
    ]) {
      assert.equal((await xmpp(line)).exitCode, 2, line);
    }
  });

  it('knows places', () => {
    assert.deepEqual(placeOf('example.org'), { host: 'example.org' });
    assert.deepEqual(placeOf('[::1]:5222'), { host: '::1', port: 5222 });
    assert.deepEqual(placeOf('2001:db8::1'), { host: '2001:db8::1' });
    assert.throws(() => placeOf('example.org:99999'), { code: 'CLI_USAGE' });
  });
});
