import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seconds } from '@yaolian/kernel';
import { encodeBootstrapFile, type ObjectNode, objectInstance, singleResource } from '../../index.ts';
import type { ClientRecord } from '../client-memory.ts';
import type { Lwm2mClientOptions } from '../client-options.ts';
import { brief, type ScriptedServer, TerminalWorld } from '../testing/scripted-server.ts';

// Bootstrap from Smartcard: OMA-TS-LightweightM2M_Core 1.1 §6.1.3.2, §6.1.4 and appendix G.

type Resources = Parameters<typeof objectInstance>[1];

const object = (id: number, resources: Resources): ObjectNode => ({
  kind: 'object',
  id,
  instances: new Map([[7, objectInstance(7, resources)]]),
});

/** What an issuer put on a card: one server. */
function card(uri: string, { lifetime = 300, bootstrap = false } = {}): Uint8Array {
  const security = object(0, [
    singleResource(0, 'string', uri),
    singleResource(1, 'boolean', bootstrap),
    singleResource(2, 'integer', 3),
    ...(bootstrap ? [] : [singleResource(10, 'integer', 101)]),
  ]);
  const server = object(1, [
    singleResource(0, 'integer', 101),
    singleResource(1, 'integer', lifetime),
    singleResource(6, 'boolean', false),
    singleResource(7, 'string', 'U'),
  ]);
  const file = encodeBootstrapFile(
    (bootstrap ? [security] : [security, server]).map((node) => ({ version: undefined, node })),
  );
  assert.ok(file.ok);
  return file.value;
}

class CardSlot {
  content: Uint8Array | undefined;
  broken = false;
  reads = 0;

  constructor(content?: Uint8Array) {
    this.content = content;
  }

  async read(): Promise<Uint8Array | undefined> {
    this.reads++;
    if (this.broken) throw new Error('the reader does not answer');
    return this.content;
  }
}

const other = 'coap://192.0.2.2';

class CardWorld {
  readonly world = new TerminalWorld();
  readonly second: ScriptedServer = this.world.addServer('192.0.2.2');

  client(smartcard: CardSlot, options: Partial<Lwm2mClientOptions> = {}) {
    const client = this.world.client({ servers: [], smartcard, ...options });
    client.start();
    return client;
  }

  outcomes(): unknown[] {
    return this.world.events
      .filter(({ type }) => type === 'smartcard')
      .map((event) => 'outcome' in event && event.outcome);
  }

  async close(): Promise<void> {
    await this.second.endpoint.close();
    assert.equal(await this.world.close(), 0);
  }
}

test('LightweightM2M-1.1-int-3 Simple Bootstrap from Smartcard', async () => {
  const cards = new CardWorld();
  const { world, second } = cards;
  // 1. The terminal has nothing but its card, with objects 0 and 1 on it.
  const client = cards.client(new CardSlot(card(TerminalWorld.uri)));
  // 2. It registers with the server of the card, with that lifetime and binding.
  await world.pass(1);
  assert.deepEqual(world.server.takeAsked(), ['POST /rd?ep=terminal&lt=300&lwm2m=1.1&b=U']);
  assert.deepEqual([client.state, client.registrations[0]!.server.shortServerId], ['registered', 101]);
  assert.deepEqual([cards.outcomes(), second.asked], [['applied'], []]);
  // 3. It is managed by it.
  assert.equal(brief(await world.get('/1/7/1', 0)), '2.05 300');
  await cards.close();
});

test('what is on the card comes before the servers and the Bootstrap-Server of the factory', async () => {
  const cards = new CardWorld();
  const { world, second } = cards;
  cards.client(new CardSlot(card(other)), {
    servers: [{ uri: TerminalWorld.uri }],
    bootstrap: { uri: TerminalWorld.uri },
  });
  await world.pass(1);
  assert.deepEqual([world.server.asked, second.asked.length], [[], 1]);
  await cards.close();
});

test('without a card, or with one that says nothing, the terminal goes by what the factory knows', async () => {
  const cards = new CardWorld();
  const { world } = cards;
  cards.client(new CardSlot(), { servers: [{ uri: TerminalWorld.uri, lifetime: seconds(300) }] });
  await world.pass(1);
  assert.deepEqual([world.server.asked.length, cards.outcomes()], [1, []]);
  await cards.close();
});

test('a card that makes no sense is refused, and the factory’s servers stay', async () => {
  for (const content of [Uint8Array.of(1, 2, 3), card('http://nowhere')]) {
    const cards = new CardWorld();
    cards.client(new CardSlot(content), { servers: [{ uri: TerminalWorld.uri, lifetime: seconds(300) }] });
    await cards.world.pass(1);
    assert.deepEqual([cards.world.server.asked.length, cards.outcomes()], [1, ['refused']]);
    await cards.close();
  }
});

test('a card that names a Bootstrap-Server alone has the terminal ask it', async () => {
  const cards = new CardWorld();
  cards.client(new CardSlot(card(other, { bootstrap: true })));
  await cards.world.pass(1);
  assert.deepEqual(cards.second.asked, ['POST /bs?ep=terminal&pct=11542']);
  await cards.close();
});

test('the card is looked at before each Update: another one brings its server, and the old one is told', async () => {
  const cards = new CardWorld();
  const { world, second } = cards;
  const slot = new CardSlot(card(TerminalWorld.uri));
  const client = cards.client(slot);
  await world.pass(210);
  assert.deepEqual(world.server.takeAsked(), ['POST /rd?ep=terminal&lt=300&lwm2m=1.1&b=U', 'POST /rd/1']);
  slot.content = card(other);
  await world.pass(210);
  assert.deepEqual([world.server.takeAsked(), second.asked.length], [['DELETE /rd/1'], 1]);
  assert.equal(client.registrations[0]!.server.uri, other);
  assert.deepEqual(cards.outcomes(), ['applied', 'applied']);
  await cards.close();
});

test('a card that is taken out takes its server with it; put back, it brings it again', async () => {
  const cards = new CardWorld();
  const { world } = cards;
  const slot = new CardSlot(card(TerminalWorld.uri));
  const client = cards.client(slot);
  await world.pass(1);
  slot.content = undefined;
  await world.time.until(client.checkSmartcard(), seconds(60));
  assert.deepEqual([client.registrations, client.instance(0, 7), client.state], [[], undefined, 'waiting']);
  assert.equal(world.server.takeAsked().at(-1), 'DELETE /rd/1');
  slot.content = card(TerminalWorld.uri);
  await world.time.until(client.checkSmartcard(), seconds(60));
  await world.pass(1);
  assert.equal(client.state, 'registered');
  assert.deepEqual(cards.outcomes(), ['applied', 'removed', 'applied']);
  await cards.close();
});

test('a reader that does not answer changes nothing', async () => {
  const cards = new CardWorld();
  const { world } = cards;
  const slot = new CardSlot(card(TerminalWorld.uri));
  const client = cards.client(slot);
  await world.pass(1);
  slot.broken = true;
  await world.time.until(client.checkSmartcard(), seconds(60));
  await world.pass(210);
  assert.deepEqual([client.state, world.server.asked.at(-1)], ['registered', 'POST /rd/1']);
  await cards.close();
});

test('over a restart what a server changed stays with the same card, and goes with another', async () => {
  const records: ClientRecord[] = [];
  const memory = { load: () => records.at(-1), save: (record: ClientRecord) => void records.push(record) };
  const cards = new CardWorld();
  const { world, second } = cards;
  const slot = new CardSlot(card(TerminalWorld.uri));
  cards.client(slot, { memory });
  await world.pass(1);
  await world.put('/1/7/1', '600');
  await world.pass(1);
  await world.end();
  await world.pass(300); // the terminal's message ids begin anew, and servers know them for that long
  world.server.takeAsked();
  const again = cards.client(slot, { memory });
  await world.pass(1);
  assert.deepEqual(world.server.takeAsked(), ['POST /rd?ep=terminal&lt=600&lwm2m=1.1&b=U']);
  assert.deepEqual(cards.outcomes(), ['applied']);
  await world.time.until(again.close({ deregister: false }), seconds(60));
  await world.transport.close();
  slot.content = card(other, { lifetime: 900 });
  cards.client(slot, { memory });
  await world.pass(1);
  assert.deepEqual(second.takeAsked(), ['POST /rd?ep=terminal&lt=900&lwm2m=1.1&b=U']);
  await cards.close();
});
