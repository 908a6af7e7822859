import { setTimeout as sleep } from 'node:timers/promises';
import { type JsonBulkJob, type JsonBulkOperation, type JsonBulkTarget, routes, targetStates } from '@yaolian/contract';
import { type Duration, toMilliseconds } from '@yaolian/kernel';
import { Argument, type Command, Option } from 'commander';
import type { Cli } from '../command.ts';
import { cliErrors } from '../errors.ts';
import { addExamples, type Example } from '../help.ts';
import { ProgressBar } from '../output/progress-bar.ts';
import type { Column } from '../output/table.ts';
import { localTime } from '../output/time.ts';
import { durationOption, integerOption } from '../parsers.ts';
import { addDeviceFilter, type DeviceFilterOptions, deviceFilter } from './device-filter.ts';
import { addDryRun, type DryRunOptions, devicesText, sayHowMany } from './dry-run.ts';
import { pathArgument } from './places.ts';
import { collectPages, onPlatformRun, type PlatformRun } from './platform-command.ts';

interface StartOptions extends DeviceFilterOptions, DryRunOptions {
  readonly all?: boolean;
  readonly device?: readonly string[];
  readonly wait?: boolean;
  readonly detach?: boolean;
  readonly timeout?: Duration;
}

/** How each operation is said on the command line. */
const operations: readonly {
  readonly name: JsonBulkOperation['kind'];
  readonly summary: string;
  readonly places: readonly (readonly [flags: string, description: string])[];
  /** What it does, and what is written after its name. */
  readonly example: Example;
  readonly make: (args: readonly string[]) => JsonBulkOperation;
}[] = [
  {
    name: 'read',
    summary: 'read a path of many devices; /3/0 tells make, model and version',
    places: [['<path>', 'what']],
    example: ['What all devices are', '/3/0 --all'],
    make: ([path]) => ({ kind: 'read', path: pathArgument(path!) }),
  },
  {
    name: 'write',
    summary: 'write a resource of many devices',
    places: [
      ['<path>', 'where'],
      ['<value>', 'a number, true or false, or a text'],
    ],
    example: ['The time zone of those in the hall', '/3/0/15 Asia/Shanghai --group hall'],
    make: ([path, value]) => ({ kind: 'write', path: pathArgument(path!), value: typedValue(value!) }),
  },
  {
    name: 'execute',
    summary: 'execute a resource of many devices',
    places: [
      ['<path>', 'where'],
      ['[arguments]', 'what it is given'],
    ],
    example: ['Begin measuring minimum and maximum anew', '/3303/0/5605 --model M1'],
    make: ([path, args]) => ({
      kind: 'execute',
      path: pathArgument(path!),
      ...(args === undefined ? {} : { arguments: args }),
    }),
  },
  {
    name: 'observe',
    summary: 'observe a path of many devices',
    places: [['<path>', 'what']],
    example: ['The temperature of all that are there now', '/3303/0/5700 --state online'],
    make: ([path]) => ({ kind: 'observe', path: pathArgument(path!) }),
  },
  {
    name: 'reboot',
    summary: 'reboot many devices',
    places: [],
    example: ['Those in the hall', '--group hall'],
    make: () => ({ kind: 'reboot' }),
  },
  {
    name: 'add-to-group',
    summary: 'put many devices into a group',
    places: [['<group>', 'its name']],
    example: ['Every lamp', 'hall --search lamp'],
    make: ([group]) => ({ kind: 'add-to-group', group: group! }),
  },
  {
    name: 'remove-from-group',
    summary: 'take many devices out of a group',
    places: [['<group>', 'its name']],
    example: ['What has not come for a month', 'hall --seen-before 30d'],
    make: ([group]) => ({ kind: 'remove-from-group', group: group! }),
  },
  {
    name: 'forget',
    summary: 'forget many devices; takes the role admin',
    places: [],
    example: ['What has not come for a year', '--seen-before 365d'],
    make: () => ({ kind: 'forget' }),
  },
];

export function registerBulkCommands(parent: Command, cli: Cli): void {
  const bulk = parent
    .command('bulk')
    .summary('do one thing with many devices')
    .description('One thing done with many devices, by the platform: it goes on when this command ends.');
  addExamples(bulk, [
    ['What all devices are', 'yaolian bulk read /3/0 --all'],
    ['Those of a group', 'yaolian bulk reboot --group hall'],
    ['How it goes', 'yaolian bulk list'],
  ]);
  for (const operation of operations) registerStart(bulk, cli, operation);
  registerList(bulk, cli);
  registerShow(bulk, cli);
  registerAction(
    bulk,
    cli,
    'cancel',
    routes.cancelBulkJob,
    'end a job; what waits for devices that sleep is taken back',
  );
  registerAction(bulk, cli, 'retry', routes.retryBulkJob, 'try the devices again that failed or were cancelled');
}

function registerStart(bulk: Command, cli: Cli, { name, summary, places, example, make }: (typeof operations)[number]) {
  const command = bulk
    .command(name)
    .summary(summary)
    .description(`${summary[0]!.toUpperCase()}${summary.slice(1)}.`);
  for (const [flags, description] of places) command.addArgument(new Argument(flags, description));
  command
    .addOption(new Option('--all', 'all devices'))
    .addOption(new Option('-d, --device <names...>', 'these devices, by key or endpoint name'));
  addDeviceFilter(command)
    .addOption(new Option('-w, --wait', 'wait for devices that are offline, instead of skipping them'))
    .addOption(new Option('--detach', 'do not wait until it is done'))
    .addOption(
      new Option('--timeout <duration>', 'wait so long at most; the job goes on')
        .argParser(durationOption)
        .default(undefined, 'until it is done'),
    );
  addDryRun(command);
  addExamples(command, [
    [example[0], `yaolian bulk ${name} ${example[1]}`],
    ['How many that would be', `yaolian bulk ${name} ${example[1]} --dry-run`],
  ]);
  onPlatformRun<StartOptions>(cli, command, async (run) => {
    const { client, args, options, printer, signal } = run;
    const filter = deviceFilter(options);
    if (options.device && Object.keys(filter).length > 0) {
      throw cliErrors.CLI_USAGE('name devices by --device, or choose them with --group, --search, …: not both');
    }
    const devices = options.device === undefined ? filter : { keys: [...options.device] };
    const isAll = Object.keys(devices).length === 0;
    if (isAll && !options.all) throw cliErrors.CLI_USAGE('say which devices: --all, --device, --group, --search, …');
    if (options.dryRun) return sayHowMany(run, options.device, filter);
    const offline = options.wait ? ('wait' as const) : ('skip' as const);
    const body = { operation: make(args as readonly string[]), devices, offline };
    const job = await client.call(routes.createBulkJob, { body, signal });
    if (!options.detach) return follow(run, job);
    await printer.result(
      job,
      () => `Job ${job.id} has ${devicesText(job.total)}; "yaolian bulk show ${job.id}" tells.\n`,
    );
  });
}

/** As it was typed: the platform knows the type of the resource and says what is wrong. */
function typedValue(text: string): string | number | boolean {
  if (text === 'true' || text === 'false') return text === 'true';
  return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
}

const lookEvery = 300;

/** Looks at it until it is over: a job of a moment would be gone before a stream of events had begun. */
async function follow(run: PlatformRun<StartOptions>, job: JsonBulkJob): Promise<void> {
  const { host, printer, client, signal, options } = run;
  const bar = new ProgressBar(host.stderr, printer.json);
  const until = options.timeout === undefined ? undefined : performance.now() + toMilliseconds(options.timeout);
  let last = job;
  let isTold = false;
  const tellAwaited = async () => {
    if (isTold) return;
    isTold = true;
    await bar.end();
    await printer.note(awaitedText(options));
  };
  try {
    for (;;) {
      const { pending, running } = last.counts;
      await bar.show((last.total - pending - running) / Math.max(1, last.total), progressText(last));
      if (last.state !== 'running') break;
      if (last !== job) await tellAwaited();
      if (until !== undefined && performance.now() >= until) break;
      await sleep(lookEvery, undefined, { signal });
      last = await client.call(routes.showBulkJob, { params: { id: job.id }, signal });
    }
  } finally {
    await bar.end();
  }
  await printer.result(last, () => `${last.state}: ${progressText(last)}\n`);
  if (last.state === 'running') throw cliErrors.CLI_TIMEOUT(`the job goes on; "yaolian bulk show ${job.id}" tells`);
  if (last.counts.failed === 0) return;
  throw cliErrors.CLI_REFUSED(
    `${last.counts.failed} devices failed; "yaolian bulk show ${job.id} --state failed" tells why`,
  );
}

/** What is waited for, and how not to. */
function awaitedText({ wait }: StartOptions): string {
  const awaited = wait ? 'sleep, or are offline,' : 'sleep';
  return `Devices that ${awaited} do it when they are heard. Ctrl-C ends this command and the job goes on; --detach does not wait, --timeout 1m not longer.`;
}

function progressText({ counts, total }: JsonBulkJob): string {
  const { succeeded, failed, skipped, running, pending } = counts;
  const words = [`${succeeded} of ${total} done`];
  if (failed > 0) words.push(`${failed} failed`);
  if (skipped > 0) words.push(`${skipped} skipped`);
  if (running > 0) words.push(`${running} under way or asleep`);
  if (pending > 0) words.push(`${pending} to come`);
  return words.join(', ');
}

const jobColumns: readonly Column<JsonBulkJob>[] = [
  { title: 'JOB', value: (job) => job.id },
  { title: 'WHAT', value: ({ operation }) => operationText(operation), shrinks: true },
  { title: 'STATE', value: (job) => job.state },
  { title: 'DEVICES', value: progressText, shrinks: true },
  { title: 'CREATED', value: (job) => localTime(job.createdAt) },
  { title: 'BY', value: (job) => job.createdBy, shrinks: true },
];

function operationText(operation: JsonBulkOperation): string {
  const where = 'path' in operation ? operation.path : 'group' in operation ? operation.group : '';
  return `${operation.kind} ${where}`.trim();
}

function registerList(bulk: Command, cli: Cli): void {
  const command = bulk
    .command('list')
    .alias('ls')
    .summary('list jobs')
    .description('List bulk jobs, the newest first.')
    .addOption(limitOption(100));
  addExamples(command, [['List them', 'yaolian bulk list']]);
  onPlatformRun<{ readonly limit: number }>(cli, command, async ({ client, options, printer, signal }) => {
    const { items } = await collectPages(options.limit, (query) => client.call(routes.listBulkJobs, { query, signal }));
    await printer.result({ items }, () => (items.length === 0 ? 'No jobs.\n' : printer.table(items, jobColumns)));
  });
}

const limitOption = (usual: number) =>
  new Option('--limit <number>', 'at most so many').argParser(integerOption('a limit', 1, 10_000_000)).default(usual);

const jobPlace = () => new Argument('<job>', 'its id');

const targetColumns: readonly Column<JsonBulkTarget>[] = [
  { title: 'DEVICE', value: (target) => target.device, shrinks: true },
  { title: 'STATE', value: (target) => target.state },
  { title: 'REASON', value: (target) => target.reason, shrinks: true },
  { title: 'CHANGED', value: (target) => localTime(target.changedAt) },
];

interface ShowOptions {
  readonly state?: JsonBulkTarget['state'];
  readonly limit: number;
}

function registerShow(bulk: Command, cli: Cli): void {
  const command = bulk
    .command('show')
    .summary('show what became of the devices of a job')
    .description('Show the devices of a job in the order of their keys.')
    .addArgument(jobPlace())
    .addOption(new Option('--state <state>', 'only these').choices([...targetStates]))
    .addOption(limitOption(1000));
  addExamples(command, [['Which failed, and why', 'yaolian bulk show 1f00ab34 --state failed']]);
  onPlatformRun<ShowOptions>(cli, command, async ({ client, args, options, printer, signal }) => {
    const params = { id: args[0]! };
    const state = options.state === undefined ? {} : { state: options.state };
    const { items } = await collectPages(options.limit, (page) =>
      client.call(routes.listBulkTargets, { params, query: { ...state, ...page }, signal }),
    );
    await printer.result({ items }, () => (items.length === 0 ? 'No devices.\n' : printer.table(items, targetColumns)));
  });
}

function registerAction(
  bulk: Command,
  cli: Cli,
  name: string,
  route: typeof routes.cancelBulkJob | typeof routes.retryBulkJob,
  text: string,
): void {
  const command = bulk
    .command(name)
    .summary(text)
    .description(`${text[0]!.toUpperCase()}${text.slice(1)}.`)
    .addArgument(jobPlace());
  addExamples(command, [[`${name[0]!.toUpperCase()}${name.slice(1)} one`, `yaolian bulk ${name} 1f00ab34`]]);
  onPlatformRun(cli, command, async ({ client, args, printer, signal }) => {
    const job = await client.call(route, { params: { id: args[0]! }, signal });
    await printer.result(job, () => `${job.state}: ${progressText(job)}\n`);
  });
}
