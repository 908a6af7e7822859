import type { Clock } from '@yaolian/kernel';
import type { AssociationStore, DeviceLink, LinkOutcome } from './association.ts';
import type { AssociationChange, AssociationChanges } from './association-change.ts';
import type { AuditTrail } from './audit.ts';
import type { ChangePace } from './change-pace.ts';

export interface DeviceLinksOptions {
  readonly store: AssociationStore;
  readonly clock: Clock;
  readonly changes: AssociationChanges;
  readonly audit: AuditTrail;
  /** How fast one account may change things. Default: as fast as it asks. */
  readonly pace?: ChangePace;
  /** Links of one device. Default 64. */
  readonly maxLinks?: number;
}

/** Devices that an owner of both joined, so that they may send each other messages. */
export class DeviceLinks {
  readonly #options: DeviceLinksOptions;

  constructor(options: DeviceLinksOptions) {
    this.#options = options;
  }

  async link(device: string, other: string, madeBy: string): Promise<LinkOutcome> {
    const { store, clock, changes, maxLinks = 64 } = this.#options;
    const link: DeviceLink = { device, other, madeBy, since: clock.epoch() };
    const note = (outcome: LinkOutcome) =>
      this.#audit(madeBy, 'link', device, other, outcome === 'linked' ? 'done' : outcome);
    if (device === other) {
      await note('not-owner');
      return 'not-owner';
    }
    await this.#charge(madeBy, 'link', device, other);
    let noted: Promise<void> | undefined;
    const outcome = await changes.made<LinkOutcome>(
      (onDecided) => store.link(link, maxLinks, onDecided),
      (decided) => {
        noted = note(decided);
        return decided === 'linked' ? [{ kind: 'linked', link }] : [];
      },
    );
    await noted;
    return outcome;
  }

  /** By one of the devices, or an owner of one. False when there is no link, or `by` is none of them. */
  async unlink(device: string, other: string, by: string): Promise<boolean> {
    const { store, changes } = this.#options;
    const may = by === device || by === other || (await this.#owns(by, device)) || (await this.#owns(by, other));
    if (may) await this.#charge(by, 'unlink', device, other);
    let noted: Promise<void> | undefined;
    const decide = (isUnlinked: boolean): readonly AssociationChange[] => {
      noted = this.#audit(by, 'unlink', device, other, isUnlinked ? 'done' : 'item-not-found');
      return isUnlinked ? [{ kind: 'unlinked', device, other }] : [];
    };
    if (!may) decide(false);
    const unlinked = may && (await changes.made((onDecided) => store.unlink(device, other, onDecided), decide));
    await noted;
    return unlinked;
  }

  of(device: string): Promise<readonly DeviceLink[]> {
    return this.#options.store.links(device);
  }

  async #owns(user: string, device: string): Promise<boolean> {
    return (await this.#options.store.binding(user, device))?.state === 'active';
  }

  async #charge(actor: string, action: string, device: string, subject: string): Promise<void> {
    await this.#options.pace?.charge({ door: 'ra', actor, action, device, subject });
  }

  #audit(actor: string, action: string, device: string, subject: string, outcome: string): Promise<void> {
    return this.#options.audit.record({ door: 'ra', actor, action, device, subject, outcome });
  }
}
