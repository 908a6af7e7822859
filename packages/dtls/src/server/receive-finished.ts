import type { Step } from '../faults.ts';
import type { HandshakeMessage } from '../handshake/reassembly.ts';
import type { ServerHandshake } from './server-handshake.ts';

/** The end of flight 5; flight 6 answers it. In a resumption it is the last message of all. */
export function receiveFinished(handshake: ServerHandshake, message: HandshakeMessage): Step {
  const refusal = handshake.checkFinished(message);
  if (refusal !== undefined) return refusal;
  if (handshake.isResumption) {
    handshake.complete(false);
    return undefined;
  }
  handshake.record(message);
  handshake.beginFlight();
  handshake.context.resumption.addTicket(handshake);
  handshake.addFinished();
  handshake.sendFlight(false);
  handshake.complete(true);
  return undefined;
}
