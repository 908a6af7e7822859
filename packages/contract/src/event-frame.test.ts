import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type EventFrame, EventFrameReader, encodeEventFrame, heartbeatFrame } from './event-frame.ts';

const word = fc.stringMatching(/^[a-z.0-9-]{1,20}$/);
const frame: fc.Arbitrary<EventFrame> = fc.record(
  { id: word, event: word, data: fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll('\r', '')) },
  { noNullPrototype: true },
);

test('frames come back from a stream that is cut anywhere', () => {
  fc.assert(
    fc.property(fc.array(frame), fc.array(fc.nat(40)), (frames, cuts) => {
      let stream = frames.map((one) => heartbeatFrame + encodeEventFrame(one)).join('');
      const reader = new EventFrameReader();
      const read: EventFrame[] = [];
      for (const cut of cuts) {
        read.push(...reader.push(stream.slice(0, cut)));
        stream = stream.slice(cut);
      }
      read.push(...reader.push(stream));
      assert.deepEqual(read, frames);
    }),
  );
});

test('carriage returns end lines too, also when a piece ends between CR and LF', () => {
  const reader = new EventFrameReader();
  assert.deepEqual(reader.push('id: 1\r'), []);
  assert.deepEqual(reader.push('\nevent: e\r\ndata: x\r\n\r\n'), [{ id: '1', event: 'e', data: 'x' }]);
});

test('the id stays until a frame sets another, comments and unknown fields are ignored', () => {
  const reader = new EventFrameReader();
  assert.deepEqual(reader.push('id: 7\ndata:a\n\n: hello\nretry: 5\nwhat\ndata: b\n\n\n'), [
    { id: '7', event: 'message', data: 'a' },
    { id: '7', event: 'message', data: 'b' },
  ]);
});

test('a frame beyond the bound throws, in one line or in many', () => {
  assert.throws(() => new EventFrameReader({ maxFrameLength: 10 }).push(`data: ${'x'.repeat(20)}`), RangeError);
  const reader = new EventFrameReader({ maxFrameLength: 10 });
  assert.throws(() => {
    for (let i = 0; i < 20; i++) reader.push('data: x\n');
  }, RangeError);
});
