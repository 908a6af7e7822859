import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import { seconds, socketAddress } from '@yaolian/kernel';
import { SeededRandom, settle } from '@yaolian/testkit';
import { element, Jid, plainClient, type XmlElement, XmppClient, type XmppClientListener, xml } from '@yaolian/xmpp';
import { SimulatedTransport, serverWorld } from '@yaolian/xmpp/testing';
import { Device, type DeviceOptions } from './device.ts';
import { DeviceResources } from './device-resources.ts';
import { Home } from './home.ts';
import { Refused } from './refused.ts';

const kettle = 'juliet@example.org';

const sha1 = (_: string, data: Uint8Array) => createHash('sha1').update(data).digest();

/** A kettle with a thermometer that can be switched on, set, and told to sing. */
function kettleOf() {
  let temperature = 20;
  let wanted = '90';
  const sung: string[] = [];
  const resources = new DeviceResources({
    '/3303/0/5700': { type: 'float', name: 'Sensor Value', unit: 'Cel', get: () => String(temperature) },
    '/3308/0/5900': {
      type: 'float',
      get: () => wanted,
      set: (text) => {
        if (Number(text) > 100) throw new RangeError('water boils at 100');
        wanted = text;
        resources.changed('/3308/0/5900');
      },
    },
    '/3/0/4': { type: 'none', execute: (args) => void sung.push(args) },
  });
  const warm = (to: number) => {
    temperature = to;
    resources.changed('/3303/0/5700');
  };
  return { resources, warm, sung };
}

async function worldOf(options: Partial<DeviceOptions> = {}) {
  const world = serverWorld();
  const { time, streams, handler } = world;
  const clientOf = (name: string) => (listener: XmppClientListener) =>
    new XmppClient({
      jid: Jid.parse(`${name}@example.org/main`)!,
      connector: {
        connect: async (signal) => {
          const stream = await streams.connector('192.0.2.9').connect(socketAddress('192.0.2.1', 5222), signal);
          return new SimulatedTransport(stream);
        },
      },
      mechanisms: [plainClient(name, 'secret')],
      clock: time,
      timers: time,
      random: new SeededRandom(7),
      listener,
    });
  const { resources, warm, sung } = kettleOf();
  const told: unknown[] = [];
  const device = new Device({
    open: clientOf('juliet'),
    resources,
    ...{ deviceType: 'kettle', vendor: 'V', model: 'K1', clock: time, crypto: { hash: sha1 } },
    listener: {
      onRequest: ({ kind, path }, from, outcome) => void told.push([kind, path, from, outcome]),
      onBound: (user) => void told.push(['bound', user]),
      onUnbound: (user) => void told.push(['unbound', user]),
      onMessage: (text, from) => void told.push(['message', text, from]),
    },
    ...options,
  });
  await time.until(device.connect(), seconds(5));
  const heard: XmlElement[] = [];
  const user = clientOf('romeo')({ onMessage: (message) => void heard.push(message) });
  await time.until(user.connect(), seconds(5));
  // The server of this world delivers to full addresses only.
  const remote = new Home(user).device(`${kettle}/main`);
  const push = async (message: XmlElement) => {
    handler.sessions.get(`${kettle}/main`)!.deliver(message);
    await time.advance(seconds(1));
    await settle();
  };
  const ask = <T>(asked: Promise<T>) => time.until(asked, seconds(60));
  return { ...world, device, resources, warm, sung, told, heard, user, remote, push, ask };
}

const refused = (condition: string) => (error: unknown) => error instanceof Refused && error.condition === condition;

describe('a device that speaks RA', () => {
  it('§11.2: answers reads, writes and executions, and says why it does not', async () => {
    const { remote, ask, sung, told } = await worldOf();
    const value = { path: '/3303/0/5700', type: 'float', text: '20', name: 'Sensor Value', unit: 'Cel' };
    assert.deepEqual(await ask(remote.read('/3303/0/5700')), [value]);
    assert.deepEqual(await ask(remote.read('/3303')), [value]);
    assert.equal(await ask(remote.write('/3308/0/5900', 80)), 'done');
    assert.equal((await ask(remote.read('/3308/0/5900')))[0]?.text, '80');
    assert.equal(await ask(remote.execute('/3/0/4', "0='la'")), 'done');
    assert.deepEqual(sung, ["0='la'"]);
    await assert.rejects(ask(remote.read('/3304')), refused('item-not-found'));
    await assert.rejects(ask(remote.read('/3/0/4')), refused('not-allowed'));
    await assert.rejects(ask(remote.write('/3303/0/5700', 1)), refused('not-allowed'));
    await assert.rejects(ask(remote.write('/3308/0/5900', 'hot')), refused('not-acceptable'));
    await assert.rejects(ask(remote.write('/3308/0/5900', 120)), refused('not-acceptable'));
    await assert.rejects(ask(remote.write('/3308/0', 1)), refused('bad-request'));
    await assert.rejects(ask(remote.execute('/3308/0/5900')), refused('not-allowed'));
    assert.deepEqual(told[0], ['read', '/3303/0/5700', 'romeo@example.org', 'done']);
    assert.deepEqual(told.at(-1), ['execute', '/3308/0/5900', 'romeo@example.org', 'not-allowed']);
  });

  it('§13: says what it is', async () => {
    const { user, ask } = await worldOf();
    const answer = await ask(user.request('get', `${kettle}/main`, element('device', 'urn:yaolian:ra:1:device')));
    assert.ok(answer.kind === 'result');
    assert.equal(answer.payload?.childText('modelName'), 'K1');
    assert.deepEqual(
      answer.payload?.elements('instance').map((one) => one.attribute('path')),
      ['/3303/0', '/3308/0', '/3/0'],
    );
    const disco = await ask(
      user.request('get', `${kettle}/main`, element('query', 'http://jabber.org/protocol/disco#info')),
    );
    assert.ok(disco.kind === 'result');
    const features = disco.payload?.elements('feature').map((one) => one.attribute('var'));
    assert.ok(features?.includes('urn:oma:lwm2m:ext:3303') && features.includes('urn:yaolian:ra:1:data'));
  });

  it('§13: its presence has the version of what it understands, and it tells that at the version’s node (XEP-0115)', async () => {
    const { user, ask, handler } = await worldOf();
    const caps = 'http://jabber.org/protocol/caps';
    const info = 'http://jabber.org/protocol/disco#info';
    const presences = handler.stanzas.map(({ element: stanza }) => stanza).filter((one) => one.name === 'presence');
    const said = presences.find((one) => one.attribute('type') === undefined)!.child('c', caps)!;
    const node = `${said.attribute('node')}#${said.attribute('ver')}`;
    const answer = await ask(user.request('get', `${kettle}/main`, element('query', info, { node })));
    assert.ok(answer.kind === 'result' && answer.payload?.attribute('node') === node);
    const features = answer.payload.elements('feature').map((one) => one.attribute('var')!);
    const text = ['client/bot//K1', ...features.sort()].map((one) => `${one}<`).join('');
    assert.equal(said.attribute('ver'), createHash('sha1').update(text).digest('base64'));
    const other = await ask(user.request('get', `${kettle}/main`, element('query', info, { node: 'x' })));
    assert.ok(other.kind === 'error' && other.condition === 'item-not-found');
  });

  it('tells values to who observes them, once for each turn, until they cancel', async () => {
    const { remote, ask, warm, time, resources, handler } = await worldOf();
    const pushed = () =>
      handler.stanzas
        .map(({ element: stanza }) => stanza)
        .filter((one) => one.name === 'message' && one.attribute('to') === 'romeo@example.org')
        .map((one) =>
          one
            .child('values', 'urn:yaolian:ra:1:data')!
            .elements()
            .map((value) => value.text()),
        );
    await ask(remote.observe('/3303/0/5700'));
    await ask(remote.observe('/3303'));
    warm(30);
    warm(31);
    await resources.write('/3308/0/5900', '70');
    await time.advance(seconds(1));
    assert.deepEqual(pushed(), [['31']]);
    await ask(remote.cancel('/3303'));
    await ask(remote.cancel('/3303/0/5700'));
    warm(40);
    await time.advance(seconds(1));
    assert.equal(pushed().length, 1);
  });

  it('takes so many observations and no more', async () => {
    const { remote, ask } = await worldOf({ maximumObservations: 1 });
    await ask(remote.observe('/3303/0/5700'));
    await ask(remote.observe('/3303/0/5700'));
    await assert.rejects(ask(remote.observe('/3308/0/5900')), refused('resource-constraint'));
  });

  it('§10.3: is asked about bindings, hears of them, and believes nobody but its domain', async () => {
    const asked: string[] = [];
    const confirm = (user: string) => {
      asked.push(user);
      return user === 'ann@example.org';
    };
    const { push, handler, told } = await worldOf({ confirm });
    const pushOf = (name: string, user: string, from = 'example.org') =>
      push(
        xml`<message xmlns='jabber:client' type='headline' from='${from}'>${element(name, 'urn:yaolian:ra:1:push', { user })}</message>`,
      );
    await pushOf('binding-asked', 'ann@example.org');
    await pushOf('binding-asked', 'eve@example.org');
    await pushOf('binding-asked', 'mallory@example.org', 'mallory@example.org/x');
    assert.deepEqual(asked, ['ann@example.org', 'eve@example.org']);
    const sent = handler.stanzas.flatMap(({ element: stanza }) => stanza.elements());
    const answers = sent.filter((one) => one.name === 'confirm' || one.name === 'decline');
    assert.deepEqual(
      answers.map((one) => [one.name, one.attribute('user')]),
      [
        ['confirm', 'ann@example.org'],
        ['decline', 'eve@example.org'],
      ],
    );
    await pushOf('bound', 'ann@example.org');
    await push(xml`<message xmlns='jabber:client' type='chat' from='ann@example.org/x'><body>hi</body></message>`);
    await pushOf('unbound', 'ann@example.org');
    assert.deepEqual(told, [
      ['bound', 'ann@example.org'],
      ['message', 'hi', 'ann@example.org'],
      ['unbound', 'ann@example.org'],
    ]);
  });

  it('forgets who observed when they own it no more', async () => {
    const { remote, ask, push, warm, time, handler } = await worldOf();
    await ask(remote.observe('/3303/0/5700'));
    await push(
      xml`<message xmlns='jabber:client' type='headline' from='example.org'><unbound xmlns='urn:yaolian:ra:1:push' user='romeo@example.org'/></message>`,
    );
    const before = handler.stanzas.length;
    warm(50);
    await time.advance(seconds(1));
    assert.equal(handler.stanzas.length, before);
  });
});
