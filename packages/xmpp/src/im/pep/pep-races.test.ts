/** XEP-0163: stores that are slow or fail, and accounts that go meanwhile. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ask, present } from '../../testing/im-world.ts';
import {
  headlines,
  itemsIq,
  outcomeOf,
  PepWorld,
  publication,
  pubsubIq,
  titles,
  tune,
  tuneNode,
} from '../../testing/pep-world.ts';

const subscription = (jid: string) =>
  pubsubIq('set', `<subscribe node='${tuneNode}' jid='${jid}'/>`, { to: 'juliet@example.com' });

test('nodes of an account that is forgotten while it publishes stay what they were', async () => {
  const world = new PepWorld({ bounds: { pubsubCache: 1 } });
  const juliet = await present(world, 'juliet@example.com/balcony');
  const romeo = await present(world, 'romeo@example.com/orchard');
  await world.friends('juliet', 'romeo');
  await ask(juliet, publication('urn:private', tune('secret'), { access_model: 'whitelist' }));
  const { pubsub } = world.stores;
  const publish = pubsub.publish.bind(pubsub);
  const { promise, resolve } = Promise.withResolvers<void>();
  pubsub.publish = async (...values) => {
    await promise;
    return publish(...values);
  };
  const published = juliet.send(publication(tuneNode, tune('Air')));
  await world.settle();
  // One remembered account is as many as may be.
  await ask(romeo, itemsIq('romeo@example.com'));
  resolve();
  await published;
  assert.equal(outcomeOf(await ask(juliet, publication('urn:private', tune('more')))), 'result');
  const read = await ask(romeo, itemsIq('juliet@example.com', `<items node='urn:private'/>`));
  assert.equal(outcomeOf(read), 'not-allowed');
});

test('of an account that goes while it publishes nothing is remembered', async () => {
  const world = new PepWorld();
  const juliet = await present(world, 'juliet@example.com/balcony');
  const { pubsub } = world.stores;
  const putNode = pubsub.putNode.bind(pubsub);
  const { promise, resolve } = Promise.withResolvers<void>();
  pubsub.putNode = () => promise;
  const made = juliet.send(pubsubIq('set', `<create node='urn:old'/>`));
  await world.settle();
  world.pep.service.forget('juliet');
  resolve();
  await made;
  pubsub.putNode = putNode;
  assert.equal(outcomeOf(await ask(juliet, pubsubIq('set', `<create node='urn:old'/>`))), 'result');
});

test('what is kept is answered so, though somebody cannot be told of it', async () => {
  const world = new PepWorld();
  const juliet = await present(world, 'juliet@example.com/balcony');
  const romeo = await present(world, 'romeo@example.com/orchard');
  await ask(juliet, publication(tuneNode, tune('Air'), { access_model: 'open' }));
  const { server } = world;
  const route = server.route.bind(server);
  server.route = (stanza, from, to, client) =>
    stanza.element.attribute('type') === 'headline'
      ? Promise.reject(new Error('the disk is full'))
      : route(stanza, from, to, client);
  assert.equal(outcomeOf(await ask(romeo, subscription('romeo@example.com'))), 'result');
  assert.equal(outcomeOf(await ask(juliet, publication(tuneNode, tune('Gavotte')))), 'result');
  assert.equal(titles(await ask(juliet, itemsIq())), 'Gavotte');
});

test('one account has so many subscriptions to a node, and leaves room for others', async () => {
  const world = new PepWorld({ bounds: { pubsubSubscriptions: 2 } });
  const juliet = await present(world, 'juliet@example.com/balcony');
  const romeo = await present(world, 'romeo@example.com/orchard');
  const nurse = await present(world, 'nurse@example.com/house');
  await ask(juliet, publication(tuneNode, tune('Air'), { access_model: 'open' }));
  const answers: string[] = [];
  for (const resource of ['a', 'b', 'c'])
    answers.push(outcomeOf(await ask(romeo, subscription(`romeo@example.com/${resource}`))));
  assert.deepEqual(answers, ['result', 'result', 'policy-violation']);
  assert.equal(outcomeOf(await ask(nurse, subscription('nurse@example.com'))), 'result');
});

test('nodes of an account have so many characters, and subscribers take no more than half of them', async () => {
  const world = new PepWorld({ bounds: { pubsubNodeText: 1500 } });
  const juliet = await present(world, 'juliet@example.com/balcony');
  const romeo = await present(world, 'romeo@example.com/orchard');
  await ask(juliet, publication(tuneNode, tune('Air'), { access_model: 'open' }));
  const long = await ask(romeo, subscription(`romeo@example.com/${'r'.repeat(700)}`));
  assert.match(long, /policy-violation.*<too-many-subscriptions/);
  const members = (length: number) =>
    pubsubIq(
      'set',
      `<affiliations node='${tuneNode}'><affiliation jid='${'m'.repeat(length)}@example.com' affiliation='member'/></affiliations>`,
      { owner: true },
    );
  assert.equal(outcomeOf(await ask(juliet, members(900))), 'result');
  assert.match(await ask(juliet, members(901)), /resource-constraint.*1500 characters at most/);
  assert.match(await ask(juliet, pubsubIq('set', `<create node='${'n'.repeat(400)}'/>`)), /resource-constraint/);
});

test('who says again and again what it wants is shown the last items once at a time', async () => {
  const world = new PepWorld();
  await world.friends('juliet', 'romeo');
  const juliet = await present(world, 'juliet@example.com/balcony');
  await ask(juliet, publication(tuneNode, tune('Air')));
  const romeo = await world.interested('romeo@example.com/orchard', tuneNode);
  await world.show(romeo, []);
  const { pubsub } = world.stores;
  const items = pubsub.items.bind(pubsub);
  const { promise, resolve } = Promise.withResolvers<void>();
  let running = 0;
  let most = 0;
  pubsub.items = async (...values) => {
    most = Math.max(most, ++running);
    await promise;
    running--;
    return items(...values);
  };
  for (let turn = 0; turn < 10; turn++) {
    await world.show(romeo, [tuneNode]);
    await world.show(romeo, []);
  }
  await world.show(romeo, [tuneNode]);
  resolve();
  await world.settle();
  assert.equal(most, 1);
  assert.equal(titles(headlines(romeo)), 'Air Air');
});
