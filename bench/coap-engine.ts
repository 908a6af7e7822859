/**
 * What one message costs in the CoAP engine alone: datagram, decoding, handler, encoding, deduplication, send, over a port that does
 * nothing. Prints the median of five runs. `node bench/coap-engine.ts [messages per run]`
 */
import assert from 'node:assert/strict';
import { Code, createCoapEndpoint, encodeMessage, type MessageFields, textOption } from '@yaolian/coap';
import {
  type DatagramListener,
  type DatagramPort,
  deafMeter,
  encodeUtf8,
  type Meter,
  type Peer,
  socketAddress,
} from '@yaolian/kernel';
import { SeededRandom } from '@yaolian/testkit';

const messages = Number(process.argv[2] ?? 200_000);
const runs = 5;
const peers: readonly Peer[] = Array.from({ length: 64 }, (_, i) => socketAddress(`192.0.2.${i + 1}`, 40_000 + i));

class SilentPort implements DatagramPort {
  readonly localAddress = socketAddress('192.0.2.250', 5683);
  listener: DatagramListener | undefined;
  sent = 0;
  last: Uint8Array | undefined;

  listen(listener: DatagramListener): void {
    this.listener = listener;
  }

  send(datagram: Uint8Array): void {
    this.sent++;
    this.last = datagram;
  }

  async close(): Promise<void> {}
}

interface Scenario {
  readonly name: string;
  readonly request: Omit<MessageFields, 'messageId'>;
  readonly answer: number;
  readonly bytes: number;
}

const token = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);

const get: Scenario = {
  name: 'CON GET',
  request: { type: 0, code: Code.GET, token, options: [textOption(11, 'test')], payload: new Uint8Array(0) },
  answer: Code.Content,
  bytes: 4 + 8 + 1 + 1 + 5,
};

const links = '</>;rt="oma.lwm2m",</1/0>,</3/0>,</4/0>,</5/0>,</6/0>,</7/0>';
const register: Scenario = {
  name: 'CON POST as large as Register',
  request: {
    type: 0,
    code: Code.POST,
    token,
    options: [
      textOption(11, 'rd'),
      { number: 12, value: Uint8Array.of(40) },
      textOption(15, 'ep=urn:imei:861234567890123'),
      textOption(15, 'lt=86400'),
      textOption(15, 'lwm2m=1.0'),
      textOption(15, 'b=U'),
    ],
    payload: encodeUtf8(links),
  },
  answer: Code.Created,
  bytes: 4 + 8 + 3 + 9,
};

/** Answers at once, as a read from memory does, or in a later turn, as a Register does that waits for its commit. */
type Manner = 'at once' | 'later';

async function measure({ name, request, answer, bytes }: Scenario, manner: Manner): Promise<void> {
  const port = new SilentPort();
  let now = 0;
  let duplicatesMemory = () => 0;
  const meter: Meter = {
    ...deafMeter,
    gauge: (gauge, _help, read) => {
      if (gauge === 'coap_deduplication_bytes') duplicatesMemory = read;
    },
  };
  const endpoint = createCoapEndpoint({
    port,
    clock: { monotonic: () => now, epoch: () => now },
    timers: { schedule: () => ({ cancel() {} }) },
    random: new SeededRandom(1),
    meter,
  });
  const payload = encodeUtf8('hello');
  endpoint.handle((incoming) => {
    if (incoming.path.length !== 1) return { code: Code.NotFound };
    const response =
      incoming.method === Code.GET
        ? { code: Code.Content, contentFormat: 0, payload }
        : { code: Code.Created, locationPath: ['rd', 'a1b2c3d4'] };
    return manner === 'at once' ? response : Promise.resolve(response);
  });
  const template = encodeMessage({ ...request, messageId: 0 });
  const datagrams = Array.from({ length: 4096 }, () => template.slice());
  let count = 0;
  const run = async () => {
    const start = process.cpuUsage();
    for (let i = 0; i < messages; i++, count++) {
      const datagram = datagrams[i & 4095]!;
      const messageId = (count >> 6) & 0xffff;
      datagram[2] = messageId >> 8;
      datagram[3] = messageId & 255;
      if ((i & 31) === 0) now++;
      port.listener!.onDatagram(datagram, peers[count & 63]!, false);
      if (manner === 'later' && (i & 31) === 31) await undefined;
    }
    const used = process.cpuUsage(start);
    return ((used.user + used.system) * 1000) / messages;
  };
  await run();
  const perEntry = duplicatesMemory() / messages;
  const costs: number[] = [];
  for (let i = 0; i < runs; i++) costs.push(await run());
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(port.sent, count);
  assert.equal(port.last![1], answer);
  assert.equal(port.last!.length, bytes);
  const median = costs.toSorted((a, b) => a - b)[runs >> 1]!;
  console.log(
    `${`${name}, answered ${manner}`.padEnd(48)}${median.toFixed(0).padStart(6)} ns of CPU a message,` +
      ` ${perEntry.toFixed(0).padStart(4)} bytes to remember it`,
  );
}

await measure(get, 'at once');
await measure(register, 'at once');
await measure(register, 'later');
