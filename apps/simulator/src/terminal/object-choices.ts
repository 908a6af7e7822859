import {
  combineModels,
  type ObjectDefinition,
  type ObjectTable,
  objectTable,
  omaObjects,
  parseObjectDefinitions,
} from '@yaolian/lwm2m-objects';
import { simulatorErrors } from '../errors.ts';

/** An object that a terminal is to have. */
export interface ObjectChoice {
  readonly definition: ObjectDefinition;
  /** The version was said, not chosen for the terminal's release. */
  readonly exact: boolean;
  readonly instances: number;
}

/** Objects that every terminal has, or has of its bootstrap. */
const ownObjects: ReadonlySet<number> = new Set([0, 1, 2]);

/** More make a Register larger than servers take. */
const maximumInstances = 64;
const maximumObjects = 64;

/** A file that defines objects (DDF, the XML of OMA's editor). */
export interface DefinitionFile {
  readonly name: string;
  readonly xml: string;
}

/**
 * Reads `3,4,3303x2,3311@1.0`: numbers of objects in OMA's registry or in `files`, with how many instances, or which version.
 *
 * choice = id [ "@" version ] [ "x" count ]
 *
 * @throws YaolianError SIMULATOR_BAD_OPTION
 */
export function parseObjectChoices(text: string, files: readonly DefinitionFile[] = []): readonly ObjectChoice[] {
  const own = files.flatMap(definitionsIn);
  const model = combineModels(objectTable(own), omaObjects);
  const choices = text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => parseChoice(part, model));
  const ids = choices.map(({ definition }) => definition.id);
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) bad(`object ${twice} is there twice; write ${twice}x2 for two instances`);
  if (choices.length === 0) bad('name at least one object, such as 3,4,3303');
  if (choices.length > maximumObjects) bad(`at most ${maximumObjects} objects`);
  const unused = own.find(({ id }) => !ids.includes(id));
  if (unused) bad(`${unused.name} (${unused.id}) of --definition is not among them; add ${unused.id}`);
  return choices;
}

/**
 * What the options of a terminal choose; undefined where they leave it to the default.
 * @throws YaolianError SIMULATOR_BAD_OPTION
 */
export function choicesOf(options: {
  readonly objects?: string;
  readonly definitions?: readonly DefinitionFile[];
}): readonly ObjectChoice[] | undefined {
  const { objects, definitions = [] } = options;
  if (objects !== undefined) return parseObjectChoices(objects, definitions);
  if (definitions.length === 0) return undefined;
  throw simulatorErrors.SIMULATOR_BAD_OPTION(
    '--definition',
    'it goes with --objects, which says what the terminal has',
  );
}

function definitionsIn({ name, xml }: DefinitionFile): readonly ObjectDefinition[] {
  const parsed = parseObjectDefinitions(xml);
  if (parsed.ok) return parsed.value;
  throw simulatorErrors.SIMULATOR_BAD_OPTION('--definition', `${name}: ${parsed.error.message}`);
}

function parseChoice(text: string, model: ObjectTable): ObjectChoice {
  const match = /^(\d{1,5})(?:@(\d+\.\d+))?(?:x(\d{1,3}))?$/.exec(text);
  if (!match) bad(`"${text}" is no object; write its number, 3303, with a version, 3303@1.0, or a count, 3303x2`);
  const [, idText, version, count = '1'] = match!;
  const id = Number(idText);
  if (ownObjects.has(id)) bad(`object ${id} is the terminal's own; leave it out`);
  const definition = model.object(id, version);
  if (!definition) bad(`OMA's registry has no object ${id}; see yaolian objects, or give its --definition`);
  if (version !== undefined && definition!.version !== version) bad(unknownVersion(id, version, model));
  return { definition: definition!, exact: version !== undefined, instances: countOf(definition!, Number(count)) };
}

function unknownVersion(id: number, version: string, model: ObjectTable): string {
  const { name, versions } = [...model.objects()].find((object) => object.id === id)!;
  return `${name} (${id}) has no version ${version}; it has ${versions.join(', ')}`;
}

function countOf({ id, name, multiple }: ObjectDefinition, count: number): number {
  if (count < 1 || count > maximumInstances) bad(`${id}x${count}: 1 to ${maximumInstances} instances`);
  if (count > 1 && !multiple) bad(`${name} (${id}) has one instance only`);
  return count;
}

function bad(reason: string): void {
  throw simulatorErrors.SIMULATOR_BAD_OPTION('--objects', reason);
}
