import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { ByteStream, Peer, PeerIdentity } from '@yaolian/kernel';
import type { ChannelBindingType } from '@yaolian/xmpp';
import { nodeTimers } from '../clock.ts';
import { SocketStream } from '../stream/socket-stream.ts';
import { clientIdentity } from '../stream/tls-options.ts';
import type { Established } from '../tls/openssl/server-handshake.ts';
import { TlsStream } from '../tls/records/tls-stream.ts';
import { channelBindingData, channelBindingTypesOf } from './channel-binding.ts';

/** A socket with TLS on it, and what TLS says of the two sides. */
export interface SecureSocket {
  /** Takes the socket over. */
  stream(peer: Peer): ByteStream;
  /** What the client proved to a server. */
  readonly identity: PeerIdentity | undefined;
  readonly channelBindingTypes: readonly ChannelBindingType[];
  channelBinding(type: ChannelBindingType): Uint8Array | undefined;
}

/** Whose TLS is Node's. */
export class NodeSecureSocket implements SecureSocket {
  readonly #socket: TLSSocket;
  readonly #isServer: boolean;

  constructor(socket: TLSSocket, isServer: boolean) {
    this.#socket = socket;
    this.#isServer = isServer;
  }

  stream(peer: Peer): ByteStream {
    return new SocketStream(this.#socket, peer);
  }

  get identity(): PeerIdentity | undefined {
    return this.#isServer ? clientIdentity(this.#socket) : undefined;
  }

  get channelBindingTypes(): readonly ChannelBindingType[] {
    return channelBindingTypesOf(this.#socket);
  }

  channelBinding(type: ChannelBindingType): Uint8Array | undefined {
    return channelBindingData(this.#socket, type, this.#isServer);
  }
}

const bothBindings: readonly ChannelBindingType[] = ['tls-exporter', 'tls-server-end-point'];

/** Whose handshake is over, so that {@link TlsStream} is all that it still needs; of a server that asks for no certificates. */
export class RecordSocket implements SecureSocket {
  readonly identity = undefined;
  readonly channelBindingTypes = bothBindings;
  readonly #exporter: Uint8Array;
  readonly #endPoint: Uint8Array;
  #start: { readonly socket: Socket; readonly established: Established; readonly early: Uint8Array } | undefined;

  /**
   * @param endPoint RFC 5929 §4.1: the hash of the certificate that was shown
   * @param early what came behind the handshake
   */
  constructor(socket: Socket, established: Established, endPoint: Uint8Array, early: Uint8Array) {
    this.#exporter = established.exporter;
    this.#endPoint = endPoint;
    this.#start = { socket, established, early };
  }

  stream(peer: Peer): ByteStream {
    if (this.#start === undefined) throw new TypeError('the socket is taken over already');
    const { socket, established, early } = this.#start;
    this.#start = undefined;
    return new TlsStream(new SocketStream(socket, peer), established.keys, early, nodeTimers);
  }

  channelBinding(type: ChannelBindingType): Uint8Array | undefined {
    return type === 'tls-exporter' ? this.#exporter : this.#endPoint;
  }
}
