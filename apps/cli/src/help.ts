import type { Argument, Command } from 'commander';
import { exitCodeMeanings } from './errors.ts';
import { displayWidth } from './output/display-width.ts';
import type { Painter } from './output/paint.ts';

/** A line to try, with what it does; without a description it goes with the one before. */
export type Example = readonly [description: string, line: string];

/** Adds examples to the help of `command`: every command has some. */
export function addExamples(command: Command, examples: readonly Example[]): Command {
  return addSection(command, 'Examples:', exampleLines(examples));
}

/** Adds a section below the options: `body` comes indented. */
export function addSection(command: Command, title: string, body: string): Command {
  return command.addHelpText('after', () => sectionText(command, title, body));
}

function exampleLines(examples: readonly Example[]): string {
  return examples
    .map(([description, line]) => `${description === '' ? '' : `  # ${description}\n`}  ${line}`)
    .join('\n');
}

function sectionText(command: Command, title: string, body: string): string {
  return `\n${command.createHelp().styleTitle(title)}\n${body}`;
}

/** `help` in `program` and in each command that has commands: `help devices list` is `devices list --help`. */
export function addHelpCommands(program: Command): void {
  for (const child of program.commands) if (child.commands.length > 0) addHelpCommands(child);
  // commander's own looks at one word, and shows the help of `devices` whatever comes after it.
  program.helpCommand(false);
  program
    .command('help [command...]')
    .description('show help for a command')
    .helpOption(false)
    .action(async (words: readonly string[]) => {
      let command = program;
      for (const [index, word] of words.entries()) {
        const next = command.commands.find((child) => child.name() === word);
        if (!next && command.commands.length === 0) program.error(`error: '${command.name()}' has no commands`);
        // It says that there is no such command, and which is meant.
        if (!next) return void (await program.parseAsync(words.slice(0, index + 1), { from: 'user' }));
        command = next;
      }
      // As an option where a command has one: `serve` has a help of its own.
      await program.parseAsync([...words, '--help'], { from: 'user' });
    });
}

/** The whole list in the help of `yaolian`, two lines in the help of its commands. */
export function exitCodeHelp({ command }: { readonly command: Command }): string {
  const short = exitCodeMeanings.map(([code, meaning]) => `${code} ${meaning}`);
  const body = command.parent
    ? `  ${short.slice(0, 3).join(', ')},\n  ${short.slice(3).join(', ')}`
    : exitCodeMeanings.map(([code, meaning]) => `  ${String(code).padEnd(5)}${meaning}`).join('\n');
  return sectionText(command, 'Exit codes:', body);
}

export const environmentHelp = `  YAOLIAN_URL     the platform, instead of the one of the last login
  YAOLIAN_TOKEN   an API token, instead of the one of the last login
  YAOLIAN_CA      certificates to trust, instead of those of the last login (a file, PEM)
  YAOLIAN_RA_USER, YAOLIAN_RA_PASSWORD, YAOLIAN_RA_SERVER, YAOLIAN_RA_CA
                  who you are to "yaolian ra", instead of its options
  NO_COLOR        when set, no colours`;

/** How help looks: titles stand out, global options are shown everywhere. */
export function styleHelp(program: Command, paint: Painter): void {
  program.configureHelp({
    showGlobalOptions: true,
    // Those that say something about the command at hand.
    visibleGlobalOptions: (command) => (command.parent ? program.options.filter(({ long }) => long === '--json') : []),
    subcommandTerm: (command) =>
      [command.name(), ...command.registeredArguments.map((argument) => placeText(argument))].join(' '),
    displayWidth,
    styleTitle: (title) => paint(title, 'bold'),
    styleCommandText: (text) => paint(text, 'bold'),
    optionDescription: (option) =>
      describe(option.description, option.argChoices, option.defaultValue, option.defaultValueDescription),
    argumentDescription: (argument) =>
      describe(argument.description, argument.argChoices, argument.defaultValue, argument.defaultValueDescription),
  });
}

function placeText(argument: Argument): string {
  const name = argument.name() + (argument.variadic ? '...' : '');
  return argument.required ? `<${name}>` : `[${name}]`;
}

function describe(
  description: string,
  choices: readonly string[] | undefined,
  defaultValue: unknown,
  defaultDescription: string | undefined,
): string {
  const extras: string[] = [];
  if (choices) extras.push(choices.join(', '));
  const isTelling = defaultValue !== undefined && typeof defaultValue !== 'boolean' && !Array.isArray(defaultValue);
  const shown = defaultDescription ?? (isTelling ? String(defaultValue) : undefined);
  if (shown !== undefined) extras.push(`default: ${shown}`);
  return extras.length === 0 ? description : `${description} (${extras.join('; ')})`;
}
