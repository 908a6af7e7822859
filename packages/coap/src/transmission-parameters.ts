import { type Duration, milliseconds, seconds } from '@yaolian/kernel';

/** The parameters of RFC 7252 §4.8, and those that the RFCs leave to implementations. */
export interface TransmissionParameters {
  /** How long to wait for the first ACK, before jitter. ACK_TIMEOUT: 2 s. */
  readonly ackTimeout: Duration;
  /** The first wait is stretched by a random factor from 1 to this. ACK_RANDOM_FACTOR: 1.5. */
  readonly ackRandomFactor: number;
  /** How often a CON is sent again. MAX_RETRANSMIT: 4. */
  readonly maxRetransmit: number;
  /** Interactions outstanding to one peer at a time. NSTART: 1. */
  readonly nstart: number;
  /** Answers to multicast are spread over this time. DEFAULT_LEISURE: 5 s. */
  readonly defaultLeisure: Duration;
  /** Bytes a second to a peer that does not answer. PROBING_RATE: 1. */
  readonly probingRate: number;
  /** Bytes of NON requests to it before that rate counts: 1024. */
  readonly probingBurst: number;
  /** How long a datagram may be under way. MAX_LATENCY: 100 s. */
  readonly maxLatency: Duration;
  /** How long a peer may take to acknowledge. PROCESSING_DELAY: 2 s. */
  readonly processingDelay: Duration;
  /** How long a handler may take before its CON is acknowledged and the answer becomes a separate response: 100 ms. */
  readonly acknowledgementDelay: Duration;
  /**
   * The least time between NON notifications to one observer, on average. RFC 7641 §4.5.1 asks for 3 s where the round-trip
   * time is not known.
   */
  readonly notificationInterval: Duration;
  /** How many NON notifications may go to one observer at once before the average counts: 8. */
  readonly notificationBurst: number;
  /** After so many NON notifications to one observer the next is a CON (RFC 7641 §7): 16. */
  readonly maximumUnconfirmedNotifications: number;
}

export const defaultTransmissionParameters: TransmissionParameters = {
  ackTimeout: seconds(2),
  ackRandomFactor: 1.5,
  maxRetransmit: 4,
  nstart: 1,
  defaultLeisure: seconds(5),
  probingRate: 1,
  probingBurst: 1024,
  maxLatency: seconds(100),
  processingDelay: seconds(2),
  acknowledgementDelay: milliseconds(100),
  notificationInterval: seconds(3),
  notificationBurst: 8,
  maximumUnconfirmedNotifications: 16,
};

/** What RFC 7252 §4.8.2 derives from the parameters. */
export interface TransmissionTimes {
  /** From the first transmission of a CON to its last: 45 s. */
  readonly maxTransmitSpan: Duration;
  /** From the first transmission of a CON to giving up: 93 s. */
  readonly maxTransmitWait: Duration;
  /** 202 s. */
  readonly maxRtt: Duration;
  /** How long the message ID of a CON must not be used again: 247 s. */
  readonly exchangeLifetime: Duration;
  /** The same for a NON: 145 s. */
  readonly nonLifetime: Duration;
}

export function deriveTransmissionTimes(parameters: TransmissionParameters): TransmissionTimes {
  const { ackTimeout, ackRandomFactor, maxRetransmit, maxLatency, processingDelay } = parameters;
  const span = ackTimeout * (2 ** maxRetransmit - 1) * ackRandomFactor;
  const maxRtt = 2 * maxLatency + processingDelay;
  return {
    maxTransmitSpan: milliseconds(span),
    maxTransmitWait: milliseconds(ackTimeout * (2 ** (maxRetransmit + 1) - 1) * ackRandomFactor),
    maxRtt: milliseconds(maxRtt),
    exchangeLifetime: milliseconds(span + maxRtt),
    nonLifetime: milliseconds(span + maxLatency),
  };
}

/**
 * Fills in the defaults.
 * @throws RangeError when a parameter makes no sense
 */
export function completeTransmissionParameters(some: Partial<TransmissionParameters> = {}): TransmissionParameters {
  const all = { ...defaultTransmissionParameters, ...some };
  // RFC 7252 §4.8.1: the factor must not fall below 1, or jitter would make retransmissions faster.
  if (!(all.ackRandomFactor >= 1)) throw new RangeError(`ackRandomFactor is 1 or more, not ${all.ackRandomFactor}`);
  if (!(all.ackTimeout > 0)) throw new RangeError('ackTimeout is more than nothing');
  if (!Number.isInteger(all.maxRetransmit) || all.maxRetransmit < 0 || all.maxRetransmit > 20) {
    throw new RangeError(`maxRetransmit is a whole number from 0 to 20, not ${all.maxRetransmit}`);
  }
  if (!Number.isInteger(all.nstart) || all.nstart < 1) {
    throw new RangeError(`nstart is a whole number from 1, not ${all.nstart}`);
  }
  if (!(all.probingRate > 0)) throw new RangeError(`probingRate is more than 0, not ${all.probingRate}`);
  return all;
}
