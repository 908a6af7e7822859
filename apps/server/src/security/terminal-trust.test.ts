import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { MemoryCredentialStore } from '@yaolian/directory/testing';
import { encodeHex, hours } from '@yaolian/kernel';
import { makeCertificateRequest, nodeClock, openTerminalAuthority } from '@yaolian/node-runtime';
import { secretDigest } from '@yaolian/storage';
import { TerminalTrust } from './terminal-trust.ts';

test('a certificate that the platform issued is believed while it is good; one that an operator stored is pinned', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'yaolian-trust-'));
  t.after(() => rm(folder, { recursive: true }));
  const store = new MemoryCredentialStore();
  let now = nodeClock.epoch();
  const clock = { ...nodeClock, epoch: () => now };
  const trust = new TerminalTrust({ store, digest: secretDigest, clock, authorities: { ders: [], has: () => false } });
  const authority = await openTerminalAuthority({ folder, clock, validity: hours(48) });
  const stored = async (endpoint: string, issued: boolean) => {
    const made = await authority.issue((await makeCertificateRequest(endpoint)).request, endpoint);
    assert.ok(made.ok);
    const proof = { kind: 'certificate', digest: encodeHex(secretDigest.sha256(made.value)) } as const;
    await store.addCredential({
      id: endpoint,
      endpoint,
      purpose: 'register',
      proof,
      ...(issued && { issued }),
      createdAt: now,
    });
    return made.value;
  };
  const [ours, pinned] = [await stored('ours', true), await stored('pinned', false)];
  const believed = () => Promise.all([ours, pinned].map((one) => trust.storedCertificate(one)));
  assert.deepEqual(await believed(), [true, true]);
  now += 49 * 3_600_000;
  assert.deepEqual(await believed(), [false, true]);
});
