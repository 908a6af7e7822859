/** XEP-0163: what accounts publish, who hears of it, and what is private (XEP-0223). */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ask, present, xmlOf } from '../../testing/im-world.ts';
import {
  headlines,
  itemsIq,
  outcomeOf,
  PepWorld,
  publication,
  titles,
  tune,
  tuneNode,
} from '../../testing/pep-world.ts';
import { clientContext, xml } from '../../xml/literal.ts';
import { serialiseXml } from '../../xml/serialise.ts';
import { ImDomains } from '../im-domains.ts';

describe('XEP-0163: publishing', () => {
  test('an item makes its tuneNode, is kept, and is told to own sessions and contacts whose clients want to know', async () => {
    const world = new PepWorld();
    await world.friends('juliet', 'romeo');
    await world.contact('juliet', 'nurse@example.com', 'to');
    const balcony = await world.interested('juliet@example.com/balcony', tuneNode);
    const chamber = await world.interested('juliet@example.com/chamber');
    const orchard = await world.interested('romeo@example.com/orchard', tuneNode);
    const garden = await world.interested('romeo@example.com/garden', 'urn:other');
    const nurse = await world.interested('nurse@example.com/x', tuneNode);
    const stranger = await world.interested('benvolio@example.com/x', tuneNode);
    for (const session of [balcony, chamber, orchard]) session.take();
    const answer = await ask(chamber, publication(tuneNode, tune('Air')));
    assert.equal(
      answer,
      serialiseXml(
        xml`<iq type='result' id='p' to='juliet@example.com/chamber'><pubsub xmlns='http://jabber.org/protocol/pubsub'><publish node='${tuneNode}'><item id='current'/></publish></pubsub></iq>`,
        clientContext,
      ),
    );
    const expected = (to: string) =>
      serialiseXml(
        xml`<message from='juliet@example.com' type='headline' to='${to}'><event xmlns='http://jabber.org/protocol/pubsub#event'><items node='${tuneNode}'>${xmlOf(tune('Air'))}</items></event></message>`.with(
          {},
        ),
        clientContext,
      ).replace(`<item xmlns='jabber:client'`, '<item');
    assert.deepEqual(headlines(balcony), [expected('juliet@example.com/balcony')]);
    assert.deepEqual(headlines(orchard), [expected('romeo@example.com/orchard')]);
    for (const session of [chamber, garden, nurse, stranger]) assert.deepEqual(headlines(session), []);
    assert.equal(titles(await ask(orchard, itemsIq('juliet@example.com'))), 'Air');
    assert.deepEqual(await world.stores.offline.messages('romeo', 9), []);
    assert.deepEqual((await world.stores.archive.page('romeo', { limit: 9 })).messages, []);
  });

  test('who comes, and who comes to want it, is shown the last item, once', async () => {
    const world = new PepWorld();
    await world.friends('juliet', 'romeo');
    const juliet = await present(world, 'juliet@example.com/balcony');
    for (const title of ['One', 'Two']) await ask(juliet, publication(tuneNode, tune(title)));
    const romeo = await world.bind('romeo@example.com/orchard');
    assert.equal(await world.show(romeo, [tuneNode]), true);
    const [last, ...more] = headlines(romeo);
    assert.match(last!, /from='juliet@example.com'.*<title>Two<.*<\/event><delay xmlns='urn:xmpp:delay' stamp='2026-/);
    assert.deepEqual(more, []);
    assert.equal(await world.show(romeo, [tuneNode]), false, 'these capabilities are known');
    assert.deepEqual(headlines(romeo), []);
    await world.show(romeo, []);
    await ask(juliet, publication(tuneNode, tune('Three')));
    assert.deepEqual(headlines(romeo), []);
    await world.show(romeo, [tuneNode]);
    assert.equal(titles(headlines(romeo)), 'Three');
    const own = await world.bind('juliet@example.com/chamber');
    await world.show(own, [tuneNode]);
    assert.equal(titles(headlines(own)), 'Three');
    await romeo.send(xml`<presence type='unavailable'/>`);
    await world.show(romeo, [tuneNode]);
    assert.equal(titles(headlines(romeo)), 'Three', 'it came again');
  });

  test('who is let in by a new subscription is shown the last items, and hears no more when it ends', async () => {
    const world = new PepWorld();
    const juliet = await present(world, 'juliet@example.com/balcony');
    await ask(juliet, publication(tuneNode, tune('Air')));
    const romeo = await world.interested('romeo@example.com/orchard', tuneNode);
    await romeo.send(xml`<presence type='subscribe' to='juliet@example.com'/>`);
    assert.deepEqual(headlines(romeo), []);
    await juliet.send(xml`<presence type='subscribed' to='romeo@example.com'/>`);
    assert.equal(titles(headlines(romeo)), 'Air');
    await juliet.send(xml`<presence type='unsubscribed' to='romeo@example.com'/>`);
    await ask(juliet, publication(tuneNode, tune('Bourrée')));
    assert.deepEqual(headlines(romeo), []);
    assert.equal(outcomeOf(await ask(romeo, itemsIq('juliet@example.com'))), 'not-authorized');
  });

  test('neither side of a block hears or reads anything', async () => {
    const world = new PepWorld();
    await world.friends('juliet', 'romeo');
    await world.friends('juliet', 'nurse');
    const juliet = await world.interested('juliet@example.com/balcony', tuneNode);
    const romeo = await world.interested('romeo@example.com/orchard', tuneNode);
    const nurse = await world.interested('nurse@example.com/x', tuneNode);
    const block = (jid: string) =>
      xml`<iq type='set' id='b'><block xmlns='urn:xmpp:blocking'><item jid='${jid}'/></block></iq>`;
    await ask(juliet, block('romeo@example.com'));
    await ask(nurse, block('juliet@example.com'));
    for (const session of [juliet, romeo, nurse]) session.take();
    await ask(juliet, publication(tuneNode, tune('Air')));
    await ask(romeo, publication(tuneNode, tune('Bourrée')));
    assert.deepEqual(
      headlines(romeo).filter((one) => one.includes('juliet')),
      [],
    );
    assert.deepEqual(headlines(nurse), []);
    assert.ok(!headlines(juliet).join().includes('Bourrée'));
    assert.equal(outcomeOf(await ask(romeo, itemsIq('juliet@example.com'))), 'service-unavailable');
    const again = await world.interested('romeo@example.com/garden', tuneNode);
    assert.ok(!again.take().join().includes('Air'));
  });

  test('capabilities that do not fit their hash hold for their client only', async () => {
    const world = new PepWorld();
    const juliet = await world.bind('juliet@example.com/balcony');
    assert.equal(await world.show(juliet, [tuneNode], { ver: 'forged' }), true);
    await ask(juliet, publication(tuneNode, tune('Air')));
    const nurse = await world.bind('nurse@example.com/x');
    assert.equal(await world.show(nurse, [], { ver: 'forged' }), true, 'it is asked too');
    const own = await world.bind('juliet@example.com/chamber');
    await own.send(
      xml`<presence><c xmlns='http://jabber.org/protocol/caps' hash='md2' node='urn:c' ver='x'/></presence>`,
    );
    assert.ok(!own.take().join().includes('disco'));
  });

  test('clients with a negative priority are told nothing', async () => {
    const world = new PepWorld();
    const juliet = await present(world, 'juliet@example.com/balcony');
    const away = await world.bind('juliet@example.com/chamber');
    await ask(juliet, publication(tuneNode, tune('Air')));
    await world.show(away, [tuneNode], { priority: -1 });
    await ask(juliet, publication(tuneNode, tune('Bourrée')));
    assert.deepEqual(headlines(away), []);
  });

  test('contacts of another domain of the process hear of it and read it as others do', async () => {
    const world = new PepWorld();
    const there = new PepWorld({ domain: 'example.net' });
    const domains = new ImDomains([world.server, there.server]);
    assert.equal(domains.domain, 'example.com');
    await world.contact('juliet', 'romeo@example.net', 'both');
    await there.contact('romeo', 'juliet@example.com', 'both');
    const juliet = await present(world, 'juliet@example.com/balcony');
    await ask(juliet, publication(tuneNode, tune('Air')));
    const romeo = await there.bind('romeo@example.net/orchard');
    await there.show(romeo, [tuneNode]);
    assert.equal(titles(headlines(romeo)), 'Air');
    await ask(juliet, publication(tuneNode, tune('Bourrée')));
    assert.equal(titles(headlines(romeo)), 'Bourrée');
    assert.equal(titles(await ask(romeo, itemsIq('juliet@example.com'))), 'Bourrée');
  });
});

describe('XEP-0223: private data, by publish-options', () => {
  const options = {
    persist_items: 'true',
    max_items: 'max',
    send_last_published_item: 'never',
    access_model: 'whitelist',
  };

  test('a tuneNode is made as they say, and one that is there has to be so', async () => {
    const world = new PepWorld();
    await world.friends('juliet', 'romeo');
    const juliet = await world.interested('juliet@example.com/balcony', 'urn:n');
    const romeo = await world.interested('romeo@example.com/orchard', 'urn:n');
    for (const id of ['a', 'b'])
      assert.equal(outcomeOf(await ask(juliet, publication('urn:n', tune(id, id), options))), 'result');
    assert.deepEqual(headlines(romeo), []);
    assert.equal(outcomeOf(await ask(romeo, itemsIq('juliet@example.com', `<items node='urn:n'/>`))), 'not-allowed');
    assert.equal(titles(await ask(juliet, itemsIq(undefined, `<items node='urn:n'/>`))), 'a b');
    const later = await world.interested('juliet@example.com/chamber', 'urn:n');
    assert.deepEqual(headlines(later), []);
    const other = await ask(juliet, publication('urn:n', tune('c', 'c'), { access_model: 'open' }));
    assert.match(other, /<conflict .*<precondition-not-met xmlns='http:\/\/jabber.org\/protocol\/pubsub#errors'\/>/);
    assert.match(other, /access_model is &quot;whitelist&quot; here|access_model is "whitelist" here/);
    assert.equal(titles(await ask(juliet, itemsIq(undefined, `<items node='urn:n'/>`))), 'a b');
  });

  test('of two that race with different options one wins, and the other is told', async () => {
    const world = new PepWorld();
    const [balcony, chamber] = [
      await present(world, 'juliet@example.com/balcony'),
      await present(world, 'juliet@example.com/chamber'),
    ];
    await Promise.all([
      balcony.send(publication('urn:n', tune('a', 'a'), options)),
      chamber.send(publication('urn:n', tune('b', 'b'), { ...options, access_model: 'open' })),
    ]);
    assert.deepEqual([balcony, chamber].map((one) => outcomeOf(one.take().at(-1)!)).sort(), ['conflict', 'result']);
    assert.equal((await world.stores.pubsub.items('juliet', 'urn:n', { limit: 9 })).length, 1);
  });
});
