/** For layers between the two halves of CoAP: what each half shows the other, and what messages are made of. */

export { decodeMessage, Message, OptionCursor } from './message.ts';
export { encodeContent, encodedSize, encodeMessage } from './message-encoder.ts';
export type { MessageSizing } from './message-sizing.ts';
export * from './messaging.ts';
export { isUnsafe } from './option-registry.ts';
export { withOption } from './outgoing-options.ts';
