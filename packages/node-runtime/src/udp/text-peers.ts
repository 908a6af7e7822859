import { canonicalIPv6, SocketAddress } from '@yaolian/kernel';

const mappedPrefix = '::ffff:';

/** A peer with its address in the form that `node:dgram` takes for the socket's family. */
export class TextPeer extends SocketAddress {
  /** `::ffff:192.0.2.1` for 192.0.2.1 on a socket for both families. */
  readonly dgramHost: string;
  readonly socketFamily: 4 | 6;

  constructor(host: string, port: number, socketFamily: 4 | 6) {
    super(host.includes(':') ? 6 : 4, host, port);
    this.socketFamily = socketFamily;
    this.dgramHost = dgramHost(this, socketFamily);
  }
}

/** The host of `address` as a socket of `socketFamily` takes it. */
export function dgramHost(address: SocketAddress, socketFamily: 4 | 6): string {
  return address.family < socketFamily ? mappedPrefix + address.host : address.host;
}

/** Peers at one host: nearly always one, so a table by port is made only for the second. */
type PeersAtHost = TextPeer | Map<number, TextPeer>;

/**
 * Gives the same {@link TextPeer} for the same address and port as long as it is remembered, without building a key of the
 * two. Two generations, as in `NamedPeers`.
 */
export class TextPeers {
  readonly #socketFamily: 4 | 6;
  readonly #generationSize: number;
  #young = new Map<string, PeersAtHost>();
  #old = new Map<string, PeersAtHost>();
  #youngCount = 0;

  /** @param bound how many peers are remembered at most */
  constructor(socketFamily: 4 | 6, bound: number) {
    this.#socketFamily = socketFamily;
    this.#generationSize = Math.max(1, bound >>> 1);
  }

  /** The peer that `node:dgram` calls `hostInText` and `port`. */
  find(hostInText: string, port: number): TextPeer {
    // A group's IPv4 socket beside a unicast one for both families: the same peer, written in two ways.
    const mapped = this.#socketFamily === 6 && !hostInText.includes(':');
    const host = mapped ? mappedPrefix + hostInText : hostInText;
    const young = lookUp(this.#young, host, port);
    if (young) return young;
    const peer = lookUp(this.#old, host, port) ?? new TextPeer(plainHost(host), port, this.#socketFamily);
    this.#add(host, peer);
    return peer;
  }

  #add(host: string, peer: TextPeer): void {
    if (this.#youngCount >= this.#generationSize) {
      this.#old = this.#young;
      this.#young = new Map();
      this.#youngCount = 0;
    }
    this.#youngCount++;
    const there = this.#young.get(host);
    if (there === undefined) this.#young.set(host, peer);
    else if (there instanceof Map) there.set(peer.port, peer);
    else this.#young.set(host, new Map([there, peer].map((each) => [each.port, each])));
  }
}

function lookUp(peers: ReadonlyMap<string, PeersAtHost>, host: string, port: number): TextPeer | undefined {
  const there = peers.get(host);
  if (there === undefined) return undefined;
  if (there instanceof Map) return there.get(port);
  return there.port === port ? there : undefined;
}

/** RFC 4291 §2.5.5.2: an IPv4 peer on an IPv6 socket is `::ffff:a.b.c.d`. */
function plainHost(host: string): string {
  if (!host.includes(':')) return host;
  if (host.startsWith(mappedPrefix) && host.includes('.')) return host.slice(mappedPrefix.length);
  return canonicalIPv6(host) ?? host;
}
