/** OSCORE over TCP and WebSockets (RFC 8323), where a context lives on from connection to connection. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Code, createStreamCoapEndpoint, type Observer, type StreamCoapEndpoint } from '@yaolian/coap';
import { decodeUtf8, type Peer, seconds } from '@yaolian/kernel';
import { oscoreCrypto } from '@yaolian/node-runtime';
import { SeededRandom, SimulatedStreams, VirtualTime } from '@yaolian/testkit';
import { clientCredentials, serverAddress, serverCredentials, text } from '../test/world.ts';
import { createOscore } from './oscore.ts';
import { VolatileOscoreStates } from './state-store.ts';

function createWorld(isWebSocket: boolean) {
  const time = new VirtualTime();
  const random = new SeededRandom(1);
  const streams = new SimulatedStreams({ timers: time, conditions: {} });
  const common = { clock: time, timers: time, random };
  const oscoreOf = () => createOscore({ crypto: oscoreCrypto, store: new VolatileOscoreStates(), clock: time, random });
  const clientOscore = oscoreOf();
  const serverOscore = createOscore({
    crypto: oscoreCrypto,
    store: new VolatileOscoreStates(),
    clock: time,
    random,
    findCredentials: () => serverCredentials,
  });
  const disconnected: Peer[] = [];
  const listener = streams.listen(serverAddress.host, serverAddress.port, isWebSocket);
  const server = createStreamCoapEndpoint({
    ...common,
    listener,
    protection: serverOscore,
    onDisconnected: (peer) => disconnected.push(peer),
  });
  const connect = (host: string) =>
    createStreamCoapEndpoint({ ...common, connector: streams.connector(host), protection: clientOscore });
  const client = connect('192.0.2.1');
  const peer = () => clientOscore.open(clientCredentials, serverAddress);
  const close = async (...endpoints: StreamCoapEndpoint[]) => {
    for (const endpoint of [...endpoints, client, server]) await time.until(endpoint.close(), seconds(60));
  };
  return { time, server, client, connect, peer, disconnected, close };
}

for (const isWebSocket of [false, true]) {
  const name = isWebSocket ? 'WebSockets' : 'TCP';

  test(`${name}: both sides ask, with large bodies`, async () => {
    const { time, server, client, peer, close } = createWorld(isWebSocket);
    const body = Uint8Array.from({ length: 100_000 }, (_, i) => i % 251);
    let clientPeer: Peer | undefined;
    server.handle((request) => {
      clientPeer = request.peer;
      assert.equal(request.peer.identity?.kind, 'oscore');
      return { code: Code.Content, payload: request.payload };
    });
    const serverPeer = await peer();
    client.handle((request) => ({ code: Code.Content, payload: text(`${request.peer === serverPeer}`) }));
    const echoed = client.request(serverPeer, { method: Code.POST, payload: body });
    assert.deepEqual((await time.until(echoed, seconds(60))).payload, body);
    const asked = server.request(clientPeer!, { method: Code.GET });
    assert.equal(decodeUtf8((await time.until(asked, seconds(60))).payload), 'true');
    assert.ok(client.isConnected(serverPeer));
    await time.until(client.ping(serverPeer), seconds(10));
    await close();
  });

  test(`${name}: observations end with the connection, and are taken up on the next`, async () => {
    const { time, server, client, peer, disconnected, close } = createWorld(isWebSocket);
    const observers: Observer[] = [];
    let ended = 0;
    server.handle((request) => {
      if (request.observer) observers.push(request.observer.accept(() => ended++));
      return { code: Code.Content, contentFormat: 0, payload: text('0') };
    });
    const seen: string[] = [];
    let stale = 0;
    const serverPeer = await peer();
    const listener = {
      onNotification: ({ payload }: { payload: Uint8Array }) => void seen.push(decodeUtf8(payload)!),
      onStale: () => void stale++,
    };
    const { observation } = await time.until(client.observe(serverPeer, { method: Code.GET }, listener), seconds(60));
    const notify = (value: string) =>
      observers.at(-1)!.notify({ code: Code.Content, contentFormat: 0, payload: text(value) });
    notify('1');
    await time.advance(seconds(1));
    client.abort(serverPeer, 'the wire was cut');
    await time.advance(seconds(1));
    assert.deepEqual([ended, stale], [1, 1]);
    assert.ok(disconnected.some(({ identity }) => identity?.kind === 'oscore'));
    await time.until(observation!.refresh(), seconds(60));
    notify('2');
    await time.advance(seconds(1));
    assert.deepEqual(seen, ['1', '2']);
    await close();
  });
}

test('a peer that comes on another connection has left the one before, though nobody saw it end', async () => {
  const { time, server, client, connect, peer, close } = createWorld(false);
  let ended = 0;
  server.handle((request) => {
    request.observer?.accept(() => ended++);
    return { code: Code.Content, contentFormat: 0, payload: text('0') };
  });
  const serverPeer = await peer();
  const listener = { onNotification() {} };
  await time.until(client.observe(serverPeer, { method: Code.GET }, listener), seconds(60));
  const other = connect('192.0.2.7');
  await time.until(other.request(serverPeer, { method: Code.GET }), seconds(60));
  assert.equal(ended, 1);
  await close(other);
});
