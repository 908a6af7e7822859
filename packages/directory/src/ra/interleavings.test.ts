/** GB/T 29265.205 §9, §10: what several ask at once, in every order of what happens, ends as if they had asked one after the other. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { SeededRandom, VirtualTime } from '@yaolian/testkit';
import fc from 'fast-check';
import { MemoryAssociationChangeStore } from '../testing/memory-association-change-store.ts';
import { MemoryAssociationStore } from '../testing/memory-association-store.ts';
import { MemoryAuditStore } from '../testing/memory-audit-store.ts';
import type { AssociationStore } from './association.ts';
import { type AssociationChange, AssociationChanges } from './association-change.ts';
import { AuditTrail } from './audit.ts';
import { Bindings } from './bindings.ts';
import { Friends } from './friends.ts';
import { Permissions } from './permissions.ts';

const digest = { sha256: (bytes: Uint8Array) => new Uint8Array(createHash('sha256').update(bytes).digest()) };

const reads: ReadonlySet<string> = new Set(['code', 'binding', 'friendship', 'accessFacts']);

/** Accounts on a disk of which every call takes its time: before it is decided, and before it is answered. Changes are answered in their order. */
function home(scheduler?: fc.Scheduler) {
  const accounts = new Set(['ann', 'bob', 'lamp']);
  const disk = new MemoryAssociationStore((name) => accounts.has(name));
  const slowly = async <T>(value: T, what: string): Promise<T> =>
    scheduler === undefined ? value : scheduler.schedule(Promise.resolve(value), what);
  let answered: Promise<void> = Promise.resolve();
  const inOrder = async <T>(value: T, what: string): Promise<T> => {
    answered = answered.then(() => slowly(undefined, `${what} ends`));
    await answered;
    return value;
  };
  let confirms = false;
  const store = new Proxy(disk, {
    get: (target, name) => {
      const method = Reflect.get(target, name, target) as unknown;
      if (typeof method !== 'function') return method;
      return async (...given: unknown[]) => {
        await slowly(undefined, `${String(name)} begins`);
        const value: unknown = await method.apply(target, given);
        if (reads.has(String(name))) return slowly(value, `${String(name)} ends`);
        return inOrder(value, String(name));
      };
    },
  }) as AssociationStore;
  const clock = new VirtualTime();
  const changes = new AssociationChanges({ store: new MemoryAssociationChangeStore(), random: new SeededRandom(8) });
  const told: AssociationChange[] = [];
  changes.listen((change) => told.push(change));
  const audit = new AuditTrail({ store: new MemoryAuditStore(), clock });
  const common = { store, clock, changes, audit };
  return {
    disk,
    told,
    friends: new Friends({ ...common, isUser: (name) => slowly(accounts.has(name), 'isUser') }),
    bindings: new Bindings({
      ...{ ...common, digest, random: new SeededRandom(7) },
      confirmations: {
        required: () => confirms,
        require: async (_device, required, onDecided) => {
          await slowly(undefined, 'require begins');
          confirms = required;
          onDecided(true);
          return inOrder(true, 'require');
        },
      },
    }),
    permissions: new Permissions(common),
    /** The account goes, in one change with all that names it. */
    remove: async (name: string) => {
      await slowly(undefined, 'removal begins');
      accounts.delete(name);
      await disk.removeAccount(name);
    },
  };
}

type Home = ReturnType<typeof home>;

/** What two do, each one thing after the other. */
type Doing = (world: Home) => Promise<unknown>;

async function inTurn(world: Home, doings: readonly Doing[]): Promise<unknown[]> {
  const outcomes: unknown[] = [];
  for (const doing of doings) outcomes.push(await doing(world));
  return outcomes;
}

/** Every order of two sequences, as picks of the first or the second. */
function* orders(first: number, second: number): Generator<readonly (0 | 1)[]> {
  if (first === 0 && second === 0) yield [];
  if (first > 0) for (const rest of orders(first - 1, second)) yield [0, ...rest];
  if (second > 0) for (const rest of orders(first, second - 1)) yield [1, ...rest];
}

const friendly = {
  ask: (user: string, other: string) => (world: Home) => world.friends.ask(user, other, `${other} of ${user}`),
  accept: (user: string, other: string) => (world: Home) => world.friends.accept(user, other, `${other}!`),
  remove: (user: string, other: string) => (world: Home) => world.friends.remove(user, other),
};

const steps = fc.array(fc.constantFrom(...(Object.keys(friendly) as (keyof typeof friendly)[])), { maxLength: 3 });

async function views({ disk }: Home) {
  const seen = await Promise.all([disk.friendship('ann', 'bob'), disk.friendship('bob', 'ann')]);
  return seen.map((view) => view && [view.state, view.name]);
}

const pairs = ['none none', 'asking asked', 'asked asking', 'friends friends'];

test('two that ask, agree and take back at once are to each other what some order of that makes them, and know it', async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), steps, steps, async (scheduler, anns, bobs) => {
      const ann = anns.map((step) => friendly[step]('ann', 'bob'));
      const bob = bobs.map((step) => friendly[step]('bob', 'ann'));
      const world = home(scheduler);
      const outcomes = await scheduler.waitFor(Promise.all([inTurn(world, ann), inTurn(world, bob)]));
      const between = await views(world);
      assert.ok(pairs.includes(between.map((view) => view?.[0] ?? 'none').join(' ')), JSON.stringify(between));
      assert.deepEqual(
        toldOf(world.told),
        between.map((view) => view?.[0]),
        'what both were told',
      );
      for (const order of orders(ann.length, bob.length)) {
        const other = home();
        const [left, right] = [[...ann], [...bob]];
        const said: [unknown[], unknown[]] = [[], []];
        for (const one of order) said[one].push(await (one === 0 ? left : right).shift()!(other));
        const isSame = JSON.stringify([said, await views(other)]) === JSON.stringify([outcomes, between]);
        if (isSame) return;
      }
      assert.fail(`no order of ${anns} and ${bobs} gives ${JSON.stringify([outcomes, between])}`);
    }),
  );
});

/** How ann and bob stand to each other by what was told of it. */
function toldOf(told: readonly AssociationChange[]): (string | undefined)[] {
  const states = new Map<string, string>();
  for (const change of told) {
    if (change.kind === 'friend-asked') {
      states.set(change.by, 'asking');
      states.set(change.user, 'asked');
    }
    if (change.kind === 'friends') states.set(change.friendship.user, 'friends');
    if (change.kind === 'unfriended') states.clear();
  }
  return ['ann', 'bob'].map((name) => states.get(name));
}

test('who is removed while it asks for new codes does not come by the one that keeps it out', async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), fc.integer({ min: 1, max: 3 }), async (scheduler, times) => {
      const world = home(scheduler);
      const { bindings, disk } = world;
      const codes: string[] = [];
      const reset = async () => {
        const issued = await bindings.resetCode('lamp', 'bob');
        if (issued !== undefined) codes.push(issued.code);
      };
      const working = (async () => {
        const first = await bindings.issueCode('lamp', { actor: 'lamp', door: 'https' });
        for (const user of ['ann', 'bob']) await bindings.bind({ user, device: 'lamp', code: first!.code });
        const asked = Array.from({ length: times }, reset);
        const by = { actor: 'ann', door: 'ra' } as const;
        const removed = await Promise.all([bindings.removeOwner('bob', 'lamp', by), ...asked]);
        assert.ok(removed[0].ok);
        const tries = codes.map((code) => bindings.bind({ user: 'bob', device: 'lamp', code }));
        assert.ok((await Promise.all(tries)).every(({ ok }) => !ok));
      })();
      await scheduler.waitFor(working);
      assert.deepEqual(
        (await disk.bindingsOfDevice('lamp')).map(({ user }) => user),
        ['ann'],
      );
    }),
  );
});

test('nobody owns a device unasked that is to be asked, whenever that was begun', async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), async (scheduler) => {
      const world = home(scheduler);
      const { bindings, disk, told } = world;
      const working = (async () => {
        await bindings.issueCode('lamp', { actor: 'lamp', door: 'https' }, 'LAMP-CODE');
        const users = ['ann', 'bob'].map((user) => bindings.bind({ user, device: 'lamp', code: 'LAMP-CODE' }));
        const by = { actor: 'admin', door: 'rest' } as const;
        const required = bindings.requireConfirmation('lamp', true, by).then(() => disk.bindingsOfDevice('lamp'));
        const [before] = await Promise.all([required, ...users]);
        return before;
      })();
      const before = await scheduler.waitFor(working);
      const active = (await disk.bindingsOfDevice('lamp')).filter(({ state }) => state === 'active');
      const known = before.map(({ user }) => user);
      assert.deepEqual(
        active.filter(({ user }) => !known.includes(user)),
        [],
      );
      const kinds = told.map(({ kind }) => kind);
      assert.ok(!kinds.slice(kinds.indexOf('confirmation')).includes('bound'));
    }),
  );
});

test('nothing is left of an account that goes while it, and others with it, do something', async () => {
  const device = 'lamp';
  const grant = { device, feature: '*', operations: ['read'], expiresAt: undefined } as const;
  const doings: Readonly<Record<string, Doing>> = {
    'ann asks': ({ friends }) => friends.ask('ann', 'bob'),
    'bob asks': ({ friends }) => friends.ask('bob', 'ann'),
    'ann accepts': ({ friends }) => friends.accept('ann', 'bob'),
    'ann binds': ({ bindings }) => bindings.bind({ user: 'ann', device, code: 'LAMP-CODE' }),
    'ann resets': ({ bindings }) => bindings.resetCode(device, 'ann'),
    'the device resets': ({ bindings }) => bindings.resetCode(device, device),
    'the device permits': ({ permissions }) =>
      permissions.set({ ...grant, subject: { kind: 'class', class: 'friend' }, grantedBy: device }),
    'bob permits ann': ({ permissions }) =>
      permissions.set({ ...grant, subject: { kind: 'account', account: 'ann' }, grantedBy: 'bob' }),
    'ann notes': ({ disk }) => disk.putBookmark('ann', { name: 'a', address: 'b', text: '' }, 9),
  };
  const some = fc.shuffledSubarray(Object.keys(doings), { minLength: 1 });
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), some, fc.constantFrom('ann', device), async (scheduler, chosen, leaver) => {
      const world = home(scheduler);
      const { disk, bindings } = world;
      const working = (async () => {
        await bindings.issueCode(device, { actor: device, door: 'https' }, 'LAMP-CODE');
        await bindings.bind({ user: 'bob', device, code: 'LAMP-CODE' });
        await Promise.all([world.remove(leaver), ...chosen.map((name) => doings[name]!(world))]);
      })();
      await scheduler.waitFor(working);
      const left = await Promise.all([
        disk.bindingsOfUser(leaver),
        disk.bindingsOfDevice(leaver),
        disk.friendships(leaver),
        disk.bookmarks(leaver),
        disk.grants(leaver),
        disk.code(leaver),
      ]);
      assert.deepEqual(left, [[], [], [], [], [], undefined]);
      const named = (await disk.grants(device)).filter(
        ({ subject }) => subject.kind === 'account' && subject.account === leaver,
      );
      assert.deepEqual(named, []);
    }),
  );
});
