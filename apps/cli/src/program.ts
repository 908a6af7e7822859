import { Command, Option } from 'commander';
import { registerCoapCommands } from './coap/commands.ts';
import type { Cli } from './command.ts';
import { registerCompletionCommands } from './completion/commands.ts';
import { registerConformanceCommands } from './conformance/commands.ts';
import { addExamples, addHelpCommands, addSection, environmentHelp, exitCodeHelp, styleHelp } from './help.ts';
import { painterFor } from './output/paint.ts';
import { refuseRepeats } from './parsers.ts';
import { registerPlatformCommands } from './platform/commands.ts';
import { registerRaCommands } from './ra/commands.ts';
import { registerSimulatorCommands } from './simulator/commands.ts';
import { registerXmppCommands } from './xmpp/commands.ts';

/** The whole command line, ready to parse. */
export function createProgram(cli: Cli): Command {
  const { host } = cli;
  const program = new Command('yaolian')
    .description('Reach and look after devices: the platform, its devices, and any CoAP server.')
    .version(cli.version, '-V, --version', 'show the version')
    .helpOption('-h, --help', 'show help')
    .addOption(new Option('--json', 'results as JSON, one value a line'))
    // What comes after a command is the command's: `firmware upload --version 1.2` does not ask for ours.
    .enablePositionalOptions()
    .exitOverride()
    .showSuggestionAfterError(true)
    // Output that commander writes on its way out is short: nobody needs to wait for it.
    .configureOutput({
      writeOut: (text) => void host.stdout.write(text),
      writeErr: (text) => void host.stderr.write(text),
      outputError: () => {},
      getOutHelpWidth: () => host.stdout.columns ?? 100,
      getErrHelpWidth: () => host.stderr.columns ?? 100,
      getOutHasColors: () => true,
      getErrHasColors: () => true,
    });
  styleHelp(program, painterFor(host.stdout, host.environment));
  program.addHelpText('afterAll', exitCodeHelp);
  registerPlatformCommands(program, cli);
  program.commandsGroup('Remote Access:');
  registerRaCommands(program, cli);
  program.commandsGroup('Tools:');
  registerSimulatorCommands(program, cli);
  registerCoapCommands(program, cli);
  registerXmppCommands(program, cli);
  registerConformanceCommands(program, cli);
  registerCompletionCommands(program, cli);
  addHelpCommands(program);
  refuseRepeats(program);
  addExamples(program, [
    ['Start a platform here, log in, see who is there', 'yaolian serve'],
    ['', 'yaolian login'],
    ['', 'yaolian devices list'],
    ['Read the manufacturer of a device, follow its battery level', 'yaolian read urn:imei:861111003929110 /3/0/0'],
    ['', 'yaolian observe urn:imei:861111003929110 /3/0/9'],
    ['Ask any CoAP server what it has', 'yaolian coap discover coap://192.0.2.7'],
  ]);
  addSection(program, 'Environment:', environmentHelp);
  return program;
}
