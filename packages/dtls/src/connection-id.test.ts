import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type DatagramPort, milliseconds, seconds, socketAddress } from '@yaolian/kernel';
import { clientAddress, serverAddress, text, World } from '../test/world.ts';

/** A port whose address changes when told to, as behind a NAT. */
function movingPort(world: World): { port: DatagramPort; move(number: number): void } {
  let inner: DatagramPort = world.network.port('192.0.2.77', 1000);
  let listener: Parameters<DatagramPort['listen']>[0] | undefined;
  const port: DatagramPort = {
    localAddress: socketAddress('192.0.2.77', 1000),
    listen: (one) => {
      listener = one;
      inner.listen(one);
    },
    send: (datagram, to) => inner.send(datagram, to),
    close: () => inner.close(),
  };
  return {
    port,
    move(number) {
      inner = world.network.port('192.0.2.77', number);
      if (listener) inner.listen(listener);
    },
  };
}

test('a session goes on from another address, and a large answer waits until that address is validated', async () => {
  const world = new World();
  const moving = movingPort(world);
  const client = world.openClient({ port: moving.port }, '192.0.2.78');
  assert.equal(await world.ask(client), 'HELLO');
  const session = world.opened[0]!;
  moving.move(2000);
  assert.equal(await world.ask(client, 'moved'), 'MOVED');
  assert.equal(session.address.port, 2000);
  assert.equal(world.meter.count('address_changes'), 1);
  assert.equal(world.meter.count('handshakes'), 1);
  await world.time.advance(seconds(1));
  world.server.send(new Uint8Array(1000).fill(65), session);
  await world.time.advance(seconds(1));
  assert.equal(world.answers.at(-1)?.length, 1000);
});

test('the answer to a stolen record from another address is at most three times as long', async () => {
  const world = new World({ server: {} });
  assert.equal(await world.ask(), 'HELLO');
  const session = world.opened[0]!;
  let stolen: Uint8Array | undefined;
  world.network.watch(({ from, datagram }) => {
    if (from.key !== clientAddress.key) return undefined;
    stolen = datagram;
    return 'drop';
  });
  world.client.send(text('x'), serverAddress);
  const thief = world.network.port('198.51.100.9', 9);
  let got = 0;
  thief.listen({
    onDatagram: (datagram) => {
      got += datagram.length;
    },
  });
  thief.send(stolen!, serverAddress);
  await world.time.advance(seconds(1));
  assert.equal(session.address.host, '198.51.100.9');
  world.server.send(new Uint8Array(1000), session);
  world.server.send(new Uint8Array(100), session);
  await world.time.advance(seconds(1));
  assert.ok(got <= 3 * stolen!.length, `${got} bytes for ${stolen!.length}`);
  assert.ok(world.errors.includes('DTLS_UNVALIDATED'));
});

test('an old record, a replayed one, or a forged one moves nothing', async () => {
  const world = new World();
  const records: Uint8Array[] = [];
  world.network.watch(({ from, datagram }) => {
    if (from.key === clientAddress.key) records.push(datagram);
    return undefined;
  });
  assert.equal(await world.ask(), 'HELLO');
  const forged = records.at(-1)!.slice();
  forged[10]! += 5;
  const thief = world.network.port('198.51.100.9', 9);
  for (const record of [records.at(-1)!, forged]) thief.send(record, serverAddress);
  await world.time.advance(milliseconds(100));
  assert.equal(world.opened[0]?.address.key, clientAddress.key);
  assert.equal(world.meter.count('dropped/replayed'), 1);
  assert.equal(world.meter.count('dropped/not authentic'), 1);
  assert.equal(world.requests.length, 1);
});
