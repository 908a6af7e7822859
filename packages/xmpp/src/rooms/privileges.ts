/** XEP-0045 §5.2, from the least to the most. */
export const affiliations = ['outcast', 'none', 'member', 'admin', 'owner'] as const;

export type Affiliation = (typeof affiliations)[number];

/** XEP-0045 §5.1, from the least to the most. */
export const roles = ['none', 'visitor', 'participant', 'moderator'] as const;

export type Role = (typeof roles)[number];

export function isAffiliation(text: string | undefined): text is Affiliation {
  return (affiliations as readonly (string | undefined)[]).includes(text);
}

export function isRole(text: string | undefined): text is Role {
  return (roles as readonly (string | undefined)[]).includes(text);
}

/** Whether `affiliation` is `least` or more. */
export function isAtLeast(affiliation: Affiliation, least: Affiliation): boolean {
  return affiliations.indexOf(affiliation) >= affiliations.indexOf(least);
}

/** XEP-0045 §5.1.2: the role of somebody who comes in. */
export function initialRole(affiliation: Affiliation, isModerated: boolean): Role {
  if (affiliation === 'owner' || affiliation === 'admin') return 'moderator';
  if (affiliation === 'outcast') return 'none';
  return affiliation === 'none' && isModerated ? 'visitor' : 'participant';
}

/** Somebody in a room, as far as that decides what may be done. */
export interface Standing {
  readonly role: Role;
  readonly affiliation: Affiliation;
}

/**
 * XEP-0045 §8.2 to §8.5, §9.6, §9.7: whether `actor`, a moderator, may give `target` another role. Nobody touches who stands higher, and
 * only owners touch admins and owners.
 */
export function mayChangeRole(actor: Standing, target: Standing, role: Role): boolean {
  if (target.role === role) return true;
  if (actor.affiliation !== 'owner') {
    if (isAtLeast(target.affiliation, 'admin')) return false;
    if (!isAtLeast(actor.affiliation, target.affiliation)) return false;
  }
  // §8.4, §9.7: an admin or owner is a moderator as long as it is in the room.
  if (role !== 'none' && role !== 'moderator' && isAtLeast(target.affiliation, 'admin')) return false;
  const isOfModerators = role === 'moderator' || (target.role === 'moderator' && role !== 'none');
  return !isOfModerators || isAtLeast(actor.affiliation, 'admin');
}

/** XEP-0045 §9, §10.3 to §10.8: whether `actor`, an admin or owner, may make a `before` an `after`. */
export function mayChangeAffiliation(actor: Affiliation, before: Affiliation, after: Affiliation): boolean {
  if (actor === 'owner') return true;
  return actor === 'admin' && !isAtLeast(before, 'admin') && !isAtLeast(after, 'admin');
}
