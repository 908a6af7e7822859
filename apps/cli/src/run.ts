import { readFileSync } from 'node:fs';
import { ApiProblemError } from '@yaolian/contract';
import { hasCode } from '@yaolian/kernel';
import { type Command, CommanderError } from 'commander';
import type { Cli } from './command.ts';
import { ExitCode, exitCodeOf, isForeseen } from './errors.ts';
import type { Host } from './host.ts';
import { printable } from './output/display-width.ts';
import { problemSentence } from './platform/problem-sentence.ts';
import { createProgram } from './program.ts';

function ownVersion(): string {
  const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string };
  return manifest.version;
}

/**
 * Runs one command line.
 * @param args without the program's own name
 * @returns the exit code; whatever went wrong has been said on `host.stderr`
 */
export async function run(args: readonly string[], host: Host): Promise<number> {
  const cli: Cli = { host, version: ownVersion(), exitCode: ExitCode.Ok };
  const program = createProgram(cli);
  try {
    await program.parseAsync(globalOptionsFirst(args), { from: 'user' });
    return cli.exitCode;
  } catch (error) {
    if (host.signal.aborted || hasCode(error, 'CLI_INTERRUPTED')) return ExitCode.Interrupted;
    if (error instanceof CommanderError) return await explainUsage(program, args, error, host);
    await host.stderr.write(`yaolian: ${printable(sentenceOf(error))}\n`);
    if (!isForeseen(error) && error instanceof Error) await host.stderr.write(`${error.stack}\n`);
    return exitCodeOf(error);
  }
}

/** `--json` counts wherever it stands, as long as it is before `--`. */
function globalOptionsFirst(args: readonly string[]): string[] {
  const end = args.indexOf('--');
  const options = end < 0 ? args : args.slice(0, end);
  const rest = args.filter((arg, index) => arg !== '--json' || (end >= 0 && index > end));
  return options.includes('--json') ? ['--json', ...rest] : [...args];
}

function sentenceOf(error: unknown): string {
  if (error instanceof ApiProblemError) return problemSentence(error.problem);
  return error instanceof Error ? error.message : String(error);
}

async function explainUsage(
  program: Command,
  args: readonly string[],
  error: CommanderError,
  host: Host,
): Promise<ExitCode> {
  if (error.exitCode === 0) return ExitCode.Ok;
  const path = commandPath(program, args);
  // `yaolian devices` without a subcommand: commander has shown the help.
  if (error.code === 'commander.help') return ExitCode.Usage;
  const [first, ...more] = error.message
    .replace(/^error: /, '')
    .replace(
      /^option '(\S+)[^']*' argument '(.*)' is invalid\. Allowed choices are (.*)\.$/s,
      '$1 is one of $3, not "$2"',
    )
    .replace(
      /^command-argument value '(.*)' is invalid for argument '(.*)'\. Allowed choices are (.*)\.$/s,
      '$2 is one of $3, not "$1"',
    )
    .split('\n');
  const hint = more
    .join(' ')
    .replace(/^\((.*)\)$/, '; $1')
    .replace('Did you mean', 'did you mean');
  await host.stderr.write(`yaolian: ${printable(first! + hint)} (see ${path} --help)\n`);
  return ExitCode.Usage;
}

/** `yaolian coap get` for the command that `args` name. */
function commandPath(program: Command, args: readonly string[]): string {
  let command = program;
  const names = [program.name()];
  for (const arg of args) {
    if (arg.startsWith('-') || arg === 'help') continue;
    const next = command.commands.find((candidate) => candidate.name() === arg || candidate.aliases().includes(arg));
    if (!next) break;
    command = next;
    names.push(next.name());
  }
  return names.join(' ');
}
