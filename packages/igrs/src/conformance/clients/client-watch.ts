import type { Duration, Timers } from '@yaolian/kernel';
import {
  clientContext,
  element,
  namespaces,
  type SessionHandler,
  Stanza,
  serialiseXml,
  type XmlElement,
  type XmppSession,
} from '@yaolian/xmpp';
import { must } from '../bench.ts';
import { type AccountRequestSeen, violationsOfAccountRequest } from './account-rules.ts';
import { clauseOf, faultsOf, payloadsOf, type Violation } from './stanza-rules.ts';

/** Violations and stanzas that are kept; of a client that floods, the first ones tell enough. */
const longestRecord = 10_000;

/**
 * Stands between the connections of a message server and what it does with their stanzas: holds everything that one account says against
 * the rules, asks it things in the place of anybody, and keeps its answers to itself.
 */
export class ClientWatch {
  readonly #account: string;
  readonly #timers: Timers;
  readonly #stop: AbortSignal | undefined;
  readonly #asked = new Map<string, (answer: XmlElement) => void>();
  readonly #waiting = new Set<() => void>();
  #ids = 0;
  /** Its connections, the oldest first. */
  readonly sessions: XmppSession[] = [];
  readonly stanzas: XmlElement[] = [];
  readonly accountRequests: AccountRequestSeen[] = [];
  readonly violations: Violation[] = [];
  /** By clause: how many messages were judged. */
  readonly judged = new Map<string, number>();
  /** How often it logged in, and out or off. */
  logins = 0;
  ends = 0;

  /** @param account the local part of its address @param stop ends every wait, with its reason */
  constructor(account: string, timers: Timers, stop?: AbortSignal) {
    this.#account = account;
    this.#timers = timers;
    this.#stop = stop;
  }

  /** @returns what the message server is told its sessions by */
  between(handler: SessionHandler): SessionHandler {
    return {
      onBound: (session, requests) => {
        handler.onBound(session, requests);
        if (!this.#isMeant(session)) return;
        this.sessions.push(session);
        this.logins++;
        this.#look();
      },
      onStanza: (session, stanza) =>
        this.#isMeant(session) && this.#take(stanza.element) ? undefined : handler.onStanza(session, stanza),
      onEnded: (session, undelivered) => {
        handler.onEnded(session, undelivered);
        const at = this.sessions.indexOf(session);
        if (at < 0) return;
        this.sessions.splice(at, 1);
        this.ends++;
        this.#look();
      },
    };
  }

  /** A request to the account server. */
  onAccountRequest(request: AccountRequestSeen): void {
    this.#count('7');
    this.accountRequests.push(request);
    this.#note(violationsOfAccountRequest(request));
    this.#look();
  }

  /** @returns whether it is for the suite alone */
  #take(stanza: XmlElement): boolean {
    this.#count('11.1');
    for (const payload of payloadsOf(stanza)) {
      const clause = clauseOf(payload);
      if (clause !== undefined) this.#count(clause);
    }
    const bytes = serialiseXml(stanza, clientContext);
    const faults = faultsOf(stanza);
    for (const { clause } of faults) if (!this.judged.has(clause)) this.#count(clause);
    this.#note(faults.map((fault) => ({ ...fault, bytes })));
    if (this.stanzas.length < longestRecord) this.stanzas.push(stanza);
    const isAnswer = stanza.name === 'iq' && ['result', 'error'].includes(stanza.attribute('type') ?? '');
    const waiting = isAnswer ? this.#asked.get(stanza.attribute('id') ?? '') : undefined;
    waiting?.(stanza);
    this.#look();
    return waiting !== undefined || (isAnswer && stanza.attribute('id')?.startsWith('conformance-') === true);
  }

  #count(clause: string): void {
    this.judged.set(clause, (this.judged.get(clause) ?? 0) + 1);
  }

  #note(violations: readonly Violation[]): void {
    if (this.violations.length < longestRecord) this.violations.push(...violations);
  }

  #look(): void {
    for (const look of [...this.#waiting]) look();
  }

  #isMeant(session: XmppSession): boolean {
    return session.jid.local === this.#account;
  }

  /** The connection that is asked: the newest. @throws NotConforming when there is none */
  get session(): XmppSession {
    const session = this.sessions.at(-1);
    must(session !== undefined, 'it is not connected');
    return session;
  }

  /**
   * What `look` finds, now or later.
   * @returns undefined when there is nothing after `timeout`, or when `signal` aborts
   */
  async find<T>(look: () => T | undefined, timeout: Duration, signal?: AbortSignal): Promise<T | undefined> {
    const { promise, resolve, reject } = Promise.withResolvers<T | undefined>();
    const stop = () => reject(this.#stop?.reason);
    const again = () => {
      const found = look();
      if (found !== undefined) resolve(found);
    };
    const timer = this.#timers.schedule(timeout, () => resolve(undefined));
    const giveUp = () => resolve(undefined);
    signal?.addEventListener('abort', giveUp, { once: true });
    this.#stop?.addEventListener('abort', stop, { once: true });
    this.#waiting.add(again);
    try {
      if (signal?.aborted === true) giveUp();
      this.#stop?.throwIfAborted();
      again();
      return await promise;
    } finally {
      timer.cancel();
      this.#waiting.delete(again);
      signal?.removeEventListener('abort', giveUp);
      this.#stop?.removeEventListener('abort', stop);
    }
  }

  /** Delivers a stanza as if it came from `from`. */
  deliver(stanza: XmlElement, session = this.session): void {
    must(session.deliver(new Stanza(stanza)), 'it is not connected');
  }

  /** A new id of an iq. */
  newId(): string {
    return `conformance-${++this.#ids}`;
  }

  /** The connection that stays while others come for a question and go: the oldest. @throws NotConforming when there is none */
  get staying(): XmppSession {
    const [session] = this.sessions;
    must(session !== undefined, 'it is not connected');
    return session;
  }

  /** Asks the newest connection, or another one. @returns the answer, or undefined when none came in time, or the connection ended */
  ask(
    type: 'get' | 'set',
    payload: XmlElement,
    {
      from,
      timeout,
      id = this.newId(),
      session = this.session,
    }: { readonly from: string; readonly timeout: Duration; readonly id?: string; readonly session?: XmppSession },
  ): Promise<XmlElement | undefined> {
    let answer: XmlElement | undefined;
    const to = session.jid.toString();
    const isOver = new AbortController();
    const look = () => {
      if (answer === undefined && !this.sessions.includes(session)) isOver.abort();
      return answer;
    };
    this.#asked.set(id, (given) => {
      answer ??= given;
    });
    this.deliver(element('iq', namespaces.client, { type, id, from, to }, payload), session);
    return this.find(look, timeout, isOver.signal).finally(() => this.#asked.delete(id));
  }

  /** Everything that was sent since it was so much. */
  since(count: number): readonly XmlElement[] {
    return this.stanzas.slice(count);
  }
}

/** The violation of the rules as one sentence. */
export function describeViolation({ wrong, right, bytes }: Violation): string {
  const shown = bytes.length > 2000 ? `${bytes.slice(0, 2000)}…` : bytes;
  return `${wrong}; right: ${right}; it sent: ${shown}`;
}
