import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { minutes } from '@yaolian/kernel';
import { ask, ImWorld, present, type RecordedSession, xmlOf } from '../../testing/im-world.ts';
import { element, type XmlElement } from '../../xml/element.ts';
import { xml } from '../../xml/literal.ts';
import { archiveModule } from './archive.ts';

describe('XEP-0313: archive', () => {
  async function archived(count: number) {
    const world = new ImWorld({ archives: true, bounds: { archivePage: 2 } });
    world.server.use(archiveModule(world.server));
    const romeo = await present(world, 'romeo@example.com/orchard');
    const juliet = await present(world, 'juliet@example.com/balcony');
    for (let body = 1; body <= count; body++) {
      await romeo.send(xml`<message to='juliet@example.com' type='chat'><body>${body}</body></message>`);
      await world.time.advance(minutes(1));
    }
    return { world, romeo, juliet };
  }

  async function query(session: RecordedSession, content: XmlElement | undefined) {
    session.take();
    await session.send(xml`<iq type='set' id='q'><query xmlns='urn:xmpp:mam:2' queryid='f'>${content}</query></iq>`);
    const stanzas = session.take();
    return {
      bodies: stanzas
        .filter((stanza) => stanza.startsWith('<message'))
        .map((one) => /<body>(\d+)<\/body>/.exec(one)![1]),
      fin: stanzas.at(-1)!,
      first: stanzas[0]!,
    };
  }

  const set = (content: XmlElement) => xml`<set xmlns='http://jabber.org/protocol/rsm'>${content}</set>`;

  test('both sides page through what was said', async () => {
    const { juliet, romeo } = await archived(3);
    const stamped = juliet.take();
    assert.match(stamped[0]!, /<stanza-id xmlns='urn:xmpp:sid:0' by='juliet@example.com' id='[^']+'\/><\/message>$/);
    const first = await query(juliet, undefined);
    assert.deepEqual(first.bodies, ['1', '2']);
    assert.match(
      first.first,
      /<result xmlns='urn:xmpp:mam:2' queryid='f' id='[^']+'><forwarded xmlns='urn:xmpp:forward:0'><delay xmlns='urn:xmpp:delay' stamp='2026-01-01T00:00:00.000Z'\/>/,
    );
    assert.ok(!first.fin.includes('complete'));
    const last = /<last>([^<]+)</.exec(first.fin)![1]!;
    const second = await query(juliet, set(xml`<after xmlns='http://jabber.org/protocol/rsm'>${last}</after>`));
    assert.deepEqual(second.bodies, ['3']);
    assert.match(second.fin, /complete='true'/);
    const newest = await query(romeo, set(xml`<before xmlns='http://jabber.org/protocol/rsm'/>`));
    assert.deepEqual(newest.bodies, ['2', '3']);
  });

  const form = (name: string, value: string) =>
    xml`<x xmlns='jabber:x:data' type='submit'><field var='${name}'><value>${value}</value></field></x>`;

  test('by contact and time', async () => {
    const { juliet } = await archived(3);
    assert.deepEqual((await query(juliet, form('with', 'nurse@example.com'))).bodies, []);
    assert.deepEqual((await query(juliet, form('with', 'romeo@example.com'))).bodies, ['1', '2']);
    assert.deepEqual((await query(juliet, form('start', '2026-01-01T00:01:30Z'))).bodies, ['3']);
    assert.deepEqual((await query(juliet, form('end', '2026-01-01T00:00:30Z'))).bodies, ['1']);
  });

  test('§4.1.1: by one resource of a contact, over all pages and in both directions', async () => {
    const { world, juliet, romeo } = await archived(0);
    const garden = await present(world, 'romeo@example.com/garden');
    for (const [sender, body] of [
      [romeo, 1],
      [garden, 2],
      [romeo, 3],
      [romeo, 4],
      [garden, 5],
    ] as const) {
      await sender.send(xml`<message to='juliet@example.com' type='chat'><body>${body}</body></message>`);
    }
    await juliet.send(xml`<message to='romeo@example.com/garden' type='chat'><body>6</body></message>`);
    const from = async (jid: string, ...rest: readonly string[]) => {
      juliet.take();
      const set = xmlOf(`<set xmlns='http://jabber.org/protocol/rsm'>${rest.join('')}</set>`);
      const payload = element('query', 'urn:xmpp:mam:2', {}, form('with', jid), set);
      await juliet.send(xml`<iq type='set' id='q'>${payload}</iq>`);
      const stanzas = juliet.take();
      const bodies = stanzas.filter((one) => one.startsWith('<message')).map((one) => /<body>(\d+)</.exec(one)![1]);
      const fin = stanzas.at(-1)!;
      return { seen: `${bodies.join('')}${fin.includes("complete='true'") ? ' all' : ''}`, fin };
    };
    assert.equal((await from('romeo@example.com')).seen, '12');
    const first = await from('romeo@example.com/garden');
    assert.equal(first.seen, '25');
    const last = /<last>([^<]+)</.exec(first.fin)![1]!;
    assert.equal((await from('romeo@example.com/garden', `<after>${last}</after>`)).seen, '6 all');
    assert.equal((await from('romeo@example.com/garden', '<before/>')).seen, '56');
    assert.equal((await from('romeo@example.com/garden', '<before/>', '<max>1</max>')).seen, '6');
    assert.equal((await from('romeo@example.com/garden', '<max>0</max>')).seen, '');
    assert.equal((await from('romeo@example.com/orchard', `<after>${last}</after>`)).seen, ' all');
    assert.equal((await from('romeo@example.com/nowhere')).seen, ' all');
  });

  test('refuses what it does not understand', async () => {
    const { juliet } = await archived(1);
    const index = set(xml`<index xmlns='http://jabber.org/protocol/rsm'>1</index>`);
    assert.match((await query(juliet, index)).fin, /feature-not-implemented/);
    assert.match((await query(juliet, form('start', 'yesterday'))).fin, /bad-request/);
    assert.match((await query(juliet, form('text', 'x'))).fin, /feature-not-implemented/);
    const after = set(xml`<after xmlns='http://jabber.org/protocol/rsm'>none</after>`);
    assert.match((await query(juliet, after)).fin, /item-not-found/);
    const max = set(xml`<max xmlns='http://jabber.org/protocol/rsm'>-1</max>`);
    assert.match((await query(juliet, max)).fin, /bad-request/);
  });

  test('#extended: between ids, by ids, newest first, and from when to when it goes', async () => {
    const { juliet, world } = await archived(5);
    const ids = (await world.stores.archive.page('juliet', { limit: 9 })).messages.map(({ id }) => id);
    const rsm = (text: string) => xmlOf(`<set xmlns='http://jabber.org/protocol/rsm'>${text}</set>`);
    const field = (name: string, ...values: readonly string[]) =>
      `<field var='${name}'>${values.map((value) => `<value>${value}</value>`).join('')}</field>`;
    const between = (...fields: readonly string[]) =>
      xmlOf(`<x xmlns='jabber:x:data' type='submit'>${fields.join('')}</x>`);
    const asked = async (...content: readonly XmlElement[]) => {
      juliet.take();
      const payload = element('query', 'urn:xmpp:mam:2', { queryid: 'f' }, ...content);
      await juliet.send(xml`<iq type='set' id='q'>${payload}</iq>`);
      const stanzas = juliet.take();
      const bodies = stanzas.filter((one) => one.startsWith('<message')).map((one) => /<body>(\d+)</.exec(one)![1]);
      return { bodies: bodies.join(''), fin: stanzas.at(-1)! };
    };
    const [, second, third, fourth, fifth] = ids as [string, string, string, string, string];
    assert.equal((await asked(between(field('after-id', second)))).bodies, '34');
    const inside = between(field('after-id', second), field('before-id', fifth));
    const last = await asked(inside, rsm('<before/>'));
    assert.deepEqual([last.bodies, last.fin.includes("complete='true'")], ['34', true]);
    const first = await asked(inside, rsm('<max>1</max>'));
    assert.deepEqual([first.bodies, first.fin.includes("complete='true'")], ['3', false]);
    assert.equal((await asked(inside, rsm(`<max>2</max><after>${third}</after>`))).bodies, '4');
    assert.equal((await asked(inside, rsm(`<max>1</max><before>${fifth}</before>`))).bodies, '4');
    assert.equal((await asked(between(field('ids', fourth, second, second)))).bodies, '24');
    const gone = await asked(between(field('ids', second, 'none')));
    assert.deepEqual([gone.bodies, /item-not-found/.test(gone.fin)], ['', true]);
    assert.match((await asked(between(field('ids', ...ids)))).fin, /bad-request/);
    assert.match((await asked(between(field('after-id', 'none')))).fin, /item-not-found/);
    const flip = xml`<flip-page xmlns='urn:xmpp:mam:2'/>`;
    const flipped = await asked(flip);
    assert.equal(flipped.bodies, '21');
    assert.match(flipped.fin, new RegExp(`<first index='0'>${ids[0]}</first><last>${second}</last><count>5</count>`));
    const count = await asked(rsm('<max>0</max>'));
    assert.deepEqual([count.bodies, count.fin.includes("complete='true'")], ['', false]);
    const metadata = await ask(juliet, xml`<iq type='get' id='m'><metadata xmlns='urn:xmpp:mam:2'/></iq>`);
    assert.ok(metadata.includes(`<start id='${ids[0]}' timestamp='2026-01-01T00:00:00.000Z'/>`), metadata);
    assert.ok(metadata.includes(`<end id='${fifth}' timestamp='2026-01-01T00:04:00.000Z'/>`), metadata);
  });

  test('XEP-0059: tells how many there are and where a page stands, where that is cheap to know', async () => {
    const { juliet, world } = await archived(5);
    await juliet.send(xml`<message to='nurse@example.com' type='chat'><body>6</body></message>`);
    const ids = (await world.stores.archive.page('juliet', { limit: 9 })).messages.map(({ id }) => id);
    const rsm = (text: string) => xmlOf(`<set xmlns='http://jabber.org/protocol/rsm'>${text}</set>`);
    const place = async (...content: readonly XmlElement[]) => {
      juliet.take();
      await juliet.send(xml`<iq type='set' id='q'>${element('query', 'urn:xmpp:mam:2', {}, ...content)}</iq>`);
      const fin = juliet.take().at(-1)!;
      return [/<first index='(\d+)'>/.exec(fin)?.[1], /<count>(\d+)</.exec(fin)?.[1]].map(
        (text) => text && Number(text),
      );
    };
    assert.deepEqual(await place(), [0, 6]);
    assert.deepEqual(await place(rsm(`<after>${ids[1]}</after>`)), [2, 6]);
    assert.deepEqual(await place(rsm('<before/>')), [4, 6]);
    assert.deepEqual(await place(rsm('<max>0</max>')), [undefined, 6]);
    assert.deepEqual(await place(form('with', 'romeo@example.com'), rsm('<before/>')), [3, 5]);
    assert.deepEqual(await place(form('with', 'nurse@example.com')), [0, 1]);
    assert.deepEqual(await place(form('with', 'nobody@example.com')), [undefined, 0]);
    assert.deepEqual(await place(form('after-id', ids[0]!)), [0, 5]);
    assert.deepEqual(await place(form('before-id', ids[4]!), rsm(`<after>${ids[0]}</after>`)), [1, 4]);
    assert.deepEqual(await place(form('ids', ids[3]!)), [0, 1]);
    assert.deepEqual(await place(form('end', '2026-01-01T00:02:30Z')), [undefined, undefined]);
    assert.deepEqual(await place(form('with', 'romeo@example.com/orchard')), [undefined, undefined]);
  });

  test('keeps no more than it was asked to, and believes no forged ids', async () => {
    const { world, romeo, juliet } = await archived(0);
    await romeo.send(
      xml`<message to='juliet@example.com' type='chat'><body>9</body><no-store xmlns='urn:xmpp:hints'/><stanza-id xmlns='urn:xmpp:sid:0' by='juliet@example.com' id='forged'/></message>`,
    );
    assert.ok(!juliet.take().join().includes('forged'));
    assert.deepEqual((await world.stores.archive.page('juliet', { limit: 9 })).messages, []);
  });

  test('of others is not read', async () => {
    const { romeo } = await archived(1);
    const iq = xml`<iq type='set' id='q' to='juliet@example.com'><query xmlns='urn:xmpp:mam:2'/></iq>`;
    assert.match(await ask(romeo, iq), /service-unavailable/);
    const fields = await ask(romeo, xml`<iq type='get' id='q'><query xmlns='urn:xmpp:mam:2'/></iq>`);
    assert.match(fields, /var='start'/);
    assert.match(fields, /var='ids' type='list-multi'><validate xmlns='[^']+' datatype='xs:string'><open\/>/);
  });
});
