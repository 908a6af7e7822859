export type { Channel, ChannelListener, ChannelPath } from './channel.ts';
export * from './channels.ts';
export type { IceCandidate, IceDescription } from './ice-description.ts';
export * from './ports.ts';
export { decodeSdp, encodeSdp } from './sdp.ts';
export { type WebRtcConfiguration, type WebRtcConnection, webRtc } from './web-rtc.ts';
