/** Faults of Remote Access: whatever goes wrong in between, user and device agree afterwards who owns what. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { AccountClient, Device, DeviceResources, Home, Refused } from '@yaolian/igrs/client';
import { nodeClock, nodeRandom, nodeTimers, saslCrypto, xmppConnector } from '@yaolian/node-runtime';
import { until } from '@yaolian/testkit';
import { element, Jid, namespaces, scramClients, XmppClient, type XmppClientListener } from '@yaolian/xmpp';
import { openPlatform } from './support/platform.ts';
import { type ServerProcess, startServer } from './support/server-process.ts';

const domain = 'home.example';
const kettle = `kettle@${domain}`;
const code = 'KETTLE-CODE';
const setPoint = '/3308/0/5900';

const remoteAccess = {
  'ra.domain': domain,
  'xmpp.host': '127.0.0.1',
  'xmpp.port': 0,
  'xmpp.tls-port': 0,
  'tls.names': domain,
};

/** Where a platform is, in this process or in another. */
interface Place {
  readonly httpUrl: string;
  readonly port: number;
  readonly dataFolder: string;
}

async function clientsOf({ port, dataFolder }: Place, name: string) {
  const authorities = await readFile(join(dataFolder, 'tls', 'certificate.pem'));
  return (listener: XmppClientListener) =>
    new XmppClient({
      jid: Jid.parse(`${name}@${domain}`)!,
      connector: xmppConnector({ domain, host: '127.0.0.1', port, tls: { authorities } }),
      mechanisms: scramClients({ crypto: saslCrypto, username: name, password: `${name}-secret` }),
      ...{ clock: nodeClock, timers: nodeTimers, random: nodeRandom, listener },
    });
}

const accountsOf = ({ httpUrl }: Place) =>
  new AccountClient({
    url: httpUrl,
    post: async (url, body) => {
      const response = await fetch(url, { method: 'POST', body, headers: { 'content-type': 'application/json' } });
      return { status: response.status, body: await response.text() };
    },
  });

async function registerAll(place: Place): Promise<void> {
  const accounts = accountsOf(place);
  const facts = { deviceType: 'kettle', vendor: 'V', model: 'K1' };
  await accounts.registerDevice({ name: 'kettle', password: 'kettle-secret', verifyCode: code, ...facts });
  for (const name of ['ann', 'bob']) await accounts.registerUser({ name, password: `${name}-secret` });
}

async function openUser(place: Place, name: string) {
  const client = (await clientsOf(place, name))({});
  await client.connect();
  return { client, home: new Home(client), [Symbol.dispose]: () => client.close() };
}

async function openDevice(place: Place, set: (text: string) => void | Promise<void> = () => {}) {
  const resources = new DeviceResources({ [setPoint]: { type: 'float', get: () => '1', set } });
  const device = new Device({
    open: await clientsOf(place, 'kettle'),
    ...{ resources, deviceType: 'kettle', vendor: 'V', model: 'K1', clock: nodeClock, crypto: saslCrypto },
  });
  await device.connect();
  return { device, [Symbol.dispose]: () => device.close() };
}

/** Both sides as they see it, over connections of their own. @returns the owners */
async function agreed(place: Place): Promise<readonly string[]> {
  using kettleSide = await openDevice(place);
  const owners = (await kettleSide.device.owners()).map(({ user }) => user).sort();
  for (const name of ['ann', 'bob']) {
    using user = await openUser(place, name);
    const has = (await user.home.devices()).some(({ device }) => device === kettle);
    assert.equal(has, owners.includes(`${name}@${domain}`), `${name} and the kettle do not agree`);
    const may = await user.home
      .device(kettle)
      .read(setPoint)
      .then(
        () => true,
        () => false,
      );
    assert.equal(may, has, `${name} may read what is not ${name}'s, or may not what is`);
  }
  return owners;
}

async function withPlatform(body: (place: Place) => Promise<void>): Promise<void> {
  await using bench = await openPlatform(remoteAccess);
  const url = new URL(bench.platform.listening.find(({ url }) => url.startsWith('xmpp:'))!.url);
  const place = { httpUrl: bench.httpUrl, port: Number(url.port), dataFolder: bench.dataFolder };
  await registerAll(place);
  await body(place);
}

const outcomeOf = (asked: Promise<unknown>) =>
  asked.then(
    () => 'done',
    (error: unknown) => (error instanceof Refused ? error.condition : 'no answer'),
  );

test('two users bind at once: both own it', () =>
  withPlatform(async (place) => {
    using ann = await openUser(place, 'ann');
    using bob = await openUser(place, 'bob');
    const outcomes = await Promise.all([ann, bob].map(({ home }) => outcomeOf(home.bind(kettle, code))));
    assert.deepEqual(outcomes, ['done', 'done']);
    assert.deepEqual(await agreed(place), [`ann@${domain}`, `bob@${domain}`]);
  }));

test('two owners remove each other at once: the first one stays, and both sides agree', () =>
  withPlatform(async (place) => {
    using kettleSide = await openDevice(place);
    using ann = await openUser(place, 'ann');
    using bob = await openUser(place, 'bob');
    let current = code;
    for (const [first, later] of [
      ['ann', 'bob'],
      ['bob', 'ann'],
    ] as const) {
      const homes = { ann: ann.home, bob: bob.home };
      await homes[first].bind(kettle, current);
      await homes[later].bind(kettle, current);
      const remove = (by: 'ann' | 'bob', other: 'ann' | 'bob') =>
        outcomeOf(homes[by].removeOwner(kettle, `${other}@${domain}`));
      const [younger, elder] = await Promise.all([remove(later, first), remove(first, later)]);
      assert.equal(elder, 'done');
      // Before it was removed, or after.
      assert.ok(younger === 'not-allowed' || younger === 'forbidden', younger);
      assert.deepEqual(await agreed(place), [`${first}@${domain}`]);
      // Leaving while one is removed ends the binding once.
      current = await homes[first].resetCode(kettle);
      await homes[later].bind(kettle, current);
      const [left, removed] = await Promise.all([outcomeOf(homes[later].unbind(kettle)), remove(first, later)]);
      assert.deepEqual([left, removed].sort(), ['done', 'item-not-found']);
      assert.deepEqual(await agreed(place), [`${first}@${domain}`]);
      await kettleSide.device.unbind(`${first}@${domain}`);
      current = await kettleSide.device.resetCode();
    }
    assert.deepEqual(await agreed(place), []);
  }));

test('bind during a reset: bound by the old code before it, or refused; never half, and the old code is void', () =>
  withPlatform(async (place) => {
    using kettleSide = await openDevice(place);
    using ann = await openUser(place, 'ann');
    using bob = await openUser(place, 'bob');
    let current = code;
    for (let turn = 0; turn < 10; turn++) {
      const [bound, fresh] = await Promise.all([
        outcomeOf(ann.home.bind(kettle, current)),
        kettleSide.device.resetCode(),
      ]);
      assert.ok(bound === 'done' || bound === 'not-authorized', bound);
      const owners = (await kettleSide.device.owners()).map(({ user }) => user);
      assert.deepEqual(owners, bound === 'done' ? [`ann@${domain}`] : []);
      assert.equal(await outcomeOf(bob.home.bind(kettle, current)), 'not-authorized');
      if (bound === 'done') await ann.home.unbind(kettle);
      current = fresh;
      if (turn >= 4) break; // beyond, so many wrong codes are slowed
    }
  }));

test('unbind during a command: the command ends, and afterwards nothing is left of the right', () =>
  withPlatform(async (place) => {
    const { promise: reached, resolve: onReached } = Promise.withResolvers<void>();
    const { promise: gate, resolve: open } = Promise.withResolvers<void>();
    using kettleSide = await openDevice(place, () => {
      onReached();
      return gate;
    });
    using ann = await openUser(place, 'ann');
    await ann.home.bind(kettle, code);
    const writing = outcomeOf(ann.home.device(kettle).write(setPoint, 5));
    await reached;
    await kettleSide.device.unbind(`ann@${domain}`);
    open();
    assert.equal(await writing, 'done', 'it was let in while the right stood');
    assert.deepEqual(await agreed(place), []);
    assert.equal(await outcomeOf(ann.home.device(kettle).write(setPoint, 6)), 'forbidden');
  }));

test('requests that are doubled and reordered are carried out once, each side told the same', () =>
  withPlatform(async (place) => {
    using ann = await openUser(place, 'ann');
    const bind = () => outcomeOf(ann.home.bind(kettle, code));
    const unbind = () => outcomeOf(ann.home.unbind(kettle));
    assert.deepEqual((await Promise.all([bind(), bind()])).sort(), ['conflict', 'done']);
    assert.deepEqual((await Promise.all([unbind(), unbind()])).sort(), ['done', 'item-not-found']);
    assert.deepEqual(await Promise.all([unbind(), bind(), unbind(), bind()]), [
      'item-not-found',
      'done',
      'done',
      'done',
    ]);
    assert.deepEqual(await agreed(place), [`ann@${domain}`]);
  }));

test('friends, permissions, bookmarks and confirmation that are asked for twice at once are one, on both sides', () =>
  withPlatform(async (place) => {
    using ann = await openUser(place, 'ann');
    using bob = await openUser(place, 'bob');
    const [annsName, bobsName] = [`ann@${domain}`, `bob@${domain}`];
    await ann.home.bind(kettle, code);
    const twice = (asked: () => Promise<unknown>) => Promise.all([outcomeOf(asked()), outcomeOf(asked())]);
    // Both ask at once: each agrees to the other.
    await Promise.all([twice(() => ann.home.befriend(bobsName)), twice(() => bob.home.befriend(annsName))]);
    assert.deepEqual(await ann.home.friends(), [{ user: bobsName, state: 'friends' }]);
    assert.deepEqual(await bob.home.friends(), [{ user: annsName, state: 'friends' }]);
    const permission = { to: bobsName, feature: '*', operations: ['read'] } as const;
    assert.deepEqual(await twice(() => ann.home.permit(kettle, permission)), ['done', 'done']);
    assert.equal((await ann.home.permissions(kettle)).length, 1);
    assert.deepEqual((await twice(() => ann.home.revoke(kettle, permission))).sort(), ['done', 'item-not-found']);
    assert.deepEqual(await twice(() => ann.home.requireConfirmation(kettle, true)), ['done', 'done']);
    assert.equal(await ann.home.confirmation(kettle), true);
    assert.deepEqual(await twice(() => ann.home.rename(kettle, 'Tea', ['Kitchen'])), ['done', 'done']);
    assert.deepEqual(await twice(() => ann.home.bookmark({ name: 'tea', address: kettle, text: '' })), [
      'done',
      'done',
    ]);
    assert.equal((await ann.home.bookmarks()).length, 1);
    assert.deepEqual((await twice(() => ann.home.removeBookmark('tea'))).sort(), ['done', 'item-not-found']);
    // Parting and asking at once ends in one of both, the same for both sides.
    await Promise.all([outcomeOf(ann.home.unfriend(bobsName)), outcomeOf(bob.home.befriend(annsName))]);
    const [one] = await ann.home.friends();
    const [other] = await bob.home.friends();
    const pairs = { friends: 'friends', asked: 'asking', asking: 'asked' } as Readonly<Record<string, string>>;
    assert.equal(other?.state, one && pairs[one.state]);
  }));

test('a client that is cut after each of its messages leaves no half states', () =>
  withPlatform(async (place) => {
    const ns = 'urn:yaolian:ra:1:binding';
    const bob = `bob@${domain}`;
    const data = 'urn:yaolian:ra:1:data';
    const oven = `oven@${domain}`;
    const facts = { deviceType: 'oven', vendor: 'V', model: 'O1' };
    await accountsOf(place).registerDevice({ name: 'oven', password: 'oven-secret', verifyCode: code, ...facts });
    {
      using ann = await openUser(place, 'ann');
      await ann.home.bind(oven, code);
    }
    const whom = { device: kettle, account: bob, feature: '*' };
    const payloads = [
      element('bind', ns, { device: kettle, code }),
      element('rename', ns, { device: kettle, name: 'Tea' }),
      element('confirmation', ns, { device: kettle, required: 'true' }),
      element('confirmation', ns, { device: kettle, required: 'false' }),
      element('ask', 'urn:yaolian:ra:1:friend', { user: bob }),
      element('remove', 'urn:yaolian:ra:1:friend', { user: bob }),
      element('grant', 'urn:yaolian:ra:1:permission', { ...whom, operations: 'read' }),
      element('revoke', 'urn:yaolian:ra:1:permission', whom),
      element('bookmark', 'urn:yaolian:ra:1:bookmark', { name: 'tea', address: kettle }),
      element('remove', 'urn:yaolian:ra:1:bookmark', { name: 'tea' }),
      element('link', 'urn:yaolian:ra:1:link', { device: kettle, other: oven }),
      element('unlink', 'urn:yaolian:ra:1:link', { device: kettle, other: oven }),
      element('observe', data, { path: setPoint }),
      element('cancel', data, { path: setPoint }),
      element('write', data, { path: setPoint }, '7'),
      element('execute', data, { path: '/3/0/12' }),
      element('update', 'urn:yaolian:ra:1:firmware'),
      element('cancel', 'urn:yaolian:ra:1:firmware'),
      element('reset', 'urn:yaolian:ra:1:verification-code', { device: kettle }),
      element('unbind', ns, { device: kettle }),
    ];
    for (const [turn, payload] of payloads.entries()) {
      const cut = await openUser(place, 'ann');
      const isAsked = payload.namespace === data || payload.namespace === 'urn:yaolian:ra:1:firmware';
      const attributes = { type: 'set', id: `cut-${turn}`, to: isAsked ? kettle : domain };
      cut.client.send(element('iq', namespaces.client, attributes, payload));
      cut.client.close();
      // What it said may be dealt with while they are asked: they agree once it is.
      let differed: unknown;
      const settled = async () => {
        try {
          return { owners: await agreed(place) };
        } catch (error) {
          differed = error;
          return undefined;
        }
      };
      const { owners } = await until(settled, () => String(differed));
      assert.ok(owners.length <= 1);
    }
  }));

test('a device that is cut after each of its messages leaves no half states', () =>
  withPlatform(async (place) => {
    const ns = 'urn:yaolian:ra:1:binding';
    const user = `ann@${domain}`;
    const resetCode = async () => {
      using kettleSide = await openDevice(place);
      return await kettleSide.device.resetCode(); // before it is closed
    };
    const bind = async () => {
      // A kettle that is there agrees by itself.
      const current = await resetCode();
      using ann = await openUser(place, 'ann');
      return await ann.home.bind(kettle, current); // before it is closed
    };
    const turns = [
      { confirms: true, payload: element('confirm', ns, { user }), ends: [[], [user]] },
      { confirms: true, payload: element('decline', ns, { user }), ends: [[]] },
      { confirms: false, payload: element('unbind', ns, { user }), ends: [[], [user]] },
      {
        confirms: false,
        payload: element('reset', 'urn:yaolian:ra:1:verification-code', { device: kettle }),
        ends: [[user]],
      },
    ];
    for (const [turn, { confirms, payload, ends }] of turns.entries()) {
      const cut = (await clientsOf(place, 'kettle'))({});
      await cut.connect();
      const required = element('confirmation', ns, { device: kettle, required: String(confirms) });
      await cut.request('set', domain, required);
      cut.close();
      const { state } = await bind();
      assert.equal(state, confirms ? 'pending' : 'active');
      const again = (await clientsOf(place, 'kettle'))({});
      await again.connect();
      again.send(element('iq', namespaces.client, { type: 'set', id: `cut-${turn}`, to: domain }, payload));
      again.close();
      let found = 'nobody looked';
      const settled = async () => {
        using ann = await openUser(place, 'ann');
        const side = (await clientsOf(place, 'kettle'))({});
        await side.connect();
        const told = await side.request('get', domain, element('bindings', ns));
        side.close();
        assert.ok(told.kind === 'result');
        const owners = told
          .payload!.elements()
          .flatMap((one) => (one.attribute('state') === 'active' ? [one.attribute('user')] : []));
        const has = (await ann.home.devices()).some((one) => one.device === kettle && one.state === 'active');
        found = `${payload.name}: ${owners}, ${has}`;
        return has === owners.includes(user) && ends.some((end) => String(end) === String(owners));
      };
      await until(settled, () => found);
      using ann = await openUser(place, 'ann');
      await ann.home.unbind(kettle).catch(() => undefined);
    }
  }));

test('a registration that is cut, or asked for twice at once, makes one account or none', () =>
  withPlatform(async (place) => {
    const fields = new URLSearchParams({ userName: 'cid', password: 'cid-secret' }).toString();
    const { hostname, port } = new URL(place.httpUrl);
    const head = `POST /rest/v1/user/register.xml HTTP/1.1\r\nhost: x\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: ${fields.length}\r\n\r\n`;
    const registered = async () => {
      const body = fields;
      const headers = { 'content-type': 'application/x-www-form-urlencoded' };
      const told = await fetch(`${place.httpUrl}/rest/v1/user/read.xml`, { method: 'POST', body, headers });
      return told.status === 200;
    };
    // Within its body: nothing was asked.
    const half = connect({ host: hostname, port: Number(port) });
    await once(half, 'connect');
    half.write(head + fields.slice(0, 12));
    half.destroy();
    assert.equal(await registered(), false);
    // After it, before the answer: it is there or not, and asking again ends in one account.
    const whole = connect({ host: hostname, port: Number(port) });
    await once(whole, 'connect');
    whole.end(head + fields, () => whole.destroy());
    await once(whole, 'close');
    const accounts = accountsOf(place);
    const user = { name: 'cid', password: 'cid-secret' };
    const outcomes = await Promise.all(
      [1, 2].map(() =>
        accounts.registerUser(user).then(
          () => 'done',
          () => 'exists',
        ),
      ),
    );
    assert.ok(outcomes.filter((outcome) => outcome === 'done').length <= 1, String(outcomes));
    assert.equal(await registered(), true);
  }));

test('kill -9 at any moment of binding and unbinding: what was acknowledged stands, and both sides agree', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'yaolian-ra-kill-'));
  const args = [
    ...['--data-dir', folder, '--coap-port', '0', '--http-port', '0', '--ra-domain', domain, '--tls-names', domain],
    ...['--xmpp-host', '127.0.0.1', '--xmpp-port', '0', '--xmpp-tls-port', '0'],
  ];
  const placeOf = ({ httpUrl, welcome }: ServerProcess): Place => {
    const port = Number(/xmpp:\/\/127\.0\.0\.1:(\d+)/.exec(welcome)![1]);
    return { httpUrl, port, dataFolder: folder };
  };
  let server = await startServer(args);
  try {
    await registerAll(placeOf(server));
    for (const delay of [0, 1, 3, 8]) {
      using ann = await openUser(placeOf(server), 'ann');
      const told: string[] = [];
      const working = (async () => {
        for (let turn = 0; turn < 1000; turn++) {
          const isBinding = turn % 2 === 0;
          const outcome = await outcomeOf(isBinding ? ann.home.bind(kettle, code) : ann.home.unbind(kettle));
          if (outcome === 'no answer') return;
          told.push(isBinding ? 'bound' : 'unbound');
        }
      })();
      await until(
        () => told.length >= 5,
        () => `5 answers; there were ${told.join(', ')}`,
      );
      await new Promise((resolve) => setTimeout(resolve, delay));
      await server.kill();
      ann.client.close();
      await working;
      server = await startServer(args);
      const place = placeOf(server);
      const owners = await agreed(place);
      // One request was under way: it may be carried out or not, but nothing before it is undone.
      assert.ok(owners.length <= 1);
      if (owners.length === 1) {
        using again = await openUser(place, 'ann');
        await again.home.unbind(kettle);
      }
      assert.deepEqual(await agreed(place), []);
    }
  } finally {
    await server.kill();
    await rm(folder, { recursive: true });
  }
});
