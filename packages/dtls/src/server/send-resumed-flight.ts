import type { Fault } from '../faults.ts';
import type { ResumableState } from '../session/resumable-state.ts';
import type { ServerHandshake } from './server-handshake.ts';
import { addServerHello } from './server-hello.ts';

/** The answer to a ClientHello that resumes: ServerHello, NewSessionTicket*, ChangeCipherSpec, Finished. */
export function sendResumedFlight(handshake: ServerHandshake, state: ResumableState): Fault | undefined {
  handshake.isResumption = true;
  handshake.resumedSince = state.since;
  handshake.suite = state.suite;
  handshake.identity = state.identity;
  handshake.masterSecret = state.masterSecret.slice();
  handshake.beginFlight();
  addServerHello(handshake);
  handshake.context.resumption.addTicket(handshake);
  handshake.openSession();
  handshake.addFinished();
  handshake.state = 'finished';
  handshake.sendFlight(true);
  return undefined;
}
