import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseObjectDefinitions } from '../ddf.ts';
import type { ObjectDefinition, ResourceDefinition } from '../definition.ts';
import { compareVersions } from '../object-table.ts';
import { encodeObject, encodeResource } from '../table.ts';
import { readReusableResources } from './reusable-resources.ts';

/** Files of the registry that hold no object definition. */
const otherFiles: ReadonlySet<string> = new Set(['Common.xml', 'DDF.xml', 'LWM2M_senml_units.xml']);

/** Readable resources that the registry gives no type: any bytes. A new one stops the generator, to be looked at. */
const knownWithoutType: ReadonlySet<string> = new Set(['10482/5']);

/** Texts in the registry's ranges that refer to a document instead of saying a range. */
const rangeReferences: ReadonlySet<string> = new Set([
  'The possible values are those listed in the LwM2M Core Specification',
  'The possible values of Resource are listed in 5.3.1.1',
]);

export interface Registry {
  /** Ascending by id and version. */
  readonly objects: readonly ObjectDefinition[];
  /** Ascending by id. */
  readonly reusableResources: readonly ResourceDefinition[];
  /** Whose notices the files carry, sorted: `2019 Open Mobile Alliance`. */
  readonly copyrights: readonly string[];
}

/**
 * Reads a checkout of OMA's registry, `version_history/` included.
 * @throws Error that names the file, the line and the element, for anything in it that is not known
 */
export async function readRegistry(directory: string): Promise<Registry> {
  const objects = new Map<string, { file: string; definition: ObjectDefinition }>();
  const copyrights = new Set<string>();
  for (const file of await definitionFiles(directory)) {
    const xml = await readFile(join(directory, file), 'utf8');
    for (const [, holder] of xml.matchAll(/copyright (?:\(c\) )?(2\d{3}.*)/gi)) copyrights.add(tidyHolder(holder!));
    for (const definition of readDefinitions(file, xml)) addDefinition(objects, file, definition);
  }
  const reusable = readReusableResources(await readFile(join(directory, 'Common.xml'), 'utf8'));
  return {
    objects: [...objects.values()]
      .map(({ definition }) => definition)
      .sort((a, b) => a.id - b.id || compareVersions(a.version, b.version)),
    reusableResources: reusable.map(withoutReference),
    copyrights: [...copyrights].sort(),
  };
}

async function definitionFiles(directory: string): Promise<string[]> {
  const current = await readdir(directory);
  const history = await readdir(join(directory, 'version_history'));
  return [...current, ...history.map((file) => join('version_history', file))]
    .filter((file) => file.endsWith('.xml') && !otherFiles.has(file))
    .sort();
}

function readDefinitions(file: string, xml: string): ObjectDefinition[] {
  const missingType = (objectId: number, resourceId: number) =>
    knownWithoutType.has(`${objectId}/${resourceId}`) ? ('opaque' as const) : undefined;
  const parsed = parseObjectDefinitions(xml, { unknownElements: 'refuse', missingType });
  if (!parsed.ok) throw new Error(`${file}: ${parsed.error.message}`);
  return parsed.value.map((definition) => {
    const resources = [...definition.resources].map(([id, resource]) => [id, withoutReference(resource)] as const);
    return { ...definition, resources: new Map(resources) };
  });
}

function withoutReference(resource: ResourceDefinition): ResourceDefinition {
  return rangeReferences.has(resource.range) ? { ...resource, range: '' } : resource;
}

/** The current version of an object is also in the history; the two must say the same. */
function addDefinition(
  objects: Map<string, { file: string; definition: ObjectDefinition }>,
  file: string,
  definition: ObjectDefinition,
): void {
  const key = `${definition.id} ${definition.version}`;
  const other = objects.get(key);
  if (other && encodeObject(other.definition) !== encodeObject(definition)) {
    throw new Error(`${file} and ${other.file} define object ${key} differently`);
  }
  objects.set(key, { file, definition });
}

function tidyHolder(text: string): string {
  return text
    .replace('-->', '')
    .replace(/All rights reserved/i, '')
    .replace(/^(\S+?),? /, '$1 ')
    .replace(/[\s.]+$/, '');
}

/** The module that `oma.ts` reads its tables from. */
export function renderTable(registry: Registry): string {
  const objects = registry.objects.map(encodeObject).join('\n');
  const reusable = registry.reusableResources.map(encodeResource).join('\n');
  return [
    '// Facts taken from the OMA LwM2M registry by src/generate/main.ts. Do not edit. Copyright notices: see NOTICE.',
    '// The line format is described in src/table.ts.',
    '',
    `export const omaObjectLines: string = \`\n${escapeTemplate(objects)}\n\`;`,
    '',
    `export const omaReusableResourceLines: string = \`\n${escapeTemplate(reusable)}\n\`;`,
    '',
  ].join('\n');
}

function escapeTemplate(text: string): string {
  // The string stays one byte a character in memory as long as every character is below U+0100.
  for (const character of text) {
    if (character.codePointAt(0)! > 0xff)
      throw new Error(`the table would hold "${character}": replace it in the generator`);
  }
  return text.replaceAll(/[\\`]|\$\{/g, '\\$&');
}
