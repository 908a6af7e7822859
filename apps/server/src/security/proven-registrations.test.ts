import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MemoryCredentialStore } from '@yaolian/directory/testing';
import { socketAddress } from '@yaolian/kernel';
import type { Registration } from '@yaolian/lwm2m/server';
import { provenRegistrations } from './proven-registrations.ts';

test('registrations of endpoints with credentials go on over DTLS, and no others', async () => {
  const store = new MemoryCredentialStore();
  for (let index = 0; index < 1001; index++) {
    const id = String(index);
    const proof = { kind: 'psk', identity: id } as const;
    await store.addCredential({ id, endpoint: `e${index}`, purpose: 'any', proof, createdAt: 1 });
  }
  const isProven = await provenRegistrations(store);
  const judge = (endpoint: string, binding: string) =>
    isProven(socketAddress('192.0.2.1', 5683), { endpoint, binding } as Registration);
  assert.deepEqual(
    [judge('e0', 'U'), judge('e1000', 'UQ'), judge('e0', 'T'), judge('f', 'U')],
    [true, true, false, false],
  );
});
