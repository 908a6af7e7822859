import { decodeUtf8, emptyBytes, encodeUtf8 } from '@yaolian/kernel';
import type { Notice } from '../im/stores.ts';
import { XmlElement } from '../xml/element.ts';
import { clientContext } from '../xml/literal.ts';
import { encodeXml, escapeAttribute } from '../xml/serialise.ts';

/** What a stanza is beside what it says; it is not on the wire. */
export interface StanzaMarks {
  readonly supersededBy?: string | undefined;
  readonly notice?: Notice | undefined;
}

/** A message, presence or iq on its way, with the bytes that it came as, so that relaying need not write it anew. */
export class Stanza {
  readonly element: XmlElement;
  /** A later stanza with the same text takes its place while a client that nobody looks at has not got it (XEP-0352). */
  readonly supersededBy: string | undefined;
  /** Of a message of the server itself: what it tells of, where it has to wait for an account. */
  readonly notice: Notice | undefined;
  #bytes: Uint8Array | undefined;
  #text: string | undefined;

  /** @param bytes the element, for streams that declare `jabber:client` and `stream` */
  constructor(element: XmlElement, bytes?: Uint8Array, { supersededBy, notice }: StanzaMarks = {}) {
    this.element = element;
    this.supersededBy = supersededBy;
    this.notice = notice;
    this.#bytes = bytes;
  }

  /** For streams that declare `jabber:client` and `stream`. */
  get bytes(): Uint8Array {
    this.#bytes ??= encodeXml(this.element, clientContext);
    return this.#bytes;
  }

  /** {@link bytes} as text, made once however many keep it. */
  get text(): string {
    this.#text ??= decodeUtf8(this.bytes)!;
    return this.#text;
  }

  /** The same to somebody, of one that is to nobody yet: it is written once, however many get it. */
  addressed(to: string): Stanza {
    const { element } = this;
    const { name, namespace, attributes, children } = element;
    const changed = new XmlElement(name, namespace, { ...attributes, to }, children);
    const { bytes } = this;
    const at = name.length + 1;
    const isPlain = namespace === clientContext.defaultNamespace && isNameEnd(bytes[at]);
    if (!isPlain || Object.hasOwn(attributes, 'to')) return new Stanza(changed);
    return new Stanza(changed, insertedAt(bytes, at, encodeUtf8(` to='${escapeAttribute(to)}'`)));
  }

  /** The same with one more child at its end. */
  appended(child: XmlElement): Stanza {
    const { element } = this;
    const changed = element.containing(...element.children, child);
    const tail = endTags[element.name];
    const bytes = this.#bytes;
    if (bytes === undefined || tail === undefined || !endsWith(bytes, tail)) return new Stanza(changed);
    const inserted = encodeXml(child, clientContext);
    const result = allocate(bytes.length + inserted.length);
    const at = bytes.length - tail.length;
    result.set(bytes.subarray(0, at));
    result.set(inserted, at);
    result.set(tail, at + inserted.length);
    return new Stanza(changed, result);
  }
}

/** False behind a prefix. */
function isNameEnd(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x3e || byte === 0x2f;
}

function insertedAt(bytes: Uint8Array, at: number, piece: Uint8Array): Uint8Array {
  const result = allocate(bytes.length + piece.length);
  result.set(bytes.subarray(0, at));
  result.set(piece, at);
  result.set(bytes.subarray(at), at + piece.length);
  return result;
}

/** As nearly everybody writes them. */
const endTags: Readonly<Record<string, Uint8Array>> = { message: encodeUtf8('</message>') };

function endsWith(bytes: Uint8Array, tail: Uint8Array): boolean {
  let at = bytes.length - tail.length;
  if (at < 0) return false;
  for (const byte of tail) if (bytes[at++] !== byte) return false;
  return true;
}

/** Puts the sender on stanzas (RFC 6120 §8.1.2.1), and the language of the stream on those that name none (§8.1.5). */
export class SenderStamp {
  readonly #from: string;
  readonly #language: string | undefined;
  /** Made for the first stanza that is relayed. */
  #fromBytes: Uint8Array | undefined;

  constructor(from: string, language: string | undefined) {
    this.#from = from;
    this.#language = language;
  }

  stamp(element: XmlElement, bytes: Uint8Array | undefined): Stanza {
    const { name, namespace, attributes, children } = element;
    const lacksLanguage = this.#language !== undefined && !Object.hasOwn(attributes, 'xml:lang');
    const stamped = lacksLanguage
      ? { ...attributes, from: this.#from, 'xml:lang': this.#language }
      : { ...attributes, from: this.#from };
    const result = new XmlElement(name, namespace, stamped, children);
    // What has no `to` is for the server, or is written anew for each who gets it.
    const isRelayed = Object.hasOwn(attributes, 'to') && !Object.hasOwn(attributes, 'from');
    if (bytes === undefined || !isRelayed) return new Stanza(result);
    return new Stanza(result, this.#inserted(bytes, name.length + 1, lacksLanguage));
  }

  /** @param at behind the name of the start tag */
  #inserted(bytes: Uint8Array, at: number, lacksLanguage: boolean): Uint8Array | undefined {
    // A name that is written with a prefix.
    if (!isNameEnd(bytes[at])) return undefined;
    this.#fromBytes ??= encoded(` from='${escapeAttribute(this.#from)}'`);
    const from = this.#fromBytes;
    const language = lacksLanguage ? languageOf(this.#language!) : emptyBytes;
    const result = allocate(bytes.length + from.length + language.length);
    result.set(bytes.subarray(0, at));
    result.set(from, at);
    if (lacksLanguage) result.set(language, at + from.length);
    result.set(bytes.subarray(at), at + from.length + language.length);
    return result;
  }
}

/** In what languages streams are: few. */
const languages = new Map<string, Uint8Array>();

function languageOf(language: string): Uint8Array {
  const known = languages.get(language);
  if (known !== undefined) return known;
  if (languages.size >= 256) languages.clear();
  const bytes = encodeUtf8(` xml:lang='${escapeAttribute(language)}'`);
  languages.set(language, bytes);
  return bytes;
}

/** Text that is kept as long as a session lives. */
function encoded(text: string): Uint8Array {
  const bytes = encodeUtf8(text);
  if (bytes.length > kept.length) kept = new Uint8Array(Math.max(4096, bytes.length));
  const piece = kept.subarray(0, bytes.length);
  kept = kept.subarray(bytes.length);
  piece.set(bytes);
  return piece;
}

let kept = new Uint8Array(0);

const slabSize = 65_536;
let slab = new Uint8Array(0);

/** Small pieces of one large one: memory outside of the heap is slow to get and to give back. */
function allocate(size: number): Uint8Array {
  if (size > slabSize >> 3) return new Uint8Array(size);
  if (size > slab.length) slab = new Uint8Array(slabSize);
  const piece = slab.subarray(0, size);
  slab = slab.subarray(size);
  return piece;
}
