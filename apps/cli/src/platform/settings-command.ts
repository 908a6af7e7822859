import { type JsonSetting, routes } from '@yaolian/contract';
import { Argument, type Command, Option } from 'commander';
import type { Cli } from '../command.ts';
import { cliErrors } from '../errors.ts';
import { addExamples } from '../help.ts';
import type { Column } from '../output/table.ts';
import { onPlatformRun } from './platform-command.ts';

interface SettingsOptions {
  readonly changed?: boolean;
  readonly set?: string;
  readonly reset?: boolean;
}

export function registerSettingsCommand(parent: Command, cli: Cli): void {
  const command = parent
    .command('settings')
    .summary('show the limits and settings that the platform runs with')
    .description(
      'Show the limits and settings that the platform runs with. They are set at its start: "yaolian serve --help" tells what each does. Those of history an admin changes while it runs: what is not to be kept any more is removed within ten minutes.',
    )
    .addArgument(new Argument('[text]', 'only those whose name or description has it; with --set and --reset the name'))
    .addOption(new Option('--changed', 'only those that are not the default'))
    .addOption(
      new Option('--set <value>', 'change it, as in the file; what a start sets is stronger').conflicts('reset'),
    )
    .addOption(new Option('--reset', 'give it its default again'));
  addExamples(command, [
    ['What was changed', 'yaolian settings --changed'],
    ['What bounds sessions', 'yaolian settings session'],
    ['Keep values for a year, from now on', 'yaolian settings history.keep --set 365d'],
  ]);
  onPlatformRun<SettingsOptions>(cli, command, async ({ client, printer, signal, args, options }) => {
    if (options.set !== undefined || options.reset) {
      if (args[0] === undefined)
        throw cliErrors.CLI_USAGE('say which setting: yaolian settings history.keep --set 365d');
      const params = { setting: args[0] };
      const changed =
        options.set === undefined
          ? await client.call(routes.resetSetting, { params, signal })
          : await client.call(routes.changeSetting, { params, body: { value: options.set }, signal });
      return printer.result(changed, sentence);
    }
    const { items } = await client.call(routes.listSettings, { signal });
    const text = (args[0] ?? '').toLowerCase();
    const fits = ({ name, description, changed }: JsonSetting) =>
      (changed || options.changed !== true) && `${name} ${description}`.toLowerCase().includes(text);
    const found = items.filter(fits);
    await printer.result({ items: found }, () => (found.length === 0 ? 'None.\n' : printer.table(found, columns)));
  });
}

function sentence({ name, value }: JsonSetting): string {
  return `${name} is ${value ?? 'not set'}.\n`;
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
