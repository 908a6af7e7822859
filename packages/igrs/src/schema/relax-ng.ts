import { element, serialiseXml, XmlElement } from '@yaolian/xmpp';
import { patternOf, type RaElementSchema, type RaTextType } from './schema.ts';

/** https://relaxng.org/spec-20011203.html */
const ns = 'http://relaxng.org/ns/structure/1.0';
const datatypes = 'http://www.w3.org/2001/XMLSchema-datatypes';

/** Elements of one namespace: each is a document of its own. Of a name that stands twice either will do. */
export type PublishedElements = readonly (readonly [name: string, schema: RaElementSchema])[];

/** The schemas of a namespace as RELAX NG, which knows children in any order where XML Schema 1.0 does not. */
export function encodeRelaxNg(namespace: string, elements: PublishedElements): string {
  const found = elements.map(([name, schema]) => elementPattern(name, schema));
  const start = rng('start', {}, found.length === 1 ? found[0]! : rng('choice', {}, ...found));
  const grammar = rng('grammar', { ns: namespace, datatypeLibrary: datatypes }, start);
  return `<?xml version="1.0" encoding="UTF-8"?>\n${indented(grammar, '')}`;
}

function elementPattern(key: string, schema: RaElementSchema): XmlElement {
  const [, foreign, name = key] = /^\{(.+)\}(.+)$/.exec(key) ?? [];
  const { attributes = {}, optional = {}, children = {}, text } = schema;
  const content = [
    ...Object.entries(attributes).map(([one, type]) => rng('attribute', { name: one }, textPattern(type))),
    ...Object.entries(optional).map(([one, type]) =>
      rng('optional', {}, rng('attribute', { name: one }, textPattern(type))),
    ),
  ];
  const inside = Object.entries(children).map(([one, child]) => occurring(child.occurs, elementPattern(one, child)));
  // RELAX NG §7.2: texts that are looked at have no elements beside them.
  if (text !== undefined && inside.length > 0) throw new TypeError(`<${name}> has a text and children`);
  if (text !== undefined) content.push(textPattern(text));
  else if (inside.length > 0) content.push(inside.length === 1 ? inside[0]! : rng('interleave', {}, ...inside));
  return rng('element', { name, ns: foreign }, ...(content.length === 0 ? [rng('empty')] : content));
}

function occurring(occurs: '1' | '?' | '*', pattern: XmlElement): XmlElement {
  if (occurs === '1') return pattern;
  return rng(occurs === '?' ? 'optional' : 'zeroOrMore', {}, pattern);
}

function textPattern(type: RaTextType): XmlElement {
  if (type === 'text') return rng('text');
  if (typeof type === 'string') {
    return rng('data', { type: 'string' }, element('param', ns, { name: 'pattern' }, patternOf(type)));
  }
  const words = 'list' in type ? type.list : type;
  const choice = rng('choice', {}, ...words.map((word) => element('value', ns, {}, word)));
  return 'list' in type ? rng('list', {}, rng('zeroOrMore', {}, choice)) : choice;
}

function rng(
  name: string,
  attributes: Readonly<Record<string, string | undefined>> = {},
  ...children: readonly XmlElement[]
): XmlElement {
  return element(name, ns, attributes, ...children);
}

/** One element to a line, texts where they stand. */
function indented(one: XmlElement, indent: string): string {
  const children = one.elements();
  // The namespace is on the outermost element.
  const line = (of: XmlElement) => serialiseXml(of, indent === '' ? undefined : { defaultNamespace: ns });
  if (children.length === 0) return `${indent}${line(one)}\n`;
  const [head, tail] = line(new XmlElement(one.name, one.namespace, one.attributes, ['\uE000'])).split('\uE000');
  return `${indent}${head}\n${children.map((child) => indented(child, `${indent}  `)).join('')}${indent}${tail}\n`;
}
