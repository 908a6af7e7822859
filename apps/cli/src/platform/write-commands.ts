import {
  type ApiClient,
  ApiProblemError,
  type JsonObjectDefinition,
  type JsonWriteBody,
  resourceTypes,
  routes,
} from '@yaolian/contract';
import { decodeUtf8 } from '@yaolian/kernel';
import { Argument, type Command, Option } from 'commander';
import { type Cli, completeFiles, completeWith } from '../command.ts';
import { cliErrors } from '../errors.ts';
import { readBytes } from '../files.ts';
import { addExamples, addSection } from '../help.ts';
import { printable } from '../output/display-width.ts';
import { integerOption } from '../parsers.ts';
import { type FormatOptions, formatOption, formatQuery, packFormatQuery } from './formats.ts';
import { describeCoapCode } from './node-view.ts';
import {
  type AskOptions,
  addAskOptions,
  askQuery,
  devicePlace,
  idsIn,
  pathArgument,
  pathPlace,
  prefixIn,
} from './places.ts';
import { onPlatformRun, type PlatformRun } from './platform-command.ts';
import { fileBody, type KnownObject, type ResourceTypeName, resourcesFrom, writeBody } from './value-syntax.ts';

interface WriteOptions extends FormatOptions {
  readonly update?: boolean;
  readonly type?: ResourceTypeName;
  readonly file?: string;
}

interface CreateOptions extends FormatOptions {
  readonly instance?: number;
  readonly file?: string;
}

const valueHelp = `  The object model tells the type: 300, 21.5, true, any text; 2026-01-31T08:15:30Z,
  seconds since 1970 or "now" for a time; 3:0 for an object link; 0x0a0b, base64:Cgs=
  or --file for bytes. What has parts takes id=value pairs or one JSON object:
  1=300 7=U, '{"1":300,"7":"U"}', instances of a resource as 6/0=1 6/1=2 or
  '{"6":{"0":1,"1":2}}'. In JSON bytes are base64 alone and times 2026-01-31T08:15:30Z, as in REST.`;

export function registerWriteCommands(parent: Command, cli: Cli): void {
  registerWrite(parent, cli);
  registerWriteComposite(parent, cli);
  registerCreate(parent, cli);
  registerDelete(parent, cli);
  registerExecute(parent, cli);
}

function valuesPlace(flags: string): Argument {
  return new Argument(flags, 'a value, id=value pairs, or one JSON object; - reads it from standard input');
}

function fileOption(description: string): Option {
  return completeWith(new Option('-f, --file <file>', description), completeFiles);
}

function registerWrite(parent: Command, cli: Cli): void {
  const command = parent
    .command('write')
    .summary('write a resource or an instance')
    .description('Write a resource, a resource instance, or the resources of an instance.')
    .addArgument(devicePlace(cli))
    .addArgument(pathPlace('where: /object/instance[/resource[/resource instance]]'))
    .addArgument(valuesPlace('[values...]'))
    .addOption(new Option('-u, --update', 'change only what is given, instead of replacing the whole'))
    .addOption(fileOption('the value from a file: bytes as they are, or text'))
    .addOption(
      // `none` is the type of what is executed.
      new Option('--type <type>', 'type of a resource that the object model does not know').choices(
        resourceTypes.filter((type) => type !== 'none'),
      ),
    )
    .addOption(formatOption());
  addAskOptions(command);
  addSection(command, 'Values:', valueHelp);
  addExamples(command, [
    ['The lifetime', 'yaolian write urn:imei:861111003929110 /1/0/1 300'],
    ['The time of the device', 'yaolian write urn:imei:861111003929110 /3/0/13 now'],
    ['Two resources, the others stay', 'yaolian write --update urn:imei:861111003929110 /1/0 1=300 7=U'],
    ['A certificate', 'yaolian write urn:imei:861111003929110 /0/1/4 --file server.der'],
  ]);
  onPlatformRun<WriteOptions>(cli, command, write);
}

async function write(run: PlatformRun<WriteOptions>): Promise<void> {
  const { client, args, options, printer, signal } = run;
  const path = pathArgument(args[1]!);
  const body = await bodyOf(run, path);
  const input = { params: { device: args[0]!, path }, query: formatQuery(options), body, signal };
  const answer = await client.call(options.update ? routes.updateResource : routes.writeResource, input);
  await printer.result(answer, ({ coapCode }) => `${describeCoapCode(coapCode)}\n`);
}

async function bodyOf(run: PlatformRun<WriteOptions>, path: string): Promise<JsonWriteBody> {
  const { client, options, signal } = run;
  const words = await wordsOf(run, 2);
  if (options.file !== undefined && words.length > 0) {
    throw cliErrors.CLI_USAGE('the value is given twice; leave out the argument or --file');
  }
  if (options.file === undefined && words.length === 0) {
    throw cliErrors.CLI_USAGE(`write what? Give a value, as in: yaolian write ${run.args[0]} ${path} 300`);
  }
  const known: KnownObject = { definition: await definitionOf(client, path, signal), type: options.type };
  return options.file === undefined
    ? writeBody(path, words, known, Date.now())
    : fileBody(path, await readBytes(options.file), known);
}

/** The words of a variadic argument; `-` alone stands for what is on standard input. */
async function wordsOf({ args, host }: PlatformRun<unknown>, position: number): Promise<readonly string[]> {
  const words = (args[position] as unknown as readonly string[] | undefined) ?? [];
  if (words.length !== 1 || words[0] !== '-') return words;
  const text = decodeUtf8(await host.readStdin());
  if (text === undefined) throw cliErrors.CLI_USAGE('standard input is not UTF-8 text; use --file for bytes');
  return [text.replace(/\r?\n$/, '')];
}

/** The object of `path` as the platform knows it. */
async function definitionOf(
  client: ApiClient,
  path: string,
  signal: AbortSignal,
): Promise<JsonObjectDefinition | undefined> {
  const id = Number(idsIn(path)[0]);
  try {
    return await client.call(routes.showObject, { params: { id }, signal });
  } catch (error) {
    if (error instanceof ApiProblemError && error.problem.code === 'not-found') return undefined;
    throw error;
  }
}

function registerWriteComposite(parent: Command, cli: Cli): void {
  const command = parent
    .command('write-composite')
    .summary('write several resources at once: all of them, or none')
    .description('Write resources anywhere on a device with one request. The device does all of it, or nothing.')
    .addArgument(devicePlace(cli))
    .addArgument(new Argument('<writes...>', 'path=value, as in /1/0/1=300; path= alone removes a resource instance'))
    .addOption(formatOption());
  addAskOptions(command);
  addSection(command, 'Values:', valueHelp);
  addExamples(command, [
    ['Lifetime and time zone', 'yaolian write-composite urn:imei:861111003929110 /1/0/1=300 /3/0/15=Asia/Shanghai'],
  ]);
  onPlatformRun<FormatOptions>(cli, command, writeComposite);
}

async function writeComposite(run: PlatformRun<FormatOptions>): Promise<void> {
  const { client, args, options, printer, signal } = run;
  const writes = [];
  for (const text of args[1] as unknown as readonly string[]) {
    const equals = text.indexOf('=');
    if (equals < 0) throw cliErrors.CLI_USAGE(`"${text}" says no value; write it as in /1/0/1=300`);
    const path = pathArgument(text.slice(0, equals));
    const value = text.slice(equals + 1);
    if (value === '' && idsIn(path).length === 4) {
      writes.push({ path, removed: true as const });
      continue;
    }
    const known: KnownObject = { definition: await definitionOf(client, path, signal), type: undefined };
    writes.push({ path, ...writeBody(path, [value], known, Date.now()) });
  }
  const params = { device: args[0]! };
  const answer = await client.call(routes.writeComposite, {
    params,
    query: packFormatQuery(options),
    body: { writes },
    signal,
  });
  await printer.result(answer, ({ coapCode }) => `${describeCoapCode(coapCode)}\n`);
}

function registerCreate(parent: Command, cli: Cli): void {
  const command = parent
    .command('create')
    .summary('create an object instance')
    .description('Create an instance of an object on a device.')
    .addArgument(devicePlace(cli))
    .addArgument(pathPlace('the object, as in /3303; or the instance, as in /3303/1'))
    .addArgument(valuesPlace('[values...]'))
    .addOption(
      new Option('--instance <id>', 'id of the new instance')
        .argParser(integerOption('an instance id', 0, 65_534))
        .default(undefined, 'the device chooses'),
    )
    .addOption(formatOption());
  addAskOptions(command);
  addSection(command, 'Values:', valueHelp);
  addExamples(command, [
    ['Let the device choose the id', 'yaolian create urn:imei:861111003929110 /3303 5700=21.5 5701=Cel'],
    ['Instance 1, from JSON', `yaolian create urn:imei:861111003929110 /3303/1 '{"5700":21.5}'`],
  ]);
  onPlatformRun<CreateOptions>(cli, command, create);
}

async function create(run: PlatformRun<CreateOptions>): Promise<void> {
  const { client, args, options, printer, signal } = run;
  const place = pathArgument(args[1]!);
  const [object, instance, ...more] = idsIn(place);
  if (object === undefined || more.length > 0) {
    throw cliErrors.CLI_USAGE(
      `${args[1]} is no object; write it as in /3303, or with the id of the instance as in /3303/1`,
    );
  }
  const instanceId = options.instance ?? (instance === undefined ? undefined : Number(instance));
  const path = `${prefixIn(place)}/${object}`;
  const known: KnownObject = { definition: await definitionOf(client, path, signal), type: undefined };
  const resources = resourcesFrom(await wordsOf(run, 2), known, Date.now());
  const body = { resources, ...(instanceId === undefined ? {} : { instanceId }) };
  const params = { device: args[0]!, path };
  const answer = await client.call(routes.createInstance, { params, query: formatQuery(options), body, signal });
  await printer.result(answer, ({ coapCode, path }) => {
    const where = path ?? (instanceId === undefined ? undefined : `/${object}/${instanceId}`);
    return `${describeCoapCode(coapCode)}${where === undefined ? '' : ` ${printable(where)}`}\n`;
  });
}

function registerDelete(parent: Command, cli: Cli): void {
  const command = parent
    .command('delete')
    .summary('delete an object instance')
    .description('Delete an object instance of a device.')
    .addArgument(devicePlace(cli))
    .addArgument(pathPlace('the instance, as in /3303/1'));
  addAskOptions(command);
  addExamples(command, [['Delete an instance', 'yaolian delete urn:imei:861111003929110 /3303/1']]);
  onPlatformRun<AskOptions>(cli, command, async ({ client, args, options, printer, signal }) => {
    const params = { device: args[0]!, path: pathArgument(args[1]!) };
    const answer = await client.call(routes.deleteInstance, { params, query: askQuery(options), signal });
    await printer.result(answer, ({ coapCode }) => `${describeCoapCode(coapCode)}\n`);
  });
}

function registerExecute(parent: Command, cli: Cli): void {
  const command = parent
    .command('execute')
    .summary('execute a resource')
    .description('Execute a resource of a device, with or without arguments.')
    .addArgument(devicePlace(cli))
    .addArgument(pathPlace('the resource, as in /3/0/4'))
    .addArgument(
      new Argument('[arguments]', `as LwM2M writes them: 0 to 9, each with an optional value, as in 0='a',1`),
    );
  addAskOptions(command);
  addExamples(command, [
    ['Reboot', 'yaolian execute urn:imei:861111003929110 /3/0/4'],
    ['With arguments', `yaolian execute urn:imei:861111003929110 /5/0/2 "0='now',1"`],
  ]);
  onPlatformRun<AskOptions>(cli, command, async ({ client, args, options, printer, signal }) => {
    const params = { device: args[0]!, path: pathArgument(args[1]!) };
    const body = args[2] === undefined ? {} : { body: { arguments: args[2] } };
    const input = { params, query: askQuery(options), signal, ...body };
    const answer = await client.call(routes.executeResource, input);
    await printer.result(answer, ({ coapCode }) => `${describeCoapCode(coapCode)}\n`);
  });
}
