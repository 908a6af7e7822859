/** What modules decide beside answering iqs: who may write to whom, what contacts are, who answers for an account. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Stanza } from '../server/stanza.ts';
import { ImWorld } from '../testing/im-world.ts';
import { xml } from '../xml/literal.ts';
import type { ImModule } from './module.ts';
import { StanzaError } from './stanza-error.ts';

const later = <T>(value: T, turns: number): Promise<T> =>
  turns === 0 ? Promise.resolve(value) : new Promise((resolve) => setImmediate(() => resolve(later(value, turns - 1))));

async function couple(module: Omit<ImModule, 'name'>) {
  const world = new ImWorld();
  world.server.use({ name: 'test', ...module });
  const juliet = await world.bind('juliet@example.com/balcony');
  const romeo = await world.bind('romeo@example.com/orchard');
  for (const session of [juliet, romeo]) await session.send(xml`<presence/>`);
  for (const session of [juliet, romeo]) session.take();
  return { world, juliet, romeo };
}

describe('who may write to whom', () => {
  test('is asked for messages, iqs and directed presence of sessions, not for subscriptions, the server and oneself', async () => {
    const asked: string[] = [];
    const { world, juliet, romeo } = await couple({
      admits: (from, to, { name }) => {
        asked.push(`${name} ${from} ${to}`);
        return new StanzaError('forbidden');
      },
    });
    await juliet.send(xml`<message to='romeo@example.com' type='chat' id='1'><body>Hi</body></message>`);
    await juliet.send(xml`<iq to='romeo@example.com/orchard' type='get' id='2'><q xmlns='urn:q'/></iq>`);
    await juliet.send(xml`<presence to='romeo@example.com'/>`);
    const refused = juliet.take();
    assert.equal(refused.length, 3);
    for (const one of refused) assert.match(one, /<error type='auth'><forbidden/);
    assert.deepEqual(romeo.take(), []);
    assert.deepEqual(asked.splice(0), [
      'message juliet@example.com/balcony romeo@example.com',
      'iq juliet@example.com/balcony romeo@example.com/orchard',
      'presence juliet@example.com/balcony romeo@example.com',
    ]);
    await juliet.send(xml`<presence to='romeo@example.com' type='subscribe'/>`);
    await juliet.send(xml`<iq to='example.com' type='get' id='3'><query xmlns='urn:none'/></iq>`);
    await juliet.send(xml`<message to='juliet@example.com' type='chat'><body>Note</body></message>`);
    await world.server.send(
      xml`<message from='example.com' to='romeo@example.com' type='chat'><body>x</body></message>`,
    );
    assert.deepEqual(asked, []);
    assert.equal(romeo.take().length, 2);
  });

  test('may take its time: messages keep their order all the same', async () => {
    let turns = 4;
    const { juliet, romeo } = await couple({ admits: () => (turns > 0 ? later(undefined, turns--) : undefined) });
    const texts = ['1', '2', '3', '4', '5', '6'];
    await Promise.all(
      texts.map((id) =>
        juliet.send(xml`<message id='${id}' to='romeo@example.com' type='chat'><body>x</body></message>`),
      ),
    );
    assert.deepEqual(
      romeo.take().map((one) => / id='(\d)'/.exec(one)?.[1]),
      texts,
    );
  });
});

const stanzaOf = (id: number) =>
  new Stanza(
    xml`<iq from='juliet@example.com/balcony' to='romeo@example.com' type='get' id='${String(id)}'><q xmlns='urn:q'/></iq>`,
  );

describe('a session answers for its account', () => {
  const passOn = {
    handlers: [
      {
        types: ['get', 'set'] as const,
        targets: ['other'] as const,
        handle: () => world?.server.clients.of('romeo')[0] ?? new StanzaError('recipient-unavailable'),
      },
    ],
  };
  let world: ImWorld | undefined;

  test('where no other handler does, and its answer comes from the account, once', async () => {
    const both = await couple(passOn);
    const { juliet, romeo } = both;
    world = both.world;
    await juliet.send(xml`<iq to='romeo@example.com' type='get' id='1'><q xmlns='urn:q'/></iq>`);
    assert.deepEqual(romeo.take(), [
      `<iq to='romeo@example.com' type='get' id='1' from='juliet@example.com/balcony'><q xmlns='urn:q'/></iq>`,
    ]);
    const answer = xml`<iq to='juliet@example.com/balcony' type='result' id='1'/>`;
    await romeo.send(answer);
    await romeo.send(answer);
    const from = juliet.take().map((one) => / from='([^']+)'/.exec(one)?.[1]);
    assert.deepEqual(from, ['romeo@example.com', 'romeo@example.com/orchard']);
  });

  test('and who asked is told when it went without an answer', async () => {
    const both = await couple(passOn);
    world = both.world;
    await both.juliet.send(xml`<iq to='romeo@example.com' type='get' id='1'><q xmlns='urn:q'/></iq>`);
    await both.romeo.leave();
    assert.ok(both.juliet.take().some((one) => /id='1'.*recipient-unavailable/.test(one)));
  });

  test('within a bound', async () => {
    const both = await couple(passOn);
    world = both.world;
    for (let id = 0; id < 1001; id++) {
      await both.world.server.onStanza(both.juliet, stanzaOf(id));
    }
    await both.world.settle();
    assert.equal(both.romeo.take().length, 1000);
    assert.match(both.juliet.take().at(-1)!, /id='1000'.*resource-constraint/);
  });
});

describe('a request whose answer takes long', () => {
  /** Answers to `romeo` come when they are let; `say` is what was asked in the order in which it came. */
  const slow = () => {
    const asked: string[] = [];
    const waiting: (() => void)[] = [];
    const handlers = [
      {
        types: ['get'] as const,
        targets: ['other'] as const,
        isSlow: true,
        handle: async ({ payload }: { readonly payload: { attribute(name: string): string | undefined } }) => {
          asked.push(payload.attribute('n') ?? '');
          await new Promise<void>((resolve) => waiting.push(resolve));
          if (payload.attribute('n') === 'bad') throw new Error('broken');
          return undefined;
        },
      },
    ];
    return { handlers, asked, waiting };
  };
  const ask = (n: string, to = 'romeo@example.com') =>
    xml`<iq from='juliet@example.com/balcony' to='${to}' type='get' id='${n}'><q xmlns='urn:q' n='${n}'/></iq>`;

  test('holds up nothing that goes to others; requests to one account keep their order', async () => {
    const { handlers, asked, waiting } = slow();
    const { juliet, world } = await couple({ handlers });
    await juliet.send(ask('1'));
    await juliet.send(ask('2'));
    await juliet.send(xml`<iq type='get' id='own'><query xmlns='jabber:iq:roster'/></iq>`);
    assert.match(juliet.take().join(), /id='own'/);
    assert.deepEqual(asked, ['1']);
    waiting.shift()!();
    await world.settle();
    assert.match(juliet.take().join(), /id='1'/);
    assert.deepEqual(asked, ['1', '2']);
  });

  test('that fails is answered, and one too many is refused', async () => {
    const { handlers, waiting } = slow();
    const { juliet, world } = await couple({ handlers });
    await juliet.send(ask('bad'));
    waiting.shift()!();
    await world.settle();
    assert.match(juliet.take().join(), /id='bad'.*internal-server-error/);
    for (let turn = 0; turn <= 64; turn++) await juliet.send(ask(String(turn)));
    assert.match(juliet.take().join(), /id='64'.*resource-constraint/);
  });
});

test('contacts of accounts of the domain are decided by who keeps them; others by RFC 6121', async () => {
  const told: string[] = [];
  const { juliet, romeo } = await couple({
    contacts: {
      subscribe: async (account, contact, type) => {
        told.push(`${account} ${type} ${contact}`);
        return type === 'subscribed' ? new StanzaError('not-allowed') : undefined;
      },
      rename: async (account, contact, name) => {
        told.push(`${account} calls ${contact} ${name}`);
        return `${contact}` === 'romeo@example.com';
      },
      remove: async (account, contact) => {
        told.push(`${account} removes ${contact}`);
        return true;
      },
    },
  });
  const set = (jid: string, name?: string, subscription?: string) =>
    juliet.send(
      xml`<iq type='set' id='1'><query xmlns='jabber:iq:roster'><item jid='${jid}' name='${name ?? ''}' subscription='${subscription ?? 'none'}'/></query></iq>`,
    );
  await juliet.send(xml`<presence to='romeo@example.com' type='subscribe'/>`);
  assert.deepEqual([romeo.take(), juliet.take()], [[], []]);
  await juliet.send(xml`<presence to='romeo@example.com' type='subscribed' id='7'/>`);
  assert.match(juliet.take()[0]!, /type='error'.*not-allowed/);
  await set('romeo@example.com', 'Romeo');
  await set('romeo@example.com', '', 'remove');
  await set('friend@elsewhere.example', 'Friend');
  assert.deepEqual(told, [
    'juliet subscribe romeo@example.com',
    'juliet subscribed romeo@example.com',
    'juliet calls romeo@example.com Romeo',
    'juliet removes romeo@example.com',
  ]);
  await juliet.send(xml`<iq type='get' id='2'><query xmlns='jabber:iq:roster'/></iq>`);
  const roster = juliet.take().at(-1)!;
  assert.match(roster, /friend@elsewhere\.example/);
  assert.doesNotMatch(roster, /romeo/);
});
