import { emptyBytes, type Peer } from '@yaolian/kernel';
import type { ClientCredentials } from '../credentials.ts';
import type { KeyKind } from '../crypto/crypto-port.ts';
import { type Step, unexpected } from '../faults.ts';
import { Handshake, type HandshakeHost } from '../handshake/handshake.ts';
import type { HandshakeMessage } from '../handshake/reassembly.ts';
import type { CertificateRequest } from '../messages/certificate-request.ts';
import { CertificateType } from '../messages/extension-values.ts';
import { HandshakeType, handshakeTypeName } from '../messages/handshake-type.ts';
import type { ServerKeyExchange } from '../messages/server-key-exchange.ts';
import type { DtlsSession } from '../session/session.ts';
import type { ClientResumption } from './client.ts';
import { receiveHelloVerifyRequest } from './receive-hello-verify-request.ts';
import { receiveServerFinished, receiveTicket } from './receive-server-finished.ts';
import { receiveCertificate, receiveCertificateRequest, receiveServerKeyExchange } from './receive-server-flight.ts';
import { receiveServerHello } from './receive-server-hello.ts';
import { sendClientFlight } from './send-client-flight.ts';
import { sendClientHello } from './send-client-hello.ts';
import type { ShownCredentials } from './shown-credentials.ts';

export type ClientState =
  | 'server hello'
  | 'certificate'
  | 'server key exchange'
  | 'request or done'
  | 'done'
  | 'ticket'
  | 'finished';

type Receive = (handshake: ClientHandshake, message: HandshakeMessage) => Step;

/** Which messages each state takes; there are no others. */
const transitions: Readonly<Record<ClientState, Readonly<Record<number, Receive>>>> = {
  'server hello': {
    [HandshakeType.HelloVerifyRequest]: receiveHelloVerifyRequest,
    [HandshakeType.ServerHello]: receiveServerHello,
  },
  certificate: { [HandshakeType.Certificate]: receiveCertificate },
  'server key exchange': {
    [HandshakeType.ServerKeyExchange]: receiveServerKeyExchange,
    [HandshakeType.ServerHelloDone]: sendClientFlight,
  },
  'request or done': {
    [HandshakeType.CertificateRequest]: receiveCertificateRequest,
    [HandshakeType.ServerHelloDone]: sendClientFlight,
  },
  done: { [HandshakeType.ServerHelloDone]: sendClientFlight },
  ticket: { [HandshakeType.NewSessionTicket]: receiveTicket },
  finished: { [HandshakeType.Finished]: receiveServerFinished },
};

/** The client's side of a handshake. */
export class ClientHandshake extends Handshake {
  readonly role = 'client';
  readonly credentials: ClientCredentials;
  /** What an earlier session left for this one; its secret is this handshake's own, and wiped with it. */
  readonly earlier: ClientResumption | undefined;
  override state: ClientState = 'server hello';
  cookie: Uint8Array = emptyBytes;
  helloVerifyRequests = 0;
  /** The extensions of our ClientHello, those that the suites stand for too. */
  offered: ReadonlySet<number> = new Set();
  sessionId: Uint8Array = emptyBytes;
  ticket: Uint8Array = emptyBytes;
  expectsTicket = false;
  serverCertificateType: CertificateType = CertificateType.X509;
  clientCertificateType: CertificateType = CertificateType.X509;
  peerKey: { readonly publicKey: Uint8Array; readonly kind: KeyKind } | undefined = undefined;
  keyExchange: ServerKeyExchange | undefined = undefined;
  certificateRequest: CertificateRequest | undefined = undefined;
  /** What we prove ourselves with, where no session is resumed. */
  shown: ShownCredentials | undefined = undefined;

  constructor(peer: Peer, host: HandshakeHost, credentials: ClientCredentials, earlier: ClientResumption | undefined) {
    super(peer, host);
    this.credentials = credentials;
    this.earlier = earlier;
    this.serverName = credentials.serverName;
    this.clientRandom = this.settings.random.bytes(32);
  }

  start(): void {
    sendClientHello(this);
  }

  override sessionKey(): Pick<DtlsSession, 'key' | 'hash'> {
    return this.peer;
  }

  protected override step(message: HandshakeMessage): Step {
    const receive = transitions[this.state][message.type];
    if (receive === undefined) return unexpected(`${handshakeTypeName(message.type)} (${this.state} was awaited)`);
    return receive(this, message);
  }

  override forget(): void {
    super.forget();
    this.earlier?.state.masterSecret.fill(0);
  }

  record(message: HandshakeMessage): void {
    this.transcript.add(message.type, message.messageSequence, message.body);
  }
}
