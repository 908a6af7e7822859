import { findForbidden, isWhiteSpace } from './characters.ts';
import { XmlElement, type XmlNode } from './element.ts';
import { defaultXmlLimits, type XmlFaultReason } from './fault.ts';
import { NamespaceScope } from './namespace-scope.ts';
import type { XmlParseOptions } from './parse.ts';
import { decodeReferences } from './references.ts';
import { TagReader } from './tag-reader.ts';

/** An element whose end was not seen yet. */
interface OpenElement {
  /** As it is written, with its prefix. */
  readonly qualifiedName: string;
  readonly element: XmlElement;
  readonly children: XmlNode[];
  readonly defaultNamespace: string;
  readonly scope: NamespaceScope | undefined;
}

/** One pass over a text: {@link XmlReader.read} gives the element, or nothing and a fault. */
export class XmlReader {
  readonly #text: string;
  readonly #maximumDepth: number;
  readonly #maximumNodes: number;
  readonly #tags: TagReader;
  readonly #open: OpenElement[] = [];
  readonly #defaultNamespace: string;
  readonly #scope: NamespaceScope | undefined;
  #root: XmlElement | undefined;
  #nodes = 0;
  fault: XmlFaultReason = 'not-well-formed';
  at = 0;

  constructor(text: string, options: XmlParseOptions) {
    this.#text = text;
    this.#maximumDepth = options.maximumDepth ?? defaultXmlLimits.maximumDepth;
    this.#maximumNodes = options.maximumNodes ?? defaultXmlLimits.maximumNodes;
    this.#tags = new TagReader(text, options.maximumAttributes ?? defaultXmlLimits.maximumAttributes);
    this.#defaultNamespace = options.defaultNamespace ?? '';
    this.#scope = options.scope ?? (options.prefixes && NamespaceScope.of(Object.entries(options.prefixes)));
  }

  /** The element, or undefined: see {@link fault} and {@link at}. */
  read(): XmlElement | undefined {
    const forbidden = findForbidden(this.#text);
    if (forbidden >= 0) return this.#fail('forbidden-character', forbidden);
    this.#skipWhiteSpace();
    while (this.#root === undefined) {
      if (!this.#readNode()) return undefined;
    }
    this.#skipWhiteSpace();
    return this.at === this.#text.length ? this.#root : this.#fail('not-well-formed');
  }

  #fail(reason: XmlFaultReason, at: number = this.at): undefined {
    this.fault = reason;
    this.at = at;
  }

  #skipWhiteSpace(): void {
    while (this.at < this.#text.length && isWhiteSpace(this.#text.charCodeAt(this.at))) this.at++;
  }

  #readNode(): boolean {
    const text = this.#text;
    if (this.at >= text.length) return this.#refuse('incomplete');
    if (text.charCodeAt(this.at) !== 0x3c /* < */) return this.#readText();
    switch (text.charCodeAt(this.at + 1)) {
      case 0x2f /* / */:
        return this.#readEndTag();
      case 0x21 /* ! */:
        return this.#readDeclaration();
      case 0x3f /* ? */:
        return this.#refuse('processing-instruction');
      default:
        return this.#readStartTag();
    }
  }

  #refuse(reason: XmlFaultReason, at: number = this.at): false {
    this.#fail(reason, at);
    return false;
  }

  /** `<!`: a CDATA section, or what RFC 6120 §11.1 forbids. */
  #readDeclaration(): boolean {
    const text = this.#text;
    if (text.startsWith('<!--', this.at)) return this.#refuse('comment');
    if (text.startsWith('<!DOCTYPE', this.at)) return this.#refuse('document-type');
    if (!text.startsWith('<![CDATA[', this.at) || this.#open.length === 0) return this.#refuse('not-well-formed');
    const end = text.indexOf(']]>', this.at + 9);
    if (end < 0) return this.#refuse('incomplete', text.length);
    const content = text.slice(this.at + 9, end);
    this.at = end + 3;
    return this.#append(content.includes('\r') ? content.replaceAll(/\r\n?/g, '\n') : content);
  }

  #readText(): boolean {
    if (this.#open.length === 0) return this.#refuse('not-well-formed');
    let end = this.#text.indexOf('<', this.at);
    if (end < 0) end = this.#text.length;
    const written = this.#text.slice(this.at, end);
    // XML 1.0 §2.4: the end of a CDATA section does not stand in text.
    const stray = written.indexOf(']]>');
    if (stray >= 0) return this.#refuse('not-well-formed', this.at + stray);
    const content = decodeReferences(written, false);
    if (!content.ok) return this.#refuse(content.error.reason, this.at + content.error.at);
    this.at = end;
    return this.#append(content.value);
  }

  #append(content: string): boolean {
    if (content === '') return true;
    const { children } = this.#open.at(-1)!;
    const last = children.length - 1;
    if (typeof children[last] === 'string') children[last] += content;
    else {
      if (++this.#nodes > this.#maximumNodes) return this.#refuse('too-many-nodes');
      children.push(content);
    }
    return true;
  }

  #readStartTag(): boolean {
    const parent = this.#open.at(-1);
    if (this.#open.length >= this.#maximumDepth) return this.#refuse('too-deep');
    if (++this.#nodes > this.#maximumNodes) return this.#refuse('too-many-nodes');
    const tags = this.#tags;
    const namespace = parent === undefined ? this.#defaultNamespace : parent.defaultNamespace;
    const isRead = tags.readStartTag(this.at, namespace, parent === undefined ? this.#scope : parent.scope);
    this.at = tags.at;
    if (!isRead) return this.#refuse(tags.fault);
    const children = tags.isEmpty ? noNodes : [];
    const element = new XmlElement(tags.name, tags.namespace, tags.attributes, children);
    parent?.children.push(element);
    if (!tags.isEmpty) {
      const { qualifiedName, defaultNamespace, scope } = tags;
      this.#open.push({ qualifiedName, element, children, defaultNamespace, scope });
    } else if (parent === undefined) this.#root = element;
    return true;
  }

  #readEndTag(): boolean {
    const text = this.#text;
    const open = this.#open.at(-1);
    const nameEnd = this.at + 2 + (open?.qualifiedName.length ?? 0);
    if (open === undefined || !text.startsWith(open.qualifiedName, this.at + 2)) return this.#refuse('not-well-formed');
    this.at = nameEnd;
    this.#skipWhiteSpace();
    if (this.at >= text.length) return this.#refuse('incomplete');
    if (text.charCodeAt(this.at) !== 0x3e /* > */) return this.#refuse('not-well-formed');
    this.at++;
    this.#open.pop();
    if (this.#open.length === 0) this.#root = open.element;
    return true;
  }
}

/** Of all elements that are empty: nobody adds to it. */
const noNodes: XmlNode[] = [];
