/** How a message travelled: the scheme of its URI. */
const transports = ['coap', 'coaps', 'coap+tcp', 'coaps+tcp', 'coap+ws', 'coaps+ws', 'mqtt'] as const;
export type Transport = (typeof transports)[number];

export type Direction = 'in' | 'out' | 'event';

/** One message, datagram or event, as it was recorded. */
export interface Frame {
  /** Counts up in its trace. */
  number: number;
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly direction: Direction;
  readonly transport: Transport;
  /** `address:port` of the other side; at an MQTT broker, where many share that, `mqtt:` and the topic. */
  readonly peer: string;
  /** Endpoint name; undefined while nobody is registered there. */
  device: string | undefined;
  /** The datagram with DTLS around what it holds. */
  wire: Uint8Array | undefined;
  /** The CoAP message, with the framing of its transport; of MQTT the one that says the same, as a datagram. */
  message: Uint8Array | undefined;
  /** What OSCORE had inside: code, options and payload (RFC 8613 §5.3). Undefined: nothing is protected, or cannot be opened. */
  plaintext: Uint8Array | undefined;
  /** How long the longer of both was before it was cut. */
  length: number;
  /** What became of it: `duplicate`, `retransmission`, why it was dropped. */
  note: string | undefined;
  /** Of an event: what happened. */
  readonly event: string | undefined;
  /** What a response answers. */
  request: AskedRequest | undefined;
}

/** What is remembered of a request, to read its response. */
export interface AskedRequest {
  readonly direction: Direction;
  readonly code: number;
  /** Segments. */
  readonly path: readonly string[];
  readonly operation: string;
}

/** The memory that a frame takes, roughly. */
export function frameBytes({ wire, message, plaintext, event }: Frame): number {
  return 200 + (wire?.length ?? 0) + (message?.length ?? 0) + (plaintext?.length ?? 0) + (event?.length ?? 0) * 2;
}

export function isStream(transport: string): boolean {
  return transport.includes('+');
}

export function isWebSocket(transport: Transport): boolean {
  return transport === 'coap+ws' || transport === 'coaps+ws';
}
