import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newItem } from '@yaolian/xmpp';
import { MemoryRosterStore } from '@yaolian/xmpp/memory';
import type { RaBinding, RaFriendship, RaView } from './ports.ts';
import { RaRosters } from './rosters.ts';
import { SharedViews } from './shared-views.ts';

const domain = 'home.example';

interface Associated {
  readonly bindings?: readonly (readonly [user: string, device: string])[];
  readonly friends?: readonly (readonly [other: string, state: RaFriendship['state']])[];
  readonly views?: readonly RaView[];
  readonly viewers?: readonly RaView[];
  readonly kept?: readonly string[];
}

async function contactsOf(account: string, kind: 'user' | 'device', associated: Associated) {
  const bindings = (associated.bindings ?? []).map(
    ([user, device]): RaBinding => ({ user, device, state: 'active', name: device, groups: [], since: 0 }),
  );
  const friends = (associated.friends ?? []).map(
    ([other, state]): RaFriendship => ({ user: account, other, state, name: other, groups: [] }),
  );
  const kept = new MemoryRosterStore();
  for (const jid of associated.kept ?? []) await kept.put(account, { ...newItem(jid), listed: true });
  const rosters = new RaRosters({
    domain,
    kept,
    accounts: { kindOf: async () => kind } as never,
    bindings: { devicesOf: async () => bindings, ownersOf: async () => bindings, binding: async () => undefined },
    friends: { of: async () => friends, friendship: async () => undefined },
    views: new SharedViews({
      viewOf: async () => undefined,
      viewsOf: async () => associated.views ?? [],
      viewersOf: async () => associated.viewers ?? [],
    }),
  });
  return (await rosters.roster(account)).items.map(({ jid }) => jid);
}

test('RFC 6121 §2.1: friends stand before devices, and each kind by address, since clients get no last ones of what is too long', async () => {
  const contacts = await contactsOf('ann', 'user', {
    bindings: [
      ['ann', 'lamp'],
      ['ann', 'air'],
    ],
    friends: [
      ['zoe', 'friends'],
      ['yan', 'asking'],
    ],
    views: [{ account: 'ann', device: 'boiler', until: undefined }],
    kept: ['work@office.example', `another@${domain}`],
  });
  assert.deepEqual(contacts, [
    `yan@${domain}`,
    `zoe@${domain}`,
    'work@office.example',
    `air@${domain}`,
    `lamp@${domain}`,
    `boiler@${domain}`,
    `another@${domain}`,
  ]);
});

test('RFC 6121 §2.1: a device has its owners before those who see it', async () => {
  const contacts = await contactsOf('lamp', 'device', {
    bindings: [['zoe', 'lamp']],
    viewers: [{ account: 'ann', device: 'lamp', until: undefined }],
    views: [{ account: 'lamp', device: 'air', until: undefined }],
  });
  assert.deepEqual(contacts, [`zoe@${domain}`, `air@${domain}`, `ann@${domain}`]);
});
