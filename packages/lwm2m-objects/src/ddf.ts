import { failure, type Result, success } from '@yaolian/kernel';
import type { DefinitionType, ObjectDefinition, ResourceDefinition } from './definition.ts';
import { readXml, type XmlElement, type XmlFault } from './xml.ts';

/** Why object definitions are refused. */
export interface DefinitionError {
  readonly reason:
    | 'not-xml'
    | 'doctype'
    | 'too-large'
    | 'too-deep'
    | 'not-a-definition'
    | 'missing-element'
    | 'unknown-element'
    | 'bad-value'
    | 'duplicate';
  /** What exactly is wrong, for a text in the language of the reader. */
  readonly fault: DefinitionFault;
  /** What goes into that text: what was found, what is right, a bound. */
  readonly params: Readonly<Record<string, string | number>>;
  /** A sentence that names the place, what is wrong and what is right. */
  readonly message: string;
  /** The line in the document, from 1. */
  readonly line: number | undefined;
  /** `Object 3303, Item 5700, Type`: the way to the element at fault. */
  readonly element: string | undefined;
}

/** Faults of a definition that is XML, with the kind of each and its sentence. */
const faults = {
  'other-root': ['not-a-definition', 'the document element is LWM2M'],
  'no-object': ['missing-element', 'there is no Object in it'],
  'object-twice': ['duplicate', 'version {version} is there twice'],
  'object-type': ['not-a-definition', 'ObjectType is MODefinition, not "{found}"'],
  'resources-many': ['too-large', 'there are more than {maximum} resources'],
  'resource-twice': ['duplicate', 'resource {id} is there twice'],
  operations: ['bad-value', 'this is R, W, RW, E or empty, not "{found}"'],
  type: ['bad-value', 'this is one of {values}, not "{found}"'],
  'type-missing': ['missing-element', 'a resource that can be read or written has a Type'],
  'name-empty': ['bad-value', 'a name is not empty'],
  id: ['bad-value', 'an id is a number from 0 to 65534, not "{found}"'],
  version: ['bad-value', 'a version is two numbers such as 1.0, not "{found}"'],
  urn: ['bad-value', 'this is {right} (or oma, ext for x), not "{found}"'],
  choice: ['bad-value', 'this is {one} or {other}, not "{found}"'],
  'element-missing': ['missing-element', '{name} is missing'],
  'element-unknown': ['unknown-element', '{name} is not one of {known}'],
  'element-twice': ['duplicate', '{name} is there twice'],
} as const satisfies Record<string, readonly [DefinitionError['reason'], string]>;

/** What is wrong with a definition. */
export type DefinitionFault = keyof typeof faults | XmlFault;

export interface DefinitionOptions {
  /** Characters in a document; default 1,048,576. */
  readonly maximumLength?: number;
  /** Resources in an object; default 2,000. */
  readonly maximumResources?: number;
  /** Elements that the DDF schema does not have: passed over by default. */
  readonly unknownElements?: 'ignore' | 'refuse';
  /** The type of a readable or writable resource whose definition says none; by default that is an error. */
  readonly missingType?: (objectId: number, resourceId: number) => DefinitionType | undefined;
}

/**
 * Reads an OMA object definition file (DDF: `<LWM2M><Object ObjectType="MODefinition">…`, as in OMA's registry), with one
 * object or several. White space around values and the case of words (`single`, `rw`, `INTEGER`) do not matter.
 */
export function parseObjectDefinitions(
  xml: string,
  options: DefinitionOptions = {},
): Result<ObjectDefinition[], DefinitionError> {
  const root = readXml(xml, {
    maximumLength: options.maximumLength ?? 1_048_576,
    maximumDepth: 8,
    maximumElements: 50_000,
  });
  return root.ok ? readObjectDefinitions(root.value, options) : failure({ ...root.error, element: undefined });
}

/** As {@link parseObjectDefinitions}, for a document that is already taken apart. */
export function readObjectDefinitions(
  root: XmlElement,
  options: DefinitionOptions = {},
): Result<ObjectDefinition[], DefinitionError> {
  try {
    return success(readDocument(root, options));
  } catch (error) {
    if (error instanceof Refusal) return failure(error.error);
    throw error;
  }
}

/** Unwinds the readers below; caught in {@link readObjectDefinitions}, nowhere else. */
class Refusal extends Error {
  readonly error: DefinitionError;

  constructor(error: DefinitionError) {
    super(error.message);
    this.error = error;
  }
}

/** An element and the way to it. */
interface Place {
  readonly element: XmlElement;
  readonly way: string;
}

function refuse(fault: keyof typeof faults, place: Place, params: DefinitionError['params'] = {}): never {
  const { line } = place.element;
  const [reason, sentence] = faults[fault];
  const what = sentence.replaceAll(/\{(\w+)\}/g, (_, name: string) => String(params[name]));
  throw new Refusal({
    ...{ reason, fault, params, line, element: place.way },
    message: `${place.way} (line ${line}): ${what}`,
  });
}

function readDocument(root: XmlElement, options: DefinitionOptions): ObjectDefinition[] {
  const place: Place = { element: root, way: root.name };
  if (root.name !== 'LWM2M') refuse('other-root', place, { found: shown(root.name) });
  checkChildren(place, ['Object'], options);
  const objects = root.children.filter((child) => child.name === 'Object');
  if (objects.length === 0) refuse('no-object', place);
  const definitions: ObjectDefinition[] = [];
  for (const [index, element] of objects.entries()) {
    const definition = readObject({ element, way: objectName(element, index) }, options);
    if (definitions.some((other) => other.id === definition.id && other.version === definition.version)) {
      refuse('object-twice', { element, way: objectName(element, index) }, { version: definition.version });
    }
    definitions.push(definition);
  }
  return definitions;
}

function objectName(element: XmlElement, index: number): string {
  const id = element.children.find((child) => child.name === 'ObjectID')?.text.trim();
  return id ? `Object ${id}` : `Object number ${index + 1}`;
}

const objectElements = [
  'Name',
  'Description1',
  'Description2',
  'ObjectID',
  'ObjectURN',
  'LWM2MVersion',
  'ObjectVersion',
  'MultipleInstances',
  'Mandatory',
  'Resources',
];
const resourceElements = [
  'Name',
  'Operations',
  'MultipleInstances',
  'Mandatory',
  'Type',
  'RangeEnumeration',
  'Units',
  'Description',
];

function readObject(place: Place, options: DefinitionOptions): ObjectDefinition {
  const objectType = place.element.attributes['ObjectType'];
  if (objectType !== undefined && objectType !== 'MODefinition') {
    refuse('object-type', place, { found: shown(objectType) });
  }
  checkChildren(place, objectElements, options);
  const id = readId(child(place, 'ObjectID'));
  const version = readVersion(place, 'ObjectVersion');
  return {
    id,
    name: readName(place),
    version,
    lwm2mVersion: readVersion(place, 'LWM2MVersion'),
    urn: readUrn(place, id, version),
    multiple: readChoice(child(place, 'MultipleInstances'), { multiple: true, single: false }),
    mandatory: readChoice(child(place, 'Mandatory'), { mandatory: true, optional: false }),
    resources: readResources(place, id, options),
  };
}

function readResources(
  place: Place,
  objectId: number,
  options: DefinitionOptions,
): ReadonlyMap<number, ResourceDefinition> {
  const list = child(place, 'Resources');
  checkChildren(list, ['Item'], options);
  const items = list.element.children.filter((item) => item.name === 'Item');
  const maximum = options.maximumResources ?? 2_000;
  if (items.length > maximum) refuse('resources-many', list, { maximum });
  const resources: ResourceDefinition[] = [];
  const seen = new Set<number>();
  for (const element of items) {
    const item: Place = { element, way: `${place.way}, Item ${element.attributes['ID'] ?? '?'}` };
    const resource = readResource(item, objectId, options);
    if (seen.has(resource.id)) refuse('resource-twice', item, { id: resource.id });
    seen.add(resource.id);
    resources.push(resource);
  }
  resources.sort((a, b) => a.id - b.id);
  return new Map(resources.map((resource) => [resource.id, resource]));
}

function readResource(place: Place, objectId: number, options: DefinitionOptions): ResourceDefinition {
  checkChildren(place, resourceElements, options);
  const id = idOf(place, place.element.attributes['ID'] ?? '');
  const operations = readOperations(place);
  return {
    id,
    name: readName(place),
    readable: operations.includes('R'),
    writable: operations.includes('W'),
    executable: operations === 'E',
    multiple: readChoice(child(place, 'MultipleInstances'), { multiple: true, single: false }),
    mandatory: readChoice(child(place, 'Mandatory'), { mandatory: true, optional: false }),
    type: operations === 'E' ? 'none' : (readType(place) ?? options.missingType?.(objectId, id) ?? typeMissing(place)),
    range: oneLine(optionalText(place, 'RangeEnumeration')),
    units: oneLine(optionalText(place, 'Units')),
  };
}

/** Empty is right: resources of the Security object are only for the Bootstrap-Server. */
function readOperations(place: Place): string {
  const operations = oneLine(child(place, 'Operations').element.text).toUpperCase();
  if (/^(?:|R|W|RW|E)$/.test(operations)) return operations;
  return refuse('operations', child(place, 'Operations'), { found: shown(operations) });
}

const types: Readonly<Record<string, DefinitionType>> = {
  string: 'string',
  integer: 'integer',
  'unsigned integer': 'unsigned',
  float: 'float',
  boolean: 'boolean',
  opaque: 'opaque',
  time: 'time',
  objlnk: 'objlnk',
  corelnk: 'corelnk',
};

function readType(place: Place): DefinitionType | undefined {
  const text = oneLine(optionalText(place, 'Type'));
  if (text === '') return undefined;
  const type = Object.hasOwn(types, text.toLowerCase()) ? types[text.toLowerCase()] : undefined;
  const values = 'String, Integer, Unsigned Integer, Float, Boolean, Opaque, Time, Objlnk, Corelnk';
  return type ?? refuse('type', child(place, 'Type'), { values, found: shown(text) });
}

function typeMissing(place: Place): never {
  return refuse('type-missing', place);
}

function readName(place: Place): string {
  const name = child(place, 'Name');
  return oneLine(name.element.text) || refuse('name-empty', name);
}

function readId(place: Place): number {
  return idOf(place, place.element.text.trim());
}

function idOf(place: Place, text: string): number {
  const id = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  return id <= 65_534 ? id : refuse('id', place, { found: shown(text) });
}

// OMA-TS-LightweightM2M_Core 1.1 §7.2.2: a version that is not said is 1.0.
function readVersion(place: Place, name: string): string {
  const text = optionalText(place, name).trim();
  if (text === '') return '1.0';
  if (/^\d{1,3}\.\d{1,3}$/.test(text)) return text;
  return refuse('version', child(place, name), { found: shown(text) });
}

/** A definition of one's own may leave it out: it is then one of a private object. */
function readUrn(place: Place, id: number, version: string): string {
  const urn = optionalText(place, 'ObjectURN').trim();
  if (urn === '') return `urn:oma:lwm2m:x:${id}${version === '1.0' ? '' : `:${version}`}`;
  const match = /^urn:oma:lwm2m:(?:oma|ext|x):(\d{1,5})(?::(\d+\.\d+))?$/.exec(urn);
  if (match && Number(match[1]) === id && (match[2] ?? '1.0') === version) return urn;
  const right = `urn:oma:lwm2m:x:${id}${version === '1.0' ? '' : `:${version}`}`;
  return refuse('urn', child(place, 'ObjectURN'), { right, found: shown(urn) });
}

function readChoice(place: Place, choices: Readonly<Record<string, boolean>>): boolean {
  const text = place.element.text.trim().toLowerCase();
  const value = Object.hasOwn(choices, text) ? choices[text] : undefined;
  const [one, other] = Object.keys(choices).map((choice) => choice[0]!.toUpperCase() + choice.slice(1));
  return value ?? refuse('choice', place, { one: one!, other: other!, found: shown(place.element.text.trim()) });
}

function child(place: Place, name: string): Place {
  const element = place.element.children.find((candidate) => candidate.name === name);
  return element ? { element, way: `${place.way}, ${name}` } : refuse('element-missing', place, { name });
}

function optionalText(place: Place, name: string): string {
  return place.element.children.find((candidate) => candidate.name === name)?.text ?? '';
}

function checkChildren(place: Place, known: readonly string[], options: DefinitionOptions): void {
  const seen = new Set<string>();
  for (const element of place.element.children) {
    if (!known.includes(element.name)) {
      if (options.unknownElements !== 'refuse') continue;
      refuse('element-unknown', place, { name: shown(element.name), known: known.join(', ') });
    }
    if (seen.has(element.name) && element.name !== 'Object' && element.name !== 'Item') {
      refuse('element-twice', place, { name: element.name });
    }
    seen.add(element.name);
  }
}

function oneLine(text: string): string {
  return text.trim().replaceAll(/\s+/g, ' ');
}

function shown(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
