import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { encodeUtf8 } from '@yaolian/kernel';
import type { Credential, CredentialProof, CredentialStore, NewCredential } from '../credential.ts';
import type { OpenedStore, OpenStore } from './opened-store.ts';

const key = encodeUtf8('0123456789abcdef');

function psk(id: string, change: Partial<NewCredential> = {}): NewCredential {
  return { id, endpoint: 'e1', purpose: 'any', proof: { kind: 'psk', identity: `of ${id}` }, createdAt: 10, ...change };
}

const unused = (credential: NewCredential): Credential => ({
  ...credential,
  usedAt: undefined,
  supersededAt: undefined,
});

const proofs: readonly CredentialProof[] = [
  { kind: 'psk', identity: 'ein Schlüssel' },
  { kind: 'rpk', keyDigest: 'ab'.repeat(32) },
  { kind: 'certificate', digest: 'ab'.repeat(32) },
  { kind: 'certificate-name', name: 'ein Schlüssel' },
  { kind: 'oscore', senderId: '0a', idContext: 'ff00' },
  { kind: 'oscore', senderId: '' },
];

/** What every {@link CredentialStore} does. */
export function credentialStoreContract(name: string, open: OpenStore<CredentialStore>): void {
  const scenario = (title: string, run: (opened: OpenedStore<CredentialStore>) => Promise<void>) =>
    it(title, async () => {
      const opened = await open();
      try {
        await run(opened);
      } finally {
        await opened.close();
      }
    });

  describe(`${name} keeps the contract of CredentialStore`, () => {
    scenario('gives back every kind as it was added, and finds it by its proof alone', async ({ store, reopen }) => {
      for (const [index, proof] of proofs.entries()) {
        const secret = proof.kind === 'psk' ? [key] : [];
        assert.equal(await store.addCredential(psk(`c${index}`, { proof }), ...secret), true);
      }
      const again = reopen ? await reopen() : store;
      for (const [index, proof] of proofs.entries()) {
        const wanted = unused(psk(`c${index}`, { proof }));
        assert.deepEqual(await again.credential(`c${index}`), wanted);
        assert.deepEqual(await again.findCredential(proof), wanted);
      }
      assert.deepEqual(await again.preSharedKey('ein Schlüssel'), key);
      assert.equal(await again.preSharedKey('another'), undefined);
      assert.equal(await again.credential('another'), undefined);
      assert.equal(await again.findCredential({ kind: 'certificate-name', name: 'another' }), undefined);
    });

    scenario('knows whether there is any context of OSCORE', async ({ store, reopen }) => {
      assert.equal(await store.hasOscore(), false);
      for (const [index, proof] of proofs.filter(({ kind }) => kind !== 'oscore').entries())
        await store.addCredential(psk(`c${index}`, { proof }));
      assert.equal(await store.hasOscore(), false);
      await store.addCredential(psk('o', { proof: { kind: 'oscore', senderId: '' } }), key);
      const again = reopen ? await reopen() : store;
      assert.equal(await again.hasOscore(), true);
      await again.removeCredential('o');
      assert.equal(await again.hasOscore(), false);
    });

    scenario('finds contexts of OSCORE by what requests name; superseded ones are none', async ({ store, reopen }) => {
      const oscore = { recipientId: '02', aead: 10, kdf: -10, masterSalt: '9e7c' };
      let kept = store;
      const add = (id: string, senderId: string, idContext?: string) =>
        kept.addCredential(
          psk(id, {
            proof: { kind: 'oscore', senderId, ...(idContext !== undefined && { idContext }) },
            oscore,
            createdAt: Number.parseInt(id, 16),
          }),
          Uint8Array.of(Number.parseInt(id, 16)),
        );
      assert.equal(await add('a', '01'), true);
      assert.equal(await add('b', '01', 'cc'), true);
      assert.equal(await add('c', '02', 'cc'), true);
      assert.equal(await add('d', '', ''), true);
      assert.equal(await add('e', '01'), false, 'one Sender ID in one ID Context stands for one endpoint');
      assert.equal(await add('f', '0141'), true);
      if (reopen) kept = await reopen();
      const again = kept;
      const found = async (...named: [string, string?]) => (await again.oscoreKeys(...named))?.credential.id;
      assert.deepEqual(await again.oscoreKeys('01'), {
        credential: (await again.credential('a'))!,
        masterSecret: Uint8Array.of(10),
      });
      assert.deepEqual((await again.credential('a'))?.oscore, oscore);
      assert.equal(await found('01', 'cc'), 'b');
      assert.equal(await found('01', 'dd'), undefined);
      assert.equal(await found('02'), 'c', 'the only one with this Sender ID');
      assert.equal(await found('', ''), 'd');
      assert.equal(await found('03'), undefined);
      await add('10', '02', 'dd');
      assert.equal(await found('02'), undefined, 'it may be either');
      await again.recordUse('f', 5);
      assert.equal(await found('01', 'cc'), undefined, 'a newer one of the endpoint is in use');
      assert.equal(await found('0141'), 'f');
    });

    scenario('tells credentials that the platform issued', async ({ store, reopen }) => {
      await store.addCredential(psk('a', { issued: true }), key);
      await store.addCredential(psk('b'), key);
      const again = reopen ? await reopen() : store;
      const found = await again.credentials({ limit: 2 });
      assert.deepEqual(found, [unused(psk('a', { issued: true })), unused(psk('b'))]);
    });

    scenario('refuses an id and a proof that are taken', async ({ store }) => {
      await store.addCredential(psk('a'), key);
      assert.equal(await store.addCredential(psk('a', { proof: { kind: 'psk', identity: 'new' } }), key), false);
      const thief = psk('b', { endpoint: 'e2', proof: { kind: 'psk', identity: 'of a' } });
      assert.equal(await store.addCredential(thief, encodeUtf8('another key 0000')), false);
      assert.deepEqual(await store.preSharedKey('of a'), key);
      assert.equal(await store.hasCredential('e2'), false);
    });

    scenario('adds many at once, and tells of each whether it was free', async ({ store, reopen }) => {
      await store.addCredential(psk('a'), key);
      const thief = psk('b', { endpoint: 'e2', proof: { kind: 'psk', identity: 'of a' } });
      const entries = [psk('c'), thief, psk('d'), psk('d')].map((credential) => ({ credential, key }));
      assert.deepEqual(await store.addCredentials(entries), [true, false, true, false]);
      const again = reopen ? await reopen() : store;
      const ids = (await again.credentials({ limit: 10 })).map(({ id }) => id);
      assert.deepEqual(ids, ['a', 'c', 'd']);
      assert.deepEqual(await again.preSharedKey('of d'), key);
    });

    scenario('lists in the order of endpoints and ids, page by page', async ({ store }) => {
      for (const [id, endpoint] of [
        ['3', 'b'],
        ['1', 'b'],
        ['2', 'a'],
        ['4', 'c'],
      ] as const) {
        await store.addCredential(psk(id, { endpoint }), key);
      }
      const ids = async (query: Parameters<CredentialStore['credentials']>[0]) =>
        (await store.credentials(query)).map(({ id }) => id);
      assert.deepEqual(await ids({ limit: 10 }), ['2', '1', '3', '4']);
      assert.deepEqual(await ids({ limit: 2, after: { endpoint: 'b', id: '1' } }), ['3', '4']);
      assert.deepEqual(await ids({ limit: 10, endpoint: 'b' }), ['1', '3']);
      assert.deepEqual(await ids({ limit: 10, endpoint: 'b', after: { endpoint: 'b', id: '1' } }), ['3']);
    });

    scenario('removes a credential with its key', async ({ store }) => {
      await store.addCredential(psk('a'), key);
      assert.equal(await store.hasCredential('e1'), true);
      assert.equal(await store.removeCredential('a'), true);
      assert.equal(await store.removeCredential('a'), false);
      assert.equal(await store.preSharedKey('of a'), undefined);
      assert.equal(await store.hasCredential('e1'), false);
      assert.equal(await store.addCredential(psk('a'), key), true);
    });

    scenario('the first use of a newer one supersedes the older ones of its purpose', async ({ store, reopen }) => {
      await store.addCredential(psk('old', { createdAt: 10 }), key);
      await store.addCredential(psk('new', { createdAt: 20 }), key);
      await store.addCredential(psk('next', { createdAt: 30 }), key);
      await store.addCredential(psk('bootstrap', { createdAt: 5, purpose: 'bootstrap' }), key);
      await store.addCredential(psk('other', { createdAt: 5, endpoint: 'e2' }), key);
      assert.deepEqual(await store.preSharedKey('of old'), key, 'both are good until the new one is used');
      await store.recordUse('new', 100);
      await store.recordUse('new', 200);
      await store.recordUse('unknown', 200);
      const again = reopen ? await reopen() : store;
      const timesOf = async (id: string) => {
        const { usedAt, supersededAt } = (await again.credential(id))!;
        return [usedAt, supersededAt];
      };
      assert.deepEqual(await timesOf('old'), [undefined, 100]);
      assert.deepEqual(await timesOf('new'), [100, undefined]);
      for (const id of ['next', 'bootstrap', 'other']) assert.deepEqual(await timesOf(id), [undefined, undefined], id);
      assert.equal(await again.preSharedKey('of old'), undefined);
      assert.deepEqual(await again.preSharedKey('of new'), key);
    });

    scenario('an endpoint with superseded credentials only has none', async ({ store }) => {
      await store.addCredential(psk('old', { createdAt: 10 }), key);
      await store.addCredential(psk('new', { createdAt: 20 }), key);
      await store.recordUse('new', 100);
      await store.removeCredential('new');
      assert.equal(await store.hasCredential('e1'), false);
    });
  });
}
