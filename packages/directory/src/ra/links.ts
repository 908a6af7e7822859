import type { Clock } from '@yaolian/kernel';
import type { AssociationStore, DeviceLink } from './association.ts';
import type { AssociationChanges } from './association-change.ts';
import type { AuditTrail } from './audit.ts';

export interface DeviceLinksOptions {
  readonly store: AssociationStore;
  readonly clock: Clock;
  readonly changes: AssociationChanges;
  readonly audit: AuditTrail;
  /** Links of one device. Default 64. */
  readonly maxLinks?: number;
}

/** Devices that an owner of both joined, so that they may send each other messages. */
export class DeviceLinks {
  readonly #options: DeviceLinksOptions;

  constructor(options: DeviceLinksOptions) {
    this.#options = options;
  }

  async link(device: string, other: string, madeBy: string) {
    const { store, clock, changes, maxLinks = 64 } = this.#options;
    const link: DeviceLink = { device, other, madeBy, since: clock.epoch() };
    const outcome = device === other ? 'not-owner' : await store.link(link, maxLinks);
    if (outcome === 'linked') changes.tell({ kind: 'linked', link });
    await this.#audit(madeBy, 'link', device, other, outcome === 'linked' ? 'done' : outcome);
    return outcome;
  }

  /** By one of the devices, or an owner of one. False when there is no link, or `by` is none of them. */
  async unlink(device: string, other: string, by: string): Promise<boolean> {
    const { store, changes } = this.#options;
    const may = by === device || by === other || (await this.#owns(by, device)) || (await this.#owns(by, other));
    const unlinked = may && (await store.unlink(device, other));
    if (unlinked) changes.tell({ kind: 'unlinked', device, other });
    await this.#audit(by, 'unlink', device, other, unlinked ? 'done' : 'item-not-found');
    return unlinked;
  }

  of(device: string): Promise<readonly DeviceLink[]> {
    return this.#options.store.links(device);
  }

  async #owns(user: string, device: string): Promise<boolean> {
    return (await this.#options.store.binding(user, device))?.state === 'active';
  }

  #audit(actor: string, action: string, device: string, subject: string, outcome: string): Promise<void> {
    return this.#options.audit.record({ door: 'ra', actor, action, device, subject, outcome });
  }
}
