import { malformed, type Step } from '../faults.ts';
import type { HandshakeMessage } from '../handshake/reassembly.ts';
import { decodeNewSessionTicket } from '../messages/new-session-ticket.ts';
import type { ClientHandshake } from './client-handshake.ts';

/** The server's NewSessionTicket, in front of its Finished (RFC 5077 §3.3). */
export function receiveTicket(handshake: ClientHandshake, message: HandshakeMessage): Step {
  const ticket = decodeNewSessionTicket(message.body);
  if (ticket === undefined) return malformed('NewSessionTicket');
  handshake.record(message);
  handshake.ticket = ticket.ticket.slice();
  handshake.state = 'finished';
  return undefined;
}

/** The server's Finished: the end of flight 6, or, in a resumption, what ours answers. */
export function receiveServerFinished(handshake: ClientHandshake, message: HandshakeMessage): Step {
  const refusal = handshake.checkFinished(message);
  if (refusal !== undefined) return refusal;
  if (!handshake.isResumption) {
    handshake.complete(false);
    return undefined;
  }
  handshake.record(message);
  handshake.beginFlight();
  handshake.addFinished();
  handshake.sendFlight(false);
  handshake.complete(true);
  return undefined;
}
