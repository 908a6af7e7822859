/**
 * GB/T 29265.205 §9 leaves the content of permissions open; this is ours: who may do what on which features of a device. One
 * function, {@link mayAccess}, decides for every door.
 */

/** What one may do with a feature of a device. */
export const accessOperations = ['read', 'write', 'execute', 'observe', 'message'] as const;

export type AccessOperation = (typeof accessOperations)[number];

/** How an account is related to a device. `friend`: of one of its owners; `linked`: a device that an owner joined to it. */
export type AccessRelation = 'self' | 'owner' | 'friend' | 'linked' | 'none';

/** The classes that a permission can be given to. */
export const accessClasses = ['owner', 'friend'] as const;

export type AccessClass = (typeof accessClasses)[number];

/** Whom a permission is for. */
export type AccessSubject =
  | { readonly kind: 'account'; readonly account: string }
  | { readonly kind: 'class'; readonly class: AccessClass };

/** One permission. Times are milliseconds since the epoch. */
export interface Grant {
  readonly device: string;
  readonly subject: AccessSubject;
  /** A feature namespace (`urn:oma:lwm2m:ext:3303`), or the beginning of some with `*` at the end; `*` alone: all. */
  readonly feature: string;
  /** None: what the subject may otherwise do here, it may not. */
  readonly operations: readonly AccessOperation[];
  readonly expiresAt: number | undefined;
  readonly grantedBy: string;
  readonly grantedAt: number;
}

/** What a decision rests on: read in one go, so that an unbinding comes before or after it, never between. */
export interface AccessFacts {
  readonly relation: AccessRelation;
  /** The permissions of the device for this account and for classes. */
  readonly grants: readonly Grant[];
}

export interface AccessRequest {
  readonly account: string;
  readonly feature: string;
  readonly operation: AccessOperation;
}

export interface AccessDecision {
  readonly allowed: boolean;
  /** The permission that decided; undefined: the default did. */
  readonly grant: Grant | undefined;
}

/**
 * Whether an account may do something with a feature of a device: the one place where that is decided. The permission that
 * names the account is stronger than one for its class, and among those the one that names the feature most closely; without
 * any, owners and the device itself may do all, linked devices may send messages, others nothing. Strangers never may.
 * @param now milliseconds since the epoch
 */
export function mayAccess(facts: AccessFacts, request: AccessRequest, now: number): AccessDecision {
  const { relation } = facts;
  if (relation === 'none') return { allowed: false, grant: undefined };
  if (relation === 'self') return { allowed: true, grant: undefined };
  let best: Grant | undefined;
  let bestRank = -1;
  for (const grant of facts.grants) {
    if (grant.expiresAt !== undefined && grant.expiresAt <= now) continue;
    const rank = rankOf(grant, request, relation);
    if (rank > bestRank) [best, bestRank] = [grant, rank];
  }
  if (best !== undefined) return { allowed: best.operations.includes(request.operation), grant: best };
  return { allowed: defaultAllows(relation, request.operation), grant: undefined };
}

/** Who wants to know of a device. */
export interface AccessViewer {
  readonly account: string;
  /** The feature under which the device describes itself. */
  readonly description: string;
}

/**
 * What an account may know of a device: whether it is there, and what it is, with the features that this is true of. Who may read its
 * description may know of all; who may do anything else with it, of those with which that is: what one may switch is of no use to who does
 * not know whether it is there. A permission that names the description itself, and does not give it, hides the device.
 * @returns undefined: nothing
 */
export function visibleFeatures(
  facts: AccessFacts,
  { account, description }: AccessViewer,
  now: number,
): ((feature: string) => boolean) | undefined {
  const described = mayAccess(facts, { account, feature: description, operation: 'read' }, now);
  if (described.allowed) return () => true;
  if (described.grant?.feature === description) return undefined;
  const permits = (feature: string) =>
    accessOperations.some((operation) => {
      const { allowed, grant } = mayAccess(facts, { account, feature, operation }, now);
      // What linked devices may without a permission tells them nothing of each other.
      return allowed && grant !== undefined;
    });
  const isSomething = facts.grants.some(({ feature }) => permits(feature.replace(/\*$/, '')));
  return isSomething ? permits : undefined;
}

function defaultAllows(relation: AccessRelation, operation: AccessOperation): boolean {
  return relation === 'owner' || (relation === 'linked' && operation === 'message');
}

const accountRank = 1_000_000;

/** How closely a permission names who asks and for what; -1: it says nothing about that. */
function rankOf({ subject, feature }: Grant, request: AccessRequest, relation: AccessRelation): number {
  if (subject.kind === 'account' ? subject.account !== request.account : subject.class !== relation) return -1;
  const named = featureRank(feature, request.feature);
  return named < 0 || subject.kind === 'class' ? named : named + accountRank;
}

function featureRank(pattern: string, feature: string): number {
  if (!pattern.endsWith('*')) return pattern === feature ? 2 * pattern.length + 1 : -1;
  return feature.startsWith(pattern.slice(0, -1)) ? 2 * (pattern.length - 1) : -1;
}

const longestFeature = 255;

/** A feature namespace of 1 to 255 characters without spaces and controls; `*` only at its end. */
export function isFeaturePattern(text: string): boolean {
  return text.length <= longestFeature && /^[^\p{Cc}\p{Zs}*]*\*?$/u.test(text) && text.length > 0;
}
