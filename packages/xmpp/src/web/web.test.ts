import assert from 'node:assert/strict';
import { createHash, createHmac, pbkdf2Sync } from 'node:crypto';
import { mock, test } from 'node:test';
import { days, milliseconds } from '@yaolian/kernel';
import { webClock, webRandom, webSaslCrypto, webTimers } from './index.ts';

test('RFC 7677 §3: hash, HMAC and PBKDF2 are those of OpenSSL', async () => {
  const salt = Buffer.from('W22ZaJ0SNY7soEsUEjb6gQ==', 'base64');
  const password = new TextEncoder().encode('pencil');
  for (const [hash, name, length] of [
    ['SHA-1', 'sha1', 20],
    ['SHA-256', 'sha256', 32],
  ] as const) {
    const key = await webSaslCrypto.pbkdf2(hash, password, salt, 4096);
    assert.deepEqual(Buffer.from(key), pbkdf2Sync('pencil', salt, 4096, length, name));
    const mac = createHmac(name, key).update('Client Key').digest();
    assert.deepEqual(Buffer.from(await webSaslCrypto.hmac(hash, key, new TextEncoder().encode('Client Key'))), mac);
    assert.deepEqual(Buffer.from(await webSaslCrypto.hash(hash, mac)), createHash(name).update(mac).digest());
  }
});

test('bytes are equal, or differ in content or length', () => {
  const of = (...bytes: number[]) => Uint8Array.from(bytes);
  assert.equal(webSaslCrypto.equal(of(1, 2), of(1, 2)), true);
  assert.equal(webSaslCrypto.equal(of(1, 2), of(1, 3)), false);
  assert.equal(webSaslCrypto.equal(of(1, 2), of(1, 2, 3)), false);
});

test('randomness of any length', () => {
  const bytes = webRandom.bytes(200_000);
  assert.equal(bytes.length, 200_000);
  assert.ok(bytes.subarray(-32).some((byte) => byte !== 0));
  assert.equal(webSaslCrypto.random(7).length, 7);
  const fraction = webRandom.fraction();
  assert.ok(fraction >= 0 && fraction < 1);
});

test('timers fire once, after more than 24 days too, and not when they were cancelled', (t) => {
  t.after(() => mock.timers.reset());
  mock.timers.enable({ apis: ['setTimeout'] });
  let fired = 0;
  webTimers.schedule(milliseconds(5), () => fired++);
  webTimers.schedule(milliseconds(5), () => fired++).cancel();
  mock.timers.tick(10);
  assert.equal(fired, 1);
  webTimers.schedule(days(60), () => fired++);
  const other = webTimers.schedule(days(60), () => fired++);
  const pass = (count: number) => {
    for (let i = 0; i < count; i++) mock.timers.tick(days(1));
  };
  pass(59);
  assert.equal(fired, 1);
  other.cancel();
  pass(2);
  assert.equal(fired, 2);
});

test('the clock goes on', () => {
  assert.ok(Math.abs(webClock.epoch() - Date.now()) < 10_000);
  const before = webClock.monotonic();
  assert.ok(webClock.monotonic() >= before);
});
