/** For layers between the two halves of CoAP: what each half shows the other, and what messages are made of. */

export {
  type CarriedCoapEndpoint,
  type CarriedEndpointOptions,
  createCarriedEndpoint,
  type MessageCarrier,
} from './carried-endpoint.ts';
export { decodeMessage, Message, OptionCursor } from './message.ts';
export { encodeContent, encodedSize, encodeMessage } from './message-encoder.ts';
export { type MessageSizing, streamSizing } from './message-sizing.ts';
export * from './messaging.ts';
export { isUnsafe } from './option-registry.ts';
export { withOption } from './outgoing-options.ts';
