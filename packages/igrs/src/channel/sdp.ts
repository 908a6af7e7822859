import { type IceCandidate, type IceDescription, readCandidate, readDescription } from './ice-description.ts';

/** A session of one data channel as SDP (RFC 8841), which is how WebRTC takes and gives descriptions. */
export function encodeSdp(description: IceDescription): string {
  const { ufrag, pwd, fingerprint, setup, sctpPort, candidates } = description;
  return [
    'v=0',
    'o=- 1 1 IN IP4 0.0.0.0',
    's=-',
    't=0 0',
    'a=group:BUNDLE 0',
    'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
    'c=IN IP4 0.0.0.0',
    'a=mid:0',
    ...candidates.map((candidate) => `a=${encodeCandidate(candidate)}`),
    'a=end-of-candidates',
    `a=ice-ufrag:${ufrag}`,
    `a=ice-pwd:${pwd}`,
    `a=fingerprint:${fingerprint.hash} ${fingerprint.value}`,
    `a=setup:${setup}`,
    `a=sctp-port:${sctpPort}`,
    '',
  ].join('\r\n');
}

/** Undefined: it is not the SDP of one data channel. Candidates that cannot be told to the other side (TCP of RFC 6544) are left out. */
export function decodeSdp(sdp: string): IceDescription | undefined {
  const lines = sdp.split(/\r?\n/);
  const value = (name: string) => lines.find((line) => line.startsWith(`a=${name}:`))?.slice(name.length + 3);
  const [hash, fingerprint] = value('fingerprint')?.split(' ') ?? [];
  const candidates = lines
    .filter((line) => line.startsWith('a=candidate:'))
    .map(decodeCandidate)
    .filter((one) => one !== undefined);
  return readDescription(
    {
      ...{ hash: hash?.toLowerCase(), fingerprint, setup: value('setup'), sctpPort: value('sctp-port') },
      ...{ ufrag: value('ice-ufrag'), pwd: value('ice-pwd') },
    },
    candidates,
  );
}

/** RFC 8839 §5.1. The base of a reflexive address is not told: it is of no use to the other side. */
function encodeCandidate({ foundation, component, protocol, priority, ip, port, type }: IceCandidate): string {
  const base = type === 'host' ? '' : ' raddr 0.0.0.0 rport 0';
  return `candidate:${foundation} ${component} ${protocol} ${priority} ${ip} ${port} typ ${type}${base}`;
}

function decodeCandidate(line: string): IceCandidate | undefined {
  const [foundation, component, protocol, priority, ip, port, , type] = line.slice('a=candidate:'.length).split(' ');
  if (protocol?.toLowerCase() !== 'udp') return undefined;
  return readCandidate({ foundation, component, protocol: 'udp', priority, ip, port, type });
}
