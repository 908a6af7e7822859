/** XEP-0163: publishers and listeners that want too much. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ask, present } from '../../testing/im-world.ts';
import { headlines, outcomeOf, PepWorld, publication, pubsubForm, pubsubIq, tune } from '../../testing/pep-world.ts';

test('XEP-0060: what others ask for in vain they are told, with what would be right', async () => {
  const world = new PepWorld();
  const juliet = await present(world, 'juliet@example.com/balcony');
  const romeo = await present(world, 'romeo@example.com/orchard');
  await ask(juliet, publication('urn:n', tune('Air')));
  const to = 'juliet@example.com';
  for (const [iq, condition, text] of [
    [
      pubsubIq('get', `<items node='urn:n'/>`, { to }),
      'not-authorized',
      'this node is for contacts who see the presence',
    ],
    [pubsubIq('set', `<publish node='urn:n'/>`, { to }), 'forbidden', 'only the owner'],
    [pubsubIq('set', `<delete node='urn:n'/>`, { to, owner: true }), 'forbidden', 'only the owner'],
    [pubsubIq('set', `<subscribe node='urn:n' jid='${to}'/>`, { to }), 'bad-request', 'only the own address'],
    [pubsubIq('get', `<items/>`, { to }), 'bad-request', 'the name of the node is needed'],
    [pubsubIq('get', `<options node='urn:n'/>`, { to }), 'feature-not-implemented', "feature='subscription-options'"],
    [pubsubIq('get', `<x xmlns='urn:x'/>`, { to }), 'bad-request', 'an element of http://jabber.org/protocol/pubsub'],
  ] as const) {
    const answer = await ask(romeo, iq);
    assert.ok(answer.includes(`<${condition} `) && answer.includes(text), answer);
  }
});

describe('XEP-0163: hostile publishers', () => {
  const bounds = { pubsubNodes: 3, pubsubItems: 5, pubsubItem: 300, pubsubAccount: 2000, pubsubText: 50 };
  const long = 'n'.repeat(1_000_000);
  const refused: readonly [string, string, string][] = [
    ['a name of 1 MB', `<publish node='${long}'>${tune('x')}</publish>`, 'not-acceptable'],
    ['a new tuneNode with a name of 1 MB', `<create node='${long}'/>`, 'not-acceptable'],
    ['an id of 1 MB', `<publish node='urn:n'>${tune('x', long)}</publish>`, 'not-acceptable'],
    ['an item of 1 MB', `<publish node='urn:n'>${tune(long)}</publish>`, 'not-acceptable'],
    [
      'an item of two payloads',
      `<publish node='urn:n'><item><a xmlns='urn:a'/><b xmlns='urn:b'/></item></publish>`,
      'bad-request',
    ],
    ['two items', `<publish node='urn:n'>${tune('x')}${tune('y')}</publish>`, 'bad-request'],
    ['no node', `<publish>${tune('x')}</publish>`, 'bad-request'],
    [
      'a title of 1 MB',
      `<create node='urn:n'/><configure>${pubsubForm('node_config', { title: long })}</configure>`,
      'not-acceptable',
    ],
    [
      'a field that nobody knows',
      `<create node='urn:n'/><configure>${pubsubForm('node_config', { colour: 'red' })}</configure>`,
      'not-acceptable',
    ],
    [
      'a field of no form of nodes',
      `<create node='urn:n'/><configure><x xmlns='jabber:x:data'><field var='constructor'><value>1</value></field></x></configure>`,
      'not-acceptable',
    ],
    [
      'a bad access model',
      `<create node='urn:n'/><configure>${pubsubForm('node_config', { access_model: 'authorize' })}</configure>`,
      'not-acceptable',
    ],
    [
      'too many items to keep',
      `<create node='urn:n'/><configure>${pubsubForm('node_config', { max_items: '6' })}</configure>`,
      'not-acceptable',
    ],
    [
      'no items to keep',
      `<create node='urn:n'/><configure>${pubsubForm('node_config', { max_items: '0' })}</configure>`,
      'not-acceptable',
    ],
    [
      'a bad truth',
      `<create node='urn:n'/><configure>${pubsubForm('node_config', { persist_items: 'toString' })}</configure>`,
      'not-acceptable',
    ],
    [
      'a form of another kind',
      `<create node='urn:n'/><configure>${pubsubForm('publish-options', {})}</configure>`,
      'not-acceptable',
    ],
    [
      'preconditions that nobody knows',
      `<publish node='urn:n'>${tune('x')}</publish><publish-options>${pubsubForm('publish-options', { colour: 'red' })}</publish-options>`,
      'conflict',
    ],
  ];
  for (const [title, content, condition] of refused) {
    test(`refuses ${title}, and keeps nothing`, async () => {
      const world = new PepWorld({ bounds });
      const juliet = await present(world, 'juliet@example.com/balcony');
      const answer = await ask(juliet, pubsubIq('set', content));
      assert.equal(outcomeOf(answer), condition);
      assert.match(answer, /<text[^>]*>[^<]+</);
      assert.deepEqual(await world.stores.pubsub.nodes('juliet'), []);
    });
  }

  test('an account has so many nodes, and so many characters', async () => {
    const world = new PepWorld({ bounds });
    const juliet = await present(world, 'juliet@example.com/balcony');
    for (const name of ['1', '2', '3']) await ask(juliet, publication(name, tune('x'), { max_items: 'max' }));
    const more = await ask(juliet, publication('4', tune('x')));
    assert.match(more, /<conflict .*<max-nodes-exceeded/);
    assert.match(await ask(juliet, pubsubIq('set', `<create node='4'/>`)), /<max-nodes-exceeded/);
    const answers: string[] = [];
    for (let id = 0; id < 10; id++)
      answers.push(outcomeOf(await ask(juliet, publication('1', tune('x'.repeat(150), `${id}`)))));
    assert.ok(answers.includes('resource-constraint'), `${answers}`);
    assert.ok((await world.stores.pubsub.count('juliet', '1')) <= 5);
    const affiliations = Array.from(
      { length: 201 },
      (_, index) => `<affiliation jid='a${index}@example.com' affiliation='member'/>`,
    );
    const many = pubsubIq('set', `<affiliations node='1'>${affiliations.join('')}</affiliations>`, { owner: true });
    assert.equal(outcomeOf(await ask(juliet, many)), 'resource-constraint');
  });

  test('a client that wants to hear of everything is heard in part', async () => {
    const world = new PepWorld();
    const nodes = Array.from({ length: 500 }, (_, index) => `urn:${index}`);
    const juliet = await world.interested('juliet@example.com/balcony', ...nodes);
    await juliet.send(publication('urn:199', tune('in')));
    assert.equal(headlines(juliet).length, 1);
    await juliet.send(publication('urn:200', tune('out')));
    assert.equal(headlines(juliet).length, 0);
  });
});
