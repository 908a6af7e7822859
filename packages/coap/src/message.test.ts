import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeHex, encodeHex, encodeUtf8 } from '@yaolian/kernel';
import fc from 'fast-check';
import { Code } from './codes.ts';
import {
  decodeMessage,
  equalMessages,
  type Message,
  type MessageFields,
  type MessageFormatReason,
  MessageType,
  OptionCursor,
} from './message.ts';
import { encodedSize, encodeMessage } from './message-encoder.ts';
import type { Option } from './options.ts';
import { hasToken, tokenKey } from './token.ts';

function decode(hex: string): Message {
  const decoded = decodeMessage(decodeHex(hex)!);
  assert.ok(decoded.ok, decoded.ok ? '' : decoded.error.reason);
  return decoded.value;
}

const empty = new Uint8Array(0);

// The messages that RFC 7252 appendix A shows in bits.
const vectors: readonly { readonly title: string; readonly hex: string; readonly fields: MessageFields }[] = [
  {
    title: 'figure 16, GET /temperature',
    hex: '40 01 7d 34 bb 74 65 6d 70 65 72 61 74 75 72 65',
    fields: {
      type: MessageType.CON,
      code: Code.GET,
      messageId: 0x7d34,
      token: empty,
      options: [{ number: 11, value: encodeUtf8('temperature') }],
      payload: empty,
    },
  },
  {
    title: 'figure 16, its piggybacked 2.05',
    hex: '60 45 7d 34 ff 32 32 2e 33 20 43',
    fields: {
      type: MessageType.ACK,
      code: Code.Content,
      messageId: 0x7d34,
      token: empty,
      options: [],
      payload: encodeUtf8('22.3 C'),
    },
  },
  {
    title: 'figure 17, with a token',
    hex: '41 01 7d 35 20 bb 74 65 6d 70 65 72 61 74 75 72 65',
    fields: {
      type: MessageType.CON,
      code: Code.GET,
      messageId: 0x7d35,
      token: Uint8Array.of(0x20),
      options: [{ number: 11, value: encodeUtf8('temperature') }],
      payload: empty,
    },
  },
  {
    title: 'the Register of a terminal',
    hex: '48 02 00 01 0102030405060708 b2 7264 11 28 33 65703d 08 6c743d3836343030 ff 3c2f3e',
    fields: {
      type: MessageType.CON,
      code: Code.POST,
      messageId: 1,
      token: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8),
      options: [
        { number: 11, value: encodeUtf8('rd') },
        { number: 12, value: Uint8Array.of(40) },
        { number: 15, value: encodeUtf8('ep=') },
        { number: 15, value: encodeUtf8('lt=86400') },
      ],
      payload: encodeUtf8('</>'),
    },
  },
];

for (const { title, hex, fields } of vectors) {
  test(`vector: ${title}`, () => {
    assert.ok(equalMessages(decode(hex), fields));
    assert.equal(encodeHex(encodeMessage(fields)), hex.replaceAll(' ', ''));
  });
}

test('deltas and lengths of 12, 13, 268, 269 and more take 0, 1 and 2 further bytes', () => {
  for (const [delta, head] of [
    [12, 'c0'],
    [13, 'd000'],
    [268, 'd0ff'],
    [269, 'e00000'],
    [65_535, 'e0fef2'],
  ] as const) {
    const fields = { ...vectors[0]!.fields, options: [{ number: delta, value: empty }] };
    assert.equal(encodeHex(encodeMessage(fields)), `40017d34${head}`);
    assert.equal(decode(`40017d34${head}`).options[0]!.number, delta);
  }
  for (const [length, head] of [
    [12, '1c'],
    [13, '1d00'],
    [268, '1dff'],
    [269, '1e0000'],
    [1034, '1e02fd'],
  ] as const) {
    const fields = { ...vectors[0]!.fields, options: [{ number: 1, value: new Uint8Array(length) }] };
    assert.equal(encodeHex(encodeMessage(fields)), `40017d34${head}${'00'.repeat(length)}`);
    assert.equal(decode(`40017d34${head}${'00'.repeat(length)}`).options[0]!.value.length, length);
  }
});

const option: fc.Arbitrary<Option> = fc.record({
  number: fc.oneof(fc.nat(64), fc.nat(65_535)),
  value: fc.oneof(fc.uint8Array({ maxLength: 20 }), fc.uint8Array({ maxLength: 400 })),
});

const message: fc.Arbitrary<MessageFields> = fc.record({
  type: fc.constantFrom(...Object.values(MessageType)),
  code: fc.oneof(fc.integer({ min: 1, max: 31 }), fc.integer({ min: 64, max: 191 })),
  messageId: fc.nat(65_535),
  token: fc.uint8Array({ maxLength: 8 }),
  options: fc.array(option, { maxLength: 20 }).map((options) => options.toSorted((a, b) => a.number - b.number)),
  payload: fc.uint8Array({ maxLength: 2000 }),
});

test('decode(encode(m)) = m, in exactly the announced size', () => {
  fc.assert(
    fc.property(message, (fields) => {
      const bytes = encodeMessage(fields);
      assert.equal(bytes.length, encodedSize(fields.token.length, fields.options, fields.payload));
      const decoded = decodeMessage(bytes);
      assert.ok(decoded.ok);
      assert.ok(equalMessages(decoded.value, fields));
      assert.ok(hasToken(decoded.value, fields.token));
      assert.equal(tokenKey(bytes, 4, fields.token.length), tokenKey(fields.token, 0, fields.token.length));
    }),
  );
});

test('any bytes decode or are refused, and what decodes encodes to the same message', () => {
  const almost = fc.tuple(
    fc.uint8Array({ minLength: 4, maxLength: 200 }),
    fc.constantFrom(0x40, 0x44, 0x48, 0x50, 0x61),
  );
  const datagram = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    almost.map(([bytes, first]) => Uint8Array.of(first, ...bytes.subarray(1))),
  );
  fc.assert(
    fc.property(datagram, (bytes) => {
      const decoded = decodeMessage(bytes);
      if (!decoded.ok) return;
      const { options } = decoded.value;
      // Options are views: a hostile datagram cannot make us hold more than itself and one small object per option.
      assert.ok(options.every(({ value }) => value.buffer === bytes.buffer));
      assert.ok(options.length <= 128);
      const again = decodeMessage(encodeMessage(decoded.value));
      assert.ok(again.ok && equalMessages(again.value, decoded.value));
    }),
    { numRuns: 2000 },
  );
});

test('the cursor sees what the list of options has', () => {
  fc.assert(
    fc.property(message, (fields) => {
      const decoded = decodeMessage(encodeMessage(fields));
      assert.ok(decoded.ok);
      const cursor = new OptionCursor();
      cursor.reset(decoded.value);
      const seen: string[] = [];
      while (cursor.next()) {
        seen.push(`${cursor.number} ${encodeHex(decoded.value.bytes.subarray(cursor.start, cursor.end))}`);
      }
      assert.deepEqual(
        seen,
        fields.options.map(({ number, value }) => `${number} ${encodeHex(value)}`),
      );
    }),
  );
});

test('every way to break a message off is refused', () => {
  const whole = encodeMessage({
    ...vectors[3]!.fields,
    options: [...vectors[3]!.fields.options, { number: 2049, value: new Uint8Array(300).fill(1) }],
    payload: empty,
  });
  const good = new Set<number>();
  for (let length = 0; length < whole.length; length++) {
    const decoded = decodeMessage(whole.subarray(0, length));
    if (decoded.ok) good.add(length);
    else
      assert.ok(
        (['too short', 'truncated token', 'truncated option'] as MessageFormatReason[]).includes(decoded.error.reason),
      );
  }
  // Between two options a shorter message is a message too.
  assert.deepEqual([...good], [12, 15, 17, 21, 30]);
});

test('the caller cannot encode what would not decode', () => {
  const fields = vectors[0]!.fields;
  const wrong: Partial<MessageFields>[] = [
    { code: 256 },
    { messageId: 65_536 },
    { token: new Uint8Array(9) },
    { code: 0, payload: Uint8Array.of(1) },
    {
      options: [
        { number: 12, value: empty },
        { number: 11, value: empty },
      ],
    },
    { options: [{ number: 65_536, value: empty }] },
    { options: [{ number: 1, value: new Uint8Array(65_805) }] },
  ];
  for (const one of wrong) assert.throws(() => encodeMessage({ ...fields, ...one }), RangeError);
});
