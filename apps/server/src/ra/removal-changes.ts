import type { AssociationChange, RemovedAssociations } from '@yaolian/directory';

/** What others are told when an account goes. */
export function changesOfRemoval(name: string, gone: RemovedAssociations): readonly AssociationChange[] {
  const unfriended = (other: string) => {
    const friendship = { user: name, other, state: 'friends', name: other, groups: [], since: 0 } as const;
    return { kind: 'unfriended', friendship, by: name } as const;
  };
  return [
    ...gone.bindings.map((binding) => ({ kind: 'unbound', binding, by: name }) as const),
    ...gone.friends.map(unfriended),
    ...gone.links.map(({ device, other }) => ({ kind: 'unlinked', device, other }) as const),
  ];
}
