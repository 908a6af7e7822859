import type { AssociationChange } from '@yaolian/directory';

/** Where rights may have ended: with a device, or of accounts. */
export type EndedRights = { readonly device: string } | { readonly accounts: readonly string[] };

/** Where a change may have taken rights away, and more: what is permitted is looked up. Undefined: it takes none. */
export function endedRights(change: AssociationChange): EndedRights | undefined {
  switch (change.kind) {
    case 'bound':
    case 'unbound':
      return { device: change.binding.device };
    case 'granted':
      return { device: change.grant.device };
    case 'revoked':
      return { device: change.device };
    case 'unlinked':
      return { accounts: [change.device, change.other] };
    case 'unfriended':
      return { accounts: [change.friendship.user, change.friendship.other] };
    default:
      return undefined;
  }
}
