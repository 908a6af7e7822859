import { encodeBase64Url, type Random } from '@yaolian/kernel';
import type { Jid } from '../jid/jid.ts';
import type { ConflictPolicy } from './options.ts';
import type { ClientSession } from './session.ts';

/** All sessions of a server, by account and resource, and by what they are resumed with. */
export class SessionTable {
  readonly #accounts = new Map<string, readonly ClientSession[]>();
  readonly #resumable = new Map<string, ClientSession>();
  readonly #random: Random;
  readonly #conflict: ConflictPolicy;
  readonly #maximumResources: number;
  #size = 0;

  constructor(options: {
    readonly random: Random;
    readonly conflict: ConflictPolicy;
    readonly maximumResources: number;
  }) {
    this.#random = options.random;
    this.#conflict = options.conflict;
    this.#maximumResources = options.maximumResources;
  }

  get size(): number {
    return this.#size;
  }

  *[Symbol.iterator](): IterableIterator<ClientSession> {
    for (const resources of this.#accounts.values()) yield* resources;
  }

  of(account: Jid): readonly ClientSession[] {
    return this.#accounts.get(account.bare.toString()) ?? none;
  }

  find(jid: Jid): ClientSession | undefined {
    if (jid.resource === undefined) return undefined;
    return this.of(jid).find((session) => session.jid.resource === jid.resource);
  }

  /** Makes room for a session (RFC 6120 §7.6.2, §7.7.2). @returns the JID that it can have, or why it can have none */
  claim(jid: Jid): Jid | 'conflict' | 'resource-constraint' {
    const other = this.find(jid);
    let claimed = jid;
    if (other !== undefined) {
      if (this.#conflict === 'refuse') return 'conflict';
      if (this.#conflict === 'replace') other.end({ condition: 'conflict', text: 'another client took the resource' });
      else claimed = jid.withResource(encodeBase64Url(this.#random.bytes(12)))!;
    }
    const sessions = this.of(jid);
    if (sessions.length < this.#maximumResources) return claimed;
    // Who loses its connections and begins anew each time does not come back for the first of them.
    const left = sessions.find((session) => !session.isConnected);
    left?.end();
    return left === undefined ? 'resource-constraint' : claimed;
  }

  add(session: ClientSession): void {
    const others = this.of(session.jid);
    // An array that grows keeps room for more, and most accounts have one session.
    this.#accounts.set(session.jid.bare.toString(), others.length === 0 ? [session] : [...others, session]);
    this.#size++;
  }

  /** The session can be resumed by who knows `id`. */
  keep(id: string, session: ClientSession): void {
    this.#resumable.set(id, session);
  }

  resumable(id: string, account: Jid): ClientSession | undefined {
    const session = this.#resumable.get(id);
    return session?.jid.sameBare(account) === true ? session : undefined;
  }

  remove(session: ClientSession, id: string | undefined): void {
    if (id !== undefined) this.#resumable.delete(id);
    const sessions = this.of(session.jid);
    if (!sessions.includes(session)) return;
    const account = session.jid.bare.toString();
    const others = sessions.filter((other) => other !== session);
    if (others.length === 0) this.#accounts.delete(account);
    else this.#accounts.set(account, others);
    this.#size--;
  }
}

const none: readonly ClientSession[] = [];
