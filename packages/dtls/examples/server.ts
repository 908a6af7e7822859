/** A CoAP server over DTLS that knows its clients by pre-shared keys. `node server.ts [port]` */
import { Code, createCoapEndpoint } from '@yaolian/coap';
import { createDtlsServer } from '@yaolian/dtls';
import { decodeUtf8, encodeUtf8 } from '@yaolian/kernel';
import { nodeClock, nodeRandom, nodeTimers, openCrypto, openUdpPort } from '@yaolian/node-runtime';

const runtime = { clock: nodeClock, timers: nodeTimers, random: nodeRandom };

/** Keys by identity. Yours are long, random, and in a database. */
const keys = new Map([['thermometer-1', encodeUtf8('correct horse battery staple')]]);

export async function startGreeter(port: number, log: (line: string) => void) {
  const dtls = createDtlsServer({
    port: await openUdpPort({ host: '127.0.0.1', port }),
    crypto: await openCrypto(),
    ...runtime,
    // A promise will do. Undefined: nobody is told that the identity is unknown, the handshake just fails.
    credentials: { psk: (identity) => keys.get(decodeUtf8(identity) ?? '') },
    sessions: {
      onSessionOpened: ({ key, suite, isResumed }) => log(`${key}: ${isResumed ? 'resumed' : 'new'}, ${suite.name}`),
      onSessionClosed: ({ key }, reason) => log(`${key}: ${reason}`),
      onHandshakeFailed: ({ peer, reason }) => log(`${peer}: ${reason}`),
    },
  });
  // A DTLS server is a datagram port: CoAP takes it in place of UDP, and its peers are sessions that say who they are.
  const coap = createCoapEndpoint({ port: dtls, ...runtime });
  coap.handle(({ peer }) => {
    const name = peer.identity?.kind === 'psk' ? peer.identity.identity : 'stranger';
    return { code: Code.Content, payload: encodeUtf8(`hello ${name}`) };
  });
  return { dtls, coap, address: dtls.localAddress };
}

if (import.meta.main) {
  const { address } = await startGreeter(Number(process.argv[2] ?? 5684), console.log);
  console.log(`coaps://${address.key}/`);
}
