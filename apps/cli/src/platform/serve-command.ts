import type { Command } from 'commander';
import { type Candidate, type Cli, completeWith } from '../command.ts';

/** The platform itself, in this process. Its flags are read by the platform, which knows them all. */
export function registerServeCommand(parent: Command, cli: Cli): void {
  const { host } = cli;
  const command = parent
    .command('serve')
    .usage('[flags]')
    .summary('run the platform')
    .description('Run the platform in this process, until Ctrl-C. "yaolian serve --help" lists its settings.')
    .helpOption(false)
    .allowUnknownOption()
    .allowExcessArguments()
    .action(async () => {
      // Loaded only now: no other command needs the platform's code.
      const { serve } = await import('@yaolian/server');
      const { json } = command.optsWithGlobals<{ readonly json?: boolean }>();
      const flags = command.args.map((flag) => (flag === '-h' ? '--help' : flag));
      // `| tee`, and Ctrl-C, which ends it too: the platform still stops in order.
      host.outliveReaders();
      const written = (writing: Promise<void>) => void writing.catch(() => {}); // there is nowhere to say it
      cli.exitCode = await serve({
        args: json ? [...flags, '--log-format', 'json'] : flags,
        environment: host.environment,
        program: 'yaolian serve',
        print: (text) => written(host.stdout.write(flags.includes('--help') ? text + exitCodes : text)),
        complain: (text) => written(host.stderr.write(text)),
      });
    });
  completeWith(command, completeFlags);
}

/** The platform's own; they fit those of the other commands. */
const exitCodes = `
Exit codes
  0 stopped, 1 it failed, 2 wrong usage, 3 it could not start
`;

async function completeFlags(): Promise<readonly Candidate[]> {
  const { defaultConfig } = await import('@yaolian/server');
  return Object.keys(defaultConfig()).map((name) => ({ value: `--${name.replaceAll('.', '-')}` }));
}
