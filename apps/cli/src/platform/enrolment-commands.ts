import {
  AllowFileReader,
  type EnrolmentMode,
  enrolmentModes,
  type JsonAllowEntry,
  type JsonNewAllowEntry,
  routes,
} from '@yaolian/contract';
import { Argument, type Command, Option } from 'commander';
import { type Cli, completeFiles, completeWith } from '../command.ts';
import { addExamples } from '../help.ts';
import type { Column } from '../output/table.ts';
import { localTime } from '../output/time.ts';
import { integerOption } from '../parsers.ts';
import { connect } from './connection.ts';
import { runImport } from './import-run.ts';
import { collectPages, onPlatformRun, type PlatformRun } from './platform-command.ts';

export function registerEnrolmentCommands(parent: Command, cli: Cli): void {
  registerEnrolment(parent, cli);
  const allow = parent
    .command('allow')
    .summary('list, add and remove devices that may register')
    .description('The allow-list: the device keys that may register when enrolment is set to it.');
  addExamples(allow, [['Let a device in', 'yaolian allow add urn:imei:861111003929110 --note "gate 4"']]);
  registerList(allow, cli);
  registerAdd(allow, cli);
  registerImport(allow, cli);
  registerRemove(allow, cli);
}

const modeMeanings: Readonly<Record<EnrolmentMode, string>> = {
  open: 'every device with a valid endpoint name may register',
  'allow-list': 'only devices on the allow-list may register',
};

function registerEnrolment(parent: Command, cli: Cli): void {
  const command = parent
    .command('enrolment')
    .summary('show or set who may register')
    .description('Show who may register, or set it. Devices that are registered stay so until their next Update.')
    .addArgument(
      new Argument('[mode]', 'open: every device; allow-list: those listed; absent: show it').choices(enrolmentModes),
    );
  addExamples(command, [
    ['Who may register now?', 'yaolian enrolment'],
    ['Only the devices on the list', 'yaolian enrolment allow-list'],
  ]);
  onPlatformRun(cli, command, async ({ client, args, printer, signal }) => {
    const mode = args[0] as EnrolmentMode | undefined;
    const enrolment = mode
      ? await client.call(routes.setEnrolment, { body: { mode }, signal })
      : await client.call(routes.showEnrolment, { signal });
    await printer.result(enrolment, (now) => `${now.mode}: ${modeMeanings[now.mode as EnrolmentMode]}\n`);
  });
}

const allowColumns: readonly Column<JsonAllowEntry>[] = [
  { title: 'DEVICE', value: (entry) => entry.key, shrinks: true },
  { title: 'ADDED', value: (entry) => localTime(entry.addedAt) },
  { title: 'NOTE', value: (entry) => entry.note, shrinks: true },
];

function registerList(allow: Command, cli: Cli): void {
  const command = allow
    .command('list')
    .alias('ls')
    .summary('list allowed devices')
    .description('List the device keys that may register.')
    .addOption(
      new Option('--limit <number>', 'at most so many')
        .argParser(integerOption('a limit', 1, 10_000_000))
        .default(1000),
    );
  addExamples(command, [['List them', 'yaolian allow list']]);
  onPlatformRun<{ readonly limit: number }>(cli, command, async ({ client, options, printer, signal }) => {
    const { items, more } = await collectPages(options.limit, (query) =>
      client.call(routes.listAllowed, { query, signal }),
    );
    await printer.result({ items, more }, () =>
      items.length === 0 ? 'No devices.\n' : printer.table(items, allowColumns),
    );
    if (more) await printer.note(`There are more than ${options.limit}: ask with a larger --limit.`);
  });
}

function registerAdd(allow: Command, cli: Cli): void {
  const command = allow
    .command('add')
    .summary('let devices in')
    .description('Put device keys on the allow-list.')
    .addArgument(new Argument('<device...>', 'device keys'))
    .addOption(new Option('--note <text>', 'a remark that is kept with them').default('', 'none'));
  addExamples(command, [['One device', 'yaolian allow add urn:imei:861111003929110 --note "gate 4"']]);
  onPlatformRun<{ readonly note: string }>(cli, command, async (run) => {
    const { client, options, signal } = run;
    await forEachDevice(run, 'added', async (key) => {
      await client.call(routes.allow, { params: { key }, body: { note: options.note }, signal });
    });
  });
}

function registerImport(parent: Command, cli: Cli): void {
  const command = parent
    .command('import')
    .summary('let in the devices of a file')
    .description(
      'Put the device keys of a file on the allow-list: one a line, "key" or "key,note". Nothing is added when a line is wrong; what the platform refuses is told line by line. Of keys on the list already the note changes: an import that was ended goes on when the file comes again.',
    )
    .addArgument(completeWith(new Argument('<file>', 'the file'), completeFiles));
  addExamples(command, [['A file of keys', 'yaolian allow import keys.csv']]);
  onPlatformRun(cli, command, async (run) => {
    const send = (entries: readonly JsonNewAllowEntry[]) =>
      run.client.call(routes.importAllowed, { body: { entries: [...entries] } });
    await runImport(run, () => new AllowFileReader(), send);
  });
}

function registerRemove(allow: Command, cli: Cli): void {
  const place = completeWith(new Argument('<device...>', 'device keys'), async () => {
    try {
      const { client } = await connect(cli.host);
      const query = { limit: 1000 };
      const { items } = await client.call(routes.listAllowed, { query, signal: AbortSignal.timeout(1_500) });
      return items.map(({ key, note }) => ({ value: key, description: note }));
    } catch {
      return []; // a completion that complains in the middle of a command line helps nobody
    }
  });
  const command = allow
    .command('remove')
    .alias('rm')
    .summary('take devices off the list')
    .description(
      'Take device keys off the allow-list. A device that is registered stays so until its registration ends.',
    )
    .addArgument(place);
  addExamples(command, [['One device', 'yaolian allow remove urn:imei:861111003929110']]);
  onPlatformRun(cli, command, async (run) => {
    const { client, signal } = run;
    await forEachDevice(run, 'removed', async (key) => {
      await client.call(routes.disallow, { params: { key }, signal });
    });
  });
}

async function forEachDevice(
  { args, printer }: PlatformRun<unknown>,
  verb: 'added' | 'removed',
  change: (key: string) => Promise<void>,
): Promise<void> {
  const keys = args[0] as unknown as readonly string[];
  for (const key of keys) await change(key);
  await printer.result({ [verb]: keys }, () => keys.map((key) => `${key} ${verb}\n`).join(''));
}
