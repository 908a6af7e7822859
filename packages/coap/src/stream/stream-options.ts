import { type Duration, minutes, seconds } from '@yaolian/kernel';

/** How much the connections of an endpoint hold at most, besides what every endpoint is bounded by. */
export interface StreamBounds {
  /** Connections at once, in either direction; one more is aborted. Default 20000. */
  readonly maximumConnections: number;
  /** The same from one address, so that one host cannot take them all. Default 5000. */
  readonly maximumConnectionsPerHost: number;
  /**
   * The largest message that is taken, header included: our Max-Message-Size (RFC 8323 §5.3.1), and the largest that is sent
   * to a peer that takes more. A peer that sends a larger one is told so and loses its connection. Default 65 KiB, so that a
   * BERT block has 64.
   */
  readonly maximumMessageBytes: number;
  /**
   * Bytes that wait on one connection because its peer does not read. From here on nothing of it is read, notifications wait and
   * requests to it are refused with COAP_OVERLOADED. Default 1 MiB.
   */
  readonly maximumQueuedBytesPerConnection: number;
  /** Incomplete messages and unsent bytes of all connections; a connection that would take more is aborted. Default 64 MiB. */
  readonly maximumBufferedBytes: number;
  /** Requests of one peer that are being handled; until one is answered nothing more of it is read. Default 256. */
  readonly maximumOpenRequestsPerConnection: number;
}

export const defaultStreamBounds: StreamBounds = {
  maximumConnections: 20_000,
  maximumConnectionsPerHost: 5_000,
  maximumMessageBytes: 65 * 1024,
  maximumQueuedBytesPerConnection: 1024 * 1024,
  maximumBufferedBytes: 64 * 1024 * 1024,
  maximumOpenRequestsPerConnection: 256,
};

/** When a connection is given up. A wait of 0 is for ever. */
export interface StreamTiming {
  /** For a connection to come about, TLS and WebSocket handshakes included. Default 15 s. */
  readonly connectTimeout: Duration;
  /** For the peer's first message, its CSM. Default 10 s. */
  readonly csmTimeout: Duration;
  /** For the rest of a message of which something came. Default 30 s. */
  readonly messageTimeout: Duration;
  /** For a peer that does not read, to read something. Default 60 s. */
  readonly writeTimeout: Duration;
  /** After so much silence the peer is asked whether it is there (Ping, RFC 8323 §5.4). Default 10 minutes. */
  readonly pingAfter: Duration;
  /** For the Pong. Default 30 s. */
  readonly pingTimeout: Duration;
  /** For a connection that was released or aborted, to end in order. Default 5 s. */
  readonly closeTimeout: Duration;
}

export const defaultStreamTiming: StreamTiming = {
  connectTimeout: seconds(15),
  csmTimeout: seconds(10),
  messageTimeout: seconds(30),
  writeTimeout: seconds(60),
  pingAfter: minutes(10),
  pingTimeout: seconds(30),
  closeTimeout: seconds(5),
};

/** @throws RangeError when a bound makes no sense */
export function checkStreamBounds(bounds: StreamBounds): StreamBounds {
  for (const [name, value] of Object.entries(bounds)) {
    if (!(value >= 1)) throw new RangeError(`${name} is 1 or more, not ${value}`);
  }
  // RFC 8323 §5.3.1: 1152 bytes are taken before anything else was announced.
  if (!(bounds.maximumMessageBytes >= 1152 && bounds.maximumMessageBytes <= 0x4000_0000)) {
    throw new RangeError(`maximumMessageBytes is 1152 to 2^30, not ${bounds.maximumMessageBytes}`);
  }
  return bounds;
}
