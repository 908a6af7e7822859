import { Jid } from '../jid/jid.ts';
import { namespaces } from '../namespaces.ts';
import type { SaslClientMechanism } from '../sasl/mechanism.ts';
import { decodeHandled } from '../stream/stanza-ledger.ts';
import type { XmppStream, XmppStreamListener } from '../stream/stream.ts';
import { decodeStreamError } from '../stream/stream-error.ts';
import { element, type XmlElement } from '../xml/element.ts';
import { ClientAuthentication, loginOf } from './authentication.ts';
import { xmppErrors } from './errors.ts';

export interface NegotiationOptions {
  readonly stream: XmppStream;
  /** The account; its resource is asked for. */
  readonly jid: Jid;
  readonly requireTls: boolean;
  readonly mechanisms: readonly SaslClientMechanism[];
  /** The session to go on with (XEP-0198). */
  readonly resumption: { readonly id: string; readonly handled: number } | undefined;
}

/** How a stream came to be of use. */
export interface Negotiated {
  readonly jid: Jid;
  /** What the server took over of the session that was resumed; undefined when it is a new one. */
  readonly resumedAt: number | undefined;
  /** By what the session can be resumed; undefined without stream management. */
  readonly managed: { readonly id: string | undefined } | undefined;
}

/** A server has no more to say before it answers <enable/>: roster pushes, offline messages. */
const maximumEarly = 1000;

/** One client's way through a stream's negotiation (RFC 6120 §4.3): TLS, SASL, a resource or the old session. */
export class ClientNegotiation implements XmppStreamListener {
  readonly #options: NegotiationOptions;
  readonly #queue: XmlElement[] = [];
  #waiting: { resolve(element: XmlElement): void; reject(error: Error): void } | undefined;
  #error: Error | undefined;

  constructor(options: NegotiationOptions) {
    this.#options = options;
  }

  /** Stanzas from before stream management began, which does not count them. */
  readonly early: XmlElement[] = [];

  /** What came along with the last answer, and is for whoever has the stream next. */
  get rest(): readonly XmlElement[] {
    return this.#queue;
  }

  onHeader(): void {}

  onElement(received: XmlElement): void {
    if (received.is('error', namespaces.streams)) {
      const { condition, text = '' } = decodeStreamError(received);
      this.#fail(xmppErrors.XMPP_STREAM_ERROR(condition, text));
      return;
    }
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting === undefined) this.#queue.push(received);
    else waiting.resolve(received);
  }

  onEnd(): void {
    this.#fail(xmppErrors.XMPP_DISCONNECTED());
  }

  onClosed(error: Error | undefined): void {
    this.#fail(xmppErrors.XMPP_DISCONNECTED(error));
  }

  #fail(error: Error): void {
    this.#error ??= error;
    this.#waiting?.reject(this.#error);
    this.#waiting = undefined;
  }

  #next(): Promise<XmlElement> {
    const received = this.#queue.shift();
    if (received !== undefined) return Promise.resolve(received);
    if (this.#error !== undefined) return Promise.reject(this.#error);
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
    });
  }

  /** @throws YaolianError XMPP_… */
  async run(): Promise<Negotiated> {
    const { stream } = this.#options;
    stream.listen(this);
    let features = await this.#open();
    if (!stream.transport.isSecure) features = await this.#secure(features);
    const login = loginOf(features, this.#options);
    const success = await new ClientAuthentication(stream, () => this.#next()).run(login);
    const done = login.isSasl2 ? this.#atOnce(success) : undefined;
    if (done !== undefined) return done;
    if (login.isSasl2) features = await this.#features();
    else {
      stream.restart();
      features = await this.#open();
    }
    const isManaged = features.child('sm', namespaces.streamManagement) !== undefined;
    return (isManaged ? await this.#resume() : undefined) ?? this.#bind(isManaged);
  }

  async #open(): Promise<XmlElement> {
    const { stream, jid } = this.#options;
    // RFC 6120 §4.7.1: who we are is said only where nobody else reads it.
    const from = stream.transport.isSecure ? jid.bare.toString() : undefined;
    stream.sendHeader({ to: jid.domain, from, version: '1.0', language: 'en' });
    return this.#features();
  }

  async #features(): Promise<XmlElement> {
    const features = await this.#next();
    if (!features.is('features', namespaces.streams)) throw xmppErrors.XMPP_PROTOCOL('no stream features');
    return features;
  }

  /** RFC 6120 §5. */
  async #secure(features: XmlElement): Promise<XmlElement> {
    const { stream, requireTls } = this.#options;
    const isOffered = features.child('starttls', namespaces.startTls) !== undefined && stream.transport.canStartTls;
    if (!isOffered) {
      if (requireTls) throw xmppErrors.XMPP_TLS_UNAVAILABLE();
      return features;
    }
    stream.send(element('starttls', namespaces.startTls));
    const answer = await this.#next();
    if (!answer.is('proceed', namespaces.startTls)) throw xmppErrors.XMPP_TLS_UNAVAILABLE();
    // What an attacker put behind <proceed/> would pass for protected.
    if (this.#queue.length > 0) throw xmppErrors.XMPP_PROTOCOL('bytes before TLS');
    const failure = await stream.startTls(undefined);
    if (failure !== undefined) throw xmppErrors.XMPP_TLS_FAILED(failure.message, failure);
    return this.#open();
  }

  /** XEP-0388 §2.6: what came of what was asked for along with the log-in; undefined when a resource is still to be bound. */
  #atOnce(success: XmlElement): Negotiated | undefined {
    const { resumption, jid } = this.#options;
    const { sasl2, bind2, streamManagement } = namespaces;
    const resumed = success.child('resumed', streamManagement);
    const h = decodeHandled(resumed?.attribute('h'));
    if (resumed !== undefined && resumption !== undefined && h !== undefined) {
      return { jid, resumedAt: h, managed: { id: resumption.id } };
    }
    const bound = success.child('bound', bind2);
    if (bound === undefined) return undefined;
    const full = Jid.parse(success.childText('authorization-identifier', sasl2) ?? '');
    if (full?.resource === undefined) throw xmppErrors.XMPP_PROTOCOL('no JID was bound');
    const enabled = bound.child('enabled', streamManagement);
    return { jid: full, resumedAt: undefined, managed: enabled && managedBy(enabled) };
  }

  /** Once a resource is bound, stanzas come at any time (RFC 6120 §7.1). */
  async #pastStanzas(): Promise<XmlElement> {
    let received = await this.#next();
    while (received.namespace === namespaces.client) {
      if (this.early.length >= maximumEarly) throw xmppErrors.XMPP_PROTOCOL('too many stanzas before <enabled/>');
      this.early.push(received);
      received = await this.#next();
    }
    return received;
  }

  /** XEP-0198 §5. */
  async #resume(): Promise<Negotiated | undefined> {
    const { stream, resumption, jid } = this.#options;
    if (resumption === undefined) return undefined;
    const { id: previd, handled } = resumption;
    stream.send(element('resume', namespaces.streamManagement, { previd, h: String(handled) }));
    const answer = await this.#next();
    if (answer.is('failed', namespaces.streamManagement)) return undefined;
    const h = decodeHandled(answer.attribute('h'));
    if (!answer.is('resumed', namespaces.streamManagement) || h === undefined) {
      throw xmppErrors.XMPP_PROTOCOL(`<${answer.name}/> in answer to <resume/>`);
    }
    return { jid, resumedAt: h, managed: { id: previd } };
  }

  /** RFC 6120 §7, XEP-0198 §3. */
  async #bind(isManaged: boolean): Promise<Negotiated> {
    const { stream, jid } = this.#options;
    const { client, bind, streamManagement, stanzaErrors } = namespaces;
    const resource = jid.resource === undefined ? undefined : element('resource', bind, {}, jid.resource);
    stream.send(element('iq', client, { type: 'set', id: 'bind' }, element('bind', bind, {}, resource)));
    const answer = await this.#next();
    if (answer.attribute('type') !== 'result') {
      const condition = answer
        .child('error')
        ?.elements()
        .find(({ namespace }) => namespace === stanzaErrors);
      throw xmppErrors.XMPP_BIND_FAILED(condition?.name ?? 'no reason');
    }
    const bound = Jid.parse(answer.child('bind', bind)?.childText('jid') ?? '');
    if (bound === undefined) throw xmppErrors.XMPP_PROTOCOL('no JID was bound');
    if (!isManaged) return { jid: bound, resumedAt: undefined, managed: undefined };
    stream.send(element('enable', streamManagement, { resume: 'true' }));
    const enabled = await this.#pastStanzas();
    const isEnabled = enabled.is('enabled', streamManagement);
    return { jid: bound, resumedAt: undefined, managed: isEnabled ? managedBy(enabled) : undefined };
  }
}

function managedBy(enabled: XmlElement): { readonly id: string | undefined } {
  return { id: /^(true|1)$/.test(enabled.attribute('resume') ?? '') ? enabled.attribute('id') : undefined };
}
