import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type ByteStream, type ByteStreamListener, concatBytes, seconds, socketAddress } from '@yaolian/kernel';
import { StreamInbox, VirtualTime } from '@yaolian/testkit';
import fc from 'fast-check';
import { openCrypto } from '../../crypto/openssl-crypto.ts';
import { type TlsKeys, TlsStream, type TlsStreamOptions } from './tls-stream.ts';
import { RecordSuites, TrafficKeys } from './traffic-keys.ts';

const Type = { ChangeCipherSpec: 20, Alert: 21, Handshake: 22, Data: 23 } as const;
const suite = new RecordSuites(await openCrypto()).of(0x1301)!;
const keysOf = (name: number) => new TrafficKeys(suite, new Uint8Array(32).fill(name));
const turn = () => new Promise((resolve) => setImmediate(resolve));
const keyUpdate = (request: number) => Uint8Array.of(24, 0, 0, 1, request);

/** The stream below, which keeps what is sent. */
class Below implements ByteStream {
  readonly peer = socketAddress('192.0.2.1', 5223);
  readonly localAddress = socketAddress('192.0.2.2', 5222);
  readonly keepsBoundaries = false;
  readonly sent: Uint8Array[] = [];
  readonly queuedBytes = 0;
  isPaused = false;
  state: 'open' | 'closed' | 'aborted' = 'open';
  listener: ByteStreamListener | undefined;

  listen(listener: ByteStreamListener): void {
    this.listener = listener;
  }

  write(bytes: Uint8Array): boolean {
    this.sent.push(bytes.slice());
    return true;
  }

  pause(): void {
    this.isPaused = true;
  }

  resume(): void {
    this.isPaused = false;
  }

  close(): void {
    this.state = 'closed';
  }

  abort(): void {
    this.state = 'aborted';
    this.listener?.onClosed(undefined);
  }
}

/** A peer that says whatever a test wants, below a stream. */
class Peer {
  readonly below = new Below();
  readonly time = new VirtualTime();
  readonly sending = keysOf(1);
  readonly receiving = keysOf(2);
  readonly stream: TlsStream;
  readonly inbox: StreamInbox;

  constructor(options: TlsStreamOptions = {}, early: Uint8Array = new Uint8Array(0)) {
    const keys: TlsKeys = { send: keysOf(2), receive: keysOf(1) };
    this.stream = new TlsStream(this.below, keys, early, this.time, options);
    this.inbox = new StreamInbox(this.stream);
  }

  say(type: number, content: Uint8Array, padding = 0): this {
    this.wire(sealed(this.sending, type, content, padding));
    return this;
  }

  wire(bytes: Uint8Array): void {
    this.below.listener!.onBytes(bytes);
  }

  /** What was sent since the last time: the type and content of each record. */
  heard(): [type: number, ...content: number[]][] {
    const bytes = concatBytes(this.below.sent.splice(0));
    const found: [number, ...number[]][] = [];
    for (let at = 0; at < bytes.length; ) {
      const end = at + 5 + ((bytes[at + 3]! << 8) | bytes[at + 4]!);
      assert.deepEqual([...bytes.subarray(at, at + 3)], [23, 3, 3]);
      const plaintext = this.receiving.open(bytes.subarray(at, at + 5), bytes.subarray(at + 5, end));
      assert.ok(plaintext, 'what is sent can be opened');
      found.push([plaintext.at(-1)!, ...plaintext.subarray(0, -1)]);
      if (plaintext.at(-1) === Type.Handshake) this.receiving.update();
      at = end;
    }
    return found;
  }
}

function sealed(keys: TrafficKeys, type: number, content: Uint8Array, padding = 0): Uint8Array {
  const plaintext = new Uint8Array(content.length + 1 + padding);
  plaintext.set(content);
  plaintext[content.length] = type;
  const size = plaintext.length + 16;
  const out = new Uint8Array(5 + size);
  out.set([23, 3, 3, size >> 8, size & 0xff]);
  keys.seal(out.subarray(0, 5), plaintext, out, 5);
  return out;
}

const hello = new TextEncoder().encode('hello');

describe('records of TLS 1.3', () => {
  it('RFC 8446 §5.2, §5.4: content goes both ways, whatever padding it has', async () => {
    const peer = new Peer().say(Type.Data, hello).say(Type.Data, hello, 300);
    assert.deepEqual(peer.inbox.content, concatBytes([hello, hello]));
    peer.stream.write(hello);
    peer.stream.write(hello);
    await turn();
    assert.deepEqual(peer.heard(), [[Type.Data, ...hello, ...hello]], 'one turn, one record');
  });

  it('any cuts of the stream give the same content', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ minLength: 1, maxLength: 40 })), fc.array(fc.nat(60)), (contents, cuts) => {
        const keys = keysOf(1);
        const wire = concatBytes(contents.map((content) => sealed(keys, Type.Data, content)));
        const peer = new Peer();
        for (let at = 0, i = 0; at < wire.length; i++) {
          const length = 1 + (cuts[i % Math.max(1, cuts.length)] ?? wire.length);
          peer.wire(wire.slice(at, at + length));
          at += length;
        }
        assert.deepEqual(peer.inbox.content, concatBytes(contents));
        assert.equal(peer.inbox.closed, undefined);
      }),
    );
  });

  it('much is cut into records of 2^14 bytes', async () => {
    const peer = new Peer();
    const much = new Uint8Array(40_000).map((_, i) => i);
    peer.stream.write(much.subarray(0, 7));
    peer.stream.write(much.subarray(7));
    await turn();
    const records = peer.heard();
    assert.deepEqual(
      records.map(({ length }) => length - 1),
      [16_384, 16_384, 7232],
    );
    assert.deepEqual(
      records.flatMap(([, ...content]) => content),
      [...much],
    );
  });

  it('what came with the end of the handshake is the first to be heard', () => {
    const keys = keysOf(1);
    const wire = concatBytes([sealed(keys, Type.Data, hello), sealed(keys, Type.Data, hello)]);
    const peer = new Peer({}, wire.slice(0, 30));
    assert.deepEqual(peer.inbox.content, hello);
    peer.wire(wire.slice(30));
    assert.deepEqual(peer.inbox.content, concatBytes([hello, hello]));
  });

  it('what waits for its rest is a copy, so that it does not hold all that came with it', () => {
    const keys = keysOf(1);
    const wire = [1, 2, 3].map((n) => sealed(keys, Type.Data, Uint8Array.of(n)));
    const early = Buffer.from(wire[0]!.subarray(0, 9));
    const peer = new Peer({}, early);
    early.fill(0);
    const piece = Buffer.from(concatBytes([wire[0]!.subarray(9), wire[1]!.subarray(0, 9)]));
    peer.wire(piece);
    piece.fill(0);
    const next = Buffer.from(concatBytes([wire[1]!.subarray(9), wire[2]!.subarray(0, 9)]));
    peer.wire(next);
    next.fill(0);
    peer.wire(wire[2]!.subarray(9));
    assert.deepEqual(peer.inbox.content, Uint8Array.of(1, 2, 3));
  });

  it('to write nothing sends nothing: peers take so many empty records only', async () => {
    const peer = new Peer();
    assert.equal(peer.stream.write(new Uint8Array(0)), true);
    await turn();
    assert.deepEqual(peer.heard(), []);
  });

  it('who pauses in the middle of what came hears the rest after resume', () => {
    const peer = new Peer();
    const keys = peer.sending;
    const { received } = peer.inbox;
    const onBytes = peer.inbox.onBytes.bind(peer.inbox);
    peer.inbox.onBytes = (bytes) => {
      onBytes(bytes);
      peer.stream.pause();
    };
    peer.wire(concatBytes([1, 2, 3].map((n) => sealed(keys, Type.Data, Uint8Array.of(n)))));
    assert.equal(received.length, 1);
    assert.ok(peer.below.isPaused);
    peer.stream.resume();
    assert.deepEqual(
      received.map(([n]) => n),
      [1, 2],
    );
    peer.inbox.onBytes = onBytes;
    peer.stream.resume();
    assert.deepEqual(
      received.map(([n]) => n),
      [1, 2, 3],
    );
    assert.ok(!peer.below.isPaused);
  });

  it('who ends the stream in the middle of what came hears nothing more', () => {
    const peer = new Peer();
    const onBytes = peer.inbox.onBytes.bind(peer.inbox);
    peer.inbox.onBytes = (bytes) => {
      onBytes(bytes);
      peer.stream.abort();
    };
    peer.wire(concatBytes([1, 2].map((n) => sealed(peer.sending, Type.Data, Uint8Array.of(n)))));
    assert.equal(peer.inbox.bytes, 1);
    assert.equal(peer.below.state, 'aborted');
  });
});

describe('key updates (RFC 8446 §4.6.3)', () => {
  it('the peer has other keys from then on', () => {
    const peer = new Peer().say(Type.Handshake, keyUpdate(0));
    peer.sending.update();
    peer.say(Type.Data, hello);
    assert.deepEqual(peer.inbox.content, hello);
    assert.deepEqual(peer.heard(), [], 'and does not ask for ours');
  });

  it('what is asked for comes before the next content, once', async () => {
    const peer = new Peer();
    for (let i = 0; i < 3; i++) {
      peer.say(Type.Handshake, keyUpdate(1));
      peer.sending.update();
    }
    assert.deepEqual(peer.heard(), [], 'so that nobody can make us write without end');
    peer.stream.write(hello);
    await turn();
    assert.deepEqual(peer.heard(), [
      [Type.Handshake, ...keyUpdate(0)],
      [Type.Data, ...hello],
    ]);
    peer.stream.write(hello);
    await turn();
    assert.deepEqual(peer.heard(), [[Type.Data, ...hello]]);
  });

  it('in pieces it is the same', () => {
    const peer = new Peer().say(Type.Handshake, keyUpdate(0).slice(0, 2)).say(Type.Handshake, keyUpdate(0).slice(2));
    peer.sending.update();
    peer.say(Type.Data, hello);
    assert.deepEqual(peer.inbox.content, hello);
  });

  it('§5.5: one key seals so many records and no more', async () => {
    const peer = new Peer({ recordsPerKey: 2 });
    const types: number[] = [];
    for (let i = 0; i < 5; i++) {
      peer.stream.write(hello);
      await turn();
      types.push(...peer.heard().map(([type]) => type));
    }
    const { Data, Handshake } = Type;
    assert.deepEqual(types, [Data, Data, Handshake, Data, Data, Handshake, Data]);
  });
});

describe('the end', () => {
  const closeNotify = Uint8Array.of(1, 0);

  it('§6.1: close_notify, both ways', async () => {
    const peer = new Peer();
    peer.stream.write(hello);
    peer.stream.close();
    assert.deepEqual(peer.heard(), [
      [Type.Data, ...hello],
      [Type.Alert, ...closeNotify],
    ]);
    assert.equal(peer.below.state, 'closed');
    peer.say(Type.Data, hello);
    assert.deepEqual(peer.inbox.content, hello, 'the other side may go on until it ends too');
  });

  it('§6.1: nothing comes behind close_notify, also of who hears that there is room for more', async () => {
    const peer = new Peer();
    peer.inbox.onDrain = () => void peer.stream.write(hello);
    assert.equal(peer.stream.write(new Uint8Array(70_000)), false);
    peer.stream.close();
    await turn();
    const types = peer.heard().map(([type]) => type);
    assert.deepEqual(types, [...Array<number>(5).fill(Type.Data), Type.Alert]);
  });

  it('a peer that ends and does not close the connection is not waited for', async () => {
    const peer = new Peer({ closeTime: 2000 }).say(Type.Alert, closeNotify);
    await peer.time.advance(seconds(1));
    assert.equal(peer.below.state, 'closed', 'what it was sent may still be under way');
    await peer.time.advance(seconds(1));
    assert.equal(peer.below.state, 'aborted');
    assert.deepEqual(peer.inbox.closed, { error: undefined });
  });

  it('of one that does so nothing is left', async () => {
    const peer = new Peer().say(Type.Alert, closeNotify);
    peer.below.listener!.onClosed(undefined);
    await peer.time.advance(seconds(60));
    assert.equal(peer.below.state, 'closed');
  });

  it('a peer that ends is answered, and heard no more', () => {
    const peer = new Peer().say(Type.Alert, closeNotify).say(Type.Data, hello);
    assert.deepEqual(peer.heard(), [[Type.Alert, ...closeNotify]]);
    assert.equal(peer.below.state, 'closed');
    assert.equal(peer.inbox.bytes, 0);
    peer.below.listener!.onClosed(undefined);
    assert.deepEqual(peer.inbox.closed, { error: undefined });
  });

  it('§6.2: an alert of the peer is the reason of the end', () => {
    const peer = new Peer().say(Type.Alert, Uint8Array.of(2, 40));
    assert.match(String(peer.inbox.closed?.error), /alert 40/);
  });

  it('user_canceled alone is not the end', () => {
    const peer = new Peer().say(Type.Alert, Uint8Array.of(1, 90)).say(Type.Data, hello);
    assert.deepEqual(peer.inbox.content, hello);
  });

  it('nothing is written after the end, and keys are gone', async () => {
    const peer = new Peer();
    peer.stream.write(hello);
    peer.below.listener!.onClosed(undefined);
    await turn();
    assert.equal(peer.stream.write(hello), true);
    await turn();
    assert.deepEqual(peer.below.sent, []);
  });
});

describe('what a hostile peer can say', () => {
  const plain = (type: number, ...content: number[]) => Uint8Array.of(type, 3, 3, 0, content.length, ...content);
  const faults: Record<string, readonly [alert: number, say: (peer: Peer) => void]> = {
    'a ChangeCipherSpec after the handshake': [10, (peer) => peer.wire(plain(Type.ChangeCipherSpec, 1))],
    'an alert that is not encrypted': [10, (peer) => peer.wire(plain(Type.Alert, 2, 40))],
    'plain content': [20, (peer) => peer.wire(plain(Type.Data, ...new Uint8Array(40)))],
    'a record shorter than its tag': [20, (peer) => peer.wire(plain(Type.Data, 1))],
    'an empty record': [20, (peer) => peer.wire(plain(Type.Data))],
    'a record that is too long, by its header alone': [22, (peer) => peer.wire(Uint8Array.of(23, 3, 3, 0x41, 0x01))],
    'content that is too long': [22, (peer) => peer.say(Type.Data, new Uint8Array(16_385))],
    'no type': [10, (peer) => peer.say(0, new Uint8Array(3))],
    'encrypted ChangeCipherSpec': [10, (peer) => peer.say(Type.ChangeCipherSpec, Uint8Array.of(1))],
    'a changed byte': [
      20,
      (peer) => {
        const record = sealed(peer.sending, Type.Data, hello);
        record[8]! ^= 1;
        peer.wire(record);
      },
    ],
    'a changed header': [
      20,
      (peer) => {
        const record = sealed(peer.sending, Type.Data, hello);
        record[2] = 1;
        peer.wire(record);
      },
    ],
    'a record once more': [
      20,
      (peer) => {
        const record = sealed(peer.sending, Type.Data, hello);
        peer.wire(record);
        peer.wire(record);
      },
    ],
    'a record left out': [
      20,
      (peer) => {
        sealed(peer.sending, Type.Data, hello);
        peer.say(Type.Data, hello);
      },
    ],
    'an alert of three bytes': [50, (peer) => peer.say(Type.Alert, Uint8Array.of(1, 0, 0))],
    'an alert of none': [50, (peer) => peer.say(Type.Alert, new Uint8Array(0))],
    'a message of the handshake of none': [10, (peer) => peer.say(Type.Handshake, new Uint8Array(0))],
    'another message of the handshake': [10, (peer) => peer.say(Type.Handshake, Uint8Array.of(11, 0, 0, 1, 0))],
    'a KeyUpdate of two bytes': [10, (peer) => peer.say(Type.Handshake, Uint8Array.of(24, 0, 0, 2, 0, 0))],
    'a KeyUpdate that asks for something else': [50, (peer) => peer.say(Type.Handshake, keyUpdate(2))],
    'two KeyUpdates under one key': [10, (peer) => peer.say(Type.Handshake, concatBytes([keyUpdate(0), keyUpdate(0)]))],
    'content in the middle of a KeyUpdate': [
      10,
      (peer) => peer.say(Type.Handshake, keyUpdate(0).slice(0, 3)).say(Type.Data, hello),
    ],
    'key updates without end': [
      10,
      (peer) => {
        for (let i = 0; i < 33; i++) {
          peer.say(Type.Handshake, keyUpdate(0));
          peer.sending.update();
        }
      },
    ],
    'user_canceled without end': [
      10,
      (peer) => {
        for (let i = 0; i < 33; i++) peer.say(Type.Alert, Uint8Array.of(1, 90));
      },
    ],
    'empty records without end': [
      10,
      (peer) => {
        for (let i = 0; i < 33; i++) peer.say(Type.Data, new Uint8Array(0), 9);
      },
    ],
  };
  for (const [title, [alert, say]] of Object.entries(faults)) {
    it(`${title}: alert ${alert}, and the end`, async () => {
      const peer = new Peer();
      say(peer);
      assert.deepEqual(peer.heard(), [[Type.Alert, 2, alert]]);
      const { bytes } = peer.inbox;
      peer.say(Type.Data, hello);
      assert.equal(peer.inbox.bytes, bytes, 'nothing is heard behind it');
      assert.equal(peer.below.state, 'closed');
      await peer.time.advance(seconds(1));
      assert.equal(peer.below.state, 'aborted', 'who does wrong is not waited for');
      assert.match(String(peer.inbox.closed?.error), /^Error: TLS: /);
    });
  }

  it('so many of them are taken', () => {
    const peer = new Peer({ maximumEmptyRecords: 2, maximumKeyUpdates: 2 });
    for (let round = 0; round < 3; round++) {
      for (let i = 0; i < 2; i++) {
        peer.say(Type.Data, new Uint8Array(0)).say(Type.Handshake, keyUpdate(0));
        peer.sending.update();
      }
      peer.say(Type.Data, hello);
    }
    assert.equal(peer.inbox.bytes, 3 * hello.length);
    assert.deepEqual(peer.heard(), []);
  });

  it('anything: it neither throws nor lets a byte through', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ minLength: 1, maxLength: 100 })), (pieces) => {
        const peer = new Peer();
        for (const piece of pieces) peer.wire(piece);
        assert.equal(peer.inbox.bytes, 0);
      }),
    );
  });
});
