import type { ImStores, RosterStore } from '@yaolian/xmpp';
import { Jid, prepareLocal } from '@yaolian/xmpp';

/**
 * What accounts of several domains are called in stores and commands: those of the first domain by their local part, all others by
 * `local@domain`, which no local part is. So what was kept before a domain was added stays what it is.
 */
export class AccountNames {
  readonly domains: readonly string[];

  /** @param domains prepared; the first is the one whose accounts have short names. None: there is no message server */
  constructor(domains: readonly string[]) {
    this.domains = domains;
  }

  /** The name of an account as people write it: `juliet`, `juliet@im.example.com`. Undefined when there can be none. */
  read(text: string): string | undefined {
    if (!text.includes('@')) return prepareLocal(text);
    const jid = Jid.parse(text);
    if (jid?.local === undefined || !jid.isBare || !this.domains.includes(jid.domain)) return undefined;
    return this.of(jid.local, jid.domain);
  }

  /** @param local prepared */
  of(local: string, domain: string): string {
    return domain === this.domains[0] ? local : `${local}@${domain}`;
  }

  /** The other way of {@link of}. Undefined for a domain that is not served any more. */
  parts(name: string): { readonly local: string; readonly domain: string } | undefined {
    const at = name.indexOf('@');
    const domain = at < 0 ? this.domains[0] : name.slice(at + 1);
    if (domain === undefined || !this.domains.includes(domain)) return undefined;
    return { local: at < 0 ? name : name.slice(0, at), domain };
  }
}

/** The stores of one domain, whose accounts have other names in those that all domains share. */
export function storesUnderNames(stores: ImStores, name: (local: string) => string): ImStores {
  const { offline, archive, vcards, blocking, push, pubsub } = stores;
  return {
    rosters: rostersUnderNames(stores.rosters, name),
    offline: {
      add: (account, ...message) => offline.add(name(account), ...message),
      messages: (account, limit) => offline.messages(name(account), limit),
      removeUntil: (account, id) => offline.removeUntil(name(account), id),
    },
    archive: {
      add: (account, message) => archive.add(name(account), message),
      page: (account, query) => archive.page(name(account), query),
      count: (account, query) => archive.count(name(account), query),
      message: (account, id) => archive.message(name(account), id),
      removeBefore: (at, limit) => archive.removeBefore(at, limit),
      removeBeyond: (kept, limit) => archive.removeBeyond(kept, limit),
    },
    vcards: {
      vcard: (account) => vcards.vcard(name(account)),
      setVcard: (account, vcard) => vcards.setVcard(name(account), vcard),
    },
    blocking: {
      blocked: (account) => blocking.blocked(name(account)),
      block: (account, jids) => blocking.block(name(account), jids),
      unblock: (account, jids) => blocking.unblock(name(account), jids),
    },
    push: {
      targets: (account) => push.targets(name(account)),
      enable: (account, target, limit) => push.enable(name(account), target, limit),
      disable: (account, service, node) => push.disable(name(account), service, node),
    },
    pubsub: {
      nodes: (account) => pubsub.nodes(name(account)),
      putNode: (account, node) => pubsub.putNode(name(account), node),
      removeNode: (account, node) => pubsub.removeNode(name(account), node),
      publish: (account, ...publication) => pubsub.publish(name(account), ...publication),
      item: (account, node, id) => pubsub.item(name(account), node, id),
      items: (account, node, query) => pubsub.items(name(account), node, query),
      count: (account, node, before) => pubsub.count(name(account), node, before),
      trim: (account, node, kept) => pubsub.trim(name(account), node, kept),
      retract: (account, node, ids) => pubsub.retract(name(account), node, ids),
    },
  };
}

function rostersUnderNames(rosters: RosterStore, name: (local: string) => string): RosterStore {
  return {
    roster: (account) => rosters.roster(name(account)),
    version: (account) => rosters.version(name(account)),
    item: (account, jid) => rosters.item(name(account), jid),
    put: (account, item) => rosters.put(name(account), item),
    remove: (account, jid) => rosters.remove(name(account), jid),
  };
}
