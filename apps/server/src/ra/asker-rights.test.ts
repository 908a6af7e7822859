import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AccessFacts, RaDevice } from '@yaolian/directory';
import type { QueuedOperation, QueuedRequest } from '@yaolian/lwm2m/server';
import { VirtualTime } from '@yaolian/testkit';
import { type AskerRightsOptions, askerRights } from './asker-rights.ts';

const read: QueuedOperation = { kind: 'read', path: '/3303/0/5700' };

/** A shared terminal of ann, whose sensor bob may read for a time; eve is kept out, and dan has no account any more. */
function home() {
  const clock = new VirtualTime();
  const until = clock.epoch() + 1000;
  const subject = { kind: 'account', account: 'bob' } as const;
  const permission = { device: 'lamp', subject, feature: 'urn:oma:lwm2m:ext:3303', expiresAt: until } as const;
  const grants = [{ ...permission, operations: ['read'] as const, grantedBy: 'ann', grantedAt: 0 }];
  const facts: Readonly<Record<string, AccessFacts>> = {
    ann: { relation: 'owner', grants: [] },
    eve: { relation: 'owner', grants: [] },
    dan: { relation: 'owner', grants: [] },
    bob: { relation: 'friend', grants },
  };
  const accounts: Readonly<Record<string, object>> = { ann: {}, bob: {}, eve: { disabledAt: 5 } };
  const may = askerRights({
    clock,
    raDevices: {
      raDeviceOfTerminal: async (terminal) => (terminal === 't' ? ({ account: 'lamp' } as RaDevice) : undefined),
    },
    associations: { accessFacts: async (account) => facts[account] ?? { relation: 'none', grants: [] } },
    raAccounts: { account: async (name) => accounts[name] } as AskerRightsOptions['raAccounts'],
  });
  const asks = (asker: string, operation = read, deviceKey = 't') =>
    may({ deviceKey, operation, asker } as QueuedRequest);
  return { clock, asks };
}

test('who may still has what waited done; who may no more, is kept out or gone has not', async () => {
  const { clock, asks } = home();
  assert.deepEqual([await asks('ann'), await asks('bob'), await asks('cid')], [true, true, false]);
  assert.deepEqual([await asks('eve'), await asks('dan')], [false, false]);
  assert.equal(await asks('bob', { kind: 'execute', path: '/3303/0/5605' }), false);
  await clock.advance(1000 as never);
  assert.deepEqual([await asks('ann'), await asks('bob')], [true, false]);
});

test('of a terminal that is shared no more, and for what accounts cannot ask, nothing is done', async () => {
  const { asks } = home();
  assert.equal(await asks('ann', read, 'other'), false);
  assert.equal(await asks('ann', { kind: 'delete', path: '/3303/0' }), false);
});
