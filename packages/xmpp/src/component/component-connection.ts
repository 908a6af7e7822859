import { encodeHex, encodeUtf8, type Timer } from '@yaolian/kernel';
import { Jid } from '../jid/jid.ts';
import { namespaces } from '../namespaces.ts';
import { Stanza } from '../server/stanza.ts';
import type { StreamHeader } from '../stream/header.ts';
import { XmppStream, type XmppStreamListener } from '../stream/stream.ts';
import type { StreamError, StreamErrorCondition } from '../stream/stream-error.ts';
import type { XmppTransport } from '../stream/transport.ts';
import { element, type XmlElement } from '../xml/element.ts';
import type { ComponentCore } from './component-server.ts';

/** The connection of a component: header, handshake (XEP-0114 §3), stanzas. */
export class ComponentConnection implements XmppStreamListener {
  readonly #core: ComponentCore;
  readonly #stream: XmppStream;
  readonly #timeout: Timer;
  readonly #id: string;
  #asked: string | undefined;
  #domain: string | undefined;
  #pending = 0;
  #isHeld = false;

  constructor(core: ComponentCore, transport: XmppTransport) {
    const { clock, timers } = core.options;
    this.#core = core;
    this.#id = core.newId();
    this.#stream = new XmppStream(transport, {
      clock,
      timers,
      content: namespaces.component,
      limits: core.bounds.stanza,
      maximumQueuedBytes: core.bounds.maximumQueuedBytes,
    });
    this.#timeout = timers.schedule(core.bounds.handshakeTimeout, () => this.end({ condition: 'connection-timeout' }));
    this.#stream.listen(this);
  }

  /** Of the component that it is; undefined before it said so. */
  get domain(): string | undefined {
    return this.#domain;
  }

  /** False when the connection is over. */
  deliver(stanza: XmlElement): boolean {
    if (this.#stream.isEnding) return false;
    this.#stream.send(stanza);
    return true;
  }

  end(error: StreamError): void {
    this.#stream.fail(error);
  }

  onHeader(header: StreamHeader): void {
    const asked = Jid.parse(header.to ?? '');
    const isKnown = asked !== undefined && this.#core.secretOf(asked.toString()) !== undefined;
    this.#asked = isKnown ? asked.toString() : undefined;
    this.#stream.sendHeader(this.ownHeader());
    if (!isKnown) this.end({ condition: 'host-unknown' });
  }

  onElement(received: XmlElement): void {
    if (this.#domain !== undefined) this.#onStanza(received, this.#domain);
    else if (received.name === 'handshake') this.#begin(received.text(), this.#asked ?? '');
    else this.end({ condition: 'not-authorized' });
  }

  onEnd(): void {}

  onClosed(): void {
    this.#timeout.cancel();
    this.#core.gone(this);
  }

  ownHeader(): StreamHeader {
    return { from: this.#asked ?? this.#core.options.im.domain, id: this.#id };
  }

  #begin(proof: string, domain: string): void {
    this.#shakeHands(proof, domain).catch((error: unknown) => {
      this.#core.log.error('a component could not be let in', { domain, error });
      this.end({ condition: 'internal-server-error' });
    });
  }

  /** XEP-0114 §3: the hexadecimal SHA-1 of the id of the stream with the secret behind it. */
  async #shakeHands(proof: string, domain: string): Promise<void> {
    const { crypto } = this.#core.options;
    this.#stream.hold();
    const expected = await crypto.hash('SHA-1', encodeUtf8(this.#id + (this.#core.secretOf(domain) ?? '')));
    const isRight = crypto.equal(encodeUtf8(encodeHex(expected)), encodeUtf8(proof.trim().toLowerCase()));
    if (!isRight || domain === '') {
      this.#core.log.warn('a component has the wrong secret', {
        domain,
        from: this.#stream.transport.peer.address.key,
      });
      this.end({ condition: 'not-authorized' });
    } else if (!this.#stream.isEnding) {
      this.#timeout.cancel();
      this.#domain = domain;
      this.#core.attached(domain, this);
      this.#stream.send(element('handshake', namespaces.client));
    }
    this.#stream.release();
  }

  #onStanza(stanza: XmlElement, domain: string): void {
    const { im } = this.#core.options;
    const from = im.jids.parse(stanza.attribute('from') ?? '');
    const to = im.jids.parse(stanza.attribute('to') ?? '');
    const fault = faultOf(stanza, from, to, domain);
    if (fault !== undefined) this.end({ condition: fault });
    if (from === undefined || to === undefined || fault !== undefined) return;
    const taken = im.route(new Stanza(stanza), from, to, undefined);
    if (taken instanceof Promise) void this.#settle(taken, stanza);
  }

  /** A component that sends faster than its stanzas are taken over is not read. */
  async #settle(taken: Promise<void>, stanza: XmlElement): Promise<void> {
    this.#pending++;
    if (!this.#isHeld && this.#pending >= this.#core.bounds.maximumPending) {
      this.#isHeld = true;
      this.#stream.hold();
    }
    try {
      await taken;
    } catch (error) {
      this.#core.log.error('a stanza of a component could not be dealt with', { error, domain: this.#domain });
      await this.#core.options.im.refuse(stanza, 'internal-server-error');
    }
    this.#pending--;
    if (this.#isHeld && this.#pending <= this.#core.bounds.maximumPending / 2) {
      this.#isHeld = false;
      this.#stream.release();
    }
  }
}

/** XEP-0114 §3: a component speaks for its own domain only, to somebody. */
function faultOf(
  { name, namespace }: XmlElement,
  from: Jid | undefined,
  to: Jid | undefined,
  domain: string,
): StreamErrorCondition | undefined {
  const isStanza = name === 'message' || name === 'presence' || name === 'iq';
  if (!isStanza || namespace !== namespaces.client) return 'unsupported-stanza-type';
  if (from === undefined || from.domain !== domain) return 'invalid-from';
  return to === undefined ? 'improper-addressing' : undefined;
}
