import assert from 'node:assert/strict';
import { it } from 'node:test';
import { type ByteStream, StreamPeer, socketAddress } from '@yaolian/kernel';
import { byteStreamContract, until } from '@yaolian/testkit';
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

it('a stream that is ended and cut off in one turn leaves no descriptor behind', async () => {
  const sockets = () => process.getActiveResourcesInfo().filter((one) => one === 'TCPSocketWrap').length;
  const before = sockets();
  const listener = await listenTcp({ host: '127.0.0.1', port: 0 });
  const streams: ByteStream[] = [];
  listener.accept((stream) => streams.push(stream));
  const near = await tcpConnector().connect(
    new StreamPeer(listener.localAddress, 1, 'tcp'),
    new AbortController().signal,
  );
  await until(() => streams.length === 1, 'the other end');
  const [far] = streams;
  far!.write(Uint8Array.of(1));
  far!.close();
  far!.abort();
  near.abort();
  await listener.close();
  await until(
    () => sockets() === before,
    () => `no socket is left: ${process.getActiveResourcesInfo().join(' ')}`,
  );
  assert.equal(sockets(), before);
});
