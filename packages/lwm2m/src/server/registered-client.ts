import type { CoapEndpoint } from '@yaolian/coap';
import type { Peer } from '@yaolian/kernel';
import type { ClientObservation } from './client-observation.ts';
import type { EndDeviceEntry } from './end-devices.ts';
import type { FormatMemory } from './format-negotiation.ts';
import type { OperationQueue } from './operation-queue.ts';
import type { Registration } from './registration.ts';

/**
 * What the server holds in memory of one registered device. It outlives re-registers, so that operations that wait go out
 * to the device wherever it came back, and ends with De-register and expiry. 100,000 of them live at a time: everything
 * that a quiet client does not need is undefined.
 */
export class RegisteredClient {
  registration: Registration;
  /** Where its requests came from last: an address on UDP, a session on DTLS. */
  peer: Peer;
  /** The endpoint that they came through. */
  endpoint: CoapEndpoint;
  /** Another client of this endpoint speaks from its peer since it was heard there: what is sent there would reach that one. */
  displaced = false;
  /** Monotonic milliseconds: the end of the lifetime and the grace after it. */
  expiresAt: number;
  /** Monotonic milliseconds: the last message that came from it. */
  heardAt = Number.NEGATIVE_INFINITY;
  /** It did not answer since it was last heard. */
  silent = false;
  /** False once it is out of the table. */
  live = true;
  queue: OperationQueue | undefined = undefined;
  /** The oldest; the others follow by their `next`. Most have one or none, and a list costs more than they do. */
  observations: ClientObservation | undefined = undefined;
  /** Requests under way that are asked anew when it is elsewhere. */
  asking: Set<AbortController> | undefined = undefined;
  formats: FormatMemory | undefined = undefined;
  /** The devices behind it, by their prefixes, as it said last; undefined while it was not asked. */
  endDevices: ReadonlyMap<string, EndDeviceEntry> | undefined = undefined;

  constructor(registration: Registration, peer: Peer, endpoint: CoapEndpoint, expiresAt: number) {
    this.registration = registration;
    this.peer = peer;
    this.endpoint = endpoint;
    this.expiresAt = expiresAt;
  }
}
