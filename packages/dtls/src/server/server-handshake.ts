import { emptyBytes, encodeHex, equalBytes, type Peer } from '@yaolian/kernel';
import type { ServerCredentials } from '../credentials.ts';
import type { GroupName, KeyKind, KeyShare } from '../crypto/crypto-port.ts';
import { type Step, unexpected } from '../faults.ts';
import { Handshake, type HandshakeHost } from '../handshake/handshake.ts';
import type { HandshakeMessage } from '../handshake/reassembly.ts';
import { type ClientHello, decodeClientHelloStart, emptyClientHelloStart } from '../messages/client-hello.ts';
import { CertificateType } from '../messages/extension-values.ts';
import { decodeHandshakeHeader, emptyHandshakeHeader } from '../messages/handshake-header.ts';
import { HandshakeType, handshakeTypeName } from '../messages/handshake-type.ts';
import type { HandshakeSignature } from '../messages/named-values.ts';
import type { OwnCredential } from '../options.ts';
import { sessionKeyOf } from '../session/session-progress.ts';
import { receiveCertificateVerify } from './receive-certificate-verify.ts';
import { receiveClientCertificate } from './receive-client-certificate.ts';
import { receiveClientHello } from './receive-client-hello.ts';
import { receiveClientKeyExchange } from './receive-client-key-exchange.ts';
import { receiveFinished } from './receive-finished.ts';
import type { Resumption } from './resumption.ts';

export interface ServerContext {
  readonly credentials: ServerCredentials;
  readonly resumption: Resumption;
}

export type ServerState = 'client hello' | 'certificate' | 'client key exchange' | 'certificate verify' | 'finished';

const header = emptyHandshakeHeader();
const hello = emptyClientHelloStart();

type Receive = (handshake: ServerHandshake, message: HandshakeMessage) => Step;

/** Which message each state takes; there is no other. */
const transitions: Readonly<Record<ServerState, readonly [type: number, receive: Receive]>> = {
  'client hello': [HandshakeType.ClientHello, receiveClientHello],
  certificate: [HandshakeType.Certificate, receiveClientCertificate],
  'client key exchange': [HandshakeType.ClientKeyExchange, receiveClientKeyExchange],
  'certificate verify': [HandshakeType.CertificateVerify, receiveCertificateVerify],
  finished: [HandshakeType.Finished, receiveFinished],
};

/** The server's side of a handshake, from the ClientHello with a good cookie on. */
export class ServerHandshake extends Handshake {
  readonly role = 'server';
  readonly context: ServerContext;
  override state: ServerState = 'client hello';
  hello!: ClientHello;
  sessionId: Uint8Array = emptyBytes;
  /** Whether the client takes a ticket at the end. */
  givesTicket = false;
  /** Of the full handshake that this one resumes: a resumption does not make its session younger. */
  resumedSince: number | undefined = undefined;
  own: OwnCredential | undefined = undefined;
  ownCertificateType: CertificateType = CertificateType.X509;
  clientCertificateType: CertificateType = CertificateType.X509;
  keyShare: KeyShare | undefined = undefined;
  group: GroupName | undefined = undefined;
  signature: HandshakeSignature = 'ecdsa-sha256';
  /** What the CertificateVerify of the client is checked with. */
  peerKey: { readonly publicKey: Uint8Array; readonly kind: KeyKind } | undefined = undefined;
  readonly #id: Uint8Array;

  /** @param messageSequence of the ClientHello with the cookie @param recordSequence of the record that brought it */
  constructor(
    peer: Peer,
    host: HandshakeHost,
    context: ServerContext,
    messageSequence: number,
    recordSequence: number,
  ) {
    super(peer, host);
    this.context = context;
    this.#id = this.settings.random.bytes(8);
    // RFC 6347 §4.2.2: what was said before the cookie is forgotten, so the client's numbers go on as ours.
    this.nextReceive = messageSequence;
    this.nextSend = messageSequence;
    // RFC 6347 §4.2.1: the ServerHello's record takes the number of the ClientHello's, lest one be used twice.
    this.plainSequence = recordSequence;
  }

  override sessionKey(): Pick<Peer, 'key' | 'hash'> {
    const id = this.#id;
    return {
      key: sessionKeyOf(encodeHex(id)),
      hash: ((id[0]! << 24) | (id[1]! << 16) | (id[2]! << 8) | id[3]!) >>> 0,
    };
  }

  override isAnotherHello(datagram: Uint8Array, start: number, end: number): boolean {
    if (this.clientRandom.length === 0 || !decodeHandshakeHeader(datagram, start, end, header)) return false;
    const isFirst = header.type === HandshakeType.ClientHello && header.offset === 0;
    if (!isFirst || !decodeClientHelloStart(datagram, header.bodyStart, header.bodyEnd, hello)) return false;
    return !equalBytes(datagram.subarray(hello.randomStart, hello.randomStart + 32), this.clientRandom);
  }

  protected override step(message: HandshakeMessage): Step {
    const [type, receive] = transitions[this.state];
    if (message.type !== type)
      return unexpected(`${handshakeTypeName(message.type)} in place of ${handshakeTypeName(type)}`);
    return receive(this, message);
  }

  /** Takes a message that came into the transcript. */
  record(message: HandshakeMessage): void {
    this.transcript.add(message.type, message.messageSequence, message.body);
  }
}
