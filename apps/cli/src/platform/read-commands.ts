import { type JsonNode, routes } from '@yaolian/contract';
import { decodeBase64 } from '@yaolian/kernel';
import { type Command, Option } from 'commander';
import { type Cli, completeFiles, completeWith } from '../command.ts';
import { cliErrors } from '../errors.ts';
import { writeBytes } from '../files.ts';
import { addExamples } from '../help.ts';
import { integerOption } from '../parsers.ts';
import { type FormatOptions, formatOption, formatQuery, packFormatQuery } from './formats.ts';
import { describeNode, describeValues } from './node-view.ts';
import {
  type AskOptions,
  addAskOptions,
  askQuery,
  devicePlace,
  pathArgument,
  pathArguments,
  pathPlace,
} from './places.ts';
import { onPlatformRun, type PlatformRun } from './platform-command.ts';
import { linkColumns } from './state-view.ts';

interface DiscoverOptions extends AskOptions {
  readonly depth?: number;
}

interface ReadOptions extends FormatOptions {
  readonly output?: string;
}

export function registerReadCommands(parent: Command, cli: Cli): void {
  const read = parent
    .command('read')
    .summary('read an object, instance or resource')
    .description(
      'Read an object, an instance, a resource or a resource instance of a device; or several of them with one request.',
    )
    .addArgument(devicePlace(cli))
    .addArgument(pathPlace('what to read: /object[/instance[/resource[/resource instance]]]', '<path...>'))
    .addOption(formatOption())
    .addOption(
      completeWith(
        new Option('-o, --output <file>', 'write an opaque value to a file, as it is; - is standard output'),
        completeFiles,
      ),
    );
  addAskOptions(read);
  addExamples(read, [
    ['The manufacturer', 'yaolian read urn:imei:861111003929110 /3/0/0'],
    ['Everything about the device', 'yaolian read urn:imei:861111003929110 /3/0'],
    ['Several at once', 'yaolian read urn:imei:861111003929110 /3/0/9 /3303/0/5700'],
    ['One value for a script', 'yaolian read urn:imei:861111003929110 /3/0/9 --json | jq .node.value'],
  ]);
  onPlatformRun<ReadOptions>(cli, read, readNode);

  const discover = parent
    .command('discover')
    .summary('discover what a device has, and its attributes')
    .description('Ask a device for its instances and resources below a path, and for the attributes set on them.')
    .addArgument(devicePlace(cli))
    .addArgument(pathPlace('where: /object[/instance[/resource]]'))
    .addOption(
      new Option('--depth <levels>', 'levels below the path; for devices of LwM2M 1.2').argParser(
        integerOption('a depth', 0, 3),
      ),
    );
  addAskOptions(discover);
  addExamples(discover, [
    ['What object 3 has', 'yaolian discover urn:imei:861111003929110 /3'],
    ['The attributes of one resource', 'yaolian discover urn:imei:861111003929110 /3303/0/5700'],
  ]);
  onPlatformRun<DiscoverOptions>(cli, discover, async ({ client, args, options, printer, signal }) => {
    const params = { device: args[0]!, path: pathArgument(args[1]!) };
    const answer = await client.call(routes.discoverResources, {
      params,
      query: { ...(options.depth === undefined ? {} : { depth: options.depth }), ...askQuery(options) },
      signal,
    });
    await printer.result(answer, ({ links }) =>
      links.length === 0 ? 'Nothing there.\n' : printer.table(links, linkColumns),
    );
  });
}

async function readNode(run: PlatformRun<ReadOptions>): Promise<void> {
  const { client, args, options, printer, signal } = run;
  const paths = pathArguments(args[1]);
  if (paths.length > 1) return readSeveral(run, paths);
  const params = { device: args[0]!, path: paths[0]! };
  const answer = await client.call(routes.readResource, { params, query: formatQuery(options), signal });
  if (options.output === undefined) return await printer.result(answer, ({ node }) => describeNode(node, printer));
  const bytes = opaqueValue(answer.node);
  if (!bytes) throw cliErrors.CLI_USAGE(`${params.path} is not an opaque value; read it without --output`);
  await writeBytes(printer, options.output, bytes);
}

async function readSeveral(
  { client, args, options, printer, signal }: PlatformRun<ReadOptions>,
  paths: readonly string[],
): Promise<void> {
  if (options.output !== undefined) throw cliErrors.CLI_USAGE('--output is for one value; read one path');
  const params = { device: args[0]! };
  const query = packFormatQuery(options);
  const answer = await client.call(routes.readComposite, { params, query, body: { paths: [...paths] }, signal });
  await printer.result(answer, ({ values }) => describeValues(values, printer));
}

function opaqueValue(node: JsonNode): Uint8Array | undefined {
  const isValue = node.kind === 'resource' || node.kind === 'resource-instance';
  return isValue && node.type === 'opaque' ? decodeBase64(String(node.value)) : undefined;
}
