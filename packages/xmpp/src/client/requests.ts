import type { Duration, Timers } from '@yaolian/kernel';
import { namespaces } from '../namespaces.ts';
import { element, type XmlElement } from '../xml/element.ts';
import { xmppErrors } from './errors.ts';

/** What came back for an iq. Refusals are answers too. */
export type IqAnswer =
  | { readonly kind: 'result'; readonly iq: XmlElement; readonly payload: XmlElement | undefined }
  | {
      readonly kind: 'error';
      readonly iq: XmlElement;
      /** RFC 6120 §8.3.3. */
      readonly condition: string;
      readonly text: string | undefined;
    };

interface Waiting {
  readonly to: string | undefined;
  resolve(answer: IqAnswer): void;
  reject(error: unknown): void;
}

/** Iqs that wait for their answers. */
export class IqRequests {
  readonly #waiting = new Map<string, Waiting>();
  readonly #timers: Timers;
  readonly #maximum: number;

  constructor(timers: Timers, maximum: number) {
    this.#timers = timers;
    this.#maximum = maximum;
  }

  /** @throws YaolianError XMPP_TIMEOUT; RangeError when too many wait; the reason of `signal` */
  wait(id: string, to: string | undefined, timeout: Duration, signal: AbortSignal | undefined): Promise<IqAnswer> {
    if (this.#waiting.size >= this.#maximum) return Promise.reject(new RangeError(`${this.#maximum} iqs wait already`));
    if (signal?.aborted === true) return Promise.reject(signal.reason);
    return new Promise((resolve, reject) => {
      const onAbort = () => waiting.reject(signal?.reason);
      const timer = this.#timers.schedule(timeout, () => waiting.reject(xmppErrors.XMPP_TIMEOUT(`iq ${id}`)));
      const end = () => {
        this.#waiting.delete(id);
        timer.cancel();
        signal?.removeEventListener('abort', onAbort);
      };
      const waiting: Waiting = {
        to,
        resolve: (answer) => {
          end();
          resolve(answer);
        },
        reject: (error) => {
          end();
          reject(error);
        },
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      this.#waiting.set(id, waiting);
    });
  }

  waits(id: string): boolean {
    return this.#waiting.has(id);
  }

  /** @param own what an answer may come from when the request went to nobody: the account, the server @returns whether somebody waited for it */
  answer(iq: XmlElement, own: readonly string[]): boolean {
    const waiting = this.#waiting.get(iq.attribute('id') ?? '');
    if (waiting === undefined) return false;
    const from = iq.attribute('from');
    // RFC 6120 §8.1.2.1: an answer of somebody else is none.
    if (from !== waiting.to && !(waiting.to === undefined && (from === undefined || own.includes(from)))) {
      if (!(from === undefined && own.includes(waiting.to ?? ''))) return false;
    }
    waiting.resolve(decodeIqAnswer(iq));
    return true;
  }

  /** Nobody will answer any more. */
  fail(error: Error): void {
    for (const waiting of [...this.#waiting.values()]) waiting.reject(error);
  }
}

function decodeIqAnswer(iq: XmlElement): IqAnswer {
  if (iq.attribute('type') === 'result') return { kind: 'result', iq, payload: iq.elements()[0] };
  return { kind: 'error', iq, ...refusalOf(iq) };
}

/** Why somebody refused, as a stanza of type error tells (RFC 6120 §8.3). */
export function refusalOf(stanza: XmlElement): { readonly condition: string; readonly text: string | undefined } {
  const error = stanza.child('error');
  const condition = error
    ?.elements()
    .find(({ name, namespace }) => namespace === namespaces.stanzaErrors && name !== 'text');
  return {
    condition: condition?.name ?? 'undefined-condition',
    text: error?.childText('text', namespaces.stanzaErrors),
  };
}

/** The iq that refuses another (RFC 6120 §8.3). */
export function refuseIq(iq: XmlElement, condition: string, type: 'cancel' | 'modify' | 'auth' | 'wait'): XmlElement {
  const error = element('error', namespaces.client, { type }, element(condition, namespaces.stanzaErrors));
  return element('iq', namespaces.client, { type: 'error', id: iq.attribute('id'), to: iq.attribute('from') }, error);
}
