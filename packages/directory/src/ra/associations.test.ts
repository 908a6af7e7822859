import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { days, hours, minutes, seconds } from '@yaolian/kernel';
import { SeededRandom, VirtualTime } from '@yaolian/testkit';
import { MemoryAssociationChangeStore } from '../testing/memory-association-change-store.ts';
import { MemoryAssociationStore } from '../testing/memory-association-store.ts';
import { MemoryAuditStore } from '../testing/memory-audit-store.ts';
import { type AssociationChange, AssociationChanges } from './association-change.ts';
import { AuditTrail } from './audit.ts';
import { type BindingLimits, Bindings } from './bindings.ts';
import { Friends } from './friends.ts';
import { DeviceLinks } from './links.ts';
import { Permissions } from './permissions.ts';
import type { IssuedCode } from './verification-code.ts';

/** A device that is there gets a code. */
async function issue(bindings: Bindings, ...asked: Parameters<Bindings['issueCode']>): Promise<IssuedCode> {
  const issued = await bindings.issueCode(...asked);
  assert.ok(issued);
  return issued;
}

const digest = { sha256: (bytes: Uint8Array) => new Uint8Array(createHash('sha256').update(bytes).digest()) };
const rest = { actor: 'admin', door: 'rest' } as const;

function home(
  options: {
    readonly limits?: Partial<BindingLimits>;
    readonly confirms?: boolean;
    readonly maxFriends?: number;
    readonly renewsCode?: (device: string) => boolean;
  } = {},
) {
  let confirms = options.confirms ?? false;
  const clock = new VirtualTime();
  const store = new MemoryAssociationStore();
  const changeStore = new MemoryAssociationChangeStore();
  const changes = new AssociationChanges({ store: changeStore, random: new SeededRandom(8) });
  const told: AssociationChange[] = [];
  changes.listen((change) => told.push(change));
  const auditStore = new MemoryAuditStore();
  const audit = new AuditTrail({ store: auditStore, clock });
  const common = { store, clock, changes, audit };
  const issued: IssuedCode[] = [];
  return {
    clock,
    store,
    told,
    changeStore,
    changes,
    issued,
    kinds: () => told.splice(0).map(({ kind }) => kind),
    trail: async () => (await audit.entries({ limit: 99 })).map(({ action, outcome }) => `${action} ${outcome}`),
    bindings: new Bindings({
      ...common,
      digest,
      random: new SeededRandom(7),
      onIssued: (code) => issued.push(code),
      ...(options.renewsCode && { renewsCode: options.renewsCode }),
      ...(options.limits && { limits: options.limits }),
      confirmations: {
        required: () => confirms,
        require: async (device, required, onDecided) => {
          if (device !== 'nobody') confirms = required;
          onDecided(device !== 'nobody');
          return device !== 'nobody';
        },
      },
    }),
    friends: new Friends({
      ...common,
      isUser: async (account) => ['ann', 'bob', 'cid'].includes(account),
      ...(options.maxFriends && { maxFriends: options.maxFriends }),
    }),
    permissions: new Permissions(common),
    links: new DeviceLinks(common),
  };
}

test('a first code is there with its device, or neither is', async () => {
  const { bindings, store, kinds } = home();
  const refuse = async (_: unknown, onDecided: (isKept: boolean) => void) => {
    onDecided(false);
    return false;
  };
  assert.equal(await bindings.issueFirstCode('lamp', rest, refuse), undefined);
  assert.deepEqual([await store.code('lamp'), kinds()], [undefined, []]);
  const keep = async (code: Parameters<typeof store.putCode>[0], onDecided: (isKept: boolean) => void) => {
    await store.putCode(code, () => onDecided(true));
    return true;
  };
  const issued = await bindings.issueFirstCode('lamp', rest, keep, '1234567');
  assert.equal(issued?.code, '1234567');
  assert.ok((await bindings.bind({ user: 'ann', device: 'lamp', code: '1234567' })).ok);
});

test('who tells the current code owns the device, and both sides are told', async () => {
  const { bindings, kinds, trail } = home();
  const { code } = await issue(bindings, 'lamp', rest);
  const bound = await bindings.bind({
    user: 'ann',
    device: 'lamp',
    code: code.toLowerCase(),
    name: 'Lamp',
    groups: ['hall'],
  });
  assert.deepEqual(bound.ok && [bound.value.state, bound.value.name, bound.value.groups], ['active', 'Lamp', ['hall']]);
  assert.deepEqual(kinds(), ['code-reset', 'bound']);
  const again = await bindings.bind({ user: 'ann', device: 'lamp', code });
  assert.equal(!again.ok && again.error.reason, 'exists');
  assert.deepEqual(await trail(), ['bind exists', 'bind done', 'reset-code done']);
});

test('§10.5: with its last owner the code of a device goes, and the new one is told where codes are shown', async () => {
  const { bindings, issued, kinds, trail, told } = home({ renewsCode: (device) => device === 'lamp' });
  const { code } = await issue(bindings, 'lamp', rest);
  const bind = async (user: string, typed: string) => (await bindings.bind({ user, device: 'lamp', code: typed })).ok;
  assert.deepEqual([await bind('ann', code), await bind('bob', code)], [true, true]);
  await bindings.unbind('ann', 'lamp', 'ann');
  assert.equal(await bind('ann', code), true, 'somebody owns it: the code goes on');
  for (const user of ['ann', 'bob']) await bindings.unbind(user, 'lamp', user);
  assert.deepEqual(kinds().slice(-3), ['unbound', 'unbound', 'code-reset']);
  assert.equal(await bind('bob', code), false);
  assert.equal(issued.length, 2);
  assert.notEqual(issued[1]!.code, code);
  assert.equal(await bind('cid', issued[1]!.code), true);
  assert.deepEqual((await trail()).slice(0, 4), ['bind done', 'bind not-authorized', 'reset-code done', 'unbind done']);
  assert.deepEqual(told.at(-1)?.kind, 'bound');
  const printed = await issue(bindings, 'clock', rest);
  await bindings.bind({ user: 'ann', device: 'clock', code: printed.code });
  await bindings.unbind('ann', 'clock', 'ann');
  assert.equal((await bindings.bind({ user: 'ann', device: 'clock', code: printed.code })).ok, true, 'another device');
});

test('§10.5: where codes are printed on devices they outlive their owners', async () => {
  const { bindings, issued } = home();
  const { code } = await issue(bindings, 'lamp', rest);
  const bind = async (user: string) => (await bindings.bind({ user, device: 'lamp', code })).ok;
  assert.equal(await bind('ann'), true);
  await bindings.unbind('ann', 'lamp', 'ann');
  assert.deepEqual([await bind('cid'), issued.length], [true, 1]);
});

test('wrong code, unknown device, old code and expired code look the same', async () => {
  const { bindings, clock } = home({ limits: { codeLifetime: days(1) } });
  const first = await issue(bindings, 'lamp', rest);
  const second = await issue(bindings, 'lamp', rest);
  const reason = async (device: string, code: string, user: string) => {
    const bound = await bindings.bind({ user, device, code });
    return bound.ok ? 'bound' : bound.error;
  };
  const refused = { reason: 'not-authorized' };
  assert.deepEqual(await reason('lamp', 'AAAAA-AAAAA', 'ann'), refused);
  assert.deepEqual(await reason('none', second.code, 'ann'), refused);
  assert.deepEqual(await reason('lamp', first.code, 'ann'), refused);
  await clock.advance(days(1));
  assert.deepEqual(await reason('lamp', second.code, 'ann'), refused);
});

test('guesses are slowed for a user over all devices, and for a device over all users', async () => {
  const { bindings, clock } = home();
  const { code } = await issue(bindings, 'lamp', rest);
  for (let i = 0; i < 5; i++) await bindings.bind({ user: 'eve', device: `d${i}`, code: '000000' });
  const eve = await bindings.bind({ user: 'eve', device: 'lamp', code });
  assert.deepEqual(!eve.ok && eve.error, { reason: 'too-many-attempts', retryAfter: seconds(1) });
  for (let i = 0; i < 5; i++) await bindings.bind({ user: `bot${i}`, device: 'lamp', code: '000000' });
  for (let i = 0; i < 5; i++) await bindings.bind({ user: `bot${i}`, device: 'none', code: '000000' });
  for (const device of ['lamp', 'none']) {
    const next = await bindings.bind({ user: 'ann', device, code });
    assert.equal(!next.ok && next.error.reason, 'too-many-attempts', device);
  }
  await clock.advance(minutes(1));
  assert.equal((await bindings.bind({ user: 'ann', device: 'lamp', code })).ok, true);
});

test('owning one device buys no guesses at others', async () => {
  const { bindings } = home();
  const { code } = await issue(bindings, 'mine', rest);
  for (let i = 0; i < 4; i++) await bindings.bind({ user: 'eve', device: 'lamp', code: '000000' });
  await bindings.bind({ user: 'eve', device: 'mine', code });
  await bindings.bind({ user: 'eve', device: 'lamp', code: '000000' });
  const next = await bindings.bind({ user: 'eve', device: 'fan', code: '000000' });
  assert.equal(!next.ok && next.error.reason, 'too-many-attempts');
});

test('a device that wants to be asked decides; until then nothing is owned', async () => {
  const { bindings, permissions, kinds } = home({ confirms: true });
  const { code } = await issue(bindings, 'lamp', rest);
  const read = { account: 'ann', feature: 'urn:a', operation: 'read' } as const;
  const bound = await bindings.bind({ user: 'ann', device: 'lamp', code });
  assert.equal(bound.ok && bound.value.state, 'pending');
  assert.equal((await permissions.decide('lamp', read)).allowed, false);
  assert.equal(await bindings.answer('lamp', 'bob', true), false);
  assert.equal(await bindings.answer('lamp', 'ann', true), true);
  assert.equal((await permissions.decide('lamp', read)).allowed, true);
  assert.deepEqual(kinds(), ['code-reset', 'binding-asked', 'bound']);
  await bindings.bind({ user: 'bob', device: 'lamp', code });
  assert.equal(await bindings.answer('lamp', 'bob', false), true);
  assert.deepEqual(await bindings.devicesOf('bob'), []);
});

test('§7.3: owners, the device and whoever runs the platform change whether it is asked; who waited binds again', async () => {
  const { bindings, told, kinds, trail } = home({ confirms: true });
  const { code } = await issue(bindings, 'lamp', rest);
  const bind = async (user: string) => {
    const bound = await bindings.bind({ user, device: 'lamp', code });
    return bound.ok && bound.value.state;
  };
  assert.equal(await bind('ann'), 'pending');
  assert.equal(await bindings.confirmation('lamp', 'ann'), undefined, 'who waits owns nothing');
  assert.equal(await bindings.requireConfirmation('lamp', false, { actor: 'ann', door: 'ra' }), false);
  assert.equal(await bindings.answer('lamp', 'ann', true, rest), true);
  assert.equal(await bindings.confirmation('lamp', 'ann'), true);
  assert.equal(await bind('bob'), 'pending');
  assert.equal(await bindings.requireConfirmation('lamp', false, { actor: 'ann', door: 'ra' }), true);
  assert.deepEqual(told.at(-1), { kind: 'confirmation', device: 'lamp', required: false, by: 'ann' });
  assert.equal((await bindings.binding('bob', 'lamp'))?.state, 'pending', 'nobody becomes an owner by it');
  assert.equal(await bind('bob'), 'active');
  assert.equal(await bindings.requireConfirmation('lamp', true, { actor: 'lamp', door: 'ra' }), true);
  assert.equal(await bindings.confirmation('lamp', 'lamp'), true);
  assert.equal(await bindings.requireConfirmation('lamp', false, rest), true);
  assert.equal(await bindings.requireConfirmation('nobody', false, rest), false);
  const expected = ['code-reset', 'binding-asked', 'bound', 'binding-asked', 'confirmation', 'bound'];
  assert.deepEqual(kinds(), [...expected, 'confirmation', 'confirmation']);
  const outcomes = (await trail()).filter((line) => line.startsWith('set-')).map((line) => line.split(' ')[1]);
  assert.deepEqual(outcomes, ['item-not-found', 'done', 'done', 'done', 'forbidden']);
});

test('an owner and the device itself reset its code, a stranger does not', async () => {
  const { bindings } = home();
  const { code } = await issue(bindings, 'lamp', rest, '123456');
  assert.equal(code, '123456');
  assert.equal(await bindings.resetCode('lamp', 'ann'), undefined);
  await bindings.bind({ user: 'ann', device: 'lamp', code });
  assert.notEqual((await bindings.resetCode('lamp', 'ann'))?.code, undefined);
  assert.notEqual((await bindings.resetCode('lamp', 'lamp'))?.code, undefined);
  await assert.rejects(bindings.issueCode('lamp', rest, '12345'), { code: 'CODE_UNFIT' });
});

test('either side unbinds; names are bounded', async () => {
  const { bindings, kinds } = home();
  const { code } = await issue(bindings, 'lamp', rest);
  await bindings.bind({ user: 'ann', device: 'lamp', code });
  assert.equal(await bindings.rename('ann', 'lamp', 'L', ['x']), true);
  assert.equal((await bindings.ownersOf('lamp'))[0]?.name, 'L');
  await assert.rejects(bindings.rename('ann', 'lamp', 'x'.repeat(129), []), { code: 'NAME_UNFIT' });
  assert.equal((await bindings.unbind('ann', 'lamp', 'lamp'))?.user, 'ann');
  assert.equal(await bindings.unbind('ann', 'lamp', 'ann'), undefined);
  assert.deepEqual(kinds(), ['code-reset', 'bound', 'binding-renamed', 'unbound']);
});

test('an owner removes one that came later, with the code that it knew; who came later removes nobody', async () => {
  const { bindings, clock, kinds, told, trail } = home();
  const { code } = await issue(bindings, 'lamp', rest);
  for (const user of ['ann', 'bob']) {
    await bindings.bind({ user, device: 'lamp', code });
    await clock.advance(seconds(1));
  }
  kinds();
  const by = (actor: string) => ({ actor, door: 'ra' }) as const;
  assert.deepEqual(await bindings.removeOwner('ann', 'lamp', by('bob')), { ok: false, error: 'elder' });
  assert.deepEqual(await bindings.removeOwner('bob', 'lamp', by('cid')), { ok: false, error: 'not-owner' });
  assert.deepEqual(await bindings.removeOwner('bob', 'none', by('ann')), { ok: false, error: 'not-owner' });
  assert.deepEqual(kinds(), []);
  const removed = await bindings.removeOwner('bob', 'lamp', by('ann'));
  assert.ok(removed.ok);
  const [unbound] = told;
  assert.ok(unbound?.kind === 'unbound' && unbound.binding.user === 'bob' && unbound.by === 'ann');
  assert.deepEqual(kinds(), ['unbound', 'code-reset']);
  assert.ok(!(await bindings.bind({ user: 'bob', device: 'lamp', code })).ok, 'the old code is void');
  assert.ok((await bindings.bind({ user: 'bob', device: 'lamp', code: removed.value.code })).ok);
  // Who runs the platform is no account, whatever it is called.
  kinds();
  assert.ok((await bindings.removeOwner('ann', 'lamp', { actor: 'bob', door: 'rest' })).ok);
  assert.deepEqual(
    told.map((change) => [change.kind, 'by' in change ? change.by : '']),
    [
      ['unbound', undefined],
      ['code-reset', undefined],
    ],
  );
  assert.deepEqual(
    (await bindings.ownersOf('lamp')).map(({ user }) => user),
    ['bob'],
  );
  const lines = (await trail()).filter((line) => line.startsWith('remove-owner'));
  assert.deepEqual(
    lines,
    ['done', 'done', 'not-owner', 'not-owner', 'elder'].map((one) => `remove-owner ${one}`),
  );
});

test('friends: asked, accepted, ended; an unknown user just never answers', async () => {
  const { friends, kinds } = home();
  assert.equal(await friends.ask('ann', 'nobody'), 'asking');
  assert.equal(await friends.ask('ann', 'cid'), 'asking');
  const shown = (await friends.of('ann')).map(({ other, state, name }) => [other, state, name]);
  // Who asked sees the same of somebody and of nobody, for whom nothing is kept.
  assert.deepEqual(shown, [
    ['cid', 'asking', 'cid'],
    ['nobody', 'asking', 'nobody'],
  ]);
  assert.deepEqual(await friends.of('nobody'), []);
  assert.equal(await friends.rename('ann', 'nobody', 'N', []), true);
  for (const other of ['nobody', 'cid']) {
    assert.equal(await friends.remove('ann', other), true);
    assert.equal(await friends.remove('ann', other), false);
  }
  assert.deepEqual(kinds(), ['friend-asked', 'friend-asked', 'friend-renamed', 'unfriended', 'unfriended']);
  assert.equal(await friends.accept('bob', 'ann'), false);
  assert.equal(await friends.ask('ann', 'bob'), 'asking');
  assert.equal(await friends.accept('bob', 'ann'), true);
  assert.equal(await friends.rename('ann', 'bob', 'B', []), true);
  assert.equal(await friends.remove('bob', 'ann'), true);
  assert.equal(await friends.remove('ann', 'bob'), false);
  assert.deepEqual(kinds(), ['friend-asked', 'friends', 'friends', 'friend-renamed', 'unfriended']);
});

test('friends: what was asked is not told again, and who asks again and again waits', async () => {
  const { friends, kinds, clock } = home();
  for (let time = 0; time < 3; time++) assert.equal(await friends.ask('ann', 'bob'), 'asking');
  assert.deepEqual(kinds(), ['friend-asked']);
  await friends.ask('bob', 'ann');
  kinds();
  assert.equal(await friends.ask('ann', 'bob'), 'friends');
  assert.deepEqual(kinds(), []);
  for (const other of ['cid', 'nobody']) {
    const mallory = `mallory-of-${other}`;
    let asked = 0;
    while (typeof (await friends.ask(mallory, other)) === 'string') {
      asked++;
      await friends.remove(mallory, other);
    }
    assert.equal(asked, 31);
    assert.equal(kinds().length, 2 * asked);
    assert.deepEqual(await friends.of(mallory), []);
    assert.deepEqual(await friends.ask(mallory, other), { retryAfter: seconds(10) });
    await clock.advance(seconds(10));
    assert.equal(await friends.ask(mallory, other), 'asking');
    assert.deepEqual(kinds(), ['friend-asked']);
  }
});

test('friends: whoever asks one that has as many as may be sees what it would see of an unknown one', async () => {
  const { friends, kinds, trail } = home({ maxFriends: 1 });
  await friends.ask('ann', 'bob');
  assert.equal(await friends.ask('ann', 'cid'), 'full', 'of its own it hears');
  kinds();
  const seen = async (other: string) => {
    const mallory = `mallory-of-${other}`;
    const answers = [];
    // More often than anybody may ask anew.
    for (let time = 0; time < 40; time++) answers.push(await friends.ask(mallory, other));
    const own = (await friends.of(mallory)).map(({ state }) => state);
    return [answers, own, kinds(), await friends.accept(mallory, other), await friends.remove(mallory, other), kinds()];
  };
  assert.deepEqual(await seen('bob'), await seen('nobody'));
  assert.deepEqual((await friends.of('bob')).length, 1);
  const refused = (await trail()).filter((line) => line === 'ask-friend resource-constraint');
  assert.equal(refused.length, 2, 'what comes to nothing again is not written again');
});

test('friends: to accept what is being taken back asks nothing of who took it back', async () => {
  const { friends, kinds } = home();
  await friends.ask('ann', 'bob');
  kinds();
  const done = await Promise.all([friends.accept('bob', 'ann'), friends.remove('ann', 'bob')]);
  assert.deepEqual(done, [false, true]);
  assert.deepEqual([await friends.of('ann'), await friends.of('bob'), kinds()], [[], [], ['unfriended']]);
});

test('an owner permits a friend, for a time; unbinding ends it', async () => {
  const { bindings, friends, permissions, clock, kinds } = home();
  const { code } = await issue(bindings, 'lamp', rest);
  await bindings.bind({ user: 'ann', device: 'lamp', code });
  await friends.ask('ann', 'bob');
  await friends.accept('bob', 'ann');
  kinds();
  const subject = { kind: 'account', account: 'bob' } as const;
  const set = { device: 'lamp', subject, feature: 'urn:a', operations: ['read'], grantedBy: 'ann' } as const;
  const may = async () =>
    (await permissions.decide('lamp', { account: 'bob', feature: 'urn:a', operation: 'read' })).allowed;
  assert.equal(await permissions.set({ ...set, expiresAt: clock.epoch() + hours(1) }), 'set');
  assert.equal(await may(), true);
  await clock.advance(hours(1));
  assert.equal(await may(), false);
  assert.deepEqual(await permissions.of('lamp', 'ann'), []);
  assert.equal(await permissions.of('lamp', 'bob'), undefined);
  await permissions.set({ ...set, expiresAt: undefined });
  assert.equal(await permissions.revoke('lamp', subject, 'urn:a', 'bob'), 'not-owner');
  assert.equal(await permissions.revoke('lamp', subject, 'urn:a', 'ann'), 'revoked');
  assert.equal(await permissions.revoke('lamp', subject, 'urn:a', 'ann'), 'none');
  assert.deepEqual(kinds(), ['granted', 'granted', 'revoked']);
  await permissions.set({ ...set, expiresAt: undefined });
  await bindings.unbind('ann', 'lamp', 'ann');
  assert.equal(await may(), false);
  await assert.rejects(permissions.set({ ...set, feature: 'a b', expiresAt: undefined }), { code: 'FEATURE_UNFIT' });
});

test('links are made by an owner of both and ended by any side', async () => {
  const { bindings, links, kinds } = home();
  for (const device of ['lamp', 'fan']) {
    const { code } = await issue(bindings, device, rest);
    await bindings.bind({ user: 'ann', device, code });
  }
  kinds();
  assert.equal(await links.link('lamp', 'lamp', 'ann'), 'not-owner');
  assert.equal(await links.link('lamp', 'fan', 'bob'), 'not-owner');
  assert.equal(await links.link('lamp', 'fan', 'ann'), 'linked');
  assert.equal((await links.of('fan'))[0]?.other, 'lamp');
  assert.equal(await links.unlink('lamp', 'fan', 'bob'), false);
  assert.equal(await links.unlink('lamp', 'fan', 'fan'), true);
  assert.deepEqual(kinds(), ['linked', 'unlinked']);
});
