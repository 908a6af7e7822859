import { Code, decodeMessage, dissectFrame } from '@yaolian/coap';
import { isStream, isWebSocket, type Transport } from './frame.ts';
import { pathOf } from './request-memory.ts';

/** Security, OSCORE, COSE, MQTT Server. */
const keyObjects: ReadonlySet<string | undefined> = new Set(['0', '21', '23', '24']);

/**
 * A message without the keys that it carries: what bootstrap writes to Security objects (/0) and those that they lead to is zeroed, because
 * credentials are never shown to anybody again. `bytes` belong to the caller, who may change them.
 */
export function withoutKeys(direction: 'in' | 'out', transport: Transport, bytes: Uint8Array): Uint8Array {
  if (direction === 'in') return bytes;
  const datagram = isStream(transport) ? undefined : decodeMessage(bytes);
  const frame = isStream(transport) ? dissectFrame(bytes, isWebSocket(transport)) : undefined;
  const message = frame?.message ?? (datagram?.ok ? datagram.value : undefined);
  if (message === undefined) return bytes;
  const writes = message.code === Code.PUT || message.code === Code.POST;
  if (writes && keyObjects.has(pathOf(message)[0])) bytes.fill(0, bytes.length - message.payload.length);
  return bytes;
}
