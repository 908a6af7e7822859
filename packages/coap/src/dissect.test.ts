import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeHex, encodeUtf8 } from '@yaolian/kernel';
import fc from 'fast-check';
import { Code } from './codes.ts';
import { dissectFrame, dissectMessage } from './dissect.ts';
import { MessageType } from './message.ts';
import { encodeMessage } from './message-encoder.ts';
import { OptionNumber } from './options.ts';
import { encodeFrame } from './stream/frame.ts';

const token = Uint8Array.of(0x8f, 2);
const options = [
  { number: OptionNumber.UriPath, value: encodeUtf8('3') },
  { number: OptionNumber.ContentFormat, value: Uint8Array.of(0x2d, 0x16) },
];
const payload = Uint8Array.of(1, 2, 3);

test('every byte of a message belongs to a field that says what it means', () => {
  const bytes = encodeMessage({ type: MessageType.CON, code: Code.GET, messageId: 0x4a1b, token, options, payload });
  const { title, fields, payloadStart } = dissectMessage(bytes);
  assert.equal(title, 'CON GET');
  assert.deepEqual(
    fields.slice(1).map(({ name, value, start, end }) => `${start}-${end} ${name}: ${value}`),
    [
      '0-1 Type: CON (confirmable)',
      '0-1 Token length: 2',
      '1-2 Code: 0.01 GET',
      '2-4 Message ID: 0x4a1b (18971)',
      '4-6 Token: 0x8f02',
      '6-8 Uri-Path: "3"',
      '8-11 Content-Format: application/vnd.oma.lwm2m+tlv (11542)',
    ].map((line) => line.replace('(11542)', `(${0x2d16})`)),
  );
  assert.deepEqual(bytes.subarray(payloadStart), payload);
});

test('a message of a stream has the ranges of its framing', () => {
  for (const withLength of [true, false]) {
    const bytes = encodeFrame(Code.Content, token, options, payload, withLength);
    const { title, fields, payloadStart } = dissectFrame(bytes, !withLength);
    assert.equal(title, '2.05 Content');
    const found = fields.find(({ name }) => name === 'Uri-Path')!;
    assert.deepEqual(bytes.subarray(found.start, found.end), Uint8Array.of(0xb1, 0x33));
    assert.deepEqual(bytes.subarray(payloadStart), payload);
  }
});

test('signaling and empty messages have their names', () => {
  assert.equal(dissectFrame(encodeFrame(0xe1, token, [], new Uint8Array(0), true), false).title, '7.01 CSM');
  assert.equal(dissectMessage(decodeHex('40001234')!).title, 'CON ping');
  assert.equal(dissectMessage(decodeHex('70001234')!).title, 'RST empty');
  assert.equal(dissectMessage(decodeHex('40')!).title, 'no CoAP message: too short');
});

test('any bytes can be taken apart, and no range lies outside them', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), fc.integer({ min: 0, max: 2 }), (bytes, how) => {
      const { fields, payloadStart } = how === 0 ? dissectMessage(bytes) : dissectFrame(bytes, how === 1);
      assert.ok(payloadStart <= bytes.length);
      for (const { start, end } of fields) assert.ok(0 <= start && start <= end && end <= bytes.length);
    }),
  );
});
