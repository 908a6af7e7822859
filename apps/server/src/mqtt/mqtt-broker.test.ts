import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { nodeRandom } from '@yaolian/node-runtime';
import { until } from '@yaolian/testkit';
import { defaultConfig } from '../config/settings.ts';
import type { Broker } from './broker.ts';
import { brokerConnector } from './mqtt-broker.ts';

/** A connection to a broker that takes whoever comes and answers nothing more. @param properties of its CONNACK (MQTT 5 §3.2.2.3) */
async function connect(t: TestContext, qos: '0' | '1', properties: readonly number[] = []) {
  const sockets: Socket[] = [];
  let received = 0;
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => {});
    socket.once('data', () => {
      socket.pause();
      socket.write(Uint8Array.of(0x20, 3 + properties.length, 0, 0, properties.length, ...properties));
    });
    socket.on('data', (bytes) => {
      received += bytes.length;
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  const config = { ...defaultConfig(), 'mqtt.url': `mqtt://127.0.0.1:${port}`, 'mqtt.qos': qos };
  const open = (await brokerConnector(config, 'y/status', nodeRandom))!;
  const broker = await new Promise<Broker>((resolve) => {
    const made: Broker = open({ up: () => resolve(made), down: () => {} });
  });
  t.after(() => broker.close());
  return { broker, socket: sockets[0]!, received: () => received };
}

test('without acknowledgements what a connection takes along when it goes is not waited for', {
  timeout: 60_000,
}, async (t) => {
  const { broker, socket } = await connect(t, '0');
  // More than buffers hold: the broker does not read.
  const body = 'x'.repeat(2 ** 20);
  const published = Array.from({ length: 40 }, () => broker.publish('y/a', body, { retain: false }));
  const outcomes = Promise.allSettled(published);
  socket.destroy();
  const refused = (await outcomes).filter(({ status }) => status === 'rejected') as PromiseRejectedResult[];
  assert.notEqual(refused.length, 0);
  assert.match(String(refused[0]!.reason), /the connection went/);
});

test('what is larger than the broker takes is not sent: it would end the connection, again and again', async (t) => {
  const maximumPacketSize = [0x27, 0, 0, 4, 0]; // 1024
  const { broker, socket, received } = await connect(t, '1', maximumPacketSize);
  await assert.rejects(broker.publish('y/a', 'ü'.repeat(500), { retain: false }), /takes 1024 bytes/);
  socket.resume();
  const sent = broker.publish('y/a', 'x'.repeat(900), { retain: false });
  await until(() => received() > 900, 'the broker has it');
  assert.ok(received() < 1024);
  sent.catch(() => {}); // it was not acknowledged
});
