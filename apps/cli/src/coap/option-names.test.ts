import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { describeContentFormat, describeOption, encodeMessage, MessageType } from '@yaolian/coap';
import { encodeHex, encodeUtf8 } from '@yaolian/kernel';
import { contentFormatOption } from './content-formats.ts';
import { coapOption } from './option-names.ts';
import { describeDatagram } from './trace.ts';

describe('coapOption', () => {
  for (const [text, number, hex] of [
    ['11=rd', 11, '7264'],
    ['15=a=b', 15, '613d62'],
    ['14=60', 14, '3c'],
    ['14=0', 14, ''],
    ['60=70000', 60, '011170'],
    ['12=50', 12, '32'],
    ['5', 5, ''],
    ['5=', 5, ''],
    ['4=0x0a0B', 4, '0a0b'],
    ['2049=0x', 2049, ''],
    ['2050=text', 2050, '74657874'],
    ['65535=x', 65_535, '78'],
  ] as const) {
    it(`reads ${text}`, () => {
      const option = coapOption(text);
      assert.deepEqual([option.number, encodeHex(option.value)], [number, hex]);
    });
  }

  for (const text of ['', 'x=1', '70000=1', '=1', '14=x', '14=4294967296', '4=0xabc', '-1=2']) {
    it(`refuses "${text}"`, () => assert.throws(() => coapOption(text), { code: 'CLI_USAGE' }));
  }
});

describe('contentFormatOption', () => {
  it('knows names, media types and numbers', () => {
    assert.deepEqual(
      ['text', 'JSON', 'application/cbor', 'text/plain', 'tlv', 'opaque', '50', '65535'].map(contentFormatOption),
      [0, 50, 60, 0, 11542, 42, 50, 65_535],
    );
    assert.throws(
      () => contentFormatOption('yaml'),
      /"yaml" is no content format; use a number up to 65535 or one of text/,
    );
    assert.throws(() => contentFormatOption('65536'), { code: 'CLI_USAGE' });
    assert.equal(describeContentFormat(50), 'application/json (50)');
    assert.equal(describeContentFormat(12345), '12345');
  });
});

describe('describeOption', () => {
  for (const [number, value, text] of [
    [11, encodeUtf8('r\u001bd'), 'Uri-Path "r\\x1bd"'],
    [11, Uint8Array.of(0xff), 'Uri-Path 0xff'],
    [12, Uint8Array.of(), 'Content-Format text/plain;charset=utf-8 (0)'],
    [23, Uint8Array.of(0x3a), 'Block2 3/more/64'],
    [27, Uint8Array.of(), 'Block1 0/last/16'],
    [14, Uint8Array.of(1, 0), 'Max-Age 256'],
    [5, Uint8Array.of(), 'If-None-Match'],
    [1, Uint8Array.of(), 'If-Match empty'],
    [4, Uint8Array.of(1, 2), 'ETag 0x0102'],
    [14, Uint8Array.of(1, 2, 3, 4, 5), 'Max-Age 0x0102030405'],
    [9999, Uint8Array.of(7), 'Option 9999 0x07'],
  ] as const) {
    it(`says ${text}`, () => assert.equal(describeOption({ number, value }), text));
  }
});

describe('describeDatagram', () => {
  const message = {
    type: MessageType.CON,
    code: 2,
    messageId: 0x4a1b,
    token: Uint8Array.of(0x8f, 2),
    options: [{ number: 11, value: encodeUtf8('rd') }],
    payload: encodeUtf8('</1/0>'),
  };

  it('tells type, code, id, token, options and payload', () => {
    assert.equal(
      describeDatagram(encodeMessage(message)).replaceAll(/\n +/g, '|'),
      'CON 0.02 POST  id 4a1b  token 8f02|Uri-Path "rd"|payload 6 bytes: "</1/0>"',
    );
    const empty = {
      ...message,
      type: MessageType.RST,
      code: 0,
      token: message.token.slice(2),
      options: [],
      payload: Uint8Array.of(),
    };
    assert.equal(describeDatagram(encodeMessage(empty)), 'RST empty  id 4a1b');
  });

  it('shows what is no text, or no CoAP, as hex', () => {
    const binary = encodeMessage({ ...message, payload: new Uint8Array(40) });
    assert.match(describeDatagram(binary), /payload 40 bytes: 0x0{64}…$/);
    assert.equal(describeDatagram(Uint8Array.of(1, 2)), 'not CoAP (too short): 0x0102');
  });
});
