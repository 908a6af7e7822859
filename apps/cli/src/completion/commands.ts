import { Argument, type Command } from 'commander';
import { type Cli, onRun } from '../command.ts';
import { addExamples } from '../help.ts';
import { printable } from '../output/display-width.ts';
import { complete } from './complete.ts';
import { completionScripts, type Shell, shells } from './scripts.ts';

export function registerCompletionCommands(program: Command, cli: Cli): void {
  const command = program
    .command('completion')
    .summary('print a script for tab completion')
    .description(
      'Print a script that makes the Tab key complete commands, flags, values and, when logged in, device keys.',
    )
    .addArgument(new Argument('<shell>', 'the shell').choices(shells));
  addExamples(command, [
    ['For this session of bash', 'source <(yaolian completion bash)'],
    ['For good', 'yaolian completion bash > ~/.local/share/bash-completion/completions/yaolian'],
    ['zsh, into a folder of its fpath', 'yaolian completion zsh > ~/.zfunc/_yaolian'],
    ['fish', 'yaolian completion fish > ~/.config/fish/completions/yaolian.fish'],
  ]);
  onRun(cli, command, async ({ args, printer }) => printer.raw(completionScripts[args[0] as Shell]));

  const hidden = program.command('__complete', { hidden: true }).argument('[words...]').allowUnknownOption();
  onRun(cli, hidden, async ({ printer }) => {
    const { candidates, files } = await complete(program, hidden.args);
    const lines = candidates.map(({ value, description = '' }) => `${value}\t${printable(description)}\n`);
    await printer.raw(`${lines.join('')}${files ? ':files' : ':done'}\n`);
  });
}
