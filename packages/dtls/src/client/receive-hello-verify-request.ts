import { fault, malformed, type Step } from '../faults.ts';
import type { HandshakeMessage } from '../handshake/reassembly.ts';
import { decodeHelloVerifyRequest } from '../messages/hello-verify-request.ts';
import type { ClientHandshake } from './client-handshake.ts';
import { sendClientHello } from './send-client-hello.ts';

/** A server may change its secret between two of them, not for ever. */
const maximumHelloVerifyRequests = 4;

/** Flight 2: the cookie. The transcript begins anew (RFC 6347 §4.2.1). */
export function receiveHelloVerifyRequest(handshake: ClientHandshake, message: HandshakeMessage): Step {
  const request = decodeHelloVerifyRequest(message.body);
  if (request === undefined) return malformed('HelloVerifyRequest');
  if (++handshake.helloVerifyRequests > maximumHelloVerifyRequests) {
    return fault('handshake_failure', 'it asks for cookies without end');
  }
  handshake.cookie = request.cookie.slice();
  handshake.transcript.clear();
  sendClientHello(handshake);
  return undefined;
}
