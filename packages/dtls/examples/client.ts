/** Asks the server of this folder. `node client.ts [port]` */
import { Code, createCoapEndpoint } from '@yaolian/coap';
import { createDtlsClient } from '@yaolian/dtls';
import { decodeUtf8, encodeUtf8, type SocketAddress, socketAddress } from '@yaolian/kernel';
import { nodeClock, nodeRandom, nodeTimers, openCrypto, openUdpPort } from '@yaolian/node-runtime';

const runtime = { clock: nodeClock, timers: nodeTimers, random: nodeRandom };

export async function askGreeter(server: SocketAddress, key: string, log: (line: string) => void): Promise<void> {
  const dtls = createDtlsClient({
    port: await openUdpPort({ host: '127.0.0.1', port: 0 }),
    crypto: await openCrypto(),
    ...runtime,
    credentials: { psk: { identity: encodeUtf8('thermometer-1'), key: encodeUtf8(key) } },
  });
  const coap = createCoapEndpoint({ port: dtls, ...runtime });
  try {
    // The first request shakes hands. With a wrong key nothing answers, lest keys be guessed, and it times out; why else a
    // handshake failed stands in the `cause` of COAP_TIMEOUT.
    const ask = async () => decodeUtf8((await coap.request(server, { method: Code.GET, path: '/' })).payload);
    log(`the server says: ${await ask()}`);
    dtls.disconnect(server); // close_notify; the next request resumes the session by its ticket
    log(`again: ${await ask()}, resumed: ${dtls.session(server)?.isResumed}`);
  } finally {
    await coap.close();
  }
}

if (import.meta.main) {
  const server = socketAddress('127.0.0.1', Number(process.argv[2] ?? 5684));
  await askGreeter(server, 'correct horse battery staple', console.log);
}
