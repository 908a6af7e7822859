import { Reader, Writer } from '../wire.ts';

/** RFC 5077 §3.3. */
export interface NewSessionTicket {
  /** Seconds; 0: not said. */
  readonly lifetimeHint: number;
  /** Empty: the server gives none after all. */
  readonly ticket: Uint8Array;
}

export function decodeNewSessionTicket(body: Uint8Array): NewSessionTicket | undefined {
  const reader = new Reader(body);
  const message = { lifetimeHint: reader.uint32(), ticket: reader.vector16() };
  return reader.isComplete ? message : undefined;
}

export function encodeNewSessionTicket(message: NewSessionTicket): Uint8Array {
  return new Writer().uint32(message.lifetimeHint).vector16(message.ticket).finish();
}
