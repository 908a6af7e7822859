/** The owner's side over REST: an account, a device by its code, values and switches, friends and permissions; and what such a session never reaches. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type ProblemCode, type Route, routes } from '@yaolian/contract';
import { seconds } from '@yaolian/kernel';
import { instance } from '@yaolian/lwm2m/client';
import { defineObject } from '@yaolian/lwm2m-objects';
import { inTime, until } from '@yaolian/testkit';
import { HomeBrowser } from './support/home-browser.ts';
import { openPlatform, type TestPlatform, untilState, withCode } from './support/platform.ts';
import { domain, remoteAccess, TestUser } from './support/remote-user.ts';
import { openTerminal, type TestTerminal, wake } from './support/terminal.ts';

const terminalKey = 'urn:imei:861234567890123';
const name = 'urn-imei-861234567890123';
const sensor = '3303/0/5700';

let bench: TestPlatform;
let terminal: TestTerminal;
let code: string;

before(async () => {
  bench = await openPlatform(remoteAccess);
  terminal = await openTerminal({ endpointName: terminalKey, server: bench.coap });
  terminal.client.start();
  await terminal.client.registered();
  code = (await bench.admin.call(routes.shareDevice, { params: { device: terminalKey }, body: {} })).code;
});

after(async () => {
  await terminal[Symbol.asyncDispose]();
  await bench[Symbol.asyncDispose]();
});

const refused = (expected: ProblemCode) => withCode(expected);

test('an account: registered, signed in and out, with another password, gone', async () => {
  const dan = new HomeBrowser(bench);
  await assert.rejects(dan.api.call(routes.showHomeSession, {}), refused('unauthenticated'));
  const account = { name: 'dan', password: 'dan-secret' };
  await assert.rejects(
    dan.api.call(routes.registerAtHome, { body: { ...account, name: 'd@n' } }),
    refused('invalid-value'),
  );
  const registered = await dan.api.call(routes.registerAtHome, { body: account });
  assert.deepEqual([registered.account, registered.domain], [`dan@${domain}`, domain]);
  assert.match(dan.cookie, /^yaolian_home=yl_/);
  await assert.rejects(dan.api.call(routes.registerAtHome, { body: account }), refused('conflict'));
  const phone = new HomeBrowser(bench);
  const wrong = { name: 'dan', password: 'not-this-one' };
  await assert.rejects(phone.api.call(routes.signInAtHome, { body: wrong }), refused('wrong-password'));
  await assert.rejects(
    phone.api.call(routes.signInAtHome, { body: { ...wrong, name: 'nobody' } }),
    refused('wrong-password'),
  );
  await phone.api.call(routes.signInAtHome, { body: { ...account, name: `dan@${domain}` } });
  const change = { current: 'dan-secret', new: 'dan-secret-2' };
  await assert.rejects(
    dan.api.call(routes.changeHomePassword, { body: { ...change, current: 'wrong' } }),
    refused('wrong-password'),
  );
  await using connected = await TestUser.login(bench, 'dan');
  void connected;
  const connections = async () => (await bench.admin.call(routes.showUser, { params: { name: 'dan' } })).connections;
  assert.equal((await connections()).length, 1);
  await dan.api.call(routes.changeHomePassword, { body: change });
  await until(async () => (await connections()).length === 0, 'the end of the connections');
  await dan.api.call(routes.showHomeSession, {});
  await assert.rejects(phone.api.call(routes.showHomeSession, {}), refused('unauthenticated'));
  await dan.api.call(routes.signOutAtHome, {});
  assert.equal(dan.cookie, '');
  await dan.api.call(routes.signInAtHome, { body: { name: 'dan', password: 'dan-secret-2' } });
  await assert.rejects(
    dan.api.call(routes.removeHomeAccount, { body: { password: 'wrong' } }),
    refused('wrong-password'),
  );
  await dan.api.call(routes.removeHomeAccount, { body: { password: 'dan-secret-2' } });
  await assert.rejects(
    dan.api.call(routes.signInAtHome, { body: { name: 'dan', password: 'dan-secret-2' } }),
    refused('wrong-password'),
  );
});

test('a session of a user reaches no route of operators, and no token of operators reaches a home', async () => {
  const eve = await HomeBrowser.register(bench, 'eve');
  // As a client could send it, were it not for the path of the cookie.
  const forged = eve.cookie.replace('yaolian_home', 'yaolian_session');
  const token = await bench.admin.call(routes.createToken, { body: { label: 'all', role: 'admin' } });
  for (const route of Object.values(routes) as Route[]) {
    const url = bench.httpUrl + route.path.replaceAll(/\{\w+(\.\.\.)?\}/g, '1');
    const asked = { method: route.method, headers: { origin: bench.httpUrl } };
    if (route.role === 'user') {
      const headers = { ...asked.headers, authorization: `Bearer ${token.token}` };
      assert.equal((await fetch(url, { ...asked, headers })).status, 401, route.id);
    } else if (route.role !== 'anyone') {
      for (const cookie of [eve.cookie, forged]) {
        const answer = await fetch(url, { ...asked, headers: { ...asked.headers, cookie } });
        assert.equal(answer.status, 401, route.id);
      }
    }
  }
});

test('what changes something comes from our own pages only', async () => {
  const eve = new HomeBrowser(bench);
  await eve.api.call(routes.signInAtHome, { body: { name: 'eve', password: 'eve-secret' } });
  for (const route of Object.values(routes) as Route[]) {
    if (!route.path.startsWith('/api/v1/home/') || route.method === 'GET') continue;
    const url = bench.httpUrl + route.path.replaceAll(/\{\w+(\.\.\.)?\}/g, '1');
    const headers = { origin: 'https://elsewhere.example', cookie: eve.cookie, 'content-type': 'application/json' };
    const bodies: Record<string, unknown> = {
      registerAtHome: { name: 'x', password: 'x-secret' },
      signInAtHome: { name: 'x', password: 'x-secret' },
    };
    const body = JSON.stringify(bodies[route.id] ?? {});
    const answer = await fetch(url, { method: route.method, headers, body });
    assert.equal(answer.status, 403, route.id);
    assert.equal(((await answer.json()) as { code: string }).code, 'cross-origin', route.id);
  }
});

test('a device is bound by its code, read, written, executed, watched live, renamed and given up', async () => {
  const ann = await HomeBrowser.register(bench, 'ann');
  const { api } = ann;
  assert.deepEqual((await api.call(routes.listHomeDevices, {})).items, []);
  const there = { params: { device: name } };
  await assert.rejects(api.call(routes.showHomeDevice, there), refused('access-denied'));
  await assert.rejects(
    api.call(routes.readHomeResource, { params: { ...there.params, path: sensor } }),
    refused('access-denied'),
  );
  for (const device of [name, 'nobody']) {
    await assert.rejects(
      api.call(routes.bindHomeDevice, { body: { device, code: 'AAAAA-AAAAA' } }),
      refused('wrong-code'),
    );
  }
  terminal.temperature.set('sensorValue', 21.5);
  await using events = await ann.events();
  const bound = await api.call(routes.bindHomeDevice, { body: { device: name, code, name: 'Attic', groups: ['top'] } });
  assert.deepEqual(
    [bound.device, bound.name, bound.groups, bound.relation, bound.state],
    [`${name}@${domain}`, 'Attic', ['top'], 'owner', 'ONLINE'],
  );
  assert.equal((await events.first('bound')).device, `${name}@${domain}`);
  await assert.rejects(api.call(routes.bindHomeDevice, { body: { device: name, code } }), refused('conflict'));

  const first = await events.first('values', ({ values }) => values?.[0]?.path === `/${sensor}`);
  assert.equal(first.values?.[0]?.value, 21.5);
  terminal.temperature.set('sensorValue', 22.5);
  await events.first('values', ({ values }) => values?.[0]?.value === 22.5);
  const [listed] = (await api.call(routes.listHomeDevices, {})).items;
  const main = listed!.main.find(({ path }) => path === `/${sensor}`)!;
  assert.deepEqual([main.value, main.may], [22.5, ['read', 'observe']]);

  const read = await api.call(routes.readHomeResource, { params: { device: name, path: sensor } });
  assert.deepEqual([read.state, read.values?.[0]?.value], ['done', 22.5]);
  const place = { params: { device: name, path: '3303/0/5750' } };
  const written = await api.call(routes.writeHomeResource, { ...place, body: { value: 'attic' } });
  assert.equal(written.state, 'done');
  assert.equal((await api.call(routes.readHomeResource, place)).values?.[0]?.value, 'attic');
  const before = terminal.executed.length;
  await api.call(routes.executeHomeResource, { params: { device: name, path: '3303/0/5605' } });
  assert.equal(terminal.executed.length, before + 1);
  await assert.rejects(
    api.call(routes.writeHomeResource, { params: { device: name, path: sensor }, body: { value: 'warm' } }),
    refused('invalid-value'),
  );
  const detail = await api.call(routes.showHomeDevice, there);
  const ofServer = detail.instances.find(({ path }) => path === '/1/0')!.resources;
  assert.ok(
    ofServer.every(({ may }) => !may.includes('write') && !may.includes('execute')),
    'the operator’s',
  );
  assert.ok(ofServer.some(({ may }) => may.includes('read')));
  const resources = detail.instances.find(({ path }) => path === '/3303/0')!.resources;
  assert.ok(resources.some(({ path, may }) => path === '/3303/0/5605' && may.includes('execute')));
  const history = await api.call(routes.showHomeHistory, { ...there, query: { path: sensor } });
  assert.ok(history.points!.some(({ value }) => value === 22.5));
  await api.call(routes.renameHomeDevice, { ...there, body: { name: 'Roof', groups: [] } });
  await events.first('binding-renamed');
  const reset = await api.call(routes.resetHomeCode, there);
  assert.notEqual(reset.code, code);
  code = reset.code;
  const { items: trail } = await bench.admin.call(routes.listAudit, { query: { actor: 'ann' } });
  for (const [action, outcome] of [
    ['read', 'forbidden'],
    ['write', 'done'],
    ['write', 'invalid-value'],
    ['observe', 'done'],
  ] as const) {
    assert.ok(
      trail.some((one) => one.action === action && one.outcome === outcome && one.door === 'https'),
      action,
    );
  }
  await api.call(routes.unbindHomeDevice, there);
  await events.first('unbound');
  await assert.rejects(api.call(routes.showHomeDevice, there), refused('access-denied'));
  await assert.rejects(api.call(routes.unbindHomeDevice, there), refused('access-denied'));
});

test('owners see each other, and the first removes the later', async () => {
  const [kim, lou] = [await HomeBrowser.register(bench, 'kim'), await HomeBrowser.register(bench, 'lou')];
  const there = { params: { device: name } };
  for (const one of [kim, lou]) await one.api.call(routes.bindHomeDevice, { body: { device: name, code } });
  await using kims = await kim.events();
  await using lous = await lou.events();
  const owners = async ({ api }: HomeBrowser) =>
    (await api.call(routes.showHomeDevice, there)).owners?.map(({ user, removable }) => `${user} ${removable}`);
  assert.deepEqual(await owners(kim), [`kim@${domain} false`, `lou@${domain} true`]);
  assert.deepEqual(await owners(lou), [`kim@${domain} false`, `lou@${domain} false`]);
  const remove = ({ api }: HomeBrowser, user: string) =>
    api.call(routes.removeHomeOwner, { params: { device: name, user } });
  await assert.rejects(remove(lou, 'kim'), refused('access-denied'));
  await assert.rejects(remove(kim, 'nobody'), refused('not-found'));
  const issued = await remove(kim, `lou@${domain}`);
  assert.notEqual(issued.code, code);
  code = issued.code;
  const [seen, told] = [await kims.first('unbound'), await lous.first('unbound')];
  assert.deepEqual([seen.user, seen.by], [`lou@${domain}`, `kim@${domain}`]);
  assert.deepEqual([told.user, told.by], [undefined, `kim@${domain}`]);
  await assert.rejects(lou.api.call(routes.showHomeDevice, there), refused('access-denied'));
  await assert.rejects(remove(lou, 'kim'), refused('access-denied'));
  await kim.api.call(routes.unbindHomeDevice, there);
});

test('of an object that nobody knows an owner sees what was heard', async () => {
  await using bench = await openPlatform(remoteAccess);
  const odd = defineObject({
    ...{ id: 26999, name: 'Odd', version: '1.0', multiple: true },
    resources: {
      note: { id: 0, operations: 'RW', type: 'string', name: 'Note' },
      level: { id: 1, operations: 'R', type: 'float', name: 'Level' },
      isOpen: { id: 2, operations: 'R', type: 'boolean', name: 'Open' },
    },
  });
  const objects = [instance(odd, { note: 'hello', level: 3.5, isOpen: true })];
  await using terminal = await openTerminal({ endpointName: 'gate', server: bench.coap, objects });
  terminal.client.start();
  await terminal.client.registered();
  const { account, code } = await bench.admin.call(routes.shareDevice, { params: { device: 'gate' }, body: {} });
  const ann = await HomeBrowser.register(bench, 'ann');
  await ann.api.call(routes.bindHomeDevice, { body: { device: account, code } });
  await bench.admin.call(routes.readResource, { params: { device: 'gate', path: '26999/0' } });
  const { instances } = await ann.api.call(routes.showHomeDevice, { params: { device: account } });
  const { resources } = instances.find(({ path }) => path === '/26999/0')!;
  // Nobody knows what its bytes mean: they are told as they came, in TLV.
  assert.deepEqual(
    resources.map(({ path, type, value, may }) => [path, type, value, ...may]),
    [
      ['/26999/0/0', 'opaque', Buffer.from('hello').toString('base64'), 'read', 'observe'],
      ['/26999/0/1', 'opaque', 'QGAAAA==', 'read', 'observe'],
      ['/26999/0/2', 'opaque', 'AQ==', 'read', 'observe'],
    ],
  );
});

test('a value that was read alone gets its unit when the page opens', async () => {
  await using bench = await openPlatform(remoteAccess);
  await using terminal = await openTerminal({ endpointName: 'attic', server: bench.coap });
  terminal.client.start();
  await terminal.client.registered();
  const { account, code } = await bench.admin.call(routes.shareDevice, { params: { device: 'attic' }, body: {} });
  const ann = await HomeBrowser.register(bench, 'ann');
  await ann.api.call(routes.bindHomeDevice, { body: { device: account, code } });
  await bench.admin.call(routes.readResource, { params: { device: 'attic', path: '3303/0/5700' } });
  await using events = await ann.events();
  await events.first('values');
  const { items } = await ann.api.call(routes.listHomeDevices, {});
  const value = items[0]?.main.find(({ path }) => path === '/3303/0/5700');
  assert.deepEqual([value?.units, value?.label], ['Cel', 'room']);
});

test('names of users and devices are found whatever capitals they are typed with, and one that nobody can have is refused', async () => {
  const una = await HomeBrowser.register(bench, 'una');
  const ask = (user: string) => una.api.call(routes.askHomeFriend, { body: { user } });
  await assert.rejects(ask('no such'), refused('invalid-value'));
  await assert.rejects(ask('bob@elsewhere.example'), refused('invalid-value'));
  const vic = await HomeBrowser.register(bench, 'vic');
  assert.equal((await ask(` Vic@${domain.toUpperCase()} `)).user, `vic@${domain}`);
  assert.deepEqual(
    (await vic.api.call(routes.listHomeFriends, {})).items.map(({ name: of, state }) => [of, state]),
    [['una', 'asked']],
  );
  const bound = await una.api.call(routes.bindHomeDevice, { body: { device: name.toUpperCase(), code } });
  assert.equal(bound.device, `${name}@${domain}`);
  await una.api.call(routes.unbindHomeDevice, { params: { device: name } });
});

test('friends agree, use what is shared as long as it is, and are told of it', async () => {
  const [gil, hal] = [await HomeBrowser.register(bench, 'gil'), await HomeBrowser.register(bench, 'hal')];
  const there = { params: { device: name } };
  await gil.api.call(routes.bindHomeDevice, { body: { device: name, code, name: 'Lamp' } });
  await using events = await hal.events();
  await using own = await gil.events();
  const grant = { user: 'hal', feature: '*', operations: ['read', 'observe'] } as const;
  const permit = (change: object) =>
    gil.api.call(routes.setHomeGrant, { ...there, body: { ...grant, operations: [...grant.operations], ...change } });
  await assert.rejects(permit({}), refused('not-a-friend'));
  await assert.rejects(gil.api.call(routes.askHomeFriend, { body: { user: 'gil' } }), refused('conflict'));
  assert.equal((await gil.api.call(routes.askHomeFriend, { body: { user: `hal@${domain}` } })).state, 'asking');
  assert.equal((await events.first('friend-asked')).user, `gil@${domain}`);
  assert.equal((await hal.api.call(routes.askHomeFriend, { body: { user: 'gil' } })).state, 'friends');
  assert.deepEqual((await hal.api.call(routes.listHomeDevices, {})).items, []);
  await assert.rejects(
    hal.api.call(routes.setHomeGrant, { ...there, body: { ...grant, operations: ['read'] } }),
    refused('access-denied'),
  );
  await permit({ expiresAt: new Date(Date.now() + 3_600_000).toISOString() });
  const told = await events.first('granted');
  assert.deepEqual([told.device, told.feature, told.to], [`${name}@${domain}`, '*', undefined]);
  const news = await own.first('granted');
  assert.deepEqual([news.to, news.feature, news.operations], [`hal@${domain}`, '*', ['read', 'observe']]);
  assert.equal(news.expiresAt, told.expiresAt);
  const [shared] = (await hal.api.call(routes.listHomeDevices, {})).items;
  assert.deepEqual([shared?.relation, shared?.owner, shared?.name], ['guest', `gil@${domain}`, name]);
  const place = { params: { device: name, path: sensor } };
  assert.equal((await hal.api.call(routes.readHomeResource, place)).state, 'done');
  await assert.rejects(
    hal.api.call(routes.writeHomeResource, { params: { device: name, path: '3303/0/5750' }, body: { value: 'x' } }),
    refused('access-denied'),
  );
  await assert.rejects(hal.api.call(routes.listHomeGrants, there), refused('access-denied'));
  const { items } = await gil.api.call(routes.listHomeGrants, there);
  assert.deepEqual([items.length, items[0]?.user, items[0]?.operations], [1, `hal@${domain}`, ['read', 'observe']]);
  const which = { user: 'hal', feature: '*' };
  await events.first('values');
  await gil.api.call(routes.revokeHomeGrant, { ...there, query: which });
  await events.first('revoked');
  assert.deepEqual([(await own.first('revoked')).to, (await own.first('revoked')).feature], [`hal@${domain}`, '*']);
  const { items: trail } = await bench.admin.call(routes.listAudit, { query: { actor: 'gil', device: name } });
  const permitted = trail.filter(({ outcome, permission }) => outcome === 'done' && permission !== undefined);
  const permission = { to: 'hal', feature: '*', operations: ['read', 'observe'], expiresAt: told.expiresAt };
  assert.deepEqual(
    permitted.map((entry) => [entry.action, entry.permission]),
    [
      ['revoke', permission],
      ['grant', permission],
    ],
  );
  const { device, reason } = await events.first('ended');
  assert.deepEqual([device, reason], [`${name}@${domain}`, 'forbidden']);
  await assert.rejects(gil.api.call(routes.revokeHomeGrant, { ...there, query: which }), refused('not-found'));
  await assert.rejects(hal.api.call(routes.readHomeResource, place), refused('access-denied'));
  await permit({ user: undefined, class: 'friend', expiresAt: new Date(Date.now() - 1000).toISOString() });
  assert.deepEqual((await hal.api.call(routes.listHomeDevices, {})).items, [], 'it has expired');
  await permit({ user: undefined, class: 'friend' });
  assert.equal((await hal.api.call(routes.listHomeDevices, {})).items.length, 1);
  await hal.api.call(routes.removeHomeFriend, { params: { user: 'gil' } });
  assert.deepEqual((await hal.api.call(routes.listHomeDevices, {})).items, []);
});

test('what a device that sleeps is asked is told when it was heard', async () => {
  await using other = await openPlatform({ ...remoteAccess, 'lwm2m.awake-window': seconds(1) });
  await using sleeper = await openTerminal({ endpointName: terminalKey, server: other.coap, queueMode: {} });
  sleeper.client.start();
  await sleeper.client.registered();
  const shared = await other.admin.call(routes.shareDevice, { params: { device: terminalKey }, body: {} });
  const ann = await HomeBrowser.register(other, 'ann');
  await using events = await ann.events();
  const bound = await ann.api.call(routes.bindHomeDevice, { body: { device: name, code: shared.code } });
  // On a slow machine it sleeps already: then there is nothing new to be told.
  if (bound.state !== 'SLEEPING') await events.first('state', ({ state }) => state === 'SLEEPING');
  const place = { params: { device: name, path: '3303/0/5750' } };
  const written = await ann.api.call(routes.writeHomeResource, { ...place, body: { value: 'cellar' } });
  assert.equal(written.state, 'queued');
  const late = await wake(sleeper.client, events.first('result'));
  assert.deepEqual([late.id, late.refusal], [written.id, undefined]);
});

test('that a device did not wake in time for what it was asked stands in the news, once', async () => {
  const soon = { 'lwm2m.awake-window': seconds(1), 'lwm2m.queue-expiry': seconds(2) };
  await using other = await openPlatform({ ...remoteAccess, ...soon });
  await using sleeper = await openTerminal({ endpointName: terminalKey, server: other.coap, queueMode: {} });
  sleeper.client.start();
  await sleeper.client.registered();
  const shared = await other.admin.call(routes.shareDevice, { params: { device: terminalKey }, body: {} });
  const ann = await HomeBrowser.register(other, 'ann');
  await ann.api.call(routes.bindHomeDevice, { body: { device: name, code: shared.code } });
  await untilState(other.admin, terminalKey, 'SLEEPING');
  await using events = await ann.events();
  const place = { params: { device: name, path: '3303/0/5750' } };
  const looked = await ann.api.call(routes.readHomeResource, place);
  const written = await ann.api.call(routes.writeHomeResource, { ...place, body: { value: 'cellar' } });
  const ends = (id: string | undefined) => events.first('result', (one) => one.id === id);
  const [read, late] = await Promise.all([ends(looked.id), ends(written.id)]);
  assert.deepEqual([late.refusal, read.refusal], ['expired', 'expired']);
  assert.deepEqual([typeof late.news, read.news], ['number', undefined], 'what was only looked at is no news');
  const { items } = await ann.api.call(routes.listHomeNews, { query: {} });
  assert.deepEqual(
    items.filter(({ kind }) => kind === 'result').map(({ id }) => id),
    [written.id],
  );
});

test('what a friend asked of a device that sleeps is not done once the permission is revoked', async () => {
  await using other = await openPlatform({ ...remoteAccess, 'lwm2m.awake-window': seconds(1) });
  await using sleeper = await openTerminal({ endpointName: terminalKey, server: other.coap, queueMode: {} });
  sleeper.client.start();
  await sleeper.client.registered();
  const shared = await other.admin.call(routes.shareDevice, { params: { device: terminalKey }, body: {} });
  const ann = await HomeBrowser.register(other, 'ann');
  const bob = await HomeBrowser.register(other, 'bob');
  await using eve = await TestUser.register(other, 'eve');
  await ann.api.call(routes.bindHomeDevice, { body: { device: name, code: shared.code } });
  const there = { params: { device: name } };
  for (const friend of ['bob', 'eve']) await ann.api.call(routes.askHomeFriend, { body: { user: friend } });
  await bob.api.call(routes.askHomeFriend, { body: { user: 'ann' } });
  await eve.home.befriend(`ann@${domain}`);
  for (const user of ['bob', 'eve']) {
    await ann.api.call(routes.setHomeGrant, { ...there, body: { user, feature: '*', operations: ['write', 'read'] } });
  }
  await untilState(other.admin, terminalKey, 'SLEEPING');
  const place = { params: { device: name, path: '3303/0/5750' } };
  const own = await ann.api.call(routes.writeHomeResource, { ...place, body: { value: 'attic' } });
  const written = await bob.api.call(routes.writeHomeResource, { ...place, body: { value: 'cellar' } });
  assert.equal(await eve.home.device(`${name}@${domain}`).write('/3303/0/5750', 'roof'), 'queued');
  const states = async () => {
    const { items } = await other.admin.call(routes.listQueue, { query: { device: terminalKey } });
    return items.filter(({ operation }) => operation === 'write').map(({ state }) => state);
  };
  assert.deepEqual(await states(), ['queued', 'queued', 'queued']);
  assert.deepEqual([own.state, written.state], ['queued', 'queued']);
  for (const user of ['bob', 'eve']) {
    await ann.api.call(routes.revokeHomeGrant, { ...there, query: { user, feature: '*' } });
  }
  await until(
    async () => (await states()).filter((state) => state === 'cancelled').length === 2,
    'that they are taken back',
  );
  assert.deepEqual(await states(), ['queued', 'cancelled', 'cancelled'], 'what the owner asked waits');
});

test('an operator sees what a user is joined to, keeps it out and lets it in, and talks to it as support', async () => {
  const ida = await HomeBrowser.register(bench, 'ida');
  await ida.api.call(routes.bindHomeDevice, { body: { device: name, code, name: 'Lamp' } });
  await ida.api.call(routes.askHomeFriend, { body: { user: 'nobody' } });
  const events = await ida.events();
  const params = { name: 'ida' };
  const withPage = async () => {
    const shown = await bench.admin.call(routes.showUser, { params });
    return shown.pages > 0 && shown;
  };
  const seen = await until(withPage, 'its page');
  assert.deepEqual([seen.devices[0]?.name, seen.pages, seen.connections], ['Lamp', 1, []]);
  const shouted = { params: { name: 'IDA' } }; // the same account, however an operator writes it
  await bench.admin.call(routes.tellUser, { ...shouted, body: { text: 'We look into it.' } });
  assert.equal((await events.first('message')).text, 'We look into it.');
  await bench.admin.call(routes.disableUser, shouted);
  await inTime(events.ended, 'the end of its events');
  await assert.rejects(ida.api.call(routes.listHomeDevices, {}), refused('unauthenticated'));
  const account = { name: 'ida', password: 'ida-secret' };
  await assert.rejects(ida.api.call(routes.signInAtHome, { body: account }), refused('wrong-password'));
  assert.notEqual((await bench.admin.call(routes.showUser, { params })).disabledAt, undefined);
  await bench.admin.call(routes.enableUser, { params });
  await ida.api.call(routes.signInAtHome, { body: account });
  assert.equal((await ida.api.call(routes.listHomeDevices, {})).items.length, 1);
  for (const action of ['tell-account', 'disable-account', 'enable-account']) {
    const { items } = await bench.admin.call(routes.listAudit, { query: { actor: 'admin' } });
    assert.ok(
      items.some((one) => one.action === action && one.subject === 'ida'),
      action,
    );
  }
  for (const route of [routes.showUser, routes.disableUser, routes.enableUser]) {
    await assert.rejects(bench.admin.call(route, { params: { name: 'no one' } }), refused('not-found'));
  }
  await ida.api.call(routes.unbindHomeDevice, { params: { device: name } });
});

test('where remote access is off the home says so', async () => {
  await using other = await openPlatform();
  const nobody = new HomeBrowser(other);
  const body = { name: 'ann', password: 'ann-secret' };
  await assert.rejects(nobody.api.call(routes.signInAtHome, { body }), refused('unavailable'));
  await assert.rejects(nobody.api.call(routes.listHomeDevices, {}), refused('unauthenticated'));
});
