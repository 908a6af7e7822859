/** What attackers of Remote Access try: docs/remote-access-threats.md names each of these tests. */
import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { ApiProblemError, routes } from '@yaolian/contract';
import { seconds } from '@yaolian/kernel';
import { until } from '@yaolian/testkit';
import { element, serialiseXml } from '@yaolian/xmpp';
import { HomeBrowser } from './support/home-browser.ts';
import { openPlatform, untilState, withCode } from './support/platform.ts';
import { domain, lamp, post, refused, remoteAccess, TestUser, terminalKey } from './support/remote-user.ts';
import { openTerminal, wake } from './support/terminal.ts';

const kettle = `kettle@${domain}`;
const data = 'urn:yaolian:ra:1:data';
const temperature = '/3303/0/5700';

/** §11.4: what the platform asks the device so that its answers are known. */
function answerAs(device: TestUser, text: () => string): void {
  const values = () => {
    const value = element('value', data, { path: temperature, type: 'float' }, text());
    return element('values', data, { time: new Date().toISOString() }, value);
  };
  device.client.handle('read', data, values);
  device.client.handle('observe', data, values);
}

function tell(device: TestUser, to: string, path: string, text: string): void {
  const value = element('value', data, { path, type: 'float' }, text);
  const values = element('values', data, { time: new Date().toISOString() }, value);
  device.client.send(element('message', 'jabber:client', { type: 'headline', to }, values));
}

test('a stolen phone: another password ends its connections, and the old password opens none', async () => {
  await using bench = await openPlatform(remoteAccess);
  await using phone = await TestUser.register(bench, 'ann');
  const name = { userName: 'ann', password: 'ann-secret' };
  const changed = await post(bench, 'user/modify.json', { ...name, newPassword: 'another-secret' });
  assert.equal(changed.status, 200, changed.text);
  await phone.closed;
  await assert.rejects(phone.client.request('get', domain, element('bindings', 'urn:yaolian:ra:1:binding')));
  await assert.rejects(TestUser.login(bench, 'ann'));
  assert.equal((await post(bench, 'user/read.json', name)).status, 400);
});

test('a stolen code: owners hear who else owns their device, and after a reset it opens nothing', async () => {
  await using bench = await openPlatform(remoteAccess);
  await using _device = await TestUser.registerDevice(bench, 'kettle', 'KETTLE-CODE');
  await using ann = await TestUser.register(bench, 'ann');
  await using thief = await TestUser.register(bench, 'mallory');
  await ann.home.bind(kettle, 'KETTLE-CODE');
  await thief.home.bind(kettle, 'KETTLE-CODE');
  await until(
    () =>
      ann.messages.some((message) => {
        const [push] = message.elements();
        return push?.name === 'bound' && push.attribute('user') === `mallory@${domain}`;
      }),
    'the news of the other owner',
  );
  await ann.home.resetCode(kettle);
  await using late = await TestUser.register(bench, 'trudy');
  await assert.rejects(late.home.bind(kettle, 'KETTLE-CODE'), refused('not-authorized'));
});

test('a stolen code: the thief removes nobody, is removed with all that it had, and does not come back', async () => {
  await using bench = await openPlatform(remoteAccess);
  await using device = await TestUser.registerDevice(bench, 'kettle', 'KETTLE-CODE');
  answerAs(device, () => '20');
  await using ann = await TestUser.register(bench, 'ann');
  await using thief = await TestUser.register(bench, 'mallory');
  await ann.home.bind(kettle, 'KETTLE-CODE');
  await thief.home.bind(kettle, 'KETTLE-CODE');
  await thief.home.permit(kettle, { to: `ann@${domain}`, feature: '*', operations: [] });
  const code = await thief.home.resetCode(kettle);
  await thief.home.device(kettle).observe(temperature);
  await assert.rejects(thief.home.removeOwner(kettle, `ann@${domain}`), refused('not-allowed'));
  await assert.rejects(thief.home.removeOwner(kettle, `nobody@${domain}`), refused('item-not-found'));
  assert.deepEqual(
    (await ann.home.owners(kettle)).map(({ user, state }) => [user, state]),
    [
      [`ann@${domain}`, 'active'],
      [`mallory@${domain}`, 'active'],
    ],
  );
  const fresh = await ann.home.removeOwner(kettle, `mallory@${domain}`);
  const push = await thief.push('unbound');
  assert.deepEqual([push.attribute('user'), push.attribute('by')], [`mallory@${domain}`, `ann@${domain}`]);
  await device.push('unbound');
  await assert.rejects(thief.home.device(kettle).read(temperature), refused('forbidden'));
  await assert.rejects(thief.home.owners(kettle), refused('forbidden'));
  await assert.rejects(thief.home.removeOwner(kettle, `ann@${domain}`), refused('forbidden'));
  await assert.rejects(thief.home.bind(kettle, code), refused('not-authorized'));
  assert.equal((await ann.home.device(kettle).read(temperature))[0]?.text, '20', 'what the thief permitted is gone');
  await ann.home.device(kettle).observe(temperature);
  tell(device, domain, temperature, '21');
  await ann.value('21');
  await thief.home.devices(); // what it is told comes in order
  assert.ok(!JSON.stringify(thief.messages).includes('"21"'), 'what it observed is pushed to it no more');
  assert.notEqual(fresh, code);
});

test('a sold device: whoever runs the platform takes it from who sold it', async () => {
  await using bench = await openPlatform(remoteAccess);
  await using _device = await TestUser.registerDevice(bench, 'kettle', 'KETTLE-CODE');
  await using seller = await TestUser.register(bench, 'ann');
  await using buyer = await TestUser.register(bench, 'bob');
  await seller.home.bind(kettle, 'KETTLE-CODE');
  await buyer.home.bind(kettle, 'KETTLE-CODE');
  await assert.rejects(buyer.home.removeOwner(kettle, `ann@${domain}`), refused('not-allowed'));
  const params = { account: kettle, user: `ann@${domain}` };
  const { code } = await bench.admin.call(routes.removeRaOwner, { params });
  const push = await seller.push('unbound');
  assert.equal(push.attribute('by'), undefined);
  assert.deepEqual(await seller.home.devices(), []);
  assert.equal((await buyer.home.devices()).length, 1);
  await assert.rejects(seller.home.bind(kettle, 'KETTLE-CODE'), refused('not-authorized'));
  await assert.rejects(bench.admin.call(routes.removeRaOwner, { params }), (error: unknown) => {
    return error instanceof ApiProblemError && error.problem.code === 'not-found';
  });
  const { items } = await bench.admin.call(routes.listAudit, { query: { actor: 'admin', device: 'kettle' } });
  assert.deepEqual(
    items.filter(({ action }) => action.startsWith('remove')).map((one) => `${one.action} ${one.outcome}`),
    ['removeRaOwner 404', 'remove-owner none', 'remove-owner done'],
  );
  await seller.home.bind(kettle, code);
  assert.equal((await buyer.home.owners(kettle)).at(-1)?.user, `ann@${domain}`, 'who comes again comes last');
});

test('a device that was given away: the code that its owner knew is void, and the new one is on its screen', async () => {
  const screen = '/3303/0/5750';
  const settings = { 'ra.code-after-unbind': 'renew', 'ra.code-resource': screen } as const;
  await using bench = await openPlatform({ ...remoteAccess, ...settings });
  await using terminal = await openTerminal({ endpointName: terminalKey, server: bench.coap });
  terminal.client.start();
  await terminal.client.registered();
  await using seller = await TestUser.register(bench, 'ann');
  await using buyer = await TestUser.register(bench, 'bob');
  const shared = await bench.admin.call(routes.shareDevice, { params: { device: terminalKey }, body: {} });
  const shown = () => String(terminal.temperature.get('applicationType'));
  const next = (before: string) => until(() => shown() !== before && shown(), 'another code on the screen');
  await until(() => shown() === shared.code, 'the first code on the screen');
  await seller.home.bind(lamp, shared.code);
  await seller.home.unbind(lamp);
  const second = await next(shared.code);
  await assert.rejects(seller.home.bind(lamp, shared.code), refused('not-authorized'));
  await buyer.home.bind(lamp, second);
  await bench.admin.call(routes.removeUser, { params: { name: 'bob' } });
  const third = await next(second);
  await assert.rejects(seller.home.bind(lamp, second), refused('not-authorized'));
  await seller.home.bind(lamp, third);
});

test('secrets lie nowhere in the clear: no password and no code in the data folder, the audit or the pushes', async () => {
  await using bench = await openPlatform(remoteAccess);
  await using device = await TestUser.registerDevice(bench, 'kettle', 'KETTLE-CODE-77');
  await using ann = await TestUser.register(bench, 'ann');
  await ann.home.bind(kettle, 'KETTLE-CODE-77');
  const code = await ann.home.resetCode(kettle);
  await device.push('code-reset');
  const pushed = [...ann.messages, ...device.messages].map((message) => JSON.stringify(message)).join();
  const { items } = await bench.admin.call(routes.listAudit, { query: {} });
  assert.ok(items.some(({ action }) => action === 'reset-code'));
  const files = (await readdir(bench.dataFolder, { recursive: true, withFileTypes: true })).filter((one) =>
    one.isFile(),
  );
  const kept = await Promise.all(files.map((file) => readFile(join(file.parentPath, file.name), 'latin1')));
  assert.ok(
    kept.some((text) => text.includes('kettle')),
    'the database is among the files',
  );
  for (const secret of ['KETTLE-CODE-77', code, code.replace('-', ''), 'ann-secret', 'kettle-secret']) {
    const places = [...kept, pushed, JSON.stringify(items)];
    assert.ok(!places.some((text) => text.includes(secret)), secret);
  }
});

test('a malicious device tells what nobody asked, or to whom it may not: nothing is kept, nothing arrives', async () => {
  await using bench = await openPlatform(remoteAccess);
  await using device = await TestUser.registerDevice(bench, 'kettle', 'KETTLE-CODE');
  answerAs(device, () => '20');
  await using ann = await TestUser.register(bench, 'ann');
  await using bob = await TestUser.register(bench, 'bob');
  await ann.home.bind(kettle, 'KETTLE-CODE');
  await ann.home.device(kettle).observe(temperature);
  tell(device, domain, '/3304/0/5700', '66');
  tell(device, `bob@${domain}`, temperature, '67');
  tell(device, domain, temperature, '21');
  await ann.value('21');
  const history = async (path: string) =>
    (await bench.admin.call(routes.showHistory, { params: { device: kettle }, query: { path } })).points ?? [];
  assert.deepEqual(await history('/3304/0/5700'), []);
  assert.ok((await history(temperature)).length > 0);
  assert.equal(bob.messages.length, 0);
});

test('a friend hands nothing on: what is shared with it gives no right to permit, to bind, to link or to reset a code', async () => {
  await using bench = await openPlatform(remoteAccess);
  await using device = await TestUser.registerDevice(bench, 'kettle', 'KETTLE-CODE');
  answerAs(device, () => '20');
  await using ann = await TestUser.register(bench, 'ann');
  await using bob = await TestUser.register(bench, 'bob');
  await ann.home.bind(kettle, 'KETTLE-CODE');
  await ann.home.befriend(`bob@${domain}`);
  await bob.home.befriend(`ann@${domain}`);
  await ann.home.permit(kettle, { to: `bob@${domain}`, feature: '*', operations: ['read', 'write', 'observe'] });
  assert.equal((await bob.home.device(kettle).read(temperature))[0]?.text, '20');
  const wide = { to: { class: 'friend' }, feature: '*', operations: ['execute'] } as const;
  await assert.rejects(bob.home.permit(kettle, wide), refused('forbidden'));
  await assert.rejects(bob.home.permissions(kettle), refused('forbidden'));
  await assert.rejects(bob.home.resetCode(kettle), refused('forbidden'));
  await assert.rejects(bob.home.unbind(kettle), refused('item-not-found'));
  await assert.rejects(bob.home.rename(kettle, 'mine'), refused('item-not-found'));
  await assert.rejects(bob.home.device(kettle).execute('/3/0/4'), refused('forbidden'));
  const link = element('link', 'urn:yaolian:ra:1:link', { device: kettle, other: kettle });
  const linked = await bob.client.request('set', domain, link);
  assert.equal(linked.kind === 'error' && linked.condition, 'forbidden');
});

test('who asks somebody, a device and nobody to be friends sees the same of all three', async () => {
  await using bench = await openPlatform(remoteAccess);
  await using device = await TestUser.registerDevice(bench, 'kettle', 'KETTLE-CODE');
  await using ann = await TestUser.register(bench, 'ann');
  await using _away = await TestUser.register(bench, 'bob');
  const rosterSets: string[] = [];
  ann.client.handle('query', 'jabber:iq:roster', (query) => void rosterSets.push(serialiseXml(query)));
  const others = ['bob', 'kettle', 'nobody'];
  const asRoster = async () => {
    const found = await ann.client.request('get', undefined, element('query', 'jabber:iq:roster'));
    assert.equal(found.kind, 'result');
    return found.kind === 'result' ? found.payload!.elements().map((item) => serialiseXml(item)) : [];
  };
  const alike = (texts: readonly string[]) =>
    new Set(texts.map((text) => text.replace(/bob|kettle|nobody| (?:id|ver)='[^']*'/g, '')));
  // RFC 6121 §2.2: who has asked for its roster is told of changes.
  assert.deepEqual(await asRoster(), []);
  for (const other of others) assert.equal(await ann.home.befriend(`${other}@${domain}`), 'asking');
  assert.deepEqual(
    (await ann.home.friends()).map(({ user, state }) => [user, state]),
    others.map((other) => [`${other}@${domain}`, 'asking']),
  );
  const items = await asRoster();
  assert.equal(items.length, 3);
  assert.equal(alike(items).size, 1, items.join());
  await until(() => rosterSets.length === 3, 'a roster push for each');
  for (const other of others) await ann.home.unfriend(`${other}@${domain}`);
  assert.deepEqual([await ann.home.friends(), await asRoster()], [[], []]);
  await until(() => rosterSets.length === 6, 'a roster push for each that ends');
  assert.equal(alike(rosterSets).size, 2, rosterSets.join());
  const pushes = () => ann.messages.flatMap((one) => one.elements()).filter(({ name }) => name === 'unfriended');
  await until(() => pushes().length === 3, 'a push for each that ends');
  const ended = pushes().map((push) => serialiseXml(push));
  assert.equal(alike(ended).size, 1, ended.join());
  const reached = [...device.messages, ...device.presences.filter((one) => one.attribute('type'))];
  const texts = reached.map((one) => serialiseXml(one));
  assert.deepEqual(
    texts.filter((text) => text.includes(`ann@${domain}`)),
    [],
  );
});

test('who lost the right while a device slept is not told what it answered', async () => {
  await using bench = await openPlatform({ ...remoteAccess, 'lwm2m.awake-window': seconds(1) });
  await using terminal = await openTerminal({ endpointName: terminalKey, server: bench.coap, queueMode: {} });
  terminal.client.start();
  await terminal.client.registered();
  const { code } = await bench.admin.call(routes.shareDevice, { params: { device: terminalKey }, body: {} });
  await using ann = await TestUser.register(bench, 'ann');
  await using bob = await TestUser.register(bench, 'bob');
  await ann.home.bind(lamp, code);
  await bob.home.bind(lamp, code);
  await untilState(bench.admin, terminalKey, 'SLEEPING');
  for (const user of [ann, bob]) {
    const asked = await user.home.device(lamp).ask({ kind: 'read', path: temperature });
    assert.equal(asked.kind, 'queued');
  }
  await bob.home.unbind(lamp);
  await bob.push('unbound');
  await wake(terminal.client, ann.push('result'));
  const states = async () =>
    (await bench.admin.call(routes.listQueue, { query: {} })).items
      .map((one) => one.state)
      .sort()
      .join();
  await wake(
    terminal.client,
    until(async () => (await states()) === 'cancelled,done', 'what ann asked is done, what bob asked is not'),
  );
  const told = await bob.push('result');
  assert.deepEqual(
    told.elements().map((one) => [one.name, one.attribute('condition')]),
    [['refused', 'forbidden']],
  );
});

test('a thousand codes for one device from many accounts are slowed, and the right code is slowed with them', async () => {
  await using bench = await openPlatform(remoteAccess);
  await using _device = await TestUser.registerDevice(bench, 'kettle', 'KETTLE-CODE');
  await using one = await TestUser.register(bench, 'mallory');
  await using other = await TestUser.register(bench, 'trudy');
  const guess = async (user: TestUser, code: string) => {
    const asked = element('bind', 'urn:yaolian:ra:1:binding', { device: kettle, code });
    const answer = await user.client.request('set', domain, asked);
    return answer.kind === 'error' ? answer.condition : 'bound';
  };
  const guesses = Array.from({ length: 100 }, (_, index) => guess(index % 2 ? one : other, `GUESS-${index}`));
  const answers = await Promise.all(guesses);
  assert.ok(answers.filter((answer) => answer === 'not-authorized').length <= 6, answers.join());
  assert.equal(answers.filter((answer) => answer === 'bound').length, 0);
  assert.equal(await guess(one, 'KETTLE-CODE'), 'policy-violation');
});

test('who changes things all day keeps nobody busy with it, through either door, and is told when it may again', async () => {
  await using bench = await openPlatform({ ...remoteAccess, 'ra.max-changes': 1 });
  await using _device = await TestUser.registerDevice(bench, 'kettle', 'KETTLE-CODE');
  await using mallory = await TestUser.register(bench, 'mallory');
  await using ann = await TestUser.register(bench, 'ann');
  await mallory.home.bind(kettle, 'KETTLE-CODE');
  await mallory.home.befriend(`ann@${domain}`);
  await ann.home.befriend(`mallory@${domain}`);
  // Five at once, of which two are used.
  for (const operations of [['read'], [], ['read']] as const) {
    await mallory.home.permit(kettle, { to: `ann@${domain}`, feature: '*', operations: [...operations] });
  }
  const more = mallory.home.permit(kettle, { to: `ann@${domain}`, feature: '*', operations: [] });
  await assert.rejects(more, (error: Error) => {
    assert.match(error.message, /try again in [1-9][0-9]? s/);
    return refused('policy-violation')(error);
  });
  await assert.rejects(mallory.home.revoke(kettle, { to: `ann@${domain}`, feature: '*' }), refused('policy-violation'));
  await assert.rejects(mallory.home.bookmark({ name: 'a', address: 'b', text: '' }), refused('policy-violation'));
  // RFC 6121 §2.3: what a roster calls a device is a change of the binding.
  const item = element('item', 'jabber:iq:roster', { jid: kettle, name: 'Kettle' });
  for (const changed of [item, item.with({ name: undefined, subscription: 'remove' })]) {
    const query = element('query', 'jabber:iq:roster', {}, changed);
    const answer = await mallory.client.request('set', undefined, query);
    assert.ok(answer.kind === 'error' && answer.condition === 'policy-violation');
  }
  const page = new HomeBrowser(bench);
  await page.api.call(routes.signInAtHome, { body: { name: 'mallory', password: 'mallory-secret' } });
  const renamed = page.api.call(routes.renameHomeDevice, {
    params: { device: 'kettle' },
    body: { name: 'K', groups: [] },
  });
  await assert.rejects(renamed, (error: unknown) => {
    assert.ok(error instanceof ApiProblemError);
    assert.equal(error.problem.reason, 'wait');
    return withCode('too-many-attempts')(error);
  });
  assert.ok((await mallory.home.devices()).length === 1, 'who only asks is answered');
  const { items } = await bench.admin.call(routes.listAudit, { query: { actor: 'mallory', limit: 100 } });
  assert.ok(items.some(({ action, outcome }) => action === 'revoke' && outcome === 'policy-violation'));
});

test('what an owner changes all day takes no room of the messages that wait for a friend, who hears how it ended', async () => {
  await using bench = await openPlatform({ ...remoteAccess, 'xmpp.max-offline': 2, 'xmpp.max-offline-notices': 4 });
  await using _device = await TestUser.registerDevice(bench, 'kettle', 'KETTLE-CODE');
  await using mallory = await TestUser.register(bench, 'mallory');
  await using bob = await TestUser.register(bench, 'bob');
  const ann = await TestUser.register(bench, 'ann');
  await mallory.home.bind(kettle, 'KETTLE-CODE');
  for (const friend of [mallory, bob]) {
    await friend.home.befriend(`ann@${domain}`);
    await ann.home.befriend(`${friend === bob ? 'bob' : 'mallory'}@${domain}`);
  }
  await ann[Symbol.asyncDispose]();
  const permit = (feature: string, operations: readonly 'read'[]) =>
    mallory.home.permit(kettle, { to: `ann@${domain}`, feature, operations: [...operations] });
  for (let round = 0; round < 3; round++) {
    await permit('*', ['read']);
    await permit('*', []);
  }
  // Nobody floods away what is told of something else.
  await bob.home.unfriend(`ann@${domain}`);
  await bob.home.befriend(`ann@${domain}`);
  for (let feature = 3300; feature < 3306; feature++) await permit(`urn:oma:lwm2m:ext:${feature}`, ['read']);
  for (const text of ['first', 'second']) mallory.client.sendMessage(`ann@${domain}`, text);
  await mallory.home.devices();
  await using back = await TestUser.login(bench, 'ann');
  const waited = (message: (typeof back.messages)[number]) => message.child('delay', 'urn:xmpp:delay') !== undefined;
  await until(() => back.messages.filter(waited).length >= 6, 'four pushes and two messages that waited');
  const told = back.messages.filter(waited).map((message) => {
    const [content] = message.elements();
    const grant = content?.elements()[0]?.attribute('feature');
    return grant ?? content?.attribute('user') ?? message.child('body')?.text();
  });
  const [friend, ...rest] = told;
  assert.equal(friend, `bob@${domain}`);
  assert.deepEqual(rest, [
    ...[3303, 3304, 3305].map((feature) => `urn:oma:lwm2m:ext:${feature}`),
    ...['first', 'second'],
  ]);
});
