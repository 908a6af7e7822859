import type { CredentialStore } from '@yaolian/directory';
import { type Clock, encodeHex, type Random } from '@yaolian/kernel';
import type { TrialServer } from './trial-devices.ts';

interface TrialKeysOptions {
  readonly store: CredentialStore;
  readonly clock: Clock;
  readonly random: Random;
}

/** Keys for simulated devices, among the credentials while they run: where nobody is let in without a proof. */
export function trialKeys({ store, clock, random }: TrialKeysOptions): NonNullable<TrialServer['keys']> {
  const idOf = (endpoint: string) => `trial ${endpoint}`;
  return {
    async issue(endpoint) {
      const id = idOf(endpoint);
      const identity = encodeHex(random.bytes(12));
      const key = random.bytes(16);
      // One that a crash left behind.
      await store.removeCredential(id);
      const proof = { kind: 'psk', identity } as const;
      const credential = { id, endpoint, purpose: 'any', proof, issued: true, createdAt: clock.epoch() } as const;
      await store.addCredential(credential, key);
      return { identity, key };
    },
    async revoke(endpoint) {
      await store.removeCredential(idOf(endpoint));
    },
  };
}
