/**
 * Faults of Remote Access: the server dies before and after every commit of every flow. At each of them the disk is kept as a kill -9 would
 * leave it, and a platform that starts from there has carried the flow out or not: both sides agree, what was acknowledged stands, and who was away
 * is told of it by one push and in the news of home where it was carried out, and by no push where it was not.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { routes } from '@yaolian/contract';
import { silentLog } from '@yaolian/kernel';
import { element } from '@yaolian/xmpp';
import { Crashes } from './support/crashes.ts';
import { HomeBrowser } from './support/home-browser.ts';
import { openOnFolder, openPlatform, type TestPlatform } from './support/platform.ts';
import { domain, post, remoteAccess, TestUser } from './support/remote-user.ts';

const kettle = `kettle@${domain}`;
const oven = `oven@${domain}`;
const [ann, bob] = [`ann@${domain}`, `bob@${domain}`];
const code = 'KETTLE-CODE';

type Place = Pick<TestPlatform, 'httpUrl' | 'platform' | 'dataFolder'>;

interface Users {
  readonly ann: TestUser;
  readonly bob: TestUser;
  readonly kettle: TestUser;
}

type Name = keyof Users;

/** Those that are away while a step is made, and the pushes that wait for each afterwards. */
type Away = Partial<Record<Name, readonly string[]>>;

interface Flow {
  /** What is done before, and may not be lost any more. */
  readonly before?: (users: Users, place: Place) => Promise<unknown>;
  /** Each ends with an answer of the server. */
  readonly steps: readonly ((users: Users, place: Place) => Promise<unknown>)[];
  /** Of each step. Default: nobody is. */
  readonly away?: readonly Away[];
  /** What it changes where nobody sees it: asked on copies only, because it may change something. True once it is carried out. */
  readonly probe?: (users: Users, place: Place) => Promise<boolean>;
  readonly confirms?: boolean;
  readonly changesNothing?: boolean;
}

const names = ['ann', 'bob', 'kettle'] as const;

/** @param away those that do not log in, and may not be used */
async function withUsers<T>(place: Place, work: (users: Users) => Promise<T>, away: Away = {}): Promise<T> {
  await using stack = new AsyncDisposableStack();
  const users: Partial<Record<Name, TestUser>> = {};
  for (const name of names) {
    if (away[name] === undefined) users[name] = stack.use(await TestUser.login(place, name));
  }
  // Awaited here, before they leave.
  return await work(users as Users);
}

/** The pushes that waited for a user. */
async function pushesTo({ client, messages }: TestUser): Promise<readonly string[]> {
  // What waited comes before the answer.
  await client.request('get', domain, element('query', 'http://jabber.org/protocol/disco#info'));
  const pushes = messages.filter((message) => message.attribute('from') === domain);
  const ids = pushes.map((message) => message.attribute('id'));
  assert.equal(new Set(ids).size, ids.length, 'no push comes twice');
  return pushes
    .flatMap((message) => message.elements())
    .flatMap((one) => (one.namespace === 'urn:yaolian:ra:1:push' ? one.name : []));
}

/** What stands in the news of a user at home. */
async function newsOf(place: Place, name: string): Promise<readonly string[]> {
  const { api } = new HomeBrowser(place);
  await api.call(routes.signInAtHome, { body: { name, password: `${name}-secret` } });
  return (await api.call(routes.listHomeNews, { query: {} })).items.map(({ kind }) => kind);
}

/** What one side sees of it all: its bindings, friends, contacts, and what it may. */
async function viewOf(user: TestUser, isDevice: boolean): Promise<unknown> {
  const ask = async (name: string, namespace: string, to = domain, attributes = {}) => {
    const answer = await user.client.request('get', to, element(name, namespace, attributes));
    if (answer.kind === 'error') return answer.condition;
    const found = answer.payload?.elements() ?? [];
    return found.map(({ attributes: { since: _, ...rest }, ...one }) => [rest, one.children.length]);
  };
  const own = user.client.jid.bare.toString();
  return {
    bindings: await ask('bindings', 'urn:yaolian:ra:1:binding'),
    friends: isDevice ? [] : await ask('friends', 'urn:yaolian:ra:1:friend'),
    links: await ask('links', 'urn:yaolian:ra:1:link', domain, { device: kettle }),
    permissions: await ask('permissions', 'urn:yaolian:ra:1:permission', domain, { device: kettle }),
    bookmarks: await ask('bookmarks', 'urn:yaolian:ra:1:bookmark'),
    contacts: await ask('query', 'jabber:iq:roster', own),
    may: isDevice ? undefined : await ask('device', 'urn:yaolian:ra:1:device', kettle),
  };
}

interface Seen {
  readonly state: string;
  readonly pushes: Readonly<Record<Name, readonly string[]>>;
  readonly probe: boolean | undefined;
}

/** What all sides see. @throws when they do not agree */
async function observe(place: Place, { probe }: Pick<Flow, 'probe'>): Promise<Seen> {
  return withUsers(place, async (users) => {
    const pushes = {
      ann: await pushesTo(users.ann),
      bob: await pushesTo(users.bob),
      kettle: await pushesTo(users.kettle),
    };
    const views = {
      ann: await viewOf(users.ann, false),
      bob: await viewOf(users.bob, false),
      kettle: await viewOf(users.kettle, true),
    };
    await agree(users);
    return { state: JSON.stringify(views, undefined, 1), pushes, probe: await probe?.(users, place) };
  });
}

async function agree({ ann, bob, kettle: device }: Users): Promise<void> {
  const contactsOf = async (user: TestUser) => {
    const own = user.client.jid.bare.toString();
    const answer = await user.client.request('get', own, element('query', 'jabber:iq:roster'));
    assert.ok(answer.kind === 'result');
    const both = answer.payload!.elements('item').filter((item) => item.attribute('subscription') === 'both');
    return both.map((item) => item.attribute('jid'));
  };
  const of = new Map<TestUser, readonly (string | undefined)[]>();
  for (const user of [ann, bob, device]) of.set(user, await contactsOf(user));
  const sees = (one: TestUser, other: TestUser) => of.get(one)!.includes(other.client.jid.bare.toString());
  for (const [one, other] of [
    [ann, bob],
    [ann, device],
    [bob, device],
  ] as const) {
    assert.equal(sees(one, other), sees(other, one), 'a contact has to be one on both sides');
  }
}

async function play(flow: Flow): Promise<void> {
  using crashes = new Crashes();
  const states: string[] = [];
  const firstOf: number[] = [];
  {
    await using live = await openPlatform(remoteAccess, silentLog, { commitListener: crashes });
    crashes.dataFolder = live.dataFolder;
    for (const userName of ['ann', 'bob']) {
      await post(live, 'user/register.xml', { userName, password: `${userName}-secret` });
    }
    const confirm = flow.confirms ? '1' : '0';
    const device = { password: 'kettle-secret', verifyCode: code, confirm };
    await post(live, 'device/register.xml', { ...device, deviceName: 'kettle' });
    await post(live, 'device/register.xml', { ...device, deviceName: 'oven', confirm: '0' });
    await withUsers(live, async (users) => flow.before?.(users, live));
    states.push((await observe(live, {})).state);
    for (const [index, step] of flow.steps.entries()) {
      const away = flow.away?.[index] ?? {};
      firstOf.push(crashes.moments.length);
      await withUsers(
        live,
        async (users) => {
          crashes.isOn = true;
          await step(users, live);
          crashes.told++;
          crashes.keep();
          // What is told after the answer has its commits too.
          await crashes.untilTold();
          crashes.isOn = false;
          crashes.keep();
        },
        away,
      );
      const { state, pushes } = await observe(live, {});
      states.push(state);
      for (const name of names) if (away[name]) assert.deepEqual(pushes[name], away[name], `pushes to ${name}`);
    }
  }
  const least = flow.changesNothing === true ? 1 : 2;
  assert.ok(crashes.moments.length >= least * flow.steps.length, 'every step commits something, and ends');
  for (const [step, state] of states.slice(1).entries()) {
    if (flow.probe === undefined && flow.changesNothing !== true)
      assert.notEqual(state, states[step], `step ${step} changes nothing that is seen`);
  }
  for (const [index, { folder, told }] of crashes.moments.entries()) {
    const step = firstOf.findLastIndex((first) => first <= index);
    await using place = await openOnFolder(folder, remoteAccess);
    const { probe, state, pushes } = await observe(place, flow);
    const isBefore = state === states[step] && probe !== true;
    const isAfter = state === states[step + 1] && probe !== false;
    const text = `moment ${index}, step ${step}, ${told} told, ${probe}:\n${state}\nis neither\n${states[step]}\nnor\n${states[step + 1]}`;
    assert.ok(isAfter || isBefore, text);
    assert.ok(isAfter || told <= step, `what was acknowledged is gone: ${text}`);
    assert.ok(isBefore || index > firstOf[step]!, `it is there before it was committed: ${text}`);
    for (const [name, expected] of Object.entries(flow.away?.[step] ?? {}) as [Name, readonly string[]][]) {
      const found = pushes[name];
      // Where a probe is all that tells the two apart, it is what was asked.
      const isMade = probe ?? state === states[step + 1];
      assert.deepEqual(found, isMade ? expected : [], `pushes to ${name}: ${text}`);
      if (!isMade || name === 'kettle') continue;
      const news = await newsOf(place, name);
      for (const kind of expected)
        assert.ok(news.includes(kind), `no news of ${kind} for ${name}, but ${news}: ${text}`);
    }
  }
}

/** Whether a request to the account server is done. @throws when the server failed */
async function isDone(place: Place, path: string, fields: Record<string, string>): Promise<boolean> {
  const { status, text } = await post(place, path, fields);
  assert.ok(status < 500 && status !== 429, text);
  return status < 300;
}

/** For steps. */
async function ask(place: Place, path: string, fields: Record<string, string>): Promise<void> {
  assert.ok(await isDone(place, path, fields), path);
}

const bind = ({ ann: user }: Users) => user.home.bind(kettle, code, { name: 'Tea' });
const befriend = async (users: Users) => {
  await users.ann.home.befriend(bob);
  await users.bob.home.befriend(ann);
};
const set = async (user: TestUser, name: string, namespace: string, attributes: Record<string, string>) => {
  const answer = await user.client.request('set', domain, element(name, namespace, attributes));
  assert.equal(answer.kind, 'result', JSON.stringify(answer));
};
const binding = 'urn:yaolian:ra:1:binding';
const link = 'urn:yaolian:ra:1:link';
const permission = { to: bob, feature: '*', operations: ['read', 'observe'] } as const;

const flows: readonly (readonly [name: string, flow: Flow])[] = [
  ['bind', { steps: [bind], away: [{ kettle: ['bound'] }] }],
  [
    'bind-what-another-owns',
    {
      before: ({ bob: user }) => user.home.bind(kettle, code),
      steps: [bind],
      away: [{ bob: ['bound'], kettle: ['bound'] }],
    },
  ],
  [
    'reset-code-by-the-device',
    {
      before: bind,
      steps: [({ kettle: device }) => set(device, 'reset', 'urn:yaolian:ra:1:verification-code', { device: kettle })],
      away: [{ ann: ['code-reset'] }],
      probe: ({ bob: user }) =>
        user.home.bind(kettle, code).then(
          () => false,
          () => true,
        ),
    },
  ],
  [
    'log-in-and-out',
    {
      before: async (users) => {
        await bind(users);
        await befriend(users);
      },
      // Nothing of it has to be on disk, and nothing else changes.
      changesNothing: true,
      steps: [
        async (_, place) => {
          await using again = await TestUser.login(place, 'ann');
          await again.home.devices();
        },
      ],
    },
  ],
  [
    'bind-confirmed-by-the-device',
    {
      confirms: true,
      steps: [bind, ({ kettle: device }) => set(device, 'confirm', binding, { user: ann })],
      away: [{ kettle: ['binding-asked'] }, { ann: ['bound'] }],
    },
  ],
  [
    'bind-declined-by-the-device',
    {
      confirms: true,
      steps: [bind, ({ kettle: device }) => set(device, 'decline', binding, { user: ann })],
      away: [{}, { ann: ['unbound'] }],
    },
  ],
  [
    'unbind-by-the-user',
    {
      before: async (users) => {
        await bind(users);
        await befriend(users);
        await users.ann.home.permit(kettle, permission);
      },
      steps: [({ ann: user }) => user.home.unbind(kettle)],
      away: [{ kettle: ['unbound'] }],
    },
  ],
  [
    'unbind-by-the-device',
    {
      before: bind,
      steps: [({ kettle: device }) => set(device, 'unbind', binding, { user: ann })],
      away: [{ ann: ['unbound'] }],
    },
  ],
  [
    'removal-of-an-owner',
    {
      before: async (users) => {
        await bind(users);
        await users.bob.home.bind(kettle, code);
      },
      steps: [({ ann: user }) => user.home.removeOwner(kettle, bob)],
      away: [{ bob: ['unbound'], kettle: ['unbound', 'code-reset'] }],
    },
  ],
  [
    'permit-and-revoke',
    {
      before: async (users) => {
        await bind(users);
        await befriend(users);
      },
      steps: [
        ({ ann: user }) => user.home.permit(kettle, permission),
        ({ ann: user }) => user.home.revoke(kettle, permission),
      ],
      away: [
        { bob: ['granted'], kettle: ['granted'] },
        { bob: ['revoked'], kettle: ['revoked'] },
      ],
    },
  ],
  [
    'befriend-and-part',
    {
      steps: [
        ({ ann: user }) => user.home.befriend(bob),
        ({ bob: user }) => user.home.befriend(ann),
        ({ ann: user }) => user.home.unfriend(bob),
      ],
      away: [{ bob: ['friend-asked'] }, { ann: ['friends'] }, { bob: ['unfriended'] }],
    },
  ],
  [
    'reset-code',
    {
      before: bind,
      steps: [({ ann: user }) => user.home.resetCode(kettle)],
      away: [{ kettle: ['code-reset'] }],
      // The old code is void then.
      probe: ({ bob: user }) =>
        user.home.bind(kettle, code).then(
          () => false,
          () => true,
        ),
    },
  ],
  [
    'registration-of-a-user',
    {
      steps: [(_, place) => ask(place, 'user/register.xml', { userName: 'cid', password: 'cid-secret' })],
      probe: (_, place) => isDone(place, 'user/read.xml', { userName: 'cid', password: 'cid-secret' }),
    },
  ],
  [
    'registration-of-a-device',
    {
      steps: [
        (_, place) =>
          ask(place, 'device/register.xml', {
            deviceName: 'pot',
            password: 'pot-secret',
            verifyCode: code,
            vendor: 'V',
          }),
      ],
      probe: async ({ ann: user }, place) => {
        const proof = { deviceName: 'pot', password: 'pot-secret' };
        const isThere = await isDone(place, 'device/read.xml', proof);
        const outcome = await user.home.bind(`pot@${domain}`, code).then(
          () => true,
          () => false,
        );
        assert.equal(outcome, isThere, 'an account has its code, or neither is there');
        return isThere;
      },
    },
  ],
  [
    'another-password',
    {
      steps: [
        (_, place) =>
          ask(place, 'device/modify.xml', {
            deviceName: 'oven',
            password: 'kettle-secret',
            newPassword: 'oven-secret',
          }),
      ],
      probe: async (_, place) => {
        const fits = (password: string) => isDone(place, 'device/read.xml', { deviceName: 'oven', password });
        const [old, fresh] = [await fits('kettle-secret'), await fits('oven-secret')];
        assert.notEqual(old, fresh, 'one password opens it');
        return fresh;
      },
    },
  ],
  [
    'account-of-a-user-removed',
    {
      before: async (users, place) => {
        await ask(place, 'user/register.xml', { userName: 'cid', password: 'cid-secret' });
        await using cid = await TestUser.login(place, 'cid');
        await cid.home.bind(kettle, code);
        await cid.home.befriend(bob);
        await users.bob.home.befriend(`cid@${domain}`);
      },
      steps: [(_, place) => ask(place, 'user/delete.xml', { userName: 'cid', password: 'cid-secret' })],
      away: [{ bob: ['unfriended'], kettle: ['unbound'] }],
    },
  ],
  [
    'confirmation-required',
    {
      before: bind,
      steps: [({ ann: user }) => user.home.requireConfirmation(kettle, true)],
      away: [{ kettle: ['confirmation'] }],
      probe: async ({ ann: one, bob: two }) => {
        const isAsked = await one.home.confirmation(kettle);
        assert.equal((await two.home.bind(kettle, code)).state, isAsked ? 'pending' : 'active');
        return isAsked;
      },
    },
  ],
  [
    'code-reset-at-the-account-server',
    {
      before: bind,
      steps: [(_, place) => ask(place, 'device/verifycode.xml', { deviceName: 'kettle', password: 'kettle-secret' })],
      away: [{ ann: ['code-reset'], kettle: ['code-reset'] }],
      probe: ({ bob: user }) =>
        user.home.bind(kettle, code).then(
          () => false,
          () => true,
        ),
    },
  ],
  [
    'facts-of-a-device-modified',
    {
      steps: [
        (_, place) =>
          ask(place, 'device/modify.xml', {
            deviceName: 'kettle',
            password: 'kettle-secret',
            vendor: 'W',
            model: 'K2',
          }),
      ],
      probe: async (_, place) => {
        const read = await post(place, 'device/read.xml', { deviceName: 'kettle', password: 'kettle-secret' });
        const [vendor, model] = [read.text.includes('<vendor>W<'), read.text.includes('<model>K2<')];
        assert.equal(vendor, model, 'both are modified, or neither');
        return vendor;
      },
    },
  ],
  [
    'nick-of-a-user-modified',
    {
      steps: [
        (_, place) =>
          ask(place, 'user/modify.xml', { userName: 'ann', password: 'ann-secret', nick: 'Ann of the Attic' }),
      ],
      probe: async (_, place) => {
        const read = await post(place, 'user/read.xml', { userName: 'ann', password: 'ann-secret' });
        return read.text.includes('Ann of the Attic');
      },
    },
  ],
  [
    'binding-that-waits-withdrawn-by-the-user',
    {
      confirms: true,
      before: bind,
      steps: [({ ann: user }) => user.home.unbind(kettle)],
      away: [{ kettle: ['unbound'] }],
    },
  ],
  [
    'friend-declined',
    {
      before: ({ ann: user }) => user.home.befriend(bob),
      steps: [({ bob: user }) => user.home.unfriend(ann)],
      away: [{ ann: ['unfriended'] }],
    },
  ],
  [
    'friend-renamed-and-grouped',
    {
      before: befriend,
      steps: [
        async ({ ann: { client } }) => {
          const friend = 'urn:yaolian:ra:1:friend';
          const group = element('group', friend, {}, 'Neighbours');
          const answer = await client.request(
            'set',
            domain,
            element('rename', friend, { user: bob, name: 'Bobby' }, group),
          );
          assert.equal(answer.kind, 'result');
        },
      ],
    },
  ],
  ['rename', { before: bind, steps: [({ ann: user }) => user.home.rename(kettle, 'Coffee', ['Kitchen', 'Morning'])] }],
  [
    'link-and-unlink',
    {
      before: async (users) => {
        await bind(users);
        await users.ann.home.bind(oven, code);
      },
      steps: [
        ({ ann: user }) => set(user, 'link', link, { device: kettle, other: oven }),
        ({ ann: user }) => set(user, 'unlink', link, { device: kettle, other: oven }),
      ],
      away: [{ kettle: ['linked'] }, { kettle: ['unlinked'] }],
    },
  ],
  [
    'bookmark',
    {
      steps: [
        ({ ann: user }) => set(user, 'bookmark', 'urn:yaolian:ra:1:bookmark', { name: 'tea', address: kettle }),
        ({ ann: user }) => set(user, 'remove', 'urn:yaolian:ra:1:bookmark', { name: 'tea' }),
      ],
    },
  ],
  [
    'account-of-a-device-removed',
    {
      before: async (users) => {
        await bind(users);
        for (const user of [users.ann, users.bob]) await user.home.bind(oven, code);
        await set(users.ann, 'link', link, { device: kettle, other: oven });
      },
      steps: [
        async (_, place) => {
          const removed = await post(place, 'device/delete.xml', { deviceName: 'oven', password: 'kettle-secret' });
          assert.equal(removed.status, 200, removed.text);
        },
      ],
      away: [{ ann: ['unbound'], bob: ['unbound'], kettle: ['unlinked'] }],
    },
  ],
];

for (const [name, flow] of flows) {
  test(`the server dies at any commit of: ${name}`, () => play(flow));
}
