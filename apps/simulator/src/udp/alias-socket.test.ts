import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Code, createCoapEndpoint } from '@yaolian/coap';
import { decodeUtf8, encodeUtf8, socketAddress } from '@yaolian/kernel';
import { nodeClock, nodeRandom, nodeTimers, openUdpPort } from '@yaolian/node-runtime';
import { datagramPortContract } from '@yaolian/testkit';
import { type AliasCalls, loadAliasCalls } from './alias-calls.ts';
import { AliasSocket } from './alias-socket.ts';

const loaded = await loadAliasCalls();
const onLinux = { skip: process.platform === 'linux' ? false : 'Linux only' };

function calls(): AliasCalls {
  assert.ok(loaded.ok, loaded.ok ? '' : loaded.error);
  return loaded.value;
}

const node = { clock: nodeClock, timers: nodeTimers, random: nodeRandom };

async function openServer() {
  const port = await openUdpPort({ host: '127.0.0.1', port: 0 });
  return { endpoint: createCoapEndpoint({ port, ...node }), address: port.localAddress };
}

test('an alias is a datagram port', onLinux, async (t) => {
  const socket = new AliasSocket(calls());
  let index = 0;
  // All have one port: to open the port again is to open the address that was closed last.
  const open = (_family: 4 | 6, port?: number) =>
    Promise.resolve(socket.open(port === undefined ? index++ : index - 1));
  await datagramPortContract(t, open, { families: [4], largest: 4096 });
  await socket.close();
});

test('terminals that share a socket have an address each, both ways', onLinux, async () => {
  const socket = new AliasSocket(calls());
  const server = await openServer();
  server.endpoint.handle(({ peer }) => ({ code: Code.Content, payload: encodeUtf8(peer.key) }));
  const terminals = [0, 1, 300, 70_000].map((index) => createCoapEndpoint({ port: socket.open(index), ...node }));
  const seen = await Promise.all(
    terminals.map(async (terminal) => {
      const { payload } = await terminal.request(server.address, { method: Code.GET });
      return decodeUtf8(payload);
    }),
  );
  const { port } = socket;
  const hosts = ['127.64.0.1', '127.64.0.2', '127.64.1.45', '127.65.17.113'];
  assert.deepEqual(
    seen,
    hosts.map((host) => `${host}:${port}`),
  );
  for (const [index, terminal] of terminals.entries()) {
    terminal.handle(() => ({ code: Code.Content, payload: Uint8Array.of(index) }));
  }
  const answers = await Promise.all(
    hosts.map((host) => server.endpoint.request(socketAddress(host, port), { method: Code.GET })),
  );
  assert.deepEqual(
    answers.map(({ payload }) => payload[0]),
    [0, 1, 2, 3],
  );
  await Promise.all(terminals.map((terminal) => terminal.close()));
  await server.endpoint.close();
  await socket.close();
});

test('more datagrams than one call carries all arrive, long ones whole, longer ones not at all', onLinux, async () => {
  const socket = new AliasSocket(calls());
  const [sender, receiver] = [socket.open(0), socket.open(1)];
  const lengths: number[] = [];
  await new Promise<void>((resolve) => {
    receiver.listen({
      onDatagram: (datagram, from, multicast) => {
        assert.equal(from.key, sender.localAddress.key);
        assert.equal(multicast, false);
        assert.ok(datagram.every((byte) => byte === (datagram.length & 255)));
        lengths.push(datagram.length);
        if (lengths.length === 300) resolve();
      },
    });
    for (let i = 0; i < 300; i++) {
      const length = 1 + ((i * 97) % 4096);
      sender.send(new Uint8Array(length).fill(length & 255), receiver.localAddress);
    }
    sender.send(new Uint8Array(4097), receiver.localAddress);
  });
  assert.deepEqual(
    lengths,
    Array.from({ length: 300 }, (_, i) => 1 + ((i * 97) % 4096)),
  );
  await receiver.close();
  sender.send(Uint8Array.of(1), receiver.localAddress);
  await Promise.all([socket.close(), socket.close()]);
});
