import { element, type XmlElement } from '@yaolian/xmpp';
import { raNamespaces } from '../../namespaces.ts';
import { must } from '../bench.ts';
import { needs } from '../unjudged.ts';
import { type AskedCase, askedCase } from './asked-case.ts';
import type { ClientBench } from './client-bench.ts';
import type { ClientCase } from './client-suite.ts';

const { binding, bookmark, friend, link } = raNamespaces;
const roster = 'jabber:iq:roster';

const lamp = ({ bench }: ClientBench) => ({ device: bench.address('device') });
const owning = (bench: ClientBench) => needs(bench.isBound, 'it owns no device');
const other = ({ bench }: ClientBench) => ({ user: bench.address('friend') });
const third = ({ bench }: ClientBench) => ({ user: bench.address('guesser') });
const pair = ({ bench }: ClientBench) => ({ device: bench.address('device'), other: bench.address('second') });
const owningBoth = (bench: ClientBench) => needs(bench.isBound && bench.ownsSecond, 'it does not own both devices');

/** RFC 6121 §2.3: a contact as the client sets it. */
function isItem(stanza: XmlElement, jid: string, isIt: (item: XmlElement) => boolean): boolean {
  const [query] = stanza.elements();
  const item = query?.is('query', roster) === true ? query.elements('item')[0] : undefined;
  return stanza.attribute('type') === 'set' && item?.attribute('jid') === jid && isIt(item);
}

function isPresence(stanza: XmlElement, types: readonly string[], to: string): boolean {
  const { type = '', to: receiver = '' } = stanza.attributes;
  return stanza.name === 'presence' && types.includes(type) && receiver.split('/')[0] === to;
}

function isAsking(stanza: XmlElement, user: string): boolean {
  const [payload] = stanza.elements();
  return payload?.is('ask', friend) === true && payload.attribute('user') === user;
}

const isRemoved = (item: XmlElement) => item.attribute('subscription') === 'remove';
const bookmarked = { name: 'conformance', address: 'lamp@office.example' };

/** GB/T 29265.205 §10.3. */
export const userDeviceCases: readonly ClientCase[] = [
  askedCase({
    id: '10.3-3',
    title: 'it asks which devices it has',
    zh: '查询自己有哪些设备',
    en: () => 'show your devices',
    zhStep: () => '显示自己的设备',
    message: ['bindings', binding],
    instead: (stanza) => stanza.elements()[0]?.is('search', raNamespaces.device) === true,
    sinceLogin: true,
    before: owning,
  }),
  askedCase({
    id: '10.3-4',
    title: 'it asks who owns its device',
    zh: '查询其设备有哪些所有者',
    en: ({ device }) => `show who owns ${device}`,
    zhStep: ({ device }) => `显示 ${device} 的所有者`,
    facts: lamp,
    message: ['bindings', binding],
    wants: ({ device }) => ({ device: device! }),
    before: owning,
  }),
  askedCase({
    id: '10.3-5',
    title: 'it gives its device another name',
    zh: '给其设备改名',
    en: ({ device, name, group }) => `call ${device} "${name}", in the group "${group}"`,
    zhStep: ({ device, name, group }) => `将 ${device} 命名为“${name}”，并放入分组“${group}”`,
    facts: (bench) => ({ ...lamp(bench), name: 'Conformance', group: 'Suite' }),
    message: ['rename', binding],
    wants: ({ device, name }) => ({ device: device!, name: name! }),
    instead: (stanza, { device, name }) => isItem(stanza, device!, (item) => item.attribute('name') === name),
    before: owning,
  }),
  askedCase({
    id: '10.3-6',
    title: 'it binds a device that has to agree, and waits for it',
    zh: '绑定需要确认的设备，并等待其确认',
    en: ({ device, code }) => `bind the device ${device} with the code ${code}; it is asked, and agrees`,
    zhStep: ({ device, code }) => `用验证码 ${code} 绑定设备 ${device}；该设备会被询问并同意`,
    facts: ({ bench }) => ({ device: bench.address('second'), code: bench.target.verifyCode }),
    message: ['bind', binding],
    wants: ({ device, code }) => ({ device: device!, code: code! }),
    before: async ({ bench }) => void (await bench.device('second')),
    async after(bench) {
      const second = await bench.bench.device('second');
      const isOwner = async () =>
        (await second.owners()).some(({ user, state }) => user === bench.address && state === 'active');
      await bench.bench.until('the binding', isOwner);
      bench.ownsSecond = true;
    },
  }),
  askedCase({
    id: '10.3-7',
    title: 'it asks whether its device is asked before somebody owns it',
    zh: '查询其设备在绑定前是否被询问',
    en: ({ device }) => `show whether ${device} is asked before somebody owns it`,
    zhStep: ({ device }) => `显示 ${device} 在绑定前是否被询问`,
    facts: lamp,
    type: 'get',
    message: ['confirmation', binding],
    wants: ({ device }) => ({ device: device! }),
    before: owning,
  }),
  askedCase({
    id: '10.3-8',
    title: 'it decides that its device is not asked',
    zh: '设定其设备在绑定前不被询问',
    en: ({ device }) => `let ${device} not be asked before somebody owns it`,
    zhStep: ({ device }) => `设定 ${device} 在绑定前不被询问`,
    facts: lamp,
    type: 'set',
    message: ['confirmation', binding],
    wants: ({ device }) => ({ device: device!, required: 'false' }),
    before: owning,
  }),
];

/** §10.4. */
export const userOwnerCases: readonly ClientCase[] = [
  askedCase({
    id: '10.4-2',
    title: 'it removes an owner that came after it',
    zh: '移除在其之后的所有者',
    en: ({ device, user }) => `remove the owner ${user} of ${device}`,
    zhStep: ({ device, user }) => `移除 ${device} 的所有者 ${user}`,
    facts: (bench) => ({ ...lamp(bench), ...other(bench) }),
    message: ['unbind', binding],
    wants: ({ device, user }) => ({ device: device!, user: user! }),
    async before(bench) {
      owning(bench);
      const code = await (await bench.bench.device()).resetCode();
      const bind = element('bind', binding, { ...lamp(bench), code, name: 'Conformance' });
      await (await bench.bench.player('friend')).told('set', bench.domain, bind);
    },
    async after(bench) {
      const { device } = lamp(bench);
      await (await bench.bench.player('friend')).pushed('unbound', (push) => push.attribute('device') === device);
    },
  }),
];

/** §10.2: friends. */
export const userContactCases: readonly ClientCase[] = [
  askedCase({
    id: '10.2-2',
    title: 'it asks who its friends are',
    zh: '查询自己的好友',
    en: () => 'show your friends',
    zhStep: () => '显示自己的好友',
    message: ['friends', friend],
    instead: (stanza) => stanza.attribute('type') === 'get' && stanza.elements()[0]?.is('query', roster) === true,
    sinceLogin: true,
  }),
  askedCase({
    id: '10.2-3',
    title: 'it gives a friend another name',
    zh: '给好友改名',
    en: ({ user, name }) => `call ${user} "${name}"`,
    zhStep: ({ user, name }) => `将好友 ${user} 命名为“${name}”`,
    facts: (bench) => ({ ...other(bench), name: 'Bob' }),
    message: ['rename', friend],
    wants: ({ user, name }) => ({ user: user!, name: name! }),
    instead: (stanza, { user, name }) => isItem(stanza, user!, (item) => item.attribute('name') === name),
    before: ({ isFriend }) => needs(isFriend, 'it has no friend'),
  }),
  askedCase({
    id: '10.2-4',
    title: 'it accepts somebody who asks to be a friend',
    zh: '接受他人的好友请求',
    en: ({ user }) => `accept ${user}, who asks to be a friend`,
    zhStep: ({ user }) => `接受 ${user} 的好友请求`,
    facts: third,
    message: ['accept', friend],
    wants: ({ user }) => ({ user: user! }),
    // Who asks somebody that asks accepts (RFC 6121 §3.1).
    instead: (stanza, { user }) => isPresence(stanza, ['subscribed', 'subscribe'], user!) || isAsking(stanza, user!),
    before: askToBeFriend,
    after: async ({ bench }) => void (await (await bench.player('guesser')).pushed('friends')),
  }),
  askedCase({
    id: '10.2-5',
    title: 'it ends a friendship',
    zh: '解除好友关系',
    en: ({ user }) => `remove the friend ${user}`,
    zhStep: ({ user }) => `删除好友 ${user}`,
    facts: third,
    message: ['remove', friend],
    wants: ({ user }) => ({ user: user! }),
    instead: (stanza, { user }) =>
      isPresence(stanza, ['unsubscribe', 'unsubscribed'], user!) || isItem(stanza, user!, isRemoved),
    async before({ bench, address, domain }) {
      const told = await (await bench.player('guesser')).told('get', domain, element('friends', friend));
      const isOne = (item: XmlElement) => item.attribute('user') === address && item.attribute('state') === 'friends';
      needs(told.elements('friend').some(isOne), 'it is no friend of whom it would remove');
    },
    after: async ({ bench }) => void (await (await bench.player('guesser')).pushed('unfriended')),
  }),
  askedCase({
    id: '10.2-6',
    title: 'it refuses somebody who asks to be a friend',
    zh: '拒绝他人的好友请求',
    en: ({ user }) => `refuse ${user}, who asks to be a friend`,
    zhStep: ({ user }) => `拒绝 ${user} 的好友请求`,
    facts: third,
    message: ['remove', friend],
    wants: ({ user }) => ({ user: user! }),
    instead: (stanza, { user }) => isPresence(stanza, ['unsubscribed'], user!) || isItem(stanza, user!, isRemoved),
    before: askToBeFriend,
  }),
];

async function askToBeFriend({ bench, address, domain }: ClientBench): Promise<void> {
  await (await bench.player('guesser')).told('set', domain, element('ask', friend, { user: address }));
}

/** §10.2: devices that are linked with each other. */
export const userLinkCases: readonly ClientCase[] = [
  linkCase({
    id: '10.2-7',
    title: 'it links two of its devices',
    zh: '将自己的两个设备相互关联',
    en: ({ device, other }) => `link ${device} with ${other}`,
    zhStep: ({ device, other }) => `将 ${device} 与 ${other} 相互关联`,
    message: ['link', link],
    after: (bench) => becomeLinked(bench, true),
  }),
  askedCase({
    id: '10.2-8',
    title: 'it asks which devices its device is linked with',
    zh: '查询其设备与哪些设备关联',
    en: ({ device }) => `show what ${device} is linked with`,
    zhStep: ({ device }) => `显示与 ${device} 关联的设备`,
    facts: lamp,
    message: ['links', link],
    wants: ({ device }) => ({ device: device! }),
    before: owning,
  }),
  linkCase({
    id: '10.2-9',
    title: 'it ends the link of two devices',
    zh: '解除两个设备的关联',
    en: ({ device, other }) => `unlink ${device} and ${other}`,
    zhStep: ({ device, other }) => `解除 ${device} 与 ${other} 的关联`,
    message: ['unlink', link],
    after: (bench) => becomeLinked(bench, false),
  }),
];

function linkCase(one: Omit<AskedCase, 'facts' | 'before' | 'wants'>): ClientCase {
  // Either of the two may be named first: what became of it tells whether they were the right ones.
  return askedCase({ ...one, facts: pair, before: owningBoth });
}

async function becomeLinked(bench: ClientBench, isLinked: boolean): Promise<void> {
  const { client } = await bench.bench.device();
  const { other } = pair(bench);
  await bench.bench.until(isLinked ? 'the link' : 'the end of the link', async () => {
    const answer = await client.request('get', bench.domain, element('links', link));
    must(answer.kind === 'result', 'the device cannot ask for its links');
    const linked = answer.payload?.elements('link').map((one) => one.attribute('device')) ?? [];
    return linked.includes(other) === isLinked;
  });
}

/** §10.2: bookmarks. */
export const userBookmarkCases: readonly ClientCase[] = [
  askedCase({
    id: '10.2-10',
    title: 'it keeps a bookmark',
    zh: '保存一个书签',
    en: ({ name, address }) => `keep a bookmark "${name}" of ${address}`,
    zhStep: ({ name, address }) => `保存名为“${name}”、指向 ${address} 的书签`,
    facts: () => bookmarked,
    message: ['bookmark', bookmark],
    wants: ({ name, address }) => ({ name: name!, address: address! }),
  }),
  askedCase({
    id: '10.2-11',
    title: 'it asks for its bookmarks',
    zh: '查询自己的书签',
    en: () => 'show your bookmarks',
    zhStep: () => '显示自己的书签',
    message: ['bookmarks', bookmark],
    sinceLogin: true,
  }),
  askedCase({
    id: '10.2-12',
    title: 'it removes a bookmark',
    zh: '删除书签',
    en: ({ name }) => `remove the bookmark "${name}"`,
    zhStep: ({ name }) => `删除书签“${name}”`,
    facts: () => bookmarked,
    message: ['remove', bookmark],
    wants: ({ name }) => ({ name: name! }),
  }),
];
