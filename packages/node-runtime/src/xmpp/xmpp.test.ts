import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import { connect as connectTcp } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { connect as connectTls } from 'node:tls';
import { decodeUtf8 } from '@yaolian/kernel';
import {
  element,
  Jid,
  plainClient,
  webSocketConnector,
  type XmlElement,
  XmppClient,
  type XmppClientOptions,
  XmppServer,
} from '@yaolian/xmpp';
import { NotingHandler, passwordTable } from '@yaolian/xmpp/testing';
import { WebSocket } from 'ws';
import { nodeClock, nodeTimers } from '../clock.ts';
import { nodeRandom } from '../random.ts';
import { statusLine } from '../stream/testing/status-line.ts';
import type { TlsCredentials } from '../stream/tls-options.ts';
import { ownCertificate } from '../tls/own-certificate.ts';
import { listenXmpp, type XmppListener } from './listen-xmpp.ts';
import { xmppConnector } from './xmpp-connector.ts';
import { xmppWebSockets } from './xmpp-websocket.ts';

const runtime = { clock: nodeClock, timers: nodeTimers, random: nodeRandom };
const never = new AbortController().signal;
const folder = mkdtempSync(join(tmpdir(), 'yaolian-xmpp-'));
const http = createServer((_, response) => response.writeHead(204).end());
const handler = new NotingHandler();
let credentials: TlsCredentials;
let plain: XmppListener;
let direct: XmppListener;
let server: XmppServer;

before(async () => {
  credentials = await ownCertificate({ folder, clock: nodeClock, names: ['example.org'] });
  plain = await listenXmpp({ host: '127.0.0.1', port: 0, tls: { credentials } });
  direct = await listenXmpp({ host: '127.0.0.1', port: 0, tls: { credentials }, direct: true });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  server = new XmppServer({
    ...runtime,
    domains: ['example.org'],
    listeners: [plain, direct, xmppWebSockets(http, { isBehindTls: true })],
    mechanisms: () => [passwordTable({ juliet: 'secret', romeo: 'secret' })],
    handler,
  });
});

after(async () => {
  await server.close();
  http.close();
  rmSync(folder, { recursive: true });
});

function connectorTo(listener: XmppListener, isDirect: boolean, authorities = credentials.certificate) {
  const { host, port } = listener.localAddress;
  return xmppConnector({ domain: 'example.org', host, port, direct: isDirect, tls: { authorities } });
}

function clientOf(name: string, options: Partial<XmppClientOptions>): XmppClient {
  const jid = Jid.parse(`${name}@example.org`)!;
  return new XmppClient({
    ...runtime,
    jid,
    connector: connectorTo(plain, false),
    mechanisms: [plainClient(name, 'secret')],
    ...options,
  });
}

/** The names in the certificate that a client of a domain is shown which names none by TLS. */
async function nameWithoutSni({ localAddress: { host, port } }: XmppListener, domain: string): Promise<string> {
  const socket = connectTcp(port, host);
  let text = '';
  socket.write(
    `<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' to='${domain}' version='1.0'>`,
  );
  socket.write("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>");
  while (!text.includes('<proceed')) text += String((await once(socket, 'data'))[0]);
  const secure = connectTls({ socket, rejectUnauthorized: false });
  await once(secure, 'secureConnect');
  const names = secure.getPeerX509Certificate()?.subjectAltName ?? '';
  secure.destroy();
  return names;
}

describe('XMPP on sockets', () => {
  for (const [what, isDirect] of [
    ['STARTTLS', false],
    ['TLS from the first byte', true],
  ] as const) {
    it(`${what}: messages both ways, with channel bindings that both sides have alike`, async () => {
      const connector = connectorTo(isDirect ? direct : plain, isDirect);
      const { promise, resolve } = Promise.withResolvers<string>();
      const juliet = clientOf('juliet', { connector });
      const romeo = clientOf('romeo', {
        connector,
        listener: { onMessage: (message) => resolve(message.childText('body') ?? '') },
      });
      await juliet.connect();
      const jid = await romeo.connect();
      const body = '你好'.repeat(20_000);
      juliet.sendMessage(jid, body);
      assert.equal(await promise, body);
      juliet.close();
      romeo.close();
    });
  }

  it('a certificate of somebody else ends the connection before anything is said', async () => {
    const other = await ownCertificate({ folder: join(folder, 'other'), clock: nodeClock, names: ['example.org'] });
    for (const [listener, isDirect] of [
      [plain, false],
      [direct, true],
    ] as const) {
      const client = clientOf('juliet', { connector: connectorTo(listener, isDirect, other.certificate) });
      await assert.rejects(client.connect());
      client.close();
    }
    const elsewhere = xmppConnector({
      domain: 'example.com',
      host: '127.0.0.1',
      port: direct.localAddress.port,
      direct: true,
      tls: { authorities: credentials.certificate },
    });
    await assert.rejects(elsewhere.connect(never), /does not match|altnames/);
  });

  it('another certificate is for new connections', async () => {
    const own = await ownCertificate({ folder: join(folder, 'new'), clock: nodeClock, names: ['example.org'] });
    const old = clientOf('juliet', {});
    await old.connect();
    for (const listener of [plain, direct]) listener.setCredentials(own);
    const young = clientOf('romeo', { connector: connectorTo(plain, false, own.certificate) });
    await young.connect();
    assert.equal(old.isOnline, true);
    for (const listener of [plain, direct]) listener.setCredentials(credentials);
    old.close();
    young.close();
  });

  it('several domains: each with a certificate of its own, by SNI or by the header of the stream', async (t) => {
    const own = await ownCertificate({ folder: join(folder, 'net'), clock: nodeClock, names: ['example.net'] });
    const next = await ownCertificate({ folder: join(folder, 'net2'), clock: nodeClock, names: ['example.net'] });
    const domains = new Map([['example.net', own]]);
    const where = { host: '127.0.0.1', port: 0, tls: { credentials }, domains };
    const open = await listenXmpp(where);
    const secure = await listenXmpp({ ...where, direct: true });
    const both = new XmppServer({
      ...runtime,
      domains: ['example.org', 'example.net'],
      listeners: [open, secure],
      mechanisms: (domain) => [passwordTable({ [domain === 'example.net' ? 'nick' : 'juliet']: 'secret' })],
      handler: new NotingHandler(),
    });
    t.after(() => both.close());
    const comes = async (listener: XmppListener, account: string, certificate: string) => {
      const jid = Jid.parse(account)!;
      const { host, port } = listener.localAddress;
      const connector = xmppConnector({
        ...{ domain: jid.domain, host, port, direct: listener === secure, tls: { authorities: certificate } },
      });
      const client = new XmppClient({ ...runtime, jid, connector, mechanisms: [plainClient(jid.local!, 'secret')] });
      t.after(() => client.close());
      return (await client.connect()).bare.toString();
    };
    for (const listener of [open, secure]) {
      assert.equal(await comes(listener, 'nick@example.net', own.certificate), 'nick@example.net');
      assert.equal(
        await comes(listener, 'juliet@example.org', credentials.certificate as string),
        'juliet@example.org',
      );
      await assert.rejects(comes(listener, 'nick@example.org', credentials.certificate as string));
      await assert.rejects(comes(listener, 'juliet@example.net', own.certificate));
      await assert.rejects(comes(listener, 'nick@example.net', credentials.certificate as string));
    }
    assert.match(await nameWithoutSni(open, 'example.net'), /example\.net/);
    assert.match(await nameWithoutSni(open, 'example.org'), /example\.org/);
    for (const listener of [open, secure]) {
      listener.setCredentials(next, 'example.net');
      assert.equal(await comes(listener, 'nick@example.net', next.certificate), 'nick@example.net');
      assert.equal(
        await comes(listener, 'juliet@example.org', credentials.certificate as string),
        'juliet@example.org',
      );
    }
    assert.throws(() => open.setCredentials(next, 'example.com'), RangeError);
  });

  it('RFC 7395: WebSockets at their path, with their subprotocol, in text', async () => {
    const { port } = http.address() as { port: number };
    const socket = new WebSocket(`ws://127.0.0.1:${port}/xmpp-websocket`, ['xmpp']);
    const messages: string[] = [];
    const { promise, resolve } = Promise.withResolvers<void>();
    socket.on('message', (data, isBinary) => {
      assert.equal(isBinary, false);
      messages.push(decodeUtf8(data as Buffer)!);
      if (messages.length === 2) resolve();
    });
    socket.on('open', () =>
      socket.send("<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' to='example.org' version='1.0'/>"),
    );
    await promise;
    assert.match(messages[0]!, /^<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' from='example.org'/);
    assert.match(messages[1]!, /^<stream:features xmlns:stream='http:\/\/etherx.jabber.org\/streams'><mechanisms/);
    socket.close();
    const refused = new WebSocket(`ws://127.0.0.1:${port}/xmpp-websocket`, ['chat']);
    await assert.rejects(new Promise((_, reject) => refused.on('error', reject)), /400/);
  });

  it('RFC 9110 §7.8: who asks for another path or protocol is answered as if it had not asked', async () => {
    const { port } = http.address() as { port: number };
    for (const [target, protocol] of [
      ['/', 'websocket'],
      ['//', 'websocket'],
      ['http://[', 'websocket'],
      ['/xmpp-websocket', 'h2c'],
    ] as const) {
      assert.equal(await statusLine(port, target, protocol), 'HTTP/1.1 204 No Content', target);
    }
    assert.equal(await statusLine(port, '/xmpp-websocket'), 'HTTP/1.1 400 Bad Request');
  });

  it('a client that is gone before it is taken ends nothing but its connection', async () => {
    const { port } = http.address() as { port: number };
    const isGone = ({ socket }: IncomingMessage) =>
      Object.defineProperty(socket, 'remoteAddress', { value: undefined });
    http.prependOnceListener('upgrade', isGone);
    const head = ['GET /xmpp-websocket HTTP/1.1', 'Host: x', 'Connection: Upgrade', 'Upgrade: websocket'];
    const key = [
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
      'Sec-WebSocket-Protocol: xmpp',
    ];
    // RFC 6455 §7.4.2: there is no close code 23901.
    const close = Uint8Array.of(0x88, 0x82, 0, 0, 0, 0, 23901 >> 8, 23901 & 0xff);
    const socket = connectTcp(port, '127.0.0.1', () => {
      socket.write(`${[...head, ...key].join('\r\n')}\r\n\r\n`);
      socket.write(close);
    });
    socket.resume().on('error', () => {});
    await once(socket, 'close');
  });

  it('RFC 7395: a client by the WebSocket that browsers and Node have', async () => {
    const { port } = http.address() as { port: number };
    const place = `ws://127.0.0.1:${port}/xmpp-websocket`;
    const body = 'hi <&> 你好'.repeat(5000);
    const { promise, resolve } = Promise.withResolvers<string>();
    // TLS is the business of a proxy, which is not here.
    const connector = webSocketConnector({
      url: place.replace('ws:', 'wss:'),
      open: (url, protocol) => new globalThis.WebSocket(url.replace('wss:', 'ws:'), protocol),
    });
    const juliet = clientOf('juliet', { connector });
    const onMessage = (message: XmlElement) => resolve(message.childText('body') ?? '');
    const romeo = clientOf('romeo', { connector, listener: { onMessage } });
    await juliet.connect();
    juliet.sendMessage(await romeo.connect(), body);
    assert.equal(await promise, body);
    assert.equal((await juliet.request('get', 'example.org', element('ping', 'urn:xmpp:ping'))).kind, 'result');
    juliet.close();
    romeo.close();
    const unencrypted = webSocketConnector({
      url: place,
      open: (url, protocol) => new globalThis.WebSocket(url, protocol),
    });
    const bare = clientOf('juliet', { connector: unencrypted });
    await assert.rejects(bare.connect(), { code: 'XMPP_TLS_UNAVAILABLE' });
    const silent = webSocketConnector({
      url: place.replace('xmpp-', ''),
      open: (url) => new globalThis.WebSocket(url),
    });
    await assert.rejects(silent.connect(AbortSignal.timeout(500)));
  });

  it('RFC 6120 §3.2, XEP-0368: the servers that SRV records name, in their order', async () => {
    const record = (priority: number, port: number, name = '127.0.0.1') => ({ priority, weight: 1, port, name });
    const asked: string[] = [];
    const connector = xmppConnector({
      domain: 'example.org',
      tls: { authorities: credentials.certificate },
      resolveSrv: async (name) => {
        asked.push(name);
        if (name.startsWith('_xmpps-')) return [record(30, direct.localAddress.port), record(1, 0, '.')];
        return [record(10, 1), record(20, 1)]; // nobody listens on port 1
      },
    });
    const client = clientOf('juliet', { connector });
    assert.equal((await client.connect()).bare.toString(), 'juliet@example.org');
    assert.deepEqual(asked.toSorted(), ['_xmpp-client._tcp.example.org', '_xmpps-client._tcp.example.org']);
    client.close();
  });

  it('TLS garbage after <proceed/> closes the connection and nothing else', async () => {
    const { host, port } = plain.localAddress;
    const socket = connectTcp(port, host);
    const { promise, resolve } = Promise.withResolvers<void>();
    let text = '';
    socket.on('data', (bytes) => {
      text += String(bytes);
      if (text.endsWith('</stream:features>')) socket.write("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>");
      if (text.endsWith("<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>")) socket.write('<message/>'.repeat(10));
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve());
    socket.write(
      "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' to='example.org' version='1.0'>",
    );
    await promise;
    const client = clientOf('juliet', {});
    await client.connect();
    client.close();
  });
});
