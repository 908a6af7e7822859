import { type Duration, emptyBytes, equalBytes, type Random } from '@yaolian/kernel';
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

/** A security context (RFC 8613 §3.1): Common, Sender and Recipient Context in one. */
export class SecurityContext {
  readonly credentials: CompleteCredentials;
  readonly keys: DerivedKeys;
  readonly sequence: SenderSequence;
  readonly window: ReplayWindow;
  /** Present as long as nobody knows which requests came before the last restart (Appendix B.1.2). */
  challenge: EchoChallenge | undefined;
  /** Made by whoever opened the context. */
  peer: OscorePeer | undefined = undefined;
  readonly #store: OscoreStateStore;

  private constructor(
    options: SecurityContextOptions,
    credentials: CompleteCredentials,
    keys: DerivedKeys,
    nextSequence: number,
  ) {
    const { store, random, sequenceStep: step, maximumSequence: maximum } = options;
    this.credentials = credentials;
    this.keys = keys;
    this.window = new ReplayWindow(options.replayWindow);
    this.challenge = new EchoChallenge(random, options.echoLifetime);
    this.#store = store;
    const reserve = (limit: number) => store.save(keys.id, { senderSequence: limit });
    this.sequence = new SenderSequence({ reserve, step, maximum }, nextSequence);
  }

  /** Takes up the state that was kept of a context, and keeps that it is in use. Rejects as the store does. */
  static async open(
    options: SecurityContextOptions,
    credentials: CompleteCredentials,
    keys: DerivedKeys,
  ): Promise<SecurityContext> {
    const state = await options.store.load(keys.id);
    const context = new SecurityContext(options, credentials, keys, state?.senderSequence ?? 0);
    if (state === undefined || state.replayWindow !== undefined) context.challenge = undefined;
    if (state?.replayWindow !== undefined) context.window.restore(state.replayWindow);
    await context.sequence.start();
    return context;
  }

  get id(): string {
    return this.keys.id;
  }

  /** Whether it was derived from these, as far as keys go. */
  isOf(other: OscoreCredentials): boolean {
    const { masterSecret, masterSalt, senderId, idContext, aead, kdf } = this.credentials;
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
