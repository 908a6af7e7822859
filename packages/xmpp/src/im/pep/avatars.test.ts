/** XEP-0084, XEP-0153 and XEP-0398: one avatar, whichever way it is set and asked for. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, test } from 'node:test';
import { saslCrypto } from '@yaolian/node-runtime';
import { ask, present, type RecordedSession, xmlOf } from '../../testing/im-world.ts';
import { headlines, itemsIq, outcomeOf, PepWorld, publication, pubsubIq } from '../../testing/pep-world.ts';
import { xml } from '../../xml/literal.ts';
import { VcardBook } from '../modules/vcard.ts';
import { avatarModules } from './avatars.ts';

const dataNode = 'urn:xmpp:avatar:data';
const metadataNode = 'urn:xmpp:avatar:metadata';

const picture = (text: string) => {
  const base64 = Buffer.from(text).toString('base64');
  return { base64, id: createHash('sha1').update(text).digest('hex'), bytes: Buffer.byteLength(text) };
};

const red = picture('a red picture');
const blue = picture('a blue picture');

function avatarWorld(bounds: { readonly vcard?: number; readonly pubsubItem?: number } = {}) {
  const world = new PepWorld({ bounds });
  world.server.use(...avatarModules(world.server, world.pep.service, new VcardBook(world.server), saslCrypto));
  return world;
}

const data = ({ base64, id }: typeof red) =>
  publication(dataNode, `<item id='${id}'><data xmlns='${dataNode}'>${base64}</data></item>`);

const metadata = (id: string, ...infos: readonly string[]) =>
  publication(metadataNode, `<item id='${id}'><metadata xmlns='${metadataNode}'>${infos.join('')}</metadata></item>`);

const info = ({ id, bytes }: typeof red) => `<info bytes='${bytes}' id='${id}' type='image/png'/>`;

async function publish(session: RecordedSession, shown: typeof red): Promise<void> {
  assert.equal(outcomeOf(await ask(session, data(shown))), 'result');
  assert.equal(outcomeOf(await ask(session, metadata(shown.id, info(shown)))), 'result');
}

const vcard = (content: string) => xmlOf(`<iq type='set' id='v'><vCard xmlns='vcard-temp'>${content}</vCard></iq>`);
const getVcard = (to: string) => xml`<iq type='get' id='v' to='${to}'><vCard xmlns='vcard-temp'/></iq>`;
const photoOf = (stanzas: readonly string[]) =>
  stanzas
    .filter((one) => one.startsWith('<presence'))
    .map((one) => /<x xmlns='vcard-temp:x:update'>(.*?)<\/x>/.exec(one)?.[1]);
const photo = (id: string) => `<photo>${id}</photo>`;

describe('XEP-0398: avatars and vCards', () => {
  test('what is published is the photo of the vCard, and presence tells of it', async () => {
    const world = avatarWorld();
    await world.friends('juliet', 'romeo');
    const romeo = await present(world, 'romeo@example.com/orchard');
    const juliet = await present(world, 'juliet@example.com/balcony');
    await ask(juliet, vcard('<FN>Juliet</FN>'));
    romeo.take();
    await publish(juliet, red);
    assert.deepEqual(photoOf(romeo.take()), [photo(red.id)]);
    const shown = await ask(romeo, getVcard('juliet@example.com'));
    assert.ok(
      shown.includes(`<FN>Juliet</FN><PHOTO><TYPE>image/png</TYPE><BINVAL>${red.base64}</BINVAL></PHOTO>`),
      shown,
    );
    await publish(juliet, red);
    assert.deepEqual(photoOf(romeo.take()), [], 'the same again');
    await publish(juliet, blue);
    assert.deepEqual(photoOf(romeo.take()), [photo(blue.id)]);
    const chamber = await world.bind('juliet@example.com/chamber');
    await chamber.send(xml`<presence/>`);
    assert.deepEqual(photoOf(romeo.take()), [photo(blue.id)]);
    await ask(juliet, metadata('none'));
    assert.deepEqual(photoOf(romeo.take()), ['<photo/>', '<photo/>']);
    assert.ok(!(await ask(romeo, getVcard('juliet@example.com'))).includes('PHOTO'));
    await publish(juliet, red);
    romeo.take();
    await ask(juliet, pubsubIq('set', `<delete node='${metadataNode}'/>`, { owner: true }));
    assert.deepEqual(photoOf(romeo.take()), [undefined, undefined]);
  });

  test('the photo of a vCard is published', async () => {
    const world = avatarWorld();
    await world.friends('juliet', 'romeo');
    const romeo = await world.interested('romeo@example.com/orchard', metadataNode);
    const juliet = await present(world, 'juliet@example.com/balcony');
    romeo.take();
    const broken = red.base64.replace(/(.{4})/g, '$1\n');
    assert.equal(
      outcomeOf(await ask(juliet, vcard(`<PHOTO><TYPE>image/jpeg</TYPE><BINVAL>${broken}</BINVAL></PHOTO>`))),
      'result',
    );
    const seen = romeo.take();
    const told = seen.find((one) => one.startsWith('<message'));
    assert.match(
      told!,
      new RegExp(`<item id='${red.id}'><metadata[^>]*><info bytes='${red.bytes}' id='${red.id}' type='image/jpeg'/>`),
    );
    assert.deepEqual(photoOf(seen), [photo(red.id)]);
    const stranger = await present(world, 'benvolio@example.com/x');
    const content = await ask(stranger, itemsIq('juliet@example.com', `<items node='${dataNode}'/>`));
    assert.ok(content.includes(`<data xmlns='${dataNode}'>${red.base64}</data>`), 'vCards are open to all');
    await ask(juliet, vcard(`<FN>J</FN><PHOTO><BINVAL>${red.base64}</BINVAL></PHOTO>`));
    assert.deepEqual(headlines(romeo), [], 'it is the same');
    await ask(juliet, vcard('<FN>J</FN>'));
    const gone = romeo.take();
    assert.match(gone.join(), /<metadata xmlns='urn:xmpp:avatar:metadata'\/>/);
    assert.deepEqual(photoOf(gone), ['<photo/>']);
    assert.match(await ask(juliet, getVcard('juliet@example.com')), /<FN>J<\/FN><\/vCard>/);
  });

  test('§4: presence is stamped, but not that of a client that shows no picture', async () => {
    const world = avatarWorld();
    await world.friends('juliet', 'romeo');
    const romeo = await present(world, 'romeo@example.com/orchard');
    const juliet = await present(world, 'juliet@example.com/balcony');
    const say = async (content: string, attributes = '') => {
      romeo.take();
      await juliet.send(xmlOf(`<presence${attributes}>${content}</presence>`));
      return photoOf(romeo.take());
    };
    const x = (content: string) => `<x xmlns='vcard-temp:x:update'>${content}</x>`;
    assert.deepEqual(await say(x(photo('their-own'))), [photo('their-own')], 'nothing is known');
    await publish(juliet, red);
    assert.deepEqual(await say(''), [photo(red.id)]);
    assert.deepEqual(await say(x('')), [photo(red.id)]);
    assert.deepEqual(await say(x(photo(blue.id))), [photo(red.id)]);
    assert.deepEqual(await say(x('<photo/>')), ['<photo/>']);
    assert.deepEqual(await say('', ` to='romeo@example.com/orchard'`), [photo(red.id)], 'directed presence too');
    assert.deepEqual(await say('', ` type='unavailable'`), [undefined]);
  });

  test('metadata that names what is not there, or is something else, or is elsewhere, changes nothing', async () => {
    const world = avatarWorld();
    const juliet = await present(world, 'juliet@example.com/balcony');
    await publish(juliet, red);
    const bad = [
      metadata(blue.id, info(blue)),
      publication(dataNode, `<item id='${blue.id}'><data xmlns='${dataNode}'>${red.base64}</data></item>`),
      metadata(blue.id, info(blue)),
      publication(dataNode, `<item id='${blue.id}'><data xmlns='${dataNode}'>!</data></item>`),
      metadata(blue.id, info(blue)),
    ];
    for (const one of bad) assert.equal(outcomeOf(await ask(juliet, one)), 'result');
    assert.ok((await ask(juliet, getVcard('juliet@example.com'))).includes(red.base64));
    await ask(juliet, data(blue));
    await ask(
      juliet,
      metadata(blue.id, `<info id='${red.id}' url='http://x/y' bytes='1' type='image/png'/>`, info(blue)),
    );
    assert.ok((await ask(juliet, getVcard('juliet@example.com'))).includes(blue.base64));
  });

  test('a picture that is too large for the one or the other stays where it was put', async () => {
    const world = avatarWorld({ vcard: 100, pubsubItem: 300 });
    const juliet = await present(world, 'juliet@example.com/balcony');
    const large = picture('x'.repeat(150));
    await publish(juliet, large);
    assert.ok(!(await ask(juliet, getVcard('juliet@example.com'))).includes('PHOTO'));
    const other = avatarWorld({ pubsubItem: 100 });
    const nurse = await present(other, 'nurse@example.com/x');
    assert.equal(outcomeOf(await ask(nurse, vcard(`<PHOTO><BINVAL>${large.base64}</BINVAL></PHOTO>`))), 'result');
    assert.ok((await ask(nurse, getVcard('nurse@example.com'))).includes('PHOTO'));
  });
});
