import { createHash, X509Certificate } from 'node:crypto';
import type { JsonConnection } from '@yaolian/contract';
import { DtlsSession } from '@yaolian/dtls';
import { type Peer, type PeerIdentity, StreamPeer } from '@yaolian/kernel';
import { MqttPeer } from '@yaolian/lwm2m/mqtt';
import { timeToJson } from '../api/times.ts';
import type { FleetDevice } from './fleet.ts';

/** How a terminal is connected and secured; undefined when its connection ended with an earlier process, or it has none. */
export function connectionOf(found: FleetDevice): JsonConnection | undefined {
  const peer = connectedPeer(found);
  return peer && { ...carriageOf(peer.transport ?? peer), ...proofOf(peer.identity) };
}

/** The same, no more than with what it proved who it is. */
export function securityOf(found: FleetDevice): JsonConnection['security'] | undefined {
  const peer = connectedPeer(found);
  return peer && (peer.identity?.kind ?? 'none');
}

function connectedPeer({ registration, peer }: FleetDevice): Peer | undefined {
  const isGone = registration?.peerKey !== undefined && peer?.key === registration.address.key;
  return isGone ? undefined : peer;
}

type Carriage = Pick<JsonConnection, 'transport' | 'cipherSuite' | 'connectionId'>;

function carriageOf(peer: Peer): Carriage {
  if (peer instanceof StreamPeer) return { transport: peer.carrier };
  if (peer instanceof MqttPeer) return { transport: 'mqtt' };
  if (!(peer instanceof DtlsSession)) return { transport: 'udp' };
  return { transport: 'dtls', cipherSuite: peer.suite.name, connectionId: peer.hasConnectionId };
}

function proofOf(identity: PeerIdentity | undefined): Omit<JsonConnection, keyof Carriage> {
  if (identity === undefined) return { security: 'none' };
  const { kind } = identity;
  if (kind === 'psk' || kind === 'oscore') return { security: kind, identity: identity.identity };
  if (kind === 'rpk') return { security: kind, digest: digestOf(identity.publicKey) };
  const { certificate, names } = identity;
  return { security: kind, names: [...names], digest: digestOf(certificate), ...expiryOf(certificate) };
}

function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function expiryOf(certificate: Uint8Array): Pick<JsonConnection, 'expiresAt'> {
  try {
    const time = new X509Certificate(certificate).validToDate.getTime();
    return Number.isFinite(time) ? { expiresAt: timeToJson(time) } : {};
  } catch {
    return {}; // one that DTLS reads, and OpenSSL does not
  }
}
