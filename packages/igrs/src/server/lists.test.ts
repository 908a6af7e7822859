/** Lists longer than a client takes in one stanza: all of them arrive, in answers that it takes. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { element, encodeXml, Jid, XmlElement, type XmppClient } from '@yaolian/xmpp';
import { Home } from '../client/home.ts';
import { faultOfRaMessage } from '../schema/index.ts';
import { faultIn } from '../schema/schema.ts';
import { type VendorNamespace, vendorNamespaces } from '../vendor/namespaces.ts';
import { vendorSchemas } from '../vendor/schemas.ts';
import { answerVendor } from '../vendor/vendor-requests.ts';
import { answerBytes, type RaAnswer } from '../wire/answer.ts';
import { answerBinding } from './binding-requests.ts';
import { answerDeviceSearch } from './device-search.ts';
import { answerBookmark, answerFriend, answerLink } from './friend-requests.ts';
import { answerPermission } from './permission-requests.ts';
import type { RaRequest, RaServices } from './request.ts';

const domain = 'home.example';
// As long as names may be, of what is longest when it is escaped.
const name = '"'.repeat(128);
const groups = Array.from({ length: 16 }, () => name);
const names = Array.from({ length: 1000 }, (_, index) => `${index}`.padStart(60, '0'));
const addresses = names.map((one) => `${one}@${domain}`);

type Answer = (services: RaServices, request: RaRequest) => Promise<RaAnswer>;

/** The user ann, whose requests are answered so; `answers` are what she got. */
function askingWith(answerTo: Answer, services: unknown) {
  const answers: XmlElement[] = [];
  const request = async (type: 'get' | 'set', _to: string, payload: XmlElement) => {
    assert.equal(faultOfRaMessage(payload), undefined);
    const given = await answerTo(
      { ...(services as RaServices), domain },
      {
        ...{ account: 'ann', kind: 'user', resource: undefined, type, payload },
      },
    );
    assert.ok(given.ok);
    assert.equal(faultOfRaMessage(given.payload!), undefined);
    answers.push(given.payload!);
    return { kind: 'result', payload: given.payload };
  };
  const client = { jid: Jid.parse(`ann@${domain}/phone`)!, request } as unknown as XmppClient;
  return { home: new Home(client), answers };
}

function requireBounded(answers: readonly XmlElement[]): void {
  const sizes = answers.map((one) => encodeXml(one).length);
  assert.ok(sizes.length > 1 && sizes.every((size) => size <= answerBytes), `answers of ${sizes.join(', ')} bytes`);
}

test('a thousand friends with the longest names and groups all arrive, and each answer is one that clients take', async () => {
  const all = names.map((other) => ({ user: 'ann', other, state: 'friends', name, groups }));
  const { home, answers } = askingWith(answerFriend, { friends: { of: async () => all } });
  assert.deepEqual(
    (await home.friends()).map(({ user }) => user),
    addresses,
  );
  requireBounded(answers);
});

test('a friend that goes while the list is asked for hides no other', async () => {
  let all = names.map((other) => ({ user: 'ann', other, state: 'friends', name, groups }));
  const { home, answers } = askingWith(
    async (services, request) => {
      const given = await answerFriend(services, request);
      // The one that the first answer ended with, which the next begins after.
      if (given.ok && answers.length === 0) all = all.filter(({ other }) => other !== given.payload!.attribute('next'));
      return given;
    },
    { friends: { of: async () => all } },
  );
  assert.deepEqual(
    (await home.friends()).map(({ user }) => user),
    addresses,
  );
  assert.equal(all.length, names.length - 1);
});

test('so do the links of a device, its permissions and its owners', async () => {
  const owner = { user: 'ann', device: 'lamp', state: 'active', name, groups, since: 0 };
  const owners = [owner, ...names.map((user) => ({ ...owner, user }))];
  const ownersOf = async () => owners;
  const bindings = { ownersOf };
  const links = names.map((other) => ({ device: 'lamp', other, madeBy: 'ann' }));
  const linked = askingWith(answerLink, { bindings, links: { of: async () => links } });
  const lamp = `lamp@${domain}`;
  assert.deepEqual(
    (await linked.home.links(lamp)).map(({ device }) => device),
    addresses,
  );
  requireBounded(linked.answers);
  const grants = names.flatMap((account) =>
    ['urn:a', 'urn:b'].map((feature) => ({
      ...{ device: 'lamp', subject: { kind: 'account', account }, feature },
      ...{ operations: ['read', 'write'], grantedBy: 'ann' },
    })),
  );
  const permitted = askingWith(answerPermission, { permissions: { of: async () => grants } });
  assert.deepEqual(
    (await permitted.home.permissions(lamp)).map(({ to, feature }) => [to, feature]),
    addresses.flatMap((address) => [
      [address, 'urn:a'],
      [address, 'urn:b'],
    ]),
  );
  requireBounded(permitted.answers);
  const owned = askingWith(answerBinding, { bindings });
  assert.equal((await owned.home.owners(lamp)).length, owners.length);
  requireBounded(owned.answers);
});

test('so do devices, as they are bound and as a search finds them, its own before those that friends share', async () => {
  const bound = names.map((device) => ({ user: 'ann', device, state: 'active', name, groups, since: 0 }));
  const shared = names.map((one) => ({ device: `a${one}`, owner: 'bob' }));
  const services = {
    bindings: { devicesOf: async () => bound },
    permissions: { visible: async () => undefined, sharedWith: async () => shared },
  };
  const listed = askingWith(answerBinding, services);
  assert.deepEqual(
    (await listed.home.devices()).map(({ device }) => device),
    addresses,
  );
  requireBounded(listed.answers);
  const searched = askingWith(answerDeviceSearch, services);
  assert.deepEqual(
    (await searched.home.search({ shared: true })).map(({ device }) => device),
    [...addresses, ...addresses.map((one) => `a${one}`)],
  );
  requireBounded(searched.answers);
});

test('so do bookmarks, whose names are long: the marker counts too', async () => {
  const all = Array.from({ length: 100 }, (_, index) => ({
    ...{ name: `${index}`.padStart(3, '0').padEnd(1024, '"'), address: '', text: '温'.repeat(1024) },
  }));
  const { home, answers } = askingWith(answerBookmark, { bookmarks: { bookmarks: async () => all } });
  assert.deepEqual(await home.bookmarks(), all);
  requireBounded(answers);
});

test('a server whose answer leads nowhere is told of, and not asked for ever', async () => {
  const { home } = askingWith(answerFriend, { friends: { of: async () => [] } });
  assert.deepEqual(await home.friends(), []);
  const circle = askingWith(
    async (services, request) => {
      const { ok, payload } = (await answerFriend(services, request)) as Extract<RaAnswer, { ok: true }>;
      const { name: list, namespace, attributes, children } = payload!;
      const again = new XmlElement(list, namespace, { ...attributes, next: 'x' }, children);
      return { ok, payload: again };
    },
    { friends: { of: async () => [{ user: 'ann', other: 'y', state: 'friends', name, groups }] } },
  );
  await assert.rejects(circle.home.friends(), { code: 'RA_ANSWER_MALFORMED' });
});

test('the lists of older clients are answers that clients take, and go on as ours do', async () => {
  const binding = { user: 'ann', state: 'active', name, groups, since: 0 };
  const link = { device: 'lamp', madeBy: 'ann', since: 0 };
  const services = {
    domain,
    bindings: {
      devicesOf: async () => names.map((device) => ({ ...binding, device })),
      ownersOf: async () => [{ ...binding, device: 'lamp' }],
    },
    bookmarks: {
      bookmarks: async () => names.slice(0, 100).map((one) => ({ name: one, address: name, text: name.repeat(8) })),
    },
    links: { of: async () => names.map((other) => ({ ...link, other })) },
    permissions: { visible: async () => () => true },
    terminals: {
      facts: async () => ({
        deviceType: name,
        vendor: name,
        model: name,
        state: 'online',
        features: [],
        instances: [],
      }),
    },
  } as unknown as RaServices;
  const asked = async (namespace: VendorNamespace, content: readonly XmlElement[] = []) => {
    const answers: XmlElement[] = [];
    let after: string | undefined;
    do {
      const payload = element('query', namespace, { after }, ...content);
      const given = await answerVendor(services, {
        account: 'ann',
        kind: 'user',
        resource: undefined,
        type: 'get',
        payload,
      });
      assert.ok(given.ok, JSON.stringify(given));
      assert.equal(faultIn(given.payload!, vendorSchemas[namespace].answer), undefined);
      answers.push(given.payload!);
      after = given.payload!.attribute('next');
    } while (after !== undefined);
    requireBounded(answers);
    return answers.flatMap((one) => one.elements());
  };
  const text = (child: string) => (one: XmlElement) => one.childText(child);
  assert.deepEqual((await asked(vendorNamespaces.queryBind)).map(text('device')), addresses);
  assert.deepEqual((await asked(vendorNamespaces.bookmarkGet)).map(text('name')), names.slice(0, 100));
  const jid = (one: XmlElement) => one.attribute('jid');
  assert.deepEqual((await asked(vendorNamespaces.userDevicesInfo)).map(jid), addresses);
  const lamp = element('device', vendorNamespaces.linkedDevicesInfo, {}, `lamp@${domain}`);
  assert.deepEqual((await asked(vendorNamespaces.linkedDevicesInfo, [lamp])).map(jid), addresses);
  const named = addresses.map((one) => element('device', vendorNamespaces.devicesInfo, {}, one));
  assert.deepEqual((await asked(vendorNamespaces.devicesInfo, named)).map(jid), addresses);
});
