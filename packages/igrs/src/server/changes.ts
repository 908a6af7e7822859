import { element, type Notice, type XmlElement } from '@yaolian/xmpp';
import { raNamespaces } from '../namespaces.ts';
import { encodeBinding } from './binding-requests.ts';
import { encodeGrant } from './permission-requests.ts';
import type { RaBinding, RaBindings, RaFriendship, RaGrant, RaSubject } from './ports.ts';
import { timeText } from './request.ts';

/** What changed between accounts, as whoever keeps them tells it. */
export type RaChange =
  | { readonly kind: 'bound' | 'binding-asked' | 'binding-renamed'; readonly binding: RaBinding }
  | { readonly kind: 'unbound'; readonly binding: RaBinding; readonly by: string | undefined }
  | {
      readonly kind: 'code-reset';
      readonly device: string;
      readonly by: string | undefined;
      readonly expiresAt: number | undefined;
    }
  | {
      readonly kind: 'confirmation';
      readonly device: string;
      readonly required: boolean;
      readonly by: string | undefined;
    }
  | { readonly kind: 'friends' | 'friend-renamed'; readonly friendship: RaFriendship }
  /** `isUnknown`: there is no such user; only the one who asks is told. */
  | { readonly kind: 'friend-asked'; readonly user: string; readonly by: string; readonly isUnknown?: boolean }
  /** `isUnknown`: what ended is a request that nobody had heard of; only `by`, who made it, is told. */
  | {
      readonly kind: 'unfriended';
      readonly friendship: RaFriendship;
      readonly by: string;
      readonly isUnknown?: boolean;
    }
  | { readonly kind: 'linked'; readonly link: { readonly device: string; readonly other: string } }
  | { readonly kind: 'unlinked'; readonly device: string; readonly other: string }
  | { readonly kind: 'granted'; readonly grant: RaGrant }
  | {
      readonly kind: 'revoked';
      readonly device: string;
      readonly subject: RaSubject;
      readonly feature: string;
      readonly by: string;
    };

/** A push (§11.5) and the accounts that get it; owners of `ownersOf` besides. */
export interface Push {
  readonly to: readonly string[];
  readonly ownersOf?: string;
  readonly payload: XmlElement;
}

const ns = raNamespaces.push;

/** What is pushed when associations change, to both sides. */
export function pushOf(change: RaChange, domain: string): Push {
  const jid = (account: string) => `${account}@${domain}`;
  switch (change.kind) {
    case 'bound':
    case 'binding-asked':
    case 'unbound': {
      // Owners hear of each other: nobody owns a device without the others' knowing.
      const { binding } = change;
      const to = [binding.user, binding.device];
      const payload = encodeBinding(binding, domain, ns, change.kind);
      const by = change.kind === 'unbound' && change.by !== undefined ? jid(change.by) : undefined;
      return { to, ownersOf: binding.device, payload: payload.with({ by }) };
    }
    case 'binding-renamed':
      return { to: [change.binding.user], payload: encodeBinding(change.binding, domain, ns, change.kind) };
    case 'code-reset': {
      // The code itself is told to who reset it, and to nobody else.
      const { device, expiresAt } = change;
      const payload = element(change.kind, ns, { device: jid(device), expires: timeText(expiresAt) });
      return { to: [device], ownersOf: device, payload };
    }
    case 'confirmation': {
      const { device, required, by } = change;
      const attributes = {
        device: jid(device),
        required: String(required),
        by: by === undefined ? undefined : jid(by),
      };
      return { to: [device], ownersOf: device, payload: element(change.kind, ns, attributes) };
    }
    case 'friends':
    case 'friend-renamed':
    case 'unfriended': {
      const { user, other, name } = change.friendship;
      const to = change.kind === 'unfriended' && change.isUnknown !== true ? [user, other] : [user];
      return { to, payload: element(change.kind, ns, { user: jid(user), other: jid(other), name }) };
    }
    case 'friend-asked':
      return {
        to: change.isUnknown === true ? [] : [change.user],
        payload: element(change.kind, ns, { user: jid(change.by) }),
      };
    case 'linked':
    case 'unlinked': {
      const { device, other } = change.kind === 'linked' ? change.link : change;
      const payload = element(change.kind, ns, { device: jid(device), other: jid(other) });
      return { to: [device, other], ownersOf: device, payload };
    }
    case 'granted':
      return toKeepers(change.grant.device, change.grant.subject, encodeGrant(change.grant, domain), change.kind);
    case 'revoked': {
      const { device, subject, feature } = change;
      const grant: RaGrant = { device, subject, feature, operations: [], expiresAt: undefined, grantedBy: change.by };
      return toKeepers(device, subject, encodeGrant(grant, domain).with({ operations: undefined }), change.kind);
    }
  }

  function toKeepers(device: string, subject: RaSubject, grant: XmlElement, kind: string): Push {
    const to = subject.kind === 'account' ? [device, subject.account] : [device];
    return { to, ownersOf: device, payload: element(kind, ns, { device: jid(device) }, grant) };
  }
}

/** What the push of a change tells of: a later one about the same says what is so. */
export function noticeOf(change: RaChange): Notice {
  const of = (group: string, ...rest: readonly string[]): Notice => ({ group, topic: [group, ...rest].join(' ') });
  switch (change.kind) {
    case 'bound':
    case 'binding-asked':
    case 'unbound':
      return of(`binding ${change.binding.device}`, change.binding.user);
    case 'binding-renamed':
      return of(`name ${change.binding.device}`, change.binding.user);
    case 'code-reset':
    case 'confirmation':
      return of(`${change.kind} ${change.device}`);
    case 'friends':
    case 'unfriended':
      return of('friendship', ...[change.friendship.user, change.friendship.other].sort());
    case 'friend-asked':
      return of('friendship', ...[change.user, change.by].sort());
    case 'friend-renamed':
      return of('name', change.friendship.other);
    case 'linked':
    case 'unlinked': {
      const { device, other } = change.kind === 'linked' ? change.link : change;
      const [first, second] = [device, other].sort() as [string, string];
      return of(`link ${first}`, second);
    }
    case 'granted':
    case 'revoked': {
      const { device, subject, feature } = change.kind === 'granted' ? change.grant : change;
      const whom = subject.kind === 'account' ? subject.account : subject.class;
      return of(`permission ${device}`, subject.kind, whom, feature);
    }
  }
}

/** The accounts that are told of a change. Who waits for the consent of a device is no owner of it yet. */
export async function pushRecipients(
  { to, ownersOf }: Pick<Push, 'to' | 'ownersOf'>,
  bindings: Pick<RaBindings, 'ownersOf'>,
): Promise<readonly string[]> {
  const bound = ownersOf === undefined ? [] : await bindings.ownersOf(ownersOf);
  const owners = bound.filter(({ state }) => state === 'active').map(({ user }) => user);
  return [...new Set([...to, ...owners])];
}

/** The accounts whose contact lists change, each with the other side. */
export function contactsChanged(change: RaChange): readonly (readonly [string, string])[] {
  switch (change.kind) {
    case 'bound':
    case 'unbound': {
      const { user, device } = change.binding;
      return [
        [user, device],
        [device, user],
      ];
    }
    case 'binding-renamed':
      return [[change.binding.user, change.binding.device]];
    case 'friend-asked':
      return [[change.by, change.user]];
    case 'friends':
    case 'friend-renamed':
      return [[change.friendship.user, change.friendship.other]];
    case 'unfriended': {
      const { user, other } = change.friendship;
      const asker = [user, other] as const;
      return change.isUnknown === true ? [asker] : [asker, [other, user]];
    }
    default:
      return [];
  }
}
