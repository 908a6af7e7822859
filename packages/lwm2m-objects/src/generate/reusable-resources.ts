import { readObjectDefinitions } from '../ddf.ts';
import type { ResourceDefinition } from '../definition.ts';
import { readXml, type XmlElement } from '../xml.ts';

/** What the items of `Common.xml` have besides those of an object definition. */
const catalogueElements: ReadonlySet<string> = new Set(['Submitter', 'TS', 'TSLink']);

/**
 * Reads `Common.xml`: items like an object definition's, without what only makes sense in an object, and with ids that are
 * set aside ("TBD"), which are left out.
 * @throws Error that names the line and the element, for anything in it that is not known
 */
export function readReusableResources(xml: string): ResourceDefinition[] {
  const root = readXml(xml, { maximumLength: 1_048_576, maximumDepth: 8, maximumElements: 50_000 });
  if (!root.ok) throw new Error(`Common.xml: ${root.error.message}`);
  const items = root.value.children
    .find(({ name }) => name === 'Object')
    ?.children.find(({ name }) => name === 'Resources');
  if (!items) throw new Error('Common.xml: there is no Object with Resources in it');
  const object = { ...element('Object', ''), children: [...asObject, { ...items, children: asItems(items.children) }] };
  const read = readObjectDefinitions({ ...root.value, children: [object] }, { unknownElements: 'refuse' });
  if (!read.ok) throw new Error(`Common.xml: ${read.error.message}`);
  return [...read.value[0]!.resources.values()];
}

const asObject: readonly XmlElement[] = [
  element('Name', 'Reusable resources'),
  element('ObjectID', '0'),
  element('MultipleInstances', 'Single'),
  element('Mandatory', 'Optional'),
];

function asItems(items: readonly XmlElement[]): XmlElement[] {
  return items.filter((item) => !isSetAside(item)).map(asItem);
}

function isSetAside(item: XmlElement): boolean {
  return item.children.some(({ name, text }) => name === 'Name' && text.trim() === 'TBD');
}

function asItem(item: XmlElement): XmlElement {
  const known = item.children.filter(({ name }) => !catalogueElements.has(name));
  return { ...item, children: [...known, element('MultipleInstances', 'Single'), element('Mandatory', 'Optional')] };
}

function element(name: string, text: string): XmlElement {
  return { name, text, attributes: {}, children: [], line: 0 };
}
