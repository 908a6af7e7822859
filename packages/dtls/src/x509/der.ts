/** One value of DER (ITU-T X.690). */
export interface DerValue {
  /** The identifier octet. */
  readonly tag: number;
  readonly content: Uint8Array;
  /** With identifier and length. */
  readonly whole: Uint8Array;
}

export const DerTag = {
  Boolean: 0x01,
  Integer: 0x02,
  BitString: 0x03,
  OctetString: 0x04,
  ObjectIdentifier: 0x06,
  Utf8String: 0x0c,
  UtcTime: 0x17,
  GeneralizedTime: 0x18,
  Sequence: 0x30,
  Set: 0x31,
} as const;

/** Reads the values of a constructed one, strictly: definite, minimal lengths. Marks itself failed at the first fault. */
export class DerReader {
  readonly #bytes: Uint8Array;
  #at = 0;
  #failed = false;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get failed(): boolean {
    return this.#failed;
  }

  get isAtEnd(): boolean {
    return this.#failed || this.#at === this.#bytes.length;
  }

  fail(): void {
    this.#failed = true;
  }

  /** The tag of the next value; undefined at the end. */
  peek(): number | undefined {
    return this.#failed ? undefined : this.#bytes[this.#at];
  }

  /** The next value; must have `tag` when it is given. */
  read(tag?: number): DerValue {
    const value = this.#next();
    if (value !== undefined && (tag === undefined || value.tag === tag)) return value;
    this.#failed = true;
    return { tag: 0, content: new Uint8Array(0), whole: new Uint8Array(0) };
  }

  /** The next value when it has `tag`. */
  optional(tag: number): DerValue | undefined {
    return this.peek() === tag ? this.read(tag) : undefined;
  }

  sequence(): DerReader {
    return new DerReader(this.read(DerTag.Sequence).content);
  }

  objectIdentifier(): string {
    return objectIdentifierText(this.read(DerTag.ObjectIdentifier).content);
  }

  #next(): DerValue | undefined {
    const bytes = this.#bytes;
    if (this.#failed || this.#at + 2 > bytes.length) return undefined;
    const start = this.#at;
    const tag = bytes[start]!;
    if ((tag & 0x1f) === 0x1f) return undefined;
    let length = bytes[start + 1]!;
    let at = start + 2;
    if (length >= 0x80) {
      const width = length & 0x7f;
      if (width === 0 || width > 3 || at + width > bytes.length) return undefined;
      length = 0;
      for (let i = 0; i < width; i++) length = length * 256 + bytes[at++]!;
      if (length < 0x80 || length < 256 ** (width - 1)) return undefined;
    }
    if (at + length > bytes.length) return undefined;
    this.#at = at + length;
    return { tag, content: bytes.subarray(at, this.#at), whole: bytes.subarray(start, this.#at) };
  }
}

/** Dotted decimal; empty when malformed. */
export function objectIdentifierText(content: Uint8Array): string {
  if (content.length === 0 || content.length > 32) return '';
  const arcs: number[] = [];
  let arc = 0;
  for (const byte of content) {
    arc = arc * 128 + (byte & 0x7f);
    if (arc > Number.MAX_SAFE_INTEGER / 128) return '';
    if (byte >= 0x80) continue;
    if (arcs.length === 0) {
      const first = Math.min(2, Math.floor(arc / 40));
      arcs.push(first, arc - 40 * first);
    } else arcs.push(arc);
    arc = 0;
  }
  return content[content.length - 1]! >= 0x80 ? '' : arcs.join('.');
}

/** UTCTime or GeneralizedTime as RFC 5280 §4.1.2.5 wants them: milliseconds since 1970, or undefined. */
export function derTime(value: DerValue): number | undefined {
  const text = String.fromCharCode(...value.content);
  const match = /^(\d\d|\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(text);
  if (!match) return undefined;
  const [, yearText, month, day, hour, minute, second] = match;
  if ((value.tag === DerTag.UtcTime) !== (yearText!.length === 2)) return undefined;
  const short = Number(yearText);
  const year = yearText!.length === 4 ? short : short < 50 ? 2000 + short : 1900 + short;
  const time = Date.UTC(year, Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second));
  // The 31st of February is no day.
  const digits = new Date(time).toISOString().replace(/\D/g, '').slice(0, 14);
  return digits === `${String(year).padStart(4, '0')}${text.slice(yearText!.length, -1)}` ? time : undefined;
}

/** X.690 §11.1: FALSE or TRUE, each in one way; undefined when it is neither. */
export function derBoolean({ content }: DerValue): boolean | undefined {
  if (content.length !== 1) return undefined;
  return content[0] === 0xff ? true : content[0] === 0 ? false : undefined;
}
