import { Jid } from '../jid/jid.ts';
import { namespaces } from '../namespaces.ts';
import type { SaslChannel, SaslMechanism, SaslStep } from '../sasl/mechanism.ts';
import { isVersionKnown, type StreamHeader } from '../stream/header.ts';
import { XmppStream, type XmppStreamListener } from '../stream/stream.ts';
import type { StreamErrorCondition } from '../stream/stream-error.ts';
import type { XmppTransport } from '../stream/transport.ts';
import { element, type XmlElement } from '../xml/element.ts';
import { Authentication, encodeSasl2Step, encodeSaslStep } from './authentication.ts';
import { Binding, type ServerCore } from './binding.ts';

/** A connection from its first byte until a client has a resource: header, TLS, authentication, binding (RFC 6120 §4-7). */
export class ServerConnection implements XmppStreamListener {
  readonly stream: XmppStream;
  readonly #core: ServerCore;
  readonly #onGone: (connection: ServerConnection) => void;
  readonly #deadline: number;
  #header: StreamHeader | undefined;
  #domain: string;
  #authentication: Authentication | undefined;
  #mechanisms: readonly SaslMechanism[] = [];
  #account: Jid | undefined;
  #isSasl2 = false;
  /** The `<authenticate/>` that is being answered. */
  #request: XmlElement | undefined;

  /** @param onGone the connection is over, or a session has it */
  constructor(core: ServerCore, transport: XmppTransport, onGone: (connection: ServerConnection) => void) {
    this.#core = core;
    this.#domain = core.domains[0]!;
    this.#onGone = onGone;
    this.stream = new XmppStream(transport, core.stream);
    this.#deadline = core.clock.monotonic() + core.bounds.authenticationTimeout;
    this.stream.listen(this);
    core.wake();
  }

  /** Who takes too long is sent away. @param now monotonic */
  look(now: number): void {
    if (now >= this.#deadline && !this.stream.isEnding) this.#fail('connection-timeout');
  }

  onClosed(): void {
    this.#onGone(this);
  }

  onEnd(): void {}

  #fail(condition: StreamErrorCondition, text?: string): void {
    this.#core.refused(condition);
    this.stream.fail(text === undefined ? { condition } : { condition, text });
  }

  ownHeader(): StreamHeader {
    const { language = 'en', from } = this.#header ?? {};
    return { from: this.#domain, to: from, id: this.#core.newId(), version: '1.0', language };
  }

  onHeader(header: StreamHeader): void {
    this.#header = header;
    // RFC 6120 §4.9.3.6: a name that we do not serve.
    const asked = header.to === undefined ? undefined : Jid.parse(header.to);
    const isKnown = asked !== undefined && this.#core.domains.includes(asked.toString());
    if (isKnown && (this.#account === undefined || asked.domain === this.#domain)) this.#domain = asked.domain;
    else if (header.to !== undefined || this.#core.domains.length > 1) {
      this.#fail(header.to === undefined ? 'improper-addressing' : 'host-unknown');
      return;
    }
    this.stream.sendHeader(this.ownHeader());
    if (isVersionKnown(header.version)) this.#sendFeatures();
    else this.#fail('unsupported-version');
  }

  #sendFeatures(): void {
    this.#mechanisms = this.#account === undefined ? this.#offered() : [];
    const features = this.#core.featureTexts.of({
      core: this.#core,
      transport: this.stream.transport,
      domain: this.#domain,
      isAuthenticated: this.#account !== undefined,
      mechanisms: this.#mechanisms.map(({ name }) => name),
    });
    if (this.stream.relays) this.stream.relay(features.bytes);
    else this.stream.send(features.element);
  }

  #offered(): readonly SaslMechanism[] {
    const { transport } = this.stream;
    if (this.#core.requireTls && !transport.isSecure) return [];
    const channel = this.#channel([]);
    return this.#core.mechanisms(this.#domain).filter((mechanism) => mechanism.isOffered(channel));
  }

  #channel(offeredMechanisms: readonly string[]): SaslChannel {
    const { transport } = this.stream;
    return {
      domain: this.#domain,
      isSecure: transport.isSecure,
      identity: transport.identity,
      channelBindingTypes: transport.channelBindingTypes,
      channelBinding: (type) => transport.channelBinding(type),
      offeredMechanisms,
    };
  }

  onElement(received: XmlElement): void {
    if (this.#header === undefined) this.#fail('bad-format');
    else if (this.#account !== undefined) this.#onAuthenticated(received, this.#account);
    else if (this.stream.receivedBytes > this.#core.bounds.maximumUnauthenticatedBytes) this.#fail('policy-violation');
    else if (received.is('starttls', namespaces.startTls)) this.#startTls();
    else if (received.namespace === namespaces.sasl || received.namespace === namespaces.sasl2) this.#onSasl(received);
    // RFC 6120 §4.9.3.12: nothing else before authentication.
    else this.#fail('not-authorized');
  }

  /** RFC 6120 §5.4. */
  #startTls(): void {
    if (!this.stream.transport.canStartTls) {
      this.stream.send(element('failure', namespaces.startTls));
      this.stream.close();
      return;
    }
    this.#header = undefined;
    // RFC 6120 §5.4.3.3: what was said before TLS does not count.
    this.#authentication = undefined;
    void this.stream.startTls(element('proceed', namespaces.startTls), this.#domain);
  }

  #onSasl(received: XmlElement): void {
    const isSasl2 = received.namespace === namespaces.sasl2;
    const isFirst = received.name === (isSasl2 ? 'authenticate' : 'auth');
    if (isFirst) {
      this.#isSasl2 = isSasl2;
      this.#request = received;
    } else if (isSasl2 !== this.#isSasl2) {
      this.#fail('not-authorized');
      return;
    }
    this.#authentication ??= new Authentication({
      mechanisms: this.#mechanisms,
      channel: this.#channel(this.#mechanisms.map(({ name }) => name)),
      attempts: this.#core.attempts,
      host: this.stream.transport.peer.address.host,
      log: this.#core.log,
    });
    this.stream.hold();
    this.#step(this.#authentication, received, isFirst).then(async (step) => {
      await this.#onStep(step);
      this.stream.release();
    });
  }

  #step(authentication: Authentication, received: XmlElement, isFirst: boolean): Promise<SaslStep> {
    if (isFirst) {
      const initial = this.#isSasl2 ? received.childText('initial-response') : received.text() || undefined;
      return authentication.begin(received.attribute('mechanism'), initial);
    }
    return received.name === 'response' ? authentication.respond(received.text()) : authentication.abort();
  }

  #onStep(step: SaslStep): void | Promise<void> {
    const { stream } = this;
    if (stream.isEnding) return;
    const account = step.kind === 'success' ? Jid.of(step.username, this.#domain) : undefined;
    if (step.kind === 'success' && account === undefined) {
      this.#fail('internal-server-error');
      return;
    }
    this.#core.authenticated(step);
    if (account !== undefined) {
      this.#account = account;
      stream.limit(this.#core.bounds.stanza);
      if (this.#isSasl2) return this.#succeedAtOnce(step, account);
      // RFC 6120 §6.4.6: a new stream.
      this.#header = undefined;
    }
    stream.send(this.#isSasl2 ? encodeSasl2Step(step, []) : encodeSaslStep(step));
    if (account !== undefined) stream.restart();
    else if (this.#authentication?.isExhausted === true) this.#fail('policy-violation', 'too many attempts');
  }

  /** XEP-0388 §2.6, XEP-0386 §4: success, and a resource in the same answer if the client asked for one. */
  async #succeedAtOnce(step: SaslStep, account: Jid): Promise<void> {
    const binding = this.#binding(account);
    const resumed = await binding.resumeAtOnce(this.#request!);
    if (this.stream.isEnding) return;
    const bound = binding.bindAtOnce(this.#request!);
    const jid = binding.session?.jid ?? account;
    const identifier = element('authorization-identifier', namespaces.sasl2, {}, jid.toString());
    this.stream.send(encodeSasl2Step(step, [identifier, resumed, bound]));
    if (binding.session === undefined) this.#sendFeatures();
    else {
      this.stream.send(element('features', namespaces.streams));
      this.#finish();
      binding.start(this.stream);
    }
  }

  #binding(account: Jid): Binding {
    return new Binding(this.#core, account, this.#header?.language ?? undefined);
  }

  /** RFC 6120 §7, XEP-0198 §5: a resource, or an old session. */
  #onAuthenticated(received: XmlElement, account: Jid): void {
    const binding = this.#binding(account);
    const answer = binding.answer(received);
    if (answer === undefined) this.#fail('not-authorized');
    else if (answer instanceof Promise) {
      this.stream.hold();
      answer.then((settled) => {
        this.#answered(binding, settled);
        this.stream.release();
      });
    } else this.#answered(binding, answer);
  }

  #answered(binding: Binding, answer: XmlElement): void {
    if (this.stream.isEnding) return;
    this.stream.send(answer);
    if (binding.session === undefined) return;
    this.#finish();
    binding.start(this.stream);
  }

  #finish(): void {
    this.#onGone(this);
  }
}
