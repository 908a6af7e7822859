import type { Jid } from '../jid/jid.ts';
import type { XmppSession } from '../server/ports.ts';
import type { XmlElement } from '../xml/element.ts';
import { SlowRequests } from './slow-requests.ts';

/** Of most sessions. */
const nothing: ReadonlySet<string> = new Set();

/** Nothing was taken in yet. */
const done = Promise.resolve();

/** A session as instant messaging sees it. */
export class BoundClient {
  readonly session: XmppSession;
  readonly jid: Jid;
  /** The local part of its account. */
  readonly account: string;
  /** The last presence that it sent to all; undefined while it is not available. */
  presence: XmlElement | undefined;
  /** The same without what the server added. */
  ownPresence: XmlElement | undefined;
  priority = 0;
  /** It asked for the roster, and gets changes of it (RFC 6121 §2.2). */
  isInterested = false;
  /** It asked for the block list, and gets changes of it (XEP-0191 §3.2). */
  watchesBlocking = false;
  /** XEP-0280. */
  hasCarbons = false;
  /** Nodes whose events it wants (XEP-0163 §4.2). */
  interests: ReadonlySet<string> = nothing;
  #directed: Map<string, Jid> | undefined;
  #slow: SlowRequests | undefined;
  /** What is taken in and not done. */
  busy = 0;
  tail: Promise<void> = done;

  constructor(session: XmppSession) {
    this.session = session;
    this.jid = session.jid;
    this.account = session.jid.local ?? '';
  }

  /** Whom it sent directed presence (RFC 6121 §4.6), by full text. */
  get directed(): Map<string, Jid> {
    this.#directed ??= new Map();
    return this.#directed;
  }

  /** What it asked of others that takes its time. */
  get slow(): SlowRequests {
    this.#slow ??= new SlowRequests();
    return this.#slow;
  }

  get hasDirected(): boolean {
    return this.#directed !== undefined && this.#directed.size > 0;
  }

  get isAvailable(): boolean {
    return this.presence !== undefined;
  }

  /** Messages to the bare JID reach it (RFC 6121 §8.5.2.1). */
  get takesMessages(): boolean {
    return this.presence !== undefined && this.priority >= 0;
  }
}

/** All sessions, by account and resource. */
export class ClientTable {
  readonly #accounts = new Map<string, readonly BoundClient[]>();
  #count = 0;

  get size(): number {
    return this.#count;
  }

  add(client: BoundClient): void {
    const before = this.of(client.account);
    const others = before.filter(({ jid }) => jid.resource !== client.jid.resource);
    // An array that grows keeps room for more, and most accounts have one session.
    this.#accounts.set(client.account, others.length === 0 ? [client] : [...others, client]);
    this.#count += others.length + 1 - before.length;
  }

  /** False when another session has its place by now. */
  remove(client: BoundClient): boolean {
    const clients = this.of(client.account);
    if (!clients.includes(client)) return false;
    this.#count--;
    if (clients.length === 1) this.#accounts.delete(client.account);
    else
      this.#accounts.set(
        client.account,
        clients.filter((other) => other !== client),
      );
    return true;
  }

  of(account: string): readonly BoundClient[] {
    return this.#accounts.get(account) ?? nobody;
  }

  find(account: string, resource: string): BoundClient | undefined {
    for (const client of this.of(account)) if (client.jid.resource === resource) return client;
    return undefined;
  }

  available(account: string): readonly BoundClient[] {
    return this.of(account).filter((client) => client.isAvailable);
  }
}

const nobody: readonly BoundClient[] = [];
