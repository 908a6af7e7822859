import { type Duration, emptyBytes, encodeHex, hours } from '@yaolian/kernel';
import { type Fault, fault } from '../faults.ts';
import { hasExpired, type ProvenIdentity } from '../identity.ts';
import { ExtensionType } from '../messages/extensions.ts';
import { HandshakeType } from '../messages/handshake-type.ts';
import { encodeNewSessionTicket } from '../messages/new-session-ticket.ts';
import { decodeResumableState, encodeResumableState, type ResumableState } from '../session/resumable-state.ts';
import type { DtlsSession } from '../session/session.ts';
import type { Settings } from '../settings.ts';
import type { ServerHandshake } from './server-handshake.ts';
import { TicketKeys } from './tickets.ts';

export interface ResumptionOptions {
  /** How long after the full handshake a session may be resumed. Default 24 h. */
  readonly lifetime?: Duration;
  /** Whether clients that take tickets get one (RFC 5077). Default true. */
  readonly tickets?: boolean;
  /** Whether sessions of other clients are kept here under a session ID (RFC 5246 §7.3). Default true. */
  readonly sessionIds?: boolean;
  /**
   * What tickets are sealed with, at least 32 secret bytes each: new ones with the first, and those of the others are good
   * too. The same after a restart and on each node, so that tickets stay good; see {@link DtlsServer.useTicketSecrets}.
   * Default: random, a new one each `lifetime`.
   */
  readonly ticketSecrets?: readonly Uint8Array[];
  /** Asked before a session is resumed: false leads to a full handshake, as for a device whose key was withdrawn. */
  readonly accept?: (identity: ProvenIdentity) => boolean | Promise<boolean>;
}

type Found = ResumableState | Fault | undefined;

interface Remembered {
  readonly state: ResumableState;
  /** Key of the last session that was made of it. */
  session: string;
}

/** Tickets larger than this are not given: a client certificate may be long. */
const maximumTicket = 4096;

/** The server's memory of earlier sessions: sealed in tickets with the clients, or here under session IDs. */
export class Resumption {
  readonly #settings: Settings;
  readonly #options: ResumptionOptions;
  readonly #lifetime: number;
  readonly #tickets: TicketKeys | undefined = undefined;
  /** In the order of age; the oldest gives way. */
  readonly #byId = new Map<string, Remembered>();

  constructor(settings: Settings, options: ResumptionOptions) {
    const { crypto, clock } = settings;
    this.#settings = settings;
    this.#options = options;
    const lifetime = options.lifetime ?? hours(24);
    this.#lifetime = lifetime;
    const { ticketSecrets: secrets } = options;
    if (options.tickets !== false) this.#tickets = new TicketKeys(crypto, secrets ?? { clock, period: lifetime });
  }

  get size(): number {
    return this.#byId.size;
  }

  /** The earlier session that the client asks for, if it may be resumed; a fault where the handshake is to end. */
  find(handshake: ServerHandshake): Found | Promise<Found> {
    const state = this.#offered(handshake);
    if (state === undefined || !this.#isUsable(state, handshake)) return undefined;
    // RFC 7627 §5.3: a session that was made with it is resumed with it, or somebody is in the middle; without it, it is made anew.
    if (state.usesExtendedMasterSecret !== handshake.usesExtendedMasterSecret) {
      return state.usesExtendedMasterSecret
        ? fault('handshake_failure', 'the client resumes without extended master secret')
        : undefined;
    }
    const verdict = this.#options.accept?.(state.identity) ?? true;
    if (verdict instanceof Promise) return verdict.then((isAccepted) => this.#settle(handshake, state, isAccepted));
    return this.#settle(handshake, state, verdict);
  }

  #settle(handshake: ServerHandshake, state: ResumableState, isAccepted: boolean): ResumableState | undefined {
    if (!isAccepted) return undefined;
    // RFC 5077 §3.4: an echoed session ID tells the client that its ticket was taken.
    handshake.sessionId = handshake.hello.sessionId.slice();
    handshake.givesTicket = this.#tickets !== undefined && handshake.hello.extensions.has(ExtensionType.session_ticket);
    return state;
  }

  useTicketSecrets(secrets: readonly Uint8Array[]): void {
    this.#tickets?.use(secrets);
  }

  /** A full handshake begins: decides how it can be resumed later. */
  prepare(handshake: ServerHandshake): void {
    if (this.#tickets !== undefined && handshake.hello.extensions.has(ExtensionType.session_ticket)) {
      handshake.givesTicket = true;
    } else if (this.#options.sessionIds !== false) {
      handshake.sessionId = this.#settings.random.bytes(16);
    }
  }

  /** Adds NewSessionTicket to the last flight, when one was promised. */
  addTicket(handshake: ServerHandshake): void {
    if (!handshake.givesTicket || this.#tickets === undefined) return;
    const state = this.#stateOf(handshake);
    const content = encodeResumableState(state);
    const ticket = content.length > maximumTicket ? emptyBytes : this.#tickets.seal(content);
    content.fill(0);
    state.masterSecret.fill(0);
    // RFC 5077 §3.3: how long it is of use, which is not from now on but since the full handshake.
    const left = this.#lifetime - (this.#settings.clock.epoch() - state.since);
    const lifetimeHint = Math.max(1, Math.floor(left / 1000));
    handshake.add(HandshakeType.NewSessionTicket, encodeNewSessionTicket({ lifetimeHint, ticket }));
  }

  /** A handshake is done. */
  remember(handshake: ServerHandshake): void {
    if (handshake.givesTicket || handshake.sessionId.length === 0) return;
    if (handshake.isResumption) {
      const remembered = this.#byId.get(encodeHex(handshake.sessionId));
      if (remembered !== undefined) remembered.session = handshake.session!.key;
      return;
    }
    if (this.#byId.size >= this.#settings.bounds.maximumResumable) {
      this.#forget(this.#byId.keys().next().value!);
    }
    const session = handshake.session!.key;
    this.#byId.set(encodeHex(handshake.sessionId), { session, state: this.#stateOf(handshake) });
  }

  /** RFC 5246 §7.2.2: a session that ended with a fatal alert is not resumed. Not by tickets, which we do not have. */
  forget(session: DtlsSession): void {
    for (const [id, remembered] of this.#byId) if (remembered.session === session.key) this.#forget(id);
  }

  forgetAll(): void {
    for (const id of [...this.#byId.keys()]) this.#forget(id);
  }

  #forget(id: string): void {
    this.#byId.get(id)?.state.masterSecret.fill(0);
    this.#byId.delete(id);
  }

  #offered({ hello }: ServerHandshake): ResumableState | undefined {
    const ticket = hello.extensions.get(ExtensionType.session_ticket);
    if (this.#tickets !== undefined && ticket !== undefined && ticket.length > 0) {
      const content = this.#tickets.open(ticket);
      return content === undefined ? undefined : decodeResumableState(content);
    }
    return hello.sessionId.length === 0 ? undefined : this.#byId.get(encodeHex(hello.sessionId))?.state;
  }

  #isUsable(state: ResumableState, handshake: ServerHandshake): boolean {
    const age = this.#settings.clock.epoch() - state.since;
    return (
      age >= 0 &&
      age < this.#lifetime &&
      this.#settings.cipherSuites.includes(state.suite) &&
      handshake.hello.cipherSuites.includes(state.suite.id) &&
      // RFC 6066 §3: the name must be the same.
      state.serverName === handshake.serverName &&
      // RFC 5280 §4.1.2.5: what was proved by a certificate is proved no longer than that is good.
      !hasExpired(state.identity, this.#settings.clock.epoch()) &&
      (state.suite.cipher !== 'aes-128-cbc' || handshake.hello.extensions.has(ExtensionType.encrypt_then_mac))
    );
  }

  #stateOf(handshake: ServerHandshake): ResumableState {
    const { suite, usesExtendedMasterSecret, serverName, identity } = handshake;
    const since = handshake.resumedSince ?? this.#settings.clock.epoch();
    return {
      suite,
      masterSecret: handshake.masterSecret.slice(),
      usesExtendedMasterSecret,
      serverName,
      identity,
      since,
    };
  }
}
