import type { Jid, JidCache } from '../jid/jid.ts';
import type { SessionHandler, XmppSession } from '../server/ports.ts';
import type { Stanza } from '../server/stanza.ts';
import type { XmlElement } from '../xml/element.ts';
import type { ImServer } from './im-server.ts';
import type { ImService } from './options.ts';
import type { StanzaError, StanzaErrorCondition } from './stanza-error.ts';

/** Whoever takes stanzas to where they go: one {@link ImServer}, or several as one. */
export interface StanzaRouter {
  /** The first domain that it serves. */
  readonly domain: string;
  readonly jids: JidCache;
  /** Routes everything for `domain` to `service`. @throws RangeError when the domain is taken */
  addService(domain: string, service: ImService): void;
  /** Takes a stanza of a service to where it goes. @returns once it is taken over */
  route(stanza: Stanza, from: Jid, to: Jid, client: undefined): void | Promise<void>;
  refuse(stanza: XmlElement, error: StanzaError | StanzaErrorCondition): void | Promise<void>;
  /** Takes an answer to where it goes; it is never answered. */
  reply(answer: XmlElement): void | Promise<void>;
}

/**
 * Several domains in one process: each has accounts, rosters and modules of its own, and stanzas from one to another stay inside.
 * Hand it to an `XmppServer` as the handler of all of them.
 */
export class ImDomains implements SessionHandler, StanzaRouter {
  readonly #servers = new Map<string, ImServer>();
  readonly #first: ImServer;

  /** @throws RangeError without a server, or when two are of one domain */
  constructor(servers: readonly ImServer[]) {
    const [first] = servers;
    if (first === undefined) throw new RangeError('there is at least one domain');
    this.#first = first;
    for (const server of servers) {
      if (this.#servers.has(server.domain)) throw new RangeError(`${server.domain} is there twice`);
      this.#servers.set(server.domain, server);
    }
    for (const server of servers) for (const other of servers) if (other !== server) server.addNeighbour(other);
  }

  get domain(): string {
    return this.#first.domain;
  }

  get jids(): JidCache {
    return this.#first.jids;
  }

  of(domain: string): ImServer | undefined {
    return this.#servers.get(domain);
  }

  addService(domain: string, service: ImService): void {
    for (const server of this.#servers.values()) server.addService(domain, service);
  }

  route(stanza: Stanza, from: Jid, to: Jid, client: undefined): void | Promise<void> {
    return (this.#servers.get(to.domain) ?? this.#first).route(stanza, from, to, client);
  }

  refuse(stanza: XmlElement, error: StanzaError | StanzaErrorCondition): void | Promise<void> {
    return this.#first.refuse(stanza, error);
  }

  reply(answer: XmlElement): void | Promise<void> {
    return this.#first.reply(answer);
  }

  onBound(session: XmppSession, requests: readonly XmlElement[]): void {
    this.#servers.get(session.jid.domain)?.onBound(session, requests);
  }

  onStanza(session: XmppSession, stanza: Stanza): void | Promise<void> {
    return this.#servers.get(session.jid.domain)?.onStanza(session, stanza);
  }

  onEnded(session: XmppSession, undelivered: readonly Stanza[]): void {
    this.#servers.get(session.jid.domain)?.onEnded(session, undelivered);
  }
}
