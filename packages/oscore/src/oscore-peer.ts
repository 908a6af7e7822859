import type { MessageSizing } from '@yaolian/coap/messaging';
import type { Peer, PeerIdentity, SocketAddress } from '@yaolian/kernel';
import { peerKeyOf } from './oscore-tap.ts';
import type { SecurityContext } from './security-context.ts';

/** Another context is used for what is sent to a peer from now on. */
export function useContext(peer: OscorePeer, context: SecurityContext): void {
  peer.context = context;
  peer.sizing = undefined;
}

/** Who holds a security context together with us, wherever it is reached. What is sent to it is protected. */
export class OscorePeer implements Peer {
  /** `oscore:` and 16 hexadecimal digits: the same for the same keys, over restarts and addresses. */
  readonly key: string;
  readonly hash: number;
  readonly identity: PeerIdentity & { readonly kind: 'oscore' };
  /** @internal That in use for what is sent. It changes where both sides make new ones (RFC 8613 Appendix B.2). */
  context: SecurityContext;
  /** Where it was heard last, by a message that proved to be newer than all before; or where we were told that it is. */
  transport: Peer;
  /** @internal What was made of the sizing of {@link transport} last. */
  sizing: { readonly below: MessageSizing; readonly own: MessageSizing } | undefined = undefined;

  constructor(context: SecurityContext, transport: Peer) {
    const { name, recipientId, idContext } = context.origin?.credentials ?? context.credentials;
    this.key = peerKeyOf(context.holder);
    this.hash = Number.parseInt(context.holder.slice(0, 8), 16);
    this.identity = { kind: 'oscore', identity: name, recipientId, idContext };
    this.context = context;
    this.transport = transport;
  }

  get address(): SocketAddress {
    return this.transport.address;
  }

  toString(): string {
    return `${this.key} (${this.identity.identity}) at ${this.transport.key}`;
  }
}
