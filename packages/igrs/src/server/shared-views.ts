import { raNamespaces } from '../namespaces.ts';
import type { RaView, RaViews } from './ports.ts';

const description = raNamespaces.device;

/**
 * Devices of others that accounts see, and what was shown to them: who is told that something is gone has seen it. Remembered while an account is
 * connected.
 */
export class SharedViews {
  readonly #views: RaViews;
  readonly #ofAccount = new Map<string, Set<string>>();
  readonly #ofDevice = new Map<string, Set<string>>();
  /** Whether an account is connected. */
  isThere: (account: string) => boolean = () => true;
  /** Told of what is shown to an account. */
  onShown: ((view: RaView) => void) | undefined;

  constructor(views: RaViews) {
    this.#views = views;
  }

  /** What an account sees now. To who gets its contacts that is shown. */
  async of(account: string): Promise<readonly RaView[]> {
    const views = await this.#views.viewsOf(account, description);
    for (const view of views) this.show(view);
    return views;
  }

  between(account: string, device: string): Promise<RaView | undefined> {
    return this.#views.viewOf(account, device, description);
  }

  viewersOf(device: string): Promise<readonly RaView[]> {
    return this.#views.viewersOf(device, description);
  }

  viewsOf(account: string): Promise<readonly RaView[]> {
    return this.#views.viewsOf(account, description);
  }

  wasShown(account: string, device: string): boolean {
    return this.#ofAccount.get(account)?.has(device) === true;
  }

  shownTo(account: string): readonly string[] {
    return [...(this.#ofAccount.get(account) ?? [])];
  }

  /** To whom a device was shown. */
  shownOf(device: string): readonly string[] {
    return [...(this.#ofDevice.get(device) ?? [])];
  }

  show(view: RaView): void {
    const { account, device } = view;
    if (!this.isThere(account)) return;
    add(this.#ofAccount, account, device);
    add(this.#ofDevice, device, account);
    this.onShown?.(view);
  }

  hide(account: string, device: string): void {
    remove(this.#ofAccount, account, device);
    remove(this.#ofDevice, device, account);
  }

  /** The account has no connection any more: the next one begins with the contacts that there are then. */
  forget(account: string): void {
    for (const device of this.shownTo(account)) this.hide(account, device);
  }
}

function add(sets: Map<string, Set<string>>, key: string, one: string): void {
  const set = sets.get(key);
  if (set === undefined) sets.set(key, new Set([one]));
  else set.add(one);
}

function remove(sets: Map<string, Set<string>>, key: string, one: string): void {
  const set = sets.get(key);
  set?.delete(one);
  if (set?.size === 0) sets.delete(key);
}
