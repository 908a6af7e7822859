import { type Duration, decodeBase64, encodeBase64, encodeUtf8 } from '@yaolian/kernel';
import {
  element,
  namespaces,
  type SaslChannel,
  type SaslExchange,
  type SaslMechanism,
  type SaslStep,
  type StreamHeader,
  serialiseXml,
  type XmlElement,
  XmppStream,
  type XmppStreamListener,
  type XmppTransport,
} from '@yaolian/xmpp';
import type { RaTarget } from '../bench.ts';

/** What a client says on its stream, piece by piece. `end`: nothing more, on purpose or because it is cut. */
export type Said =
  | { readonly kind: 'header'; readonly header: StreamHeader }
  | { readonly kind: 'element'; readonly element: XmlElement }
  | { readonly kind: 'end' };

/** A stream of the client under test before it is in, whose other side the suite plays word by word. */
export class ScriptedStream implements XmppStreamListener {
  readonly #stream: XmppStream;
  readonly #timers: RaTarget['timers'];
  readonly #said: Said[] = [];
  readonly transport: XmppTransport;
  #look = () => {};

  constructor(transport: XmppTransport, { clock, timers }: Pick<RaTarget, 'clock' | 'timers'>) {
    this.transport = transport;
    this.#timers = timers;
    this.#stream = new XmppStream(transport, { clock, timers });
    this.#stream.listen(this);
  }

  onHeader(header: StreamHeader): void {
    this.#take({ kind: 'header', header });
  }

  onElement(received: XmlElement): void {
    this.#take({ kind: 'element', element: received });
  }

  onEnd(): void {
    this.#take({ kind: 'end' });
  }

  onClosed(): void {
    this.#take({ kind: 'end' });
  }

  #take(said: Said): void {
    this.#said.push(said);
    this.#look();
  }

  /** What it says next. @returns undefined when it is silent for so long */
  async next(timeout: Duration): Promise<Said | undefined> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = this.#timers.schedule(timeout, resolve);
    this.#look = resolve;
    if (this.#said.length === 0) await promise;
    timer.cancel();
    // After the end there is nothing but the end.
    return this.#said[0]?.kind === 'end' ? this.#said[0] : this.#said.shift();
  }

  sendHeader(header: StreamHeader): void {
    this.#stream.sendHeader(header);
  }

  send(one: XmlElement): void {
    this.#stream.send(one);
  }

  /** Bytes that are no stream. */
  sendText(text: string): void {
    this.transport.write(encodeUtf8(text));
  }

  /** @returns why there is no TLS */
  async startTls(domain: string): Promise<Error | undefined> {
    return this.#stream.startTls(element('proceed', namespaces.startTls), domain);
  }

  /** RFC 6120 §6.4.6: both sides begin anew. */
  restart(): void {
    this.#stream.restart();
  }

  /** The channel as mechanisms see it that bind to nothing. */
  channel(domain: string, offeredMechanisms: readonly string[]): SaslChannel {
    const { isSecure, identity } = this.transport;
    const unbound = { channelBindingTypes: [], channelBinding: () => undefined };
    return { domain, offeredMechanisms, isSecure, identity, ...unbound };
  }

  abort(): void {
    this.#stream.abort();
    // Also where the client has ended its half.
    this.transport.abort();
  }
}

/** What a client said, for people. */
export function describeSaid(said: Said | undefined): string {
  if (said === undefined) return 'nothing';
  if (said.kind === 'element') return serialiseXml(withoutSecrets(said.element));
  return said.kind === 'end' ? 'the end of its stream' : `the header of a stream to "${said.header.to ?? ''}"`;
}

/** Reports are passed on: what a password can be guessed from does not stand in them. */
function withoutSecrets(one: XmlElement): XmlElement {
  const isSasl = one.namespace === namespaces.sasl && one.text() !== '';
  return isSasl ? element(one.name, one.namespace, one.attributes, '…') : one;
}

/** One authentication of a client by SASL (RFC 6120 §6.4), step by step. */
export class ScriptedSasl {
  readonly #exchange: SaslExchange;

  constructor(mechanism: SaslMechanism, channel: SaslChannel) {
    this.#exchange = mechanism.begin(channel);
  }

  /** @param said `<auth/>` or `<response/>`; @returns undefined: it is not base64 */
  async step(said: XmlElement): Promise<SaslStep | undefined> {
    const text = said.text().trim();
    const data = text === '=' ? new Uint8Array() : decodeBase64(text);
    if (data === undefined) return undefined;
    if (said.name === 'auth') return this.#exchange.start(text === '' ? undefined : data);
    return this.#exchange.next(data);
  }
}

/** `<challenge/>` or `<success/>` with data. */
export function saslElement(name: 'challenge' | 'success', data: Uint8Array | undefined): XmlElement {
  return element(name, namespaces.sasl, {}, data === undefined ? '' : encodeBase64(data));
}
