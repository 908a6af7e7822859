import { test } from 'node:test';
import { seconds } from '@yaolian/kernel';
import { datagramPortContract } from './datagram-port-contract.ts';
import { SeededRandom } from './seeded-random.ts';
import { SimulatedNetwork } from './simulated-network.ts';
import { VirtualTime } from './virtual-time.ts';

test('the simulated network keeps the contract of a datagram port', async (t) => {
  const time = new VirtualTime();
  const network = new SimulatedNetwork({ timers: time, random: new SeededRandom(1) });
  let unused = 49_152;
  const open = async (family: 4 | 6, port = unused++) => network.port(family === 4 ? '192.0.2.1' : '2001:db8::1', port);
  await datagramPortContract(t, open, { until: (promise) => time.until(promise, seconds(60)) });
});
