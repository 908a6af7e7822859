/**
 * Asks a CoAP server over DTLS with PSK AES_128_CCM_8 as fast as it answers. The requests are sealed before the clock runs and one
 * answer of 64 is opened, so that the generator takes little. Prints JSON. `node dtls-load.ts PORT PID SECONDS`
 */
import { readFileSync } from 'node:fs';
import { Code } from '@yaolian/coap';
import { createDtlsClient, type DtlsSession } from '@yaolian/dtls';
import {
  type DatagramListener,
  type DatagramPort,
  encodeUtf8,
  type SocketAddress,
  socketAddress,
} from '@yaolian/kernel';
import { nodeClock, nodeRandom, nodeTimers, openCrypto, openUdpPort } from '@yaolian/node-runtime';

const sessionCount = 16;
const outstandingPerSession = 16;
const applicationData = 23;
/** Message IDs of one session: none comes twice while the server remembers it. */
const requestsPerSession = 60_000;
const warmAnswers = 60_000;

const [port, pid, seconds] = process.argv.slice(2).map(Number) as [number, number, number];
const server = socketAddress('127.0.0.1', port);
const crypto = await openCrypto();
const machine = { clock: nodeClock, timers: nodeTimers, random: nodeRandom, crypto };
const key = encodeUtf8('0123456789abcdef');
const state = { answers: 0, opened: 0, bad: 0, isOver: false };

/** Counts answers and shows some of them to DTLS. */
class TappedPort implements DatagramPort {
  readonly #inner: DatagramPort;
  isCounting = false;
  onAnswer = () => {};
  #seen = 0;

  constructor(inner: DatagramPort) {
    this.#inner = inner;
  }

  get localAddress(): SocketAddress {
    return this.#inner.localAddress;
  }

  listen(listener: DatagramListener): void {
    this.#inner.listen({
      onDatagram: (datagram, from, multicast) => {
        if (this.isCounting) this.onAnswer();
        if (!this.isCounting || this.#seen++ % 64 === 0) listener.onDatagram(datagram, from, multicast);
      },
    });
  }

  send(datagram: Uint8Array, to: SocketAddress): void {
    this.#inner.send(datagram, to);
  }

  close(): Promise<void> {
    return this.#inner.close();
  }
}

class Asker {
  readonly #port: TappedPort;
  readonly #requests: readonly Uint8Array[];
  #next = 0;

  constructor(tapped: TappedPort, session: DtlsSession) {
    this.#port = tapped;
    this.#requests = Array.from({ length: requestsPerSession }, (_, id) => sealed(session, id));
    tapped.onAnswer = () => {
      state.answers++;
      this.ask(1);
    };
    tapped.isCounting = true;
  }

  ask(count: number): void {
    for (let i = 0; i < count && !state.isOver; i++) {
      const request = this.#requests[this.#next++];
      if (request !== undefined) this.#port.send(request, server);
    }
  }
}

/** CON GET /time in a record. */
function sealed(session: DtlsSession, id: number): Uint8Array {
  const token = id & 0xffff;
  const message = Uint8Array.of(0x42, Code.GET, id >> 8, id, token >> 8, token, 0xb4, 0x74, 0x69, 0x6d, 0x65);
  const out = new Uint8Array(session.recordLength(message.length));
  return out.subarray(0, session.seal(applicationData, message, out, 0));
}

/** CPU time of the server in microseconds. */
function cpuOf(): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'latin1')
    .replace(/^.*\) /, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10_000;
}

const askers: Asker[] = [];
for (let i = 0; i < sessionCount; i++) {
  const tapped = new TappedPort(await openUdpPort({ host: '127.0.0.1', port: 0 }));
  const credentials = { psk: { identity: encodeUtf8(`client-${i}`), key } };
  const client = createDtlsClient({
    port: tapped,
    credentials,
    cipherSuites: ['TLS_PSK_WITH_AES_128_CCM_8'],
    ...machine,
  });
  client.listen({
    onDatagram: (datagram) => {
      if (datagram[1] === Code.Content) state.opened++;
      else state.bad++;
    },
  });
  askers.push(new Asker(tapped, await client.connect(server)));
}
for (const asker of askers) asker.ask(outstandingPerSession);
const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
for (let waited = 0; state.answers < warmAnswers && waited < 20_000; waited += 20) await wait(20);
const [cpu, answers, start] = [cpuOf(), state.answers, performance.now()];
await wait(seconds * 1000);
const messages = state.answers - answers;
const rate = messages / ((performance.now() - start) / 1000);
const cpuUsPerMessage = (cpuOf() - cpu) / messages;
state.isOver = true;
console.log(JSON.stringify({ rate, cpuUsPerMessage, messages, opened: state.opened, bad: state.bad }));
process.exit(0);
