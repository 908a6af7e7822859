/** A CoAP server that lets only those in who hold a security context with it. `node server.ts [port]` */
import { Code, createCoapEndpoint, ResourceTree } from '@yaolian/coap';
import { encodeHex, encodeUtf8 } from '@yaolian/kernel';
import {
  nodeClock,
  nodeRandom,
  nodeTimers,
  openOscoreCrypto,
  openOscoreStates,
  openUdpPort,
} from '@yaolian/node-runtime';
import { createOscore, type OscoreCredentials, requireOscore } from '@yaolian/oscore';

const runtime = { clock: nodeClock, timers: nodeTimers, random: nodeRandom };

/** Whom we know, by the Sender ID that their requests name. Your secrets are random, differ from device to device, and are in a database. */
const devices = new Map<string, OscoreCredentials>([
  [
    '02',
    {
      name: 'thermometer-2',
      masterSecret: encodeUtf8('correct horse battery staple'),
      senderId: Uint8Array.of(1), // ours
      recipientId: Uint8Array.of(2), // the device's
    },
  ],
]);

export async function startGreeter(port: number, states: string) {
  // Sequence numbers have to outlive the process: here, in a folder.
  const store = await openOscoreStates(states);
  const oscore = createOscore({
    crypto: await openOscoreCrypto(),
    store,
    ...runtime,
    findCredentials: ({ kid }) => devices.get(encodeHex(kid)),
  });
  const udp = await openUdpPort({ host: '127.0.0.1', port });
  const coap = createCoapEndpoint({ port: udp, ...runtime, protection: oscore });
  const tree = new ResourceTree();
  tree.add('/greeting', {
    attributes: [{ name: 'osc', value: undefined }],
    get: requireOscore(({ peer }) => {
      const name = peer.identity?.kind === 'oscore' ? peer.identity.identity : 'stranger';
      return { code: Code.Content, payload: encodeUtf8(`hello ${name}`) };
    }),
  });
  coap.handle(tree.handle);
  const stop = async () => {
    await coap.close();
    await oscore.close(); // after an orderly end nobody is asked to prove that he is alive
    store.close();
  };
  return { address: udp.localAddress, stop };
}

if (import.meta.main) {
  const { address, stop } = await startGreeter(Number(process.argv[2] ?? 5683), 'server-states');
  console.log(`coap://${address.key}/greeting`);
  process.once('SIGINT', () => void stop().then(() => process.exit()));
}
