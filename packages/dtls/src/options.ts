import type { Clock, DatagramPort, Duration, Log, Meter, MeterLabels, Peer, Random, Timers } from '@yaolian/kernel';
import type { CipherSuiteName } from './cipher-suites.ts';
import type { CryptoPort, GroupName, PrivateKey } from './crypto/crypto-port.ts';
import type { DtlsSession } from './session/session.ts';
import type { DtlsTapSlot } from './tap.ts';

/** How much an endpoint holds at most. */
export interface DtlsBounds {
  /** Sessions; beyond, see {@link DtlsBounds.whenFull}. Each takes about 1 KB. Default 1000000. */
  readonly maximumSessions: number;
  /** At the bound the session that is silent for longest gives way, or new handshakes are ignored. Default `evict`. */
  readonly whenFull: 'evict' | 'refuse';
  /** Handshakes under way (after the cookie); beyond, new ones are ignored. Default 20000. */
  readonly maximumHandshakes: number;
  /** How long a handshake may take. Default 2 min. */
  readonly handshakeTimeout: Duration;
  /** Bytes of one handshake message; longer ones fail the handshake. Default 16 KiB. */
  readonly maximumMessageBytes: number;
  /** Bytes of handshake messages that come in pieces, of all handshakes together. Default 16 MiB. */
  readonly reassemblyBytes: number;
  /** Certificates in a chain. Default 6. */
  readonly maximumChain: number;
  /** Bytes of one certificate. Default 8 KiB. */
  readonly maximumCertificateBytes: number;
  /** Bytes of a PSK identity (RFC 4279 §5.3: at least 128). Default 256. */
  readonly maximumIdentityBytes: number;
  /** How often one flight is sent again because the peer sent its own again. Default 10. */
  readonly maximumResends: number;
  /** Datagrams that wait for one handshake on the client; beyond: DTLS_OVERLOADED. Default 16. */
  readonly maximumQueuedPerPeer: number;
  /** Records of one session that wait until a server stored that they came; more are dropped, and come again. Default 64. */
  readonly maximumHeldPerSession: number;
  /** States kept for resumption by session ID. Default 10000. */
  readonly maximumResumable: number;
}

/** RFC 6347 §4.2.4.1. */
export interface Retransmission {
  /** The first wait; each is twice the one before. Default 1 s (RFC 7925 §11 suggests 9 s on slow networks). */
  readonly initialTimeout: Duration;
  /** The longest wait. Default 60 s. */
  readonly maximumTimeout: Duration;
}

/** Why a session ended. */
export type CloseReason = 'closed by us' | 'closed by the peer' | 'alert' | 'replaced' | 'evicted' | 'idle';

/** Hears about sessions. What it throws is logged. */
export interface SessionListener {
  /** A handshake is done and the peer proved its identity. */
  onSessionOpened?(session: DtlsSession): void;
  onSessionClosed?(session: DtlsSession, reason: CloseReason): void;
  /** A session goes on from another address. */
  onAddressChanged?(session: DtlsSession, from: string): void;
  onHandshakeFailed?(failure: HandshakeFailure): void;
  /**
   * A peer sent a fatal alert, during a handshake or later. In a handshake it may come from anybody: nothing is authentic then.
   * @param description RFC 5246 §7.2
   */
  onAlert?(peer: Peer, description: number): void;
  /** An exported session is about to use up the sequence numbers that its export reserved: export it again. */
  onExportDue?(session: DtlsSession): void;
}

export interface HandshakeFailure {
  /** `address:port`. */
  readonly peer: string;
  /** For operators: constant texts. */
  readonly reason: string;
  /** The PSK identity that the peer claimed, when it came that far. */
  readonly pskIdentity?: Uint8Array;
}

/** Our own certificate or raw public key. */
export interface OwnCredential {
  readonly privateKey: PrivateKey;
  /** DER, our own first. Absent: the public key is shown alone (RFC 7250). */
  readonly chain?: readonly Uint8Array[];
}

/** What both roles take. */
export interface DtlsOptions {
  /** UDP or a simulated network. Closed when the endpoint is closed. */
  readonly port: DatagramPort;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  readonly crypto: CryptoPort;
  readonly log?: Log;
  readonly meter?: Meter;
  /** Added to all numbers of this endpoint. */
  readonly labels?: MeterLabels;
  /** In the order of preference. Default: all that the credentials allow. */
  readonly cipherSuites?: readonly CipherSuiteName[];
  /** In the order of preference. Default x25519, secp256r1, secp384r1. */
  readonly groups?: readonly GroupName[];
  /**
   * SignatureSchemes by IANA's numbers: what the peer may sign with, and we too, in the order of preference. Default ecdsa_secp256r1_sha256 (0x0403),
   * ecdsa_secp384r1_sha384 (0x0503), ed25519 (0x0807): all that there are; others are left out.
   */
  readonly signatureAlgorithms?: readonly number[];
  /**
   * Bytes of the Connection IDs that we give out (RFC 9146), 0 to 6. With 0 we use the peer's and ask for none; `false`
   * leaves the extension away. Default 6 on the server, 0 on the client.
   */
  readonly connectionIdLength?: number | false;
  /** Protected records with a Connection ID are padded to multiples of this (RFC 9146 §3). Default 1: not padded. */
  readonly padTo?: number;
  /** The largest datagram of a handshake, in bytes. Default 1232: what IPv6 carries everywhere. */
  readonly mtu?: number;
  /** The largest content of a record that we accept (RFC 8449), 64 to 16384. Default 16384. */
  readonly recordSizeLimit?: number;
  readonly retransmission?: Partial<Retransmission>;
  /** Sessions that are silent for longer are closed. Default: never. */
  readonly idleTimeout?: Duration;
  readonly bounds?: Partial<DtlsBounds>;
  readonly sessions?: SessionListener;
  /**
   * Gets each session's master secret as a line of an SSLKEYLOGFILE, for Wireshark. Whoever reads them reads all traffic:
   * for debugging only.
   */
  readonly keyLog?: (line: string) => void;
  /** Where somebody may put a tap to watch the datagrams. */
  readonly tap?: DtlsTapSlot;
}
