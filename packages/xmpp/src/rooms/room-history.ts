import { decodeUtf8 } from '@yaolian/kernel';
import { delayOf, readTimestamp } from '../im/delay.ts';
import { Stanza } from '../server/stanza.ts';
import type { XmlElement } from '../xml/element.ts';
import { clientContext } from '../xml/literal.ts';
import { parseXmlText } from '../xml/parse.ts';

interface Said {
  /** XML, to nobody: as elements it would take many times as much. */
  readonly bytes: Uint8Array;
  readonly at: number;
}

/** What somebody who comes in wants to see of what was said (XEP-0045 §7.2.13). */
export interface HistoryWish {
  readonly maxchars?: number;
  readonly maxstanzas?: number;
  /** Milliseconds since the epoch. */
  readonly since?: number;
}

/** The last messages of a room. */
export class RoomHistory {
  #said: Said[] = [];
  #bytes = 0;

  add(bytes: Uint8Array, at: number, maximumMessages: number, maximumBytes: number): void {
    this.#said.push({ bytes, at });
    this.#bytes += bytes.length;
    while (this.#said.length > maximumMessages || this.#bytes > maximumBytes) {
      this.#bytes -= this.#said.shift()!.bytes.length;
    }
  }

  /** The newest of the messages that fit the wish, oldest first, each with when it was said. @param by the room */
  replay(by: string, maximum: number, wish: HistoryWish): readonly Stanza[] {
    const { maxchars = Number.POSITIVE_INFINITY, maxstanzas = Number.POSITIVE_INFINITY, since = 0 } = wish;
    const found: Stanza[] = [];
    let characters = 0;
    for (const { bytes, at } of this.#said.toReversed()) {
      if (found.length >= Math.min(maximum, maxstanzas) || at < since) break;
      const said = parseXmlText(decodeUtf8(bytes) ?? '', clientContext);
      if (!said.ok) continue;
      const delayed = new Stanza(said.value.containing(...said.value.children, delayOf(at, by)));
      // §7.2.13: characters of the whole stanza.
      characters += delayed.text.length;
      if (characters > maxchars) break;
      found.unshift(delayed);
    }
    return found;
  }
}

/** Reads `<history/>`; what is no number or time counts as not said. @param now milliseconds since the epoch */
export function readHistoryWish(history: XmlElement | undefined, now: number): HistoryWish {
  const number = (name: string) => {
    const text = history?.attribute(name);
    return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
  };
  const [maxchars, maxstanzas, seconds] = [number('maxchars'), number('maxstanzas'), number('seconds')];
  const since = readTimestamp(history?.attribute('since') ?? '');
  const earliest = [seconds === undefined ? undefined : now - seconds * 1000, since].filter((at) => at !== undefined);
  return {
    ...(maxchars === undefined ? {} : { maxchars }),
    ...(maxstanzas === undefined ? {} : { maxstanzas }),
    ...(earliest.length === 0 ? {} : { since: Math.max(...earliest) }),
  };
}
