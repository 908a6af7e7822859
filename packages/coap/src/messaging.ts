import type { Peer, YaolianError } from '@yaolian/kernel';
import type { Message } from './message.ts';
import type { MessageSizing } from './message-sizing.ts';
import type { Option } from './options.ts';

/*
 * The seam between the two halves of CoAP (RFC 7252 §2): requests and responses, observations and block-wise transfers
 * above; below what carries messages, which is the message layer of RFC 7252 §4 over datagrams, or a stream (RFC 8323).
 */

/** A message as the upper half makes it; type and message ID are the lower half's business. */
export interface OutgoingMessage {
  readonly code: number;
  readonly token: Uint8Array;
  /** In ascending order of number. */
  readonly options: readonly Option[];
  readonly payload: Uint8Array;
  /** Of a notification: {@link InboundRequest.binding} of the request that asked for it. */
  readonly binding?: unknown;
}

/** How a message fares. At most one of `onRejected` and `onFailed` is called, and nothing after {@link Delivery.cancel}. */
export interface DeliveryListener {
  /** The peer has it: an ACK came. `withResponse` when the response is part of the same datagram; else it may follow. */
  onAcknowledged(withResponse?: boolean): void;
  /** The peer has no use for it: a Reset came. */
  onRejected(): void;
  /** It was given up: COAP_TIMEOUT, COAP_OVERLOADED or COAP_CLOSED. */
  onFailed(error: YaolianError): void;
  /**
   * It is about to be sent, after a wait in the queue, or sent again. Something newer may take its place and its remaining
   * attempts (RFC 7641 §4.5.2).
   */
  takeNewer?(): OutgoingMessage | undefined;
  /** It waits this many milliseconds, for want of a message ID (RFC 7252 §4.4). */
  onHeldBack?(milliseconds: number): void;
}

/** A message on its way. */
export interface Delivery {
  /** The upper half no longer cares: an answer came, or the caller gave up. Stops retransmission. */
  cancel(): void;
  /** For when the wait is over: that no answer came, and what the network said of it. Absent: it says nothing. */
  readonly timeoutError?: YaolianError | undefined;
}

/** The lower half as the upper sees it. */
export interface MessageSender {
  /** How much a message to this peer carries. */
  sizing(peer: Peer): MessageSizing;
  /**
   * Sends a message, or queues it behind others to the same peer.
   *
   * @param confirmable whether its arrival has to be known
   * @param listener absent when nobody asks how it fares
   * @returns undefined when there is no room: nothing was sent and the listener will not be called
   */
  send(peer: Peer, message: OutgoingMessage, confirmable: boolean, listener?: DeliveryListener): Delivery | undefined;
  /** Sends a request to a group: once, and nobody will say that it came. */
  sendToGroup(group: Peer, message: OutgoingMessage): boolean;
  /** Asks whether the peer is there (RFC 7252 §4.3): `onRejected` or `onAcknowledged` is its answer. */
  ping(peer: Peer, listener: DeliveryListener): Delivery | undefined;
}

/** A request that came, to be answered once, at any time. */
export interface InboundRequest {
  readonly message: Message;
  readonly peer: Peer;
  readonly confirmable: boolean;
  readonly multicast: boolean;
  /** What a {@link MessageProtection} needs to know of the request, to protect further responses to it. */
  readonly binding?: unknown;
  /**
   * @param listener hears how the peer takes the response; for the first notification of an observation
   * @returns what to cancel once the listener does not care any more; undefined when it will hear nothing
   */
  respond(
    code: number,
    options: readonly Option[],
    payload: Uint8Array,
    listener?: DeliveryListener,
  ): Delivery | undefined;
  /** No response will be sent. The peer's message layer is satisfied all the same. */
  ignore(): void;
  /** The request is of no use: rejected by the means of the lower half (RFC 7252 §4.2, §4.3), which are silent for NON. */
  reject(): void;
}

/**
 * Whether a response was taken. False: nobody waits for it, and the lower half rejects it. `strayed`: it has the token of an
 * observation of another peer, which may have a new address; it is neither acknowledged nor rejected. A promise: it was taken, and
 * is acknowledged once that settles.
 */
export type Taken = boolean | 'strayed' | Promise<unknown>;

/** The upper half as the lower sees it. Neither method throws. */
export interface MessageReceiver {
  /** A request that was not seen before. Answering before the call returns is the fast way. */
  onRequest(request: InboundRequest): void;
  /** A response that was not seen before. */
  onResponse(message: Message, peer: Peer): Taken;
}

/** The upper half as a {@link MessageProtection} sees it. */
export interface ProtectedReceiver extends MessageReceiver {
  /** Who waits for messages with the token of `message`, whatever peer that is of. The token is the object that was sent. */
  awaiting(message: Message): Iterable<{ readonly token: Uint8Array; readonly peer: Peer | undefined }>;
  /** A peer of the protection is reached through another peer of the transport from now on. */
  onMoved(peer: Peer): void;
  /** A peer of the protection has other keys from now on, and knows nothing of observations that were made with those before. */
  onRenewed(peer: Peer): void;
}

/** Protects messages end to end, between the two halves: object security, as OSCORE (RFC 8613) is. */
export interface MessageProtection {
  /** Puts itself between the halves of one endpoint. */
  attach(sender: MessageSender, receiver: ProtectedReceiver): ProtectedMessaging;
}

/**
 * The layer between the halves of one endpoint. Its peers are security contexts: {@link Peer.transport} is where messages to one
 * go. Messages of and for other peers pass through as they are.
 */
export interface ProtectedMessaging extends MessageSender, MessageReceiver {
  /** The connection to a peer ended. @returns the peers that were reached through it */
  onDisconnected(peer: Peer): readonly Peer[];
  /** Nothing is sent or received any more. */
  close(): void;
}
