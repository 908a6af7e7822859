import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { encodeHex } from '@yaolian/kernel';
import { until } from '@yaolian/testkit';
import { type MqttConnection, openMqttPort, socketTrouble } from './mqtt-port.ts';

/** A broker to the byte: what came, and a script of answers to the types of packets (MQTT 5 §2.1.2: the upper half of the first byte). */
async function broker(t: TestContext, answer: (packet: Buffer, socket: Socket) => void) {
  const packets: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    let rest: Buffer = Buffer.alloc(0);
    socket.on('data', (bytes: Buffer) => {
      rest = Buffer.concat([rest, bytes]);
      // Every packet here is shorter than 128 bytes.
      while (rest.length >= 2 && rest.length >= 2 + rest[1]!) {
        const packet = rest.subarray(0, 2 + rest[1]!);
        rest = rest.subarray(packet.length);
        packets.push(encodeHex(packet));
        answer(packet, socket);
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, packets, sockets };
}

async function open(t: TestContext, port: number, filters = ['a/#']): Promise<MqttConnection> {
  const connection = await openMqttPort({ host: '127.0.0.1', port, filters, clientId: 'c' });
  t.after(() => connection.close());
  return connection;
}

const [connectType, publishType, subscribeType] = [1, 3, 8];

/** MQTT 5: takes everybody and everything. */
function agreeable(packet: Buffer, socket: Socket): void {
  const type = packet[0]! >> 4;
  if (type === connectType) socket.write(Uint8Array.of(0x20, 3, 0, 0, 0));
  if (type === subscribeType) socket.write(Uint8Array.of(0x90, 4, packet[2]!, packet[3]!, 0, 1));
  if (type === publishType) {
    const at = 4 + packet.readUInt16BE(2);
    socket.write(Uint8Array.of(0x40, 2, packet[at]!, packet[at + 1]!));
  }
}

test('by MQTT 5 it subscribes without local messages, publishes with quality of service 1, and hears nothing retained', {
  timeout: 60_000,
}, async (t) => {
  const { port, packets, sockets } = await broker(t, agreeable);
  const connection = await open(t, port);
  const heard: string[] = [];
  connection.listen((topic, payload) => heard.push(`${topic} ${encodeHex(payload)}`));
  await connection.subscribed(AbortSignal.timeout(10_000));
  assert.equal(connection.remoteAddress.key, `127.0.0.1:${port}`);
  // Options of the subscription (§3.8.3.1): no local, quality of service 1.
  assert.match(packets[1]!, /^8209....000003612f2305$/);
  await connection.publish('a/b', Uint8Array.of(1, 2));
  assert.match(packets[2]!, /^320?.*0003612f62.*0102$/);
  const [socket] = sockets;
  socket!.write(Buffer.from('31060001 61 00 ffff'.replaceAll(' ', ''), 'hex'));
  socket!.write(Buffer.from('30050001 62 00 01'.replaceAll(' ', ''), 'hex'));
  await until(() => heard.length > 0, 'a message');
  assert.deepEqual(heard, ['b 01']);
});

test('a broker that knows 3.1.1 alone is spoken to by that', { timeout: 60_000 }, async (t) => {
  const { port, packets } = await broker(t, (packet, socket) => {
    const type = packet[0]! >> 4;
    // MQTT 3.1.1 §3.1.2.2: level 4; §3.2.2.3: 1 refuses the level.
    if (type === connectType && packet[8] !== 4) socket.end(Uint8Array.of(0x20, 2, 0, 1));
    else if (type === connectType) socket.write(Uint8Array.of(0x20, 2, 0, 0));
    else if (type === subscribeType) socket.write(Uint8Array.of(0x90, 3, packet[2]!, packet[3]!, 1));
  });
  const connection = await open(t, port);
  await connection.subscribed(AbortSignal.timeout(30_000));
  assert.equal(packets.at(-1), `8208${packets.at(-1)!.slice(4, 8)}0003612f2301`);
});

test('who is away, refuses us or a subscription is told of in words, and nothing is published then', {
  timeout: 60_000,
}, async (t) => {
  const away = await open(t, 1);
  await assert.rejects(away.subscribed(AbortSignal.timeout(10_000)), /ECONNREFUSED/);
  await assert.rejects(away.publish('a', new Uint8Array()), /ECONNREFUSED/);
  // §3.2.2.2: 0x87 is not authorized.
  const strict = await broker(t, (_, socket) => socket.write(Uint8Array.of(0x20, 3, 0, 0x87, 0)));
  const refused = await open(t, strict.port);
  await assert.rejects(refused.subscribed(AbortSignal.timeout(10_000)), /[Nn]ot authorized/);
  const narrow = await broker(t, (packet, socket) => {
    if (packet[0]! >> 4 === subscribeType) socket.write(Uint8Array.of(0x90, 4, packet[2]!, packet[3]!, 0, 0x87));
    else agreeable(packet, socket);
  });
  const unheard = await open(t, narrow.port);
  await assert.rejects(unheard.subscribed(AbortSignal.timeout(10_000)), /refuses the subscription|[Nn]ot authorized/);
  const given = await open(t, narrow.port);
  const abort = new AbortController();
  abort.abort(new Error('given up'));
  await assert.rejects(given.subscribed(abort.signal), /given up/);
});

test('it comes back after the connection was cut, and subscribes again', { timeout: 60_000 }, async (t) => {
  const { port, packets, sockets } = await broker(t, agreeable);
  const downs: (string | undefined)[] = [];
  const connection = await openMqttPort({
    ...{ host: '127.0.0.1', port, filters: ['a/#'], clientId: 'c' },
    onDown: (why) => downs.push(why),
  });
  t.after(() => connection.close());
  await connection.subscribed(AbortSignal.timeout(10_000));
  for (const socket of sockets) socket.destroy();
  await until(() => packets.filter((packet) => packet.startsWith('82')).length === 2, 'a second subscription');
  assert.notEqual(downs.length, 0);
  await connection.publish('a/b', Uint8Array.of(1));
});

test('what the broker had not acknowledged when the connection was cut has failed, and is not sent to the next one', {
  timeout: 60_000,
}, async (t) => {
  const { port, packets, sockets } = await broker(t, (packet, socket) => {
    const isStale = packet[0]! >> 4 === publishType && packet.at(-1) === 1;
    if (!isStale) agreeable(packet, socket);
  });
  const connection = await open(t, port);
  await connection.subscribed(AbortSignal.timeout(10_000));
  const losses: string[] = [];
  connection.listen(
    () => {},
    (why) => losses.push(why),
  );
  const published = assert.rejects(connection.publish('a/b', Uint8Array.of(1)), /connection to the broker was lost/);
  await until(() => packets.length === 3, 'a message that came and is not acknowledged');
  for (const socket of sockets) socket.destroy();
  await published;
  await until(() => packets.filter((packet) => packet.startsWith('82')).length === 2, 'a second subscription');
  await connection.publish('a/b', Uint8Array.of(2));
  const sent = packets.filter((packet) => packet.startsWith('3'));
  assert.deepEqual(
    sent.map((packet) => packet.slice(-2)),
    ['01', '02'],
  );
  assert.deepEqual(losses, ['the connection to the broker was lost']);
});

test('why TLS failed is told without the line in the sources of OpenSSL', () => {
  const message = '4083:error:0A00045C:SSL routines:ssl3_read_bytes:…:SSL alert number 116\n';
  const refused = Object.assign(new Error(message), {
    library: 'SSL routines',
    reason: 'tlsv13 alert certificate required',
  });
  assert.equal(socketTrouble(refused), 'TLS: tlsv13 alert certificate required');
  assert.equal(socketTrouble(new Error('connect ECONNREFUSED')), 'connect ECONNREFUSED');
  assert.equal(socketTrouble(new AggregateError([new Error('one'), new Error('two')])), 'one, two');
});
