import { type JsonSetting, routes } from '@yaolian/contract';
import { Argument, type Command, Option } from 'commander';
import type { Cli } from '../command.ts';
import { addExamples } from '../help.ts';
import type { Column } from '../output/table.ts';
import { onPlatformRun } from './platform-command.ts';

interface SettingsOptions {
  readonly changed?: boolean;
}

export function registerSettingsCommand(parent: Command, cli: Cli): void {
  const command = parent
    .command('settings')
    .summary('show the limits and settings that the platform runs with')
    .description(
      'Show the limits and settings that the platform runs with. They are set at its start: "yaolian serve --help" tells what each does.',
    )
    .addArgument(new Argument('[text]', 'only those whose name or description has it'))
    .addOption(new Option('--changed', 'only those that are not the default'));
  addExamples(command, [
    ['What was changed', 'yaolian settings --changed'],
    ['What bounds sessions', 'yaolian settings session'],
  ]);
  onPlatformRun<SettingsOptions>(cli, command, async ({ client, printer, signal, args, options }) => {
    const { items } = await client.call(routes.listSettings, { signal });
    const text = (args[0] ?? '').toLowerCase();
    const fits = ({ name, description, changed }: JsonSetting) =>
      (changed || options.changed !== true) && `${name} ${description}`.toLowerCase().includes(text);
    const found = items.filter(fits);
    await printer.result({ items: found }, () => (found.length === 0 ? 'None.\n' : printer.table(found, columns)));
  });
}

const columns: readonly Column<JsonSetting>[] = [
  { title: 'SETTING', value: ({ name }) => name },
  {
    title: 'VALUE',
    value: ({ value, secret, changed }) => (secret && changed ? '(set)' : String(value ?? '-')),
    shrinks: true,
  },
  { title: 'DEFAULT', value: (setting) => String(setting.default ?? '-'), shrinks: true },
  { title: 'WHAT', value: ({ description }) => description, shrinks: true },
];
