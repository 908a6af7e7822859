/** A stop waits for requests that are in hand, and for nobody else: neither for peers that say nothing, nor for those that do not leave. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { test } from 'node:test';
import { routes } from '@yaolian/contract';
import { hours, seconds } from '@yaolian/kernel';
import { inTime, until } from '@yaolian/testkit';
import { WebSocket } from 'ws';
import { openPlatform } from './support/platform.ts';
import { remoteAccess } from './support/remote-user.ts';

const path = '/xmpp-websocket';
// So long that a test which waited for it would not end.
const patient = { 'stop.drain': hours(10) };

const asksForWebSocket = [
  `GET ${path} HTTP/1.1`,
  ...['Host: x', 'Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13'],
  ...['Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==', '', ''],
].join('\r\n');

for (const [what, said, answer] of [
  ['says nothing', '', undefined],
  ['does not finish the head of its request', 'GET /healthz HTTP/1.1\r\nHo', undefined],
  ['was answered, and keeps the connection', 'GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n', /^HTTP\/1\.1 200 /],
  ['was refused a WebSocket, and keeps its half of the connection open', asksForWebSocket, /^HTTP\/1\.1 400 /],
] as const) {
  test(`a stop does not wait for a peer that ${what}`, async () => {
    await using bench = await openPlatform({ ...remoteAccess, ...patient, 'xmpp.websocket-path': path });
    const peer = connect({ port: Number(new URL(bench.httpUrl).port), host: '127.0.0.1', allowHalfOpen: true });
    peer.on('error', () => {}); // it is cut off
    await once(peer, 'connect');
    peer.write(said);
    if (answer !== undefined) assert.match(String(await once(peer, 'data')), answer);
    await bench.platform.stop();
    peer.destroy();
  });
}

test('a peer that was refused a WebSocket is let go, also when it keeps its half of the connection open', async () => {
  await using bench = await openPlatform({ ...remoteAccess, 'xmpp.websocket-path': path });
  const peer = connect({ port: Number(new URL(bench.httpUrl).port), host: '127.0.0.1', allowHalfOpen: true });
  const failures: string[] = [];
  peer.on('error', ({ message }) => failures.push(message));
  peer.write(asksForWebSocket);
  peer.resume();
  await once(peer, 'end');
  // Nobody is there any more who would take it.
  await until(() => {
    if (failures.length === 0) peer.write('still here');
    return failures.length > 0;
  }, 'the connection to be gone');
  assert.match(failures[0]!, /ECONNRESET|EPIPE/);
});

test('a stop ends WebSockets with system-shutdown, as it does all streams', async () => {
  await using bench = await openPlatform({ ...remoteAccess, ...patient, 'xmpp.websocket-path': path });
  const socket = new WebSocket(`${bench.httpUrl.replace('http:', 'ws:')}${path}`, ['xmpp']);
  const heard: string[] = [];
  socket.on('message', (data) => {
    heard.push(String(data));
    if (String(data).startsWith('<close')) socket.send('<close xmlns="urn:ietf:params:xml:ns:xmpp-framing"/>');
  });
  await once(socket, 'open');
  socket.send('<open xmlns="urn:ietf:params:xml:ns:xmpp-framing" to="home.example" version="1.0"/>');
  await until(() => heard.length >= 2, 'the features');
  const closed = once(socket, 'close');
  await bench.platform.stop();
  await closed;
  assert.match(heard.join(''), /<system-shutdown/);
});

test('a stop keeps to its time, whoever holds on: streams of events and messages, CoAP over TCP and TLS, a webhook', {
  timeout: 120_000,
}, async (t) => {
  const taken: Socket[] = [];
  const receiver = createServer((socket) => taken.push(socket)).listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  const held: Socket[] = [];
  t.after(() => {
    for (const socket of [...held, ...taken]) socket.destroy();
    receiver.close();
  });
  await using bench = await openPlatform({
    ...remoteAccess,
    'stop.drain': seconds(1),
    'webhooks.private-addresses': true,
  });
  // They never read, never answer and never leave.
  const hold = async (port: number, said: string | Uint8Array) => {
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    held.push(socket);
    socket.on('error', () => {}); // it is cut off
    await once(socket, 'connect');
    socket.write(said);
  };
  const streams = bench.platform.listening.filter(({ url }) => /^(xmpps?|coaps?\+tcp):/.test(url));
  assert.ok(streams.length >= 3, JSON.stringify(bench.platform.listening));
  for (const { url } of streams) {
    const opening = url.startsWith('xmpp:')
      ? "<stream:stream to='home.example' version='1.0' xmlns='jabber:client'"
      : 'h';
    await hold(Number(new URL(url.replace(/^[^:]+/, 'http')).port), opening);
  }
  const { port: httpPort } = new URL(bench.httpUrl);
  const { token } = await bench.admin.call(routes.createToken, { body: { label: 'reader', role: 'viewer' } });
  await hold(Number(httpPort), `GET /api/v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\n\r\n`);
  const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`;
  const { id } = await bench.admin.call(routes.addWebhook, { body: { url } });
  void bench.admin.call(routes.testWebhook, { params: { webhook: id } }).catch(() => {}); // it is cut off with the others
  await until(() => taken.length > 0, 'a post to the receiver');
  await inTime(bench.platform.stop(), 'the end of the stop');
});
