/** Every stanza of a platform under test is held against the schemas of Remote Access. */
import assert from 'node:assert/strict';
import { faultOfRaMessage, raSchemas } from '@yaolian/igrs';
import {
  clientContext,
  type SessionHandler,
  Stanza,
  serialiseXml,
  type XmlElement,
  type XmppSession,
} from '@yaolian/xmpp';

const prefix = 'urn:yaolian:ra:';

/**
 * Stands between the connections of a message server and what it does with their stanzas. What the server says is of its schema; what a client
 * says is so too, or is refused.
 */
export class SchemaTap {
  readonly #faults: string[] = [];
  /** Requests that are not of their schema and are not refused yet, by who sent them and their ids. */
  readonly #wrong = new Map<string, string>();
  /** `{urn:yaolian:ra:1:binding}bind`: the messages that were seen. */
  readonly seen = new Set<string>();

  readonly between = (handler: SessionHandler): SessionHandler => ({
    onBound: (session, requests) => {
      this.#listen(session);
      handler.onBound(session, requests);
    },
    onStanza: (session, stanza) => {
      this.#onSaid(session, stanza.element);
      return handler.onStanza(session, stanza);
    },
    onEnded: (session, undelivered) => {
      handler.onEnded(session, undelivered);
    },
  });

  #listen(session: XmppSession): void {
    const { deliver } = session;
    session.deliver = (given) => {
      this.#onDelivered(session, given instanceof Stanza ? given.element : given);
      return deliver.call(session, given);
    };
  }

  #onSaid(session: XmppSession, stanza: XmlElement): void {
    const fault = this.#faultOf(stanza);
    if (fault === undefined) return;
    const { id = '' } = stanza.attributes;
    this.#wrong.set(`${session.jid} ${id}`, `${session.jid} says, and is not refused: ${fault}`);
  }

  #onDelivered(session: XmppSession, stanza: XmlElement): void {
    const { id = '', type } = stanza.attributes;
    // RFC 6120 §8.3.1: an error may have the request in it, which was the asker's.
    if (type === 'error' && this.#wrong.delete(`${session.jid} ${id}`)) return;
    const fault = this.#faultOf(stanza);
    if (fault !== undefined) this.#faults.push(`${session.jid} is told: ${fault}`);
  }

  /** What is wrong with what is ours, wherever it stands in a stanza. */
  #faultOf(stanza: XmlElement): string | undefined {
    for (const one of ours(stanza)) {
      this.seen.add(`{${one.namespace}}${one.name}`);
      const isKnown = Object.hasOwn(raSchemas, one.namespace);
      const fault = isKnown ? faultOfRaMessage(one) : `there is no namespace ${one.namespace}`;
      if (fault !== undefined) return `${fault}: ${serialiseXml(stanza, clientContext)}`;
    }
    return undefined;
  }

  /** @throws AssertionError unless all was of its schema, or refused */
  check(): void {
    assert.deepEqual([...this.#faults, ...this.#wrong.values()], []);
  }
}

function* ours(one: XmlElement): Iterable<XmlElement> {
  if (one.namespace.startsWith(prefix)) yield one;
  else for (const child of one.elements()) yield* ours(child);
}
