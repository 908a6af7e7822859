import { encodeUtf8 } from '@yaolian/kernel';
import { namespaces } from '../namespaces.ts';
import type { XmlElement } from '../xml/element.ts';
import { type XmlLimits, xmlFaultConditions } from '../xml/fault.ts';
import { clientContext } from '../xml/literal.ts';
import { NamespaceScope } from '../xml/namespace-scope.ts';
import { parseXml, type XmlParseOptions } from '../xml/parse.ts';
import { serialiseXml } from '../xml/serialise.ts';
import {
  decodeStreamHeader,
  encodeOpen,
  encodeStreamHeader,
  headerOf,
  type StreamHeader,
  type StreamNames,
} from './header.ts';
import { type ScannerLimits, StanzaScanner } from './scanner.ts';
import type { StreamError } from './stream-error.ts';

export type StreamLimits = XmlLimits & ScannerLimits;

/** What the other side of a stream said. */
export type StreamEvent =
  | { readonly kind: 'header'; readonly header: StreamHeader }
  | {
      readonly kind: 'element';
      readonly element: XmlElement;
      /** As it came, where that can be relayed to any stream that declares `jabber:client` and `stream` and nothing else. */
      readonly bytes: Uint8Array | undefined;
    }
  | { readonly kind: 'end' }
  | { readonly kind: 'fault'; readonly error: StreamError };

/** How headers, elements and ends of a stream become bytes, and bytes those. */
export interface Framing {
  push(bytes: Uint8Array): void;
  /** What came next, or undefined when more has to come. */
  next(): StreamEvent | undefined;
  /** The next thing that comes is a header. */
  restart(): void;
  /** What one element may cost from now on. */
  limit(limits: StreamLimits): void;
  /** Something came that is not read yet. */
  readonly hasRest: boolean;
  encodeHeader(header: StreamHeader): Uint8Array;
  encode(element: XmlElement): Uint8Array;
  encodeEnd(): Uint8Array;
  /** Whether the bytes of a {@link StreamEvent} can be written as they are. */
  readonly relays: boolean;
}

const malformed: StreamEvent = { kind: 'fault', error: { condition: 'not-well-formed' } };

/** How nearly all streams write: they share what follows from it. */
const plainNames: StreamNames = {
  qualifiedName: 'stream:stream',
  defaultNamespace: namespaces.client,
  scope: NamespaceScope.of([['stream', namespaces.streams]]),
  isPlain: true,
};
const plainOptions = new WeakMap<StreamLimits, XmlParseOptions>();

function optionsOf(limits: StreamLimits, names: StreamNames): XmlParseOptions {
  const known = names === plainNames ? plainOptions.get(limits) : undefined;
  if (known !== undefined) return known;
  const options = { ...limits, defaultNamespace: names.defaultNamespace, scope: names.scope };
  if (names === plainNames) plainOptions.set(limits, options);
  return options;
}

/** Scanners that nobody needs now: streams on which nothing comes have none. */
const idleScanners: StanzaScanner[] = [];

/** As many as there are pieces under way in one turn, about. */
const maximumIdleScanners = 64;

/** RFC 6120 §4: one XML document for each direction. */
export class DocumentFraming implements Framing {
  #limits: StreamLimits;
  /** Undefined between two stanzas, when nothing of the next came yet. */
  #scanner: StanzaScanner | undefined;
  #names: StreamNames | undefined;
  #options: XmlParseOptions = {};
  readonly #content: string;

  /** @param content the namespace of the stanzas, where it is not `jabber:client`: they are read and written as if it was */
  constructor(limits: StreamLimits, content: string = namespaces.client) {
    this.#content = content;
    this.#limits = limits;
    this.#scanner = new StanzaScanner(limits);
  }

  get relays(): boolean {
    return true;
  }

  push(bytes: Uint8Array): void {
    this.#busyScanner().push(bytes);
  }

  get hasRest(): boolean {
    return this.#scanner?.hasRest === true;
  }

  restart(): void {
    this.#busyScanner().restart();
  }

  limit(limits: StreamLimits): void {
    this.#limits = limits;
    this.#scanner?.limit(limits);
    if (this.#names !== undefined) this.#options = optionsOf(limits, this.#names);
  }

  next(): StreamEvent | undefined {
    const piece = this.#scanner?.next();
    switch (piece?.kind) {
      case undefined:
        if (this.#scanner?.isIdle === true) this.#giveBack(this.#scanner);
        return undefined;
      case 'stanza':
        return this.#parse(piece.bytes);
      case 'header':
        return this.#open(piece.bytes);
      case 'end':
        return this.#isEnd(piece.bytes) ? { kind: 'end' } : malformed;
      case 'fault':
        return { kind: 'fault', error: { condition: xmlFaultConditions[piece.reason], text: piece.reason } };
    }
  }

  #busyScanner(): StanzaScanner {
    if (this.#scanner === undefined) {
      // Only who stands between two stanzas has none.
      this.#scanner = idleScanners.pop() ?? StanzaScanner.betweenStanzas();
      this.#scanner.limit(this.#limits);
    }
    return this.#scanner;
  }

  #giveBack(scanner: StanzaScanner): void {
    this.#scanner = undefined;
    if (idleScanners.length < maximumIdleScanners) idleScanners.push(scanner);
  }

  #parse(bytes: Uint8Array): StreamEvent {
    const parsed = parseXml(bytes, this.#options);
    if (parsed.ok) {
      return { kind: 'element', element: parsed.value, bytes: this.#names?.isPlain === true ? bytes : undefined };
    }
    const { reason } = parsed.error;
    return { kind: 'fault', error: { condition: xmlFaultConditions[reason], text: reason } };
  }

  #open(bytes: Uint8Array): StreamEvent {
    const decoded = decodeStreamHeader(bytes, this.#content);
    if (!decoded.ok) return { kind: 'fault', error: decoded.error };
    const { header, names: read } = decoded.value;
    const names = read.isPlain ? plainNames : read;
    this.#names = names;
    this.#options = optionsOf(this.#limits, names);
    return { kind: 'header', header };
  }

  #isEnd(bytes: Uint8Array): boolean {
    const text = new TextDecoder().decode(bytes);
    return text.slice(2, -1).trimEnd() === this.#names?.qualifiedName;
  }

  encodeHeader(header: StreamHeader): Uint8Array {
    return encodeUtf8(encodeStreamHeader(header, this.#content));
  }

  encode(element: XmlElement): Uint8Array {
    return encodeUtf8(serialiseXml(element, clientContext));
  }

  encodeEnd(): Uint8Array {
    return encodeUtf8('</stream:stream>');
  }
}

/** RFC 7395 §3: one element to a WebSocket message, each a document of its own. */
export class MessageFraming implements Framing {
  readonly relays = false;
  #limits: StreamLimits;
  readonly #messages: Uint8Array[] = [];

  constructor(limits: StreamLimits) {
    this.#limits = limits;
  }

  push(bytes: Uint8Array): void {
    this.#messages.push(bytes);
  }

  get hasRest(): boolean {
    return this.#messages.length > 0;
  }

  restart(): void {}

  limit(limits: StreamLimits): void {
    this.#limits = limits;
  }

  next(): StreamEvent | undefined {
    const bytes = this.#messages.shift();
    if (bytes === undefined) return undefined;
    // RFC 7395 §3.3.3: a message begins with '<'.
    if (bytes[0] !== 0x3c) return malformed;
    const parsed = parseXml(bytes, this.#limits);
    if (!parsed.ok) {
      const { reason } = parsed.error;
      return { kind: 'fault', error: { condition: xmlFaultConditions[reason], text: reason } };
    }
    const element = parsed.value;
    if (element.is('open', namespaces.framing)) return { kind: 'header', header: headerOf(element.attributes) };
    if (element.is('close', namespaces.framing)) return { kind: 'end' };
    return { kind: 'element', element, bytes: undefined };
  }

  encodeHeader(header: StreamHeader): Uint8Array {
    return encodeUtf8(encodeOpen(header));
  }

  encode(element: XmlElement): Uint8Array {
    if (element.namespace !== namespaces.streams) return encodeUtf8(serialiseXml(element));
    // RFC 7395 §3.3.3 writes these with their prefix, and there are clients that look for it.
    const text = serialiseXml(element, { prefixes: clientContext.prefixes! });
    const name = `<stream:${element.name}`;
    return encodeUtf8(`${name} xmlns:stream='${namespaces.streams}'${text.slice(name.length)}`);
  }

  encodeEnd(): Uint8Array {
    return encodeUtf8(`<close xmlns='${namespaces.framing}'/>`);
  }
}
