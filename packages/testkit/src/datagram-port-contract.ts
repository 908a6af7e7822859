import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { type DatagramPort, encodeUtf8, type SocketAddress, socketAddress } from '@yaolian/kernel';
import { DatagramInbox } from './datagram-inbox.ts';

/** Opens a port on the loopback address of a family (or its like). `port` is absent or a number that was in use before. */
export type OpenDatagramPort = (family: 4 | 6, port?: number) => Promise<DatagramPort>;

export interface DatagramPortContractOptions {
  /** Default both. */
  readonly families?: readonly (4 | 6)[];
  /** How many datagrams of 100 bytes must get through while nobody reads. Default 2000. */
  readonly burst?: number;
  /** Bytes of the largest datagram. Default 65,507. */
  readonly largest?: number;
  /** Bytes that the port refuses through `onSendError`. Absent: it carries or silently drops what is too large. */
  readonly refused?: number;
  /** Lets traffic flow until the promise settles: a simulated network advances its time here. Default: just waits. */
  readonly until?: <T>(promise: Promise<T>) => Promise<T>;
}

interface Bench extends Required<Omit<DatagramPortContractOptions, 'families' | 'refused'>> {
  readonly refused: number | undefined;
  readonly family: 4 | 6;
  readonly open: (port?: number) => Promise<DatagramPort>;
}

type Requirement = (bench: Bench) => Promise<void>;

/** What every {@link DatagramPort} must do: run it on each adapter from a test. */
export async function datagramPortContract(
  t: TestContext,
  open: OpenDatagramPort,
  options: DatagramPortContractOptions = {},
): Promise<void> {
  const { families = [4, 6], burst = 2000, largest = 65_507, refused, until = (promise) => promise } = options;
  for (const family of families) {
    for (const [title, requirement] of Object.entries(requirements)) {
      await t.test(`IPv${family}: ${title}`, { timeout: 120_000 }, async () => {
        const ports: DatagramPort[] = [];
        const openOne = async (port?: number) => {
          const opened = await open(family, port);
          ports.push(opened);
          return opened;
        };
        try {
          await requirement({ family, open: openOne, burst, largest, refused, until });
        } finally {
          await Promise.all(ports.map((port) => port.close()));
        }
      });
    }
  }
}

const requirements: Record<string, Requirement> = {
  'a datagram arrives with the address of its sender, and the answer finds the way back': async ({ open, until }) => {
    const [client, server] = [await open(), await open()];
    const [answers] = [new DatagramInbox(client)];
    const requests = new DatagramInbox(server, ({ from }) => server.send(encodeUtf8('pong'), from));
    client.send(encodeUtf8('ping'), server.localAddress);
    const [answer] = await until(answers.datagrams(1));
    assert.deepEqual(requests.received[0]?.datagram, encodeUtf8('ping'));
    assert.equal(requests.received[0]?.from.key, client.localAddress.key);
    assert.deepEqual(answer?.datagram, encodeUtf8('pong'));
    assert.equal(answer?.from.key, server.localAddress.key);
    assert.equal(answer?.multicast, false);
  },

  'an empty datagram is a datagram': async ({ open, until }) => {
    const [sender, receiver] = [await open(), await open()];
    const inbox = new DatagramInbox(receiver);
    sender.send(new Uint8Array(0), receiver.localAddress);
    sender.send(Uint8Array.of(1), receiver.localAddress);
    const received = await until(inbox.datagrams(2));
    assert.deepEqual(lengths(received), [0, 1]);
  },

  'datagrams of every length up to the largest arrive whole': async ({ open, until, largest }) => {
    const [sender, receiver] = [await open(), await open()];
    const inbox = new DatagramInbox(receiver);
    const sizes = [1, 2, 3, 63, 64, 65, 127, 1023, 1024, 1025, 1472, 1473, 4096, 9000, 65_000, largest];
    const sent = sizes.filter((size) => size <= largest).map((size) => pattern(size, size));
    for (const datagram of sent) sender.send(datagram, receiver.localAddress);
    const received = await until(inbox.datagrams(sent.length));
    for (const [index, datagram] of sent.entries()) {
      assert.deepEqual(received[index]?.datagram, datagram, `the datagram of ${datagram.length} bytes`);
    }
  },

  'a burst arrives complete and in order': async ({ open, until, burst }) => {
    const [sender, receiver] = [await open(), await open()];
    const inbox = new DatagramInbox(receiver);
    for (let i = 0; i < burst; i++) sender.send(numbered(i, 100), receiver.localAddress);
    const received = await until(inbox.datagrams(burst));
    assert.deepEqual(received.map(number), [...Array(burst).keys()]);
  },

  'a burst of requests is answered complete and in order': async ({ open, until, burst }) => {
    const [client, server] = [await open(), await open()];
    new DatagramInbox(server, ({ datagram, from }) => server.send(datagram, from));
    const inbox = new DatagramInbox(client);
    for (let i = 0; i < burst; i++) client.send(numbered(i, 40), server.localAddress);
    const received = await until(inbox.datagrams(burst));
    assert.deepEqual(received.map(number), [...Array(burst).keys()]);
  },

  'answers sent at once, from promises and later all leave': async ({ open, until }) => {
    const [client, server] = [await open(), await open()];
    new DatagramInbox(server, ({ from }) => {
      server.send(Uint8Array.of(1), from);
      void Promise.resolve().then(() => server.send(Uint8Array.of(2), from));
      setImmediate(() => server.send(Uint8Array.of(3), from));
    });
    const inbox = new DatagramInbox(client);
    client.send(Uint8Array.of(0), server.localAddress);
    const received = await until(inbox.datagrams(3));
    assert.deepEqual(received.map(({ datagram }) => datagram[0]).sort(), [1, 2, 3]);
  },

  'what was received does not change afterwards': async ({ open, until }) => {
    const [sender, receiver] = [await open(), await open()];
    const inbox = new DatagramInbox(receiver);
    const sizes = Array.from({ length: 500 }, (_, i) => (i * 37) % 1400);
    for (const [seed, size] of sizes.entries()) sender.send(pattern(size, seed), receiver.localAddress);
    await until(inbox.datagrams(500));
    for (const [seed, size] of sizes.entries()) sender.send(pattern(size, ~seed), receiver.localAddress);
    const received = await until(inbox.datagrams(1000));
    for (const [seed, size] of sizes.entries()) {
      const { datagram } = received[seed]!;
      assert.deepEqual(datagram, pattern(size, seed));
      assert.equal(Object.getPrototypeOf(datagram), Uint8Array.prototype, 'a plain Uint8Array');
    }
  },

  'the same peer is the same object, another peer another one': async ({ open, until }) => {
    const [one, other, receiver] = [await open(), await open(), await open()];
    const inbox = new DatagramInbox(receiver);
    for (let round = 1; round <= 3; round++) {
      one.send(Uint8Array.of(1), receiver.localAddress);
      other.send(Uint8Array.of(2), receiver.localAddress);
      await until(inbox.datagrams(2 * round));
    }
    const peers = new Map(inbox.received.map(({ datagram, from }) => [datagram[0], from]));
    for (const { datagram, from } of inbox.received) assert.equal(from, peers.get(datagram[0]));
    assertNames(peers.get(1), one.localAddress);
    assertNames(peers.get(2), other.localAddress);
  },

  'a datagram to nobody harms nobody': async ({ open, until }) => {
    const [sender, receiver, gone] = [await open(), await open(), await open()];
    await gone.close();
    const inbox = new DatagramInbox(receiver);
    for (let i = 0; i < 3; i++) {
      sender.send(Uint8Array.of(i), gone.localAddress);
      sender.send(Uint8Array.of(i), receiver.localAddress);
    }
    const received = await until(inbox.datagrams(3));
    assert.deepEqual(received.map(({ datagram }) => datagram[0]).sort(), [0, 1, 2]);
  },

  'what the network refuses is reported with its peer, and the rest goes on': async ({ open, until, refused }) => {
    const [sender, receiver] = [await open(), await open()];
    const [outbox, inbox] = [new DatagramInbox(sender), new DatagramInbox(receiver)];
    sender.send(Uint8Array.of(1), receiver.localAddress);
    if (refused !== undefined) sender.send(new Uint8Array(refused), receiver.localAddress);
    sender.send(Uint8Array.of(2), receiver.localAddress);
    const received = await until(inbox.datagrams(2));
    assert.deepEqual(lengths(received), [1, 1]);
    if (refused === undefined) return;
    const [refusal] = await until(outbox.refusals(1));
    assert.equal(refusal?.to.key, receiver.localAddress.key);
    assert.ok(refusal.error instanceof Error);
    assert.equal(outbox.refused.length, 1);
  },

  'sending to an address that cannot be, or of the other family, does not throw': async ({ open, until, family }) => {
    const [sender, receiver] = [await open(), await open()];
    const inbox = new DatagramInbox(receiver);
    sender.send(Uint8Array.of(0), socketAddress(receiver.localAddress.host, 0));
    sender.send(Uint8Array.of(0), socketAddress(family === 4 ? '::1' : 'fe80::1%no-such-interface', 9));
    sender.send(Uint8Array.of(1), receiver.localAddress);
    const received = await until(inbox.datagrams(1));
    assert.deepEqual(
      received.map(({ datagram }) => datagram[0]),
      [1],
    );
  },

  'a closed port neither sends nor receives, and may be closed again': async ({ open, until }) => {
    const [sender, receiver, witness] = [await open(), await open(), await open()];
    const [inbox, seen] = [new DatagramInbox(receiver), new DatagramInbox(witness)];
    await receiver.close();
    await receiver.close();
    receiver.send(Uint8Array.of(1), witness.localAddress);
    sender.send(Uint8Array.of(2), receiver.localAddress);
    sender.send(Uint8Array.of(3), witness.localAddress);
    const received = await until(seen.datagrams(1));
    assert.deepEqual(
      received.map(({ datagram }) => datagram[0]),
      [3],
    );
    assert.equal(inbox.received.length, 0);
  },

  'what was sent before closing leaves': async ({ open, until }) => {
    const [sender, receiver] = [await open(), await open()];
    const inbox = new DatagramInbox(receiver);
    for (let i = 0; i < 10; i++) sender.send(Uint8Array.of(i), receiver.localAddress);
    await sender.close();
    assert.equal((await until(inbox.datagrams(10))).length, 10);
  },

  'once closed its address is free again': async ({ open, until }) => {
    const first = await open();
    await first.close();
    const [second, sender] = [await open(first.localAddress.port), await open()];
    assert.equal(second.localAddress.key, first.localAddress.key);
    const inbox = new DatagramInbox(second);
    sender.send(Uint8Array.of(1), first.localAddress);
    await until(inbox.datagrams(1));
  },

  'a listener may close the port in the middle of a burst': async ({ open, until }) => {
    const [sender, receiver, witness] = [await open(), await open(), await open()];
    const inbox: DatagramInbox = new DatagramInbox(receiver, () => {
      if (inbox.received.length === 3) void receiver.close();
    });
    const seen = new DatagramInbox(witness);
    for (let i = 0; i < 20; i++) sender.send(Uint8Array.of(i), receiver.localAddress);
    await until(inbox.datagrams(3));
    sender.send(Uint8Array.of(99), witness.localAddress);
    await until(seen.datagrams(1));
    assert.equal(inbox.received.length, 3);
  },

  'the last listener set is the one that hears': async ({ open, until }) => {
    const [sender, receiver] = [await open(), await open()];
    const before = new DatagramInbox(receiver);
    sender.send(Uint8Array.of(1), receiver.localAddress);
    await until(before.datagrams(1));
    const after = new DatagramInbox(receiver);
    sender.send(Uint8Array.of(2), receiver.localAddress);
    await until(after.datagrams(1));
    assert.equal(before.received.length, 1);
  },
};

function lengths(received: readonly { readonly datagram: Uint8Array }[]): number[] {
  return received.map(({ datagram }) => datagram.length);
}

function pattern(length: number, seed: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (seed * 31 + i * 7) & 0xff);
}

function numbered(count: number, length: number): Uint8Array {
  const datagram = new Uint8Array(length);
  new DataView(datagram.buffer).setUint32(0, count);
  return datagram;
}

function number({ datagram }: { readonly datagram: Uint8Array }): number {
  return new DataView(datagram.buffer, datagram.byteOffset).getUint32(0);
}

function assertNames(
  peer: { key: string; hash: number; address: SocketAddress } | undefined,
  address: SocketAddress,
): void {
  assert.ok(peer);
  const expected = socketAddress(address.host, address.port);
  assert.equal(peer.key, expected.key);
  assert.equal(peer.hash, expected.hash);
  assert.deepEqual([peer.address.host, peer.address.port], [expected.host, expected.port]);
}
