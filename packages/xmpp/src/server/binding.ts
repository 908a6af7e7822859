import type { Clock, Duration, Log, Random, Timers } from '@yaolian/kernel';
import { encodeBase64Url } from '@yaolian/kernel';
import type { Jid } from '../jid/jid.ts';
import { namespaces } from '../namespaces.ts';
import type { SaslMechanism, SaslStep } from '../sasl/mechanism.ts';
import type { StreamLimits } from '../stream/framing.ts';
import { decodeHandled } from '../stream/stanza-ledger.ts';
import type { XmppStream, XmppStreamOptions } from '../stream/stream.ts';
import type { StreamErrorCondition } from '../stream/stream-error.ts';
import { element, type XmlElement } from '../xml/element.ts';
import type { AttemptLimiter } from './attempt-limiter.ts';
import type { FeatureTexts } from './features.ts';
import type { SessionHandler } from './ports.ts';
import { ClientSession } from './session.ts';
import type { SessionTable } from './session-table.ts';

/** What connections and sessions of one server share. */
export interface ServerCore {
  readonly domains: readonly string[];
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  readonly log: Log;
  readonly handler: SessionHandler;
  readonly mechanisms: (domain: string) => readonly SaslMechanism[];
  readonly requireTls: boolean;
  readonly features: (domain: string) => readonly XmlElement[];
  readonly featureTexts: FeatureTexts;
  readonly inlineFeatures: readonly string[];
  readonly attempts: AttemptLimiter;
  readonly sessions: SessionTable;
  readonly bounds: {
    readonly stanza: StreamLimits;
    readonly unauthenticated: StreamLimits;
    readonly maximumUnauthenticatedBytes: number;
    readonly authenticationTimeout: Duration;
    readonly maximumPending: number;
    readonly maximumUnacknowledged: number;
    readonly maximumUnacknowledgedBytes: number;
    readonly maximumInactive: number;
    readonly maximumInactiveBytes: number;
  };
  readonly timing: {
    readonly pingAfter: Duration;
    readonly pingTimeout: Duration;
    readonly resumptionTimeout: Duration;
  };
  /** Of all streams. */
  readonly stream: XmppStreamOptions;
  /** Somebody is there to be looked after. */
  wake(): void;
  /** Unguessable, unlike any other (RFC 6120 §4.7.3). */
  newId(): string;
  /** For the counters. */
  refused(condition: StreamErrorCondition): void;
  authenticated(step: SaslStep): void;
}

/** A client that is authenticated asks for a resource or for its old session. One object to one request. */
export class Binding {
  readonly #core: ServerCore;
  readonly #account: Jid;
  readonly #language: string | undefined;
  readonly #requests: XmlElement[] = [];
  #resumedAt: number | undefined;
  /** What it got. */
  session: ClientSession | undefined;

  constructor(core: ServerCore, account: Jid, language: string | undefined) {
    this.#core = core;
    this.#account = account;
    this.#language = language;
  }

  /** The session begins to speak on this stream, after the answer was sent. */
  start(stream: XmppStream): void {
    if (this.#resumedAt === undefined) this.session!.begin(stream, this.#requests);
    else this.session!.resume(stream, this.#resumedAt);
  }

  /** Answers a request of RFC 6120 §7 or XEP-0198 §5; undefined when it is neither. */
  answer(request: XmlElement): XmlElement | Promise<XmlElement> | undefined {
    if (request.is('resume', namespaces.streamManagement)) return this.#resume(request);
    const bind = request.is('iq', namespaces.client) ? request.child('bind', namespaces.bind) : undefined;
    if (bind === undefined || request.attribute('type') !== 'set') {
      return request.is('enable', namespaces.streamManagement) ? failed('unexpected-request') : undefined;
    }
    const { id } = request.attributes;
    const condition = this.#bind(bind.childText('resource') || undefined);
    if (condition !== undefined) return refusal(id, condition);
    const jid = element('jid', namespaces.bind, {}, this.session!.jid.toString());
    return element('iq', namespaces.client, { type: 'result', id }, element('bind', namespaces.bind, {}, jid));
  }

  /** XEP-0388, XEP-0198 §5: the old session that `<authenticate/>` asks for, and the answer. */
  resumeAtOnce(request: XmlElement): XmlElement | Promise<XmlElement> | undefined {
    const resume = request.child('resume', namespaces.streamManagement);
    return resume && this.#resume(resume);
  }

  /** XEP-0386: the resource that `<authenticate/>` asks for, unless it got its old one, and the answer. */
  bindAtOnce(request: XmlElement): XmlElement | undefined {
    const bind = request.child('bind', namespaces.bind2);
    if (bind === undefined || this.session !== undefined) return undefined;
    const tag = bind.childText('tag')?.slice(0, 100) ?? 'yaolian';
    const condition = this.#bind(`${tag}~${this.#core.newId().slice(0, 10)}`);
    if (condition !== undefined) return undefined;
    const enable = bind.child('enable', namespaces.streamManagement);
    const enabled = enable && this.session!.enable(enable);
    this.#requests.push(...bind.elements().filter(({ name }) => name !== 'tag'));
    return element('bound', namespaces.bind2, {}, enabled);
  }

  /** @returns the condition of the stanza error, if it cannot be */
  #bind(resource: string | undefined): 'bad-request' | 'conflict' | 'resource-constraint' | undefined {
    const jid = this.#account.withResource(resource ?? encodeBase64Url(this.#core.random.bytes(9)));
    if (jid === undefined) return 'bad-request';
    const claimed = this.#core.sessions.claim(jid);
    if (typeof claimed === 'string') return claimed;
    this.session = new ClientSession(this.#core, claimed, this.#language);
    this.#core.sessions.add(this.session);
    return undefined;
  }

  #resume(request: XmlElement): XmlElement | Promise<XmlElement> {
    const h = decodeHandled(request.attribute('h'));
    const previd = request.attribute('previd') ?? '';
    const session = this.#core.sessions.resumable(previd, this.#account);
    if (session === undefined || h === undefined || !session.canResumeAt(h)) return failed('item-not-found');
    // What came on the old stream is not to be sent again once it is taken over: until then nobody can say how much it is.
    return session.detach()?.then(() => this.#resumed(session, previd, h)) ?? this.#resumed(session, previd, h);
  }

  #resumed(session: ClientSession, previd: string, h: number): XmlElement {
    if (session.isOver) return failed('item-not-found');
    this.session = session;
    this.#resumedAt = h;
    return element('resumed', namespaces.streamManagement, { previd, h: String(session.handled) });
  }
}

/** XEP-0198 §3, §5: it cannot be, and the stream goes on. */
export function failed(condition: string): XmlElement {
  return element('failed', namespaces.streamManagement, {}, element(condition, namespaces.stanzaErrors));
}

function refusal(id: string | undefined, condition: 'bad-request' | 'conflict' | 'resource-constraint'): XmlElement {
  const type = { 'bad-request': 'modify', conflict: 'cancel', 'resource-constraint': 'wait' }[condition];
  const error = element('error', namespaces.client, { type }, element(condition, namespaces.stanzaErrors));
  return element('iq', namespaces.client, { type: 'error', id }, error);
}
