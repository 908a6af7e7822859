import { maximumId } from '../path.ts';
import { type Refused, refuse, refuseCount } from './refusal.ts';

/*
 * OMA-TS-LightweightM2M 1.0 §6.4.3 (1.1 core §7.4.3): an entry is
 *
 *    0 1 2 3 4 5 6 7
 *   +-+-+-+-+-+-+-+-+---------------+------------------------+-------
 *   |Kin|I|Len| Len |  8 or 16 bits | 0, 8, 16 or 24 bits of | value
 *   | d |d|Typ|  gth|  of id        | length                 | ...
 *   +-+-+-+-+-+-+-+-+---------------+------------------------+-------
 *
 * Id: 0 is 8 bits, 1 is 16. LenTyp: 0 means that the value is as long as the last three bits say, else how many bytes of
 * length follow.
 */
const kindMask = 0b1100_0000;
export const objectInstanceKind = 0b0000_0000;
export const resourceInstanceKind = 0b0100_0000;
export const multipleResourceKind = 0b1000_0000;
export const resourceKind = 0b1100_0000;
export const longIdBit = 0b0010_0000;

/** How many more entries a payload may have; shared by all levels of it. */
export interface EntryBudget {
  entriesLeft: number;
  readonly maximumEntries: number;
}

/** The entries of one level, one after the other. */
export class TlvCursor {
  readonly #bytes: Uint8Array;
  readonly #end: number;
  readonly #budget: EntryBudget;
  #next: number;
  kind = 0;
  id = 0;
  /** Where the entry itself starts, for errors. */
  at = 0;
  valueStart = 0;
  valueEnd = 0;
  refused: Refused | undefined;

  constructor(bytes: Uint8Array, start: number, end: number, budget: EntryBudget) {
    this.#bytes = bytes;
    this.#next = start;
    this.#end = end;
    this.#budget = budget;
  }

  /** Moves to the next entry. False at the end and at something that is no entry, when `refused` says what. */
  next(): boolean {
    const bytes = this.#bytes;
    let position = this.#next;
    if (position === this.#end) return false;
    if (--this.#budget.entriesLeft < 0) return this.#refuse(refuseCount(this.#budget.maximumEntries, position));
    this.at = position;
    const first = bytes[position++]!;
    const lengthBytes = (first >> 3) & 3;
    const headerEnd = position + ((first & longIdBit) === 0 ? 1 : 2) + lengthBytes;
    if (headerEnd > this.#end) return this.#refuse(truncated(this.at, 'header'));
    this.kind = first & kindMask;
    this.id = bytes[position++]!;
    if ((first & longIdBit) !== 0) this.id = this.id * 256 + bytes[position++]!;
    let length = lengthBytes === 0 ? first & 7 : 0;
    while (position < headerEnd) length = length * 256 + bytes[position++]!;
    this.valueStart = position;
    this.valueEnd = position + length;
    if (this.valueEnd > this.#end) return this.#refuse(truncated(this.at, `value of ${length} bytes`));
    if (this.id > maximumId) return this.#refuse(refuse('malformed', `an id is at most ${maximumId}`, this.at));
    this.#next = this.valueEnd;
    return true;
  }

  #refuse(refused: Refused): false {
    this.refused = refused;
    return false;
  }
}

function truncated(offset: number, what: string): Refused {
  return refuse('malformed', `a TLV entry starts at byte ${offset} and its ${what} goes beyond the end`, offset);
}
