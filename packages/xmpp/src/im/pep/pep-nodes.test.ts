/** XEP-0060, as far as XEP-0163 needs it: nodes, items, subscribers, and who may see what. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ask, present } from '../../testing/im-world.ts';
import {
  headlines,
  itemsIq,
  outcomeOf,
  PepWorld,
  publication,
  pubsubForm,
  pubsubIq,
  titles,
  tune,
  tuneNode,
} from '../../testing/pep-world.ts';
import { xml } from '../../xml/literal.ts';

describe('XEP-0060: nodes and items', () => {
  test('items are kept as the tuneNode says, read by id, by number and by page (XEP-0059)', async () => {
    const world = new PepWorld();
    const juliet = await present(world, 'juliet@example.com/balcony');
    const options = { max_items: '4', access_model: 'open' };
    for (const id of ['a', 'b', 'c', 'd', 'e']) await ask(juliet, publication(tuneNode, tune(id, id), options));
    const read = async (content: string, set?: string) => {
      const rsm = set === undefined ? '' : `<set xmlns='http://jabber.org/protocol/rsm'>${set}</set>`;
      return ask(juliet, itemsIq(undefined, `${content}${rsm}`));
    };
    const all = await read(`<items node='${tuneNode}'/>`);
    assert.equal(titles(all), 'b c d e');
    assert.ok(!all.includes('rsm'));
    assert.equal(titles(await read(`<items node='${tuneNode}' max_items='2'/>`)), 'd e');
    assert.equal(
      titles(await read(`<items node='${tuneNode}'><item id='e'/><item id='x'/><item id='c'/></items>`)),
      'e c',
    );
    const first = await read(`<items node='${tuneNode}'/>`, '<max>2</max>');
    assert.match(first, /<first index='0'>b<\/first><last>c<\/last><count>4<\/count>/);
    assert.equal(titles(await read(`<items node='${tuneNode}'/>`, '<max>2</max><after>c</after>')), 'd e');
    assert.match(
      await read(`<items node='${tuneNode}'/>`, '<max>3</max><before/>'),
      /<first index='1'>c<\/first><last>e</,
    );
    assert.match(
      await read(`<items node='${tuneNode}'/>`, '<max>0</max>'),
      /<items[^>]*\/><set[^>]*><count>4<\/count>/,
    );
    assert.equal(outcomeOf(await read(`<items node='${tuneNode}'/>`, '<after>x</after>')), 'item-not-found');
    assert.equal(outcomeOf(await read(`<items node='${tuneNode}'/>`, '<index>1</index>')), 'feature-not-implemented');
    assert.equal(outcomeOf(await read(`<items node='${tuneNode}'/>`, '<max>-1</max>')), 'bad-request');
    assert.equal(outcomeOf(await read(`<items node='urn:none'/>`)), 'item-not-found');
    assert.equal(outcomeOf(await read('<items/>')), 'bad-request');
  });

  test('what does not fit one answer is read by page', async () => {
    const world = new PepWorld({ bounds: { pubsubAnswer: 250 } });
    const juliet = await present(world, 'juliet@example.com/balcony');
    for (const id of ['a', 'b', 'c', 'd']) await ask(juliet, publication(tuneNode, tune(id, id), { max_items: 'max' }));
    const answer = await ask(juliet, itemsIq());
    assert.equal(titles(answer), 'b c d'.slice(-titles(answer).length));
    assert.match(answer, /<count>4<\/count>/);
  });

  test('items are retracted and nodes purged and deleted, and that is told', async () => {
    const world = new PepWorld();
    await world.friends('juliet', 'romeo');
    const juliet = await present(world, 'juliet@example.com/balcony');
    const romeo = await world.interested('romeo@example.com/orchard', tuneNode);
    for (const id of ['a', 'b', 'c']) await ask(juliet, publication(tuneNode, tune(id, id), { max_items: 'max' }));
    romeo.take();
    const set = (content: string, owner = false) => ask(juliet, pubsubIq('set', content, { owner }));
    assert.equal(outcomeOf(await set(`<retract node='${tuneNode}'><item id='b'/></retract>`)), 'result');
    assert.match(headlines(romeo).join(), new RegExp(`<items node='${tuneNode}'><retract id='b'/></items>`));
    assert.equal(outcomeOf(await set(`<retract node='${tuneNode}'><item id='b'/></retract>`)), 'item-not-found');
    assert.equal(outcomeOf(await set(`<retract node='${tuneNode}'/>`)), 'bad-request');
    assert.equal(outcomeOf(await set(`<purge node='${tuneNode}'/>`, true)), 'result');
    assert.match(headlines(romeo).join(), /<purge node=/);
    assert.equal(titles(await ask(juliet, itemsIq())), '');
    assert.equal(outcomeOf(await set(`<delete node='${tuneNode}'/>`, true)), 'result');
    assert.match(headlines(romeo).join(), /<delete node=/);
    assert.equal(outcomeOf(await ask(juliet, itemsIq())), 'item-not-found');
    assert.equal(outcomeOf(await set(`<delete node='${tuneNode}'/>`, true)), 'item-not-found');
  });

  test('nodes are created, configured and described', async () => {
    const world = new PepWorld();
    await world.friends('juliet', 'romeo');
    const juliet = await world.interested('juliet@example.com/balcony', 'urn:n');
    const romeo = await present(world, 'romeo@example.com/orchard');
    const set = (content: string, owner = false) => ask(juliet, pubsubIq('set', content, { owner }));
    const config = (values: Record<string, string>) => pubsubForm('node_config', values);
    assert.equal(
      outcomeOf(await set(`<create node='urn:n'/><configure>${config({ title: 'N', max_items: '3' })}</configure>`)),
      'result',
    );
    assert.equal(outcomeOf(await set(`<create node='urn:n'/>`)), 'conflict');
    assert.equal(outcomeOf(await set('<create/>')), 'not-acceptable');
    const form = await ask(juliet, pubsubIq('get', `<configure node='urn:n'/>`, { owner: true }));
    assert.match(
      form,
      /<field var='pubsub#max_items' type='text-single' label='Items to keep'><value>3<\/value><\/field>/,
    );
    assert.match(
      form,
      /<field var='pubsub#access_model' type='list-single' label='[^']+'><value>presence<\/value><option><value>open</,
    );
    assert.match(
      await ask(juliet, pubsubIq('get', '<default/>', { owner: true })),
      /<default><x xmlns='jabber:x:data' type='form'>/,
    );
    for (const id of ['a', 'b', 'c']) await set(`<publish node='urn:n'>${tune(id, id)}</publish>`);
    juliet.take();
    const changed = config({ max_items: '1', access_model: 'open', notify_config: '1' });
    assert.equal(outcomeOf(await set(`<configure node='urn:n'>${changed}</configure>`, true)), 'result');
    assert.equal(titles(await ask(juliet, itemsIq(undefined, `<items node='urn:n'/>`))), 'c');
    const info = xml`<iq type='get' id='d' to='juliet@example.com'><query xmlns='http://jabber.org/protocol/disco#info' node='urn:n'/></iq>`;
    assert.match(await ask(romeo, info), /category='pubsub' type='leaf' name='N'.*<value>open<\/value>/);
    const items = xml`<iq type='get' id='d' to='juliet@example.com'><query xmlns='http://jabber.org/protocol/disco#items'/></iq>`;
    assert.match(await ask(romeo, items), /<item jid='juliet@example.com' node='urn:n' name='N'\/>/);
    const listed = items.containing(xml`<query xmlns='http://jabber.org/protocol/disco#items' node='urn:n'/>`);
    assert.match(
      await ask(romeo, listed),
      /<query [^>]*node='urn:n'><item jid='juliet@example.com' name='c'\/><\/query>/,
    );
    const absent = items.containing(xml`<query xmlns='http://jabber.org/protocol/disco#items' node='urn:x'/>`);
    assert.equal(outcomeOf(await ask(romeo, absent)), 'item-not-found');
    const cancel = `<configure node='urn:n'><x xmlns='jabber:x:data' type='cancel'/></configure>`;
    assert.equal(outcomeOf(await set(cancel, true)), 'result');
    const own = await ask(
      juliet,
      info.with({ to: undefined }).containing(xml`<query xmlns='http://jabber.org/protocol/disco#info'/>`),
    );
    assert.match(own, /<identity category='pubsub' type='pep'\/>.*pubsub#publish-options/);
  });

  test('changes of the configuration are told where it says so', async () => {
    const world = new PepWorld();
    const juliet = await world.interested('juliet@example.com/balcony', 'urn:n');
    await ask(juliet, pubsubIq('set', `<create node='urn:n'/>`));
    const form = pubsubForm('node_config', { notify_config: 'true', title: 'T' });
    await juliet.send(pubsubIq('set', `<configure node='urn:n'>${form}</configure>`, { owner: true }));
    assert.match(
      headlines(juliet).join(),
      /<configuration node='urn:n'><x xmlns='jabber:x:data' type='result'>.*<value>T</,
    );
  });

  const models: readonly [string, string, Record<string, string>][] = [
    ['open', 'result result result', { access_model: 'open' }],
    ['presence', 'result result not-authorized', { access_model: 'presence' }],
    ['roster', 'result not-authorized not-authorized', { access_model: 'roster', roster_groups_allowed: 'Friends' }],
    ['whitelist', 'not-allowed not-allowed result', { access_model: 'whitelist' }],
  ];
  for (const [model, expected, options] of models) {
    test(`access model ${model}: a friend in the group, a contact, a stranger that is a member`, async () => {
      const world = new PepWorld();
      await world.contact('juliet', 'romeo@example.com', 'both', { groups: ['Friends'] });
      await world.contact('juliet', 'nurse@example.com', 'from');
      const juliet = await present(world, 'juliet@example.com/balcony');
      const create = `<create node='${tuneNode}'/><configure>${pubsubForm('node_config', options)}</configure>`;
      assert.equal(outcomeOf(await ask(juliet, pubsubIq('set', create))), 'result');
      const affiliate = (affiliation: string) =>
        ask(
          juliet,
          pubsubIq(
            'set',
            `<affiliations node='${tuneNode}'><affiliation jid='benvolio@example.com' affiliation='${affiliation}'/></affiliations>`,
            { owner: true },
          ),
        );
      if (model === 'whitelist') assert.equal(outcomeOf(await affiliate('member')), 'result');
      await ask(juliet, publication(tuneNode, tune('Air')));
      const seen: string[] = [];
      for (const name of ['romeo', 'nurse', 'benvolio']) {
        const session = await present(world, `${name}@example.com/x`);
        seen.push(outcomeOf(await ask(session, itemsIq('juliet@example.com'))));
      }
      assert.equal(seen.join(' '), expected);
      assert.equal(outcomeOf(await affiliate('outcast')), 'result');
      const outcast = await present(world, 'benvolio@example.com/y');
      assert.notEqual(outcomeOf(await ask(outcast, itemsIq('juliet@example.com'))), 'result');
      assert.equal(outcomeOf(await ask(juliet, itemsIq())), 'result');
    });
  }

  test('strangers subscribe to open nodes, are shown the last item, hear of more, and end it', async () => {
    const world = new PepWorld({ bounds: { pubsubSubscribers: 1 } });
    const juliet = await present(world, 'juliet@example.com/balcony');
    const benvolio = await present(world, 'benvolio@example.com/x');
    const nurse = await present(world, 'nurse@example.com/x');
    await ask(juliet, publication(tuneNode, tune('Air'), { access_model: 'open' }));
    const subscribe = (jid: string, name = tuneNode) =>
      pubsubIq('set', `<subscribe node='${name}' jid='${jid}'/>`, { to: 'juliet@example.com' });
    assert.equal(outcomeOf(await ask(benvolio, subscribe('nurse@example.com'))), 'bad-request');
    assert.equal(outcomeOf(await ask(benvolio, subscribe('benvolio@example.com', 'urn:none'))), 'item-not-found');
    benvolio.take();
    await benvolio.send(subscribe('benvolio@example.com'));
    const got = benvolio.take().join('');
    assert.match(got, /<subscription node='[^']+' jid='benvolio@example.com' subscription='subscribed'\/>/);
    assert.equal(titles(got), 'Air');
    assert.equal(outcomeOf(await ask(nurse, subscribe('nurse@example.com'))), 'policy-violation');
    await ask(juliet, publication(tuneNode, tune('Bourrée')));
    assert.equal(titles(headlines(benvolio)), 'Bourrée');
    assert.deepEqual(headlines(nurse), []);
    const own = await ask(benvolio, pubsubIq('get', '<subscriptions/>', { to: 'juliet@example.com' }));
    assert.match(own, /<subscription node=/);
    assert.match(
      await ask(juliet, pubsubIq('get', `<subscriptions node='${tuneNode}'/>`, { owner: true })),
      /jid='benvolio@example.com'/,
    );
    const end = pubsubIq('set', `<unsubscribe node='${tuneNode}' jid='benvolio@example.com'/>`, {
      to: 'juliet@example.com',
    });
    assert.equal(outcomeOf(await ask(benvolio, end)), 'result');
    assert.equal(outcomeOf(await ask(benvolio, end)), 'unexpected-request');
    await ask(juliet, publication(tuneNode, tune('Courante')));
    assert.deepEqual(headlines(benvolio), []);
  });

  test('others change nothing, and what is not here is said so', async () => {
    const world = new PepWorld();
    await world.friends('juliet', 'romeo');
    const romeo = await present(world, 'romeo@example.com/orchard');
    const juliet = await present(world, 'juliet@example.com/balcony');
    await ask(juliet, publication(tuneNode, tune('Air')));
    const to = 'juliet@example.com';
    for (const content of [
      `<publish node='${tuneNode}'>${tune('x')}</publish>`,
      `<retract node='${tuneNode}'><item id='current'/></retract>`,
      `<create node='urn:x'/>`,
    ]) {
      assert.equal(outcomeOf(await ask(romeo, pubsubIq('set', content, { to }))), 'forbidden', content);
    }
    for (const content of [
      `<delete node='${tuneNode}'/>`,
      `<purge node='${tuneNode}'/>`,
      `<configure node='${tuneNode}'/>`,
      '<default/>',
    ]) {
      assert.equal(outcomeOf(await ask(romeo, pubsubIq('set', content, { to, owner: true }))), 'forbidden', content);
    }
    assert.match(
      await ask(juliet, pubsubIq('get', `<options node='${tuneNode}' jid='juliet@example.com'/>`)),
      /<unsupported xmlns='[^']+' feature='subscription-options'\/>/,
    );
    assert.equal(outcomeOf(await ask(juliet, pubsubIq('set', ''))), 'bad-request');
    assert.equal(outcomeOf(await ask(juliet, pubsubIq('set', '', { owner: true }))), 'bad-request');
    const owner = await ask(
      juliet,
      pubsubIq(
        'set',
        `<affiliations node='${tuneNode}'><affiliation jid='juliet@example.com' affiliation='none'/></affiliations>`,
        { owner: true },
      ),
    );
    assert.equal(outcomeOf(owner), 'not-acceptable');
    const publisher = await ask(
      juliet,
      pubsubIq(
        'set',
        `<affiliations node='${tuneNode}'><affiliation jid='romeo@example.com' affiliation='publisher'/></affiliations>`,
        { owner: true },
      ),
    );
    assert.match(publisher, /an affiliation is one of member, outcast, none/);
    assert.match(await ask(juliet, pubsubIq('get', '<affiliations/>')), /affiliation='owner'/);
  });

  test('a tuneNode without items tells that something happened', async () => {
    const world = new PepWorld();
    const juliet = await world.interested('juliet@example.com/balcony', 'urn:n');
    const options = { persist_items: '0', deliver_payloads: '0' };
    assert.equal(outcomeOf(await ask(juliet, publication('urn:n', '', options))), 'result');
    await juliet.send(publication('urn:n', ''));
    assert.match(headlines(juliet).join(), /<items node='urn:n'\/>/);
    await juliet.send(publication('urn:n', tune('x')));
    assert.match(headlines(juliet).join(), /<item id='current'\/>/);
    assert.equal(titles(await ask(juliet, itemsIq(undefined, `<items node='urn:n'/>`))), '');
    assert.match(await ask(juliet, publication('urn:m', '')), /<item-required/);
    assert.match(await ask(juliet, publication('urn:m', `<item id='x'/>`)), /<payload-required/);
  });
});
