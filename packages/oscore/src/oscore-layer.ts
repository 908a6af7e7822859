import type {
  Delivery,
  DeliveryListener,
  InboundRequest,
  Message,
  MessageSender,
  MessageSizing,
  OutgoingMessage,
  ProtectedMessaging,
  ProtectedReceiver,
  Taken,
} from '@yaolian/coap/messaging';
import type { Clock, Log, Peer, Random } from '@yaolian/kernel';
import type { ContextTable } from './context-table.ts';
import type { OscoreCrypto } from './crypto-port.ts';
import type { OscoreMetrics } from './metrics.ts';
import type { OscoreBounds, OscoreOptions } from './oscore.ts';
import { OscoreClient } from './oscore-client.ts';
import { OscorePeer, useContext } from './oscore-peer.ts';
import { OscoreServer } from './oscore-server.ts';
import type { OscoreTapSlot } from './oscore-tap.ts';
import { PeerPlaces } from './peer-places.ts';
import type { Rederivations } from './rederivations.ts';
import type { SecurityContext } from './security-context.ts';
import { protectedSizing } from './sizing.ts';

export interface OscoreLayerOptions extends OscoreBounds {
  readonly sender: MessageSender;
  readonly receiver: ProtectedReceiver;
  readonly crypto: OscoreCrypto;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly contexts: ContextTable;
  readonly metrics: OscoreMetrics;
  readonly rederivations: Rederivations;
  readonly findCredentials: OscoreOptions['findCredentials'];
  readonly tap: OscoreTapSlot | undefined;
}

/** OSCORE between the halves of one endpoint: what comes from and goes to an {@link OscorePeer} is protected, the rest passes. */
export class OscoreLayer implements ProtectedMessaging {
  readonly #maximumUnfragmented: number;
  readonly #sender: MessageSender;
  readonly #receiver: ProtectedReceiver;
  readonly #client: OscoreClient;
  readonly #server: OscoreServer;
  /** The peers of this endpoint. */
  readonly #peers = new PeerPlaces();

  constructor(options: OscoreLayerOptions) {
    this.#maximumUnfragmented = options.maximumUnfragmented;
    this.#sender = options.sender;
    this.#receiver = options.receiver;
    this.#client = new OscoreClient(options, (peer) => this.#peers.note(peer));
    this.#server = new OscoreServer(options, (context, transport, isNewest) =>
      this.#peerOf(context, transport, isNewest),
    );
  }

  get peers(): readonly OscorePeer[] {
    return this.#peers.all();
  }

  known(context: SecurityContext): OscorePeer | undefined {
    return this.#peers.get(context);
  }

  forget(context: SecurityContext): void {
    this.#peers.delete(context);
  }

  /** A context took the place of all others of its peer (RFC 8613 Appendix B.2): observations of before are over. */
  renew(context: SecurityContext): void {
    const peer = this.#peers.get(context);
    if (peer === undefined) return;
    useContext(peer, context);
    context.peer ??= peer;
    this.#receiver.onRenewed(peer);
  }

  sizing(peer: Peer): MessageSizing {
    if (!(peer instanceof OscorePeer)) return this.#sender.sizing(peer);
    const sizing = this.#sender.sizing(peer.transport);
    if (peer.sizing?.below !== sizing) {
      peer.sizing = { below: sizing, own: protectedSizing(sizing, peer.context, this.#maximumUnfragmented) };
    }
    return peer.sizing!.own;
  }

  send(peer: Peer, message: OutgoingMessage, confirmable: boolean, listener?: DeliveryListener): Delivery | undefined {
    if (!(peer instanceof OscorePeer)) return this.#sender.send(peer, message, confirmable, listener);
    this.#peers.note(peer);
    return message.code < 0x20
      ? this.#client.send(peer, message, confirmable, listener)
      : this.#server.notify(peer, message, confirmable, listener);
  }

  sendToGroup(group: Peer, message: OutgoingMessage): boolean {
    // RFC 8613 protects what two share; groups have a protocol of their own.
    if (group instanceof OscorePeer) throw new RangeError('a security context is of two: OSCORE has no groups');
    return this.#sender.sendToGroup(group, message);
  }

  ping(peer: Peer, listener: DeliveryListener): Delivery | undefined {
    return this.#sender.ping(peer instanceof OscorePeer ? peer.transport : peer, listener);
  }

  onRequest(request: InboundRequest): void {
    this.#server.onRequest(request);
  }

  onResponse(message: Message, peer: Peer): Taken {
    return this.#client.onResponse(message, peer);
  }

  onDisconnected(transport: Peer): readonly Peer[] {
    return this.#peers.at(transport.key);
  }

  close(): void {
    this.#server.close();
    this.#client.close();
  }

  #peerOf(context: SecurityContext, transport: Peer, isNewest: boolean): OscorePeer {
    const known = this.#peers.get(context) ?? context.peer;
    const peer = known ?? new OscorePeer(context, transport);
    const moved = isNewest && peer.transport.key !== transport.key;
    if (moved) peer.transport = transport;
    this.#peers.note(peer);
    if (!moved) return peer;
    if (known !== undefined) this.#receiver.onMoved(peer);
    return peer;
  }
}
