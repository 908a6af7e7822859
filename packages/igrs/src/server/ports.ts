import type { Duration, Result } from '@yaolian/kernel';
import type { RaRefusal } from '../wire/answer.ts';
import type { DataAnswer, DataRequest } from '../wire/data.ts';
import type { DeviceDescription } from '../wire/device-description.ts';
import type { FirmwareProgress, FirmwareState } from '../wire/firmware.ts';
import type { HistoryQuestion, RaHistory } from '../wire/history.ts';

/** What the server needs of whoever keeps accounts, associations and permissions (`@yaolian/directory`). Accounts by bare name. */
export interface RaBinding {
  readonly user: string;
  readonly device: string;
  readonly state: 'active' | 'pending';
  readonly name: string;
  readonly groups: readonly string[];
  readonly since: number;
}

export interface RaBindings {
  bind(request: {
    readonly user: string;
    readonly device: string;
    readonly code: string;
    readonly name?: string;
    readonly groups?: readonly string[];
  }): Promise<
    Result<
      RaBinding,
      | { readonly reason: 'not-authorized' | 'exists' | 'too-many-owners' | 'too-many-devices' }
      | { readonly reason: 'too-many-attempts'; readonly retryAfter: Duration }
    >
  >;
  answer(device: string, user: string, agrees: boolean): Promise<boolean>;
  unbind(user: string, device: string, by: string): Promise<RaBinding | undefined>;
  /** Resolves with the new code of the device. */
  removeOwner(
    user: string,
    device: string,
    by: { readonly actor: string; readonly door: 'ra' },
  ): Promise<Result<{ readonly code: string; readonly expiresAt: number | undefined }, 'not-owner' | 'elder' | 'none'>>;
  /** Undefined when `by` is no owner of the device and not the device. */
  confirmation(device: string, by: string): Promise<boolean | undefined>;
  /** False when `by` may not. */
  requireConfirmation(
    device: string,
    required: boolean,
    by: { readonly actor: string; readonly door: 'ra' },
  ): Promise<boolean>;
  rename(user: string, device: string, name: string, groups: readonly string[]): Promise<boolean>;
  devicesOf(user: string): Promise<readonly RaBinding[]>;
  ownersOf(device: string): Promise<readonly RaBinding[]>;
  binding(user: string, device: string): Promise<RaBinding | undefined>;
  resetCode(
    device: string,
    actor: string,
  ): Promise<{ readonly code: string; readonly expiresAt: number | undefined } | undefined>;
}

export const raOperations = ['read', 'write', 'execute', 'observe', 'message'] as const;

export type RaOperation = (typeof raOperations)[number];

export type RaSubject =
  | { readonly kind: 'account'; readonly account: string }
  | { readonly kind: 'class'; readonly class: 'owner' | 'friend' };

export interface RaGrant {
  readonly device: string;
  readonly subject: RaSubject;
  readonly feature: string;
  readonly operations: readonly RaOperation[];
  readonly expiresAt: number | undefined;
  readonly grantedBy: string;
}

/** An account that sees whether a device is there which it does not own. */
export interface RaView {
  readonly account: string;
  readonly device: string;
  /** When a permission ends on which that may rest, in milliseconds since the epoch; undefined: none does. */
  readonly until: number | undefined;
}

/** Who sees whether devices of others are there. A device describes itself under the feature `description`. */
export interface RaViews {
  /** Undefined: it does not see that one, or owns it. */
  viewOf(account: string, device: string, description: string): Promise<RaView | undefined>;
  /** Friends of its owners, and devices that are linked to it. */
  viewersOf(device: string, description: string): Promise<readonly RaView[]>;
  /** Devices of friends, and, of a device, those that are linked to it. */
  viewsOf(account: string, description: string): Promise<readonly RaView[]>;
}

export interface RaPermissions {
  decide(
    device: string,
    request: { readonly account: string; readonly feature: string; readonly operation: RaOperation },
  ): Promise<{ readonly allowed: boolean }>;
  /**
   * What an account may know of a device that describes itself under a feature: of which other features that is true. Undefined: nothing, not
   * even whether it is there.
   */
  visible(
    device: string,
    viewer: { readonly account: string; readonly description: string },
  ): Promise<((feature: string) => boolean) | undefined>;
  set(grant: RaGrant): Promise<'set' | 'not-owner' | 'stranger' | 'too-many'>;
  revoke(device: string, subject: RaSubject, feature: string, by: string): Promise<'revoked' | 'none' | 'not-owner'>;
  of(device: string, by: string): Promise<readonly RaGrant[] | undefined>;
  /** Devices of friends that the user may do something with, each with an owner. */
  sharedWith(user: string): Promise<readonly { readonly device: string; readonly owner: string }[]>;
}

export interface RaFriendship {
  readonly user: string;
  readonly other: string;
  readonly state: 'friends' | 'asking' | 'asked';
  readonly name: string;
  readonly groups: readonly string[];
}

export interface RaFriends {
  ask(
    user: string,
    other: string,
    name?: string,
    groups?: readonly string[],
  ): Promise<'self' | 'asking' | 'friends' | 'full' | { readonly retryAfter: Duration }>;
  accept(user: string, other: string, name?: string, groups?: readonly string[]): Promise<boolean>;
  remove(user: string, other: string): Promise<boolean>;
  rename(user: string, other: string, name: string, groups: readonly string[]): Promise<boolean>;
  of(user: string): Promise<readonly RaFriendship[]>;
  friendship(user: string, other: string): Promise<RaFriendship | undefined>;
}

export interface RaLinks {
  link(device: string, other: string, madeBy: string): Promise<'linked' | 'exists' | 'not-owner' | 'too-many'>;
  unlink(device: string, other: string, by: string): Promise<boolean>;
  of(device: string): Promise<readonly { readonly other: string; readonly madeBy: string }[]>;
}

export interface RaBookmark {
  readonly name: string;
  readonly address: string;
  readonly text: string;
}

export interface RaBookmarks {
  bookmarks(account: string): Promise<readonly RaBookmark[]>;
  putBookmark(account: string, bookmark: RaBookmark, max: number): Promise<boolean>;
  removeBookmark(account: string, name: string): Promise<boolean>;
}

/** Devices that the platform speaks for: LwM2M terminals that their operator shared. */
export interface RaTerminals {
  /** Whether the account is a terminal. */
  has(account: string): boolean;
  facts(account: string): Promise<DeviceDescription | undefined>;
  /** Asks the terminal. What comes of a request that is queued is told by `RaServer.late`, over restarts too. */
  ask(
    account: string,
    request: DataRequest,
    /** `noted` resolves when the audit has the request: values that are observed are told no sooner. */
    by: RaAsker & { readonly noted: Promise<void> },
    signal: AbortSignal,
  ): Promise<Result<DataAnswer, RaRefusal>>;
  /** What a resource of a device was, also of one that speaks for itself. */
  history(account: string, question: HistoryQuestion): Promise<Result<RaHistory, RaRefusal>>;
  /** Undefined where the platform does not look after the firmware of the device. */
  firmware(account: string): Promise<FirmwareState | undefined>;
  /** Begins the update to what is offered. What becomes of it is told by `RaServer.tellAll`. */
  updateFirmware(account: string): Promise<Result<FirmwareProgress, RaRefusal>>;
  /** Gives up the update that is under way, where nothing is installed yet and the operator does not roll it out. */
  cancelFirmware(account: string): Promise<Result<FirmwareProgress, RaRefusal>>;
}

/** Who asks: an account, over one of its connections. */
export interface RaAsker {
  readonly account: string;
  readonly resource: string | undefined;
}

/** What came of a request that waited for a terminal. */
export interface LateAnswer extends RaAsker {
  readonly device: string;
  /** What the asker was told when the request was queued. */
  readonly id: string;
  readonly operation: RaOperation;
  readonly path: string;
  readonly outcome: Result<DataAnswer, RaRefusal>;
}

export interface RaAudit {
  record(entry: {
    readonly door: 'ra';
    readonly actor: string;
    readonly action: string;
    readonly device: string | undefined;
    readonly subject: string | undefined;
    readonly outcome: string;
  }): Promise<void>;
}

export interface RaAccounts {
  kindOf(account: string): Promise<'user' | 'device' | undefined>;
}
