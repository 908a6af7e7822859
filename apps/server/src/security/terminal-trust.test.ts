import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { MemoryCredentialStore } from '@yaolian/directory/testing';
import { encodeHex, hours } from '@yaolian/kernel';
import { makeCertificateRequest, nodeClock, openTerminalAuthority } from '@yaolian/node-runtime';
import { secretDigest } from '@yaolian/storage';
import { certificateOf } from '../../../../test/support/credentials.ts';
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

test('a session goes on while the authority that its certificate goes back to is believed', async () => {
  const [ca, client, below] = ['ca', 'client', 'below'].map((name) => certificateOf(name as 'ca'));
  const authorities = [ca!];
  const digestOf = (der: Uint8Array) => encodeHex(secretDigest.sha256(der));
  const trust = new TerminalTrust({
    store: new MemoryCredentialStore(),
    digest: secretDigest,
    clock: nodeClock,
    authorities: { ders: authorities, has: (digest) => authorities.some((der) => digestOf(der) === digest) },
  });
  const subject = { der: new Uint8Array(0), text: '', commonName: undefined };
  const proof = (certificate: Uint8Array, authority?: Uint8Array) => ({
    ...{
      kind: 'X.509' as const,
      certificate,
      chain: [certificate],
      subject,
      names: { dns: [], uris: [], addresses: [] },
    },
    ...(authority && { authority: secretDigest.sha256(authority) }),
  });
  assert.equal(await trust.isStillGood(proof(below!, ca)), true);
  assert.equal(await trust.isStillGood(proof(below!, below)), false);
  assert.equal(await trust.isStillGood(proof(client!)), true, 'stored before authorities were noted');
  assert.equal(await trust.isStillGood(proof(below!)), false, 'what is between is not known any more');
  authorities.length = 0;
  for (const one of [proof(below!, ca), proof(client!)]) assert.equal(await trust.isStillGood(one), false);
});
