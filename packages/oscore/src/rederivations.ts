import {
  type Clock,
  concatBytes,
  type Duration,
  emptyBytes,
  encodeHex,
  encodeUtf8,
  equalBytes,
  type Log,
  type Random,
} from '@yaolian/kernel';
import type { ContextTable } from './context-table.ts';
import type { OscoreCredentials } from './credentials.ts';
import type { OscoreCrypto } from './crypto-port.ts';
import { contextId } from './key-derivation.ts';
import type { ContextStage, DerivedContext, SecurityContext } from './security-context.ts';
import type { OscoreStateStore } from './state-store.ts';

export interface RederivationsOptions {
  readonly crypto: OscoreCrypto;
  readonly contexts: ContextTable;
  readonly store: OscoreStateStore;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** How long an R2 is good for. */
  readonly lifetime: Duration;
  /** R2 for one peer within the lifetime. */
  readonly maximumRederivations: number;
  /** Peers that have an R2. */
  readonly maximumRederiving: number;
  /** A context took the place of all others of its peer. */
  readonly onAgreed: (context: SecurityContext) => void;
}

/** What is kept of a peer that asked for a new context, for twice the lifetime of an R2 at most. */
interface Asker {
  since: number;
  /** Request #1 that were answered since. */
  seen: Set<string>;
  /** The number of the R2 that was used last: those before it are good for nothing. */
  used: number;
}

const randomLength = 8;
const macLength = 8;
/** S2 || MAC, where S2 is a number and a time of 4 bytes each. */
const r2Length = 8 + macLength;

/**
 * Security contexts that both sides make from random ID Contexts when one of them lost its state (RFC 8613 Appendix B.2):
 *
 *     request #1    ID Context R1         kid context R1
 *     response #1   ID Context R2 || R1   kid context R2
 *     request #2    ID Context R2 || R3   kid context R2 || R3
 *     response #2   ID Context R2 || R3
 *
 * Whoever answers keeps nothing of response #1 that the next step needs: R2 says by itself that it is ours and when it was made.
 */
export class Rederivations {
  readonly #options: RederivationsOptions;
  readonly #macKey: Uint8Array;
  readonly #askers = new Map<string, Asker>();
  /** Contexts of request #1 that we send, by their peers. */
  readonly #asking = new Map<string, Promise<SecurityContext>>();
  /** Those that become `proposed` at the moment, by the context of the request before. */
  readonly #proposing = new WeakMap<SecurityContext, Promise<SecurityContext>>();
  #issued = 0;

  constructor(options: RederivationsOptions) {
    this.#options = options;
    this.#macKey = options.random.bytes(32);
  }

  /** What is used with a peer: what both sides made last, or what was agreed on. Undefined: we know nothing of its state. */
  async current(credentials: OscoreCredentials, agreed: DerivedContext): Promise<DerivedContext | undefined> {
    const { contexts, store } = this.#options;
    const record = await store.load(this.#recordId(agreed));
    if (record?.idContext !== undefined) return contexts.derive(credentials, record.idContext);
    return (await store.load(agreed.keys.id)) === undefined ? undefined : agreed;
  }

  // What answers.

  /**
   * An R2 for a request #1 that is authentic; undefined when there were too many.
   * @param request tells it from others
   */
  issue(holder: string, request: string): Uint8Array | 'seen' | undefined {
    const { clock, lifetime, maximumRederivations, maximumRederiving } = this.#options;
    const now = clock.monotonic();
    let asker = this.#askers.get(holder);
    if (asker === undefined) {
      if (this.#askers.size >= maximumRederiving) this.#removeOld(now);
      if (this.#askers.size >= maximumRederiving) return undefined;
      asker = { since: now, seen: new Set(), used: 0 };
      this.#askers.set(holder, asker);
    }
    if (now - asker.since >= lifetime) {
      asker.since = now;
      asker.seen = new Set();
    }
    if (asker.seen.has(request)) return 'seen';
    if (asker.seen.size >= maximumRederivations || this.#issued >= 0xffff_ffff) return undefined;
    asker.seen.add(request);
    const s2 = new Uint8Array(8);
    const view = new DataView(s2.buffer);
    view.setUint32(0, ++this.#issued);
    view.setUint32(4, Math.floor(now / 1000) % 2 ** 32);
    return concatBytes([s2, this.#mac(holder, s2)]);
  }

  /** Whether an ID Context begins with an R2 of ours that may still be used. */
  accepts(holder: string, idContext: Uint8Array): boolean {
    const { clock, lifetime } = this.#options;
    if (idContext.length <= r2Length) return false;
    const asker = this.#askers.get(holder);
    const s2 = idContext.slice(0, 8);
    if (asker === undefined || numberOf(s2) <= asker.used) return false;
    const age = clock.monotonic() / 1000 - new DataView(s2.buffer).getUint32(4);
    return age * 1000 <= lifetime + 1000 && equalBytes(this.#mac(holder, s2), idContext.subarray(8, r2Length));
  }

  /** Takes the context of an authentic request #2 into use. Rejects as the store does. */
  async take(derived: DerivedContext): Promise<SecurityContext> {
    const { contexts } = this.#options;
    const context = await contexts.open(derived);
    const asker = this.#askers.get(context.holder);
    const number = numberOf(derived.credentials.idContext!);
    // Several requests of the new context may have waited together.
    if (asker !== undefined && number < asker.used) throw new Error('another context was made meanwhile');
    if (asker === undefined || number > asker.used) {
      if (asker !== undefined) asker.used = number;
      try {
        await this.#agree(context);
      } catch (error) {
        await contexts.forget(context);
        throw error;
      }
    }
    return context;
  }

  // What asks.

  /** The context to ask a peer with: that in use, or, where its state is lost, one for request #1. */
  async open(credentials: OscoreCredentials): Promise<SecurityContext> {
    const { contexts } = this.#options;
    const agreed = contexts.derive(credentials);
    const { recipientId } = agreed.credentials;
    const known = contexts.ofHolder(recipientId, agreed.origin!.id)[0]?.peer?.context;
    if (known !== undefined) return known;
    const asking = this.#asking.get(agreed.origin!.id);
    if (asking !== undefined) return asking;
    const current = await this.current(credentials, agreed);
    return current === undefined ? this.begin(agreed) : contexts.open(current);
  }

  /** A context for request #1. */
  begin({ origin }: Pick<DerivedContext, 'origin'>): Promise<SecurityContext> {
    const { id, credentials } = origin!;
    const known = this.#asking.get(id);
    if (known !== undefined) return known;
    const { contexts, random } = this.#options;
    const begun = contexts.openAside(contexts.derive(credentials, random.bytes(randomLength))).then((context) => {
      context.stage = 'asking';
      return context;
    });
    this.#asking.set(id, begun);
    return begun;
  }

  /** Makes the context of a response #1, to see whether it opens it. */
  answered({ origin, credentials: { idContext } }: SecurityContext, r2: Uint8Array): DerivedContext | undefined {
    const both = concatBytes([r2, idContext ?? emptyBytes]);
    if (r2.length === 0 || both.length > 253) return undefined;
    return this.#options.contexts.derive(origin!.credentials, both);
  }

  /** The context of request #2, after an authentic response #1. Rejects as the store does. */
  propose(asked: SecurityContext, r2: Uint8Array): Promise<SecurityContext> {
    const known = this.#proposing.get(asked);
    if (known !== undefined) return known;
    const { contexts, random } = this.#options;
    const { id, credentials } = asked.origin!;
    const derived = contexts.derive(credentials, concatBytes([r2, random.bytes(randomLength)]));
    const proposing = contexts.open(derived).then((context) => {
      context.stage = 'proposed';
      context.peer = asked.peer;
      this.#asking.delete(id);
      return context;
    });
    void proposing.then((context) => this.#retire(context, 'proposed')).catch(() => {});
    this.#proposing.set(asked, proposing);
    proposing.catch(() => this.#proposing.delete(asked));
    return proposing;
  }

  /** Something authentic came with a context that we proposed: it is in use. */
  confirm(context: SecurityContext): void {
    if (context.stage !== 'proposed') return;
    context.stage = 'agreed';
    this.#agree(context).catch((error: unknown) => {
      // The next start knows the context before, which the peer does not take any more, and asks for another.
      this.#options.log.error('which security context is in use could not be kept', { peer: context.holder, error });
    });
  }

  /** A peer is ended. */
  forget(holder: string): void {
    this.#asking.delete(holder);
  }

  /** Appendix B.2: all other contexts of the peer are deleted, after it is durable that there is this one. */
  async #agree(context: SecurityContext): Promise<void> {
    const { contexts, store, onAgreed } = this.#options;
    const { idContext } = context.credentials;
    await store.save(this.#recordId(context), { senderSequence: 0, ...(idContext && { idContext }) });
    context.peer ??= contexts
      .ofHolder(context.credentials.recipientId, context.holder)
      .find(({ peer }) => peer !== undefined)?.peer;
    onAgreed(context);
    await this.#retire(context);
  }

  /** Ends the other contexts of the peer of one. @param stage those in it alone */
  async #retire(context: SecurityContext, stage?: ContextStage): Promise<void> {
    const { contexts, store } = this.#options;
    for (const other of contexts.ofHolder(context.credentials.recipientId, context.holder)) {
      if (other === context || (stage !== undefined && other.stage !== stage)) continue;
      await contexts.forget(other);
      // What was agreed on can be asked for again; what was made of random numbers cannot.
      if (other.id !== other.holder) await store.remove?.(other.id);
    }
  }

  #recordId({ origin }: Pick<DerivedContext, 'origin'>): string {
    return contextId(this.#options.crypto, origin!.credentials, 'current');
  }

  #mac(holder: string, s2: Uint8Array): Uint8Array {
    return this.#options.crypto.hkdf('sha256', this.#macKey, s2, encodeUtf8(`R2 ${holder}`), macLength);
  }

  #removeOld(now: number): void {
    for (const [holder, { since }] of this.#askers) {
      if (now - since > 2 * this.#options.lifetime + 2000) this.#askers.delete(holder);
    }
  }
}

/** The number of an R2. */
function numberOf(r2: Uint8Array): number {
  return new DataView(r2.buffer, r2.byteOffset, r2.byteLength).getUint32(0);
}

/** What tells a request #1 from others. */
export function requestName(idContext: Uint8Array | undefined, partialIv: Uint8Array): string {
  return `${encodeHex(idContext ?? emptyBytes)} ${encodeHex(partialIv)}`;
}
