import { Type } from 'typebox';

/** What an operator or token may do. Each role may do everything that the ones before it may. */
export const roles = ['viewer', 'operator', 'admin'] as const;

export type Role = (typeof roles)[number];

export const RoleSchema = Type.Enum([...roles], {
  description:
    'viewer: look; operator: also operate devices and enrol them; admin: also tokens, bootstrap configurations and objects',
});

/** True when somebody with role `held` may do what needs `needed`. */
export function roleCovers(held: Role, needed: Role): boolean {
  return roles.indexOf(held) >= roles.indexOf(needed);
}
