import type { Jid } from '../jid/jid.ts';
import type { StreamError } from '../stream/stream-error.ts';
import type { XmlElement } from '../xml/element.ts';
import type { Stanza } from './stanza.ts';

/** A client that is in and has a resource. */
export interface XmppSession {
  /** Its full JID. */
  readonly jid: Jid;
  /** Where the client is now, `192.0.2.1:5222`; undefined: nowhere, or not known. */
  readonly address?: string | undefined;
  /** Whether TLS is below its connection; undefined: it has none now, or it is not known. */
  readonly isSecure?: boolean | undefined;
  /** When the client bound its resource, in milliseconds since the epoch; a resumption changes nothing of it (XEP-0198 §5). */
  readonly since?: number;
  /** XEP-0352: false while nobody looks at the client. */
  readonly isActive: boolean;
  /** False while the connection is lost and the session waits to be resumed (XEP-0198): what is delivered is kept. */
  readonly isConnected: boolean;
  /**
   * Sends a stanza to the client, after all that was delivered before.
   * @returns false when the session is over
   */
  deliver(stanza: Stanza | XmlElement): boolean;
  /** Ends the session, by a stream error if one is given. */
  end(error?: StreamError): void;
  /** From now on it is over when its connection is: it does not wait to be resumed. */
  endWhenCut?(): void;
}

/** Who does something about what clients say: presence, roster, routing. */
export interface SessionHandler {
  /** A client bound its resource. @param requests what it asked for along with it (XEP-0386), for the handler to know */
  onBound(session: XmppSession, requests: readonly XmlElement[]): void;
  /**
   * A message, presence or iq; its `from` is the session's full JID, whatever the client said. Called in the order of the stream.
   * @returns once the stanza is delivered or stored: only then it is acknowledged
   */
  onStanza(session: XmppSession, stanza: Stanza): void | Promise<void>;
  /** Once per session. @param undelivered what the client did not acknowledge, where it acknowledges at all */
  onEnded(session: XmppSession, undelivered: readonly Stanza[]): void;
}
