import type { XmlElement } from '@yaolian/xmpp';

/** What a text has to be. An array: one of these; with `list` several of them with spaces between. */
export type RaTextType =
  | 'text'
  /** `name@domain` */
  | 'address'
  /** RFC 3339, as XEP-0082 writes it. */
  | 'time'
  /** `/3303/0/5700`: 1 to 4 numbers. */
  | 'path'
  | 'whole-number'
  /** A namespace, or its beginning with `*`. */
  | 'feature'
  | readonly string[]
  | { readonly list: readonly string[] };

/** What an element may look like. What is not named must not be there. */
export interface RaElementSchema {
  readonly attributes?: Readonly<Record<string, RaTextType>>;
  /** Attributes that may be missing. */
  readonly optional?: Readonly<Record<string, RaTextType>>;
  /** Its text; absent: it has none. */
  readonly text?: RaTextType;
  /** By name, in the namespace of the element; those of other namespaces as `{namespace}name`. */
  readonly children?: Readonly<Record<string, RaChildSchema>>;
}

export interface RaChildSchema extends RaElementSchema {
  /** How often: `?` at most once, `*` as often as one likes, `1` exactly once. */
  readonly occurs: '1' | '?' | '*';
}

/** The messages of a namespace, by the names of their elements. */
export type RaNamespaceSchema = Readonly<Record<string, RaElementSchema>>;

const patterns: Readonly<Record<Extract<RaTextType, string>, RegExp>> = {
  text: /^/,
  address: /^[^@/\s]+@[^@/\s]+$/,
  time: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/,
  path: /^(\/\d{1,5}){1,4}$/,
  'whole-number': /^\d{1,15}$/,
  feature: /^[^\s*]*\*?$/,
};

/** A pattern for the whole of such a text, which XML Schema (part 2, appendix F) and ECMAScript read alike. */
export function patternOf(type: Exclude<Extract<RaTextType, string>, 'text'>): string {
  return patterns[type].source
    .replace(/^\^|\$$/g, '')
    .replaceAll('\\/', '/')
    .replaceAll('\\d', '[0-9]');
}

export function isOfTextType(text: string, type: RaTextType): boolean {
  if (typeof type === 'string') return patterns[type].test(text);
  if ('list' in type) return text.split(' ').every((word) => word === '' || type.list.includes(word));
  return type.includes(text);
}

/** The first thing in which an element is not of its schema, as a sentence; undefined: there is none. */
export function faultIn(given: XmlElement, schema: RaElementSchema): string | undefined {
  return faultOfAttributes(given, schema) ?? faultOfText(given, schema) ?? faultOfChildren(given, schema);
}

function faultOfAttributes(given: XmlElement, { attributes = {}, optional = {} }: RaElementSchema): string | undefined {
  const missing = Object.keys(attributes).find((name) => given.attribute(name) === undefined);
  if (missing !== undefined) return `<${given.name}/> has no ${missing}`;
  for (const [name, value] of Object.entries(given.attributes)) {
    const type = attributes[name] ?? optional[name];
    if (type === undefined) return `<${given.name}/> has no attribute "${name}"`;
    if (value !== undefined && !isOfTextType(value, type)) return `"${value}" is no ${name} of <${given.name}/>`;
  }
  return undefined;
}

function faultOfText(given: XmlElement, { text: type }: RaElementSchema): string | undefined {
  const text = given.text();
  if (type === undefined) return text.trim() === '' ? undefined : `<${given.name}/> has no text`;
  return isOfTextType(text, type) ? undefined : `"${text}" is no text of <${given.name}/>`;
}

function faultOfChildren(given: XmlElement, { children = {} }: RaElementSchema): string | undefined {
  const counts = new Map<string, number>();
  for (const child of given.elements()) {
    const key = child.namespace === given.namespace ? child.name : `{${child.namespace}}${child.name}`;
    const schema = Object.hasOwn(children, key) ? children[key] : undefined;
    if (schema === undefined) return `there is no <${child.name} xmlns='${child.namespace}'/> in <${given.name}/>`;
    const fault = faultIn(child, schema);
    if (fault !== undefined) return fault;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  for (const [key, { occurs }] of Object.entries(children)) {
    const count = counts.get(key) ?? 0;
    if (occurs === '1' && count !== 1) return `<${given.name}/> has one ${key}, not ${count}`;
    if (occurs === '?' && count > 1) return `<${given.name}/> has at most one ${key}, not ${count}`;
  }
  return undefined;
}
