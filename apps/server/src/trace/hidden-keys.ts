import { Code, type Message } from '@yaolian/coap';
import type { Transport } from './frame.ts';
import { outerMessageOf } from './messages-of-frame.ts';
import { pathOf } from './path-name.ts';

/** Security, OSCORE, COSE, MQTT Server. */
const keyObjects: ReadonlySet<string | undefined> = new Set(['0', '21', '23', '24']);

/**
 * A message without the keys that it carries: what bootstrap writes to Security objects (/0) and those that they lead to is zeroed, because
 * credentials are never shown to anybody again. `bytes` belong to the caller, who may change them.
 */
export function withoutKeys(direction: 'in' | 'out', transport: Transport, bytes: Uint8Array): Uint8Array {
  if (direction === 'in') return bytes;
  const message = outerMessageOf({ message: bytes, transport });
  if (message !== undefined && writesKeys(message)) hidePayload(bytes, message);
  return bytes;
}

/** Whether a request to a terminal carries keys. */
export function writesKeys(message: Message): boolean {
  const { code } = message;
  return (code === Code.PUT || code === Code.POST) && keyObjects.has(pathOf(message)[0]);
}

/** Zeroes the payload at the end of a message. */
export function hidePayload(bytes: Uint8Array, { payload }: Message): void {
  bytes.fill(0, bytes.length - payload.length);
}
