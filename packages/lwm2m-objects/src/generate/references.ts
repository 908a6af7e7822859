import type { ObjectDefinition, ResourceDefinition } from '../definition.ts';
import { encodeResource } from '../table.ts';
import { uniqueWords } from './names.ts';
import type { Registry } from './registry.ts';

/** The first id that is not of an object of the LwM2M specifications themselves. */
const firstOther = 1_000;

/**
 * The modules of typed references, by file name: the newest version of each object. The few objects of the specifications are
 * apart, for terminals that need no others.
 */
export function renderReferences(registry: Registry): Readonly<Record<'core-references.ts' | 'references.ts', string>> {
  const newest = [...new Map(registry.objects.map((definition) => [definition.id, definition])).values()];
  const words = uniqueWords(newest);
  const render = (definitions: readonly ObjectDefinition[]) =>
    definitions.map((definition) => renderReference(words.get(definition.id)!, definition));
  const core = render(newest.filter(({ id }) => id < firstOther));
  const others = render(newest.filter(({ id }) => id >= firstOther));
  const again = "export * from './core-references.ts';";
  return { 'core-references.ts': renderModule(exported, core), 'references.ts': renderModule(again, others) };
}

const exported = "export { inVersion, type ObjectReference, type ResourceReference } from '../reference.ts';";

function renderModule(firstExport: string, references: readonly string[]): string {
  const lines = [
    '// Facts taken from the OMA LwM2M registry by src/generate/main.ts. Do not edit. Copyright notices: see NOTICE.',
    '// Each resource is its id, flags and units, as described in src/table.ts.',
    '',
    "import { objectReference } from '../reference.ts';",
    '',
    firstExport,
    ...references.map((text) => `\n${text}`),
  ];
  return `${lines.join('\n')}\n`;
}

function renderReference(word: string, { id, version, name, resources }: ObjectDefinition): string {
  const words = uniqueWords(resources.values());
  const texts = [...resources.values()].map((resource) => `  ${words.get(resource.id)}: '${textOf(resource)}',`);
  const comment = `/** ${name.replaceAll('*/', '* /')} (${id}) ${version} */`;
  return [
    comment,
    `export const ${word} = /* @__PURE__ */ objectReference(${id}, '${version}', {`,
    ...texts,
    '});',
  ].join('\n');
}

function textOf(resource: ResourceDefinition): string {
  const [id, flags, , , units = ''] = encodeResource(resource).split('\t');
  const text = units === '' ? `${id} ${flags}` : `${id} ${flags} ${units}`;
  return text.replaceAll(/['\\]/g, '\\$&');
}
