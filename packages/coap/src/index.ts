export {
  type Block,
  type BlockSize,
  blockOf,
  blockOption,
  blockSizes,
  decodeBlock,
  encodeBlock,
} from './block-option.ts';
export * from './codes.ts';
export * from './content-format.ts';
export { type DissectedMessage, dissectFrame, dissectMessage } from './dissect.ts';
export {
  type CoapEndpointOptions,
  createCoapEndpoint,
  type DatagramCoapEndpoint,
  defaultEndpointBounds,
  type EndpointBounds,
} from './endpoint.ts';
export { coapErrors } from './errors.ts';
export * from './exchange.ts';
export * from './link-filter.ts';
export * from './link-format.ts';
export * from './message.ts';
export { encodeEmptyMessage, encodeMessage } from './message-encoder.ts';
export type { MessageTap, SendCause, TapSlot } from './message-tap.ts';
export type { MessageProtection } from './messaging.ts';
export * from './option-text.ts';
export * from './option-values.ts';
export * from './options.ts';
export type { RateLimit } from './rate-limiter.ts';
export * from './resource-tree.ts';
export * from './resource-tree-definition.ts';
export type { NotifyOptions } from './resource-tree-observers.ts';
export type { AddedResource } from './resource-tree-route.ts';
export { type FrameFormatReason, FrameReader, type FrameSink, readWholeFrame } from './stream/frame.ts';
export type { ReleaseNotice } from './stream/signaling.ts';
export {
  createStreamCoapEndpoint,
  type StreamCoapEndpoint,
  type StreamCoapEndpointOptions,
} from './stream/stream-endpoint.ts';
export {
  defaultStreamBounds,
  defaultStreamTiming,
  type StreamBounds,
  type StreamTiming,
} from './stream/stream-options.ts';
export * from './streamed-body.ts';
export {
  defaultTransmissionParameters,
  deriveTransmissionTimes,
  type TransmissionParameters,
  type TransmissionTimes,
} from './transmission-parameters.ts';
export type { SinkAnswer, UploadRouter, UploadSink } from './upload-sink.ts';
export * from './uri.ts';
