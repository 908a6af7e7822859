import { test } from 'node:test';
import { datagramPortContract } from '@yaolian/testkit';
import { openUdpPort } from './open-udp-port.ts';

const loopback = { 4: '127.0.0.1', 6: '::1' } as const;

for (const adapter of ['portable', 'batched'] as const) {
  test(`the ${adapter} adapter keeps the contract of a datagram port`, async (t) => {
    await datagramPortContract(t, (family, port = 0) => openUdpPort({ host: loopback[family], port, adapter }), {
      refused: 65_535,
    });
  });
}
