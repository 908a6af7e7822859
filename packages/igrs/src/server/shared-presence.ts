import { type Clock, days, milliseconds, type Timer, type Timers, toMilliseconds } from '@yaolian/kernel';
import type { ImServer } from '@yaolian/xmpp';
import type { RaChange } from './changes.ts';
import type { SharedViews } from './shared-views.ts';

export interface SharedPresenceOptions {
  readonly im: ImServer;
  readonly views: SharedViews;
  readonly clock: Clock;
  readonly timers: Timers;
  /** What is to be told because time went by. Must not throw. */
  readonly later: (work: () => Promise<void>) => void;
}

interface Due {
  readonly timer: Timer;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

const longestDelay = toMilliseconds(days(1));

/**
 * Devices as contacts of those that do not own them and may see whether they are there (GB/T 29265.205 §9, §13; RFC 6121 §2.1.2.5: `to`): tells
 * who is connected in the moment in which that begins or ends, by a change between accounts or because the time of a permission is over.
 */
export class SharedPresence {
  readonly #options: SharedPresenceOptions;
  /** When to look at a device again. */
  readonly #due = new Map<string, Due>();
  #isClosed = false;

  constructor(options: SharedPresenceOptions) {
    this.#options = options;
    const { views, im } = options;
    views.isThere = (account) => im.clients.of(account).length > 0;
    views.onShown = ({ device, until }) => this.#lookAt(device, until);
  }

  /** Tells what a change gave and took. */
  async changed(change: RaChange): Promise<void> {
    switch (change.kind) {
      case 'bound':
      case 'unbound':
        return this.#device(change.binding.device);
      case 'granted':
        return this.#of(change.grant);
      case 'revoked':
        return this.#of(change);
      case 'friends':
        return this.#account(change.friendship.user);
      case 'unfriended':
        await this.#account(change.friendship.user);
        return this.#account(change.friendship.other);
      case 'linked':
      case 'unlinked': {
        const { device, other } = change.kind === 'linked' ? change.link : change;
        await this.#look(device, other);
        return this.#look(other, device);
      }
    }
  }

  /** A session of the account is gone. */
  left(account: string): void {
    const { views } = this.#options;
    if (!views.isThere(account)) views.forget(account);
  }

  close(): void {
    this.#isClosed = true;
    for (const { timer } of this.#due.values()) timer.cancel();
    this.#due.clear();
  }

  #of({ device, subject }: Extract<RaChange, { kind: 'granted' }>['grant'] | Extract<RaChange, { kind: 'revoked' }>) {
    return subject.kind === 'account' ? this.#look(subject.account, device) : this.#device(device);
  }

  async #device(device: string): Promise<void> {
    const { views } = this.#options;
    const seen = (await views.viewersOf(device)).map(({ account }) => account);
    for (const account of new Set([...seen, ...views.shownOf(device)])) await this.#look(account, device);
  }

  async #account(account: string): Promise<void> {
    const { views } = this.#options;
    if (!views.isThere(account)) return;
    const seen = (await views.viewsOf(account)).map(({ device }) => device);
    for (const device of new Set([...seen, ...views.shownTo(account)])) await this.#look(account, device);
  }

  async #look(account: string, device: string): Promise<void> {
    const { im, views } = this.#options;
    if (!views.isThere(account)) return views.forget(account);
    const wasShown = views.wasShown(account, device);
    const view = await views.between(account, device);
    if (view !== undefined) views.show(view);
    else views.hide(account, device);
    if (wasShown === (view !== undefined)) return;
    await im.roster.tell(account, `${im.accountJid(device)}`);
    await im.roster.tell(device, `${im.accountJid(account)}`);
    // Who came to own it has its presence from elsewhere.
    const item = view === undefined && (await im.options.stores.rosters.item(account, `${im.accountJid(device)}`));
    const isOwner = item && item.subscription === 'both';
    if (!isOwner) await im.tellPresence(device, im.accountJid(account), view === undefined);
  }

  #lookAt(device: string, at: number | undefined): void {
    const due = this.#due.get(device);
    if (at === undefined || this.#isClosed || (due !== undefined && due.at <= at)) return;
    const { clock, timers, later } = this.#options;
    due?.timer.cancel();
    const wait = Math.min(Math.max(0, at - clock.epoch()), longestDelay);
    const timer = timers.schedule(milliseconds(wait), () => {
      this.#due.delete(device);
      later(() => this.#device(device));
    });
    this.#due.set(device, { timer, at });
  }
}
