import type { AccessSubject, Grant } from './access.ts';
import type { Binding, DeviceLink, Friendship } from './association.ts';

/** What changed between accounts: told after it is on disk, so that both sides can be pushed what is true. */
export type AssociationChange =
  | { readonly kind: 'bound'; readonly binding: Binding }
  | { readonly kind: 'binding-asked'; readonly binding: Binding }
  | { readonly kind: 'binding-renamed'; readonly binding: Binding }
  /** `by` an account; undefined: whoever runs the platform. */
  | { readonly kind: 'unbound'; readonly binding: Binding; readonly by: string | undefined }
  | {
      readonly kind: 'code-reset';
      readonly device: string;
      readonly by: string | undefined;
      readonly expiresAt: number | undefined;
    }
  /** Whether the device is asked before a user owns it. */
  | {
      readonly kind: 'confirmation';
      readonly device: string;
      readonly required: boolean;
      readonly by: string | undefined;
    }
  | { readonly kind: 'friends'; readonly friendship: Friendship }
  /** `isUnknown`: there is no such user; only the one who asks is told. */
  | { readonly kind: 'friend-asked'; readonly user: string; readonly by: string; readonly isUnknown?: boolean }
  | { readonly kind: 'friend-renamed'; readonly friendship: Friendship }
  /** `isUnknown`: what ended is a request to nobody; only `by`, who made it, is told. */
  | {
      readonly kind: 'unfriended';
      readonly friendship: Friendship;
      readonly by: string;
      readonly isUnknown?: boolean;
    }
  | { readonly kind: 'linked'; readonly link: DeviceLink }
  | { readonly kind: 'unlinked'; readonly device: string; readonly other: string }
  | { readonly kind: 'granted'; readonly grant: Grant }
  | {
      readonly kind: 'revoked';
      readonly device: string;
      readonly subject: AccessSubject;
      readonly feature: string;
      readonly by: string;
    };

/** Told of every change in the order in which they were committed. Must not throw. */
export type AssociationListener = (change: AssociationChange) => void;

/** Hands changes to all that listen. */
export class AssociationChanges {
  readonly #listeners = new Set<AssociationListener>();

  /** @returns stops listening */
  listen(listener: AssociationListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  tell(change: AssociationChange): void {
    for (const listener of this.#listeners) listener(change);
  }
}
