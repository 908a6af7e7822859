import type { MessageProtection } from '@yaolian/coap';
import type { MessageSender, ProtectedMessaging, ProtectedReceiver } from '@yaolian/coap/messaging';
import {
  type Clock,
  type Duration,
  deafMeter,
  type Log,
  type Meter,
  type MeterLabels,
  type Peer,
  type Random,
  seconds,
  silentLog,
} from '@yaolian/kernel';
import { ContextTable } from './context-table.ts';
import { maximumSequence } from './cose.ts';
import type { OscoreCredentials } from './credentials.ts';
import type { OscoreCrypto } from './crypto-port.ts';
import { OscoreMetrics } from './metrics.ts';
import { OscoreLayer } from './oscore-layer.ts';
import { OscorePeer, useContext } from './oscore-peer.ts';
import type { OscoreTapSlot } from './oscore-tap.ts';
import { Rederivations } from './rederivations.ts';
import type { SecurityContext } from './security-context.ts';
import type { OscoreStateStore } from './state-store.ts';

/** How much is held at most. */
export interface OscoreBounds {
  /** Security contexts in use; beyond: 5.03, or OSCORE_TOO_MANY. Default 100000. */
  readonly maximumContexts: number;
  /** Requests that wait for {@link OscoreOptions.findCredentials} or for the store; beyond: 5.03. Default 1000. */
  readonly maximumLookups: number;
  /** Contexts that are tried for one request, where several have its `kid`. Default 4. */
  readonly maximumCandidates: number;
  /** Messages that wait for a sequence number; beyond: COAP_OVERLOADED. Default 10000. */
  readonly maximumWaiting: number;
  /** MAX_UNFRAGMENTED_SIZE (RFC 8613 §4.1.3.4.2): larger messages go in Inner blocks. Default 65535, what the default AEAD can do. */
  readonly maximumUnfragmented: number;
  /** Messages that proxies send in Outer blocks, in either direction; beyond, the one that paused longest gives way. Default 64. */
  readonly maximumOuterTransfers: number;
  /** Options in one protected message. Default 128. */
  readonly maximumOptions: number;
  /**
   * Offers of a new context (RFC 8613 Appendix B.2) to one peer within {@link OscoreOptions.rederivationLifetime}: 5.03 beyond. Default 16.
   */
  readonly maximumRederivations: number;
  /** Peers that had such an offer lately; beyond: 5.03. Default 10000. */
  readonly maximumRederiving: number;
  /** Numbers of the replay window: how far requests may overtake each other. 1 to 4096; default 32. */
  readonly replayWindow: number;
  /** Sequence numbers that are reserved at a time: what a crash loses, and after half of which one write is due. Default 256. */
  readonly sequenceStep: number;
  /** The last sequence number. Default 2^40 - 1, the most that there is. */
  readonly maximumSequence: number;
}

export const defaultOscoreBounds: OscoreBounds = {
  maximumContexts: 100_000,
  maximumLookups: 1000,
  maximumCandidates: 4,
  maximumWaiting: 10_000,
  maximumUnfragmented: 65_535,
  maximumOuterTransfers: 64,
  maximumOptions: 128,
  maximumRederivations: 16,
  maximumRederiving: 10_000,
  replayWindow: 32,
  sequenceStep: 256,
  maximumSequence,
};

/** What a request says of the security context that it is protected with. Nothing of it is proven yet. */
export interface ContextQuestion {
  /** The Sender ID of whoever sent it: the `recipientId` that is looked for. */
  readonly kid: Uint8Array;
  /** The ID Context, if the request carries it: then only a context that has it will do (RFC 8613 §5.1). */
  readonly kidContext: Uint8Array | undefined;
  /** Where it came from. */
  readonly peer: Peer;
}

export interface OscoreOptions {
  readonly crypto: OscoreCrypto;
  readonly store: OscoreStateStore;
  readonly clock: Clock;
  readonly random: Random;
  /** Finds the credentials of a peer that asks and is not known yet; undefined: 4.01. Absent: only who was opened may ask. */
  readonly findCredentials?: (
    question: ContextQuestion,
  ) => OscoreCredentials | undefined | Promise<OscoreCredentials | undefined>;
  /** How long a peer may take to repeat an Echo value after a restart of ours (RFC 9175 §2). Default 60 s. */
  readonly echoLifetime?: Duration;
  /** How long a peer may take from an offer of a new context to its use (RFC 8613 Appendix B.2). Default 60 s. */
  readonly rederivationLifetime?: Duration;
  readonly bounds?: Partial<OscoreBounds>;
  /** Where what is inside protected messages may be watched. */
  readonly tap?: OscoreTapSlot;
  readonly log?: Log;
  readonly meter?: Meter;
  readonly labels?: MeterLabels;
}

/**
 * Opens OSCORE (RFC 8613): the security contexts of a process. Give it to one endpoint or several as `protection`.
 * @throws RangeError when a bound makes no sense
 */
export function createOscore(options: OscoreOptions): Oscore {
  return new Oscore(options);
}

/** The security contexts of a process. Made by {@link createOscore}. */
export class Oscore implements MessageProtection {
  readonly #options: OscoreOptions;
  readonly #bounds: OscoreBounds;
  readonly #contexts: ContextTable;
  readonly #metrics: OscoreMetrics;
  readonly #rederivations: Rederivations;
  readonly #layers: OscoreLayer[] = [];

  constructor(options: OscoreOptions) {
    const { crypto, store, random, echoLifetime = seconds(60), meter = deafMeter, labels = {} } = options;
    this.#options = options;
    this.#bounds = checkedBounds({ ...defaultOscoreBounds, ...options.bounds });
    this.#contexts = new ContextTable({ crypto, store, random, echoLifetime, ...this.#bounds });
    this.#rederivations = new Rederivations({
      ...{ crypto, store, random, clock: options.clock, log: options.log ?? silentLog, contexts: this.#contexts },
      lifetime: options.rederivationLifetime ?? seconds(60),
      maximumRederivations: this.#bounds.maximumRederivations,
      maximumRederiving: this.#bounds.maximumRederiving,
      onAgreed: (context) => this.#onAgreed(context),
    });
    this.#metrics = new OscoreMetrics(meter, labels);
    meter.gauge('oscore_contexts', 'Security contexts in use.', () => this.#contexts.size, labels);
  }

  /** Security contexts in use. */
  get size(): number {
    return this.#contexts.size;
  }

  /** Who holds the contexts in use, as far as they asked something or were opened; on several endpoints perhaps several of one context. */
  peers(): readonly OscorePeer[] {
    const peers = new Set(this.#layers.flatMap((layer) => layer.peers));
    for (const { peer } of this.#contexts) if (peer !== undefined) peers.add(peer);
    return [...peers];
  }

  /**
   * The peer that holds these credentials too: ask it with `endpoint.request(peer, …)`. Its requests are taken as well.
   *
   * @param transport where it is; a peer that is in use already is there from now on
   * @throws RangeError when no context can be derived from the credentials
   * @throws YaolianError OSCORE_TOO_MANY, OSCORE_CLOSED; and what the store throws
   */
  async open(credentials: OscoreCredentials, transport: Peer): Promise<OscorePeer> {
    const context = credentials.rederives
      ? await this.#rederivations.open(credentials)
      : await this.#contexts.open(this.#contexts.derive(credentials));
    const known = this.#layers.map((layer) => layer.known(context)).find((peer) => peer !== undefined);
    context.peer ??= known ?? new OscorePeer(context, transport);
    context.peer.transport = transport;
    if (context.peer.context.sequence.ended) useContext(context.peer, context);
    return context.peer;
  }

  /** Ends the context of a peer: nothing of it is taken any more, and nothing can be sent to it. Its state is kept. */
  async forget(peer: OscorePeer): Promise<void> {
    const { context } = peer;
    const { holder } = context;
    for (const layer of this.#layers) layer.forget(context);
    this.#rederivations.forget(holder);
    const all = [context, ...this.#contexts.ofHolder(context.credentials.recipientId, holder)];
    await Promise.all(all.map((one) => this.#contexts.forget(one)));
    // One for request #1 (Appendix B.2) is in no table.
    if (context.stage === 'asking') await context.close();
  }

  /** @internal An endpoint asks. */
  attach(sender: MessageSender, receiver: ProtectedReceiver): ProtectedMessaging {
    const { crypto, clock, random, log = silentLog, findCredentials, tap } = this.#options;
    const layer = new OscoreLayer({
      sender,
      receiver,
      crypto,
      clock,
      random,
      log,
      findCredentials,
      tap,
      contexts: this.#contexts,
      rederivations: this.#rederivations,
      metrics: this.#metrics,
      ...this.#bounds,
    });
    this.#layers.push(layer);
    return layer;
  }

  #onAgreed(context: SecurityContext): void {
    for (const layer of this.#layers) layer.renew(context);
    if (context.peer !== undefined) useContext(context.peer, context);
  }

  /** Keeps the state of every context for the next start. Close the endpoints first. Rejects as the store does. */
  close(): Promise<void> {
    return this.#contexts.close();
  }
}

function checkedBounds(bounds: OscoreBounds): OscoreBounds {
  for (const [name, value] of Object.entries(bounds)) {
    const most = name === 'replayWindow' ? 4096 : maximumSequence;
    const least = name === 'maximumUnfragmented' ? 256 : name === 'maximumSequence' ? 0 : 1;
    if (!(Number.isInteger(value) && value >= least && value <= most)) {
      throw new RangeError(`${name} is a whole number from ${least} to ${most}, not ${value}`);
    }
  }
  return bounds;
}
