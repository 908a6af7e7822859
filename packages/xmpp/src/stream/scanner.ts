import { concatBytes, emptyBytes } from '@yaolian/kernel';
import { isWhiteSpace } from '../xml/characters.ts';
import { defaultXmlLimits, type XmlFaultReason } from '../xml/fault.ts';

export interface ScannerLimits {
  /** Bytes of one stanza. Default 262,144. */
  readonly maximumSize?: number;
  /** Elements within each other, the stanza included and the stream not. Default 50. */
  readonly maximumDepth?: number;
  /** Bytes of the XML declaration and the stream's start tag. Default 4,096. */
  readonly maximumHeaderSize?: number;
}

/** What a stream consists of. */
export type ScannedPiece =
  /** The start tag of the stream, and the XML declaration before it if there is one. */
  | { readonly kind: 'header'; readonly bytes: Uint8Array }
  /** One whole element, as it came. Nothing of it is checked but its bounds: `parseXml` does that. */
  | { readonly kind: 'stanza'; readonly bytes: Uint8Array }
  /** The end tag of the stream. */
  | { readonly kind: 'end'; readonly bytes: Uint8Array }
  | { readonly kind: 'fault'; readonly reason: XmlFaultReason };

// What the next byte belongs to.
const text = 0;
const afterLess = 1; // <
const startTag = 2;
const endTag = 3;
const singleQuoted = 4;
const doubleQuoted = 5;
const afterSlash = 6; // the / of <a/>
const cdataStart = 7; // <![CDATA[, partly
const cdata = 8;
const declaration = 9; // <?xml, before the header only
type Lexical = number;

const cdataOpening = [0x5b, 0x43, 0x44, 0x41, 0x54, 0x41, 0x5b]; // [CDATA[

/**
 * Finds where the pieces of a stream begin and end, whatever the cuts between the chunks. It holds at most the bytes of one
 * piece, knows nothing of names, and refuses at once what is too large, too deep, or forbidden whatever follows (comments, processing
 * instructions, document types).
 */
export class StanzaScanner {
  #limits: ScannerLimits;
  /** What came and was not given out. */
  #input: Uint8Array = emptyBytes;
  /** Where in the input the piece begins, and where to go on. */
  #from = 0;
  #at = 0;
  /** The beginning of a piece that began in an earlier chunk: the first {@link #heldSize} bytes are used. */
  #held: Uint8Array = emptyBytes;
  #heldSize = 0;
  #lexical: Lexical = text;
  /** 0 outside of the stream, 1 between stanzas. */
  #depth = 0;
  #matched = 0;
  #last = 0;
  #isBetween = true;
  /** The header was given out. */
  #isOpen = false;
  #fault: XmlFaultReason | undefined;

  constructor(limits: ScannerLimits = {}) {
    this.#limits = limits;
  }

  /** One of a stream whose header was given out, as if it had read it. */
  static betweenStanzas(): StanzaScanner {
    const scanner = new StanzaScanner();
    scanner.#depth = 1;
    scanner.#isOpen = true;
    return scanner;
  }

  /** Other limits from now on. */
  limit(limits: ScannerLimits): void {
    this.#limits = limits;
  }

  /** Adds bytes, which nobody changes afterwards. */
  push(bytes: Uint8Array): void {
    if (this.#at < this.#input.length) {
      this.#input = concatBytes([this.#input.subarray(this.#from), bytes]);
      this.#at -= this.#from;
    } else {
      this.#hold();
      this.#input = bytes;
      this.#at = 0;
    }
    this.#from = 0;
  }

  /** Forgets where it stands: the bytes after the last piece are those of a new stream (RFC 6120 §4.3.3). */
  restart(): void {
    this.#depth = 0;
    this.#lexical = text;
    this.#isBetween = true;
    this.#isOpen = false;
  }

  /** Between two stanzas, with nothing of the next: as any other scanner that is so too. */
  get isIdle(): boolean {
    return this.#isBetween && this.#depth === 1 && this.#input.length === 0 && this.#fault === undefined;
  }

  /** Whether bytes came, white space aside, that belong to no piece given out yet. */
  get hasRest(): boolean {
    if (this.#isBetween) return this.#input.subarray(this.#at).some((byte) => !isWhiteSpace(byte));
    return this.#at < this.#input.length || this.#heldSize > 0;
  }

  /** The next piece, or undefined when more bytes are needed. After `fault` nothing else comes. */
  next(): ScannedPiece | undefined {
    if (this.#fault !== undefined) return { kind: 'fault', reason: this.#fault };
    if (this.#isBetween && !this.#skipBetween()) return this.#failed();
    const input = this.#input;
    const limit = this.#maximumSize - this.#heldSize + this.#from;
    const end = Math.min(input.length, limit);
    while (this.#at < end) {
      // What carries most bytes says nothing until it ends.
      if (this.#lexical === text) this.#skipTo(0x3c /* < */, end);
      else if (this.#lexical === singleQuoted) this.#skipTo(0x27, end);
      else if (this.#lexical === doubleQuoted) this.#skipTo(0x22, end);
      if (this.#at === end) break;
      const ended = this.#step(input[this.#at++]!);
      if (this.#fault !== undefined) return this.#failed();
      if (ended) return this.#give();
    }
    if (this.#at >= limit && this.#at < input.length) this.#fault = 'too-large';
    return this.#failed();
  }

  /** Goes on to the next such byte, or to the end. */
  #skipTo(byte: number, end: number): void {
    const input = this.#input;
    const near = Math.min(end, this.#at + 48);
    let at = this.#at;
    while (at < near && input[at] !== byte) at++;
    if (at === near && at < end) {
      // The buffers of Node look for a byte a good deal faster than a loop does, but begin later.
      at = input.indexOf(byte, at);
      if (at < 0 || at > end) at = end;
    }
    this.#at = at;
  }

  #failed(): ScannedPiece | undefined {
    return this.#fault === undefined ? undefined : { kind: 'fault', reason: this.#fault };
  }

  /** White space between pieces is nobody's. @returns false when there is nothing else yet */
  #skipBetween(): boolean {
    const input = this.#input;
    while (this.#at < input.length && isWhiteSpace(input[this.#at]!)) this.#at++;
    this.#from = this.#at;
    if (this.#at === input.length) {
      // A stream on which nothing comes holds no buffer.
      this.#input = emptyBytes;
      this.#from = this.#at = 0;
      return false;
    }
    if (input[this.#at] !== 0x3c /* < */) {
      this.#fault = 'not-well-formed';
      return false;
    }
    this.#isBetween = false;
    return true;
  }

  /** @returns true when the piece ends with this byte */
  #step(byte: number): boolean {
    switch (this.#lexical) {
      case text:
        if (byte === 0x3c /* < */) this.#lexical = afterLess;
        return false;
      case startTag:
        return this.#stepStartTag(byte);
      case singleQuoted:
        if (byte === 0x27) this.#lexical = startTag;
        return false;
      case doubleQuoted:
        if (byte === 0x22) this.#lexical = startTag;
        return false;
      case afterLess:
        return this.#stepAfterLess(byte);
      case endTag:
        if (byte !== 0x3e /* > */) return false;
        this.#lexical = text;
        return --this.#depth <= 1;
      case afterSlash:
        if (byte !== 0x3e) return this.#refuse('not-well-formed');
        this.#lexical = text;
        return this.#depth === 1;
      case cdataStart:
        if (byte !== cdataOpening[this.#matched]) return this.#refuse(markupReason(this.#matched, byte));
        if (++this.#matched === cdataOpening.length) {
          this.#lexical = cdata;
          this.#matched = 0;
        }
        return false;
      case cdata:
        return this.#stepCdata(byte);
      default:
        return this.#stepDeclaration(byte);
    }
  }

  #refuse(reason: XmlFaultReason): false {
    this.#fault = reason;
    return false;
  }

  #stepStartTag(byte: number): boolean {
    if (byte === 0x3e /* > */) {
      this.#lexical = text;
      // The stanza that it opens stands at depth 2, the stream at 1.
      return ++this.#depth === 1;
    }
    if (byte === 0x2f /* / */) {
      // A stream that is over before it began.
      if (this.#depth === 0) return this.#refuse('not-well-formed');
      this.#lexical = afterSlash;
    } else if (byte === 0x27) this.#lexical = singleQuoted;
    else if (byte === 0x22) this.#lexical = doubleQuoted;
    else if (byte === 0x3c) return this.#refuse('not-well-formed');
    return false;
  }

  #stepAfterLess(byte: number): boolean {
    if (byte === 0x2f /* / */) {
      if (this.#depth === 0) return this.#refuse('not-well-formed');
      this.#lexical = endTag;
    } else if (byte === 0x21 /* ! */) {
      this.#lexical = cdataStart;
      this.#matched = 0;
    } else if (byte === 0x3f /* ? */) {
      if (this.#depth > 0 || this.#pieceSize() !== 2) return this.#refuse('processing-instruction');
      this.#lexical = declaration;
      this.#last = 0;
    } else if (this.#depth > (this.#limits.maximumDepth ?? defaultXmlLimits.maximumDepth))
      return this.#refuse('too-deep');
    else {
      this.#lexical = startTag;
      return this.#stepStartTag(byte);
    }
    return false;
  }

  #stepCdata(byte: number): boolean {
    if (this.#depth < 2) return this.#refuse('not-well-formed');
    if (byte === 0x5d /* ] */) this.#matched++;
    else {
      if (byte === 0x3e && this.#matched >= 2) this.#lexical = text;
      this.#matched = 0;
    }
    return false;
  }

  /** `<?xml … ?>`, and white space behind it up to the start tag. */
  #stepDeclaration(byte: number): boolean {
    if (this.#last === 0x3f && byte === 0x3e) this.#lexical = text;
    this.#last = byte;
    return false;
  }

  /** Of the piece that is being read. */
  get #maximumSize(): number {
    const { maximumSize = defaultXmlLimits.maximumSize, maximumHeaderSize = 4096 } = this.#limits;
    return this.#depth === 0 ? maximumHeaderSize : maximumSize;
  }

  #pieceSize(): number {
    return this.#heldSize + this.#at - this.#from;
  }

  #give(): ScannedPiece {
    const bytes = this.#taken();
    this.#isBetween = true;
    if (this.#depth === 0) return { kind: 'end', bytes };
    // The end tag of the stream alone goes from depth 1 to 0; its start tag from 0 to 1, and stanzas end at 1.
    if (!this.#isOpen) {
      this.#isOpen = true;
      return { kind: 'header', bytes };
    }
    return { kind: 'stanza', bytes };
  }

  #taken(): Uint8Array {
    const tail = this.#input.subarray(this.#from, this.#at);
    this.#from = this.#at;
    if (this.#heldSize === 0) return tail;
    const bytes = concatBytes([this.#held.subarray(0, this.#heldSize), tail]);
    this.#held = emptyBytes;
    this.#heldSize = 0;
    return bytes;
  }

  /** Keeps the part of a piece that the input ends with; the buffer doubles, so that small chunks cost no more than large ones. */
  #hold(): void {
    const tail = this.#input.subarray(this.#from, this.#at);
    this.#input = emptyBytes;
    if (tail.length === 0 || this.#isBetween) return;
    const size = this.#heldSize + tail.length;
    if (size > this.#held.length) {
      const grown = new Uint8Array(Math.max(256, size, 2 * this.#held.length));
      grown.set(this.#held.subarray(0, this.#heldSize));
      this.#held = grown;
    }
    this.#held.set(tail, this.#heldSize);
    this.#heldSize = size;
  }
}

/** `<!` was followed by something that is no CDATA section. */
function markupReason(matched: number, byte: number): XmlFaultReason {
  if (matched === 0 && byte === 0x2d /* - */) return 'comment';
  return matched === 0 && byte === 0x44 /* D */ ? 'document-type' : 'not-well-formed';
}
