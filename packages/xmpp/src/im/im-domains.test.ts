/** Several domains in one process: what passes between them, and what of each the other does not see. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Stanza } from '../server/stanza.ts';
import { ImWorld, type RecordedSession } from '../testing/im-world.ts';
import { clientContext, xml } from '../xml/literal.ts';
import { parseXmlText } from '../xml/parse.ts';
import { ImDomains } from './im-domains.ts';
import type { ImModule } from './module.ts';
import { discoModule } from './modules/disco.ts';
import { StanzaError } from './stanza-error.ts';

/** Two domains with accounts of the same names. */
function twoDomains(...modules: readonly ImModule[]) {
  const here = new ImWorld({ domain: 'example.com' });
  const there = new ImWorld({ domain: 'example.net' });
  here.server.use(...modules);
  const domains = new ImDomains([here.server, there.server]);
  return { here, there, domains };
}

async function come(world: ImWorld, jid: string): Promise<RecordedSession> {
  const session = await world.bind(jid);
  await session.send(xml`<presence/>`);
  session.take();
  return session;
}

test('several domains: accounts of the same name are different ones, and write to each other inside', async () => {
  const { here, there } = twoDomains();
  const juliet = await come(here, 'juliet@example.com/balcony');
  const other = await come(there, 'juliet@example.net/garden');
  await juliet.send(xml`<message to='juliet@example.net' type='chat'><body>Hi</body></message>`);
  assert.deepEqual(juliet.take(), []);
  assert.deepEqual(other.take(), [
    `<message to='juliet@example.net' type='chat' from='juliet@example.com/balcony'><body>Hi</body></message>`,
  ]);
  await other.send(xml`<iq type='get' id='7' to='juliet@example.com/balcony'><q xmlns='urn:q'/></iq>`);
  assert.deepEqual(juliet.take(), [
    `<iq type='get' id='7' to='juliet@example.com/balcony' from='juliet@example.net/garden'><q xmlns='urn:q'/></iq>`,
  ]);
  await juliet.send(xml`<iq type='result' id='7' to='juliet@example.net/garden'/>`);
  assert.deepEqual(other.take(), [
    `<iq type='result' id='7' to='juliet@example.net/garden' from='juliet@example.com/balcony'/>`,
  ]);
});

test('several domains: what waits for an account is kept in its own domain, and refusals find their way back', async () => {
  const { here, there } = twoDomains();
  const juliet = await come(here, 'juliet@example.com/balcony');
  await juliet.send(xml`<message to='romeo@example.net' type='chat' id='1'><body>later</body></message>`);
  await juliet.send(xml`<message to='tybalt@example.net' type='chat' id='2'><body>nobody</body></message>`);
  assert.deepEqual(await here.stores.offline.messages('romeo', 10), []);
  assert.equal((await there.stores.offline.messages('romeo', 10)).length, 1);
  const [refused, ...more] = juliet.take();
  assert.match(refused!, /^<message type='error' id='2' from='tybalt@example.net'.*service-unavailable/);
  assert.deepEqual(more, []);
  const romeo = await there.bind('romeo@example.net/orchard');
  await romeo.send(xml`<presence/>`);
  assert.match(romeo.take().join('\n'), /from='juliet@example.com\/balcony'.*later/);
});

test('several domains: subscriptions and presence go between them, each side with its own roster', async () => {
  const { here, there } = twoDomains();
  const juliet = await come(here, 'juliet@example.com/balcony');
  const romeo = await come(there, 'romeo@example.net/orchard');
  await juliet.send(xml`<presence to='romeo@example.net' type='subscribe'/>`);
  assert.deepEqual(romeo.take(), [`<presence to='romeo@example.net' type='subscribe' from='juliet@example.com'/>`]);
  await romeo.send(xml`<presence to='juliet@example.com' type='subscribed'/>`);
  assert.match(juliet.take().join(''), /from='romeo@example.net\/orchard'/);
  assert.equal((await here.stores.rosters.item('juliet', 'romeo@example.net'))?.subscription, 'to');
  assert.equal((await there.stores.rosters.item('romeo', 'juliet@example.com'))?.subscription, 'from');
  assert.equal(await here.stores.rosters.item('romeo', 'juliet@example.com'), undefined);
  await romeo.leave();
  assert.deepEqual(juliet.take(), [
    `<presence type='unavailable' from='romeo@example.net/orchard' to='juliet@example.com'/>`,
  ]);
  const again = await there.bind('romeo@example.net/orchard');
  await again.send(xml`<presence/>`);
  assert.match(juliet.take().join(''), /from='romeo@example.net\/orchard'/);
});

test('several domains: who blocks an account blocks it across domains, and not its namesake', async () => {
  const { here, there } = twoDomains();
  const juliet = await come(here, 'juliet@example.com/balcony');
  const romeo = await come(there, 'romeo@example.net/orchard');
  const namesake = await come(here, 'romeo@example.com/orchard');
  await juliet.send(
    xml`<iq type='set' id='1'><block xmlns='urn:xmpp:blocking'><item jid='romeo@example.net'/></block></iq>`,
  );
  juliet.take();
  await romeo.send(xml`<message to='juliet@example.com' type='chat'><body>x</body></message>`);
  await namesake.send(xml`<message to='juliet@example.com' type='chat'><body>y</body></message>`);
  assert.match(romeo.take()[0]!, /service-unavailable/);
  const came = juliet.take();
  assert.equal(came.length, 1);
  assert.match(came[0]!, /<body>y<\/body>/);
});

test('several domains: each tells its own in disco, and services are at all of them', async () => {
  const { here, there, domains } = twoDomains();
  const heard: string[] = [];
  domains.addService('bot.example.com', {
    onStanza: (stanza, from) => void heard.push(`${from} ${stanza.element.name}`),
  });
  here.server.use({ name: 'rooms', serverFeatures: ['urn:rooms'] }, discoModule(here.server));
  there.server.use(discoModule(there.server));
  const juliet = await come(here, 'juliet@example.com/balcony');
  const romeo = await come(there, 'romeo@example.net/orchard');
  const features = async (domain: string) => {
    await juliet.send(
      xml`<iq type='get' id='1' to='${domain}'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>`,
    );
    const parsed = parseXmlText(juliet.take()[0]!, clientContext);
    assert.ok(parsed.ok);
    const query = parsed.value.elements()[0]!;
    return query.elements('feature').map((feature) => feature.attribute('var'));
  };
  assert.ok((await features('example.com')).includes('urn:rooms'));
  assert.ok(!(await features('example.net')).includes('urn:rooms'));
  for (const session of [juliet, romeo]) await session.send(xml`<message to='bot.example.com'/>`);
  assert.deepEqual(heard, ['juliet@example.com/balcony message', 'romeo@example.net/orchard message']);
  for (const to of ['juliet@example.com/balcony', 'romeo@example.net/orchard']) {
    const message = xml`<message from='bot.example.com' to='${to}'><body>beep</body></message>`;
    await domains.route(
      new Stanza(message),
      domains.jids.parse('bot.example.com')!,
      domains.jids.parse(to)!,
      undefined,
    );
  }
  assert.equal(juliet.take().length, 1);
  assert.equal(romeo.take().length, 1);
});

test('several domains: one that says who may write to whom is asked for what crosses its border, both ways', async () => {
  const asked: string[] = [];
  const closed: ImModule = {
    name: 'closed',
    admits: (from, to, stanza) => {
      asked.push(`${from.bare} ${to} ${stanza.name}`);
      const refusal = from.domain === to.domain ? undefined : new StanzaError('forbidden');
      return stanza.name === 'iq' ? Promise.resolve(refusal) : refusal;
    },
  };
  const { here, there } = twoDomains(closed);
  const juliet = await come(here, 'juliet@example.com/balcony');
  const romeo = await come(there, 'romeo@example.net/orchard');
  for (const stanza of [
    xml`<message to='juliet@example.com' id='1'><body>x</body></message>`,
    xml`<presence to='juliet@example.com' type='subscribe' id='2'/>`,
    xml`<presence to='juliet@example.com/balcony' id='3'/>`,
    xml`<iq to='juliet@example.com/balcony' type='get' id='4'><q xmlns='urn:q'/></iq>`,
    xml`<iq to='example.com' type='get' id='5'><query xmlns='jabber:iq:version'/></iq>`,
  ]) {
    await romeo.send(stanza);
    const [answer, ...more] = romeo.take();
    assert.match(answer!, /type='error'.*<forbidden/, `${stanza.name} ${stanza.attribute('id')}`);
    assert.deepEqual(more, []);
  }
  await juliet.send(xml`<presence to='romeo@example.net' type='subscribe'/>`);
  assert.match(juliet.take()[0]!, /type='error'.*<forbidden/);
  assert.deepEqual(juliet.take(), []);
  assert.deepEqual(romeo.take(), []);
  assert.equal(asked.length, 6);
});

test('several domains: none, or one twice, is a mistake', () => {
  assert.throws(() => new ImDomains([]), RangeError);
  assert.throws(() => new ImDomains([new ImWorld().server, new ImWorld().server]), RangeError);
});
