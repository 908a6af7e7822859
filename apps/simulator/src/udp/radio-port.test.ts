import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seconds } from '@yaolian/kernel';
import { SeededRandom, SimulatedNetwork, VirtualTime } from '@yaolian/testkit';
import { RadioPort } from './radio-port.ts';

test('a radio that sleeps hears nothing, and what was sent then is lost', async () => {
  const time = new VirtualTime();
  const network = new SimulatedNetwork({ timers: time, random: new SeededRandom(1) });
  const radio = new RadioPort(network.port('192.0.2.1', 5683));
  const other = network.port('192.0.2.2', 5683);
  const heard: number[] = [];
  radio.listen({ onDatagram: (datagram) => heard.push(datagram[0]!) });
  const send = async (value: number) => {
    other.send(Uint8Array.of(value), radio.localAddress);
    await time.advance(seconds(1));
  };
  await send(1);
  radio.sleep();
  await send(2);
  radio.wake();
  await send(3);
  assert.deepEqual(heard, [1, 3]);
});
