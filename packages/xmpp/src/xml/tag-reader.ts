import { isNameCharacter, isNameStart, isWhiteSpace } from './characters.ts';
import { setAttribute, type XmlAttributes, xmlNamespace } from './element.ts';
import type { XmlFaultReason } from './fault.ts';
import { mayDeclare, NamespaceScope } from './namespace-scope.ts';
import { decodeReferences } from './references.ts';

/** An attribute as it is written. */
interface WrittenAttribute {
  /** '' for none. */
  readonly prefix: string;
  readonly name: string;
  readonly value: string;
}

/** Reads start tags of one text. What it read stands in its properties until the next tag. */
export class TagReader {
  readonly #text: string;
  readonly #maximumAttributes: number;
  /** After a tag: behind it. After a fault: where. */
  at = 0;
  fault: XmlFaultReason = 'not-well-formed';
  /** With its prefix. */
  qualifiedName = '';
  name = '';
  namespace = '';
  attributes: XmlAttributes = {};
  /** `<name/>` */
  isEmpty = false;
  /** Of what stands inside. */
  defaultNamespace = '';
  scope: NamespaceScope | undefined;
  #prefix = '';
  readonly #written: WrittenAttribute[] = [];

  constructor(text: string, maximumAttributes: number) {
    this.#text = text;
    this.#maximumAttributes = maximumAttributes;
  }

  /** @param at where its `<` stands @returns false on a fault */
  readStartTag(at: number, defaultNamespace: string, scope: NamespaceScope | undefined): boolean {
    this.at = at + 1;
    this.defaultNamespace = defaultNamespace;
    this.scope = scope;
    if (!this.#readQualifiedName()) return false;
    const { name } = this;
    const prefix = this.#prefix;
    this.qualifiedName = this.#text.slice(at + 1, this.at);
    this.#written.length = 0;
    if (!this.#readAttributes()) return false;
    this.name = name;
    const namespace = prefix === '' ? this.defaultNamespace : NamespaceScope.find(this.scope, prefix);
    if (namespace === undefined) return this.#refuse('unbound-prefix', at);
    this.namespace = namespace;
    return this.#resolveAttributes(at);
  }

  #refuse(reason: XmlFaultReason, at: number = this.at): false {
    this.fault = at >= this.#text.length && reason === 'not-well-formed' ? 'incomplete' : reason;
    this.at = at;
    return false;
  }

  /** Reads `name` or `prefix:name` into {@link name} and the prefix. */
  #readQualifiedName(): boolean {
    const start = this.at;
    if (!this.#readNcName()) return false;
    this.#prefix = '';
    this.name = this.#text.slice(start, this.at);
    if (this.#text.charCodeAt(this.at) !== 0x3a /* : */) return true;
    this.#prefix = this.name;
    const local = ++this.at;
    if (!this.#readNcName()) return false;
    this.name = this.#text.slice(local, this.at);
    return true;
  }

  #readNcName(): boolean {
    const text = this.#text;
    let code = text.codePointAt(this.at);
    if (code === undefined || !isNameStart(code)) return this.#refuse('not-well-formed');
    do {
      this.at += code > 0xffff ? 2 : 1;
      code = text.codePointAt(this.at);
    } while (code !== undefined && isNameCharacter(code));
    return true;
  }

  /** What follows the name of a start tag, its end included. */
  #readAttributes(): boolean {
    const text = this.#text;
    let count = 0;
    for (;;) {
      const before = this.at;
      while (isWhiteSpace(text.charCodeAt(this.at))) this.at++;
      const code = text.charCodeAt(this.at);
      this.isEmpty = code === 0x2f; /* / */
      if (this.isEmpty && text.charCodeAt(this.at + 1) === 0x3e) {
        this.at += 2;
        return true;
      }
      if (code === 0x3e /* > */) {
        this.at++;
        return true;
      }
      if (before === this.at || this.isEmpty) return this.#refuse('not-well-formed', this.at + (this.isEmpty ? 1 : 0));
      if (++count > this.#maximumAttributes) return this.#refuse('too-many-attributes');
      if (!this.#readAttribute()) return false;
    }
  }

  #readAttribute(): boolean {
    const text = this.#text;
    const start = this.at;
    if (!this.#readQualifiedName()) return false;
    const prefix = this.#prefix;
    while (isWhiteSpace(text.charCodeAt(this.at))) this.at++;
    if (text.charCodeAt(this.at) !== 0x3d /* = */) return this.#refuse('not-well-formed');
    this.at++;
    while (isWhiteSpace(text.charCodeAt(this.at))) this.at++;
    const quote = text[this.at];
    if (quote !== '"' && quote !== "'") return this.#refuse('not-well-formed');
    const end = text.indexOf(quote, this.at + 1);
    if (end < 0) return this.#refuse('incomplete', text.length);
    const written = text.slice(this.at + 1, end);
    // XML 1.0 §3.1, "No < in Attribute Values".
    const tag = written.indexOf('<');
    if (tag >= 0) return this.#refuse('not-well-formed', this.at + 1 + tag);
    const value = decodeReferences(written, true);
    if (!value.ok) return this.#refuse(value.error.reason, this.at + 1 + value.error.at);
    this.at = end + 1;
    if (prefix === 'xmlns') return this.#declare(this.name, value.value, start);
    if (prefix === '' && this.name === 'xmlns') return this.#declare('', value.value, start);
    this.#written.push({ prefix, name: this.name, value: value.value });
    return true;
  }

  /** Prefixes that the tag declares; few tags do. */
  #declared: Set<string> | undefined;

  #declare(prefix: string, namespace: string, at: number): boolean {
    if (!mayDeclare(prefix, namespace)) return this.#refuse('reserved-prefix', at);
    this.#declared ??= new Set();
    if (this.#declared.has(prefix)) return this.#refuse('duplicate-attribute', at);
    this.#declared.add(prefix);
    if (prefix === '') this.defaultNamespace = namespace;
    else this.scope = new NamespaceScope(prefix, namespace, this.scope);
    return true;
  }

  /** Namespaces in XML §6.3: no two attributes of the same namespace and name. */
  #resolveAttributes(at: number): boolean {
    this.#declared?.clear();
    const attributes: Record<string, string> = {};
    this.attributes = attributes;
    for (const { prefix, name, value } of this.#written) {
      let key = name;
      if (prefix !== '') {
        const namespace = NamespaceScope.find(this.scope, prefix);
        if (namespace === undefined) return this.#refuse('unbound-prefix', at);
        key = namespace === xmlNamespace ? `xml:${name}` : `{${namespace}}${name}`;
      }
      if (Object.hasOwn(attributes, key)) return this.#refuse('duplicate-attribute', at);
      setAttribute(attributes, key, value);
    }
    return true;
  }
}
