import { Code, type ResponseCode } from '@yaolian/coap';
import {
  type Clock,
  type Duration,
  type Log,
  type Meter,
  milliseconds,
  type Result,
  seconds,
  type Timers,
  zeroDuration,
} from '@yaolian/kernel';
import type { ObjectModel } from '../model.ts';
import type { EnrolmentProfile, EnrolmentRefusal, EnrolmentRequest } from '../server/enrolment.ts';
import type { BootstrapConfig, BootstrapConfigStore } from './config.ts';

/** Every bound of the bootstrap server. */
export interface BootstrapLimits {
  /** Sessions at a time. A request beyond it gets 5.03 with Max-Age. Default 10,000. */
  readonly maximumSessions: number;
  /** Query parameters of a request; above it 4.00. Default 16. */
  readonly maximumParameters: number;
  /** UTF-8 bytes of an endpoint name; above it 4.00. Default 252. */
  readonly maximumEndpointBytes: number;
  /** Refused endpoint names remembered. Default 10,000. */
  readonly maximumRememberedRefusals: number;
}

export const defaultBootstrapLimits: BootstrapLimits = {
  maximumSessions: 10_000,
  maximumParameters: 16,
  maximumEndpointBytes: 252,
  maximumRememberedRefusals: 10_000,
};

export interface BootstrapBehaviour {
  /** Between the answer to the request and the first step. Default none. */
  readonly startDelay: Duration;
  /** What one step may take. Default 93 s, MAX_TRANSMIT_WAIT. */
  readonly stepTimeout: Duration;
  /** The answer to a terminal that there is no configuration for. Default 4.00, OMA's for an unknown endpoint name. */
  readonly unknownEndpointCode: ResponseCode;
  /** Refusals of one endpoint name within `refusalWindow` after which it gets 4.29. Default 5. */
  readonly refusalsAllowed: number;
  /** Default 10 s. */
  readonly refusalWindow: Duration;
  /** Max-Age of 5.03: when to try again. Default 60 s. */
  readonly retryAfter: Duration;
}

export const defaultBootstrapBehaviour: BootstrapBehaviour = {
  startDelay: zeroDuration,
  stepTimeout: milliseconds(93_000),
  unknownEndpointCode: Code.BadRequest,
  refusalsAllowed: 5,
  refusalWindow: seconds(10),
  retryAfter: seconds(60),
};

/**
 * Makes a configuration ready for one terminal that was let in: puts in the keys that are made for it or kept elsewhere.
 * A refusal is what the terminal is answered.
 */
export type BootstrapPreparation = (
  config: BootstrapConfig,
  request: EnrolmentRequest,
) => Promise<Result<BootstrapConfig, EnrolmentRefusal>>;

export interface BootstrapServerOptions {
  readonly configs: BootstrapConfigStore;
  /** Who may be told; the same as for Register. */
  readonly profile: Pick<EnrolmentProfile, 'enrol'>;
  /** Absent: configurations are told as they are, and those with {@link BootstrapSecurity.issue} to nobody. */
  readonly prepare?: BootstrapPreparation;
  readonly model: ObjectModel;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log?: Log;
  readonly meter?: Meter;
  readonly limits?: Partial<BootstrapLimits>;
  readonly behaviour?: Partial<BootstrapBehaviour>;
}
