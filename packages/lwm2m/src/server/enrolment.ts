import type { ResponseCode } from '@yaolian/coap';
import type { Result, SocketAddress } from '@yaolian/kernel';

/** A Register or bootstrap request as a profile judges it. */
export interface EnrolmentRequest {
  /** What the terminal wants. Absent: to register. */
  readonly purpose?: 'register' | 'bootstrap';
  readonly endpoint: string;
  readonly address: SocketAddress;
  /** Milliseconds since the epoch. */
  readonly time: number;
}

/** Why a terminal is turned away: the CoAP code it is sent, and a sentence for the operator. */
export interface EnrolmentRefusal {
  readonly code: ResponseCode;
  readonly reason: string;
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
   * What stands after `;` in locations of the form `device-key-version`, by endpoint name; the same at every call. Absent,
   * or undefined: `1.0`.
   */
  versionOf?(endpoint: string): string | undefined;
}
