import { type Duration, emptyBytes, equalBytes, type Random } from '@yaolian/kernel';
import { cborBytes } from './cbor.ts';
import { type CompleteCredentials, completeCredentials, type OscoreCredentials } from './credentials.ts';
import { EchoChallenge } from './echo-challenge.ts';
import { oscoreErrors } from './errors.ts';
import type { DerivedKeys } from './key-derivation.ts';
import type { OscorePeer } from './oscore-peer.ts';
import { ReplayWindow } from './replay-window.ts';
import { SenderSequence } from './sender-sequence.ts';
import type { OscoreStateStore } from './state-store.ts';

export interface SecurityContextOptions {
  readonly store: OscoreStateStore;
  readonly random: Random;
  readonly replayWindow: number;
  readonly sequenceStep: number;
  readonly maximumSequence: number;
  readonly echoLifetime: Duration;
}

/** What a context was made from that took the place of the one that was agreed on (RFC 8613 Appendix B.2). */
export interface ContextOrigin {
  /** As agreed on. */
  readonly credentials: CompleteCredentials;
  /** The ID of the context that was agreed on: the peer keeps it. */
  readonly id: string;
}

/** Contexts that are derived but may not be in use. */
export interface DerivedContext {
  readonly credentials: CompleteCredentials;
  readonly keys: DerivedKeys;
  /** Present where the credentials let new contexts be made (Appendix B.2). */
  readonly origin: ContextOrigin | undefined;
}

/**
 * How far both sides are with a context that one makes (RFC 8613 Appendix B.2): `asking` is that of request #1, `proposed` that of
 * request #2 until it is answered, and `agreed` is every other.
 */
export type ContextStage = 'asking' | 'proposed' | 'agreed';

/** A security context (RFC 8613 §3.1): Common, Sender and Recipient Context in one. */
export class SecurityContext {
  readonly credentials: CompleteCredentials;
  readonly keys: DerivedKeys;
  readonly origin: ContextOrigin | undefined;
  stage: ContextStage = 'agreed';
  readonly sequence: SenderSequence;
  readonly window: ReplayWindow;
  /** Present as long as nobody knows which requests came before the last restart (Appendix B.1.2). */
  challenge: EchoChallenge | undefined;
  /** Made by whoever opened the context. */
  peer: OscorePeer | undefined = undefined;
  readonly #store: OscoreStateStore;

  private constructor(
    options: SecurityContextOptions,
    { credentials, keys, origin }: DerivedContext,
    nextSequence: number,
  ) {
    const { store, random, sequenceStep: step, maximumSequence: maximum } = options;
    this.credentials = credentials;
    this.keys = keys;
    this.origin = origin;
    this.window = new ReplayWindow(options.replayWindow);
    this.challenge = new EchoChallenge(random, options.echoLifetime);
    this.#store = store;
    const reserve = (limit: number) => store.save(keys.id, { senderSequence: limit });
    this.sequence = new SenderSequence({ reserve, step, maximum }, nextSequence);
  }

  /** Takes up the state that was kept of a context, and keeps that it is in use. Rejects as the store does. */
  static async open(options: SecurityContextOptions, derived: DerivedContext): Promise<SecurityContext> {
    const state = await options.store.load(derived.keys.id);
    const context = new SecurityContext(options, derived, state?.senderSequence ?? 0);
    if (state === undefined || state.replayWindow !== undefined) context.challenge = undefined;
    if (state?.replayWindow !== undefined) context.window.restore(state.replayWindow);
    await context.sequence.start();
    return context;
  }

  get id(): string {
    return this.keys.id;
  }

  /** Names the peer: the same for all contexts that are made from what was agreed on. */
  get holder(): string {
    return this.origin?.id ?? this.keys.id;
  }

  /** The `kid context` of our requests: wrapped as a CBOR byte string as long as the context is not agreed on (Appendix B.2). */
  get kidContext(): Uint8Array | undefined {
    const { idContext, sendsIdContext } = this.credentials;
    if (this.stage !== 'agreed' && idContext !== undefined) return cborBytes(idContext);
    return sendsIdContext ? idContext : undefined;
  }

  /** Whether it was derived from these, as far as keys go. */
  isOf(other: OscoreCredentials): boolean {
    const { masterSecret, masterSalt, senderId, idContext, aead, kdf } = this.origin?.credentials ?? this.credentials;
    const complete = completeCredentials(other);
    return (
      equalBytes(masterSecret, complete.masterSecret) &&
      equalBytes(masterSalt, complete.masterSalt) &&
      equalBytes(senderId, complete.senderId) &&
      (idContext === undefined) === (complete.idContext === undefined) &&
      equalBytes(idContext ?? emptyBytes, complete.idContext ?? emptyBytes) &&
      aead === complete.aead &&
      kdf === complete.kdf
    );
  }

  /** The context is fresh, or a request proved to be: requests from `partialIv` on are told from replays. */
  synchronise(sequence: number): void {
    this.window.startAt(sequence);
    this.challenge = undefined;
  }

  /** Keeps the state for the next start, and encrypts nothing any more. Rejects as the store does. */
  async close(): Promise<void> {
    await this.sequence.end(oscoreErrors.OSCORE_CLOSED());
    const senderSequence = this.sequence.next;
    const known = this.challenge === undefined;
    await this.#store.save(this.id, {
      senderSequence,
      ...(known && { replayWindow: this.window.export() }),
    });
  }
}
