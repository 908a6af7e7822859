/** What stands between the tags of an element. */
export type XmlNode = XmlElement | string;

export type XmlAttributes = Readonly<Record<string, string>>;

/** What {@link element} and {@link XmlElement.with} take: what is undefined is left out. */
export type XmlAttributeValues = Readonly<Record<string, string | undefined>>;
export type XmlContent = readonly (XmlNode | undefined)[];

/** The namespace of the prefix `xml`, which every document has. */
export const xmlNamespace = 'http://www.w3.org/XML/1998/namespace';

/**
 * An XML element as data: immutable, without prefixes and without its place in a document. Attributes without a namespace have
 * their local name as key, those of the XML namespace `xml:lang`, all others `{namespace}name`.
 */
export class XmlElement {
  /** The local name. */
  readonly name: string;
  /** `''` for none. */
  readonly namespace: string;
  readonly attributes: XmlAttributes;
  readonly children: readonly XmlNode[];

  constructor(name: string, namespace: string, attributes: XmlAttributes, children: readonly XmlNode[]) {
    this.name = name;
    this.namespace = namespace;
    this.attributes = attributes;
    this.children = children;
  }

  /** @param namespace default: any */
  is(name: string, namespace: string = this.namespace): boolean {
    return this.name === name && this.namespace === namespace;
  }

  attribute(name: string): string | undefined {
    return Object.hasOwn(this.attributes, name) ? this.attributes[name] : undefined;
  }

  /** The first child element of that name. @param namespace default: that of this element */
  child(name: string, namespace: string = this.namespace): XmlElement | undefined {
    for (const node of this.children) {
      if (typeof node !== 'string' && node.name === name && node.namespace === namespace) return node;
    }
    return undefined;
  }

  /** The child elements in order. @param name only those of this name @param namespace with `name`; default: that of this element */
  elements(name?: string, namespace: string = this.namespace): XmlElement[] {
    const found: XmlElement[] = [];
    for (const node of this.children) {
      if (typeof node !== 'string' && (name === undefined || node.is(name, namespace))) found.push(node);
    }
    return found;
  }

  /** Its own character data, without that of its child elements. */
  text(): string {
    const [first] = this.children;
    if (this.children.length === 1 && typeof first === 'string') return first;
    return this.children.filter((node) => typeof node === 'string').join('');
  }

  /** The character data of a child element, or undefined when there is no such child. */
  childText(name: string, namespace: string = this.namespace): string | undefined {
    return this.child(name, namespace)?.text();
  }

  /** The same with some attributes set, or taken away where the value is undefined. */
  with(attributes: XmlAttributeValues): XmlElement {
    return new XmlElement(this.name, this.namespace, defined({ ...this.attributes, ...attributes }), this.children);
  }

  /** The same with other content. */
  containing(...children: XmlContent): XmlElement {
    return new XmlElement(this.name, this.namespace, this.attributes, joined(children));
  }
}

/**
 * Builds an element: `element('query', 'jabber:iq:version', {}, element('name', 'jabber:iq:version', {}, 'Yaolian'))`.
 * Attributes and children that are undefined are left out.
 */
export function element(
  name: string,
  namespace: string,
  attributes: XmlAttributeValues = {},
  ...children: XmlContent
): XmlElement {
  return new XmlElement(name, namespace, defined(attributes), joined(children));
}

function defined(values: XmlAttributeValues): XmlAttributes {
  const attributes: Record<string, string> = {};
  for (const name of Object.keys(values)) {
    const value = values[name];
    if (value !== undefined) setAttribute(attributes, name, value);
  }
  return attributes;
}

/** Sets an attribute whatever its name, `__proto__` too. @internal */
export function setAttribute(attributes: Record<string, string>, name: string, value: string): void {
  if (name !== '__proto__') attributes[name] = value;
  else Object.defineProperty(attributes, name, { value, enumerable: true, writable: true, configurable: true });
}

/** Texts that touch become one, as a reader would give them. */
function joined(content: XmlContent): XmlNode[] {
  const children: XmlNode[] = [];
  for (const node of content) {
    if (node === undefined || node === '') continue;
    const last = children.length - 1;
    if (typeof node === 'string' && typeof children[last] === 'string') children[last] += node;
    else children.push(node);
  }
  return children;
}
