import type { DatagramPort } from '@yaolian/kernel';
import { decodeBindingRequest, encodeBindingSuccess, encodeUnknownAttributes } from './stun-message.ts';

/** A STUN server (RFC 8489): tells whoever asks by which address it is seen. Keeps nothing, and answers nothing else. */
export function serveStun(port: DatagramPort): void {
  port.listen({
    onDatagram: (datagram, from, multicast) => {
      const request = multicast ? undefined : decodeBindingRequest(datagram);
      if (request === undefined) return;
      const isUnderstood = request.unknown.length === 0;
      port.send(isUnderstood ? encodeBindingSuccess(request, from.address) : encodeUnknownAttributes(request), from);
    },
  });
}
