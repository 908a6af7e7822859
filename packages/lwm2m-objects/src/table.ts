import type { DefinitionType, ObjectDefinition, ResourceDefinition } from './definition.ts';

/*
 * The line format of the generated table, made to be small, quick to skip over, and readable in a diff (fields
 * are separated by tabs, shown as arrows):
 *
 *   @3303→1.1→1.0→ext:→m→Temperature        object: id, version, LwM2M version, URN class, flags, name
 *   5700→Rf!→Sensor Value→→Cel              resource: id, flags, name, range, units (empty ones at the end left out)
 *
 * Object flags: m multiple instances, ! mandatory. The URN class ends in ":" when the URN spells out the version.
 * Resource flags: R W E operations, a letter for the type (none for executables), m multiple instances, ! mandatory.
 */

const typeLetters: Readonly<Record<DefinitionType, string>> = {
  string: 's',
  integer: 'i',
  unsigned: 'u',
  float: 'f',
  boolean: 'b',
  opaque: 'o',
  time: 't',
  objlnk: 'l',
  corelnk: 'c',
  none: '',
};

const typesByLetter = new Map(Object.entries(typeLetters).map(([type, letter]) => [letter, type as DefinitionType]));

/** The lines of one object. @throws RangeError when a text of it holds a separator. */
export function encodeObject(object: ObjectDefinition): string {
  const urn = /^urn:oma:lwm2m:([a-z]+):\d+(:?)/.exec(object.urn);
  if (!urn) throw new RangeError(`${object.urn} is not the URN of an object`);
  const flags = (object.multiple ? 'm' : '') + (object.mandatory ? '!' : '');
  const head = [object.id, object.version, object.lwm2mVersion, `${urn[1]}${urn[2]}`, flags, object.name];
  const lines = [`@${encodeLine(head)}`];
  for (const resource of object.resources.values()) lines.push(encodeResource(resource));
  return lines.join('\n');
}

/** @throws RangeError when a text of it holds a separator. */
export function encodeResource(resource: ResourceDefinition): string {
  const operations = (resource.readable ? 'R' : '') + (resource.writable ? 'W' : '') + (resource.executable ? 'E' : '');
  const flags = (resource.multiple ? 'm' : '') + (resource.mandatory ? '!' : '');
  return encodeLine([
    resource.id,
    operations + typeLetters[resource.type] + flags,
    resource.name,
    resource.range,
    resource.units,
  ]);
}

function encodeLine(fields: readonly (string | number)[]): string {
  for (const field of fields) {
    if (/[\t\n\r]/.test(String(field))) throw new RangeError(`"${field}" holds a separator of the table`);
  }
  return fields.join('\t').replace(/\t+$/, '');
}

/** The inverse of {@link encodeObject}, for lines that it wrote. */
export function decodeObject(lines: string): ObjectDefinition {
  const [head, ...rest] = lines.split('\n');
  const [idText, version, lwm2mVersion, urnClass, flags, name] = head!.slice(1).split('\t');
  const id = Number(idText);
  const resources = new Map<number, ResourceDefinition>();
  for (const line of rest) {
    const resource = decodeResource(line);
    resources.set(resource.id, resource);
  }
  const urnVersion = urnClass!.endsWith(':') ? `:${version}` : '';
  return {
    id,
    name: name!,
    version: version!,
    lwm2mVersion: lwm2mVersion!,
    urn: `urn:oma:lwm2m:${urnClass!.replace(':', '')}:${id}${urnVersion}`,
    multiple: flags!.includes('m'),
    mandatory: flags!.includes('!'),
    resources,
  };
}

/** The inverse of {@link encodeResource}, for lines that it wrote. */
export function decodeResource(line: string): ResourceDefinition {
  const [id, flags, name, range = '', units = ''] = line.split('\t');
  const executable = flags!.includes('E');
  return {
    id: Number(id),
    name: name!,
    readable: flags!.includes('R'),
    writable: flags!.includes('W'),
    executable,
    multiple: flags!.includes('m'),
    mandatory: flags!.includes('!'),
    type: typesByLetter.get(flags!.replaceAll(/[RWEm!]/g, ''))!,
    range,
    units,
  };
}
