import assert from 'node:assert/strict';
import { constants } from 'node:os';
import { type TestContext, test } from 'node:test';
import { DatagramInbox } from '@yaolian/testkit';
import { openBatchedUdpPort } from './batched-udp-port.ts';
import { loadSocketCalls, type SocketCalls } from './socket-calls.ts';
import { settleOptions, type UdpPortOptions } from './udp-port.ts';

const { EAGAIN, EINTR, EPERM } = constants.errno;

const loaded = await loadSocketCalls();
/** These tests need the real calls; `open-udp-port.test.ts` sees to it that they load on Linux. */
const whereItWorks = { skip: loaded.ok ? false : loaded.error };

function realCalls(): SocketCalls {
  assert.ok(loaded.ok);
  return loaded.value;
}

/** A port whose `sendmmsg` first answers what `script` says: an errno, or how many datagrams it takes. */
async function scripted(t: TestContext, script: number[], options: Partial<UdpPortOptions> = {}) {
  const real = realCalls();
  const sends: number[] = [];
  const calls: SocketCalls = {
    ...real,
    send(fd, headers, count) {
      sends.push(count);
      const next = script.shift();
      if (next !== undefined && next <= 0) return next;
      return real.send(fd, headers, Math.min(count, next ?? count));
    },
  };
  const sender = await openBatchedUdpPort(settleOptions({ host: '127.0.0.1', port: 0, ...options }), calls);
  const receiver = await openBatchedUdpPort(settleOptions({ host: '127.0.0.1', port: 0 }), real);
  const close = async () => void (await Promise.all([sender.close(), receiver.close()]));
  t.after(close);
  return { sender, receiver, sends, outbox: new DatagramInbox(sender), inbox: new DatagramInbox(receiver), close };
}

function firstBytes(received: readonly { readonly datagram: Uint8Array }[]): number[] {
  return received.map(({ datagram }) => datagram[0]!);
}

function codeOf(error: unknown): unknown {
  return (error as { code?: unknown } | undefined)?.code;
}

function upTo(count: number): number[] {
  return [...Array(count).keys()];
}

test('datagrams of one turn leave with one call, 64 at most', whereItWorks, async (t) => {
  const { sender, receiver, sends, inbox } = await scripted(t, []);
  for (let i = 0; i < 150; i++) sender.send(Uint8Array.of(i), receiver.localAddress);
  assert.deepEqual(firstBytes(await inbox.datagrams(150)), upTo(150));
  assert.deepEqual(sends, [64, 64, 22]);
});

test('answers to a received batch leave together', whereItWorks, async (t) => {
  const { sender, receiver, sends, outbox } = await scripted(t, []);
  sender.listen({ onDatagram: (datagram, from) => sender.send(datagram, from) });
  const answers = new DatagramInbox(receiver);
  for (let i = 0; i < 40; i++) receiver.send(Uint8Array.of(i), sender.localAddress);
  assert.deepEqual(firstBytes(await answers.datagrams(40)), upTo(40));
  assert.deepEqual(sends, [40]);
  assert.equal(outbox.refused.length, 0);
});

test('ports that send in turns share the memory and keep their order', whereItWorks, async (t) => {
  const [one, other] = [await scripted(t, []), await scripted(t, [-EAGAIN])];
  for (let i = 0; i < 100; i++) {
    one.sender.send(new Uint8Array(60).fill(i), one.receiver.localAddress);
    if (i % 3 === 0) other.sender.send(new Uint8Array(70).fill(i), other.receiver.localAddress);
  }
  assert.deepEqual(firstBytes(await one.inbox.datagrams(100)), upTo(100));
  assert.deepEqual(
    firstBytes(await other.inbox.datagrams(34)),
    upTo(34).map((i) => 3 * i),
  );
});

test('what the kernel takes in part, or not when interrupted, is sent again from there', whereItWorks, async (t) => {
  const { sender, receiver, sends, inbox, outbox } = await scripted(t, [3, -EINTR, 5]);
  for (let i = 0; i < 10; i++) sender.send(Uint8Array.of(i), receiver.localAddress);
  assert.deepEqual(firstBytes(await inbox.datagrams(10)), upTo(10));
  assert.deepEqual(sends, [10, 7, 7, 2]);
  assert.equal(outbox.refused.length, 0);
});

test('with a full send buffer datagrams wait, in order, until the kernel takes more', whereItWorks, async (t) => {
  const { sender, receiver, inbox, outbox } = await scripted(t, [2, -EAGAIN, 1, -EAGAIN, -EAGAIN]);
  for (let i = 0; i < 100; i++) sender.send(new Uint8Array(100).fill(i), receiver.localAddress);
  assert.deepEqual(firstBytes(await inbox.datagrams(100)), upTo(100));
  assert.equal(outbox.refused.length, 0);
});

test('what is sent while others wait stays behind them', whereItWorks, async (t) => {
  const { sender, receiver, inbox } = await scripted(t, [-EAGAIN]);
  sender.send(Uint8Array.of(0), receiver.localAddress);
  sender.send(Uint8Array.of(1), receiver.localAddress);
  queueMicrotask(() => {
    for (let i = 2; i < 70; i++) sender.send(Uint8Array.of(i), receiver.localAddress);
  });
  assert.deepEqual(firstBytes(await inbox.datagrams(70)), upTo(70));
});

test('waiting datagrams are bounded, and each one above the bound is reported', whereItWorks, async (t) => {
  const { sender, receiver, inbox, outbox } = await scripted(t, [-EAGAIN], { sendQueueBytes: 10 * (100 + 128) });
  sender.send(new Uint8Array(100).fill(0), receiver.localAddress);
  queueMicrotask(() => {
    for (let i = 1; i <= 12; i++) sender.send(new Uint8Array(100).fill(i), receiver.localAddress);
  });
  const refused = await outbox.refusals(2);
  assert.deepEqual(firstBytes(await inbox.datagrams(11)), upTo(11));
  assert.equal(refused.length, 2);
  for (const { error, to } of refused) {
    assert.equal(codeOf(error), 'UDP_SEND_QUEUE_FULL');
    assert.equal(to.key, receiver.localAddress.key);
  }
});

test('one refused datagram does not hold up the others of its batch', whereItWorks, async (t) => {
  const { sender, receiver, inbox, outbox } = await scripted(t, [1, -EPERM]);
  for (let i = 0; i < 5; i++) sender.send(Uint8Array.of(i), receiver.localAddress);
  assert.deepEqual(firstBytes(await inbox.datagrams(4)), [0, 2, 3, 4]);
  const [refusal] = await outbox.refusals(1);
  assert.equal(codeOf(refusal?.error), 'UDP_SEND_FAILED');
  assert.equal(codeOf(refusal?.error.cause), 'EPERM');
});

test('a listener that sends when told of a failure is served', whereItWorks, async (t) => {
  const { sender, receiver, inbox } = await scripted(t, [-EPERM]);
  sender.listen({
    onDatagram() {},
    onSendError: (_error, to) => sender.send(Uint8Array.of(9), to),
  });
  sender.send(Uint8Array.of(0), receiver.localAddress);
  assert.deepEqual(firstBytes(await inbox.datagrams(1)), [9]);
});

test('closing while datagrams wait drops them and ends', whereItWorks, async (t) => {
  const { sender, receiver, close } = await scripted(t, [-EAGAIN]);
  for (let i = 0; i < 5; i++) sender.send(Uint8Array.of(i), receiver.localAddress);
  await close();
  sender.send(Uint8Array.of(9), receiver.localAddress);
});

test('a socket that cannot be read is counted and goes on', whereItWorks, async () => {
  const real = realCalls();
  const answers = [-EPERM, -EINTR];
  const warnings: unknown[] = [];
  const log = {
    debug() {},
    info() {},
    error() {},
    warn: (_: string, fields: unknown) => warnings.push(fields),
    child: () => log,
  };
  const calls = {
    ...real,
    receive: (...call: Parameters<SocketCalls['receive']>) => answers.shift() ?? real.receive(...call),
  };
  const receiver = await openBatchedUdpPort(settleOptions({ host: '127.0.0.1', port: 0, log }), calls);
  const sender = await openBatchedUdpPort(settleOptions({ host: '127.0.0.1', port: 0 }), real);
  const inbox = new DatagramInbox(receiver);
  for (let i = 0; i < 5; i++) sender.send(Uint8Array.of(i), receiver.localAddress);
  assert.deepEqual(firstBytes(await inbox.datagrams(5)), upTo(5));
  assert.deepEqual(warnings, [{ reason: 'EPERM' }]);
  await Promise.all([sender.close(), receiver.close()]);
});
