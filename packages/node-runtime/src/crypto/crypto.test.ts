import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import type { AeadAlgorithm, CryptoPort } from '@yaolian/dtls';
import { nodeCrypto } from './node-crypto.ts';
import { CryptoAdapter, openCrypto } from './openssl-crypto.ts';

const hex = (text: string) => new Uint8Array(Buffer.from(text.replaceAll(' ', ''), 'hex'));
const toHex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const algorithms: readonly AeadAlgorithm[] = [
  'aes-128-ccm-8',
  'aes-128-ccm',
  'aes-128-gcm',
  'aes-256-gcm',
  'chacha20-poly1305',
];

/** What every adapter must do. */
function contract(crypto: CryptoPort): void {
  const title = (text: string) => `${crypto.name}: ${text}`;

  test(title('ChaCha20-Poly1305 of RFC 8439 §2.8.2'), () => {
    const key = hex('808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f');
    const text = new TextEncoder().encode(
      "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen would be it.",
    );
    const sealed = new Uint8Array(text.length + 16);
    const additional = hex('50515253c0c1c2c3c4c5c6c7');
    crypto.aead('chacha20-poly1305').seal(key, hex('070000004041424344454647'), additional, text, sealed, 0);
    assert.equal(toHex(sealed.subarray(0, 16)), 'd31a8d34648e60db7b86afbc53ef7ec2');
    assert.equal(toHex(sealed.subarray(-16)), '1ae10b594f09e26a7e902ecbd0600691');
  });

  test(title('AES-GCM of the GCM specification, test case 4'), () => {
    const aead = crypto.aead('aes-128-gcm');
    const key = hex('feffe9928665731c6d6a8f9467308308');
    const plaintext = hex(
      'd9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39',
    );
    const sealed = new Uint8Array(plaintext.length + 16);
    const additional = hex('feedfacedeadbeeffeedfacedeadbeefabaddad2');
    aead.seal(key, hex('cafebabefacedbaddecaf888'), additional, plaintext, sealed, 0);
    assert.equal(toHex(sealed.subarray(-16)), '5bc94fbc3221a5db94fae95ae7121a47');
  });

  for (const algorithm of algorithms) {
    test(title(`${algorithm} agrees with node:crypto at every length, and refuses every changed bit`), () => {
      const [aead, other] = [crypto.aead(algorithm), nodeCrypto.aead(algorithm)];
      const key = hex('000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f').subarray(0, aead.keyLength);
      const nonce = hex('a0a1a2a3a4a5a6a7a8a9aaab');
      const additional = hex('00010000000000051 7fefd0020'.replaceAll(' ', ''));
      for (const length of [0, 1, 15, 16, 17, 100, 1200, 16_384, 18_000]) {
        const content = Uint8Array.from({ length }, (_, i) => i);
        const sealed = new Uint8Array(length + aead.tagLength + 3);
        aead.seal(key, nonce, additional, content, sealed, 3);
        assert.deepEqual(other.open(key, nonce, additional, sealed.subarray(3)), content);
        assert.deepEqual(aead.open(key, nonce, additional, sealed.subarray(3)), content);
      }
      const sealed = new Uint8Array(20 + aead.tagLength);
      aead.seal(key, nonce, additional, new Uint8Array(20), sealed, 0);
      for (let bit = 0; bit < 8 * sealed.length; bit++) {
        const changed = sealed.slice();
        changed[bit >> 3]! ^= 1 << (bit & 7);
        assert.equal(aead.open(key, nonce, additional, changed), undefined);
      }
      assert.equal(
        aead.open(
          key,
          nonce,
          additional.map((byte) => byte ^ 1),
          sealed,
        ),
        undefined,
      );
      assert.equal(
        aead.open(
          key,
          nonce.map((byte) => byte ^ 1),
          additional,
          sealed,
        ),
        undefined,
      );
      for (let end = 0; end < sealed.length; end++) {
        assert.equal(aead.open(key, nonce, additional, sealed.subarray(0, end)), undefined);
      }
      assert.equal(aead.open(key, nonce, additional, sealed)?.length, 20);
    });
  }

  test(title('HMAC of RFC 4231 §4.3, with long keys and long data too'), () => {
    const data = new TextEncoder().encode('what do ya want for nothing?');
    const key = new TextEncoder().encode('Jefe');
    assert.match(toHex(crypto.hmac('sha256', key).sign(data)), /^5bdcc146bf60754e6a042426089575c7/);
    assert.match(toHex(crypto.hmac('sha384', key).sign(data)), /^af45d2e376484031617f78d2b58a6b1b/);
    for (const [keyLength, length] of [
      [0, 0],
      [200, 10],
      [16, 0],
      [48, 31_744],
      [48, 31_745],
      [512, 100],
      [513, 100],
      [600, 40_000],
    ] as const) {
      const [long, much] = [new Uint8Array(keyLength).fill(1), new Uint8Array(length).fill(2)];
      assert.deepEqual(crypto.hmac('sha256', long).sign(much), nodeCrypto.hmac('sha256', long).sign(much));
    }
  });

  test(title('the beginning of an HMAC goes where it is wanted'), () => {
    for (const [keyLength, length] of [
      [32, 70],
      [32, 0],
      [600, 70],
      [32, 40_000],
    ] as const) {
      const key = new Uint8Array(keyLength).fill(1);
      const data = new Uint8Array(length + 9).fill(7);
      const out = new Uint8Array(20).fill(0xee);
      crypto.hmac('sha256', key).signInto(data, length, out, 3, 15);
      const mac = nodeCrypto.hmac('sha256', key).sign(data.subarray(0, length));
      assert.deepEqual([...out], [0xee, 0xee, 0xee, ...mac.subarray(0, 15), 0xee, 0xee]);
    }
  });

  test(title('HMACs with several keys, in turn and again, do not mix them up'), () => {
    const keys = [16, 32, 48, 20].map((length, number) => new Uint8Array(length).fill(number));
    const macs = (['sha256', 'sha384'] as const).flatMap((hash) =>
      keys.map((key) => [crypto.hmac(hash, key), nodeCrypto.hmac(hash, key)] as const),
    );
    for (let round = 0; round < 50; round++) {
      const [direct, other] = macs[(round * round + round) % macs.length]!;
      const data = new Uint8Array(round).fill(round);
      for (let again = 0; again < 2; again++) assert.deepEqual(direct.sign(data), other.sign(data));
    }
  });

  test(title('key agreement on each group; what is no public key is refused'), () => {
    for (const group of ['x25519', 'secp256r1', 'secp384r1'] as const) {
      const [ours, theirs] = [crypto.generateKeyShare(group), crypto.generateKeyShare(group)];
      assert.deepEqual(ours.agree(theirs.publicKey), theirs.agree(ours.publicKey));
      for (const wrong of [new Uint8Array(0), new Uint8Array(ours.publicKey.length), ours.publicKey.subarray(1)]) {
        assert.equal(ours.agree(wrong), undefined);
      }
      const off = theirs.publicKey.slice();
      off[off.length - 1]! ^= 1;
      if (group !== 'x25519') assert.equal(ours.agree(off), undefined);
    }
  });

  test(title('signatures of each kind of key; wrong ones and wrong keys are refused'), () => {
    const data = new Uint8Array(50).fill(7);
    for (const [pair, algorithm] of [
      [generateKeyPairSync('ec', { namedCurve: 'P-256' }), 'ecdsa-sha256'],
      [generateKeyPairSync('ec', { namedCurve: 'P-384' }), 'ecdsa-sha384'],
      [generateKeyPairSync('ed25519'), 'ed25519'],
    ] as const) {
      const key = crypto.importPrivateKey(pair.privateKey.export({ format: 'der', type: 'pkcs8' }));
      const signature = key.sign(algorithm, data);
      assert.equal(crypto.publicKeyKind(key.publicKey), key.kind);
      assert.ok(crypto.verify(algorithm, key.publicKey, data, signature));
      assert.ok(!crypto.verify(algorithm, key.publicKey, data.subarray(1), signature));
      assert.ok(!crypto.verify(algorithm, key.publicKey, data, new Uint8Array(0)));
      assert.ok(!crypto.verify(algorithm === 'ed25519' ? 'ecdsa-sha256' : 'ed25519', key.publicKey, data, signature));
      assert.ok(!crypto.verify(algorithm, new Uint8Array(10), data, signature));
      const pem = pair.privateKey.export({ format: 'pem', type: 'pkcs8' });
      for (const form of [pem, Buffer.from(pem)]) {
        assert.deepEqual(crypto.importPrivateKey(form).publicKey, key.publicKey, 'a text or a file in PEM');
      }
    }
    assert.throws(() => crypto.importPrivateKey(new Uint8Array(5)), TypeError);
  });
}

contract(nodeCrypto);
contract(await openCrypto(CryptoAdapter.Auto));

test('the adapter can be forced, and an unknown one is refused with those that exist', async () => {
  assert.equal((await openCrypto(CryptoAdapter.Node)).name, 'node:crypto');
  await assert.rejects(openCrypto('wolfssl' as CryptoAdapter), /auto, libcrypto or node/);
});
