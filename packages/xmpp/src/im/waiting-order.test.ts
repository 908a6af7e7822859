/** RFC 6120 §10.1: what waited for an account comes before what is sent while it is given out. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { memoryImStores } from '../memory/memory-im-stores.ts';
import { available, ImWorld, type RecordedSession } from '../testing/im-world.ts';
import { xml } from '../xml/literal.ts';
import type { ImStores, OfflineStore } from './stores.ts';

const numbered = (id: number, to = 'juliet@example.com') =>
  xml`<message id='${id}' to='${to}' type='chat'><body>Hello</body></message>`;

const ids = (session: RecordedSession) =>
  session
    .take()
    .filter((stanza) => stanza.startsWith('<message'))
    .map((stanza) => Number(/ id='(\d+)'/.exec(stanza)?.[1]));

/** A store that answers when the test says so. */
class GatedOfflineStore implements OfflineStore {
  readonly #store = memoryImStores().offline;
  #gate = Promise.withResolvers<void>();

  constructor() {
    this.#gate.resolve();
  }

  close(): void {
    this.#gate = Promise.withResolvers();
  }

  open(): void {
    this.#gate.resolve();
  }

  async add(...message: Parameters<OfflineStore['add']>): Promise<boolean> {
    await this.#gate.promise;
    return this.#store.add(...message);
  }

  async messages(account: string, limit: number) {
    await this.#gate.promise;
    return this.#store.messages(account, limit);
  }

  async removeUntil(account: string, id: number): Promise<void> {
    await this.#gate.promise;
    await this.#store.removeUntil(account, id);
  }
}

async function gatedWorld() {
  const offline = new GatedOfflineStore();
  const stores: ImStores = { ...memoryImStores(), offline };
  const world = new ImWorld({ stores });
  const [romeo] = await available(world, 'romeo@example.com/orchard');
  return { world, offline, romeo: romeo! };
}

describe('RFC 6120 §10.1: what waited comes first', () => {
  test('a message that is sent while a session that just came is given what waited comes after it', async () => {
    const { world, offline, romeo } = await gatedWorld();
    for (const id of [1, 2]) await romeo.send(numbered(id));
    const balcony = await world.bind('juliet@example.com/balcony');
    offline.close();
    const coming = balcony.send(xml`<presence/>`);
    await world.settle();
    const later = [romeo.send(numbered(3)), romeo.send(numbered(4, 'juliet@example.com/balcony'))];
    await world.settle();
    assert.deepEqual(ids(balcony), []);
    offline.open();
    await Promise.all([coming, ...later]);
    await world.settle();
    assert.deepEqual(ids(balcony), [1, 2, 3, 4]);
    await romeo.send(numbered(5));
    assert.deepEqual(ids(balcony), [5]);
  });

  test('it does so where a second session comes meanwhile, and where the first one is cut', async () => {
    const { world, offline, romeo } = await gatedWorld();
    for (const id of [1, 2]) await romeo.send(numbered(id));
    const balcony = await world.bind('juliet@example.com/balcony');
    const chamber = await world.bind('juliet@example.com/chamber');
    offline.close();
    balcony.isOver = true;
    const coming = balcony.send(xml`<presence/>`);
    const third = romeo.send(numbered(3));
    const second = chamber.send(xml`<presence/>`);
    const fourth = romeo.send(numbered(4));
    offline.open();
    await Promise.all([coming, second, third, fourth]);
    await world.settle();
    assert.deepEqual(ids(chamber), [1, 2, 3, 4]);
  });

  test('what a session gives back waits before what is sent after it was cut', async () => {
    const { world, offline, romeo } = await gatedWorld();
    const [balcony] = await available(world, 'juliet@example.com/balcony');
    for (const id of [1, 2]) await romeo.send(numbered(id));
    offline.close();
    const cut = balcony!.cut();
    const third = romeo.send(numbered(3));
    offline.open();
    await Promise.all([cut, third]);
    await world.settle();
    const [again] = [await world.bind('juliet@example.com/again')];
    await again!.send(xml`<presence/>`);
    assert.deepEqual(ids(again!), [1, 2, 3]);
  });

  test('errors wait for nobody', async () => {
    const { world, offline, romeo } = await gatedWorld();
    await romeo.send(numbered(1));
    const balcony = await world.bind('juliet@example.com/balcony');
    offline.close();
    const coming = balcony.send(xml`<presence/>`);
    await world.settle();
    balcony.take();
    await romeo.send(numbered(9, 'juliet@example.com/balcony').with({ type: 'error' }));
    assert.deepEqual(ids(balcony), [9]);
    offline.open();
    await coming;
    await world.settle();
    assert.deepEqual(ids(balcony), [1]);
  });
});
