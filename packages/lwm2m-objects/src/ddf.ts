import { failure, type Result, success } from '@yaolian/kernel';
import type { DefinitionType, ObjectDefinition, ResourceDefinition } from './definition.ts';
import { readXml, type XmlElement } from './xml.ts';

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
  /** A sentence that names the place, what is wrong and what is right. */
  readonly message: string;
  /** The line in the document, from 1. */
  readonly line: number | undefined;
  /** `Object 3303, Item 5700, Type`: the way to the element at fault. */
  readonly element: string | undefined;
}

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

function refuse(reason: DefinitionError['reason'], place: Place, what: string): never {
  const { line } = place.element;
  throw new Refusal({ reason, message: `${place.way} (line ${line}): ${what}`, line, element: place.way });
}

function readDocument(root: XmlElement, options: DefinitionOptions): ObjectDefinition[] {
  const place: Place = { element: root, way: root.name };
  if (root.name !== 'LWM2M') refuse('not-a-definition', place, 'the document element is LWM2M');
  checkChildren(place, ['Object'], options);
  const objects = root.children.filter((child) => child.name === 'Object');
  if (objects.length === 0) refuse('missing-element', place, 'there is no Object in it');
  const definitions: ObjectDefinition[] = [];
  for (const [index, element] of objects.entries()) {
    const definition = readObject({ element, way: objectName(element, index) }, options);
    if (definitions.some((other) => other.id === definition.id && other.version === definition.version)) {
      refuse('duplicate', { element, way: objectName(element, index) }, `version ${definition.version} is there twice`);
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
    refuse('not-a-definition', place, `ObjectType is MODefinition, not "${objectType}"`);
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
  if (items.length > maximum) refuse('too-large', list, `there are more than ${maximum} resources`);
  const resources: ResourceDefinition[] = [];
  const seen = new Set<number>();
  for (const element of items) {
    const item: Place = { element, way: `${place.way}, Item ${element.attributes['ID'] ?? '?'}` };
    const resource = readResource(item, objectId, options);
    if (seen.has(resource.id)) refuse('duplicate', item, `resource ${resource.id} is there twice`);
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
  return refuse('bad-value', child(place, 'Operations'), `this is R, W, RW, E or empty, not "${shown(operations)}"`);
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
  const right = 'String, Integer, Unsigned Integer, Float, Boolean, Opaque, Time, Objlnk or Corelnk';
  return type ?? refuse('bad-value', child(place, 'Type'), `this is ${right}, not "${shown(text)}"`);
}

function typeMissing(place: Place): never {
  return refuse('missing-element', place, 'a resource that can be read or written has a Type');
}

function readName(place: Place): string {
  const name = child(place, 'Name');
  return oneLine(name.element.text) || refuse('bad-value', name, 'a name is not empty');
}

function readId(place: Place): number {
  return idOf(place, place.element.text.trim());
}

function idOf(place: Place, text: string): number {
  const id = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  return id <= 65_534 ? id : refuse('bad-value', place, `an id is a number from 0 to 65534, not "${shown(text)}"`);
}

// OMA-TS-LightweightM2M_Core 1.1 §7.2.2: a version that is not said is 1.0.
function readVersion(place: Place, name: string): string {
  const text = optionalText(place, name).trim();
  if (text === '') return '1.0';
  if (/^\d{1,3}\.\d{1,3}$/.test(text)) return text;
  return refuse('bad-value', child(place, name), `a version is two numbers such as 1.0, not "${shown(text)}"`);
}

/** A definition of one's own may leave it out: it is then one of a private object. */
function readUrn(place: Place, id: number, version: string): string {
  const urn = optionalText(place, 'ObjectURN').trim();
  if (urn === '') return `urn:oma:lwm2m:x:${id}${version === '1.0' ? '' : `:${version}`}`;
  const match = /^urn:oma:lwm2m:(?:oma|ext|x):(\d{1,5})(?::(\d+\.\d+))?$/.exec(urn);
  if (match && Number(match[1]) === id && (match[2] ?? '1.0') === version) return urn;
  const right = `urn:oma:lwm2m:x:${id}${version === '1.0' ? '' : `:${version}`} (or oma, ext for x)`;
  return refuse('bad-value', child(place, 'ObjectURN'), `this is ${right}, not "${shown(urn)}"`);
}

function readChoice(place: Place, choices: Readonly<Record<string, boolean>>): boolean {
  const text = place.element.text.trim().toLowerCase();
  const value = Object.hasOwn(choices, text) ? choices[text] : undefined;
  const right = Object.keys(choices).map((choice) => choice[0]!.toUpperCase() + choice.slice(1));
  return (
    value ?? refuse('bad-value', place, `this is ${right.join(' or ')}, not "${shown(place.element.text.trim())}"`)
  );
}

function child(place: Place, name: string): Place {
  const element = place.element.children.find((candidate) => candidate.name === name);
  return element ? { element, way: `${place.way}, ${name}` } : refuse('missing-element', place, `${name} is missing`);
}

function optionalText(place: Place, name: string): string {
  return place.element.children.find((candidate) => candidate.name === name)?.text ?? '';
}

function checkChildren(place: Place, known: readonly string[], options: DefinitionOptions): void {
  const seen = new Set<string>();
  for (const element of place.element.children) {
    if (!known.includes(element.name)) {
      if (options.unknownElements !== 'refuse') continue;
      refuse('unknown-element', place, `${element.name} is not one of ${known.join(', ')}`);
    }
    if (seen.has(element.name) && element.name !== 'Object' && element.name !== 'Item') {
      refuse('duplicate', place, `${element.name} is there twice`);
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
