import { element, type XmlElement } from '@yaolian/xmpp';
import { channelNamespace } from '../namespaces.ts';
import { type IceDescription, readCandidate, readDescription } from './ice-description.ts';

/** Jingle (XEP-0166) with ICE (XEP-0176), DTLS (XEP-0320), data channels (XEP-0343) or in-band bytestreams (XEP-0261). */
export const jingleNamespaces = {
  jingle: 'urn:xmpp:jingle:1',
  errors: 'urn:xmpp:jingle:errors:1',
  ice: 'urn:xmpp:jingle:transports:ice-udp:1',
  dtls: 'urn:xmpp:jingle:apps:dtls:0',
  sctp: 'urn:xmpp:jingle:transports:dtls-sctp:1',
  inBandTransport: 'urn:xmpp:jingle:transports:ibb:1',
  inBand: 'http://jabber.org/protocol/ibb',
  /** Ours: what the channel is for. */
  channel: channelNamespace,
} as const;

const actions = ['session-initiate', 'session-accept', 'session-info', 'session-terminate'] as const;

export type JingleAction = (typeof actions)[number];

export type JingleTransport =
  | { readonly kind: 'ice'; readonly description: IceDescription }
  | { readonly kind: 'in-band'; readonly sid: string; readonly blockSize: number };

export interface JingleMessage {
  readonly action: JingleAction;
  readonly sid: string;
  /** Of `session-initiate`: the name that the other side offers. */
  readonly channel?: string;
  /** Of `session-initiate` and `session-accept`. */
  readonly transport?: JingleTransport;
  /** Of `session-info`: the sender has no more to send. */
  readonly isEnd?: boolean;
  /** Of `session-terminate`: a condition of XEP-0166 §7.4. */
  readonly reason?: string;
}

const { jingle, ice, dtls, sctp, inBandTransport } = jingleNamespaces;

export function encodeJingle({ action, sid, channel, transport, isEnd, reason }: JingleMessage): XmlElement {
  const content =
    transport &&
    element(
      'content',
      jingle,
      { creator: 'initiator', name: 'channel' },
      element('description', channelNamespace, { name: channel }),
      encodeTransport(transport),
    );
  const why = reason && element('reason', jingle, {}, element(reason, jingle));
  const info = isEnd === true ? element('end', channelNamespace) : undefined;
  return element('jingle', jingle, { action, sid }, content || undefined, why || undefined, info);
}

function encodeTransport(transport: JingleTransport): XmlElement {
  if (transport.kind === 'in-band') {
    const { sid, blockSize } = transport;
    return element('transport', inBandTransport, { 'block-size': String(blockSize), sid });
  }
  const { ufrag, pwd, fingerprint, setup, sctpPort, candidates } = transport.description;
  return element(
    'transport',
    ice,
    { ufrag, pwd },
    element('fingerprint', dtls, { hash: fingerprint.hash, setup }, fingerprint.value),
    element('sctpmap', sctp, { number: String(sctpPort), protocol: 'webrtc-datachannel', streams: '1024' }),
    ...candidates.map(({ foundation, component, protocol, priority, ip, port, type }, index) =>
      element('candidate', ice, {
        ...{ foundation, protocol, ip, type, generation: '0', id: `c${index}`, network: '0' },
        ...{ component: String(component), priority: String(priority), port: String(port) },
      }),
    ),
  );
}

/** Undefined: that is not what we understand, or breaks a bound. */
export function decodeJingle(payload: XmlElement): JingleMessage | undefined {
  const { action: told, sid = '' } = payload.attributes;
  const action = actions.find((one) => one === told);
  if (action === undefined || sid === '' || sid.length > 128) return undefined;
  const content = payload.child('content');
  const transport = content && decodeTransport(content);
  const needsTransport = action === 'session-initiate' || action === 'session-accept';
  if (needsTransport && transport === undefined) return undefined;
  const channel = content?.child('description', channelNamespace)?.attribute('name');
  const reason = payload.child('reason')?.elements()[0]?.name;
  const isEnd = payload.child('end', channelNamespace) !== undefined;
  return {
    ...{ action, sid },
    ...(channel === undefined ? {} : { channel }),
    ...(transport === undefined ? {} : { transport }),
    ...(isEnd ? { isEnd } : {}),
    ...(reason === undefined ? {} : { reason }),
  };
}

function decodeTransport(content: XmlElement): JingleTransport | undefined {
  const inBand = content.child('transport', inBandTransport);
  if (inBand !== undefined) {
    const { sid = '' } = inBand.attributes;
    const blockSize = Number(inBand.attribute('block-size'));
    const isFit =
      sid !== '' && sid.length <= 128 && Number.isInteger(blockSize) && blockSize >= 1 && blockSize <= 65535;
    return isFit ? { kind: 'in-band', sid, blockSize } : undefined;
  }
  const told = content.child('transport', ice);
  const fingerprint = told?.child('fingerprint', dtls);
  const description =
    told &&
    readDescription(
      {
        ...{ ufrag: told.attribute('ufrag'), pwd: told.attribute('pwd') },
        ...{ hash: fingerprint?.attribute('hash'), fingerprint: fingerprint?.text().trim() },
        setup: fingerprint?.attribute('setup'),
        sctpPort: told.child('sctpmap', sctp)?.attribute('number'),
      },
      told.elements('candidate').map(decodeCandidate),
    );
  return description && { kind: 'ice', description };
}

function decodeCandidate(candidate: XmlElement) {
  const { foundation, component, protocol, priority, ip, port, type } = candidate.attributes;
  return readCandidate({ foundation, component, protocol, priority, ip, port, type });
}
