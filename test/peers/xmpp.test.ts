/** slixmpp against our server, and our client against Prosody: TLS, SCRAM, messages, stream management and resumption. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import {
  listenXmpp,
  nodeClock,
  nodeRandom,
  nodeTimers,
  ownCertificate,
  saslCrypto,
  xmppConnector,
} from '@yaolian/node-runtime';
import { until } from '@yaolian/testkit';
import {
  type CredentialStore,
  element,
  ImDomains,
  ImServer,
  Jid,
  pingModule,
  type ScramKeys,
  scramClients,
  scramKeysOf,
  scramMechanisms,
  webSocketConnector,
  XmppClient,
  type XmppClientListener,
  XmppServer,
  type XmppTransport,
} from '@yaolian/xmpp';
import { memoryImStores, NotingHandler } from '@yaolian/xmpp/testing';
import { freeTcpPort, run, start } from './support/processes.ts';

const runtime = { clock: nodeClock, timers: nodeTimers, random: nodeRandom };
const python = fileURLToPath(new URL('.venv/bin/python', import.meta.url));
const script = fileURLToPath(new URL('slixmpp-client.py', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'yaolian-xmpp-peers-'));
const certificateFile = join(folder, 'certificate.pem');
let credentials: Awaited<ReturnType<typeof ownCertificate>>;

before(async () => {
  credentials = await ownCertificate({ folder: join(folder, 'tls'), clock: nodeClock, names: ['example.org'] });
  writeFileSync(certificateFile, credentials.certificate);
});
after(() => rmSync(folder, { recursive: true }));

/** A client, and a way to cut its connection. */
function clientTo(port: number, name: string, listener: XmppClientListener, direct = false) {
  const tls = { authorities: credentials.certificate };
  const connector = xmppConnector({ domain: 'example.org', host: '127.0.0.1', port, direct, tls });
  let transport: XmppTransport | undefined;
  const client = new XmppClient({
    ...runtime,
    jid: Jid.parse(`${name}@example.org`)!,
    connector: {
      connect: async (signal) => {
        transport = await connector.connect(signal);
        return transport;
      },
    },
    mechanisms: scramClients({ crypto: saslCrypto, username: name, password: 'secret' }),
    listener,
  });
  return { client, cut: () => transport?.abort() };
}

/** Texts as they come, each awaited in turn. */
class Bodies {
  readonly #came: string[] = [];
  readonly listener: XmppClientListener = {
    onMessage: (message) => {
      this.#came.push(message.childText('body') ?? '');
    },
  };

  async next(): Promise<string> {
    return until(() => this.#came.shift(), 'a message');
  }
}

test('slixmpp at our server: STARTTLS and TLS, SCRAM, ping, messages, resumption', { timeout: 60_000 }, async (t) => {
  const keys = new Map<string, readonly ScramKeys[]>();
  for (const name of ['juliet', 'romeo']) keys.set(name, (await scramKeysOf(saslCrypto, 'secret'))!);
  const store: CredentialStore = { keys: async (name) => keys.get(name) };
  const listener = await listenXmpp({ host: '127.0.0.1', port: 0, tls: { credentials } });
  const handler = new NotingHandler();
  const server = new XmppServer({
    ...runtime,
    domains: ['example.org'],
    listeners: [listener],
    mechanisms: () => scramMechanisms({ crypto: saslCrypto, credentials: store, fakeSaltKey: nodeRandom.bytes(32) }),
    handler,
  });
  t.after(() => server.close());
  const { port } = listener.localAddress;
  const place = ['127.0.0.1', String(port), certificateFile];
  const echo = start(t, python, [script, 'romeo@example.org/slix', 'secret', ...place, 'echo']);
  await echo.line(/online romeo@example\.org\/slix/);
  const bodies = new Bodies();
  const { client: juliet } = clientTo(port, 'juliet', bodies.listener);
  t.after(() => juliet.close());
  await juliet.connect();
  juliet.sendMessage('romeo@example.org/slix', 'hi <&> 你好');
  await echo.line(/: hi <&> 你好/);
  assert.equal(await bodies.next(), 'echo hi <&> 你好');
  juliet.sendMessage('romeo@example.org/slix', 'cut');
  await echo.line(/: cut/);
  juliet.sendMessage('romeo@example.org/slix', 'after the cut');
  await echo.line(/: after the cut/);
  assert.equal(await bodies.next(), 'echo after the cut');
  const refused = await run(python, [script, 'juliet@example.org', 'guess', ...place, 'echo']);
  assert.match(refused.output, /refused/);
  const sent = await run(python, [
    script,
    'romeo@example.org/other',
    'secret',
    ...place,
    'send',
    juliet.jid.toString(),
    'once',
  ]);
  assert.match(sent.output, /sent/);
  assert.equal(await bodies.next(), 'once');
});

test('slixmpp at two domains of our server: own certificates, accounts of the same name, messages across', {
  timeout: 60_000,
}, async (t) => {
  const keys = (await scramKeysOf(saslCrypto, 'secret'))!;
  const netFile = join(folder, 'net.pem');
  const ofNet = await ownCertificate({ folder: join(folder, 'net'), clock: nodeClock, names: ['example.net'] });
  writeFileSync(netFile, ofNet.certificate);
  const names = { 'example.org': ['juliet', 'romeo'], 'example.net': ['romeo'] };
  const servers = Object.entries(names).map(([domain, accounts]) => {
    const exists = async (name: string) => accounts.includes(name);
    return new ImServer({ ...runtime, domain, stores: memoryImStores(), accounts: { exists } }).use(pingModule());
  });
  const domains = new ImDomains(servers);
  const listener = await listenXmpp({
    ...{ host: '127.0.0.1', port: 0, tls: { credentials }, domains: new Map([['example.net', ofNet]]) },
  });
  const store = (domain: string): CredentialStore => ({
    keys: async (name) => (names[domain as 'example.org'].includes(name) ? keys : undefined),
  });
  const fakeSaltKey = nodeRandom.bytes(32);
  const server = new XmppServer({
    ...{ ...runtime, domains: Object.keys(names), listeners: [listener], handler: domains },
    mechanisms: (domain) => scramMechanisms({ crypto: saslCrypto, credentials: store(domain), fakeSaltKey }),
  });
  t.after(() => server.close());
  const { port } = listener.localAddress;
  const place = (file: string) => ['127.0.0.1', String(port), file];
  const ofOrg = start(t, python, [script, 'romeo@example.org/slix', 'secret', ...place(certificateFile), 'echo']);
  const ofOther = start(t, python, [script, 'romeo@example.net/slix', 'secret', ...place(netFile), 'echo']);
  await ofOrg.line(/online romeo@example\.org\/slix/);
  await ofOther.line(/online romeo@example\.net\/slix/);
  const bodies = new Bodies();
  const { client: juliet } = clientTo(port, 'juliet', bodies.listener);
  t.after(() => juliet.close());
  await juliet.connect();
  juliet.sendPresence();
  juliet.sendMessage('romeo@example.net', 'across');
  assert.equal(await bodies.next(), 'echo across');
  await ofOther.line(/juliet@example\.org\/\S+: across/);
  juliet.sendMessage('romeo@example.org', 'within');
  assert.equal(await bodies.next(), 'echo within');
  await ofOrg.line(/: within/);
  const stranger = await run(python, [script, 'juliet@example.net', 'secret', ...place(netFile), 'echo']);
  assert.match(stranger.output, /refused/);
});

test('our client at Prosody: STARTTLS and TLS, SCRAM, messages, resumption', { timeout: 60_000 }, async (t) => {
  const [port, direct, http] = [await freeTcpPort(), await freeTcpPort(), await freeTcpPort()];
  const configuration = join(folder, 'prosody.cfg.lua');
  const data = join(folder, 'prosody');
  mkdirSync(data);
  writeFileSync(join(folder, 'key.pem'), credentials.key);
  writeFileSync(configuration, prosodyConfiguration({ port, direct, http, data }));
  for (const name of ['juliet', 'romeo']) {
    const { code, output, errors } = await run('prosodyctl', [
      '--root',
      '--config',
      configuration,
      'register',
      name,
      'example.org',
      'secret',
    ]);
    assert.equal(code, 0, output + errors);
  }
  const prosody = start(t, 'prosody', ['--root', '--config', configuration, '-F']);
  await prosody.line(/Activated service 'c2s_direct_tls' on \[?127/);
  const ofRomeo = new Bodies();
  let resumed: () => void = () => {};
  const isResumed = new Promise<void>((resolve) => (resumed = resolve));
  const { client: romeo, cut } = clientTo(port, 'romeo', {
    ...ofRomeo.listener,
    onOnline: (_jid, again) => {
      if (again) resumed();
    },
  });
  const { client: juliet } = clientTo(direct, 'juliet', {}, true);
  t.after(() => juliet.close());
  t.after(() => romeo.close());
  await romeo.connect();
  await juliet.connect();
  juliet.sendMessage(romeo.jid, 'hi <&> 你好');
  assert.equal(await ofRomeo.next(), 'hi <&> 你好');
  const answer = await juliet.request('get', 'example.org', element('query', 'jabber:iq:version'));
  assert.ok(answer.kind === 'result' && answer.payload?.childText('name') === 'Prosody');
  cut();
  juliet.sendMessage(romeo.jid, 'after the cut');
  await isResumed;
  assert.equal(await ofRomeo.next(), 'after the cut');
  // And by WebSockets, which a proxy gives their TLS; both ways.
  const ofWeb = new Bodies();
  const web = new XmppClient({
    ...runtime,
    jid: Jid.parse('juliet@example.org')!,
    connector: webSocketConnector({
      url: `wss://127.0.0.1:${http}/xmpp-websocket`,
      open: (url, protocol) => new WebSocket(url.replace('wss:', 'ws:'), protocol),
    }),
    mechanisms: scramClients({ crypto: saslCrypto, username: 'juliet', password: 'secret' }),
    listener: ofWeb.listener,
  });
  t.after(() => web.close());
  await web.connect();
  web.sendMessage(romeo.jid, 'by WebSocket');
  assert.equal(await ofRomeo.next(), 'by WebSocket');
  romeo.sendMessage(web.jid, 'and back');
  assert.equal(await ofWeb.next(), 'and back');
});

interface ProsodyPlaces {
  readonly port: number;
  readonly direct: number;
  readonly http: number;
  readonly data: string;
}

function prosodyConfiguration({ port, direct, http, data }: ProsodyPlaces): string {
  return `
run_as_root = true
daemonize = false
interfaces = { "127.0.0.1" }
c2s_ports = { ${port} }
c2s_direct_tls_ports = { ${direct} }
s2s_ports = {}
data_path = "${data}"
pidfile = "${data}/prosody.pid"
log = { info = "*console" }
modules_enabled = { "disco", "saslauth", "tls", "ping", "smacks", "version", "websocket" }
http_ports = { ${http} }
http_interfaces = { "127.0.0.1" }
https_ports = {}
http_default_host = "example.org"
consider_websocket_secure = true
modules_disabled = { "s2s" }
authentication = "internal_hashed"
c2s_require_encryption = true
ssl = { key = "${join(folder, 'key.pem')}", certificate = "${certificateFile}" }
c2s_direct_tls_ssl = ssl
VirtualHost "example.org"
`;
}
