import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PackageDescription, PackageProblem } from '@yaolian/lwm2m/client';
import { packFirmware } from './container.ts';
import { HashingStore, type HashingStoreOptions } from './hashing-store.ts';

const content = Uint8Array.from({ length: 5000 }, (_, i) => i & 0xff);
const facts = { name: 'app', version: '2.0', model: 'T1' };

/** What a store says of a package that comes in pieces of `size` bytes. */
function verdict(
  bytes: Uint8Array,
  size = 512,
  options: Partial<HashingStoreOptions> = {},
): PackageDescription | PackageProblem {
  const store = new HashingStore({ model: 'T1', ...options });
  const problem = store.begin(bytes.length);
  if (problem) return problem;
  for (let offset = 0; offset < bytes.length; offset += size) {
    const refused = store.append(bytes.subarray(offset, offset + size));
    if (refused) return refused;
  }
  assert.equal(store.length, bytes.length);
  return store.complete();
}

test('a package is known by its header and proven by its SHA-256, whatever pieces it comes in', () => {
  const whole = packFirmware(content, facts);
  for (const size of [1, 7, 64, 1024, 100_000]) {
    assert.deepEqual(verdict(whole, size), { name: 'app', version: '2.0' }, String(size));
  }
  assert.deepEqual(verdict(packFirmware(content, { name: 'any', version: '1' })), { name: 'any', version: '1' });
  assert.deepEqual(verdict(packFirmware(new Uint8Array(), facts)), { name: 'app', version: '2.0' });
});

test('one bit that is wrong, bytes too few and too many: integrity', () => {
  const whole = packFirmware(content, facts);
  const damaged = whole.slice();
  damaged[whole.length - 1]! ^= 1;
  for (const bytes of [damaged, whole.subarray(0, whole.length - 1), Uint8Array.from([...whole, 0])]) {
    assert.equal(verdict(bytes), 'integrity');
  }
});

test('what is no package, or one for another model: unsupported-type', () => {
  for (const bytes of [
    content,
    packFirmware(content, { ...facts, model: 'T2' }),
    packFirmware(content, facts).subarray(0, 60),
    new TextEncoder().encode(`YAOLIAN-FIRMWARE 1\n${'x: y\n'.repeat(300)}\n`),
    new Uint8Array(),
  ]) {
    assert.equal(verdict(bytes), 'unsupported-type');
  }
});

test('a package beyond the bound is refused by its announced size, or when it gets there', () => {
  const whole = packFirmware(content, facts);
  assert.equal(verdict(whole, 512, { maximumBytes: 1000 }), 'not-enough-storage');
  const store = new HashingStore({ model: 'T1', maximumBytes: 1000 });
  assert.equal(store.begin(undefined), undefined);
  assert.equal(store.append(whole.subarray(0, 1000)), undefined);
  assert.equal(store.append(whole.subarray(1000, 1001)), 'not-enough-storage');
});

test('a store begins anew: what came before does not count', () => {
  const store = new HashingStore({ model: 'T1' });
  store.append(content);
  const whole = packFirmware(content, facts);
  assert.equal(store.begin(whole.length), undefined);
  store.append(whole);
  assert.deepEqual(store.complete(), { name: 'app', version: '2.0' });
});
