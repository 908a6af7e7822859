import { because, type JsonHomeFriend, type JsonHomeGrant, routes } from '@yaolian/contract';
import type { AccessSubject, Friendship, Grant } from '@yaolian/directory';
import { hasCode } from '@yaolian/kernel';
import { optionalTime } from '../api/times.ts';
import type { RouteTable } from '../http/mount.ts';
import { Refusal, tooManyAttempts } from '../http/refusal.ts';
import { accountName } from '../ra/local-name.ts';
import type { RaService } from '../ra/ra-service.ts';
import { remoteAccessIsOff } from './account-routes.ts';

/** Friends of users, and what they permit them. */
export function addHomePeopleRoutes(table: RouteTable, service: RaService | undefined): void {
  const ra = () => {
    if (service === undefined) throw remoteAccessIsOff();
    return service;
  };
  const named = (text: string) => accountName(text, ra().domain) ?? text;
  table.add(routes.listHomeFriends, async ({ user }) => {
    const found = await ra().friends.of(user!.account.name);
    return { items: found.map((one) => friendToJson(one, ra().domain)) };
  });
  table.add(routes.askHomeFriend, async ({ user, body }) => {
    const other = accountName(body.user, ra().domain);
    if (other === undefined) throw new Refusal('invalid-value', because('name-of-nobody'));
    const outcome = await ra().friends.ask(user!.account.name, other);
    if (outcome === 'self') throw new Refusal('conflict', because('friend-is-you'));
    if (outcome === 'full') throw new Refusal('conflict', because('friends-full'));
    if (typeof outcome === 'object') throw tooManyAttempts(outcome.retryAfter);
    return { user: `${other}@${ra().domain}`, name: other, state: outcome };
  });
  table.add(routes.removeHomeFriend, async ({ user, params }) => {
    if (!(await ra().friends.remove(user!.account.name, named(params.user)))) throw new Refusal('not-found');
  });
  table.add(routes.listHomeGrants, async ({ user, params }) => {
    const grants = await ra().permissions.of(named(params.device), user!.account.name);
    if (grants === undefined) throw new Refusal('access-denied');
    return { items: grants.map((one) => grantToJson(one, ra().domain)) };
  });
  table.add(routes.setHomeGrant, async ({ user, params, body }) => {
    const { operations, feature } = body;
    const subject = subjectOf(body, named);
    const expiresAt = body.expiresAt === undefined ? undefined : Date.parse(body.expiresAt);
    const grantedBy = user!.account.name;
    const device = named(params.device);
    const outcome = await ra()
      .permissions.set({ device, subject, feature, operations, expiresAt, grantedBy })
      .catch((error: unknown) => {
        if (hasCode(error, 'FEATURE_UNFIT'))
          throw new Refusal('invalid-value', { ...because('feature-unfit'), detail: `${(error as Error).message}.` });
        throw error;
      });
    if (outcome === 'not-owner') throw new Refusal('access-denied');
    if (outcome === 'stranger') throw new Refusal('not-a-friend');
    if (outcome === 'too-many') {
      throw new Refusal('conflict', because('grants-full'));
    }
  });
  table.add(routes.revokeHomeGrant, async ({ user, params, query }) => {
    const subject = subjectOf(query, named);
    const by = user!.account.name;
    const outcome = await ra().permissions.revoke(named(params.device), subject, query.feature, by);
    if (outcome === 'not-owner') throw new Refusal('access-denied');
    if (outcome === 'none') throw new Refusal('not-found');
  });
}

function subjectOf(
  asked: { readonly user?: string; readonly class?: 'owner' | 'friend' },
  named: (text: string) => string,
): AccessSubject {
  if ((asked.user === undefined) === (asked.class === undefined)) {
    throw new Refusal('invalid-request', because('user-or-class'));
  }
  return asked.user === undefined
    ? { kind: 'class', class: asked.class! }
    : { kind: 'account', account: named(asked.user) };
}

function friendToJson({ other, name, state }: Friendship, domain: string): JsonHomeFriend {
  return { user: `${other}@${domain}`, name, state };
}

function grantToJson({ subject, feature, operations, expiresAt, grantedBy }: Grant, domain: string): JsonHomeGrant {
  return {
    ...(subject.kind === 'account' ? { user: `${subject.account}@${domain}` } : { class: subject.class }),
    feature,
    operations: [...operations],
    ...optionalTime('expiresAt', expiresAt),
    grantedBy: `${grantedBy}@${domain}`,
  };
}
