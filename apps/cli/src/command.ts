import type { Argument, Command, Option } from 'commander';
import type { Host } from './host.ts';
import { Printer } from './output/printer.ts';

/** What every command file gets to register its commands with. */
export interface Cli {
  readonly host: Host;
  readonly version: string;
  /** Set by a command that does not fail and yet ends with something else than 0. */
  exitCode: number;
}

/** One run of one command. */
export interface CommandRun<O> {
  readonly host: Host;
  readonly printer: Printer;
  /** Aborts when the user presses Ctrl-C. */
  readonly signal: AbortSignal;
  /** The positional arguments in the order of the usage line; undefined where an optional one is absent. */
  readonly args: readonly (string | undefined)[];
  readonly options: O;
}

/** Makes `body` what `command` does. */
export function onRun<O>(cli: Cli, command: Command, body: (run: CommandRun<O>) => Promise<void>): Command {
  return command.action(async () => {
    const options = command.optsWithGlobals<O & { readonly json?: boolean }>();
    await body({
      host: cli.host,
      printer: new Printer(cli.host, options.json === true),
      signal: cli.host.signal,
      args: command.processedArgs as (string | undefined)[],
      options,
    });
  });
}

export interface Candidate {
  readonly value: string;
  readonly description?: string;
}

/** What can stand in the place that is being typed. `'files'`: names of files. */
export type Completer = (typed: string) => 'files' | readonly Candidate[] | Promise<readonly Candidate[]>;

const completers = new WeakMap<Argument | Option | Command, Completer>();

/** Says how an argument, an option's value or the flags of a command are completed. Choices complete themselves. */
export function completeWith<T extends Argument | Option | Command>(place: T, completer: Completer): T {
  completers.set(place, completer);
  return place;
}

export function completerOf(place: Argument | Option | Command): Completer | undefined {
  const completer = completers.get(place);
  if (completer) return completer;
  const { argChoices } = place as { readonly argChoices?: readonly string[] };
  return argChoices && (() => argChoices.map((value) => ({ value })));
}

export const completeFiles: Completer = () => 'files';

export function completeFrom(candidates: readonly Candidate[]): Completer {
  return () => candidates;
}
