import { encodeHex } from '@yaolian/kernel';
import { completeCredentials, type OscoreCredentials } from './credentials.ts';
import type { OscoreCrypto } from './crypto-port.ts';
import { oscoreErrors } from './errors.ts';
import { contextId, type DerivedKeys, deriveKeys } from './key-derivation.ts';
import { type DerivedContext, SecurityContext, type SecurityContextOptions } from './security-context.ts';
import { VolatileOscoreStates } from './state-store.ts';

export interface ContextTableOptions extends SecurityContextOptions {
  readonly crypto: OscoreCrypto;
  /** Beyond: OSCORE_TOO_MANY. */
  readonly maximumContexts: number;
}

/** The security contexts in use, each opened once, found by what requests say of them. */
export class ContextTable {
  readonly #options: ContextTableOptions;
  readonly #contexts = new Map<string, SecurityContext>();
  /** Being opened, by ID. */
  readonly #opening = new Map<string, Promise<SecurityContext>>();
  /** Being ended, by ID: their state is not kept yet. */
  readonly #ending = new Map<string, Promise<void>>();
  /** By Recipient ID, in hexadecimal. */
  readonly #ofRecipient = new Map<string, SecurityContext[]>();
  /** IDs of those in use, being opened or being ended, by their Sender Keys. */
  readonly #ofSender = new Map<string, string>();
  #closed = false;

  constructor(options: ContextTableOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#contexts.size;
  }

  [Symbol.iterator](): Iterator<SecurityContext> {
    return this.#contexts.values();
  }

  get closed(): boolean {
    return this.#closed;
  }

  /**
   * @param idContext in place of the one that was agreed on (RFC 8613 Appendix B.2)
   * @throws RangeError when no context can be derived from the credentials
   */
  derive(credentials: OscoreCredentials, idContext?: Uint8Array): DerivedContext {
    const { crypto } = this.#options;
    const agreed = completeCredentials(credentials);
    const complete = idContext === undefined ? agreed : { ...agreed, idContext };
    const origin = agreed.rederives ? { credentials: agreed, id: contextId(crypto, agreed) } : undefined;
    return { credentials: complete, keys: deriveKeys(crypto, complete), origin };
  }

  /** A context of a random ID Context that is of no use after this process, and takes no requests. */
  openAside(derived: DerivedContext): Promise<SecurityContext> {
    return SecurityContext.open({ ...this.#options, store: new VolatileOscoreStates() }, derived);
  }

  has(id: string): boolean {
    return this.#contexts.has(id);
  }

  /** Those in use of one peer (Appendix B.2): while a new one is not agreed on there is the old one beside it. */
  ofHolder(recipientId: Uint8Array, holder: string): readonly SecurityContext[] {
    return this.find(recipientId, undefined).filter((context) => context.holder === holder);
  }

  /**
   * The context of these keys, taking up the state that was kept of it. Rejects as the store does, or OSCORE_TOO_MANY, or with a
   * RangeError when another context encrypts with the same key.
   */
  async open(derived: DerivedContext): Promise<SecurityContext> {
    const { id } = derived.keys;
    const known = this.#contexts.get(id) ?? this.#opening.get(id);
    if (known !== undefined) return known;
    if (this.#closed) throw oscoreErrors.OSCORE_CLOSED();
    const { maximumContexts } = this.#options;
    if (this.#contexts.size + this.#opening.size >= maximumContexts) {
      throw oscoreErrors.OSCORE_TOO_MANY(`${maximumContexts} security contexts`);
    }
    const sender = encodeHex(derived.keys.senderKey);
    // RFC 8613 §3.3: each counts its own numbers, so both would use the nonces of the other.
    if ((this.#ofSender.get(sender) ?? id) !== id) {
      throw new RangeError(
        'another context in use encrypts with the same key: with one Master Secret, Master Salt and ID Context every context has a Sender ID of its own',
      );
    }
    this.#ofSender.set(sender, id);
    const opening = this.#openKept(derived);
    this.#opening.set(id, opening);
    try {
      const context = await opening;
      if (this.#closed) throw oscoreErrors.OSCORE_CLOSED();
      if (this.#opening.get(id) === opening) this.#add(context);
      return context;
    } finally {
      if (this.#opening.get(id) === opening) this.#opening.delete(id);
      this.#release(derived.keys);
    }
  }

  async #openKept(derived: DerivedContext): Promise<SecurityContext> {
    // Whoever began before that is written would go back to numbers that are used.
    await this.#ending.get(derived.keys.id)?.catch(() => {});
    return SecurityContext.open(this.#options, derived);
  }

  #add(context: SecurityContext): void {
    this.#contexts.set(context.id, context);
    const key = encodeHex(context.credentials.recipientId);
    const others = this.#ofRecipient.get(key);
    if (others === undefined) this.#ofRecipient.set(key, [context]);
    // The newest first: the keys of a peer may have changed.
    else others.unshift(context);
  }

  #release({ id, senderKey }: DerivedKeys): void {
    if (this.#contexts.has(id) || this.#opening.has(id) || this.#ending.has(id)) return;
    this.#ofSender.delete(encodeHex(senderKey));
  }

  /** Those that a request may be of (RFC 8613 §3.3, §5.1). */
  find(kid: Uint8Array, kidContext: Uint8Array | undefined): readonly SecurityContext[] {
    const contexts = this.#ofRecipient.get(encodeHex(kid)) ?? [];
    if (kidContext === undefined) return contexts;
    const wanted = encodeHex(kidContext);
    return contexts.filter(({ credentials: { idContext } }) => idContext && encodeHex(idContext) === wanted);
  }

  /** Ends a context, keeping its state. */
  async forget(context: SecurityContext): Promise<void> {
    if (this.#contexts.get(context.id) !== context) return;
    this.#contexts.delete(context.id);
    const key = encodeHex(context.credentials.recipientId);
    const left = this.#ofRecipient.get(key)!.filter((other) => other !== context);
    if (left.length > 0) this.#ofRecipient.set(key, left);
    else this.#ofRecipient.delete(key);
    const ending = context.close().finally(() => {
      this.#ending.delete(context.id);
      this.#release(context.keys);
    });
    this.#ending.set(context.id, ending);
    await ending;
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.allSettled(this.#opening.values());
    await Promise.all([...this.#contexts.values()].map((context) => this.forget(context)));
  }
}
