import { type Duration, seconds } from '@yaolian/kernel';

/** Every bound of the server. At a bound the terminal gets the protocol's own answer, a caller a typed error. */
export interface ServerLimits {
  /** Registrations in all. A Register beyond it gets 5.03 with Max-Age. Default 1,000,000. */
  readonly maximumRegistrations: number;
  /** Shortest lifetime a terminal may ask for; below it 4.00. Default 1 s. */
  readonly minimumLifetime: Duration;
  /** Longest lifetime a terminal may ask for; above it 4.00. Default 4,294,967,295 s, the largest there is. */
  readonly maximumLifetime: Duration;
  /** Bytes of an object list; above it 4.13. Default 16 KiB. */
  readonly maximumPayloadBytes: number;
  /** Links of an object list; above it 4.00. Default 1,000. */
  readonly maximumLinks: number;
  /** UTF-8 bytes of an endpoint name; above it 4.00. Default 252, what fits one Uri-Query option. */
  readonly maximumEndpointBytes: number;
  /** Query parameters of one request; above it 4.00. Default 16. */
  readonly maximumParameters: number;
  /** Registers, Updates and De-registers of one device that wait for the one being committed; above it 5.03. Default 4. */
  readonly maximumWaitingChanges: number;
  /** Default 64. */
  readonly maximumObservationsPerRegistration: number;
  /** Default 1,000,000. */
  readonly maximumObservations: number;
  /** Operations of one registration that wait for the one under way. Default 32. */
  readonly maximumQueuedOperations: number;
  /** Operations waiting in all. Default 100,000. */
  readonly maximumQueuedOperationsInAll: number;
  /** Paths of one composite operation; above it LWM2M_TOO_LARGE. Default 64. */
  readonly maximumCompositePaths: number;
  /** Bytes of a Send; above it 4.13. Default 64 KiB. */
  readonly maximumSendBytes: number;
  /** Values of a Send; above it 4.13. Default 10,000. */
  readonly maximumSendValues: number;
  /** Bytes of what is written to a terminal in one operation. Default 16 MiB. */
  readonly maximumWriteBytes: number;
  /** Profiles (LwM2M 1.2) that are learned. Default 10,000. */
  readonly maximumProfiles: number;
  /** Refused endpoint names remembered, so that terminals that insist are answered cheaply. Default 10,000. */
  readonly maximumRememberedRefusals: number;
  /** Distinct object lists whose text is shared between registrations. Default 4,096. */
  readonly maximumSharedObjectLists: number;
}

export const defaultServerLimits: ServerLimits = {
  maximumRegistrations: 1_000_000,
  minimumLifetime: seconds(1),
  maximumLifetime: seconds(4_294_967_295),
  maximumPayloadBytes: 16_384,
  maximumLinks: 1_000,
  maximumEndpointBytes: 252,
  maximumParameters: 16,
  maximumWaitingChanges: 4,
  maximumObservationsPerRegistration: 64,
  maximumObservations: 1_000_000,
  maximumQueuedOperations: 32,
  maximumQueuedOperationsInAll: 100_000,
  maximumCompositePaths: 64,
  maximumSendBytes: 65_536,
  maximumSendValues: 10_000,
  maximumWriteBytes: 16_777_216,
  maximumProfiles: 10_000,
  maximumRememberedRefusals: 10_000,
  maximumSharedObjectLists: 4_096,
};
