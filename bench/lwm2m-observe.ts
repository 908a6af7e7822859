/**
 * Observes of many devices: how fast they are set up, and what each costs in memory, in the LwM2M server alone, with real
 * CoAP datagrams over a port that answers at once and a store that keeps nothing. Asserts 5,000 a second and 500 bytes each.
 * `node --expose-gc bench/lwm2m-observe.ts [devices]`
 */
import assert from 'node:assert/strict';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import {
  Code,
  createCoapEndpoint,
  decodeMessage,
  encodeMessage,
  ResourceTree,
  textOption,
  uintOption,
} from '@yaolian/coap';
import {
  type DatagramListener,
  type DatagramPort,
  type Duration,
  encodeUtf8,
  SocketAddress,
  success,
  type Timers,
} from '@yaolian/kernel';
import { lwm2mPath } from '@yaolian/lwm2m';
import { Lwm2mServer, type RegistrationStore } from '@yaolian/lwm2m/server';
import { omaObjects } from '@yaolian/lwm2m-objects';
import { SeededRandom } from '@yaolian/testkit';

const devices = Number(process.argv[2] ?? 100_000);
const atOnce = 256;
setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const float = Uint8Array.of(0xe4, 0x16, 0x44, 0x41, 0xac, 0, 0); // TLV of /5700 with 21.5

/** Answers every Observe in the next turn: 2.05 with a value, and on it goes. */
class AnsweringPort implements DatagramPort {
  readonly localAddress = new SocketAddress(4, '192.0.2.250', 5683);
  listener: DatagramListener | undefined;
  registered = 0;

  listen(listener: DatagramListener): void {
    this.listener = listener;
  }

  send(datagram: Uint8Array, to: SocketAddress): void {
    if (datagram[1] === Code.Created) this.registered++;
    if (datagram[1] !== Code.GET) return;
    const request = decodeMessage(datagram);
    assert.ok(request.ok);
    const { messageId, token } = request.value;
    const options = [uintOption(6, 1), uintOption(12, 11_542)];
    const answer = encodeMessage({ type: 2, code: Code.Content, messageId, token, options, payload: float });
    setImmediate(() => this.listener!.onDatagram(answer, to, false));
  }

  async close(): Promise<void> {}
}

const done = Promise.resolve();
const forgetfulStore: RegistrationStore = {
  load: () => Promise.resolve({ registrations: [], observations: [] }),
  register: () => done,
  update: () => done,
  remove: () => done,
  addObservation: () => done,
  removeObservation: () => done,
};

const clock = { monotonic: () => performance.now(), epoch: () => Date.now() };
const timers: Timers = {
  schedule(delay: Duration, callback: () => void) {
    const timer = setTimeout(callback, delay).unref();
    return { cancel: () => clearTimeout(timer) };
  },
};

const addresses = Array.from(
  { length: devices },
  (_, i) => new SocketAddress(4, `10.${(i >> 16) & 255}.${(i >> 8) & 255}.${i & 255}`, 56_830),
);

function registerOf(device: number): Uint8Array {
  return encodeMessage({
    type: 0,
    code: Code.POST,
    messageId: device & 0xffff,
    token: Uint8Array.of(1, 2, 3, 4),
    options: [
      textOption(11, 'rd'),
      uintOption(12, 40),
      ...['lwm2m=1.1', `ep=d${device}`, 'b=U', 'lt=86400'].map((text) => textOption(15, text)),
    ],
    payload: encodeUtf8('</1/0>,</3/0>,</3303/0>'),
  });
}

const port = new AnsweringPort();
const random = new SeededRandom(1);
const endpoint = createCoapEndpoint({ port, clock, timers, random, bounds: { deduplicationBytes: 1_048_576 } });
const server = new Lwm2mServer({
  endpoints: [{ endpoint }],
  store: forgetfulStore,
  profile: { enrol: ({ endpoint: name }) => success({ deviceKey: name }), registered: () => done },
  model: omaObjects,
  clock,
  timers,
  random,
});
await server.start();
const tree = new ResourceTree();
for (const { path, handler } of server.mounts(endpoint)) tree.mount(path, handler);
endpoint.handle(tree.handle);
for (let i = 0; i < devices; i++) {
  port.listener!.onDatagram(registerOf(i), addresses[i]!, false);
  if (i % 64 === 63) await new Promise(setImmediate);
}
await new Promise((resolve) => setTimeout(resolve, 50));
assert.equal(port.registered, devices);

let next = 0;
const worker = async (end: number) => {
  while (next < end) {
    const answer = await server.observe({ endpoint: `d${next++}` }, lwm2mPath(3303, 0, 5700));
    assert.ok(answer.ok && answer.value.observation);
  }
};
// What is remembered of a device once it was read is not the observation's.
for (let i = 0; i < devices; i += atOnce) {
  const some = Array.from({ length: Math.min(atOnce, devices - i) }, (_, k) => ({ endpoint: `d${i + k}` }));
  for (const answer of await Promise.all(some.map((one) => server.read(one, lwm2mPath(3303, 0, 5700)))))
    assert.ok(answer.ok);
}
const observe = (end: number) => Promise.all(Array.from({ length: atOnce }, () => worker(end)));
const warm = Math.min(1_000, devices >> 1);
await observe(warm);
collectGarbage();
const before = process.memoryUsage();
const cpu = process.cpuUsage();
const began = performance.now();
await observe(devices);
const seconds = (performance.now() - began) / 1000;
const { user, system } = process.cpuUsage(cpu);
await new Promise((resolve) => setTimeout(resolve, 100));
collectGarbage();
collectGarbage();
const after = process.memoryUsage();
const count = devices - warm;
const bytes = (after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers) / count;
assert.equal(server.observationCount, devices);
console.log(
  `${devices} devices: ${Math.round(count / seconds)} Observes/s, ${((user + system) / count).toFixed(1)} us of CPU each with the ` +
    `terminal's side, ${bytes.toFixed(0)} B each`,
);
await server.close();
await endpoint.close();
// By CPU, so that neighbours on the machine do not count.
assert.ok(count / ((user + system) / 1e6) >= 5_000, 'fewer than 5,000 a second');
assert.ok(bytes <= 500, `${bytes} B is more than 500`);
