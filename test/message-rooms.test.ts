/** Rooms of the message server over sockets: who may make them, what outlives a restart, what operators see. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { routes } from '@yaolian/contract';
import { nodeClock, nodeRandom, nodeTimers, saslCrypto, xmppConnector } from '@yaolian/node-runtime';
import { until } from '@yaolian/testkit';
import { element, Jid, namespaces, scramClients, type XmlElement, XmppClient } from '@yaolian/xmpp';
import { openPlatform, type TestPlatform } from './support/platform.ts';

const muc = 'http://jabber.org/protocol/muc';
const settings = {
  'xmpp.domain': 'im.example.com',
  'xmpp.host': '127.0.0.1',
  'xmpp.port': 0,
  'xmpp.tls-port': 0,
} as const;

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
