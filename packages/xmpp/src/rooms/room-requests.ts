import { StanzaError } from '../im/stanza-error.ts';
import type { Jid } from '../jid/jid.ts';
import { namespaces } from '../namespaces.ts';
import { Stanza } from '../server/stanza.ts';
import { element, type XmlElement } from '../xml/element.ts';
import type { Occupant, OccupantSession } from './occupant.ts';
import type { Room } from './room.ts';

interface Waiting {
  readonly asker: OccupantSession;
  readonly id: string;
  /** The nick that was asked, as it was then. */
  readonly asked: Jid;
  /** The session that answers, or the bare JID of its account. */
  readonly target: string;
  readonly session: OccupantSession;
}

/** Iqs from one occupant to another (XEP-0045 §17.4): which session asked, so that the answer goes to it and no other one of its nick. */
export class RoomRequests {
  readonly #room: Room;
  readonly #maximum: number;
  readonly #waiting = new Map<string, Waiting>();
  #count = 0;

  constructor(room: Room, maximum: number) {
    this.#room = room;
    this.#maximum = maximum;
  }

  /** Passes a request on. @returns why not */
  pass(iq: XmlElement, asker: OccupantSession, occupant: Occupant): StanzaError | undefined {
    const { bounds } = this.#room.context;
    const own = [...this.#waiting.values()].filter((waiting) => waiting.asker.occupant === asker.occupant).length;
    if (this.#waiting.size >= this.#maximum || own >= bounds.requestsPerOccupant)
      return new StanzaError('resource-constraint', 'too many requests wait', undefined, 'wait');
    if ((iq.attribute('id')?.length ?? 0) > bounds.id)
      return new StanzaError('not-acceptable', `an id has at most ${bounds.id} characters`);
    const session = occupant.shown;
    // The vCard of somebody is that of its account, which answers for it (§17.4).
    const isVcard = iq.child('vCard', 'vcard-temp') !== undefined && iq.attribute('type') === 'get';
    const to = isVcard ? session.jid.bare : session.jid;
    const id = `room-${++this.#count}-${this.#room.context.options.random.uint32().toString(36)}`;
    const asked = occupant.jid;
    this.#waiting.set(id, { asker, id: iq.attribute('id') ?? '', asked, target: `${to}`, session });
    const from = asker.occupant.jid;
    const passed = new Stanza(iq.with({ id, from: `${from}`, to: `${to}` }));
    this.#send(passed, from, to);
    return undefined;
  }

  /** Takes an answer back to who asked. False when nobody did. */
  answer(iq: XmlElement, from: Jid): boolean {
    const id = iq.attribute('id') ?? '';
    const waiting = this.#waiting.get(id);
    if (waiting === undefined || (waiting.target !== `${from}` && waiting.target !== `${from.bare}`)) return false;
    this.#waiting.delete(id);
    const { asker, asked } = waiting;
    this.#send(new Stanza(iq.with({ id: waiting.id, from: `${asked}`, to: `${asker.jid}` })), asked, asker.jid);
    return true;
  }

  /** A session left: nobody waits for it, and it waits for nobody. */
  left(session: OccupantSession): void {
    for (const [id, waiting] of this.#waiting) {
      if (waiting.session !== session && waiting.asker !== session) continue;
      this.#waiting.delete(id);
      if (waiting.asker === session) continue;
      const { asker, asked } = waiting;
      const attributes = { type: 'error', id: waiting.id, from: `${asked}`, to: `${asker.jid}` };
      const error = new StanzaError('recipient-unavailable').encode();
      this.#send(new Stanza(element('iq', namespaces.client, attributes, error)), asked, asker.jid);
    }
  }

  #send(stanza: Stanza, from: Jid, to: Jid): void {
    const sent = this.#room.context.options.router.route(stanza, from, to, undefined);
    if (!(sent instanceof Promise)) return;
    sent.catch((error: unknown) => this.#room.context.log.error('a stanza of a room was lost', { to: `${to}`, error }));
  }
}
