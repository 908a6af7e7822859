import type { Clock } from '@yaolian/kernel';
import { directoryErrors } from '../errors.ts';
import {
  type AccessDecision,
  type AccessRequest,
  type AccessSubject,
  type AccessViewer,
  type Grant,
  isFeaturePattern,
  mayAccess,
  visibleFeatures,
} from './access.ts';
import type { AssociationStore, GrantOutcome, SharedDevice } from './association.ts';
import type { AssociationChanges } from './association-change.ts';
import type { AuditTrail } from './audit.ts';
import type { ChangePace } from './change-pace.ts';

export interface PermissionsOptions {
  readonly store: AssociationStore;
  readonly clock: Clock;
  readonly changes: AssociationChanges;
  readonly audit: AuditTrail;
  /** How fast one account may change things. Default: as fast as it asks. */
  readonly pace?: ChangePace;
  /** Permissions of one device. Default 256. */
  readonly maxGrants?: number;
  /** Devices of friends that one user finds. Default 1,000. */
  readonly maxShared?: number;
}

/** An account that sees whether a device is there which it does not own. */
export interface DeviceView {
  readonly account: string;
  readonly device: string;
  /** When a permission ends on which that may rest, in milliseconds since the epoch; undefined: none does. */
  readonly until: number | undefined;
}

/** What is known of a permission that may not be there. */
type NamedGrant = Pick<Grant, 'device' | 'subject' | 'feature'> & Partial<Pick<Grant, 'operations' | 'expiresAt'>>;

/** GB/T 29265.205 §9: owners and the device itself set, read and revoke permissions; every door asks {@link Permissions.decide}. */
export class Permissions {
  readonly #options: PermissionsOptions;
  readonly #max: number;

  constructor(options: PermissionsOptions) {
    this.#options = options;
    this.#max = options.maxGrants ?? 256;
  }

  /** Whether the account may; nothing is noted. */
  async decide(device: string, request: AccessRequest): Promise<AccessDecision> {
    const facts = await this.#options.store.accessFacts(request.account, device);
    return mayAccess(facts, request, this.#options.clock.epoch());
  }

  /** What an account may know of a device: undefined: nothing; see {@link visibleFeatures}. */
  async visible(device: string, viewer: AccessViewer): Promise<((feature: string) => boolean) | undefined> {
    const facts = await this.#options.store.accessFacts(viewer.account, device);
    return visibleFeatures(facts, viewer, this.#options.clock.epoch());
  }

  /** What an account that is no owner sees of a device: undefined: not even whether it is there. */
  async viewOf(account: string, device: string, description: string): Promise<DeviceView | undefined> {
    const now = this.#options.clock.epoch();
    const facts = await this.#options.store.accessFacts(account, device);
    if (facts.relation !== 'friend' && facts.relation !== 'linked') return undefined;
    if (visibleFeatures(facts, { account, description }, now) === undefined) return undefined;
    return { account, device, until: firstEnd(facts.grants, now) };
  }

  /** Who sees a device beside those that own it: friends of these, and devices that are linked to it. */
  async viewersOf(device: string, description: string): Promise<readonly DeviceView[]> {
    const { store, clock } = this.#options;
    const now = clock.epoch();
    const grants = (await store.grants(device)).filter(
      ({ operations, ...one }) => operations.length > 0 && lasts(one, now),
    );
    const accounts = new Set<string>();
    for (const { subject } of grants) if (subject.kind === 'account') accounts.add(subject.account);
    if (grants.some(({ subject }) => subject.kind === 'class' && subject.class === 'friend')) {
      for (const { user, state } of await store.bindingsOfDevice(device)) {
        if (state !== 'active') continue;
        for (const friend of await store.friendships(user)) if (friend.state === 'friends') accounts.add(friend.other);
      }
    }
    return this.#views(
      [...accounts].map((account) => ({ account, device })),
      description,
    );
  }

  /** Devices of others that an account sees: those of friends, and, where it is a device, those that are linked to it. */
  async viewsOf(account: string, description: string): Promise<readonly DeviceView[]> {
    const shared = (await this.sharedWith(account)).map(({ device }) => ({ account, device }));
    const linked = (await this.#options.store.links(account)).map(({ other }) => ({ account, device: other }));
    return this.#views([...shared, ...linked], description);
  }

  async #views(
    asked: readonly Pick<DeviceView, 'account' | 'device'>[],
    description: string,
  ): Promise<readonly DeviceView[]> {
    const views: DeviceView[] = [];
    for (const { account, device } of asked) {
      const view = await this.viewOf(account, device, description);
      if (view !== undefined) views.push(view);
    }
    return views;
  }

  /** Sets what a subject may do; it replaces what stood for the same subject and feature. @throws FEATURE_UNFIT, TOO_MANY_CHANGES */
  async set(grant: Omit<Grant, 'grantedAt'>): Promise<GrantOutcome> {
    if (!isFeaturePattern(grant.feature)) throw directoryErrors.FEATURE_UNFIT(grant.feature);
    await this.#charge(grant.grantedBy, 'grant', grant);
    const { store, clock, changes } = this.#options;
    const grantedAt = clock.epoch();
    await store.removeExpiredGrants(grantedAt);
    const full: Grant = { ...grant, grantedAt };
    let noted: Promise<void> | undefined;
    const outcome = await changes.made<GrantOutcome>(
      (onDecided) => store.putGrant(full, this.#max, onDecided),
      (decided) => {
        noted = this.#audit(grant.grantedBy, 'grant', grant, decided === 'set' ? 'done' : decided);
        return decided === 'set' ? [{ kind: 'granted', grant: full }] : [];
      },
    );
    await noted;
    return outcome;
  }

  /** Devices of friends that the user may do something with, each with an owner; bounded. */
  sharedWith(user: string): Promise<readonly SharedDevice[]> {
    const { store, clock, maxShared = 1000 } = this.#options;
    return store.sharedWith(user, clock.epoch(), maxShared);
  }

  /** Revokes it. `none`: there was none; `not-owner`: `by` may not. */
  async revoke(
    device: string,
    subject: AccessSubject,
    feature: string,
    by: string,
  ): Promise<'revoked' | 'none' | 'not-owner'> {
    const { changes, store } = this.#options;
    const note = (outcome: string, revoked?: Grant) =>
      this.#audit(by, 'revoke', revoked ?? { device, subject, feature }, outcome);
    if (!(await this.isKeeper(by, device))) {
      await note('not-owner');
      return 'not-owner';
    }
    await this.#charge(by, 'revoke', { device, subject, feature });
    let noted: Promise<void> | undefined;
    const revoked = await changes.made<Grant | undefined>(
      (onDecided) => store.removeGrant(device, subject, feature, onDecided),
      (grant) => {
        noted = note(grant === undefined ? 'none' : 'done', grant);
        return grant === undefined ? [] : [{ kind: 'revoked', device, subject, feature, by }];
      },
    );
    await noted;
    return revoked === undefined ? 'none' : 'revoked';
  }

  /** The permissions of a device that have not expired. Undefined when `by` is no owner and not the device. */
  async of(device: string, by: string): Promise<readonly Grant[] | undefined> {
    if (!(await this.isKeeper(by, device))) return undefined;
    const now = this.#options.clock.epoch();
    const grants = await this.#options.store.grants(device);
    return grants.filter((grant) => lasts(grant, now));
  }

  /** Owners and the device itself. */
  async isKeeper(account: string, device: string): Promise<boolean> {
    return account === device || (await this.#options.store.binding(account, device))?.state === 'active';
  }

  async #charge(actor: string, action: string, { device, subject, feature }: NamedGrant): Promise<void> {
    await this.#options.pace?.charge({ door: 'ra', actor, action, device, subject: `${nameOf(subject)} ${feature}` });
  }

  #audit(
    actor: string,
    action: string,
    { device, subject, feature, operations = [], expiresAt }: NamedGrant,
    outcome: string,
  ): Promise<void> {
    const to = nameOf(subject);
    const permission = { to, feature, operations, expiresAt };
    const entry = { door: 'ra', actor, action, device, subject: `${to} ${feature}`, outcome } as const;
    return this.#options.audit.record({ ...entry, permission });
  }
}

function nameOf(subject: AccessSubject): string {
  return subject.kind === 'account' ? subject.account : `${subject.class}s`;
}

function lasts({ expiresAt }: Pick<Grant, 'expiresAt'>, now: number): boolean {
  return expiresAt === undefined || expiresAt > now;
}

function firstEnd(grants: readonly Grant[], now: number): number | undefined {
  const ends = grants.flatMap(({ expiresAt }) => (expiresAt !== undefined && expiresAt > now ? [expiresAt] : []));
  return ends.length === 0 ? undefined : Math.min(...ends);
}
