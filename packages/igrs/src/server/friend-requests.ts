import { element } from '@yaolian/xmpp';
import { raNamespaces } from '../namespaces.ts';
import { answer, answerList, done, type RaAnswer, refuse, refuseForNow } from '../wire/answer.ts';
import { accountIn, groupsOf, type RaRequest, type RaServices } from './request.ts';

/** GB/T 29265.205 §10.2: friends among users, after RFC 6121 §3 with consent. */
export async function answerFriend({ friends, domain }: RaServices, request: RaRequest): Promise<RaAnswer> {
  const { payload, type, account, kind } = request;
  const ns = raNamespaces.friend;
  if (kind !== 'user') return refuse('not-allowed', 'users have friends');
  if (type === 'get') {
    if (payload.name !== 'friends') return refuse('bad-request');
    const found = (await friends.of(account)).map(({ other, state, name, groups }) => ({
      key: other,
      item: element(
        'friend',
        ns,
        { user: `${other}@${domain}`, state, name },
        ...groups.map((one) => element('group', ns, {}, one)),
      ),
    }));
    return answerList(element('friends', ns), found, payload.attribute('after'));
  }
  const other = accountIn(request, 'user', domain);
  if (other === undefined) return refuse('bad-request', 'it names a user');
  const name = payload.attribute('name') ?? other;
  const groups = groupsOf(payload);
  switch (payload.name) {
    case 'ask': {
      const outcome = await friends.ask(account, other, name, groups);
      if (outcome === 'self') return refuse('not-acceptable', 'nobody is a friend of itself');
      if (typeof outcome === 'object') return refuseForNow(outcome.retryAfter, ns);
      return outcome === 'full'
        ? refuse('resource-constraint', 'you have as many friends as may be')
        : answer(element('friend', ns, { state: outcome }));
    }
    case 'accept':
      return (await friends.accept(account, other, name, groups)) ? done : refuse('item-not-found');
    case 'remove':
      return (await friends.remove(account, other)) ? done : refuse('item-not-found');
    case 'rename':
      return (await friends.rename(account, other, name, groups)) ? done : refuse('item-not-found');
    default:
      return refuse('bad-request');
  }
}

/** Links of devices: made by an owner of both. */
export async function answerLink(services: RaServices, request: RaRequest): Promise<RaAnswer> {
  const { links, bindings, domain } = services;
  const { payload, type, account, kind } = request;
  const ns = raNamespaces.link;
  const own = payload.attribute('device') === undefined && kind === 'device' ? account : undefined;
  const device = own ?? accountIn(request, 'device', domain);
  if (device === undefined) return refuse('bad-request', 'it names a device');
  if (type === 'get') {
    if (payload.name !== 'links') return refuse('bad-request');
    const owners = await bindings.ownersOf(device);
    const may = account === device || owners.some(({ user, state }) => user === account && state === 'active');
    if (!may) return refuse('forbidden');
    const found = (await links.of(device)).map(({ other, madeBy }) => ({
      key: other,
      item: element('link', ns, { device: `${other}@${domain}`, by: `${madeBy}@${domain}` }),
    }));
    return answerList(element('links', ns), found, payload.attribute('after'));
  }
  const other = accountIn(request, 'other', domain);
  if (other === undefined) return refuse('bad-request', 'it names the other device');
  if (payload.name === 'unlink') {
    const isDone = await links.unlink(device, other, account);
    return isDone ? done : refuse('item-not-found', 'the two are not linked, or not yours');
  }
  if (payload.name !== 'link') return refuse('bad-request');
  const outcome = await links.link(device, other, account);
  if (outcome === 'linked') return done;
  if (outcome === 'exists') return refuse('conflict', 'the two are linked already');
  return refuse(outcome === 'too-many' ? 'resource-constraint' : 'forbidden');
}

/** Characters of each part of a bookmark. */
const bookmarkLength = 1024;

export async function answerBookmark({ bookmarks, bounds }: RaServices, request: RaRequest): Promise<RaAnswer> {
  const { payload, type, account } = request;
  const ns = raNamespaces.bookmark;
  if (type === 'get') {
    if (payload.name !== 'bookmarks') return refuse('bad-request');
    const found = (await bookmarks.bookmarks(account)).map(({ name, address, text }) => ({
      key: name,
      item: element('bookmark', ns, { name, address }, text),
    }));
    return answerList(element('bookmarks', ns), found, payload.attribute('after'));
  }
  const { name, address = '' } = payload.attributes;
  if (name === undefined) return refuse('bad-request', 'it has a name');
  if (payload.name === 'remove')
    return (await bookmarks.removeBookmark(account, name)) ? done : refuse('item-not-found');
  if (payload.name !== 'bookmark') return refuse('bad-request');
  const text = payload.text();
  if (Math.max(name.length, address.length, text.length) > bookmarkLength) return refuse('not-acceptable');
  const kept = await bookmarks.putBookmark(account, { name, address, text }, bounds?.bookmarks ?? 100);
  return kept ? done : refuse('resource-constraint', 'there are as many bookmarks as may be');
}
