import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeUtf8, milliseconds, seconds, socketAddress } from '@yaolian/kernel';
import { SeededRandom } from './seeded-random.ts';
import { type NetworkConditions, SimulatedNetwork } from './simulated-network.ts';
import { VirtualTime } from './virtual-time.ts';

async function arrivals(conditions: NetworkConditions, seed = 1): Promise<number[]> {
  const time = new VirtualTime();
  const network = new SimulatedNetwork({ timers: time, random: new SeededRandom(seed), conditions });
  const sender = network.port('192.0.2.1', 1000);
  const receiver = network.port('192.0.2.2', 2000);
  const seen: number[] = [];
  receiver.listen({ onDatagram: (datagram) => seen.push(datagram[0]!) });
  for (let i = 0; i < 100; i++) {
    sender.send(Uint8Array.of(i), receiver.localAddress);
    await time.advance(milliseconds(1));
  }
  await time.advance(seconds(1));
  return seen;
}

test('a perfect network delivers everything in order', async () => {
  assert.deepEqual(await arrivals({}), [...Array(100).keys()]);
});

test('loss, duplication and reordering happen, and the same way for the same seed', async () => {
  const lossy = await arrivals({ loss: 0.3 });
  assert.ok(lossy.length > 50 && lossy.length < 90, `${lossy.length} of 100 arrived`);
  assert.ok((await arrivals({ duplication: 0.3 })).length > 110);
  const reordered = await arrivals({ reordering: 0.3 });
  assert.equal(reordered.length, 100);
  assert.notDeepEqual(
    reordered,
    reordered.toSorted((a, b) => a - b),
  );
  assert.deepEqual(await arrivals({ loss: 0.3 }), lossy);
  assert.notDeepEqual(await arrivals({ loss: 0.3 }, 2), lossy);
});

test('a group reaches its members, but not the sender', async () => {
  const time = new VirtualTime();
  const network = new SimulatedNetwork({ timers: time, random: new SeededRandom(1) });
  const seen: string[] = [];
  const ports = ['192.0.2.1', '192.0.2.2', '192.0.2.3'].map((host) => network.port(host, 5683));
  for (const port of ports) {
    port.joinGroup('224.0.1.187');
    port.listen({
      onDatagram: (_datagram, from, multicast) => seen.push(`${port.localAddress.key} ${from.key} ${multicast}`),
    });
  }
  ports[0]!.send(encodeUtf8('hello'), socketAddress('224.0.1.187', 5683));
  await time.advance(seconds(1));
  assert.deepEqual(seen, ['192.0.2.2:5683 192.0.2.1:5683 true', '192.0.2.3:5683 192.0.2.1:5683 true']);
});
