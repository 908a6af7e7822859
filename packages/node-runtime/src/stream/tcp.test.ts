import { it } from 'node:test';
import { socketAddress } from '@yaolian/kernel';
import { byteStreamContract } from '@yaolian/testkit';
import { listenTcp, tcpConnector } from './tcp.ts';

for (const host of ['127.0.0.1', '::1']) {
  it(`TCP on ${host} keeps the stream contract`, async (t) => {
    await byteStreamContract(t, async () => ({
      listener: await listenTcp({ host, port: 0 }),
      connector: tcpConnector(),
      nobody: socketAddress(host, 1),
    }));
  });
}
