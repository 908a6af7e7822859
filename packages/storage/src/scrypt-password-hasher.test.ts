import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ScryptPasswordHasher, secretDigest } from './scrypt-password-hasher.ts';

const fast = { costLogarithm: 4 };
const unpadded = (bytes: Buffer) => bytes.toString('base64').replaceAll('=', '');

describe('scrypt', () => {
  it('verifies the password that was hashed and no other', async () => {
    const hasher = new ScryptPasswordHasher(fast);
    const hash = await hasher.hash('correct horse');
    assert.match(hash, /^\$scrypt\$ln=4,r=8,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
    assert.equal(await hasher.verify('correct horse', hash), true);
    assert.equal(await hasher.verify('correct horsf', hash), false);
    assert.equal(await hasher.verify('', hash), false);
  });

  it('salts', async () => {
    const hasher = new ScryptPasswordHasher(fast);
    assert.notEqual(await hasher.hash('same'), await hasher.hash('same'));
  });

  it('agrees with RFC 7914', async () => {
    // RFC 7914 §12, third vector: its first 32 bytes, which are what a key of 32 bytes has.
    const key = Buffer.from('7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2', 'hex');
    const hash = `$scrypt$ln=14,r=8,p=1$${unpadded(Buffer.from('SodiumChloride'))}$${unpadded(key)}`;
    assert.equal(await new ScryptPasswordHasher().verify('pleaseletmein', hash), true);
    assert.equal(await new ScryptPasswordHasher().verify('pleaseletmeout', hash), false);
  });

  it('reads hashes of another cost, within reason', async () => {
    const hash = await new ScryptPasswordHasher({ costLogarithm: 5 }).hash('x');
    assert.equal(await new ScryptPasswordHasher(fast).verify('x', hash), true);
    assert.equal(await new ScryptPasswordHasher(fast).verify('x', hash.replace('ln=5', 'ln=31')), false);
    assert.equal(await new ScryptPasswordHasher(fast).verify('x', hash.replace('ln=5', 'ln=0')), false);
  });

  it('takes a hash that it cannot read as a wrong password', async () => {
    for (const hash of ['', 'plain', '$argon2id$v=19$m=65536$x$y', '$scrypt$ln=4,r=8,p=1$short$short']) {
      assert.equal(await new ScryptPasswordHasher(fast).verify('x', hash), false);
    }
  });

  it('runs a bounded number at once and turns away what exceeds the queue', async () => {
    const hasher = new ScryptPasswordHasher({ ...fast, maxRunning: 1, maxWaiting: 2 });
    const outcomes = await Promise.allSettled(Array.from({ length: 5 }, () => hasher.hash('x')));
    assert.deepEqual(
      outcomes.map(({ status }) => status),
      ['fulfilled', 'fulfilled', 'fulfilled', 'rejected', 'rejected'],
    );
    const rejected = outcomes[4] as PromiseRejectedResult;
    assert.equal((rejected.reason as { code: string }).code, 'PASSWORD_HASHER_BUSY');
    assert.ok(await hasher.hash('and on it goes'));
  });
});

describe('SHA-256', () => {
  it('agrees with FIPS 180-4', () => {
    const digest = secretDigest.sha256(new TextEncoder().encode('abc'));
    const expected = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
    assert.equal(Buffer.from(digest).toString('hex'), expected);
  });
});
