import { element, type Jid, namespaces, Stanza, type XmlElement, type XmppSession } from '@yaolian/xmpp';
import type { DeviceDescription } from '../wire/device-description.ts';

/** The connection that a terminal has with the message server: the platform speaks for it. */
export const terminalResource = 'terminal';

/** A terminal as a session among others: it is there, has presence, and answers. */
export class TerminalSession implements XmppSession {
  readonly jid: Jid;
  readonly isActive = true;
  readonly isConnected = true;
  readonly #onStanza: (stanza: XmlElement) => void;
  #isOver = false;

  /** @param onStanza what comes for it; must not throw */
  constructor(jid: Jid, onStanza: (stanza: XmlElement) => void) {
    this.jid = jid;
    this.#onStanza = onStanza;
  }

  deliver(stanza: Stanza | XmlElement): boolean {
    if (this.#isOver) return false;
    this.#onStanza(stanza instanceof Stanza ? stanza.element : stanza);
    return true;
  }

  end(): void {
    this.#isOver = true;
  }
}

/** §13: online is available; asleep is away for long, and says so. @param capabilities what it understands (XEP-0115) */
export function terminalPresence(
  jid: Jid,
  state: Exclude<DeviceDescription['state'], 'offline'>,
  capabilities: XmlElement,
): Stanza {
  const from = { from: `${jid}` };
  if (state === 'online') return new Stanza(element('presence', namespaces.client, from, capabilities));
  const show = element('show', namespaces.client, {}, 'xa');
  return new Stanza(
    element(
      'presence',
      namespaces.client,
      from,
      show,
      element('status', namespaces.client, {}, 'sleeping'),
      capabilities,
    ),
  );
}
