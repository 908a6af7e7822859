/** One address where a side may be reached (RFC 8839 §5.1), named as XEP-0176 does. */
export interface IceCandidate {
  readonly foundation: string;
  readonly component: number;
  readonly protocol: 'udp' | 'tcp';
  readonly priority: number;
  /** An address, or the `.local` name of a browser. */
  readonly ip: string;
  readonly port: number;
  readonly type: 'host' | 'srflx' | 'prflx' | 'relay';
}

/** What one side of a data connection tells the other: where it is, and how it proves that it is itself. */
export interface IceDescription {
  readonly ufrag: string;
  readonly pwd: string;
  readonly candidates: readonly IceCandidate[];
  /** RFC 8122: of the certificate that its DTLS shows. */
  readonly fingerprint: { readonly hash: string; readonly value: string };
  /** RFC 4145: who opens DTLS. */
  readonly setup: 'actpass' | 'active' | 'passive';
  readonly sctpPort: number;
}

/** More candidates than that nobody has on purpose. */
const maximumCandidates = 32;

const shapes = {
  ufrag: /^[A-Za-z0-9+/]{4,256}$/,
  pwd: /^[A-Za-z0-9+/]{22,256}$/,
  hash: /^sha-(256|384|512)$/,
  fingerprint: /^[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){31,63}$/,
  foundation: /^[A-Za-z0-9+/]{1,32}$/,
  ip: /^[0-9A-Za-z.:-]{2,64}$/,
} as const;

const types: ReadonlySet<string> = new Set(['host', 'srflx', 'prflx', 'relay']);
const setups: ReadonlySet<string> = new Set(['actpass', 'active', 'passive']);

/** Candidate attributes as text. Undefined: there is no such candidate; nothing that passes breaks a line of SDP. */
export function readCandidate(
  text: Readonly<Record<keyof IceCandidate, string | undefined>>,
): IceCandidate | undefined {
  const { foundation = '', protocol = '', ip = '', type = '' } = text;
  const component = integer(text.component, 1, 256);
  const priority = integer(text.priority, 0, 0xffff_ffff);
  const port = integer(text.port, 0, 65535);
  if (component === undefined || priority === undefined || port === undefined) return undefined;
  if (!shapes.foundation.test(foundation) || !shapes.ip.test(ip) || !types.has(type)) return undefined;
  if (protocol !== 'udp' && protocol !== 'tcp') return undefined;
  return { foundation, component, protocol, priority, ip, port, type: type as IceCandidate['type'] };
}

/** The rest of a description as text, and candidates that were read. */
export function readDescription(
  text: Readonly<Record<'ufrag' | 'pwd' | 'hash' | 'fingerprint' | 'setup' | 'sctpPort', string | undefined>>,
  candidates: readonly (IceCandidate | undefined)[],
): IceDescription | undefined {
  const { ufrag = '', pwd = '', hash = '', fingerprint = '', setup = '' } = text;
  const sctpPort = integer(text.sctpPort, 1, 65535);
  if (!shapes.ufrag.test(ufrag) || !shapes.pwd.test(pwd) || !setups.has(setup)) return undefined;
  if (!shapes.hash.test(hash) || !shapes.fingerprint.test(fingerprint) || sctpPort === undefined) return undefined;
  if (candidates.length > maximumCandidates) return undefined;
  const known = candidates.filter((one) => one !== undefined);
  if (known.length !== candidates.length) return undefined;
  return {
    ...{ ufrag, pwd, sctpPort, candidates: known },
    fingerprint: { hash, value: fingerprint.toUpperCase() },
    setup: setup as IceDescription['setup'],
  };
}

/** Decimal digits in a range. */
export function integer(text: string | undefined, least: number, most: number): number | undefined {
  if (text === undefined || !/^\d{1,10}$/.test(text)) return undefined;
  const value = Number(text);
  return value >= least && value <= most ? value : undefined;
}
