import { type Clock, type Duration, days, failure, type Random, type Result, success } from '@yaolian/kernel';
import { AttemptLimiter, type AttemptLimits, defaultAccountLimits } from '../attempt-limiter.ts';
import { directoryErrors } from '../errors.ts';
import type { SecretDigest } from '../secrets.ts';
import type {
  AssociationStore,
  Binding,
  BindOutcome,
  NewBinding,
  OnDecided,
  OwnerRemovalRefusal,
  Unbound,
} from './association.ts';
import type { AssociationChange, AssociationChanges, KeptChange } from './association-change.ts';
import type { AuditDoor, AuditTrail } from './audit.ts';
import type { ChangePace } from './change-pace.ts';
import { CodeRenewal } from './code-renewal.ts';
import {
  type CodeMaking,
  decoyCode,
  type IssuedCode,
  isFitCode,
  makeCode,
  matchesCode,
  type StoredCode,
} from './verification-code.ts';

export interface BindingLimits {
  /** How long a verification code is good; undefined: until the next one. */
  readonly codeLifetime: Duration | undefined;
  readonly ownersPerDevice: number;
  readonly devicesPerUser: number;
  /** Wrong codes of one user, whatever the device. */
  readonly userAttempts: AttemptLimits;
  /** Wrong codes for one device, whoever tries: short waits, so that a stranger cannot lock its owner out. */
  readonly deviceAttempts: AttemptLimits;
}

export const defaultBindingLimits: BindingLimits = {
  codeLifetime: days(30),
  ownersPerDevice: 100,
  devicesPerUser: 1000,
  userAttempts: defaultAccountLimits,
  deviceAttempts: defaultAccountLimits,
};

export interface BindingsOptions {
  readonly store: AssociationStore;
  readonly digest: SecretDigest;
  readonly random: Random;
  readonly clock: Clock;
  readonly changes: AssociationChanges;
  readonly audit: AuditTrail;
  /** How fast one account may change things. Default: as fast as it asks. */
  readonly pace?: ChangePace;
  readonly limits?: Partial<BindingLimits>;
  /** Told of every new code once it is kept: to show it on the screen of the device. Must not throw. */
  readonly onIssued?: (issued: IssuedCode) => void;
  /**
   * Whether a device gets another code when its last owner goes, so that who had it does not come back to it. Not for one whose code is printed, or
   * that cannot show another. Default: none does.
   */
  readonly renewsCode?: (device: string) => boolean;
  /** Which devices are asked before a user owns them. Default: none, and that stays so. */
  readonly confirmations?: Confirmations;
}

/** Where it is kept whether a device is asked before a user owns it. */
export interface Confirmations {
  /** As it is with all changes that were asked for, on disk or not yet: bindings are decided by it. */
  required(device: string): boolean;
  /** Resolves when it is on disk; false when there is no such device. */
  require(device: string, required: boolean, onDecided: OnDecided<boolean>): Promise<boolean>;
}

export interface BindRequest {
  readonly user: string;
  readonly device: string;
  readonly code: string;
  readonly name?: string;
  readonly groups?: readonly string[];
}

/** `not-authorized`: wrong or old code, or no such device: which of them is not told. */
export type BindRefusal =
  | { readonly reason: 'not-authorized' | 'exists' | 'too-many-owners' | 'too-many-devices' }
  | { readonly reason: 'too-many-attempts'; readonly retryAfter: Duration };

/** Names and groups have so many characters, and a device so many groups, at most. */
export const nameLimits = { name: 128, groups: 16 } as const;

/**
 * Verification codes and the bindings that they open: GB/T 29265.205 §10.3 to §10.5. A user owns a device after it has told
 * the device's current code.
 */
export class Bindings {
  readonly #options: BindingsOptions;
  readonly #limits: BindingLimits;
  readonly #userAttempts: AttemptLimiter;
  readonly #deviceAttempts: AttemptLimiter;

  constructor(options: BindingsOptions) {
    this.#options = options;
    this.#limits = { ...defaultBindingLimits, ...options.limits };
    this.#userAttempts = new AttemptLimiter(options.clock, this.#limits.userAttempts);
    this.#deviceAttempts = new AttemptLimiter(options.clock, this.#limits.deviceAttempts);
  }

  /**
   * Gives a device a new code; the one before is void. It is readable only here. Undefined when there is no such device.
   * @param own the code that the device brings itself (registration, §7.3), instead of one made here
   * @throws CODE_UNFIT, TOO_MANY_CHANGES
   */
  async issueCode(
    device: string,
    by: { readonly actor: string; readonly door: AuditDoor },
    own?: string,
  ): Promise<IssuedCode | undefined> {
    await this.#options.pace?.charge({ ...by, action: 'reset-code', device, subject: undefined });
    return this.issueFirstCode(device, by, (code, onDecided) => this.#options.store.putCode(code, onDecided), own);
  }

  /**
   * Gives a new device its first code.
   * @param keep keeps it together with the device, or neither
   * @returns undefined when it was not kept
   * @throws CODE_UNFIT
   */
  async issueFirstCode(
    device: string,
    by: { readonly actor: string; readonly door: AuditDoor },
    keep: KeepsCode,
    own?: string,
  ): Promise<IssuedCode | undefined> {
    if (own !== undefined && !isFitCode(own)) throw directoryErrors.CODE_UNFIT();
    const { changes, audit } = this.#options;
    const { stored, issued } = makeCode(this.#making, device, own);
    let noted: Promise<void> | undefined;
    const isKept = await changes.made<boolean>(
      (onDecided) => keep(stored, onDecided),
      (decided) => {
        if (!decided) return [];
        noted = audit.record({ ...by, action: 'reset-code', device, subject: undefined, outcome: 'done' });
        return [{ kind: 'code-reset', device, by: accountOf(by), expiresAt: issued.expiresAt }];
      },
    );
    if (!isKept) return undefined;
    await noted;
    this.#told(issued);
    return issued;
  }

  /**
   * The codes that devices get in place of those that their last owner knows, by one change that may end ownerships.
   * @param actor whose change it is
   */
  renewal(actor: string): CodeRenewal {
    const { renewsCode: isDue = () => false, audit } = this.#options;
    const note = (device: string) =>
      void audit.record({ actor, door: 'ra', action: 'reset-code', device, subject: 'last owner', outcome: 'done' });
    return new CodeRenewal({ making: this.#making, isDue, note, onIssued: (issued) => this.#told(issued) });
  }

  get #making(): CodeMaking {
    return { ...this.#options, lifetime: this.#limits.codeLifetime };
  }

  #told(issued: IssuedCode): void {
    this.#deviceAttempts.succeeded(issued.device);
    this.#options.onIssued?.(issued);
  }

  /** An owner resets the code of its device, or the device its own. Undefined when `actor` is neither. @throws TOO_MANY_CHANGES */
  async resetCode(device: string, actor: string): Promise<IssuedCode | undefined> {
    const { audit, store, pace } = this.#options;
    const by = { actor, door: 'ra' } as const;
    await pace?.charge({ ...by, action: 'reset-code', device, subject: undefined });
    // Decided with the change: who is just being removed must not come by the code that is to keep it out.
    const issued = await this.issueFirstCode(device, by, (code, decide) => store.putCode(code, decide, actor));
    if (issued === undefined)
      await audit.record({ ...by, action: 'reset-code', device, subject: undefined, outcome: 'forbidden' });
    return issued;
  }

  /** Whether a device is asked before a user owns it. Undefined when `by` is no owner and not the device. */
  async confirmation(device: string, by: string): Promise<boolean | undefined> {
    if (!(await this.#isKeeper(by, device))) return undefined;
    return this.#options.confirmations?.required(device) ?? false;
  }

  /**
   * From now on the device is asked before a user owns it, or is not. Who waits for it goes on waiting, and may bind again where it is not asked any
   * more. False when there is no such device, or when who asks is no owner of it, not the device, and not whoever runs the platform.
   */
  async requireConfirmation(
    device: string,
    required: boolean,
    by: { readonly actor: string; readonly door: AuditDoor },
  ): Promise<boolean> {
    const { changes, audit, confirmations } = this.#options;
    const note = (outcome: string) =>
      audit.record({ ...by, action: 'set-confirmation', device, subject: required ? 'required' : 'none', outcome });
    if (by.door !== 'rest' && !(await this.#isKeeper(by.actor, device))) {
      await note('forbidden');
      return false;
    }
    const subject = required ? 'required' : 'none';
    await this.#options.pace?.charge({ ...by, action: 'set-confirmation', device, subject });
    let noted: Promise<void> | undefined;
    const decide = (isThere: boolean): readonly AssociationChange[] => {
      noted = note(isThere ? 'done' : 'item-not-found');
      return isThere ? [{ kind: 'confirmation', device, required, by: accountOf(by) }] : [];
    };
    if (confirmations === undefined) decide(false);
    const done =
      confirmations !== undefined &&
      (await changes.made((onDecided) => confirmations.require(device, required, onDecided), decide));
    await noted;
    return done;
  }

  async #isKeeper(account: string, device: string): Promise<boolean> {
    return account === device || (await this.#options.store.binding(account, device))?.state === 'active';
  }

  /** Until when the device's code is good; `undefined` in it: until the next one. Undefined without a code. */
  async codeExpiry(device: string): Promise<{ readonly expiresAt: number | undefined } | undefined> {
    return this.#options.store.code(device);
  }

  /** §10.3: the user that tells the current code owns the device, at once or when the device has agreed. */
  async bind(request: BindRequest): Promise<Result<Binding, BindRefusal>> {
    const { user, device } = request;
    let noted: Promise<void> | undefined;
    const note = (outcome: string) => {
      noted = this.#audit(user, 'bind', device, undefined, outcome);
    };
    const bound = await this.#bind(request, note);
    if (!bound.ok && noted === undefined) note(bound.error.reason);
    await noted;
    return bound;
  }

  /** @param note writes the line of the audit trail, where it goes to disk with the binding */
  async #bind(request: BindRequest, note: (outcome: string) => void): Promise<Result<Binding, BindRefusal>> {
    const { user, device } = request;
    requireNames(request.name, request.groups);
    const wait = Math.max(this.#userAttempts.wait(user), this.#deviceAttempts.wait(device));
    if (wait > 0) return failure({ reason: 'too-many-attempts', retryAfter: wait as Duration });
    this.#userAttempts.began(user);
    this.#deviceAttempts.began(device);
    const { store, clock, changes, pace } = this.#options;
    const code = await this.#rightCode(device, request.code);
    if (code === undefined) return failure({ reason: 'not-authorized' });
    // Only this attempt is forgiven: whoever owns one device must not buy free guesses at others.
    this.#userAttempts.withdrawn(user);
    this.#deviceAttempts.withdrawn(device);
    await pace?.charge({ door: 'ra', actor: user, action: 'bind', device, subject: undefined });
    const state = () => (this.#options.confirmations?.required(device) ? 'pending' : 'active');
    const { name = device, groups = [] } = request;
    const time = clock.epoch();
    const asked: NewBinding = {
      ...{ user, device, state, name, groups, time, codeId: code.id },
      maxOwners: this.#limits.ownersPerDevice,
      maxDevices: this.#limits.devicesPerUser,
    };
    const outcome = await changes.made<BindOutcome>(
      (onDecided) => store.bind(asked, onDecided),
      (decided) => {
        note(wordFor(decided));
        if (typeof decided === 'string') return [];
        return [{ kind: decided.state === 'active' ? 'bound' : 'binding-asked', binding: decided }];
      },
    );
    return typeof outcome === 'string' ? failure({ reason: refusalOf(outcome) }) : success(outcome);
  }

  async #rightCode(device: string, code: string): Promise<StoredCode | undefined> {
    const { store, digest, clock } = this.#options;
    // An unknown device costs as much as a wrong code.
    const stored = (await store.code(device)) ?? decoyCode;
    const matches = matchesCode(code, stored, digest);
    const good = stored.expiresAt === undefined || clock.epoch() < stored.expiresAt;
    return matches && good ? stored : undefined;
  }

  /**
   * The device agrees to a pending binding, or does not. False when none is pending.
   * @param by who answers; absent: the device itself. Whoever runs the platform may do it in its place, for a device that nobody can press a button of
   */
  async answer(
    device: string,
    user: string,
    agrees: boolean,
    by: { readonly actor: string; readonly door: AuditDoor } = { actor: device, door: 'ra' },
  ): Promise<boolean> {
    const { store, clock, changes, audit, pace } = this.#options;
    const pending = await store.binding(user, device);
    if (pending?.state !== 'pending') return false;
    if (!agrees) return (await this.unbind(user, device, device)) !== undefined;
    await pace?.charge({ ...by, action: 'confirm', device, subject: user });
    let noted: Promise<void> | undefined;
    const bound = await changes.made<Binding | undefined>(
      (onDecided) => store.confirm(user, device, clock.epoch(), onDecided),
      (binding) => {
        if (binding === undefined) return [];
        noted = audit.record({ ...by, action: 'confirm', device, subject: user, outcome: 'done' });
        return [{ kind: 'bound', binding }];
      },
    );
    await noted;
    return bound !== undefined;
  }

  /** §10.4: from either side, `by` the user or the device. Undefined when there is no such binding. */
  async unbind(user: string, device: string, by: string): Promise<Binding | undefined> {
    const { store, changes, pace } = this.#options;
    await pace?.charge({ door: 'ra', actor: by, action: 'unbind', device, subject: user });
    let noted: Promise<void> | undefined;
    const renewal = this.renewal(by);
    const unbound = await changes.made<Unbound | undefined>(
      (onDecided) => store.unbind(user, device, onDecided, renewal.renew),
      (decided) => {
        noted = this.#audit(by, 'unbind', device, user, decided === undefined ? 'item-not-found' : 'done');
        return decided === undefined ? [] : [...changesBy(decided, by), ...renewal.decided()];
      },
    );
    await noted;
    renewal.done();
    return unbound?.binding;
  }

  /**
   * §10.4, in the place of the device: an owner removes one that came after it, whoever runs the platform any (`rest`). With the binding
   * goes the code, so that the removed one does not come back by it. @returns the new one
   */
  async removeOwner(
    user: string,
    device: string,
    by: { readonly actor: string; readonly door: AuditDoor },
  ): Promise<Result<IssuedCode, OwnerRemovalRefusal>> {
    const { store, audit, changes, pace } = this.#options;
    await pace?.charge({ ...by, action: 'remove-owner', device, subject: user });
    let refusal: OwnerRemovalRefusal = 'none';
    let noted: Promise<void> | undefined;
    const keep: KeepsCode = async (code, onDecided) => {
      let kept: readonly KeptChange[] = [];
      const removed = await store.removeOwner({ user, device, by: accountOf(by), code }, (decided) => {
        const outcome = typeof decided === 'string' ? decided : 'done';
        noted = audit.record({ ...by, action: 'remove-owner', device, subject: user, outcome });
        // Before the code that goes with it, in the order in which both are told.
        if (typeof decided !== 'string') kept = changes.keep(changesBy(decided, accountOf(by)));
        onDecided(typeof decided !== 'string');
      });
      changes.tell(kept);
      if (typeof removed === 'string') refusal = removed;
      return typeof removed !== 'string';
    };
    const issued = await this.issueFirstCode(device, by, keep);
    await noted;
    return issued === undefined ? failure(refusal) : success(issued);
  }

  /** The user calls its device something else, or keeps it elsewhere. False when it is not the user's. */
  async rename(user: string, device: string, name: string, groups: readonly string[]): Promise<boolean> {
    requireNames(name, groups);
    const { store, changes, pace } = this.#options;
    if ((await store.binding(user, device)) === undefined) return false;
    await pace?.charge({ door: 'ra', actor: user, action: 'rename', device, subject: undefined });
    const renamed = await changes.made<Binding | undefined>(
      (onDecided) => store.renameBinding(user, device, { name, groups }, onDecided),
      (binding) => (binding === undefined ? [] : [{ kind: 'binding-renamed', binding }]),
    );
    return renamed !== undefined;
  }

  binding(user: string, device: string): Promise<Binding | undefined> {
    return this.#options.store.binding(user, device);
  }

  devicesOf(user: string): Promise<readonly Binding[]> {
    return this.#options.store.bindingsOfUser(user);
  }

  ownersOf(device: string): Promise<readonly Binding[]> {
    return this.#options.store.bindingsOfDevice(device);
  }

  /** Since when it has been owned by any of those who own it now: before that it lived with others. Infinity when nobody owns it. */
  async ownedSince(device: string): Promise<number> {
    const owners = (await this.ownersOf(device)).filter(({ state }) => state === 'active');
    return Math.min(...owners.map(({ since }) => since));
  }

  #audit(actor: string, action: string, device: string, subject: string | undefined, outcome: string): Promise<void> {
    return this.#options.audit.record({ door: 'ra', actor, action, device, subject, outcome });
  }
}

/** Keeps a code, and tells whether it does as a store tells what it decided. */
type KeepsCode = (code: StoredCode, onDecided: OnDecided<boolean>) => Promise<boolean>;

function changesBy({ binding, links }: Unbound, by: string | undefined): readonly AssociationChange[] {
  const unlinked = links.map(({ device, other }) => ({ kind: 'unlinked', device, other }) as const);
  return [...unlinked, { kind: 'unbound', binding, by }];
}

/** What the audit trail says of it. */
function wordFor(outcome: BindOutcome): string {
  if (typeof outcome === 'string') return refusalOf(outcome);
  return outcome.state === 'active' ? 'done' : 'pending';
}

/** Operators have no account. */
function accountOf({ actor, door }: { readonly actor: string; readonly door: AuditDoor }): string | undefined {
  return door === 'rest' ? undefined : actor;
}

function refusalOf(outcome: Exclude<BindOutcome, Binding>) {
  // The code was reset between the check and the binding: it is a wrong one now.
  return outcome === 'code-void' ? 'not-authorized' : outcome;
}

/** @throws NAME_UNFIT */
export function requireNames(name = '', groups: readonly string[] = []): void {
  const fit = groups.length <= nameLimits.groups && [name, ...groups].every((text) => text.length <= nameLimits.name);
  if (!fit) throw directoryErrors.NAME_UNFIT(nameLimits.name, nameLimits.groups);
}
