import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeHex, encodeHex, encodeUtf8 } from '@yaolian/kernel';
import { replayCorpus } from '@yaolian/testkit';
import fc from 'fast-check';
import { decodeMqttMessage, encodeMqttMessage, type MqttMessage } from './message.ts';

const bound = 4_096;
const decode = (hex: string) => decodeMqttMessage(decodeHex(hex)!, bound);

test('the examples of Transport 1.2 §8.3: a Bootstrap-Request, a Read and its answer', () => {
  assert.equal(encodeHex(encodeMqttMessage({ operation: 0, token: 42n })), 'a2010002182a');
  const read: MqttMessage = { operation: 9, token: 56n, uri: '/3/0/0' };
  assert.equal(encodeHex(encodeMqttMessage(read)), 'a30109021838' + '05662f332f302f30');
  // The answer there has a text for a payload.
  const answer = decode('a4' + '1218cd' + '021838' + '1300' + '07744f70656e204d6f62696c6520416c6c69616e6365');
  assert.ok(answer.ok);
  assert.deepEqual(answer.value, {
    result: 205,
    token: 56n,
    contentFormat: 0,
    payload: encodeUtf8('Open Mobile Alliance'),
  });
});

test('a wrapper without protection is taken off; one with COSE is refused', () => {
  const inner = 'a2010002182a';
  const wrapped = decode(`a201f602${inner}`);
  assert.ok(wrapped.ok && wrapped.value.operation === 0);
  const covered = decode(`a201440102030402${inner}`);
  assert.equal(!covered.ok && covered.error.reason, 'protected');
});

const bytes = fc.uint8Array({ maxLength: 40 });
const whole = fc.maxSafeNat();
const number = fc.oneof(whole, fc.double({ noNaN: true, noDefaultInfinity: true })).map((value) => value + 0);
const text = fc.string({ maxLength: 30, unit: 'grapheme' });
const fields = fc.record(
  {
    endpoint: text,
    preferredFormat: whole,
    uri: text,
    paths: bytes,
    payload: bytes,
    lifetime: whole,
    version: text,
    binding: text,
    sms: text,
    pmin: whole,
    pmax: whole,
    gt: number,
    st: number,
    epmin: whole,
    epmax: whole,
    contentFormat: whole,
    edge: whole,
    hqmax: whole,
    depth: whole,
  },
  { requiredKeys: [] },
);
const token = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
const message = fc.oneof(
  fc.tuple(fields, token, whole).map(([rest, of, operation]) => ({ ...rest, token: of, operation })),
  fc.tuple(fields, token, whole).map(([rest, of, result]) => ({ ...rest, token: of, result })),
);

test('what is written is read the same', () => {
  fc.assert(
    fc.property(message, (one) => {
      const decoded = decodeMqttMessage(encodeMqttMessage(one as MqttMessage), 100_000);
      assert.ok(decoded.ok);
      assert.deepEqual(decoded.value, one);
    }),
  );
});

test('any bytes are read or refused', () => {
  const maps = fc.array(fc.tuple(fc.nat(24), bytes), { maxLength: 6 }).map((entries) => {
    const items = entries.flatMap(([key, item]) => [key < 24 ? key : 0x18, ...(key < 24 ? [] : [key]), ...item]);
    return Uint8Array.from([0xa0 | entries.length, ...items]);
  });
  fc.assert(fc.property(fc.oneof(bytes, maps), (any) => void decodeMqttMessage(any, bound)));
});

test('a message beyond the bound is not looked at', () => {
  const one = encodeMqttMessage({ operation: 24, token: 1n, contentFormat: 112, payload: new Uint8Array(bound) });
  const refused = decodeMqttMessage(one, bound);
  assert.equal(!refused.ok && refused.error.reason, 'too large');
  assert.ok(decodeMqttMessage(one, one.length).ok);
});

/*
 * Hostile messages, one to a file: `# decode:` has the reason of the refusal, `ok` when there is none; `# answer:` the operation that is
 * answered all the same.
 */
replayCorpus(new URL('../../test/mqtt-corpus/', import.meta.url), ({ bytes: hostile, fields: expected }) => {
  const decoded = decodeMqttMessage(hostile, bound);
  assert.equal(decoded.ok ? 'ok' : decoded.error.reason, expected['decode']);
  const answered = decoded.ok ? undefined : decoded.error.request?.operation;
  assert.equal(answered, expected['answer'] === undefined ? undefined : Number(expected['answer']));
});
