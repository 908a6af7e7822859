import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { encodeUtf8 } from '@yaolian/kernel';
import type { Sealer } from '../sealer.ts';

/**
 * What every {@link Sealer} does.
 * @param create a sealer with a key of its own each time
 */
export function sealerContract(name: string, create: () => Sealer): void {
  describe(`${name} keeps the contract of Sealer`, () => {
    const secret = encodeUtf8('a pre-shared key');

    it('opens what it sealed, of every length', () => {
      const sealer = create();
      for (const length of [0, 1, 16, 32, 1000]) {
        const bytes = new Uint8Array(length).fill(0xa5);
        assert.deepEqual(sealer.open(sealer.seal(bytes, 'credential/1'), 'credential/1'), bytes);
      }
    });

    it('shows nothing: the same secret looks different each time', () => {
      const sealer = create();
      const first = sealer.seal(secret, 'credential/1');
      assert.notDeepEqual(first, sealer.seal(secret, 'credential/1'));
      assert.equal(Buffer.from(first).includes(secret), false);
    });

    it('opens nothing that was changed in any place, cut or made longer', () => {
      const sealer = create();
      const sealed = sealer.seal(secret, 'credential/1');
      for (let index = 0; index < sealed.length; index++) {
        const changed = Uint8Array.from(sealed);
        changed[index]! ^= 1;
        assert.equal(sealer.open(changed, 'credential/1'), undefined, `byte ${index}`);
      }
      for (let length = 0; length < sealed.length; length++) {
        assert.equal(sealer.open(sealed.subarray(0, length), 'credential/1'), undefined, `length ${length}`);
      }
      assert.equal(sealer.open(Uint8Array.of(...sealed, 0), 'credential/1'), undefined);
    });

    it('opens nothing in another context', () => {
      const sealer = create();
      const sealed = sealer.seal(secret, 'credential/1');
      for (const context of ['credential/2', 'credential/', '', 'credential/1\0']) {
        assert.equal(sealer.open(sealed, context), undefined, context);
      }
    });

    it('opens nothing with another key', () => {
      assert.equal(create().open(create().seal(secret, 'credential/1'), 'credential/1'), undefined);
    });
  });
}
