import type { XmlElement } from '../xml/element.ts';
import type { BoundClient } from './client-table.ts';

/** Requests that one session may have to answer at once. */
const maximum = 1000;

/** Iqs to the bare JID of an account that one of its sessions answers: who asked what of which session. */
export class PassedOnRequests {
  readonly #waiting = new WeakMap<BoundClient, Map<string, XmlElement>>();

  /** False when the session has too many to answer. @param iq with `from` and `id` */
  add(client: BoundClient, iq: XmlElement): boolean {
    const waiting = this.#waiting.get(client) ?? new Map<string, XmlElement>();
    if (waiting.size >= maximum) return false;
    this.#waiting.set(client, waiting);
    waiting.set(keyOf(iq.attribute('from'), iq.attribute('id')), iq.containing());
    return true;
  }

  /** True when `iq`, a result or an error of the session, answers one of them; once. */
  isAnswer(client: BoundClient, iq: XmlElement): boolean {
    return this.#waiting.get(client)?.delete(keyOf(iq.attribute('to'), iq.attribute('id'))) ?? false;
  }

  /** The session is over: what nobody will answer any more, without what it asked, which may be large. */
  ended(client: BoundClient): readonly XmlElement[] {
    const left = [...(this.#waiting.get(client)?.values() ?? [])];
    this.#waiting.delete(client);
    return left;
  }
}

/** A JID has no control characters. */
function keyOf(asker: string | undefined, id: string | undefined): string {
  return `${asker}\n${id}`;
}
