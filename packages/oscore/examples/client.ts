/** Asks the server of this folder. `node client.ts [port]` */
import { Code, createCoapEndpoint, describeCode } from '@yaolian/coap';
import { decodeUtf8, encodeUtf8, type SocketAddress, socketAddress } from '@yaolian/kernel';
import {
  nodeClock,
  nodeRandom,
  nodeTimers,
  openOscoreCrypto,
  openOscoreStates,
  openUdpPort,
} from '@yaolian/node-runtime';
import { createOscore } from '@yaolian/oscore';

const runtime = { clock: nodeClock, timers: nodeTimers, random: nodeRandom };

export async function askGreeter(server: SocketAddress, secret: string, states: string, log: (line: string) => void) {
  const store = await openOscoreStates(states);
  const oscore = createOscore({ crypto: await openOscoreCrypto(), store, ...runtime });
  const port = await openUdpPort({ host: '127.0.0.1', port: 0 });
  const coap = createCoapEndpoint({ port, ...runtime, protection: oscore });
  try {
    // The server as a holder of these credentials: what goes to it is protected, and what comes proves to be its own.
    const peer = await oscore.open(
      { masterSecret: encodeUtf8(secret), senderId: Uint8Array.of(2), recipientId: Uint8Array.of(1) },
      server,
    );
    const answer = await coap.request(peer, { method: Code.GET, path: '/greeting' });
    log(`the server says: ${decodeUtf8(answer.payload)}`);
    // The address alone is the server without protection.
    const plain = await coap.request(server, { method: Code.GET, path: '/greeting' });
    log(`without protection: ${describeCode(plain.code)}`);
  } finally {
    await coap.close();
    await oscore.close();
    store.close();
  }
}

if (import.meta.main) {
  const server = socketAddress('127.0.0.1', Number(process.argv[2] ?? 5683));
  await askGreeter(server, 'correct horse battery staple', 'client-states', console.log);
}
