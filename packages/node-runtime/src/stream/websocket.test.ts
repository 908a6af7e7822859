import assert from 'node:assert/strict';
import { it } from 'node:test';
import { type ByteStream, socketAddress } from '@yaolian/kernel';
import { StreamInbox } from '@yaolian/testkit';
import { WebSocket } from 'ws';
import { statusLine } from './testing/status-line.ts';
import { listenWebSocket, webSocketConnector } from './websocket.ts';

const never = new AbortController().signal;

async function refusal(url: string, protocols: string[]): Promise<string> {
  return new Promise((resolve) => {
    const socket = new WebSocket(url, protocols);
    socket.on('error', (error) => resolve(error.message));
    socket.on('open', () => resolve('opened'));
  });
}

it('RFC 8323 §4.1: only /.well-known/coap and the subprotocol coap get in', async () => {
  const listener = await listenWebSocket({ host: '127.0.0.1', port: 0 });
  const { port } = listener.localAddress;
  assert.match(await refusal(`ws://127.0.0.1:${port}/other`, ['coap']), /404/);
  assert.match(await refusal(`ws://127.0.0.1:${port}/.well-known/coap`, ['chat']), /400/);
  assert.match(await refusal(`ws://127.0.0.1:${port}/.well-known/coap`, []), /400/);
  const response = await fetch(`http://127.0.0.1:${port}/`);
  assert.equal(response.status, 426);
  await listener.close();
});

it('targets that are none are answered, and are no end of the program', async () => {
  const listener = await listenWebSocket({ host: '127.0.0.1', port: 0 });
  const { port } = listener.localAddress;
  for (const target of ['//', '///', 'http://[', '//:x/', '*'])
    assert.match(await statusLine(port, target), /^HTTP\/1.1 4/);
  await listener.close();
});

it('text, empty and too large messages end the connection', async () => {
  const listener = await listenWebSocket({ host: '127.0.0.1', port: 0, maximumMessageBytes: 1000 });
  const { port } = listener.localAddress;
  for (const message of ['text', new Uint8Array(0), new Uint8Array(1001)]) {
    const accepted = new Promise<ByteStream>((resolve) => listener.accept(resolve));
    const socket = new WebSocket(`ws://127.0.0.1:${port}/.well-known/coap`, ['coap']);
    const closed = new Promise((resolve) => socket.on('close', resolve));
    socket.on('open', () => socket.send(message));
    const inbox = new StreamInbox(await accepted);
    await inbox.when((one) => one.closed !== undefined);
    assert.equal(inbox.bytes, 0);
    await closed;
  }
  await listener.close();
});

it('a server that does not speak CoAP is refused', async () => {
  const { createServer } = await import('node:http');
  const server = createServer((_request, response) => response.writeHead(200).end());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await assert.rejects(webSocketConnector().connect(socketAddress('127.0.0.1', port), never), /200|Unexpected/);
  server.closeAllConnections();
  server.close();
});
