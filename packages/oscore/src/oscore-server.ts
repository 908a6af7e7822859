import { Code, formatCode, type Option, OptionNumber, uintOption } from '@yaolian/coap';
import type {
  Delivery,
  DeliveryListener,
  InboundRequest,
  Message,
  MessageSender,
  OutgoingMessage,
  ProtectedReceiver,
} from '@yaolian/coap/messaging';
import {
  type Clock,
  concatBytes,
  emptyBytes,
  encodeUtf8,
  equalBytes,
  hasCode,
  type Log,
  type Peer,
  seconds,
} from '@yaolian/kernel';
import { cborBytes, decodeCborBytes } from './cbor.ts';
import type { ContextTable } from './context-table.ts';
import { decodePartialIv, encodePartialIv } from './cose.ts';
import type { OscoreCredentials } from './credentials.ts';
import type { OscoreCrypto } from './crypto-port.ts';
import {
  checkedInner,
  decryptedMessage,
  openRequest,
  optionOf,
  type RequestBinding,
  sealResponse,
  withOuterOptions,
} from './message-cipher.ts';
import type { OscoreMetrics } from './metrics.ts';
import { NumberedSends } from './numbered-sends.ts';
import type { OscoreOptions } from './oscore.ts';
import { decodeOscoreOption } from './oscore-option.ts';
import type { OscorePeer } from './oscore-peer.ts';
import { type OscoreTapSlot, watched } from './oscore-tap.ts';
import { OuterBlocks } from './outer-blocks.ts';
import { ProtectedRequest } from './protected-request.ts';
import { type Rederivations, requestName } from './rederivations.ts';
import type { DerivedContext, SecurityContext } from './security-context.ts';

export interface OscoreServerOptions {
  readonly sender: MessageSender;
  readonly receiver: ProtectedReceiver;
  readonly crypto: OscoreCrypto;
  readonly clock: Clock;
  readonly log: Log;
  readonly contexts: ContextTable;
  readonly metrics: OscoreMetrics;
  readonly findCredentials: OscoreOptions['findCredentials'];
  readonly tap: OscoreTapSlot | undefined;
  readonly rederivations: Rederivations;
  readonly maximumLookups: number;
  readonly maximumCandidates: number;
  readonly maximumWaiting: number;
  readonly maximumOptions: number;
  readonly maximumUnfragmented: number;
  readonly maximumOuterTransfers: number;
}

/** The peer of a context on this endpoint. @param isNewest whether the request that came is newer than all before */
export type PeerOfContext = (context: SecurityContext, transport: Peer, isNewest: boolean) => OscorePeer;

/** A request before anything of it is proven. */
interface Claim {
  readonly inbound: InboundRequest;
  readonly sealed: Uint8Array;
  readonly binding: RequestBinding;
  readonly kidContext: Uint8Array | undefined;
  readonly sequence: number;
}

/** Why a request is not taken: the code and text of RFC 8613 §8.2 and §7.4, sent as they are. The texts label the counters. */
const refusals = {
  undecodable: { code: Code.BadOption, diagnostic: 'Failed to decode COSE' },
  unknown: { code: Code.Unauthorized, diagnostic: 'Security context not found' },
  replayed: { code: Code.Unauthorized, diagnostic: 'Replay detected' },
  undecryptable: { code: Code.BadRequest, diagnostic: 'Decryption failed' },
  busy: { code: Code.ServiceUnavailable, diagnostic: 'Too many security contexts' },
} as const;
type Refusal = (typeof refusals)[keyof typeof refusals];

/** What clients are told to wait when we are full. */
const retryAfter = seconds(10);

/** The server's side of OSCORE: opens requests (RFC 8613 §8.2), seals their responses and notifications (§8.3). */
export class OscoreServer {
  readonly #options: OscoreServerOptions;
  readonly #peerOf: PeerOfContext;
  readonly #numbered: NumberedSends;
  readonly #outerBlocks: OuterBlocks;
  /** Requests that wait for credentials or for the store. */
  #lookups = 0;
  #closed = false;

  constructor(options: OscoreServerOptions, peerOf: PeerOfContext) {
    this.#options = options;
    this.#peerOf = peerOf;
    this.#numbered = new NumberedSends(options.maximumWaiting);
    this.#outerBlocks = new OuterBlocks(options);
  }

  close(): void {
    this.#closed = true;
  }

  onRequest(inbound: InboundRequest): void {
    const header = optionOf(inbound.message, OptionNumber.OSCORE);
    if (header === undefined) {
      this.#options.receiver.onRequest(inbound);
      return;
    }
    // A request to a group is protected otherwise, if at all.
    if (inbound.multicast) {
      this.#options.metrics.refused('multicast');
      inbound.ignore();
      return;
    }
    const option = decodeOscoreOption(header);
    if (!option.ok || option.value.kid === undefined || option.value.partialIv === undefined) {
      this.#refuse(inbound, refusals.undecodable);
      return;
    }
    const whole = this.#outerBlocks.accept(inbound, header);
    if (whole === undefined) return;
    // RFC 8613 §2: without payload there is nothing to open.
    if (whole.sealed.length === 0) {
      this.#refuse(inbound, refusals.undecodable);
      return;
    }
    const { kid, partialIv, kidContext } = option.value;
    const { outer, ...request } = whole;
    const binding = { kid, partialIv, ...(outer !== undefined && { outer }) };
    this.#onClaim({ ...request, binding, kidContext, sequence: decodePartialIv(partialIv) });
  }

  #onClaim(claim: Claim): void {
    const { maximumCandidates } = this.#options;
    const candidates = this.#named(claim).slice(0, maximumCandidates);
    let refusal: Refusal = refusals.unknown;
    for (const context of candidates) {
      const refused = this.#try(claim, context);
      if (refused === undefined) return;
      refusal = refused;
    }
    const { findCredentials } = this.#options;
    // RFC 8613 §3.3: a context with this `kid` need not be the only one, and its keys may have changed.
    if (findCredentials === undefined && this.#rederiving(claim).length === 0) this.#refuseClaim(claim, refusal);
    else void this.#lookUp(claim, findCredentials, refusal);
  }

  /** Contexts that a request may be of. */
  #named({ binding: { kid }, kidContext }: Claim): readonly SecurityContext[] {
    const { contexts } = this.#options;
    const found = contexts.find(kid, kidContext);
    const inside = kidContext && decodeCborBytes(kidContext);
    if (inside === undefined) return found;
    // RFC 8613 Appendix B.2: while a context is new its ID Context comes as a CBOR byte string.
    return [...found, ...contexts.find(kid, inside).filter(({ origin }) => origin !== undefined)];
  }

  /** Credentials of contexts in use from which new ones may be made (Appendix B.2). */
  #rederiving({ binding: { kid } }: Claim): readonly OscoreCredentials[] {
    const { contexts, maximumCandidates } = this.#options;
    const origins = contexts.find(kid, undefined).flatMap(({ origin }) => origin ?? []);
    return [...new Map(origins.map((origin) => [origin.id, origin.credentials])).values()].slice(0, maximumCandidates);
  }

  /** Takes a request that is of a context. @returns why not */
  #try(claim: Claim, context: SecurityContext): Refusal | undefined {
    const { sealed, binding, sequence } = claim;
    // RFC 8613 §8.2 step 3: before anything that costs more.
    if (context.challenge === undefined && context.window.hasSeen(sequence)) return refusals.replayed;
    const { crypto, tap } = this.#options;
    const { credentials, keys } = context;
    const plaintext = openRequest(watched(crypto, context, tap), credentials.aead, keys, binding, sealed);
    if (plaintext === undefined) return refusals.undecryptable;
    this.#accept(claim, context, plaintext);
    return undefined;
  }

  /** A request that is authentic. */
  #accept(claim: Claim, context: SecurityContext, plaintext: Uint8Array): void {
    const { inbound, sequence } = claim;
    const { metrics, maximumOptions, receiver } = this.#options;
    metrics.opened.add();
    // The option is a view of the datagram, and observations keep the binding.
    const { partialIv, outer } = claim.binding;
    const binding = {
      kid: context.credentials.recipientId,
      partialIv: partialIv.slice(),
      context,
      ...(outer !== undefined && { outer }),
    };
    const inner = decryptedMessage(inbound.message, plaintext, maximumOptions);
    if (context.challenge !== undefined && !this.#isFresh(context, inner, sequence)) {
      this.#challenge(inbound, context, binding);
      return;
    }
    this.#options.rederivations.confirm(context);
    const isNewest = sequence > context.window.highest;
    context.window.accept(sequence);
    const peer = this.#peerOf(context, inbound.peer, isNewest);
    const message = inner && withOuterOptions(inner, inbound.message, maximumOptions);
    const request = new ProtectedRequest(this, inbound, peer, binding, message ?? inbound.message);
    if (message !== undefined && message.code < 0x20) {
      receiver.onRequest(request);
      return;
    }
    metrics.refused('no request inside');
    request.respond(Code.BadRequest, [], encodeUtf8('what was protected is no request'));
  }

  /** RFC 8613 Appendix B.1.2: a request that repeats our Echo value is newer than the restart, and the first that counts. */
  #isFresh(context: SecurityContext, inner: Message | undefined, sequence: number): boolean {
    const echo = inner && optionOf(inner, OptionNumber.Echo);
    if (echo === undefined || !context.challenge!.accepts(echo, this.#options.clock.monotonic())) return false;
    context.synchronise(sequence - 1);
    return true;
  }

  #challenge(inbound: InboundRequest, context: SecurityContext, binding: RequestBinding): void {
    const { clock, metrics } = this.#options;
    const number = context.sequence.take();
    if (number === undefined) {
      this.#refuse(inbound, refusals.busy);
      return;
    }
    metrics.challenges.add();
    const echo: Option = { number: OptionNumber.Echo, value: context.challenge!.issue(clock.monotonic()) };
    // The nonce of the request may have been used before the restart: the response has its own.
    const partialIv = encodePartialIv(number);
    const sealed = this.seal(context, Code.Unauthorized, [echo], emptyBytes, binding, partialIv);
    inbound.respond(sealed.code, sealed.options, sealed.payload);
  }

  async #lookUp(claim: Claim, findCredentials: OscoreOptions['findCredentials'], refusal: Refusal): Promise<void> {
    const { binding, kidContext } = claim;
    if (this.#lookups >= this.#options.maximumLookups) {
      this.#refuseClaim(claim, refusals.busy);
      return;
    }
    this.#lookups++;
    this.#options.tap?.current?.onLookUp(claim.sealed);
    try {
      for (const credentials of this.#rederiving(claim)) {
        if (await this.#rederive(claim, credentials)) return;
      }
      const credentials = await findCredentials?.({ kid: binding.kid, kidContext, peer: claim.inbound.peer });
      if (credentials?.rederives && equalBytes(credentials.recipientId, binding.kid)) {
        if (!(await this.#rederive(claim, credentials))) this.#refuseClaim(claim, refusal);
        return;
      }
      const isNew =
        credentials !== undefined &&
        isAnswer(credentials, claim) &&
        !this.#options.contexts.find(binding.kid, kidContext).some((context) => context.isOf(credentials));
      if (!isNew) this.#refuseClaim(claim, refusal);
      else await this.#openContext(claim, this.#options.contexts.derive(credentials), refusal);
    } catch (error) {
      if (hasCode(error, 'OSCORE_TOO_MANY') || hasCode(error, 'OSCORE_CLOSED')) this.#refuseClaim(claim, refusals.busy);
      else this.#fail(claim, error);
    } finally {
      this.#lookups--;
    }
  }

  /** Opens the context of a request if the request proves to be of it: nobody makes us keep state by a guess. */
  async #openContext(claim: Claim, derived: DerivedContext, refusal: Refusal): Promise<void> {
    const { crypto, contexts } = this.#options;
    const { sealed, binding } = claim;
    const { credentials, keys } = derived;
    const plaintext = openRequest(crypto, credentials.aead, keys, binding, sealed);
    if (plaintext === undefined) {
      this.#refuseClaim(claim, refusal === refusals.unknown ? refusals.undecryptable : refusal);
      return;
    }
    const context = await contexts.open(derived);
    if (this.#closed || contexts.closed) return;
    // Its replay window is written down, or about to be: nothing may be added to it.
    if (context.sequence.ended) {
      this.#refuseClaim(claim, refusals.busy);
      return;
    }
    const refused = this.#try(claim, context);
    if (refused !== undefined) this.#refuseClaim(claim, refused);
  }

  /**
   * RFC 8613 Appendix B.2: a request of a peer that may make new contexts. It is of the context that was used before our start, or it
   * is request #1 or #2.
   * @returns false when it is nothing of that
   */
  async #rederive(claim: Claim, credentials: OscoreCredentials): Promise<boolean> {
    const { crypto, contexts, rederivations } = this.#options;
    const { sealed, binding, kidContext } = claim;
    const agreed = contexts.derive(credentials);
    const holder = agreed.origin!.id;
    const current = await rederivations.current(credentials, agreed);
    const inside = kidContext && decodeCborBytes(kidContext);
    const used = current?.credentials.idContext;
    const isNamed = (name: Uint8Array | undefined) =>
      name !== undefined && used !== undefined && equalBytes(name, used);
    const opens = ({ credentials: { aead }, keys }: DerivedContext) =>
      openRequest(crypto, aead, keys, binding, sealed) !== undefined;
    if (current !== undefined && (kidContext === undefined || isNamed(kidContext) || isNamed(inside))) {
      if (contexts.has(current.keys.id) || !opens(current)) return false;
      this.#takeWith(claim, await contexts.open(current));
      return true;
    }
    if (inside !== undefined && rederivations.accepts(holder, inside)) {
      const derived = contexts.derive(credentials, inside.slice());
      if (!opens(derived)) return false;
      this.#takeWith(claim, await rederivations.take(derived));
      return true;
    }
    for (const idContext of inside === undefined ? [kidContext] : [inside, kidContext]) {
      const asked = contexts.derive(credentials, idContext?.slice());
      if (!opens(asked)) continue;
      this.#answerFirst(claim, asked);
      return true;
    }
    return false;
  }

  #takeWith(claim: Claim, context: SecurityContext): void {
    if (this.#closed || this.#options.contexts.closed) return;
    // Its replay window is written down, or about to be: nothing may be added to it.
    const refused = context.sequence.ended ? refusals.busy : this.#try(claim, context);
    if (refused !== undefined) this.#refuseClaim(claim, refused);
  }

  /** Response #1: its keys are of use for it alone, as R2 is. Nobody knows whether the request is new, so that it is not served. */
  #answerFirst(claim: Claim, { credentials, origin }: DerivedContext): void {
    const { contexts, crypto, metrics, rederivations, tap } = this.#options;
    const { inbound, sealed, binding } = claim;
    const holder = origin!.id;
    const { idContext } = credentials;
    const r2 = rederivations.issue(holder, requestName(idContext, binding.partialIv));
    if (r2 === undefined || r2 === 'seen' || r2.length + (idContext?.length ?? 0) > 253) {
      this.#refuseClaim(claim, r2 === undefined ? refusals.busy : refusals.replayed);
      return;
    }
    tap?.current?.onRefused(sealed);
    metrics.rederivations.add();
    const derived = contexts.derive(origin!.credentials, concatBytes([r2, idContext ?? emptyBytes]));
    const first = sealResponse(
      watched(crypto, { holder }, tap),
      derived,
      Code.Unauthorized,
      [],
      emptyBytes,
      binding,
      Uint8Array.of(0),
      cborBytes(r2),
    );
    inbound.respond(first.code, first.options, first.payload);
  }

  /** @internal */
  seal(
    context: SecurityContext,
    code: number,
    options: readonly Option[],
    payload: Uint8Array,
    binding: RequestBinding,
    partialIv?: Uint8Array,
  ): ReturnType<typeof sealResponse> {
    const { crypto, metrics, tap } = this.#options;
    metrics.sealed.add();
    return sealResponse(watched(crypto, context, tap), context, code, options, payload, binding, partialIv);
  }

  /** Sends a notification, or the error that ends an observation (RFC 8613 §8.3.1). */
  notify(
    peer: OscorePeer,
    message: OutgoingMessage,
    confirmable: boolean,
    listener?: DeliveryListener,
  ): Delivery | undefined {
    checkedInner(message.options);
    // An observation is bound to the context that asked for it, and ends with that (Appendix B.2).
    const { context = peer.context } = message.binding as RequestBinding;
    return this.#numbered.send(peer, context, listener, (partialIv) => {
      const sealed = this.#sealNotification(peer, message, partialIv);
      return this.#options.sender.send(
        peer.transport,
        sealed,
        confirmable,
        listener && this.observing(peer, listener, context),
      );
    });
  }

  #sealNotification(peer: OscorePeer, message: OutgoingMessage, partialIv: Uint8Array): OutgoingMessage {
    const { code, token, options, payload } = message;
    const binding = message.binding as RequestBinding;
    const sealed = this.seal(binding.context ?? peer.context, code, options, payload, binding, partialIv);
    const { outer } = binding;
    return { token, ...(outer === undefined ? sealed : this.#outerBlocks.notification(sealed, outer)) };
  }

  /** @internal The listener of a notification, so that what takes its place is protected too (RFC 7641 §4.5.2). */
  observing(peer: OscorePeer, listener: DeliveryListener, { sequence }: SecurityContext): DeliveryListener {
    return {
      onAcknowledged: () => listener.onAcknowledged(),
      onRejected: () => listener.onRejected(),
      onFailed: (error) => listener.onFailed(error),
      onHeldBack: (milliseconds) => listener.onHeldBack?.(milliseconds),
      takeNewer: () => {
        // Without a number the old one goes once more: what is taken cannot be given back.
        if (!sequence.available) return undefined;
        const newer = listener.takeNewer?.();
        return newer && this.#sealNotification(peer, newer, encodePartialIv(sequence.take()!));
      },
    };
  }

  /** RFC 8613 §8.2: these answers are not protected, and not to be cached. */
  #refuse(inbound: InboundRequest, { code, diagnostic }: Refusal): void {
    this.#options.metrics.refused(diagnostic);
    this.#options.log.debug('a protected request was refused', {
      peer: inbound.peer.key,
      code: formatCode(code),
      reason: diagnostic,
    });
    const age = code === Code.ServiceUnavailable ? retryAfter / 1000 : 0;
    inbound.respond(code, [uintOption(OptionNumber.MaxAge, age)], encodeUtf8(diagnostic));
  }

  #refuseClaim({ inbound, sealed }: Claim, refusal: Refusal): void {
    this.#options.tap?.current?.onRefused(sealed);
    this.#refuse(inbound, refusal);
  }

  #fail({ inbound, sealed }: Claim, error: unknown): void {
    this.#options.tap?.current?.onRefused(sealed);
    this.#options.metrics.refused('internal error');
    this.#options.log.error('a security context could not be opened', { peer: inbound.peer.key, error });
    inbound.respond(Code.InternalServerError, [], emptyBytes);
  }
}

/** Whether these are the credentials that were asked for. RFC 8613 §5.1: a `kid context` is that of the context. */
function isAnswer({ recipientId, idContext }: OscoreCredentials, { binding, kidContext }: Claim): boolean {
  if (!equalBytes(recipientId, binding.kid)) return false;
  return kidContext === undefined || (idContext !== undefined && equalBytes(idContext, kidContext));
}
