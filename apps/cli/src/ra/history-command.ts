import { historyLimits, type RaPastSpan, type RaPastValue } from '@yaolian/igrs';
import { type Duration, toSeconds } from '@yaolian/kernel';
import { Argument, type Command, Option } from 'commander';
import type { Cli } from '../command.ts';
import { cliErrors } from '../errors.ts';
import { addExamples } from '../help.ts';
import type { Column } from '../output/table.ts';
import { localTime } from '../output/time.ts';
import { durationOption, integerOption } from '../parsers.ts';
import { onHomeRun, raAddress, remoteDevicePlace } from './session.ts';

interface HistoryOptions {
  readonly since: Duration;
  readonly every?: Duration;
  readonly max: number;
}

const valueColumns: readonly Column<RaPastValue>[] = [
  { title: 'TIME', value: ({ time }) => localTime(time) },
  { title: 'VALUE', value: ({ text }) => text, shrinks: true },
];

const spanColumns: readonly Column<RaPastSpan>[] = [
  { title: 'FROM', value: ({ time }) => localTime(time) },
  { title: 'VALUES', value: ({ count }) => String(count), align: 'right' },
  { title: 'LEAST', value: ({ least }) => least ?? '', align: 'right' },
  { title: 'MEAN', value: ({ mean }) => mean ?? '', align: 'right' },
  { title: 'GREATEST', value: ({ greatest }) => greatest ?? '', align: 'right' },
  { title: 'LAST', value: ({ last }) => last, shrinks: true },
];

/** What a resource of a device was: the platform answers, whether the device is there or not. */
export function registerHistory(ra: Command, cli: Cli): void {
  const command = ra
    .command('history')
    .summary('show what a value of a device was')
    .description('Show what a value of a device was, the oldest first. Who may read it may see that.')
    .addArgument(remoteDevicePlace())
    .addArgument(new Argument('<path>', 'a resource, as in /3303/0/5700'))
    .addOption(new Option('--since <duration>', 'as far back').argParser(durationOption).default(undefined, '24h'))
    .addOption(
      new Option('--every <duration>', 'in spans of this length, not value by value').argParser(durationOption),
    )
    .addOption(
      new Option('--max <number>', 'at most so many')
        .argParser(integerOption('--max', 1, historyLimits.most))
        .default(historyLimits.default),
    );
  addExamples(command, [
    ['The last hour', 'yaolian ra history attic /3303/0/5700 --since 1h'],
    ['A week, hour by hour', 'yaolian ra history attic /3303/0/5700 --since 7d --every 1h'],
  ]);
  onHomeRun<HistoryOptions>(cli, command, async ({ args, user, options, printer, signal, connected }) => {
    const path = args[1]!;
    if (!/^(\/\d{1,5}){3,4}$/.test(path)) {
      throw cliErrors.CLI_USAGE(`"${path}" is no path of a resource; write it as in /3303/0/5700`);
    }
    const seconds = options.every === undefined ? undefined : toSeconds(options.every);
    if (seconds !== undefined && !(Number.isInteger(seconds) && seconds >= 1)) {
      throw cliErrors.CLI_USAGE('--every is whole seconds, 1s at least');
    }
    const from = new Date(Date.now() - (options.since ?? day)).toISOString();
    const device = raAddress(args[0], user);
    await connected(async (home) => {
      const span = { from, every: seconds, max: options.max };
      const history = await home.device(device).history(path, span, { signal });
      await printer.result(history, () => {
        const { values, spans } = history;
        if (values.length + spans.length === 0) return 'Nothing is known of that time.\n';
        return seconds === undefined ? printer.table(values, valueColumns) : printer.table(spans, spanColumns);
      });
      if (history.next !== undefined) await printer.note('there is more; ask for less time, or for spans with --every');
    });
  });
}

const day = 86_400_000;
