import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import { encodeUtf8, type PeerIdentity } from '@yaolian/kernel';
import type { CredentialProof, NewCredential } from './credential.ts';
import { type EndpointMatch, EndpointProof } from './endpoint-proof.ts';
import { MemoryCredentialStore } from './testing/index.ts';

const digest = { sha256: (bytes: Uint8Array) => new Uint8Array(createHash('sha256').update(bytes).digest()) };
const hexOf = (bytes: Uint8Array) => Buffer.from(digest.sha256(bytes)).toString('hex');
const certificate = encodeUtf8('a certificate');
const publicKey = encodeUtf8('a public key');
const shown: PeerIdentity = { kind: 'certificate', certificate, names: ['urn:dev:7', 'e7'] };

async function prove(
  endpoint: string,
  identity: PeerIdentity | undefined,
  stored: readonly (Partial<NewCredential> & { readonly proof: CredentialProof })[] = [],
  match: EndpointMatch = 'name',
) {
  const store = new MemoryCredentialStore();
  for (const [index, one] of stored.entries()) {
    const credential = { id: `c${index}`, endpoint: 'e1', purpose: 'any', createdAt: index, ...one } as const;
    await store.addCredential(credential, encodeUtf8('key'));
  }
  const proof = new EndpointProof({ store, digest, match });
  const judged = await proof.judge({ endpoint, purpose: 'register', identity });
  return judged.ok ? (judged.value?.id ?? 'nothing stored') : judged.error;
}

describe('the proof of an endpoint', () => {
  const psk = { kind: 'psk', identity: 'id1' } as const;

  it('is the credential that is stored for it, of every kind', async () => {
    assert.equal(await prove('e1', psk, [{ proof: psk }]), 'c0');
    assert.equal(
      await prove('e1', { kind: 'rpk', publicKey }, [{ proof: { kind: 'rpk', keyDigest: hexOf(publicKey) } }]),
      'c0',
    );
    assert.equal(await prove('e1', shown, [{ proof: { kind: 'certificate', digest: hexOf(certificate) } }]), 'c0');
    assert.equal(await prove('e1', shown, [{ proof: { kind: 'certificate-name', name: 'urn:dev:7' } }]), 'c0');
  });

  it('is not that of another endpoint, nor one for another purpose', async () => {
    assert.match(await prove('e2', psk, [{ proof: psk }]), /another endpoint/);
    assert.match(await prove('e7', shown, [{ proof: { kind: 'certificate-name', name: 'e7' } }]), /another endpoint/);
    assert.match(await prove('e1', psk, [{ proof: psk, purpose: 'bootstrap' }]), /not for registering/);
  });

  it('may be a name in the certificate, unless only stored credentials count', async () => {
    assert.equal(await prove('e7', shown), 'nothing stored');
    assert.match(await prove('e8', shown), /no endpoint of this name/);
    assert.match(await prove('e7', shown, [], 'credential'), /no endpoint of this name/);
  });

  it('with "any" may be anything, but never takes an endpoint from its own credentials', async () => {
    assert.equal(await prove('e8', shown, [], 'any'), 'nothing stored');
    assert.match(await prove('e1', shown, [{ proof: psk }], 'any'), /no endpoint of this name/);
  });

  it('cannot be left out where there are credentials', async () => {
    assert.equal(await prove('e1', undefined), 'nothing stored');
    assert.match(await prove('e1', undefined, [{ proof: psk }]), /comes by coaps/);
  });

  it('cannot be left out by anybody where it is required', async () => {
    const proof = new EndpointProof({ store: new MemoryCredentialStore(), digest, match: 'any', required: true });
    const claim = { endpoint: 'e1', purpose: 'register' } as const;
    assert.equal((await proof.judge({ ...claim, identity: undefined })).ok, false);
    assert.equal((await proof.judge({ ...claim, identity: psk })).ok, true);
  });

  it('ends when a newer credential was used', async () => {
    const store = new MemoryCredentialStore();
    const next = { kind: 'psk', identity: 'id2' } as const;
    for (const [createdAt, proof] of [psk, next].entries()) {
      await store.addCredential({ id: proof.identity, endpoint: 'e1', purpose: 'any', proof, createdAt });
    }
    const proof = new EndpointProof({ store, digest, match: 'name' });
    const claim = { endpoint: 'e1', purpose: 'register' } as const;
    assert.equal((await proof.judge({ ...claim, identity: psk })).ok, true);
    await proof.used(psk, 50);
    assert.equal((await proof.judge({ ...claim, identity: next })).ok, true);
    await proof.used(next, 60);
    await proof.used(next, 70);
    const old = await proof.judge({ ...claim, identity: psk });
    assert.deepEqual(old, { ok: false, error: 'its credential was replaced by a newer one' });
    assert.equal((await store.credential('id2'))?.usedAt, 60);
  });
});
