/**
 * What 100,000 registrations cost in memory, and a Register in time, in the LwM2M server alone: real CoAP datagrams over a
 * port that does nothing, a store that keeps nothing. Asserts the bound of 1.2 KB each.
 * `node --expose-gc bench/lwm2m-memory.ts [terminals]`
 */
import assert from 'node:assert/strict';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Code, createCoapEndpoint, encodeMessage, ResourceTree, textOption, uintOption } from '@yaolian/coap';
import {
  type DatagramListener,
  type DatagramPort,
  type Duration,
  encodeUtf8,
  milliseconds,
  SocketAddress,
  success,
  type Timers,
} from '@yaolian/kernel';
import {
  type EnrolmentProfile,
  Lwm2mServer,
  type Lwm2mServerOptions,
  type RegistrationStore,
} from '@yaolian/lwm2m/server';
import { omaObjects } from '@yaolian/lwm2m-objects';
import { SeededRandom } from '@yaolian/testkit';

const terminals = Number(process.argv[2] ?? 100_000);
const boundBytes = 1_200;
setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

class SilentPort implements DatagramPort {
  readonly localAddress = new SocketAddress(4, '192.0.2.250', 5683);
  listener: DatagramListener | undefined;
  readonly codes = new Map<number, number>();

  listen(listener: DatagramListener): void {
    this.listener = listener;
  }

  send(datagram: Uint8Array): void {
    this.codes.set(datagram[1]!, (this.codes.get(datagram[1]!) ?? 0) + 1);
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

/** As China Mobile profile A: the key is a part of the endpoint name, so that both are kept. */
const keyedProfile: EnrolmentProfile = {
  enrol: ({ endpoint }) => success({ deviceKey: endpoint.slice(0, endpoint.indexOf(';')) }),
  registered: () => done,
};

const clock = { monotonic: () => performance.now(), epoch: () => Date.now() };
const timers: Timers = {
  schedule(delay: Duration, callback: () => void) {
    const timer = setTimeout(callback, delay).unref();
    return { cancel: () => clearTimeout(timer) };
  },
};
const links = '</>;rt="oma.lwm2m",</1/0>,</3/0>,</4/0>,</5/0>,</6/0>,</7/0>';

function registerOf(terminal: number, messageId: number): Uint8Array {
  const endpoint = `86${String(terminal).padStart(13, '0')};460${String(terminal).padStart(12, '0')};;1.0`;
  return encodeMessage({
    type: 0,
    code: Code.POST,
    messageId,
    token: Uint8Array.of(1, 2, 3, 4),
    options: [
      textOption(11, 'rd'),
      uintOption(12, 40),
      ...['lwm2m=1.0', `ep=${endpoint}`, 'b=U', 'lt=86400'].map((text) => textOption(15, text)),
    ],
    payload: encodeUtf8(links),
  });
}

/** A new object for each terminal, as a port makes them for peers that it does not know. */
function addressOf(terminal: number): SocketAddress {
  const host = `10.${(terminal >> 16) & 255}.${(terminal >> 8) & 255}.${terminal & 255}`;
  return new SocketAddress(4, host, 56_830);
}

async function measure(profile: EnrolmentProfile) {
  const port = new SilentPort();
  const random = new SeededRandom(1);
  const endpoint = createCoapEndpoint({ port, clock, timers, random, bounds: { deduplicationBytes: 1_048_576 } });
  const options: Lwm2mServerOptions = {
    endpoints: [{ endpoint }],
    store: forgetfulStore,
    profile,
    model: omaObjects,
    clock,
    timers,
    random,
  };
  const server = new Lwm2mServer(options);
  await server.start();
  const tree = new ResourceTree();
  for (const { path, handler } of server.mounts(endpoint)) tree.mount(path, handler);
  endpoint.handle(tree.handle);
  const send = async (from: number, to: number, offset: number) => {
    for (let i = from; i < to; i++) {
      port.listener!.onDatagram(registerOf(i, (i + offset) & 0xffff), addressOf(i), false);
      if (i % 64 === 63) await new Promise(setImmediate);
    }
    await new Promise((resolve) => setTimeout(resolve, milliseconds(20)));
  };
  // The first ones warm up what every process has once.
  await send(0, 1_000, 0);
  collectGarbage();
  const before = process.memoryUsage();
  const started = process.cpuUsage();
  await send(1_000, terminals + 1_000, 0);
  const { user, system } = process.cpuUsage(started);
  collectGarbage();
  collectGarbage();
  const after = process.memoryUsage();
  assert.equal(port.codes.get(Code.Created), terminals + 1_000);
  assert.equal(server.size, terminals + 1_000);
  const restarted = process.cpuUsage();
  await send(1_000, terminals + 1_000, 7);
  const again = process.cpuUsage(restarted);
  collectGarbage();
  const later = process.memoryUsage();
  await server.close();
  await endpoint.close();
  return {
    bytes: (after.heapUsed - before.heapUsed) / terminals,
    externalBytes: (after.external - before.external) / terminals,
    microseconds: (user + system) / terminals,
    microsecondsAgain: (again.user + again.system) / terminals,
    bytesAgain: (later.heapUsed - before.heapUsed) / terminals,
  };
}

for (const [name, profile] of [
  ['plain OMA', { ...keyedProfile, enrol: ({ endpoint }) => success({ deviceKey: endpoint }) }],
  ['keyed, as China Mobile profile A', keyedProfile],
] satisfies [string, EnrolmentProfile][]) {
  const { bytes, externalBytes, microseconds, microsecondsAgain, bytesAgain } = await measure(profile);
  console.log(
    `${name}: ${bytes.toFixed(0)} B of heap a registration (${externalBytes.toFixed(0)} B external), ` +
      `${bytesAgain.toFixed(0)} B after all registered again; a Register ${microseconds.toFixed(1)} us of CPU with its ` +
      `making and parsing, ${microsecondsAgain.toFixed(1)} us again`,
  );
  assert.ok(bytes < boundBytes, `${bytes} B is more than ${boundBytes}`);
  assert.ok(bytesAgain < boundBytes, `${bytesAgain} B is more than ${boundBytes}`);
}
