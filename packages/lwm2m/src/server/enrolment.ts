import type { ResponseCode } from '@yaolian/coap';
import { encodeHex, type PeerIdentity, type Result, type SocketAddress } from '@yaolian/kernel';

/** A Register or bootstrap request as a profile judges it. */
export interface EnrolmentRequest {
  /** What the terminal wants. Absent: to register. */
  readonly purpose?: 'register' | 'bootstrap';
  readonly endpoint: string;
  readonly address: SocketAddress;
  /** With what the terminal proved who it is; absent where the transport asks for no proof. */
  readonly identity?: PeerIdentity;
  /** Milliseconds since the epoch. */
  readonly time: number;
}

/** Why a terminal is turned away: the CoAP code it is sent, and a sentence for the operator. */
export interface EnrolmentRefusal {
  readonly code: ResponseCode;
  readonly reason: string;
}

/** An Update as a profile judges it. */
export interface UpdateToJudge {
  /** The endpoint name of the registration. */
  readonly endpoint: string;
  readonly deviceKey: string;
  /** Its query parameters that LwM2M does not define; undefined when there are none. */
  readonly parameters: Readonly<Record<string, string>> | undefined;
}

export interface Enrolled {
  readonly deviceKey: string;
}

/** Decides who may register and bootstrap, and as which device: plain OMA, China Mobile profile A, … */
export interface EnrolmentProfile {
  /** Parses the name and consults the allow-list. Synchronous answers keep Register fast; a promise is fine too. */
  enrol(request: EnrolmentRequest): Result<Enrolled, EnrolmentRefusal> | Promise<Result<Enrolled, EnrolmentRefusal>>;
  /**
   * Called when a Register is being committed, in the same turn as {@link RegistrationStore.register}, so that a group
   * commit holds both. Resolves when the device's record (first activation, last address, state) is on disk.
   */
  registered(deviceKey: string, request: EnrolmentRequest): Promise<void>;
  /**
   * Whether a registration may be updated or ended by who asks now. Asked when that is another peer than before; absent:
   * everybody who knows the location may.
   */
  mayChange?(request: EnrolmentRequest): Result<void, EnrolmentRefusal> | Promise<Result<void, EnrolmentRefusal>>;
  /**
   * What stands after `;` in locations of the form `device-key-version`, by endpoint name; the same at every call. Absent,
   * or undefined: `1.0`.
   */
  versionOf?(endpoint: string): string | undefined;
  /** Why an Update is turned away; undefined lets it in. Absent: every Update of a registration is let in. */
  judgeUpdate?(update: UpdateToJudge): EnrolmentRefusal | undefined;
}

/**
 * Who claims an endpoint name, as one text: those who claim a name wrongly must not make the right one wait.
 * @internal
 */
export function claimantOf(endpoint: string, identity: PeerIdentity | undefined): string {
  if (identity === undefined) return endpoint;
  if (identity.kind === 'psk' || identity.kind === 'oscore') return `${endpoint}\0${identity.identity}`;
  const bytes = identity.kind === 'rpk' ? identity.publicKey : identity.certificate;
  return `${endpoint}\0${encodeHex(bytes.subarray(-32))}`;
}
