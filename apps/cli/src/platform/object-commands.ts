import { type JsonObjectDefinition, type JsonObjectSummary, routes } from '@yaolian/contract';
import { decodeUtf8 } from '@yaolian/kernel';
import { Argument, type Command, Option } from 'commander';
import { type Cli, completeFiles, completeWith } from '../command.ts';
import { cliErrors } from '../errors.ts';
import { readBytes } from '../files.ts';
import { addExamples } from '../help.ts';
import type { Printer } from '../output/printer.ts';
import type { Column } from '../output/table.ts';
import { collectPages, onPlatformRun } from './platform-command.ts';

export function registerObjectCommands(parent: Command, cli: Cli): void {
  const objects = parent
    .command('objects')
    .summary('look up and extend the object model')
    .description('The object model: what the resources of every known object are called, hold and allow.');
  addExamples(objects, [['What is in object 3?', 'yaolian objects show 3']]);
  registerList(objects, cli);
  registerShow(objects, cli);
  registerAdd(objects, cli);
  registerRemove(objects, cli);
}

const summaryColumns: readonly Column<JsonObjectSummary>[] = [
  { title: 'ID', value: (object) => object.id, align: 'right' },
  { title: 'VERSION', value: (object) => object.version },
  { title: 'NAME', value: (object) => object.name, shrinks: true },
  { title: 'SOURCE', value: (object) => object.source },
  { title: 'URN', value: (object) => object.urn, shrinks: true },
];

function registerList(objects: Command, cli: Cli): void {
  const command = objects
    .command('list')
    .alias('ls')
    .summary('list objects')
    .description('List every version of every object known.')
    .addOption(new Option('-s, --search <text>', 'only those with this in name or URN, in any case'));
  addExamples(command, [['What measures temperature?', 'yaolian objects list --search temperature']]);
  onPlatformRun<{ readonly search?: string }>(cli, command, async ({ client, options, printer, signal }) => {
    const filter = options.search === undefined ? {} : { search: options.search };
    const { items } = await collectPages(Number.MAX_SAFE_INTEGER, (page) =>
      client.call(routes.listObjects, { query: { ...filter, ...page }, signal }),
    );
    await printer.result({ items }, () =>
      items.length === 0 ? 'No objects.\n' : printer.table(items, summaryColumns),
    );
  });
}

function idArgument(text: string): number {
  if (/^\/?\d{1,5}$/.test(text) && Number(text.replace('/', '')) <= 65_535) return Number(text.replace('/', ''));
  throw cliErrors.CLI_USAGE(`an object id is a number from 0 to 65535, not "${text}"`);
}

function registerShow(objects: Command, cli: Cli): void {
  const command = objects
    .command('show')
    .summary('show an object with its resources')
    .description('Show an object with its resources: types, operations, units.')
    .addArgument(new Argument('<id>', 'object id').argParser(idArgument))
    .addOption(new Option('--of <version>', 'which version').default(undefined, 'the newest'));
  addExamples(command, [
    ['Device', 'yaolian objects show 3'],
    ['An older version', 'yaolian objects show 3 --of 1.0'],
  ]);
  onPlatformRun<{ readonly of?: string }>(cli, command, async ({ client, args, options, printer, signal }) => {
    const query = options.of === undefined ? {} : { version: options.of };
    const params = { id: args[0] as unknown as number };
    const object = await client.call(routes.showObject, { params, query, signal });
    await printer.result(object, () => describeObject(object, printer));
  });
}

type ObjectResource = JsonObjectDefinition['resources'][number];

const resourceColumns: readonly Column<ObjectResource>[] = [
  { title: 'ID', value: (resource) => resource.id, align: 'right' },
  { title: 'NAME', value: (resource) => resource.name, shrinks: true },
  { title: 'OPERATIONS', value: (resource) => resource.operations },
  { title: 'TYPE', value: ({ type }) => (type === 'none' ? undefined : type) },
  { title: 'INSTANCES', value: ({ multiple }) => (multiple ? 'many' : 'one') },
  { title: 'MANDATORY', value: ({ mandatory }) => (mandatory ? 'yes' : undefined) },
  { title: 'UNITS', value: (resource) => resource.units },
  { title: 'RANGE', value: (resource) => resource.range, shrinks: true },
];

function describeObject(object: JsonObjectDefinition, printer: Printer): string {
  const facts = printer.facts([
    ['Object', `${object.id} ${object.name}`],
    ['Version', `${object.version}${object.versions.length > 1 ? ` (of ${object.versions.join(', ')})` : ''}`],
    ['URN', object.urn],
    ['Instances', object.multiple ? 'many' : 'one'],
    ['Source', object.source],
  ]);
  const replaced = replacement(object, printer);
  return `${facts}\n${printer.table(object.resources, resourceColumns)}${replaced && `\n${replaced}`}`;
}

function registerAdd(objects: Command, cli: Cli): void {
  const command = objects
    .command('add')
    .summary('add an object by its definition file')
    .description('Add an object by its DDF XML file. It stands in for a definition with the same id and version.')
    .addArgument(completeWith(new Argument('<file>', 'the file; - is standard input'), completeFiles))
    .addOption(new Option('--dry-run', 'only check the file, and say what would change'));
  addExamples(command, [
    ['Add one', 'yaolian objects add 27000.xml'],
    ['Is it right, and what would it change?', 'yaolian objects add 27000.xml --dry-run'],
  ]);
  onPlatformRun<{ readonly dryRun?: true }>(cli, command, async ({ client, args, options, host, printer, signal }) => {
    const { dryRun = false } = options;
    const body = decodeUtf8(args[0] === '-' ? await host.readStdin() : await readBytes(args[0]!));
    if (body === undefined) throw cliErrors.CLI_USAGE(`${args[0]} is not UTF-8 text; a definition is an XML file`);
    const query = dryRun ? { dryRun } : {};
    const object = await client.call(routes.addObject, { body, query, signal });
    await printer.result(object, () => {
      const named = `Object ${object.id} ${object.name} ${object.version}`;
      const found = dryRun
        ? `${named} would be known: the file is right. Nothing was added.`
        : `${named} is known now.`;
      return `${found}\n${replacement(object, printer, dryRun)}`;
    });
  });
}

interface Difference {
  readonly resource: number;
  readonly was: string;
  readonly is: string;
}

const differenceColumns: readonly Column<Difference>[] = [
  { title: 'RESOURCE', value: (one) => one.resource, align: 'right' },
  { title: 'REGISTRY', value: (one) => one.was, shrinks: true },
  { title: 'NOW', value: (one) => one.is, shrinks: true },
];

/** What a definition changes that stands in for one of the registry. */
function replacement({ id, version, replaces }: JsonObjectDefinition, printer: Printer, isDryRun = false): string {
  if (replaces === undefined) return '';
  const { name, differences } = replaces;
  const back = `yaolian objects remove ${id} ${version} brings that back`;
  const stands = isDryRun
    ? `It would stand in for ${name} of the registry.\n`
    : `It stands in for ${name} of the registry; ${back}.\n`;
  if (differences.length === 0) return `${stands}Its resources are the same.\n`;
  return `${stands}Values already recorded stay as they are; requests and new values go by what is different:\n\n${printer.table(differences, differenceColumns)}`;
}

function registerRemove(objects: Command, cli: Cli): void {
  const command = objects
    .command('remove')
    .alias('rm')
    .summary('remove an object that was added')
    .description('Remove an object definition that was added. Those of the registry stay.')
    .addArgument(new Argument('<id>', 'object id').argParser(idArgument))
    .addArgument(new Argument('<version>', 'its version'));
  addExamples(command, [['Remove one', 'yaolian objects remove 27000 1.0']]);
  onPlatformRun(cli, command, async ({ client, args, printer, signal }) => {
    const id = args[0] as unknown as number;
    await client.call(routes.removeObject, { params: { id }, query: { version: args[1]! }, signal });
    await printer.result({ removed: { id, version: args[1] } }, () => `Object ${id} ${args[1]} is removed.\n`);
  });
}
