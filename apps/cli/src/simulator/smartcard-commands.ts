import type { JsonBootstrapConfiguration } from '@yaolian/contract';
import { Argument, type Command, Option } from 'commander';
import { type Cli, completeFiles, completeWith, onRun } from '../command.ts';
import { cliErrors } from '../errors.ts';
import { forceOption, readBytes, writeSecret } from '../files.ts';
import { addExamples } from '../help.ts';
import { addServerOptions, configurationOf, type ServerOptions } from '../platform/bootstrap-server-options.ts';
import { describeValues } from '../platform/node-view.ts';

/** Files in the place of smartcards that bootstrap terminals. */
export function registerSmartcardCommands(parent: Command, cli: Cli): void {
  const smartcard = parent
    .command('smartcard')
    .summary('write and show the bootstrap file of a smartcard')
    .description(
      'The file EF LwM2M_Bootstrap, from which a smartcard tells a terminal its servers (LwM2M Core, appendix G).',
    );
  addExamples(smartcard, [
    [
      'A card with one server, and a terminal that has it',
      'yaolian smartcard write card.bin --uri coap://127.0.0.1:5683',
    ],
    ['', 'yaolian terminal --smartcard card.bin'],
  ]);
  registerWrite(smartcard, cli);
  registerShow(smartcard, cli);
}

interface WriteOptions extends ServerOptions {
  readonly bootstrapServer?: boolean;
  readonly force?: boolean;
}

function registerWrite(smartcard: Command, cli: Cli): void {
  const command = smartcard
    .command('write')
    .summary('write such a file')
    .description(
      'Write the file of a smartcard with a server, or with all that a configuration in JSON has. It may hold keys: only you can read it.',
    )
    .addArgument(completeWith(new Argument('<card>', 'the file to write; - for standard output'), completeFiles));
  addServerOptions(command, { issue: false })
    .addOption(
      new Option('--bootstrap-server', 'the server of --uri is a Bootstrap-Server, not one to register with').conflicts(
        ['file', 'binding'],
      ),
    )
    .addOption(forceOption());
  addExamples(command, [
    [
      'A server that knows the terminal by a key',
      'yaolian smartcard write card.bin --uri coaps://192.0.2.1 --mode psk --psk-identity dev-1 --psk-key $KEY',
    ],
    ['A Bootstrap-Server', 'yaolian smartcard write card.bin --uri coap://192.0.2.1 --bootstrap-server'],
    ['Several servers', 'yaolian smartcard write card.bin --file servers.json'],
  ]);
  onRun<WriteOptions>(cli, command, async ({ args, options, host, printer }) => {
    const { smartcardFromJson } = await import('@yaolian/server');
    const configuration = await configurationOf(options, host, 'write what?');
    const content = smartcardFromJson(options.bootstrapServer ? leadingTo(configuration) : configuration);
    if (!content.ok) throw cliErrors.CLI_USAGE(`this is for no card: ${content.error}`);
    const file = args[0]!;
    if (file === '-') return await printer.raw(content.value);
    await writeSecret(file, content.value, options.force);
    await printer.note(`${content.value.length} bytes written to ${file}`);
  });
}

/** The same with its server in the place of the Bootstrap-Server. */
function leadingTo({ servers: [server] }: JsonBootstrapConfiguration): JsonBootstrapConfiguration {
  const { uri, security } = server!;
  return { servers: [], bootstrapServer: { uri, ...(security && { security }) } };
}

function registerShow(smartcard: Command, cli: Cli): void {
  const command = smartcard
    .command('show')
    .summary('show what such a file holds')
    .description('Show what the file of a smartcard holds. Keys are shown too.')
    .addArgument(completeWith(new Argument('<card>', 'the file; - for standard input'), completeFiles));
  addExamples(command, [['What a terminal will find', 'yaolian smartcard show card.bin']]);
  onRun(cli, command, async ({ args, host, printer }) => {
    const { smartcardToJson } = await import('@yaolian/server');
    const objects = smartcardToJson(args[0] === '-' ? await host.readStdin() : await readBytes(args[0]!));
    if (!objects.ok) throw cliErrors.CLI_USAGE(`this is no bootstrap file of a smartcard: ${objects.error}`);
    const values = objects.value.map((node) => ({ path: node.path, node }));
    await printer.result({ objects: objects.value }, () => describeValues(values, printer));
  });
}
