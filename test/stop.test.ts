/** A stop waits for requests that are in hand, and for nobody else: neither for peers that say nothing, nor for those that do not leave. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { test } from 'node:test';
import { hours } from '@yaolian/kernel';
import { until } from '@yaolian/testkit';
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
