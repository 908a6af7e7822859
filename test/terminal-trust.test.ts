import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MemoryCredentialStore } from '@yaolian/directory/testing';
import { encodeHex } from '@yaolian/kernel';
import { nodeClock } from '@yaolian/node-runtime';
import { secretDigest } from '@yaolian/storage';
import { TerminalTrust } from '../apps/server/src/security/terminal-trust.ts';
import { certificateOf } from './support/credentials.ts';

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
