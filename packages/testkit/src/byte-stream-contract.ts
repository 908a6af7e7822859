import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import {
  type ByteStream,
  type ByteStreamListener,
  concatBytes,
  encodeUtf8,
  type Peer,
  type StreamConnector,
  type StreamListener,
} from '@yaolian/kernel';

/** A listening port and what connects to it. */
export interface StreamBench {
  readonly listener: StreamListener;
  readonly connector: StreamConnector;
  /** An address where nobody listens, for a connector of the same kind. */
  readonly nobody: Peer;
}

export interface ByteStreamContractOptions {
  /** As of a WebSocket. Default false. */
  readonly keepsBoundaries?: boolean;
  /** How much is sent where much is sent. Default 4 MiB. */
  readonly much?: number;
  /** Lets traffic flow until the promise settles: a simulated network advances its time here. Default: just waits. */
  readonly until?: <T>(promise: Promise<T>) => Promise<T>;
}

/** Keeps what a stream tells, and lets tests wait for it. */
export class StreamInbox implements ByteStreamListener {
  readonly received: Uint8Array[] = [];
  bytes = 0;
  drains = 0;
  closed: { readonly error: Error | undefined } | undefined;
  #waiting: (() => void)[] = [];
  readonly stream: ByteStream;

  constructor(stream: ByteStream) {
    this.stream = stream;
    stream.listen(this);
  }

  onBytes(bytes: Uint8Array): void {
    assert.equal(this.closed, undefined, 'nothing comes after the end');
    assert.ok(bytes.length > 0, 'no empty pieces');
    this.received.push(bytes);
    this.bytes += bytes.length;
    this.#wake();
  }

  onDrain(): void {
    this.drains++;
    this.#wake();
  }

  onClosed(error: Error | undefined): void {
    assert.equal(this.closed, undefined, 'a stream ends once');
    this.closed = { error };
    this.#wake();
  }

  get content(): Uint8Array {
    return concatBytes(this.received);
  }

  /** Waits until `condition` holds. */
  async when(condition: (inbox: this) => boolean): Promise<void> {
    while (!condition(this)) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const wake of waiting) wake();
  }
}

type Until = <T>(promise: Promise<T>) => Promise<T>;

interface Bench extends StreamBench {
  readonly keepsBoundaries: boolean;
  readonly much: number;
  readonly until: Until;
}

const never = new AbortController().signal;

/** What every {@link ByteStream}, {@link StreamListener} and {@link StreamConnector} must do: run it on each adapter from a test. */
export async function byteStreamContract(
  t: TestContext,
  open: () => Promise<StreamBench>,
  options: ByteStreamContractOptions = {},
): Promise<void> {
  const { keepsBoundaries = false, much = 4 * 1024 * 1024, until = (promise) => promise } = options;
  for (const [title, requirement] of Object.entries(requirements)) {
    await t.test(title, { timeout: 120_000 }, async () => {
      const bench = await open();
      try {
        await requirement({ ...bench, keepsBoundaries, much, until });
      } finally {
        await until(bench.listener.close());
      }
    });
  }
}

/** A stream at both ends. */
async function connected({ listener, connector, until }: Bench): Promise<[near: StreamInbox, far: StreamInbox]> {
  const accepted = new Promise<ByteStream>((resolve) => listener.accept(resolve));
  const stream = await until(connector.connect(listener.localAddress, never));
  return [new StreamInbox(stream), new StreamInbox(await until(accepted))];
}

async function endBoth(bench: Bench, near: StreamInbox, far: StreamInbox): Promise<void> {
  near.stream.abort();
  far.stream.abort();
  await bench.until(Promise.all([near.when(({ closed }) => !!closed), far.when(({ closed }) => !!closed)]));
}

const requirements: Record<string, (bench: Bench) => Promise<void>> = {
  'bytes arrive in order, both ways': async (bench) => {
    const [near, far] = await connected(bench);
    near.stream.write(encodeUtf8('ping '));
    near.stream.write(encodeUtf8('ping'));
    await bench.until(far.when(({ bytes }) => bytes === 9));
    far.stream.write(encodeUtf8('pong'));
    await bench.until(near.when(({ bytes }) => bytes === 4));
    assert.deepEqual(far.content, encodeUtf8('ping ping'));
    assert.deepEqual(near.content, encodeUtf8('pong'));
    assert.equal(near.stream.keepsBoundaries, bench.keepsBoundaries);
    if (bench.keepsBoundaries)
      assert.deepEqual(
        far.received.map(({ length }) => length),
        [5, 4],
      );
    await endBoth(bench, near, far);
  },

  'each end knows the other, and every accepted stream is another peer': async (bench) => {
    const accepted: ByteStream[] = [];
    const both = new Promise<void>((resolve) =>
      bench.listener.accept((stream) => {
        accepted.push(stream);
        new StreamInbox(stream);
        if (accepted.length === 2) resolve();
      }),
    );
    const streams: StreamInbox[] = [];
    for (let i = 0; i < 2; i++) {
      streams.push(new StreamInbox(await bench.until(bench.connector.connect(bench.listener.localAddress, never))));
    }
    await bench.until(both);
    assert.equal(streams[0]!.stream.peer, bench.listener.localAddress, 'the peer is the object that was given');
    assert.notEqual(accepted[0]!.peer.key, accepted[1]!.peer.key);
    assert.equal(accepted[0]!.peer.address.host, streams[0]!.stream.localAddress.host);
    for (const { stream } of streams) stream.abort();
    for (const stream of accepted) stream.abort();
  },

  'what was written before the close arrives before the end': async (bench) => {
    const [near, far] = await connected(bench);
    near.stream.write(new Uint8Array(100_000).fill(7));
    near.stream.close();
    near.stream.write(Uint8Array.of(1));
    await bench.until(Promise.all([far.when(({ closed }) => !!closed), near.when(({ closed }) => !!closed)]));
    assert.equal(far.bytes, 100_000);
    assert.equal(far.closed!.error, undefined);
    assert.equal(near.closed!.error, undefined);
    assert.equal(near.stream.write(Uint8Array.of(1)), true, 'a write after the end does nothing');
  },

  'an abort ends both ends': async (bench) => {
    const [near, far] = await connected(bench);
    near.stream.write(Uint8Array.of(1));
    await bench.until(far.when(({ bytes }) => bytes === 1));
    far.stream.abort();
    far.stream.abort();
    await bench.until(Promise.all([near.when(({ closed }) => !!closed), far.when(({ closed }) => !!closed)]));
  },

  'a writer is told to wait while nobody reads, and when there is room again': async (bench) => {
    const [near, far] = await connected(bench);
    far.stream.pause();
    const piece = new Uint8Array(65_536).fill(3);
    let written = 0;
    let room = true;
    // What lies below takes some in, nobody knows how much.
    while (room || near.stream.queuedBytes === 0) {
      room = near.stream.write(piece);
      written += piece.length;
      assert.ok(written <= 64 * bench.much, 'at some point the writer is told');
      await bench.until(new Promise((resolve) => setImmediate(resolve)));
    }
    far.stream.resume();
    await bench.until(Promise.all([near.when(({ drains }) => drains > 0), far.when(({ bytes }) => bytes === written)]));
    assert.equal(near.stream.queuedBytes, 0);
    await endBoth(bench, near, far);
  },

  'much arrives unharmed': async (bench) => {
    const [near, far] = await connected(bench);
    const bytes = Uint8Array.from({ length: bench.much }, (_, i) => (i * 31 + (i >> 8)) & 255);
    for (let at = 0; at < bytes.length; at += 50_000) near.stream.write(bytes.subarray(at, at + 50_000));
    await bench.until(far.when((inbox) => inbox.bytes === bytes.length));
    assert.equal(Buffer.compare(far.content, bytes), 0);
    await endBoth(bench, near, far);
  },

  'a connect that nobody answers is refused': async ({ connector, nobody, until }) => {
    await assert.rejects(until(connector.connect(nobody, never)));
  },

  'a connect that is not wanted any more ends with the reason': async ({ connector, listener, until }) => {
    listener.accept((stream) => void new StreamInbox(stream));
    const reason = new Error('changed my mind');
    await assert.rejects(until(connector.connect(listener.localAddress, AbortSignal.abort(reason))), reason);
    const abort = new AbortController();
    const connecting = connector.connect(listener.localAddress, abort.signal);
    abort.abort(reason);
    await assert.rejects(until(connecting), reason);
  },

  'a stream that ends before anybody listens says so to who listens then': async (bench) => {
    const accepted = new Promise<ByteStream>((resolve) => bench.listener.accept(resolve));
    const stream = await bench.until(bench.connector.connect(bench.listener.localAddress, never));
    const far = await bench.until(accepted);
    const near = new StreamInbox(stream);
    near.stream.abort();
    await bench.until(near.when(({ closed }) => !!closed));
    const late = new StreamInbox(far);
    await bench.until(late.when(({ closed }) => !!closed));
  },

  'a closed listener takes no more streams': async (bench) => {
    const [near, far] = await connected(bench);
    await bench.until(bench.listener.close());
    await assert.rejects(bench.until(bench.connector.connect(bench.listener.localAddress, never)));
    near.stream.write(Uint8Array.of(1));
    await bench.until(far.when(({ bytes }) => bytes === 1));
    await endBoth(bench, near, far);
  },
};
