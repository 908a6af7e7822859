/** RFC 8613 Appendix C and §6.3, byte for byte. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeMessage, encodeMessage, MessageType } from '@yaolian/coap';
import { encodeHex, seconds } from '@yaolian/kernel';
import { nodeRandom, oscoreCrypto } from '@yaolian/node-runtime';
import fc from 'fast-check';
import { hex, mirrored } from '../test/world.ts';
import { OscoreAead } from './algorithms.ts';
import { cborArray, cborBytes, cborInteger, cborText } from './cbor.ts';
import { additionalData, aeadNonce, encodePartialIv } from './cose.ts';
import { completeCredentials, type OscoreCredentials } from './credentials.ts';
import { derivationInfo, deriveKeys } from './key-derivation.ts';
import { openRequest, openResponse, sealRequest, sealResponse } from './message-cipher.ts';
import { decodeOscoreOption, encodeOscoreOption } from './oscore-option.ts';
import { SecurityContext } from './security-context.ts';
import { VolatileOscoreStates } from './state-store.ts';

const masterSecret = hex('0102030405060708090a0b0c0d0e0f10');
const masterSalt = hex('9e7ca92223786340');

interface DerivationVector {
  readonly title: string;
  readonly client: OscoreCredentials;
  readonly info: readonly [senderKey: string, recipientKey: string, commonIv: string];
  readonly keys: readonly [senderKey: string, recipientKey: string, commonIv: string];
  readonly nonces: readonly [sender: string, recipient: string];
}

const derivations: readonly DerivationVector[] = [
  {
    title: 'C.1: with Master Salt',
    client: { masterSecret, masterSalt, senderId: hex(''), recipientId: hex('01') },
    info: ['8540f60a634b657910', '854101f60a634b657910', '8540f60a6249560d'],
    keys: ['f0910ed7295e6ad4b54fc793154302ff', 'ffb14e093c94c9cac9471648b4f98710', '4622d4dd6d944168eefb54987c'],
    nonces: ['4622d4dd6d944168eefb54987c', '4722d4dd6d944169eefb54987c'],
  },
  {
    title: 'C.2: without Master Salt',
    client: { masterSecret, senderId: hex('00'), recipientId: hex('01') },
    info: ['854100f60a634b657910', '854101f60a634b657910', '8540f60a6249560d'],
    keys: ['321b26943253c7ffb6003b0b64d74041', 'e57b5635815177cd679ab4bcec9d7dda', 'be35ae297d2dace910c52e99f9'],
    nonces: ['bf35ae297d2dace910c52e99f9', 'bf35ae297d2dace810c52e99f9'],
  },
  {
    title: 'C.3: with ID Context',
    client: {
      masterSecret,
      masterSalt,
      senderId: hex(''),
      recipientId: hex('01'),
      idContext: hex('37cbf3210017a2d3'),
    },
    info: [
      '85404837cbf3210017a2d30a634b657910',
      '8541014837cbf3210017a2d30a634b657910',
      '85404837cbf3210017a2d30a6249560d',
    ],
    keys: ['af2a1300a5e95788b356336eeecd2b92', 'e39a0c7c77b43f03b4b39ab9a268699f', '2ca58fb85ff1b81c0b7181b85e'],
    nonces: ['2ca58fb85ff1b81c0b7181b85e', '2da58fb85ff1b81d0b7181b85e'],
  },
];

for (const { title, client, info, keys, nonces } of derivations) {
  test(`RFC 8613 Appendix C: key derivation, ${title}`, () => {
    for (const role of ['client', 'server'] as const) {
      const credentials = completeCredentials(role === 'client' ? client : mirrored(client, 'x'));
      const { senderId, recipientId, idContext } = credentials;
      const order = role === 'client' ? [0, 1] : [1, 0];
      const derived = deriveKeys(oscoreCrypto, credentials);
      const infoOf = (id: Uint8Array, type: 'Key' | 'IV', length: number) =>
        encodeHex(derivationInfo(id, idContext, 10, type, length));
      assert.equal(infoOf(senderId, 'Key', 16), info[order[0]!]);
      assert.equal(infoOf(recipientId, 'Key', 16), info[order[1]!]);
      assert.equal(infoOf(hex(''), 'IV', 13), info[2]);
      assert.equal(encodeHex(derived.senderKey), keys[order[0]!]);
      assert.equal(encodeHex(derived.recipientKey), keys[order[1]!]);
      assert.equal(encodeHex(derived.commonIv), keys[2]);
      assert.equal(encodeHex(aeadNonce(derived.commonIv, senderId, hex('00'))), nonces[order[0]!]);
      assert.equal(encodeHex(aeadNonce(derived.commonIv, recipientId, hex('00'))), nonces[order[1]!]);
    }
  });
}

async function contextOf(credentials: OscoreCredentials): Promise<SecurityContext> {
  const complete = completeCredentials(credentials);
  const options = {
    store: new VolatileOscoreStates(),
    random: nodeRandom,
    replayWindow: 32,
    sequenceStep: 256,
    maximumSequence: 1000,
    echoLifetime: seconds(60),
  };
  return SecurityContext.open(options, {
    credentials: complete,
    keys: deriveKeys(oscoreCrypto, complete),
    origin: undefined,
  });
}

const requests = [
  {
    title: 'C.4: a request',
    client: derivations[0]!.client,
    plain: '44015d1f00003974396c6f63616c686f737483747631',
    aad: '8368456e63727970743040488501810a40411440',
    protected: '44025d1f00003974396c6f63616c686f7374620914ff612f1092f1776f1c1668b3825e',
  },
  {
    title: 'C.5: a request with a kid',
    client: derivations[1]!.client,
    plain: '440171c30000b932396c6f63616c686f737483747631',
    aad: '8368456e63727970743040498501810a4100411440',
    protected: '440271c30000b932396c6f63616c686f737463091400ff4ed339a5a379b0b8bc731fffb0',
  },
  {
    title: 'C.6: a request with a kid context',
    client: derivations[2]!.client,
    plain: '44012f8eef9bbf7a396c6f63616c686f737483747631',
    aad: '8368456e63727970743040488501810a40411440',
    protected: '44022f8eef9bbf7a396c6f63616c686f73746b19140837cbf3210017a2d3ff72cd7273fd331ac45cffbe55c3',
  },
];

function messageOf(text: string) {
  const decoded = decodeMessage(hex(text));
  assert.ok(decoded.ok);
  return decoded.value;
}

for (const { title, client, plain, aad, protected: expected } of requests) {
  test(`RFC 8613 Appendix C: sealing, ${title}`, async () => {
    const context = await contextOf(client);
    const kid = context.credentials.senderId;
    const partialIv = encodePartialIv(20);
    const { type, messageId, code, token, options, payload } = messageOf(plain);
    assert.equal(encodeHex(additionalData(10, kid, partialIv)), aad);
    const sealed = sealRequest(oscoreCrypto, context, { code, token, options, payload }, { kid, partialIv });
    assert.equal(encodeHex(encodeMessage({ type, messageId, ...sealed })), expected);
    const server = await contextOf(mirrored(client, 'client'));
    const plaintext = openRequest(oscoreCrypto, 10, server.keys, { kid, partialIv }, sealed.payload);
    assert.equal(encodeHex(plaintext!), '01b3747631');
  });
}

for (const [title, partialIv, expected] of [
  ['C.7: a response', undefined, '64445d1f0000397490ffdbaad1e9a7e7b2a813d3c31524378303cdafae119106'],
  ['C.8: a response with a Partial IV', 0, '64445d1f00003974920100ff4d4c13669384b67354b2b6175ff4b8658c666a6cf88e'],
] as const) {
  test(`RFC 8613 Appendix C: sealing, ${title}`, async () => {
    const { client } = derivations[0]!;
    const server = await contextOf(mirrored(client, 'client'));
    const { code, token, options, payload } = messageOf('64455d1f00003974ff48656c6c6f20576f726c6421');
    const binding = { kid: hex(''), partialIv: hex('14') };
    const own = partialIv === undefined ? undefined : encodePartialIv(partialIv);
    const sealed = sealResponse(oscoreCrypto, server, code, options, payload, binding, own);
    const message = { type: MessageType.ACK, messageId: 0x5d1f, token, ...sealed };
    assert.equal(encodeHex(encodeMessage(message)), expected);
    const opened = openResponse(oscoreCrypto, await contextOf(client), binding, own, sealed.payload);
    assert.equal(encodeHex(opened!), '45ff48656c6c6f20576f726c6421');
  });
}

test('RFC 8613 §6.3: examples of compressed COSE objects', () => {
  for (const [value, partialIv, kidContext, kid] of [
    ['090525', '05', undefined, '25'],
    ['0900', '00', undefined, ''],
    ['19050544616c656b', '05', '44616c656b', ''],
    ['', undefined, undefined, undefined],
    ['0107', '07', undefined, undefined],
  ] as const) {
    const bytes = (field: string | undefined) => (field === undefined ? undefined : hex(field));
    const option = { partialIv: bytes(partialIv), kidContext: bytes(kidContext), kid: bytes(kid) };
    assert.equal(encodeHex(encodeOscoreOption(option)), value);
    const decoded = decodeOscoreOption(hex(value));
    assert.ok(decoded.ok);
    for (const name of ['partialIv', 'kidContext', 'kid'] as const) {
      assert.equal(decoded.value[name] && encodeHex(decoded.value[name]), option[name] && encodeHex(option[name]));
    }
  }
});

test('RFC 8613 §5.4: the additional data is the CBOR that it is said to be, for every length of its parts', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...Object.values(OscoreAead)),
      fc.uint8Array({ maxLength: 7 }),
      fc.uint8Array({ minLength: 1, maxLength: 5 }),
      (algorithm, kid, partialIv) => {
        const array = cborArray([
          cborInteger(1),
          cborArray([cborInteger(algorithm)]),
          cborBytes(kid),
          cborBytes(partialIv),
          cborBytes(hex('')),
        ]);
        const expected = cborArray([cborText('Encrypt0'), cborBytes(hex('')), cborBytes(array)]);
        assert.equal(encodeHex(additionalData(algorithm, kid, partialIv)), encodeHex(expected));
      },
    ),
  );
});
