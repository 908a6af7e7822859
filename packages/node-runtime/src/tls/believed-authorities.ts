import { X509Certificate } from 'node:crypto';
import type { DetailedPeerCertificate, TLSSocket } from 'node:tls';
import type { PeerIdentity } from '@yaolian/kernel';
import { certificatesOfPem } from './pem.ts';

type Pem = string | Uint8Array;

/**
 * The authorities whose certificates of clients a listener believes now, and the open connections that came in by them: what goes takes its
 * connections along. Node judges a handshake by the context that it began with; here it is judged by what is believed when it is done.
 */
export class BelievedAuthorities {
  #anchors: readonly X509Certificate[] = [];
  readonly #open = new Map<TLSSocket, X509Certificate>();

  /** @throws YaolianError TLS_CREDENTIALS_BAD */
  constructor(authorities: Pem | readonly Pem[] | undefined) {
    this.#anchors = anchorsIn(authorities);
  }

  /** Connections by authorities that are gone end. @throws YaolianError TLS_CREDENTIALS_BAD, and nothing changed */
  set(authorities: Pem | undefined): void {
    this.#anchors = anchorsIn(authorities);
    for (const [socket, anchor] of [...this.#open]) if (!this.#has(anchor)) socket.destroy();
  }

  /**
   * Whether a connection may go on under this identity; it is remembered while it is open.
   * @param identity what the client proved
   */
  admit(socket: TLSSocket, identity: PeerIdentity | undefined): boolean {
    // With another identity, or one that is stored, it did not come in by an authority.
    if (identity?.kind !== 'certificate' || !socket.authorized) return true;
    const anchor = this.#anchorOf(socket);
    if (anchor === undefined) return false;
    this.#open.set(socket, anchor);
    socket.once('close', () => this.#open.delete(socket));
    return true;
  }

  #anchorOf(socket: TLSSocket): X509Certificate | undefined {
    for (const shown of chainOf(socket)) {
      const anchor = this.#anchors.find(
        (one) => one.raw.equals(shown.raw) || (shown.checkIssued(one) && shown.verify(one.publicKey)),
      );
      if (anchor !== undefined) return anchor;
    }
    return undefined;
  }

  #has({ raw }: X509Certificate): boolean {
    return this.#anchors.some((one) => one.raw.equals(raw));
  }
}

function anchorsIn(authorities: Pem | readonly Pem[] | undefined): readonly X509Certificate[] {
  const all = authorities === undefined ? [] : isList(authorities) ? authorities : [authorities];
  return all.flatMap((pem) => certificatesOfPem(pem, 'the authorities').map((der) => new X509Certificate(der)));
}

const isList = (authorities: Pem | readonly Pem[]): authorities is readonly Pem[] => Array.isArray(authorities);

/** What the client showed, its own first. */
function chainOf(socket: TLSSocket): readonly X509Certificate[] {
  const found: X509Certificate[] = [];
  let one: DetailedPeerCertificate | undefined = socket.getPeerCertificate(true);
  while (one?.raw !== undefined) {
    found.push(new X509Certificate(one.raw));
    one = one.issuerCertificate === one ? undefined : one.issuerCertificate;
  }
  return found;
}
