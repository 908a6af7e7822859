import { findForbidden, forbiddenCharacters } from './characters.ts';
import { type XmlElement, xmlNamespace } from './element.ts';
import type { XmlContext } from './parse.ts';

const everyForbidden = new RegExp(forbiddenCharacters, 'g');
const utf8 = new TextEncoder();

/** Character data as it is written. What XML cannot carry becomes U+FFFD. */
export function escapeText(text: string): string {
  if (!/[&<>\r]/.test(text) && findForbidden(text) < 0) return text;
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('\r', '&#13;')
    .replaceAll(everyForbidden, '\ufffd');
}

/** The value of an attribute as it is written between either kind of quotes. */
export function escapeAttribute(value: string): string {
  if (!/[&<>\r'"\t\n]/.test(value) && findForbidden(value) < 0) return value;
  return escapeText(value)
    .replaceAll("'", '&apos;')
    .replaceAll('"', '&quot;')
    .replaceAll('\t', '&#9;')
    .replaceAll('\n', '&#10;');
}

/** An element as text that {@link parseXml} reads back to its equal. @param context what the tags around it declared */
export function serialiseXml(element: XmlElement, context: XmlContext = {}): string {
  const { defaultNamespace = '', prefixes } = context;
  return written(element, defaultNamespace, prefixes === undefined ? noPrefixes : prefixesByNamespace(prefixes));
}

type Prefixes = NonNullable<XmlContext['prefixes']>;

const noPrefixes: ReadonlyMap<string, string> = new Map();

/** Contexts are few, and what is written in them is much. */
const turned = new WeakMap<Prefixes, ReadonlyMap<string, string>>();

function prefixesByNamespace(prefixes: Prefixes): ReadonlyMap<string, string> {
  const known = turned.get(prefixes);
  if (known !== undefined) return known;
  const made = new Map(Object.entries(prefixes).map(([prefix, namespace]) => [namespace, prefix]));
  turned.set(prefixes, made);
  return made;
}

/** {@link serialiseXml} in UTF-8. */
export function encodeXml(element: XmlElement, context: XmlContext = {}): Uint8Array {
  return utf8.encode(serialiseXml(element, context));
}

/** @param around the default namespace there @param prefixes namespace to prefix */
function written(element: XmlElement, around: string, prefixes: ReadonlyMap<string, string>): string {
  const { name, namespace, attributes, children } = element;
  let inside = around;
  let qualifiedName = name;
  let text = '';
  if (namespace !== around) {
    const prefix = prefixes.get(namespace);
    if (prefix !== undefined) qualifiedName = `${prefix}:${name}`;
    else {
      text += ` xmlns='${escapeAttribute(namespace)}'`;
      inside = namespace;
    }
  }
  let foreign = 0;
  for (const key of Object.keys(attributes)) {
    const value = escapeAttribute(attributes[key]!);
    text += key.startsWith('{') ? writtenForeign(key, value, foreign++, prefixes) : ` ${key}='${value}'`;
  }
  if (children.length === 0) return `<${qualifiedName}${text}/>`;
  text = `<${qualifiedName}${text}>`;
  for (const node of children) {
    text += typeof node === 'string' ? escapeText(node) : written(node, inside, prefixes);
  }
  return `${text}</${qualifiedName}>`;
}

/** An attribute that has a namespace. @param key `{namespace}name` @param number unlike that of the others of its element */
function writtenForeign(key: string, value: string, number: number, prefixes: ReadonlyMap<string, string>): string {
  const end = key.lastIndexOf('}');
  const namespace = key.slice(1, end);
  const name = key.slice(end + 1);
  if (namespace === xmlNamespace) return ` xml:${name}='${value}'`;
  const known = prefixes.get(namespace);
  if (known !== undefined) return ` ${known}:${name}='${value}'`;
  return ` xmlns:a${number}='${escapeAttribute(namespace)}' a${number}:${name}='${value}'`;
}
