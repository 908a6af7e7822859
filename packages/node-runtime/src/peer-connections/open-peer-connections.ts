import { type PeerConnections, webRtc } from '@yaolian/igrs/client';

/** Peer connections of WebRTC on Node; loaded when they are asked for, because few programs need them. */
export async function openPeerConnections(): Promise<PeerConnections> {
  const { RTCPeerConnection } = await import('werift');
  return webRtc((configuration) => new RTCPeerConnection(configuration));
}
