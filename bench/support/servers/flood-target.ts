/**
 * Takes a flood: `drop` reads datagrams, `echo` sends them back, `dtls` is a DTLS server. Each `report` on its standard input is
 * answered with what was received since, at which CPU, and how much memory it holds. It tells its port first. `node --expose-gc flood-target.ts WHAT`
 */
import { createInterface } from 'node:readline';
import { createDtlsServer } from '@yaolian/dtls';
import { encodeUtf8 } from '@yaolian/kernel';
import { nodeClock, nodeRandom, nodeTimers, openCrypto, openUdpPort } from '@yaolian/node-runtime';

const [what] = process.argv.slice(2);
const udp = await openUdpPort({ host: '127.0.0.1', port: 0, adapter: 'batched' });
const state = { received: 0, cookies: 0, cpu: process.cpuUsage() };
const counted: typeof udp = Object.create(udp, {
  listen: {
    value: (listener: Parameters<typeof udp.listen>[0]) =>
      udp.listen({
        ...listener,
        onDatagram: (datagram, from, multicast) => {
          state.received++;
          listener.onDatagram(datagram, from, multicast);
        },
      }),
  },
  send: {
    value: (datagram: Uint8Array, to: Parameters<typeof udp.send>[1]) => {
      state.cookies++;
      udp.send(datagram, to);
    },
  },
  localAddress: { get: () => udp.localAddress },
  close: { value: () => udp.close() },
});
const machine = { clock: nodeClock, timers: nodeTimers, random: nodeRandom };
const dtls =
  what === 'dtls'
    ? createDtlsServer({
        port: counted,
        ...machine,
        crypto: await openCrypto(),
        credentials: { psk: () => encodeUtf8('0123456789abcdef') },
      })
    : undefined;
if (dtls === undefined) {
  counted.listen({ onDatagram: (datagram, from) => void (what === 'echo' && counted.send(datagram, from)) });
}
createInterface({ input: process.stdin }).on('line', () => {
  const { user, system } = process.cpuUsage(state.cpu);
  globalThis.gc?.();
  const { heapUsed, external, rss } = process.memoryUsage();
  const { received, cookies } = state;
  const held = { sessions: dtls?.size ?? 0, handshakes: dtls?.handshakes ?? 0 };
  console.log(JSON.stringify({ received, cookies, cpu: user + system, memory: heapUsed + external, rss, ...held }));
  Object.assign(state, { received: 0, cookies: 0, cpu: process.cpuUsage() });
});
console.log(udp.localAddress.port);
