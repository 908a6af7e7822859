import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Grant } from '../ra/access.ts';
import type { AssociationStore, BindOutcome, FriendOutcome, NewBinding } from '../ra/association.ts';
import type { StoredCode } from '../ra/verification-code.ts';
import type { OpenStore } from './opened-store.ts';

const code = (device: string, id = 'c1'): StoredCode => ({
  device,
  id,
  salt: Uint8Array.of(1, 2),
  digest: Uint8Array.of(3, 4),
  issuedAt: 1000,
  expiresAt: 9000,
});

const asked = (user: string, device: string, more: Partial<NewBinding> = {}): NewBinding => ({
  ...{ user, device, state: 'active', name: `the ${device}`, groups: ['home'], time: 2000, codeId: 'c1' },
  maxOwners: 2,
  maxDevices: 2,
  ...more,
});

const grant = (device: string, account: string, more: Partial<Grant> = {}): Grant => ({
  device,
  subject: { kind: 'account', account },
  feature: 'urn:a',
  operations: ['read', 'observe'],
  expiresAt: undefined,
  grantedBy: 'ann',
  grantedAt: 3000,
  ...more,
});

const befriend = async (store: AssociationStore, user: string, other: string) => {
  const request = { name: other, groups: [], time: 1, max: 10 };
  await store.befriend({ ...request, user, other });
  return store.befriend({ ...request, user: other, other: user, name: user });
};

/** The state of what stands, or why nothing does. */
const word = (outcome: BindOutcome) => (typeof outcome === 'string' ? outcome : outcome.state);
const friendWord = (outcome: FriendOutcome) => (typeof outcome === 'string' ? outcome : outcome[0].state);

/** What every {@link AssociationStore} does. */
export function associationStoreContract(name: string, open: OpenStore<AssociationStore>): void {
  const run = (title: string, body: (store: AssociationStore) => Promise<void>) =>
    test(`${name}: ${title}`, async () => {
      const { store, close } = await open();
      await body(store).finally(close);
    });

  test(`${name}: all of it outlives the process`, async (t) => {
    const opened = await open();
    if (!opened.reopen) return t.skip('nothing outlives the process');
    const { store } = opened;
    await store.putCode(code('lamp'));
    await store.putCode(code('fan'));
    await store.bind(asked('ann', 'lamp'));
    await store.bind(asked('ann', 'fan'));
    await befriend(store, 'ann', 'bob');
    await store.putGrant(grant('lamp', 'bob', { expiresAt: 7000 }), 9);
    await store.link({ device: 'lamp', other: 'fan', madeBy: 'ann', since: 5 }, 9);
    await store.putBookmark('ann', { name: 'n', address: 'a', text: 't' }, 9);
    const again = await opened.reopen();
    assert.deepEqual(await again.code('lamp'), code('lamp'));
    assert.deepEqual(await again.bindingsOfUser('ann'), [
      { user: 'ann', device: 'fan', state: 'active', name: 'the fan', groups: ['home'], since: 2000 },
      { user: 'ann', device: 'lamp', state: 'active', name: 'the lamp', groups: ['home'], since: 2000 },
    ]);
    assert.deepEqual(await again.grants('lamp'), [grant('lamp', 'bob', { expiresAt: 7000 })]);
    assert.equal((await again.friendship('bob', 'ann'))?.state, 'friends');
    assert.deepEqual(await again.links('fan'), [{ device: 'fan', other: 'lamp', madeBy: 'ann', since: 5 }]);
    assert.deepEqual(await again.bookmarks('ann'), [{ name: 'n', address: 'a', text: 't' }]);
    await opened.close();
  });

  run('one code is current: the next one voids it, also for a bind under way', async (store) => {
    assert.equal(await store.code('lamp'), undefined);
    await store.putCode(code('lamp'));
    const [, outcome] = await Promise.all([store.putCode(code('lamp', 'c2')), store.bind(asked('ann', 'lamp'))]);
    assert.equal(outcome, 'code-void');
    assert.equal(await store.binding('ann', 'lamp'), undefined);
    assert.equal((await store.code('lamp'))?.id, 'c2');
  });

  run('users that bind at once: each owns it once, and no more than may', async (store) => {
    await store.putCode(code('lamp'));
    const users = ['ann', 'bob', 'ann', 'cid'];
    const outcomes = await Promise.all(users.map((user) => store.bind(asked(user, 'lamp'))));
    assert.deepEqual(outcomes.map(word), ['active', 'active', 'exists', 'too-many-owners']);
    assert.deepEqual(
      (await store.bindingsOfDevice('lamp')).map(({ user }) => user),
      ['ann', 'bob'],
    );
  });

  run('a user owns no more devices than it may', async (store) => {
    for (const device of ['a', 'b', 'c']) await store.putCode(code(device));
    assert.equal(word(await store.bind(asked('ann', 'a'))), 'active');
    assert.equal(word(await store.bind(asked('ann', 'b', { state: 'pending' }))), 'pending');
    assert.equal(word(await store.bind(asked('ann', 'c'))), 'too-many-devices');
  });

  run('a pending binding counts when it is confirmed', async (store) => {
    await store.putCode(code('lamp'));
    assert.equal(word(await store.bind(asked('ann', 'lamp', { state: 'pending' }))), 'pending');
    assert.equal((await store.accessFacts('ann', 'lamp')).relation, 'none');
    assert.equal(word(await store.bind(asked('ann', 'lamp', { state: 'pending', name: 'x' }))), 'pending');
    const confirmed = await store.confirm('ann', 'lamp', 4000);
    assert.deepEqual([confirmed?.name, confirmed?.state, confirmed?.since], ['x', 'active', 4000]);
    assert.equal(await store.confirm('ann', 'lamp', 5000), undefined);
    assert.deepEqual(await store.binding('ann', 'lamp'), confirmed);
    const called = { name: 'y', groups: ['attic'] };
    assert.deepEqual(await store.renameBinding('ann', 'lamp', called), { ...confirmed, ...called });
    assert.deepEqual(await store.binding('ann', 'lamp'), { ...confirmed, ...called });
    assert.equal(await store.renameBinding('bob', 'lamp', called), undefined);
    assert.equal((await store.accessFacts('ann', 'lamp')).relation, 'owner');
  });

  run('an owner removes those that came later, with the code; whoever runs the platform anybody', async (store) => {
    await store.putCode(code('lamp'));
    const more = { maxOwners: 9 };
    await store.bind(asked('bob', 'lamp', { ...more, time: 10 }));
    await store.bind(asked('cid', 'lamp', { ...more, time: 20 }));
    await store.bind(asked('ann', 'lamp', { ...more, time: 15 })); // the clock was put back
    await store.bind(asked('dan', 'lamp', { ...more, time: 5, state: 'pending' }));
    await store.putGrant(grant('lamp', 'bob', { grantedBy: 'ann', operations: [] }), 9);
    const remove = (by: string | undefined, user: string, id: string) =>
      store.removeOwner({ by, user, device: 'lamp', code: code('lamp', id) });
    assert.equal(await remove('eve', 'bob', 'c2'), 'not-owner');
    assert.equal(await remove('dan', 'cid', 'c2'), 'not-owner', 'who only asks owns nothing');
    assert.equal(await remove('ann', 'eve', 'c2'), 'none');
    for (const [by, elder] of [
      ['ann', 'bob'],
      ['ann', 'cid'],
      ['ann', 'ann'],
    ] as const) {
      assert.equal(await remove(by, elder, 'c2'), 'elder', `${by} ${elder}`);
    }
    assert.equal((await store.code('lamp'))?.id, 'c1');
    // Two at once: one stays, whoever comes first.
    const both = await Promise.all([remove('ann', 'cid', 'c2'), remove('cid', 'ann', 'c3')]);
    assert.equal(both[0], 'elder');
    assert.ok(typeof both[1] !== 'string');
    assert.equal(both[1].binding.user, 'ann');
    assert.deepEqual(await store.grants('lamp'), [], 'what the removed one permitted goes');
    assert.equal((await store.code('lamp'))?.id, 'c3');
    assert.equal(word(await store.bind(asked('ann', 'lamp', more))), 'code-void');
    assert.ok(typeof (await remove('cid', 'dan', 'c4')) !== 'string', 'who waits may be removed by all that own');
    assert.ok(typeof (await remove(undefined, 'bob', 'c5')) !== 'string');
    assert.deepEqual(
      (await store.bindingsOfDevice('lamp')).map(({ user }) => user),
      ['cid'],
    );
  });

  run('an unbinding takes what rested on it, and the last one everything', async (store) => {
    for (const device of ['lamp', 'fan']) await store.putCode(code(device));
    for (const device of ['lamp', 'fan']) await store.bind(asked('ann', device));
    await store.bind(asked('bob', 'lamp'));
    await befriend(store, 'ann', 'cid');
    await befriend(store, 'bob', 'cid');
    await store.putGrant(grant('lamp', 'cid'), 9);
    await store.putGrant(grant('lamp', 'ann', { grantedBy: 'bob' }), 9);
    const shared = grant('lamp', '', { subject: { kind: 'class', class: 'friend' }, grantedBy: 'bob' });
    await store.putGrant(shared, 9);
    await store.link({ device: 'lamp', other: 'fan', madeBy: 'ann', since: 5 }, 9);
    const gone = await store.unbind('ann', 'lamp');
    assert.equal(gone?.binding.user, 'ann');
    assert.deepEqual([gone?.grants.length, gone?.links.length], [2, 1]);
    assert.deepEqual(await store.grants('lamp'), [shared]);
    assert.deepEqual(await store.links('fan'), []);
    assert.equal((await store.accessFacts('cid', 'lamp')).relation, 'friend');
    assert.equal(await store.unbind('ann', 'lamp'), undefined);
    await store.unbind('bob', 'lamp');
    assert.deepEqual(await store.grants('lamp'), []);
    assert.equal((await store.accessFacts('cid', 'lamp')).relation, 'none');
  });

  run('a code is made by whoever keeps the device in that moment', async (store) => {
    await store.putCode(code('lamp'));
    for (const user of ['ann', 'bob']) await store.bind(asked(user, 'lamp'));
    await store.bind(asked('cid', 'lamp', { state: 'pending' }));
    const told: boolean[] = [];
    const put = (id: string, keeper?: string) =>
      store.putCode(code('lamp', id), (isKept) => void told.push(isKept), keeper);
    const removed = store.unbind('bob', 'lamp');
    const done = await Promise.all([
      put('c2', 'ann'),
      put('c3', 'bob'),
      put('c4', 'cid'),
      put('c5', 'lamp'),
      put('c6'),
    ]);
    await removed;
    assert.deepEqual([done, told], [[true, false, false, true, true], done]);
    assert.equal((await store.code('lamp'))?.id, 'c6');
  });

  run('two that are friends stay so, as they call each other, whatever they ask', async (store) => {
    await befriend(store, 'ann', 'bob');
    const before = await store.friendship('ann', 'bob');
    const request = { user: 'ann', other: 'bob', name: 'other', groups: ['x'], time: 99, max: 10 };
    assert.deepEqual(await store.befriend(request), [before, await store.friendship('bob', 'ann')]);
    assert.deepEqual(await store.friendship('ann', 'bob'), before);
  });

  run('the last owner takes the code with it where another is made', async (store) => {
    const renewed: string[] = [];
    const renew = (device: string) => {
      if (device === 'clock') return undefined;
      renewed.push(device);
      return { ...code(device), id: `new ${device}` };
    };
    const idOf = async (device: string) => (await store.code(device))?.id;
    await store.putCode(code('clock'));
    await store.bind(asked('eve', 'clock'));
    await store.unbind('eve', 'clock', undefined, renew);
    assert.equal(await idOf('clock'), code('clock').id, 'one that keeps its code');
    for (const device of ['lamp', 'fan', 'oven']) await store.putCode(code(device));
    for (const device of ['lamp', 'fan']) await store.bind(asked('ann', device));
    for (const user of ['bob', 'ann']) await store.bind(asked(user, 'oven'));
    await store.bind(asked('bob', 'lamp'));
    await store.bind(asked('cid', 'lamp', { state: 'pending' }));
    const { id } = code('lamp');
    await store.unbind('ann', 'lamp', undefined, renew);
    await store.unbind('ann', 'lamp', undefined, renew);
    assert.deepEqual([renewed, await idOf('lamp')], [[], id], 'another owner is left');
    let atDecision: readonly string[] = [];
    await store.unbind('bob', 'lamp', () => (atDecision = [...renewed]), renew);
    assert.deepEqual([atDecision, await idOf('lamp')], [['lamp'], 'new lamp'], 'who waits is no owner');
    await store.unbind('cid', 'lamp', undefined, renew);
    assert.deepEqual(renewed, ['lamp'], 'and takes no code with it');
    assert.equal(word(await store.bind(asked('eve', 'lamp'))), 'code-void', 'what was checked against the old one');
    await store.removeAccount('ann', undefined, renew);
    assert.deepEqual([renewed, await idOf('fan'), await idOf('oven')], [['lamp', 'fan'], 'new fan', code('oven').id]);
    await store.removeAccount('oven', undefined, renew);
    assert.deepEqual([renewed.length, await idOf('oven')], [2, undefined], 'a device that goes has none');
  });

  run('a permission that is set while its giver is unbound has no effect after it', async (store) => {
    await store.putCode(code('lamp'));
    await store.bind(asked('ann', 'lamp'));
    await befriend(store, 'ann', 'cid');
    const [, outcome] = await Promise.all([store.unbind('ann', 'lamp'), store.putGrant(grant('lamp', 'cid'), 9)]);
    assert.equal(outcome, 'not-owner');
    assert.deepEqual(await store.grants('lamp'), []);
  });

  run('permissions: who may give them, to whom, how many', async (store) => {
    await store.putCode(code('lamp'));
    await store.bind(asked('ann', 'lamp'));
    assert.equal(await store.putGrant(grant('lamp', 'cid'), 2), 'stranger');
    assert.equal(await store.putGrant(grant('lamp', 'ann', { grantedBy: 'cid' }), 2), 'not-owner');
    assert.equal(await store.putGrant(grant('lamp', 'ann', { grantedBy: 'lamp', expiresAt: 50 }), 2), 'set');
    assert.equal(await store.putGrant(grant('lamp', 'ann', { feature: 'b', operations: [] }), 2), 'set');
    assert.equal(await store.putGrant(grant('lamp', 'ann', { feature: 'c' }), 2), 'too-many');
    assert.equal(await store.putGrant(grant('lamp', 'ann', { feature: 'b', expiresAt: 60 }), 2), 'set');
    assert.equal((await store.accessFacts('ann', 'lamp')).grants.length, 2);
    assert.equal(await store.removeExpiredGrants(50), 1);
    assert.deepEqual((await store.grants('lamp'))[0]?.operations, ['read', 'observe']);
    assert.equal((await store.removeGrant('lamp', { kind: 'account', account: 'ann' }, 'b'))?.expiresAt, 60);
    assert.equal(await store.removeGrant('lamp', { kind: 'account', account: 'ann' }, 'b'), undefined);
  });

  run('friends ask and accept; both may end it, with what they permitted each other', async (store) => {
    const request = { user: 'ann', other: 'bob', name: 'Bob', groups: ['x'], time: 1, max: 1 };
    assert.equal(friendWord(await store.befriend({ ...request, isAnswer: true })), 'unasked');
    assert.deepEqual(await store.friendships('ann'), []);
    assert.equal(friendWord(await store.befriend(request)), 'asking');
    assert.equal(friendWord(await store.befriend(request)), 'asking');
    assert.equal(friendWord(await store.befriend({ ...request, isAnswer: true })), 'unasked');
    assert.equal((await store.friendship('bob', 'ann'))?.state, 'asked');
    assert.equal(await store.areAssociated('ann', 'bob'), false);
    const accepted = await store.befriend({ ...request, user: 'bob', other: 'ann', name: 'Ann' });
    assert.deepEqual(accepted, [await store.friendship('bob', 'ann'), await store.friendship('ann', 'bob')]);
    assert.equal(await store.areAssociated('bob', 'ann'), true);
    assert.deepEqual(await store.friendships('ann'), [
      { user: 'ann', other: 'bob', state: 'friends', name: 'Bob', groups: ['x'], since: 1 },
    ]);
    assert.equal(friendWord(await store.befriend({ ...request, other: 'cid' })), 'full');
    const renamed = await store.renameFriend('ann', 'bob', { name: 'B', groups: [] });
    assert.deepEqual([renamed?.name, renamed], ['B', await store.friendship('ann', 'bob')]);
    assert.equal(await store.renameFriend('ann', 'cid', { name: 'B', groups: [] }), undefined);
    await store.putCode(code('lamp'));
    await store.bind(asked('ann', 'lamp'));
    await store.putGrant(grant('lamp', 'bob'), 9);
    const ended = await store.unfriend('bob', 'ann');
    assert.deepEqual(
      ended?.map((view) => `${view?.user} ${view?.other}`),
      ['bob ann', 'ann bob'],
    );
    assert.equal(await store.unfriend('bob', 'ann'), undefined);
    assert.equal(await store.friendship('ann', 'bob'), undefined);
    assert.deepEqual(await store.grants('lamp'), []);
  });

  run(
    'who asks nobody keeps that it asked, and nobody keeps nothing, until there is a user of the name',
    async (store) => {
      const request = { user: 'ann', other: 'bob', name: 'Bob', groups: [], time: 1, max: 1 };
      assert.equal(friendWord(await store.befriend({ ...request, isUnknown: true })), 'asking');
      assert.equal((await store.friendship('ann', 'bob'))?.state, 'asking');
      assert.deepEqual(await store.friendships('bob'), []);
      assert.equal(friendWord(await store.befriend({ ...request, other: 'cid', isUnknown: true })), 'full');
      assert.equal(friendWord(await store.befriend(request)), 'asking');
      assert.equal((await store.friendship('bob', 'ann'))?.state, 'asked');
      await store.befriend({ ...request, user: 'cid', other: 'dan', isUnknown: true });
      // The one who came by the name later does not become a friend by asking.
      assert.equal(friendWord(await store.befriend({ ...request, user: 'dan', other: 'cid', max: 2 })), 'asking');
      assert.equal((await store.friendship('cid', 'dan'))?.state, 'asked');
      await store.befriend({ ...request, user: 'eve', other: 'fay', isUnknown: true });
      assert.deepEqual((await store.removeAccount('eve')).friends, []);
      await store.befriend({ ...request, user: 'gil', other: 'hal', isUnknown: true });
      assert.deepEqual(
        (await store.unfriend('gil', 'hal'))?.map((view) => view?.user),
        ['gil'],
      );
      assert.deepEqual(await store.friendships('eve'), []);
    },
  );

  run('a request to who has as many friends as may be looks like one to nobody, until there is room', async (store) => {
    const request = { user: 'ann', other: 'bob', name: 'Bob', groups: [], time: 1, max: 1 };
    await store.befriend(request);
    const unheard = await store.befriend({ ...request, user: 'cid' });
    assert.deepEqual(unheard, [{ user: 'cid', other: 'bob', state: 'asking', name: 'Bob', groups: [], since: 1 }]);
    assert.deepEqual(await store.befriend({ ...request, user: 'cid' }), unheard);
    assert.equal(await store.friendship('bob', 'cid'), undefined);
    await store.unfriend('ann', 'bob');
    assert.equal(friendWord(await store.befriend({ ...request, user: 'cid' })), 'asking');
    assert.equal((await store.friendship('bob', 'cid'))?.state, 'asked');
  });

  run('what friends share with a user, until it is revoked, expires or the friendship ends', async (store) => {
    for (const device of ['fan', 'lamp', 'tv']) await store.putCode(code(device));
    for (const device of ['fan', 'lamp']) await store.bind(asked('ann', device));
    await store.bind(asked('bob', 'tv'));
    await befriend(store, 'ann', 'bob');
    const shared = async (user: string, now = 10) =>
      (await store.sharedWith(user, now, 9)).map(({ device, owner }) => `${device} of ${owner}`);
    assert.deepEqual(await shared('bob'), []);
    await store.putGrant(grant('lamp', 'bob', { expiresAt: 50 }), 9);
    await store.putGrant(grant('fan', 'bob', { subject: { kind: 'class', class: 'friend' } }), 9);
    assert.deepEqual(await shared('bob'), ['fan of ann', 'lamp of ann']);
    assert.deepEqual(await shared('bob', 50), ['fan of ann']);
    assert.deepEqual(await shared('ann'), []);
    assert.equal((await store.sharedWith('bob', 10, 1)).length, 1);
    await store.putGrant(grant('lamp', 'bob', { operations: [] }), 9);
    assert.deepEqual(await shared('bob'), ['fan of ann']);
    await store.unfriend('ann', 'bob');
    assert.deepEqual(await shared('bob'), []);
  });

  run('links need an owner of both; linked devices are associated', async (store) => {
    for (const device of ['lamp', 'fan', 'tv']) await store.putCode(code(device));
    await store.bind(asked('ann', 'lamp'));
    await store.bind(asked('ann', 'fan'));
    const link = { device: 'lamp', other: 'fan', madeBy: 'ann', since: 5 };
    assert.equal(await store.link({ ...link, other: 'tv' }, 1), 'not-owner');
    assert.equal(await store.link(link, 1), 'linked');
    assert.equal(await store.link({ ...link, device: 'fan', other: 'lamp' }, 1), 'exists');
    assert.equal((await store.accessFacts('fan', 'lamp')).relation, 'linked');
    assert.equal(await store.areAssociated('fan', 'lamp'), true);
    await store.bind(asked('ann', 'tv', { maxDevices: 9 }));
    assert.equal(await store.link({ ...link, other: 'tv' }, 1), 'too-many');
    assert.equal(await store.unlink('fan', 'lamp'), true);
    assert.equal(await store.unlink('fan', 'lamp'), false);
  });

  run('who is associated', async (store) => {
    await store.putCode(code('lamp'));
    await store.bind(asked('ann', 'lamp'));
    await befriend(store, 'ann', 'bob');
    for (const [a, b, is] of [
      ['ann', 'ann', true],
      ['ann', 'lamp', true],
      ['lamp', 'ann', true],
      ['bob', 'lamp', true],
      ['lamp', 'bob', true],
      ['cid', 'lamp', false],
      ['cid', 'ann', false],
    ] as const) {
      assert.equal(await store.areAssociated(a, b), is, `${a} ${b}`);
    }
  });

  run('what decisions rest on follows every change, also for those who asked before', async (store) => {
    for (const device of ['lamp', 'fan']) await store.putCode(code(device));
    const facts = async (account: string, device: string) => {
      const { relation, grants } = await store.accessFacts(account, device);
      return `${relation} ${grants.map(({ feature, operations }) => `${feature}:${operations.length}`).join(' ')}`.trim();
    };
    const asks = ['ann lamp', 'bob lamp', 'fan lamp', 'lamp fan'].map((pair) => pair.split(' ') as [string, string]);
    const all = () => Promise.all(asks.map(([account, device]) => facts(account, device)));
    const after = async (change: Promise<unknown>, ...expected: string[]) => {
      await all(); // who asks while it is made may be told either
      await change;
      assert.deepEqual(await all(), expected);
    };
    const link = { device: 'lamp', other: 'fan', madeBy: 'ann', since: 5 };
    await after(store.bind(asked('ann', 'lamp', { state: 'pending' })), 'none', 'none', 'none', 'none');
    await after(store.confirm('ann', 'lamp', 4000), 'owner', 'none', 'none', 'none');
    await after(store.bind(asked('ann', 'fan')), 'owner', 'none', 'none', 'none');
    await after(store.link(link, 9), 'owner', 'none', 'linked', 'linked');
    await after(store.unlink('fan', 'lamp'), 'owner', 'none', 'none', 'none');
    await after(store.link(link, 9), 'owner', 'none', 'linked', 'linked');
    const request = { groups: [], time: 1, max: 10 };
    const asking = store.befriend({ ...request, user: 'ann', other: 'bob', name: 'Bob' });
    await after(asking, 'owner', 'none', 'linked', 'linked');
    const accepting = store.befriend({ ...request, user: 'bob', other: 'ann', name: 'Ann' });
    await after(accepting, 'owner', 'friend', 'linked', 'linked');
    await after(store.putGrant(grant('lamp', 'bob'), 9), 'owner', 'friend urn:a:2', 'linked', 'linked');
    const narrower = grant('lamp', 'bob', { operations: ['read'], expiresAt: 50 });
    await after(store.putGrant(narrower, 9), 'owner', 'friend urn:a:1', 'linked', 'linked');
    await after(store.removeExpiredGrants(50), 'owner', 'friend', 'linked', 'linked');
    await after(store.putGrant(grant('lamp', 'bob'), 9), 'owner', 'friend urn:a:2', 'linked', 'linked');
    const { subject, feature } = grant('lamp', 'bob');
    await after(store.removeGrant('lamp', subject, feature), 'owner', 'friend', 'linked', 'linked');
    await after(store.unfriend('bob', 'ann'), 'owner', 'none', 'linked', 'linked');
    await after(store.unbind('ann', 'lamp'), 'none', 'none', 'none', 'none');
    await store.bind(asked('ann', 'lamp'));
    await befriend(store, 'ann', 'bob');
    await after(store.link(link, 9), 'owner', 'friend', 'linked', 'linked');
    await after(store.removeAccount('ann'), 'none', 'none', 'none', 'none');
  });

  run('what becomes of a change is told at once, before it is on disk', async (store) => {
    const told: unknown[] = [];
    const tell = (outcome: unknown) => void told.push(outcome);
    const lamp = { device: 'lamp', other: 'fan', madeBy: 'ann', since: 5 };
    const { subject, feature } = grant('lamp', 'bob');
    const request = { name: '', groups: [], time: 1, max: 10 };
    const changes = [
      store.putCode(code('lamp'), tell),
      store.putCode(code('fan'), tell),
      store.bind(asked('ann', 'lamp', { state: 'pending' }), tell),
      store.confirm('ann', 'lamp', 4000, tell),
      store.bind(asked('ann', 'lamp'), tell),
      store.bind(asked('ann', 'fan'), tell),
      store.renameBinding('ann', 'lamp', { name: 'y', groups: [] }, tell),
      store.befriend({ ...request, user: 'ann', other: 'bob' }, tell),
      store.befriend({ ...request, user: 'bob', other: 'ann' }, tell),
      store.renameFriend('ann', 'bob', { name: 'B', groups: [] }, tell),
      store.link(lamp, 9, tell),
      store.unlink('lamp', 'fan', tell),
      store.unlink('lamp', 'fan', tell),
      store.putGrant(grant('lamp', 'bob'), 9, tell),
      store.removeGrant('lamp', subject, feature, tell),
      store.removeGrant('lamp', subject, feature, tell),
      store.unfriend('bob', 'ann', tell),
      store.removeOwner({ user: 'eve', device: 'lamp', by: undefined, code: code('lamp', 'c2') }, tell),
      store.unbind('ann', 'lamp', tell),
      store.unbind('ann', 'lamp', tell),
      store.removeAccount('ann', tell),
    ];
    assert.equal(told.length, changes.length);
    assert.deepEqual(told, await Promise.all(changes));
  });

  run('bookmarks are of an account, by name, bounded', async (store) => {
    const mark = { name: 'n', address: 'a', text: '' };
    assert.equal(await store.putBookmark('ann', mark, 1), true);
    assert.equal(await store.putBookmark('ann', { ...mark, address: 'b' }, 1), true);
    assert.equal(await store.putBookmark('ann', { ...mark, name: 'm' }, 1), false);
    assert.deepEqual(await store.bookmarks('ann'), [{ ...mark, address: 'b' }]);
    assert.deepEqual(await store.bookmarks('bob'), []);
    assert.equal(await store.removeBookmark('ann', 'n'), true);
    assert.equal(await store.removeBookmark('ann', 'n'), false);
  });

  run('an account goes with everything that names it', async (store) => {
    for (const device of ['lamp', 'fan']) await store.putCode(code(device));
    for (const device of ['lamp', 'fan']) await store.bind(asked('ann', device));
    await befriend(store, 'ann', 'bob');
    await store.putGrant(grant('fan', 'bob'), 9);
    await store.link({ device: 'lamp', other: 'fan', madeBy: 'ann', since: 5 }, 9);
    await store.putBookmark('ann', { name: 'n', address: 'a', text: '' }, 1);
    const lamp = await store.removeAccount('lamp');
    assert.deepEqual([lamp.bindings.map(({ user }) => user), lamp.links.length, lamp.friends], [['ann'], 1, []]);
    assert.equal(await store.code('lamp'), undefined);
    const ann = await store.removeAccount('ann');
    assert.deepEqual([ann.bindings.map(({ device }) => device), ann.friends], [['fan'], ['bob']]);
    assert.deepEqual(await store.bindingsOfDevice('fan'), []);
    assert.deepEqual(await store.grants('fan'), []);
    assert.deepEqual(await store.bookmarks('ann'), []);
    assert.deepEqual(await store.friendships('bob'), []);
  });
}
