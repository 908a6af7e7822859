import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { concatBytes, decodeHex, emptyBytes, encodeHex } from '@yaolian/kernel';
import fc from 'fast-check';
import { decodeStreamMessage } from '../message.ts';
import { encodeFrame, FrameReader, frameSize, readWholeFrame } from './frame.ts';

function read(chunks: readonly Uint8Array[], maximum = 1_000_000) {
  const frames: Uint8Array[] = [];
  const reader = new FrameReader(maximum, { onFrame: (frame) => frames.push(frame) > 0 });
  for (const chunk of chunks) {
    const problem = reader.push(chunk);
    if (problem !== undefined) return { frames, problem, held: reader.held };
  }
  return { frames, problem: undefined, held: reader.held };
}

const hex = (text: string) => decodeHex(text)!;
const oneByOne = (bytes: Uint8Array) => Array.from(bytes, (byte) => Uint8Array.of(byte));

/** Payloads at the borders of the four forms of Len, and what the header is then. Len counts the payload marker. */
const forms = [
  [0, '01'],
  [11, 'c1'],
  [12, 'd100'],
  [267, 'd1ff'],
  [268, 'e10000'],
  [65_803, 'e1ffff'],
  [65_804, 'f100000000'],
  [70_000, 'f100001064'],
] as const;

describe('the frame of RFC 8323 §3.2', () => {
  it('is as in the example of figure 5: a GET with an empty token', () => {
    assert.equal(encodeHex(encodeFrame(0x01, Uint8Array.of(0x7f), [], emptyBytes, true)), '01017f');
  });

  for (const [size, header] of forms) {
    it(`has the header ${header} for ${size} bytes of payload, and is found again however it is cut`, () => {
      const payload = new Uint8Array(size).fill(9);
      const frame = encodeFrame(0x45, Uint8Array.of(0xaa), [], payload, true);
      assert.equal(encodeHex(frame.subarray(0, header.length / 2)), header);
      assert.equal(frame.length, frameSize(Uint8Array.of(0xaa), [], payload, true));
      const { frames, held } = read([...oneByOne(frame.subarray(0, 300)), frame.subarray(300), frame]);
      assert.equal(held, 0);
      assert.equal(frames.length, 2);
      for (const bytes of frames) {
        const message = decodeStreamMessage(bytes, 10);
        assert.ok(message.ok);
        assert.equal(message.value.code, 0x45);
        assert.equal(encodeHex(message.value.token), 'aa');
        assert.deepEqual(message.value.payload, payload);
      }
    });
  }

  it('whatever messages come, cut wherever: they are found, in order', () => {
    const message = fc.record({
      code: fc.nat(255),
      token: fc.uint8Array({ maxLength: 8 }),
      payload: fc.uint8Array({ maxLength: 400 }),
      options: fc.array(fc.record({ number: fc.nat(400), value: fc.uint8Array({ maxLength: 300 }) }), { maxLength: 3 }),
    });
    fc.assert(
      fc.property(fc.array(message, { maxLength: 5 }), fc.array(fc.nat(3000)), (messages, cuts) => {
        const sorted = messages.map((one) => ({
          ...one,
          options: one.options.map((option) => ({ ...option })).sort((a, b) => a.number - b.number),
        }));
        const bytes = concatBytes(sorted.map((m) => encodeFrame(m.code, m.token, m.options, m.payload, true)));
        const places = [0, ...cuts.filter((cut) => cut < bytes.length).sort((a, b) => a - b), bytes.length];
        const chunks = places.slice(1).map((end, i) => bytes.slice(places[i], end));
        const { frames, problem, held } = read(chunks);
        assert.equal(problem, undefined);
        assert.equal(held, 0);
        assert.equal(frames.length, messages.length);
        for (const [i, frame] of frames.entries()) {
          const decoded = decodeStreamMessage(frame, 10);
          assert.ok(decoded.ok);
          const { code, token, options, payload } = decoded.value;
          assert.deepEqual({ code, token, options, payload }, sorted[i]);
        }
      }),
    );
  });

  it('a message larger than the limit is refused at its header, and an announced length costs nothing', () => {
    assert.equal(read([hex('f0ffffffff')], 65_000).problem, 'message too large');
    assert.equal(read([hex('e0fe00')], 65_000).problem, 'message too large');
    const within = read([hex('e0f0004501')], 65_000);
    assert.equal(within.problem, undefined);
    assert.ok(within.held <= 64, `${within.held} bytes for 5`);
  });

  it('what is held of a message is about twice what came of it', () => {
    const reader = new FrameReader(1_000_000, { onFrame: () => true });
    reader.push(hex('f00000ffff45'));
    for (let came = 6; came < 100_000; came += 500) {
      reader.push(new Uint8Array(500));
      assert.ok(reader.held <= 2 * (came + 500) + 16, `${reader.held} for ${came + 500}`);
      if (came > 66_000 + 65_000) break;
    }
  });

  for (const tokenLength of [9, 12, 15]) {
    it(`token length ${tokenLength} is reserved`, () => {
      assert.equal(read([Uint8Array.of(tokenLength)]).problem, 'reserved token length');
      assert.equal(readWholeFrame(Uint8Array.of(tokenLength, 1), 100), 'reserved token length');
    });
  }

  it('nothing is read after the sink had enough', () => {
    let count = 0;
    const reader = new FrameReader(100, { onFrame: () => ++count < 2 });
    reader.push(hex('0001 0001 0001'));
    assert.equal(count, 2);
  });

  it('whatever bytes come: no throw, and no more memory than they are worth', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 20 }), (chunks) => {
        const came = chunks.reduce((sum, { length }) => sum + length, 0);
        const { frames, held } = read(chunks, 5000);
        assert.ok(held <= 2 * came + 16);
        for (const frame of frames) decodeStreamMessage(frame, 10);
        for (const chunk of chunks) readWholeFrame(chunk, 100);
      }),
    );
  });
});

describe('the message in a WebSocket message (RFC 8323 §4.2)', () => {
  it('has Len 0 whatever its length', () => {
    const frame = encodeFrame(0x45, emptyBytes, [], new Uint8Array(5000), false);
    assert.equal(frame[0], 0);
    const whole = readWholeFrame(frame, 10_000);
    assert.ok(typeof whole !== 'string');
    const decoded = decodeStreamMessage(whole, 10);
    assert.ok(decoded.ok && decoded.value.payload.length === 5000);
  });

  it('another Len, too little and too much are refused', () => {
    assert.equal(readWholeFrame(hex('1001'), 100), 'length in a WebSocket message');
    assert.equal(readWholeFrame(hex('00'), 100), 'too short');
    assert.equal(readWholeFrame(emptyBytes, 100), 'too short');
    assert.equal(readWholeFrame(hex('0201aa'), 100), 'truncated token');
    assert.equal(readWholeFrame(new Uint8Array(101), 100), 'message too large');
  });
});
