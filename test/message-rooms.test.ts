/** Rooms of the message server over sockets: who may make them, what outlives a restart, what operators see. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type JsonRoomChange, routes } from '@yaolian/contract';
import { nodeClock, nodeRandom, nodeTimers, saslCrypto, xmppConnector } from '@yaolian/node-runtime';
import { until } from '@yaolian/testkit';
import { element, Jid, namespaces, scramClients, type XmlElement, XmppClient } from '@yaolian/xmpp';
import { openPlatform, type TestPlatform, withCode } from './support/platform.ts';

const muc = 'http://jabber.org/protocol/muc';
const sockets = {
  'xmpp.host': '127.0.0.1',
  'xmpp.port': 0,
  'xmpp.tls-port': 0,
} as const;
const settings = { ...sockets, 'xmpp.domain': 'im.example.com' } as const;

/** A client that notes what comes. */
class Person {
  readonly client: XmppClient;
  readonly #came: string[] = [];

  constructor(t: TestContext, bench: TestPlatform, account: string) {
    const jid = Jid.parse(account)!;
    const found = bench.platform.listening.find(({ service, url }) => service === 'xmpp' && url.startsWith('xmpp:'))!;
    const port = Number(found.url.split(':').at(-1));
    this.client = new XmppClient({
      ...{ clock: nodeClock, timers: nodeTimers, random: nodeRandom, jid },
      listener: {
        onMessage: (message) => this.#note(message),
        onPresence: (presence) => this.#note(presence),
      },
      connector: xmppConnector({ domain: jid.domain, host: '127.0.0.1', port, tls: { insecure: true } }),
      mechanisms: scramClients({ crypto: saslCrypto, username: jid.local!, password: 'a long secret' }),
    });
    t.after(() => this.client.close());
  }

  static async come(t: TestContext, bench: TestPlatform, account: string): Promise<Person> {
    const person = new Person(t, bench, account);
    await person.client.connect();
    person.client.sendPresence();
    return person;
  }

  #note(stanza: XmlElement): void {
    const codes = stanza.child('x', `${muc}#user`)?.elements('status') ?? [];
    const what = [
      stanza.attribute('from')?.split('/')[1] ?? stanza.attribute('from'),
      stanza.attribute('type') ?? '',
      stanza.childText('body') ?? '',
      ...codes.map((code) => code.attribute('code')),
      stanza.child('error')?.elements()[0]?.name ?? '',
    ];
    this.#came.push(what.filter((part) => part !== '').join(' '));
  }

  /** Waits for something; what came before it is dropped. */
  async sees(what: string): Promise<void> {
    await until(() => this.#came.includes(what), `${what}, not ${this.#came.join(', ')}`);
    this.#came.splice(0, this.#came.indexOf(what) + 1);
  }

  enter(room: string, nick: string): void {
    this.client.send(element('presence', namespaces.client, { to: `${room}/${nick}` }, element('x', muc)));
  }

  say(room: string, text: string): void {
    const body = element('body', namespaces.client, {}, text);
    this.client.send(element('message', namespaces.client, { to: room, type: 'groupchat' }, body));
  }

  async configure(room: string, fields: Readonly<Record<string, string>>): Promise<void> {
    const written = Object.entries(fields).map(([name, value]) => {
      const content = element('value', 'jabber:x:data', {}, value);
      return element('field', 'jabber:x:data', { var: `muc#roomconfig_${name}` }, content);
    });
    const form = element('x', 'jabber:x:data', { type: 'submit' }, ...written);
    const answer = await this.client.request('set', room, element('query', `${muc}#owner`, {}, form));
    assert.equal(answer.kind, 'result');
  }
}

const addUser = (bench: TestPlatform, name: string) =>
  bench.admin.call(routes.addUser, { params: { name }, body: { password: 'a long secret' } });

const items = async ({ client }: Person, of: string): Promise<readonly (string | undefined)[]> => {
  const answer = await client.request('get', of, element('query', 'http://jabber.org/protocol/disco#items'));
  assert.ok(answer.kind === 'result');
  return answer.payload!.elements('item').map((item) => item.attribute('jid'));
};

test('rooms: made, talked in, left; a persistent one is there after a restart, with what was said', async (t) => {
  let bench = await openPlatform(settings);
  t.after(() => bench[Symbol.asyncDispose]());
  for (const name of ['anna', 'bob']) await addUser(bench, name);
  const anna = await Person.come(t, bench, 'anna@im.example.com');
  assert.deepEqual(await items(anna, 'im.example.com'), ['rooms.im.example.com']);
  const home = 'home@rooms.im.example.com';
  anna.enter(home, 'Anna');
  await anna.sees('Anna 110 201');
  await anna.configure(home, { persistentroom: '1', roomname: 'At home' });
  anna.enter('passing@rooms.im.example.com', 'Anna');
  await anna.sees('Anna 110 201');
  await anna.configure('passing@rooms.im.example.com', {});
  assert.deepEqual(await items(anna, 'rooms.im.example.com'), [home, 'passing@rooms.im.example.com']);
  const bob = await Person.come(t, bench, 'bob@im.example.com');
  bob.enter(home, 'Bob');
  await bob.sees('Bob 110 170');
  bob.say(home, 'hello');
  await anna.sees('Bob groupchat hello');
  bob.client.close();
  await anna.sees('Bob unavailable');

  const restarting = bench.restart();
  await anna.sees('Anna unavailable 110 332');
  anna.client.close();
  bench = await restarting;
  const again = await Person.come(t, bench, 'bob@im.example.com');
  assert.deepEqual(await items(again, 'rooms.im.example.com'), [home]);
  again.enter(home, 'Bob');
  await again.sees('Bob groupchat hello');
  const owner = await Person.come(t, bench, 'anna@im.example.com');
  owner.enter(home, 'Anna');
  await owner.sees('Anna 110 170');
  await owner.configure(home, { roomdesc: 'still mine' });
});

test('rooms: operators see them and destroy one; an account that goes takes its place in them along', async (t) => {
  await using bench = await openPlatform({ ...settings, 'http.public-metrics': true });
  for (const name of ['anna', 'bob']) await addUser(bench, name);
  const home = 'home@rooms.im.example.com';
  const anna = await Person.come(t, bench, 'anna@im.example.com');
  anna.enter(home, 'Anna');
  await anna.sees('Anna 110 201');
  await anna.configure(home, { persistentroom: '1', roomname: 'At home', membersonly: '1' });
  const member = element('item', `${muc}#admin`, { jid: 'bob@im.example.com', affiliation: 'member' });
  await anna.client.request('set', home, element('query', `${muc}#admin`, {}, member));
  const bob = await Person.come(t, bench, 'bob@im.example.com');
  bob.enter(home, 'Bob');
  await bob.sees('Bob 110 170');
  const metrics = await (await fetch(`${bench.httpUrl}/metrics`)).text();
  assert.match(metrics, /^xmpp_rooms 1$/m);
  assert.match(metrics, /^xmpp_room_sessions 2$/m);
  const shown = await bench.admin.call(routes.showRoom, { params: { room: 'HOME@rooms.im.example.com' } });
  const { createdAt: _createdAt, ...rest } = shown;
  assert.deepEqual(rest, {
    ...{ room: home, name: 'At home', persistent: true, public: true, membersOnly: true, occupants: 2 },
    ...{
      createdBy: 'anna@im.example.com',
      description: '',
      moderated: false,
      passwordProtected: false,
      archived: true,
      maxUsers: 200,
    },
    affiliations: [
      { account: 'anna@im.example.com', affiliation: 'owner' },
      { account: 'bob@im.example.com', affiliation: 'member' },
    ],
    present: [
      { nick: 'Anna', account: 'anna@im.example.com', role: 'moderator', sessions: 1 },
      { nick: 'Bob', account: 'bob@im.example.com', role: 'participant', sessions: 1 },
    ],
  });
  await bench.admin.call(routes.removeUser, { params: { name: 'bob' } });
  await anna.sees('Bob unavailable 321');
  await addUser(bench, 'bob');
  const namesake = await Person.come(t, bench, 'bob@im.example.com');
  namesake.enter(home, 'Bob');
  await namesake.sees('Bob error registration-required');
  const unknown = { params: { room: 'nowhere@rooms.im.example.com' } };
  await assert.rejects(bench.admin.call(routes.showRoom, unknown), withCode('not-found'));
  await assert.rejects(bench.admin.call(routes.destroyRoom, { ...unknown, query: {} }), withCode('not-found'));
  await bench.admin.call(routes.destroyRoom, { params: { room: home }, query: { reason: 'moved' } });
  await anna.sees('Anna unavailable 110');
  assert.deepEqual((await bench.admin.call(routes.listRooms, { query: {} })).items, []);
  anna.client.close();
  namesake.client.close();
});

test('rooms: operators make one for somebody, who owns it; it is there after a restart; what is wrong is told', async (t) => {
  let bench = await openPlatform(settings);
  t.after(() => bench[Symbol.asyncDispose]());
  for (const name of ['anna', 'bob']) await addUser(bench, name);
  const home = 'home@rooms.im.example.com';
  const asked = {
    room: 'HOME@rooms.im.example.com',
    owner: 'anna',
    name: 'At home',
    membersOnly: true,
    password: 'sesame',
  };
  const made = await bench.admin.call(routes.createRoom, { body: asked });
  assert.equal(made.room, home);
  assert.deepEqual(
    [made.persistent, made.archived, made.membersOnly, made.passwordProtected, made.occupants],
    [true, true, true, true, 0],
  );
  assert.deepEqual(made.affiliations, [{ account: 'anna@im.example.com', affiliation: 'owner' }]);
  const refused = async (change: object, code: 'conflict' | 'invalid-value' | 'invalid-request', detail: RegExp) =>
    assert.rejects(bench.admin.call(routes.createRoom, { body: { ...asked, ...change } }), (error: Error) => {
      assert.match(error.message, detail);
      return withCode(code)(error);
    });
  await refused({}, 'conflict', /There is a room home@rooms\.im\.example\.com already/);
  await refused({ room: 'x@im.example.com' }, 'invalid-value', /write name@rooms\.im\.example\.com/);
  await refused({ room: 'x@rooms.im.example.com/nick' }, 'invalid-value', /is no address of a room/);
  await refused({ room: 'x@rooms.im.example.com', owner: 'nobody' }, 'invalid-value', /nobody is no account/);
  await refused({ room: 'x@rooms.im.example.com', name: 'x'.repeat(129) }, 'invalid-request', /./);
  bench = await bench.restart();
  const anna = await Person.come(t, bench, 'anna@im.example.com');
  anna.enter(home, 'Anna');
  await anna.sees('Anna 110 170');
  await anna.configure(home, { roomdesc: 'mine' });
  const bob = await Person.come(t, bench, 'bob@im.example.com');
  bob.enter(home, 'Bob');
  await bob.sees('Bob error registration-required');
});

test('rooms: operators end none by setting it up; a room that is not kept is one that somebody is in', async (t) => {
  const bench = await openPlatform(settings);
  t.after(() => bench[Symbol.asyncDispose]());
  for (const name of ['anna', 'bob']) await addUser(bench, name);
  const room = 'garden@rooms.im.example.com';
  const set = (body: JsonRoomChange) => bench.admin.call(routes.configureRoom, { params: { room }, body });
  await bench.admin.call(routes.createRoom, { body: { room, owner: 'anna' } });
  await assert.rejects(set({ persistent: false }), withCode('conflict'));
  const bob = await Person.come(t, bench, 'bob@im.example.com');
  bob.enter(room, 'Bob');
  await bob.sees('Bob 110 170');
  await assert.rejects(set({ persistent: false, membersOnly: true }), withCode('conflict'));
  const { persistent, membersOnly, occupants } = await bench.admin.call(routes.showRoom, { params: { room } });
  assert.deepEqual([persistent, membersOnly, occupants], [true, false, 1], 'nothing changed');
  assert.equal((await set({ persistent: false })).persistent, false);
});

test('rooms: operators set one up and say who is what to it; who is in it is told, and the disk has it', async (t) => {
  let bench = await openPlatform(settings);
  t.after(() => bench[Symbol.asyncDispose]());
  for (const name of ['anna', 'bob', 'cid']) await addUser(bench, name);
  const home = 'home@rooms.im.example.com';
  const there = { params: { room: home } };
  await bench.admin.call(routes.createRoom, { body: { room: home, owner: 'anna' } });
  const anna = await Person.come(t, bench, 'anna@im.example.com');
  const bob = await Person.come(t, bench, 'bob@im.example.com');
  anna.enter(home, 'Anna');
  await anna.sees('Anna 110 170');
  bob.enter(home, 'Bob');
  await bob.sees('Bob 110 170');
  const set = (body: JsonRoomChange) => bench.admin.call(routes.configureRoom, { ...there, body });
  const named = await set({ name: 'At home', description: 'for us', password: 'sesame', maxUsers: 20 });
  assert.deepEqual([named.name, named.description, named.passwordProtected], ['At home', 'for us', true]);
  assert.deepEqual(
    [named.maxUsers, (await set({ maxUsers: 5000 })).maxUsers],
    [20, 200],
    'no more than the setting allows',
  );
  await bob.sees(`${home} groupchat 104`);
  assert.equal((await set({ archived: false })).archived, false);
  await bob.sees(`${home} groupchat 171`);
  const affiliate = (member: string, affiliation: 'owner' | 'admin' | 'member' | 'outcast') =>
    bench.admin.call(routes.setRoomAffiliation, { params: { room: home, member }, body: { affiliation } });
  const remove = (member: string) =>
    bench.admin.call(routes.removeRoomAffiliation, { params: { room: home, member }, query: {} });
  const places = (await affiliate('cid', 'member')).affiliations;
  assert.deepEqual(places, [
    { account: 'anna@im.example.com', affiliation: 'owner' },
    { account: 'cid@im.example.com', affiliation: 'member' },
  ]);
  await set({ membersOnly: true, moderated: true, public: false });
  await bob.sees('Bob unavailable 110 322');
  await affiliate('bob', 'member');
  bob.client.send(
    element(
      'presence',
      namespaces.client,
      { to: `${home}/Bob` },
      element('x', muc, {}, element('password', muc, {}, 'sesame')),
    ),
  );
  await bob.sees('Bob 110');
  await remove('bob@im.example.com');
  await bob.sees('Bob unavailable 110 321');
  await set({ membersOnly: false, password: '' });
  bob.enter(home, 'Bob');
  await bob.sees('Bob 110');
  await affiliate('bob', 'outcast');
  await bob.sees('Bob unavailable 110 301');
  await assert.rejects(remove('anna'), withCode('conflict'));
  await assert.rejects(affiliate('anna', 'member'), /anna@im\.example\.com is the last owner/);
  await assert.rejects(affiliate('nobody', 'member'), withCode('invalid-value'));
  await assert.rejects(remove('nobody'), withCode('not-found'));
  const ofBob = { params: { room: home, member: 'bob' } };
  const { value: place, tag } = await bench.admin.callTagged(routes.showRoomAffiliation, ofBob);
  assert.deepEqual(place, { account: 'bob@im.example.com', affiliation: 'outcast' });
  await affiliate('bob', 'member');
  const late = { ...ofBob, body: { affiliation: 'admin' }, ifMatch: tag! } as const;
  await assert.rejects(bench.admin.call(routes.setRoomAffiliation, late), withCode('precondition-failed'));
  const anew = { ...ofBob, body: { affiliation: 'admin' }, ifNoneMatch: '*' } as const;
  await assert.rejects(bench.admin.call(routes.setRoomAffiliation, anew), withCode('precondition-failed'));
  const noPlace = { params: { room: home, member: 'nobody' } };
  await assert.rejects(bench.admin.call(routes.showRoomAffiliation, noPlace), withCode('not-found'));
  const { tag: setUp } = await bench.admin.callTagged(routes.showRoom, there);
  await affiliate('bob', 'outcast');
  const renamed = { ...there, body: { name: 'Still home' }, ifMatch: setUp! };
  await bench.admin.call(routes.configureRoom, renamed); // who is what to it is no part of how it is set up
  await assert.rejects(bench.admin.call(routes.configureRoom, renamed), withCode('precondition-failed'));
  await assert.rejects(set({}), withCode('invalid-request'));
  const nowhere = { params: { room: 'nowhere@rooms.im.example.com' }, body: { name: 'Nowhere' } };
  await assert.rejects(bench.admin.call(routes.configureRoom, nowhere), withCode('not-found'));
  const { items: lines } = await bench.admin.call(routes.listAudit, { query: { actor: 'admin', looks: false } });
  const banned = lines.find(({ action, outcome, subject }) => `${action} ${outcome} ${subject}`.includes('outcast'));
  assert.deepEqual([banned?.action, banned?.subject], ['setRoomAffiliation', `${home} bob outcast`]);
  const before = await bench.admin.call(routes.showRoom, there);
  anna.client.close();
  bob.client.close();
  bench = await bench.restart();
  const { present: _, occupants: _count, ...after } = await bench.admin.call(routes.showRoom, there);
  const { present: _before, occupants: _then, ...kept } = before;
  assert.deepEqual(after, kept);
});

test('rooms: who is blocked does not invite by way of a room', async (t) => {
  await using bench = await openPlatform(settings);
  for (const name of ['anna', 'bob']) await addUser(bench, name);
  const home = 'home@rooms.im.example.com';
  const bob = await Person.come(t, bench, 'bob@im.example.com');
  const blocked = element('item', 'urn:xmpp:blocking', { jid: 'anna@im.example.com' });
  await bob.client.request('set', 'bob@im.example.com', element('block', 'urn:xmpp:blocking', {}, blocked));
  const anna = await Person.come(t, bench, 'anna@im.example.com');
  anna.enter(home, 'Anna');
  await anna.sees('Anna 110 201');
  const invite = element('invite', `${muc}#user`, { to: 'bob@im.example.com' });
  const x = element('x', `${muc}#user`, {}, invite);
  anna.client.send(element('message', namespaces.client, { to: home }, x));
  await anna.sees('home@rooms.im.example.com error service-unavailable');
  anna.client.close();
  bob.client.close();
});

test('rooms: off, by others, under another name, and where only friends write to each other', async (t) => {
  const disco = async (person: Person, to: string) => {
    const answer = await person.client.request('get', to, element('query', 'http://jabber.org/protocol/disco#info'));
    return answer.kind === 'error' ? answer.condition : answer.kind;
  };
  await using off = await openPlatform({ ...settings, 'xmpp.rooms': 'off' });
  await addUser(off, 'anna');
  const anna = await Person.come(t, off, 'anna@im.example.com');
  assert.equal(await disco(anna, 'rooms.im.example.com'), 'remote-server-not-found');
  anna.client.close();

  await using few = await openPlatform({
    ...settings,
    'xmpp.domains': 'im.example.net',
    'xmpp.rooms-name': 'conference',
    'xmpp.rooms-created-by': 'admins',
    'xmpp.rooms-admins': 'anna@im.example.net, anna',
  });
  for (const name of ['anna', 'bob', 'anna@im.example.net']) await addUser(few, name);
  for (const [account, told] of [
    ['anna@im.example.com', 'me 110 201'],
    ['anna@im.example.net', 'me 110 201'],
    ['bob@im.example.com', 'me error not-allowed'],
  ] as const) {
    const person = await Person.come(t, few, account);
    person.enter(`of-${account.replace('@', '-')}@conference.im.example.com`, 'me');
    await person.sees(told);
    person.client.close();
  }

  await using closed = await openPlatform({
    ...sockets,
    'ra.domain': 'home.example',
    'xmpp.domains': 'im.example.net',
  });
  for (const name of ['ann', 'ben@im.example.net']) await addUser(closed, name);
  const ann = await Person.come(t, closed, 'ann@home.example');
  assert.equal(await disco(ann, 'rooms.home.example'), 'remote-server-not-found');
  assert.equal(await disco(ann, 'rooms.im.example.net'), 'forbidden');
  const ben = await Person.come(t, closed, 'ben@im.example.net');
  assert.equal(await disco(ben, 'rooms.im.example.net'), 'result');
  ann.client.close();
  ben.client.close();
});

test('rooms where only friends write to each other: strangers are not invited', async (t) => {
  await using bench = await openPlatform({ ...sockets, 'ra.domain': 'home.example', 'xmpp.rooms': 'on' });
  for (const name of ['ann', 'ben']) await addUser(bench, name);
  const ann = await Person.come(t, bench, 'ann@home.example');
  const home = 'home@rooms.home.example';
  ann.enter(home, 'Ann');
  await ann.sees('Ann 110 201');
  await ann.configure(home, {});
  const invite = element('invite', `${muc}#user`, { to: 'ben@home.example' });
  ann.client.send(element('message', namespaces.client, { to: home }, element('x', `${muc}#user`, {}, invite)));
  await ann.sees(`${home} error forbidden`);
  ann.client.close();
});

test('rooms: a setting that makes no sense is refused with what is right', async () => {
  const refused = async (config: Parameters<typeof openPlatform>[0], why: RegExp) => {
    await assert.rejects(openPlatform({ ...settings, ...config }), { code: 'XMPP_SETTING_BAD', message: why });
  };
  await refused({ 'xmpp.rooms-name': 'a.b' }, /"a\.b" is not the first part of a domain; write one such as rooms/);
  await refused(
    { 'xmpp.rooms-admins': 'anna@elsewhere.example' },
    /"anna@elsewhere\.example" is no account of im\.example\.com/,
  );
  await refused(
    { 'xmpp.rooms': 'on', 'xmpp.push-domain': 'rooms.im.example.com' },
    /rooms\.im\.example\.com is there already/,
  );
});
