/** The other way of the join: a device that speaks RA only is a device of the operator's like any other. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { routes } from '@yaolian/contract';
import { AccountClient, Device, DeviceResources, decodeDataPush, Home, Refused } from '@yaolian/igrs/client';
import { nodeClock, nodeRandom, nodeTimers, saslCrypto, xmppConnector } from '@yaolian/node-runtime';
import { inTime, until } from '@yaolian/testkit';
import { Jid, scramClients, type XmlElement, XmppClient, type XmppClientListener } from '@yaolian/xmpp';
import { openPlatform, type TestPlatform, untilState, withCode } from './support/platform.ts';
import { TestUser } from './support/remote-user.ts';
import { openTerminal } from './support/terminal.ts';

const domain = 'home.example';
const kettle = `kettle@${domain}`;
const temperature = '/3303/0/5700';
const setPoint = '/3308/0/5900';

const remoteAccess = {
  'ra.domain': domain,
  'xmpp.host': '127.0.0.1',
  'xmpp.port': 0,
  'xmpp.tls-port': 0,
  'tls.names': domain,
};

async function clientsOf(bench: TestPlatform, name: string) {
  const url = new URL(bench.platform.listening.find(({ url }) => url.startsWith('xmpp:'))!.url);
  const authorities = await readFile(join(bench.dataFolder, 'tls', 'certificate.pem'));
  const place = { domain, host: '127.0.0.1', port: Number(url.port), tls: { authorities } };
  return (listener: XmppClientListener) =>
    new XmppClient({
      jid: Jid.parse(`${name}@${domain}`)!,
      connector: xmppConnector(place),
      mechanisms: scramClients({ crypto: saslCrypto, username: name, password: `${name}-secret` }),
      ...{ clock: nodeClock, timers: nodeTimers, random: nodeRandom, listener },
    });
}

const accountsOf = (bench: TestPlatform) =>
  new AccountClient({
    url: bench.httpUrl,
    post: async (url, body) => {
      const headers = { 'content-type': 'application/json' };
      const response = await fetch(url, { method: 'POST', body, headers });
      return { status: response.status, body: await response.text() };
    },
  });

/** A kettle of the RA, registered and connected. */
async function openKettle(bench: TestPlatform) {
  const facts = { deviceType: 'kettle', vendor: 'V', model: 'K1' };
  const account = { name: 'kettle', password: 'kettle-secret', verifyCode: 'KETTLE-CODE', ...facts };
  assert.equal(await accountsOf(bench).registerDevice(account), kettle);
  return connectKettle(bench, facts);
}

async function connectKettle(bench: TestPlatform, facts = { deviceType: 'kettle', vendor: 'V', model: 'K1' }) {
  let degrees = 20;
  let wanted = '90';
  let isBoiled = false;
  const boil = () => {
    isBoiled = true;
  };
  const resources = new DeviceResources({
    [temperature]: { type: 'float', get: () => String(degrees) },
    [setPoint]: {
      type: 'float',
      get: () => wanted,
      set: (text) => {
        if (Number(text) > 100) throw new RangeError('water boils at 100');
        wanted = text;
        resources.changed(setPoint);
      },
    },
    '/3/0/4': { type: 'none', execute: boil },
    '/3/0/11/0': { type: 'integer', get: () => '0' },
  });
  const device = new Device({
    open: await clientsOf(bench, 'kettle'),
    resources,
    ...facts,
    clock: nodeClock,
    crypto: saslCrypto,
  });
  await device.connect();
  return {
    device,
    warm: (to: number) => {
      degrees = to;
      resources.changed(temperature);
    },
    isBoiled: () => isBoiled,
    [Symbol.dispose]: () => device.close(),
  };
}

async function openUser(bench: TestPlatform, name: string) {
  await accountsOf(bench).registerUser({ name, password: `${name}-secret` });
  const pushed: string[] = [];
  const onMessage = (message: XmlElement) => {
    const push = decodeDataPush(message, domain);
    if (push?.kind === 'values' && push.answer.kind === 'values') {
      pushed.push(...push.answer.values.map(({ path, text }) => `${push.device} ${path} ${text}`));
    }
  };
  const client = (await clientsOf(bench, name))({ onMessage });
  await client.connect();
  client.sendPresence();
  const sees = (text: string) =>
    until(
      () => pushed.includes(text),
      () => `${text}; there came ${pushed.join(', ')}`,
    );
  return { home: new Home(client), pushed, sees, [Symbol.dispose]: () => client.close() };
}

const show = (bench: TestPlatform, device = kettle) => bench.admin.call(routes.showDevice, { params: { device } });

const refused = (condition: string) => (error: unknown) => error instanceof Refused && error.condition === condition;

test('a device that speaks RA is listed, described, and has a state, a timeline and owners', async () => {
  await using bench = await openPlatform(remoteAccess);
  using open = await openKettle(bench);
  await until(async () => (await show(bench).catch(() => undefined))?.links.length === 3, 'its links');
  const detail = await show(bench);
  assert.deepEqual(detail.links, [
    { path: '/3303/0', name: 'Temperature', attributes: {} },
    { path: '/3308/0', name: 'Set Point', attributes: {} },
    { path: '/3/0', name: 'Device', attributes: {} },
  ]);
  assert.equal(detail.state, 'ONLINE');
  assert.deepEqual(detail.identity, { type: 'kettle' });
  assert.deepEqual([detail.vendor, detail.model], ['V', 'K1']);
  using ann = await openUser(bench, 'ann');
  await ann.home.bind(kettle, 'KETTLE-CODE', { name: 'Tea' });
  const { remoteAccess: ra } = await show(bench);
  assert.deepEqual([ra?.account, ra?.model, ra?.owners[0]?.user], [kettle, 'K1', `ann@${domain}`]);
  const listed = async (query: { state?: 'ONLINE' | 'OFFLINE'; search?: string }) =>
    (await bench.admin.call(routes.listDevices, { query })).items.map(({ key }) => key);
  assert.deepEqual(await listed({}), [kettle]);
  assert.deepEqual(await listed({ state: 'ONLINE', search: 'K1' }), [kettle]);
  assert.deepEqual(await listed({ state: 'OFFLINE' }), []);
  open.device.close();
  await untilState(bench.admin, kettle, 'OFFLINE');
  assert.deepEqual((await show(bench)).links, []);
  const types = async () =>
    (await bench.admin.call(routes.showTimeline, { params: { device: kettle }, query: {} })).items.map(
      ({ type }) => type,
    );
  await until(async () => (await types())[0] === 'device.disconnected', 'the end in the timeline');
  assert.deepEqual(await types(), ['device.disconnected', 'device.connected']);
  await accountsOf(bench).remove({ name: 'kettle', password: 'kettle-secret' });
  assert.deepEqual(await listed({}), []);
});

test('an operator reads, writes, executes and observes it by the routes of terminals', async () => {
  await using bench = await openPlatform(remoteAccess);
  using open = await openKettle(bench);
  const { admin } = bench;
  const at = (path: string) => ({ device: kettle, path: path.slice(1) });
  const read = await admin.call(routes.readResource, { params: at(temperature), query: {} });
  assert.ok('node' in read && read.node.kind === 'resource' && read.node.value === 20, JSON.stringify(read));
  const whole = await admin.call(routes.readResource, { params: at('/3/0'), query: {} });
  assert.match(JSON.stringify(whole), /"kind":"multiple-resource".*"name":"Error Code".*"values":\{"0":0\}/);
  const written = await admin.call(routes.writeResource, { params: at(setPoint), query: {}, body: { value: 80 } });
  assert.deepEqual(written, { coapCode: '2.04' });
  const asked = admin.call(routes.writeResource, { params: at(setPoint), query: {}, body: { value: 120 } });
  await assert.rejects(asked, withCode('device-refused'));
  await assert.rejects(
    admin.call(routes.readResource, { params: at('/3304/0'), query: {} }),
    withCode('device-refused'),
  );
  await admin.call(routes.executeResource, { params: at('/3/0/4'), query: {}, body: {} });
  assert.ok(open.isBoiled());
  await assert.rejects(
    admin.call(routes.deleteInstance, { params: at('/3303/0'), query: {} }),
    withCode('model-forbids'),
  );
  await admin.call(routes.startObservation, { params: at(temperature), query: {} });
  open.warm(55.5);
  const last = async () => {
    const query = { path: temperature } as const;
    return (await admin.call(routes.showHistory, { params: { device: kettle }, query })).points;
  };
  await until(
    async () => (await last())?.at(-1)?.value === 55.5 || (await last())?.[0]?.value === 55.5,
    'the value in the history',
  );
  const observed = async () =>
    (await admin.call(routes.listObservations, { params: { device: kettle } })).items.map(({ path }) => path);
  assert.deepEqual(await observed(), [temperature]);
  await admin.call(routes.cancelObservation, { params: at(temperature), query: {} });
  assert.deepEqual(await observed(), []);
  // The trail has who looked, under either name of the device.
  for (const device of [kettle, 'kettle']) {
    const { items } = await admin.call(routes.listAudit, { query: { actor: 'admin', device } });
    const lines = new Set(items.map(({ action, subject, outcome }) => `${action} ${subject} ${outcome}`));
    for (const line of [
      'readResource 3303/0/5700 done',
      'readResource 3304/0 424',
      `showHistory ${temperature} done`,
    ]) {
      assert.ok(lines.has(line), `${line} is in ${[...lines].join('; ')}`);
    }
  }
  open.device.close();
  await untilState(bench.admin, kettle, 'OFFLINE');
  await assert.rejects(
    admin.call(routes.readResource, { params: at(temperature), query: {} }),
    withCode('device-not-registered'),
  );
});

test('users read, write and observe it as a terminal; permissions and the audit are the same', async () => {
  await using bench = await openPlatform(remoteAccess);
  using open = await openKettle(bench);
  using ann = await openUser(bench, 'ann');
  using bob = await openUser(bench, 'bob');
  const device = ann.home.device(kettle);
  await assert.rejects(device.read(temperature), refused('forbidden'));
  await ann.home.bind(kettle, 'KETTLE-CODE');
  assert.equal((await device.read(temperature))[0]?.text, '20');
  assert.equal(await device.write(setPoint, 70), 'done');
  assert.equal(await device.state(), 'online');
  const { deviceType, instances } = await device.describe();
  assert.deepEqual([deviceType, instances], ['kettle', ['/3303/0', '/3308/0', '/3/0']]);
  await device.observe(temperature);
  await ann.home.befriend(`bob@${domain}`);
  await bob.home.befriend(`ann@${domain}`);
  const theirs = bob.home.device(kettle);
  await assert.rejects(theirs.observe(temperature), refused('forbidden'));
  const permission = {
    to: `bob@${domain}`,
    feature: 'urn:oma:lwm2m:ext:3303',
    operations: ['read', 'observe'],
  } as const;
  await ann.home.permit(kettle, permission);
  await theirs.observe(temperature);
  await assert.rejects(theirs.write(setPoint, 10), refused('forbidden'));
  open.warm(33);
  await Promise.all([ann.sees(`${kettle} ${temperature} 33`), bob.sees(`${kettle} ${temperature} 33`)]);
  await ann.home.revoke(kettle, permission);
  open.warm(34);
  await ann.sees(`${kettle} ${temperature} 34`);
  assert.ok(!bob.pushed.includes(`${kettle} ${temperature} 34`));
  const { items } = await bench.admin.call(routes.listAudit, { query: { actor: 'ann', device: 'kettle' } });
  assert.ok(
    items.some(({ action, outcome, subject }) => action === 'write' && outcome === 'done' && subject === setPoint),
  );
});

test('what users observe goes on when the device comes back, without their asking', async () => {
  await using bench = await openPlatform(remoteAccess);
  using first = await openKettle(bench);
  using ann = await openUser(bench, 'ann');
  await ann.home.bind(kettle, 'KETTLE-CODE');
  await ann.home.device(kettle).observe(temperature);
  first.device.close();
  await untilState(bench.admin, kettle, 'OFFLINE');
  using again = await connectKettle(bench);
  const observed = async () =>
    (await bench.admin.call(routes.listObservations, { params: { device: kettle } })).items.length;
  await until(async () => (await observed()) === 1, 'the observation');
  again.warm(77);
  await ann.sees(`${kettle} ${temperature} 77`);
});

test('§13: a device whose connection is cut is gone at once', async () => {
  await using bench = await openPlatform(remoteAccess);
  await using device = await TestUser.registerDevice(bench, 'kettle', 'KETTLE-CODE');
  await using ann = await TestUser.register(bench, 'ann');
  await ann.home.bind(kettle, 'KETTLE-CODE');
  const first = `${device.client.jid}`;
  await ann.presence(first);
  device.cut();
  // Long before a session would be given up that waits to be resumed.
  await ann.presence(first, 'unavailable');
  await untilState(bench.admin, kettle, 'OFFLINE');
});

test('what operators observe goes on when the device or the platform comes back, until they end it', async () => {
  await using before = await openPlatform(remoteAccess);
  const params = { device: kettle, path: temperature.slice(1) };
  const observed = async (bench: TestPlatform) =>
    (await bench.admin.call(routes.listObservations, { params: { device: kettle } })).items.map(({ path }) => path);
  const last = async ({ admin }: TestPlatform) =>
    (await admin.call(routes.showHistory, { params: { device: kettle }, query: { path: temperature } })).points
      ?.map(({ value }) => value)
      .sort()
      .at(-1);
  {
    using first = await openKettle(before);
    await before.admin.call(routes.startObservation, { params, query: {} });
    first.device.close();
    await untilState(before.admin, kettle, 'OFFLINE');
    assert.deepEqual(await observed(before), [temperature]);
  }
  {
    using second = await connectKettle(before);
    await until(async () => {
      second.warm(60);
      return (await last(before)) === 60;
    }, 'the value in the history');
  }
  await using bench = await before.restart();
  using third = await connectKettle(bench);
  await until(async () => {
    third.warm(70);
    return (await last(bench)) === 70;
  }, 'the value after the restart');
  // A user observes the same: neither ends it for the other.
  using ann = await openUser(bench, 'ann');
  await ann.home.bind(kettle, 'KETTLE-CODE');
  const device = ann.home.device(kettle);
  await device.observe(temperature);
  await device.cancel(temperature);
  assert.deepEqual(await observed(bench), [temperature]);
  await device.observe(temperature);
  await bench.admin.call(routes.cancelObservation, { params, query: {} });
  third.warm(75);
  await ann.sees(`${kettle} ${temperature} 75`);
  await device.cancel(temperature);
  assert.deepEqual(await observed(bench), []);
  await assert.rejects(bench.admin.call(routes.cancelObservation, { params, query: {} }), withCode('not-found'));
});

test('what is refused at a device that speaks RA is in the audit, for strangers and friends, at every address', async () => {
  await using bench = await openPlatform(remoteAccess);
  using open = await openKettle(bench);
  using ann = await openUser(bench, 'ann');
  using bob = await openUser(bench, 'bob');
  const lines = async (actor: string) =>
    (await bench.admin.call(routes.listAudit, { query: { actor, device: 'kettle' } })).items.map(
      ({ action, subject, outcome }) => `${action} ${subject ?? ''} ${outcome}`,
    );
  const full = open.device.client.jid.toString();
  await assert.rejects(bob.home.device(kettle).read(temperature), refused('forbidden'));
  await assert.rejects(bob.home.device(full).write(setPoint, 5), refused('forbidden'));
  await until(async () => (await lines('bob')).length === 2, 'two lines in the audit');
  assert.deepEqual((await lines('bob')).toSorted(), [`read ${temperature} forbidden`, `write ${setPoint} forbidden`]);
  await ann.home.bind(kettle, 'KETTLE-CODE');
  await ann.home.befriend(`bob@${domain}`);
  await bob.home.befriend(`ann@${domain}`);
  await assert.rejects(bob.home.device(kettle).execute('/3/0/4'), refused('forbidden'));
  await until(async () => (await lines('bob')).includes('execute /3/0/4 forbidden'), 'the third line');
  // What reaches the device directly is there too.
  await ann.home.device(full).read(temperature);
  await until(async () => (await lines('ann')).includes(`read ${temperature} relayed`), 'what was relayed');
});

test('a code is told with a QR code, listed with owners and permissions, and shown on the screen of a terminal', async () => {
  await using bench = await openPlatform({ ...remoteAccess, 'ra.code-resource': '/3303/0/5750' });
  await using terminal = await openTerminal({ endpointName: 'lamp', server: bench.coap });
  terminal.client.start();
  await terminal.client.registered();
  const { admin } = bench;
  const issued = await admin.call(routes.shareDevice, { params: { device: 'lamp' }, body: {} });
  assert.equal(issued.link, `${bench.httpUrl}/home/add#device=lamp%40home.example&code=${issued.code}`);
  assert.equal(issued.linkIsLocal, true);
  assert.match(issued.qrSvg, /^<svg [^>]*>.*<\/svg>$/s);
  const screen = async () => {
    const params = { device: 'lamp', path: '3303/0/5750' };
    return JSON.stringify(await admin.call(routes.readResource, { params, query: {} }));
  };
  await until(async () => (await screen()).includes(issued.code), 'the code on the screen');
  using ann = await openUser(bench, 'ann');
  await ann.home.bind(`lamp@${domain}`, issued.code);
  const code = await ann.home.resetCode(`lamp@${domain}`);
  await until(async () => (await screen()).includes(code), 'the new code on the screen');
  await ann.home.permit(`lamp@${domain}`, { to: { class: 'friend' }, feature: '*', operations: ['read'] });
  await ann.home.permit(`lamp@${domain}`, { to: { class: 'owner' }, feature: '*', operations: ['write'] });
  const params = { account: `lamp@${domain}` };
  const { items } = await admin.call(routes.listRaPermissions, { params });
  const grantedBy = `ann@${domain}`;
  assert.deepEqual(items, [
    { to: 'friends', feature: '*', operations: ['read'], grantedBy },
    { to: 'owners', feature: '*', operations: ['write'], grantedBy },
  ]);
  const first = await admin.call(routes.listRaPermissions, { params, query: { limit: 1 } });
  const second = await admin.call(routes.listRaPermissions, { params, query: { limit: 1, cursor: first.next! } });
  assert.deepEqual([...first.items, ...second.items, second.next], [...items, undefined]);
});

test('no terminal registers under the address of an account', async () => {
  await using bench = await openPlatform(remoteAccess);
  using _open = await openKettle(bench);
  const refused = Promise.withResolvers<string>();
  await using terminal = await openTerminal({
    endpointName: kettle,
    server: bench.coap,
    onEvent: (event) => event.type === 'registration-failed' && refused.resolve(event.failure.message),
  });
  terminal.client.start();
  assert.match(await inTime(refused.promise, 'the refusal'), /^4\.03 /);
  const { items } = await bench.admin.call(routes.listDevices, { query: {} });
  assert.deepEqual(
    items.map(({ key, state }) => [key, state]),
    [[kettle, 'ONLINE']],
  );
});
