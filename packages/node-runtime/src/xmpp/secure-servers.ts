import type { Socket } from 'node:net';
import {
  createSecureContext,
  createServer,
  type SecureContext,
  type TLSSocket,
  type TlsOptions,
  type Server as TlsServer,
} from 'node:tls';
import { domainToASCII } from 'node:url';
import { clientIdentity, serverTlsOptions, type TlsCredentials, type TlsServerOptions } from '../stream/tls-options.ts';
import { BelievedAuthorities } from '../tls/believed-authorities.ts';
import type { SecureSocket } from './secure-socket.ts';
import type { ShownCertificate, TlsAcceptor } from './tls-acceptor.ts';

/** XEP-0368 §3. */
export const xmppAlpn = 'xmpp-client';

interface Domain {
  server: TlsServer;
  credentials: TlsCredentials;
  context: SecureContext;
  shown: ShownCertificate | undefined;
}

/** TLS for several domains, each with a certificate of its own where it has one. */
export class SecureServers {
  /** With the certificate of all domains that have none of their own. */
  #shared: TlsServer;
  #tls: TlsServerOptions;
  readonly #believed: BelievedAuthorities;
  #onSecure: ((socket: TLSSocket) => void) | undefined;
  readonly #hasDomains: boolean;
  /** By the name that goes into SNI. */
  readonly #domains = new Map<string, Domain>();
  /** Absent, too, once there is nothing to listen for. */
  #acceptor: TlsAcceptor | undefined;
  /** Of all domains that have none of their own. */
  #shown: ShownCertificate | undefined;

  /**
   * @param acceptor absent: all handshakes are Node's
   * @throws YaolianError TLS_CREDENTIALS_BAD
   */
  constructor(tls: TlsServerOptions, domains: ReadonlyMap<string, TlsCredentials> = new Map(), acceptor?: TlsAcceptor) {
    this.#tls = tls;
    this.#acceptor = acceptor;
    this.#hasDomains = domains.size > 0;
    this.#believed = new BelievedAuthorities(tls.clientAuthorities);
    this.#shared = this.#open(tls);
    this.#shown = acceptor?.certificateOf(tls, xmppAlpn);
    for (const [domain, credentials] of domains) {
      this.#domains.set(domainToASCII(domain), {
        server: this.#open({ ...tls, credentials }),
        credentials,
        context: this.#contextOf(credentials),
        shown: acceptor?.certificateOf({ ...tls, credentials }, xmppAlpn),
      });
    }
  }

  /** Who takes sockets for which TLS is started. @param domain that the client asked for before TLS */
  of(domain: string | undefined): TlsServer {
    return (domain === undefined ? undefined : this.#domains.get(domainToASCII(domain))?.server) ?? this.#shared;
  }

  /** @param domain as of {@link of} @returns undefined: it is left to Node */
  async shakeHands(socket: Socket, domain: string | undefined): Promise<SecureSocket | undefined> {
    return this.#acceptor?.shakeHands(socket, this.#tls.handshakeTimeout ?? 15_000, ({ serverName, protocols }) => {
      if (this.#acceptor === undefined) return undefined;
      if (protocols !== undefined && !protocols.includes(xmppAlpn)) return undefined;
      const named = serverName === undefined ? undefined : this.#domains.get(serverName.toLowerCase());
      const asked = domain === undefined ? undefined : this.#domains.get(domainToASCII(domain));
      const known = named ?? asked;
      return known === undefined ? this.#shown : known.shown;
    });
  }

  /** Handshakes that go on come to their end; those that open connections begin later are Node's. */
  close(): void {
    this.#acceptor = undefined;
    this.#shown?.context.free();
    for (const domain of this.#domains.values()) domain.shown?.context.free();
  }

  /** Who does not shake hands with a certificate of an authority that is believed is not among them, if with any. */
  onSecure(listener: (socket: TLSSocket) => void): void {
    this.#onSecure = listener;
  }

  /** Other authorities of clients (undefined: none are asked). @throws YaolianError TLS_CREDENTIALS_BAD, and nothing changed */
  setClientAuthorities(authorities: string | Uint8Array | undefined): void {
    const { clientAuthorities: _, ...others } = this.#tls;
    const tls = { ...others, ...(authorities !== undefined && { clientAuthorities: authorities }) };
    // Whether clients are asked belongs to a server, which listens to nothing: another takes its place.
    const shared = this.#open(tls);
    this.#believed.set(authorities);
    this.#tls = tls;
    this.#shared = shared;
    this.#shown?.context.free();
    this.#shown = this.#acceptor?.certificateOf(tls, xmppAlpn);
    for (const domain of this.#domains.values()) {
      const { credentials } = domain;
      domain.shown?.context.free();
      domain.server = this.#open({ ...tls, credentials });
      domain.context = this.#contextOf(credentials);
      domain.shown = this.#acceptor?.certificateOf({ ...tls, credentials }, xmppAlpn);
    }
  }

  /** @param domain undefined: of those that have none of their own @throws YaolianError TLS_CREDENTIALS_BAD */
  setCredentials(credentials: TlsCredentials, domain: string | undefined): void {
    const known = domain === undefined ? undefined : this.#domains.get(domainToASCII(domain));
    if (domain !== undefined && known === undefined) throw new RangeError(`${domain} has no certificate of its own`);
    const { cert, key, ca, ciphers, minVersion, maxVersion } = serverTlsOptions({ ...this.#tls, credentials });
    const context = { cert, key, ca, ciphers, minVersion, maxVersion };
    const given = Object.fromEntries(Object.entries(context).filter(([, value]) => value !== undefined));
    (known?.server ?? this.#shared).setSecureContext(given);
    const shown = this.#acceptor?.certificateOf({ ...this.#tls, credentials }, xmppAlpn);
    (known === undefined ? this.#shown : known.shown)?.context.free();
    if (known === undefined) {
      this.#tls = { ...this.#tls, credentials };
      this.#shown = shown;
    } else {
      known.credentials = credentials;
      known.context = createSecureContext(given);
      known.shown = shown;
    }
  }

  #contextOf(credentials: TlsCredentials): SecureContext {
    return createSecureContext(serverTlsOptions({ ...this.#tls, credentials }));
  }

  #open(tls: TlsServerOptions): TlsServer {
    const SNICallback: TlsOptions['SNICallback'] = (name, callback) =>
      callback(null, this.#domains.get(name.toLowerCase())?.context);
    // Every handshake waits for an answer, so it is not asked where there is one answer only.
    const choice = this.#hasDomains ? { SNICallback } : {};
    const server = createServer({ ...serverTlsOptions(tls), ALPNProtocols: [xmppAlpn], ...choice });
    server.on('secureConnection', (socket) => {
      if (this.#believed.admit(socket, clientIdentity(socket))) this.#onSecure?.(socket);
      else socket.destroy();
    });
    // Node leaves the socket open when a handshake takes too long.
    server.on('tlsClientError', (_error, socket) => socket.destroy());
    return server;
  }
}
