import { type ContactKeeper, element, type Jid, namespaces, StanzaError, type SubscriptionType } from '@yaolian/xmpp';
import type { RaServices } from './request.ts';
import type { SharedViews } from './shared-views.ts';

export interface RaContactsOptions extends Pick<RaServices, 'domain' | 'accounts' | 'bindings' | 'friends'> {
  readonly views: Pick<SharedViews, 'between'>;
  /** What the account called the other before the two had anything in common. */
  readonly kept: (
    account: string,
    jid: string,
  ) => Promise<{ readonly name: string | undefined; readonly groups: readonly string[] } | undefined>;
  /** Shows a presence to the sessions of an account. */
  readonly show: (account: string, presence: ReturnType<typeof element>) => void;
}

/**
 * What the stanzas of RFC 6121 do to associations: a subscription of users is friendship (GB/T 29265.205 §10.2), in both directions at
 * once; a device is bound by its code, and its contact goes when it is unbound.
 */
export class RaContacts implements ContactKeeper {
  readonly #options: RaContactsOptions;

  constructor(options: RaContactsOptions) {
    this.#options = options;
  }

  async subscribe(account: string, contact: Jid, type: SubscriptionType): Promise<StanzaError | undefined> {
    const { friends, accounts, domain, show } = this.#options;
    const other = contact.local!;
    if ((await accounts.kindOf(account)) !== 'user') return new StanzaError('not-allowed', 'users have friends');
    const state = (await friends.friendship(account, other))?.state;
    if (type === 'unsubscribe' || type === 'unsubscribed') {
      const ends = state === 'friends' || state === (type === 'unsubscribe' ? 'asking' : 'asked');
      return this.#fit(async () => {
        if (ends) await friends.remove(account, other);
        return undefined;
      });
    }
    // RFC 6121 §3.1.3: who is subscribed already is told so again.
    if (state === 'friends' && type === 'subscribe') {
      const from = `${other}@${domain}`;
      show(account, element('presence', namespaces.client, { type: 'subscribed', from, to: `${account}@${domain}` }));
    }
    if (state === 'friends' || state === 'asking') return undefined;
    return this.#befriend(account, contact, type);
  }

  async rename(account: string, contact: Jid, name: string, groups: readonly string[]): Promise<boolean | StanzaError> {
    const { bindings, friends } = this.#options;
    const other = contact.local!;
    if ((await bindings.binding(other, account)) !== undefined) {
      return new StanzaError('not-allowed', 'owners name their devices');
    }
    return this.#fit(async () => {
      if (await bindings.rename(account, other, name, groups)) return true;
      const state = (await friends.friendship(account, other))?.state;
      // Who only asked is no contact yet.
      return state !== undefined && state !== 'asked' && friends.rename(account, other, name, groups);
    });
  }

  async remove(account: string, contact: Jid): Promise<boolean | StanzaError> {
    const { views } = this.#options;
    const other = contact.local!;
    const isEnded = await this.#fit(() => this.#remove(account, other));
    if (isEnded !== false) return isEnded;
    // RFC 6121 §2.5.3: a contact that comes back with the next log-in is not gone.
    const isShared = (await views.between(account, other)) ?? (await views.between(other, account));
    return isShared ? new StanzaError('not-allowed', 'it is shared until an owner of the device ends that') : false;
  }

  async #remove(account: string, other: string): Promise<boolean> {
    const { bindings, friends } = this.#options;
    if ((await bindings.binding(account, other)) !== undefined) {
      return (await bindings.unbind(account, other, account)) !== undefined;
    }
    if ((await bindings.binding(other, account)) !== undefined) {
      return (await bindings.unbind(other, account, account)) !== undefined;
    }
    return (await friends.friendship(account, other)) !== undefined && friends.remove(account, other);
  }

  async #befriend(account: string, contact: Jid, type: 'subscribe' | 'subscribed'): Promise<StanzaError | undefined> {
    const { friends, kept } = this.#options;
    const other = contact.local!;
    const known = await kept(account, `${contact}`);
    const asking = async () => {
      const name = known?.name ?? other;
      const groups = known?.groups ?? [];
      if (type === 'subscribed') await friends.accept(account, other, name, groups);
      else {
        const outcome = await friends.ask(account, other, name, groups);
        if (outcome === 'full') return new StanzaError('resource-constraint', 'you have as many friends as may be');
        if (typeof outcome === 'object')
          return new StanzaError('policy-violation', 'ask again later', undefined, 'wait');
      }
      return undefined;
    };
    return this.#fit(asking);
  }

  /** A name that is too long, and more changes than may be, are the asker's mistake. */
  async #fit<T>(work: () => Promise<T>): Promise<T | StanzaError> {
    try {
      return await work();
    } catch (error) {
      const { code, message } = error as Error & { readonly code?: unknown };
      if (code === 'NAME_UNFIT') return new StanzaError('not-acceptable', message);
      if (code === 'TOO_MANY_CHANGES') return new StanzaError('policy-violation', message, undefined, 'wait');
      throw error;
    }
  }
}
