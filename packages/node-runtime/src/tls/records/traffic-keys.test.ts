import assert from 'node:assert/strict';
import { it } from 'node:test';
import { decodeHex } from '@yaolian/kernel';
import { openCrypto } from '../../crypto/openssl-crypto.ts';
import { RecordSuites, TrafficKeys } from './traffic-keys.ts';

const bytes = (hex: string) => decodeHex(hex.replaceAll(/\s/g, ''))!;
const content = Uint8Array.from({ length: 50 }, (_, i) => i);
const record = (keys: TrafficKeys, whole: Uint8Array) => keys.open(whole.subarray(0, 5), whole.subarray(5));

// RFC 8448 §3: the secrets of both sides, and the records that they send.
const client = {
  secret: '9e40646ce79a7f9dc05af8889bce6552875afa0b06df0087f792ebb7c17504a5',
  data: `17 03 03 00 43 a2 3f 70 54 b6 2c 94 d0 af fa fe 82 28 ba 55 cb ef ac ea 42 f9 14 aa 66 bc ab 3f 2b 98 19 a8 a5 b4 6b 39 5b d5 4a
    9a 20 44 1e 2b 62 97 4e 1f 5a 62 92 a2 97 70 14 bd 1e 3d ea e6 3a ee bb 21 69 49 15 e4`,
  closeNotify: '17 03 03 00 13 c9 87 27 60 65 56 66 b7 4d 7f f1 15 3e fd 6d b6 d0 b0 e3',
};
const server = {
  secret: 'a11af9f05531f856ad47116b45a950328204b4f44bfb6b3a4b4f1f3fcb631643',
  data: `17 03 03 00 43 2e 93 7e 11 ef 4a c7 40 e5 38 ad 36 00 5f c4 a4 69 32 fc 32 25 d0 5f 82 aa 1b 36 e3 0e fa f9 7d 90 e6 df fc 60 2d
    cb 50 1a 59 a8 fc c4 9c 4b f2 e5 f0 a2 1c 00 47 c2 ab f3 32 54 0d d0 32 e1 67 c2 95 5d`,
};

for (const adapter of ['libcrypto', 'node'] as const) {
  it(`RFC 8448 §3: records of both sides, by ${adapter}`, async () => {
    const suite = new RecordSuites(await openCrypto(adapter)).of(0x1301)!;
    const receiving = new TrafficKeys(suite, bytes(client.secret));
    assert.deepEqual(record(receiving, bytes(client.data)), Uint8Array.of(...content, 23));
    assert.deepEqual(record(receiving, bytes(client.closeNotify)), Uint8Array.of(1, 0, 21));

    const sending = new TrafficKeys(suite, bytes(client.secret));
    const whole = bytes(client.data);
    const out = new Uint8Array(whole.length);
    out.set(whole.subarray(0, 5));
    sending.seal(out.subarray(0, 5), Uint8Array.of(...content, 23), out, 5);
    assert.deepEqual(out, whole);
    assert.equal(sending.sequence, 1);
  });

  it(`numbers of records make their nonces, by ${adapter}`, async () => {
    const suite = new RecordSuites(await openCrypto(adapter)).of(0x1301)!;
    const keys = new TrafficKeys(suite, bytes(server.secret));
    // In the trace a ticket is the first record, so that the data is the second.
    assert.equal(record(keys, bytes(server.data)), undefined);
    assert.equal(keys.sequence, 0, 'what is not authentic does not count');
    keys.seal(new Uint8Array(5), Uint8Array.of(23), new Uint8Array(17), 0);
    assert.deepEqual(record(keys, bytes(server.data)), Uint8Array.of(...content, 23));
  });
}

for (const id of [0x1301, 0x1302, 0x1303]) {
  it(`suite 0x${id.toString(16)}: the next keys are other ones, alike on both sides, and wiped ones are of no use`, async () => {
    const suite = new RecordSuites(await openCrypto()).of(id)!;
    const secret = new Uint8Array(suite.hash === 'sha256' ? 32 : 48).fill(7);
    const [near, far] = [new TrafficKeys(suite, secret.slice()), new TrafficKeys(suite, secret.slice())];
    const header = bytes('1703030016');
    const seal = (keys: TrafficKeys) => {
      const out = new Uint8Array(22);
      keys.seal(header, bytes('010203040517'), out, 0);
      return out;
    };
    const first = seal(near);
    near.update();
    assert.equal(near.sequence, 0);
    const second = seal(near);
    assert.notDeepEqual(first, second);
    assert.equal(far.open(header, second), undefined);
    assert.deepEqual(far.open(header, first), bytes('010203040517'));
    far.update();
    assert.deepEqual(far.open(header, second), bytes('010203040517'));
    far.wipe();
    assert.equal(far.open(header, seal(near)), undefined);
  });
}
