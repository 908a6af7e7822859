import type { IceDescription } from './ice-description.ts';

/** A STUN or TURN server (RFC 8489, RFC 8656). */
export interface IceServer {
  /** `stun:home.example:3478`, `turn:relay.example:3478?transport=udp` */
  readonly url: string;
  readonly username?: string;
  readonly password?: string;
}

export interface PeerConnectionListener {
  /** Bytes go both ways now. @param path `relayed`: through a TURN server */
  onOpen(path: 'direct' | 'relayed'): void;
  /** What comes next waits until this has resolved. */
  onData(data: Uint8Array): void | Promise<void>;
  /** The other side sends no more. */
  onEnd(): void;
  /** It never opened, or it is gone. */
  onClosed(reason: string): void;
}

/** ICE, DTLS and one reliable data channel to one other side: an `RTCPeerConnection` of a browser or of a library. */
export interface PeerConnection {
  /** As the one who asks. Resolves with all candidates. */
  offer(): Promise<IceDescription>;
  /** What the other side said to the offer. */
  accept(answer: IceDescription): Promise<void>;
  /** As the one who is asked. Resolves with all candidates. */
  answer(offer: IceDescription): Promise<IceDescription>;
  /** Resolves when more may be sent. */
  send(data: Uint8Array): Promise<void>;
  /** After all that was sent: there is no more. Resolves when the other side has all of it. */
  end(): Promise<void>;
  close(): void;
}

export interface PeerConnections {
  open(servers: readonly IceServer[], listener: PeerConnectionListener): PeerConnection;
}
