import {
  type JsonCampaign,
  type JsonCampaignPreview,
  type JsonCampaignTarget,
  type RouteQuery,
  routes,
  targetStates,
} from '@yaolian/contract';
import { Argument, type Command, Option } from 'commander';
import { type Candidate, type Cli, completeWith } from '../command.ts';
import { cliErrors } from '../errors.ts';
import { readBytes } from '../files.ts';
import { addExamples } from '../help.ts';
import { printable } from '../output/display-width.ts';
import type { Paint } from '../output/paint.ts';
import { ProgressBar } from '../output/progress-bar.ts';
import type { Column } from '../output/table.ts';
import { localTime, relativeTime } from '../output/time.ts';
import { collectOption, integerOption } from '../parsers.ts';
import { connect } from './connection.ts';
import { addDeviceFilter, type DeviceFilterOptions, deviceFilter } from './device-filter.ts';
import { addDryRun, countText, type DryRunOptions, devicesText, sayHowMany } from './dry-run.ts';
import { addUpdateOptions, type UpdateWishOptions, updateWish } from './firmware-commands.ts';
import { eventsOf } from './follow-events.ts';
import { collectPages, onPlatformRun, type PlatformRun } from './platform-command.ts';
import { failureText } from './watch-update.ts';

export function registerCampaignCommands(parent: Command, cli: Cli): void {
  const campaign = parent
    .command('campaign')
    .summary('update the firmware of many devices')
    .description(
      'Firmware updates of many devices: in waves, at a limited rate, stopped when too many fail. The platform holds them over restarts; devices that are away or asleep are done when they come.',
    );
  addExamples(campaign, [
    [
      'Those whose names begin so: 1 % first, then 10 %, then all',
      'yaolian campaign create spring --file 9f2c01ab --name "urn:imei:86*"',
    ],
    ['How it goes', 'yaolian campaign watch 1f00ab34'],
  ]);
  registerCreate(campaign, cli);
  registerList(campaign, cli);
  registerShow(campaign, cli);
  registerWatch(campaign, cli);
  for (const [name, route, text] of actions) registerAction(campaign, cli, name, route, text);
}

const actions = [
  ['pause', routes.pauseCampaign, 'start no further device; what is under way goes on'],
  ['resume', routes.resumeCampaign, 'go on after a pause or a stop'],
  ['cancel', routes.cancelCampaign, 'end it; updates under way are given up'],
  ['retry', routes.retryCampaign, 'try the devices again that failed or were cancelled'],
] as const;

function campaignPlace(cli: Cli): Argument {
  return completeWith(new Argument('<campaign>', 'its id'), async (): Promise<readonly Candidate[]> => {
    try {
      const { client } = await connect(cli.host);
      const { items } = await client.call(routes.listCampaigns, { signal: AbortSignal.timeout(1_500) });
      return items.map(({ id, name, state }) => ({ value: id, description: `${name} ${state}` }));
    } catch {
      return []; // a completion that complains in the middle of a command line helps nobody
    }
  });
}

interface CreateOptions extends UpdateWishOptions, DryRunOptions, DeviceFilterOptions {
  readonly device?: readonly string[];
  readonly devices?: string;
  readonly name?: string;
  readonly unread?: 'leave-out' | 'ask';
  readonly wave?: readonly string[];
  readonly stopAt?: number;
  readonly advanceAt?: number;
  readonly rate?: number;
  readonly concurrent?: number;
  readonly all?: boolean;
  readonly watch?: boolean;
}

function registerCreate(campaign: Command, cli: Cli): void {
  const command = campaign
    .command('create')
    .summary('begin a campaign')
    .description(
      'Begin a campaign. Say which devices: each option narrows the choice. It has those that fit now, by what was read of them; each is asked again when its turn comes.',
    )
    .addArgument(new Argument('<name>', 'what to call it'))
    .addOption(new Option('--all', 'all devices'))
    .addOption(new Option('--device <key>', 'this device; may be repeated').argParser(collectOption((text) => text)))
    .addOption(new Option('--devices <file>', 'the devices in this file, a key a line'))
    .addOption(new Option('--name <pattern>', 'those whose key or endpoint name is like this, with * and ?'))
    .addOption(
      new Option('--unread <what>', 'devices that have not said of what vendor, model and version they are')
        .choices(['leave-out', 'ask'])
        .default(undefined, 'leave-out; ask: when their turn comes'),
    );
  addDeviceFilter(command)
    .addOption(
      new Option('--wave <size>', 'devices in a wave, those before included: 1% or 50; may be repeated')
        .argParser(collectOption((text) => text))
        .default(undefined, '1% 10%, then all'),
    )
    .addOption(
      new Option('--stop-at <percent>', 'stop when more of a wave failed')
        .argParser(integerOption('a percentage', 0, 100))
        .default(undefined, '10'),
    )
    .addOption(
      new Option('--advance-at <percent>', 'begin the next wave when so much of one is done')
        .argParser(integerOption('a percentage', 0, 100))
        .default(undefined, '90'),
    )
    .addOption(
      new Option('--rate <number>', 'devices started a minute')
        .argParser(integerOption('a rate', 1, 1_000_000))
        .default(undefined, '600'),
    )
    .addOption(
      new Option('--concurrent <number>', 'devices updated at a time')
        .argParser(integerOption('a number of devices', 1, 100_000))
        .default(undefined, '50'),
    );
  addUpdateOptions(command, cli).addOption(new Option('-w, --watch', 'show how it goes until it is over'));
  addDryRun(command);
  addExamples(command, [
    ['Everything, carefully', 'yaolian campaign create spring -f 9f2c01ab --all --wave 10 --wave 5% --stop-at 5'],
    ['A list', 'yaolian campaign create pilot -f 9f2c01ab --devices keys.txt --watch'],
    ['How many devices that would be, and which', 'yaolian campaign create fix -f 9f2c01ab --model X --dry-run'],
    ['From one version to the next', 'yaolian campaign create fix -f 9f2c01ab --model X --firmware-version 1.1'],
  ]);
  onPlatformRun<CreateOptions>(cli, command, create);
}

async function create(run: PlatformRun<CreateOptions>): Promise<void> {
  const { client, args, options, printer, signal } = run;
  const { wave, stopAt, advanceAt, rate, concurrent } = options;
  const { keys, filter } = await chosenDevices(options);
  if (options.dryRun) return keys ? sayHowMany(run, keys, {}) : preview(run, filter);
  const campaign = await client.call(routes.createCampaign, {
    body: {
      name: args[0]!,
      devices: { ...filter, ...(keys && { keys }) },
      ...updateWish(options),
      ...(wave === undefined ? {} : { waves: [...wave] }),
      ...(stopAt === undefined ? {} : { stopAt: stopAt / 100 }),
      ...(advanceAt === undefined ? {} : { advanceAt: advanceAt / 100 }),
      ...(rate === undefined ? {} : { startsPerMinute: rate }),
      ...(concurrent === undefined ? {} : { concurrent }),
    },
    signal,
  });
  await printer.result(campaign, () => `Campaign ${campaign.id} has begun with ${devicesText(campaign.total)}.\n`);
  if (options.watch) await watch(run, campaign.id);
  else await printer.note(`yaolian campaign watch ${campaign.id} shows how it goes.`);
}

type Filter = Omit<RouteQuery<typeof routes.previewCampaign>, 'file'>;

const previewColumns: readonly Column<JsonCampaignPreview['devices'][number]>[] = [
  { title: 'DEVICE', value: ({ key }) => key, shrinks: true },
  { title: 'VENDOR', value: ({ vendor }) => vendor, shrinks: true },
  { title: 'MODEL', value: ({ model }) => model, shrinks: true },
  { title: 'VERSION', value: ({ version }) => version },
];

/** How many devices it would be, and which the first are. */
async function preview({ client, options, printer, signal }: PlatformRun<CreateOptions>, filter: Filter) {
  const query = { ...filter, file: options.file };
  const found = await client.call(routes.previewCampaign, { query, signal });
  await printer.result(found, () => {
    const more = found.total - found.devices.length;
    const rest = more > 0 ? `… and ${more} more\n` : '';
    const table = found.total === 0 ? '' : `\n${printer.table(found.devices, previewColumns)}${rest}`;
    return `${countText(found)}\n${table}`;
  });
  if (found.unread === 0) return;
  const which = `${devicesText(found.unread)} more fit otherwise and have not said what they are`;
  await printer.note(
    options.unread === 'ask'
      ? `${devicesText(found.unread)} of them have not said what they are: they are asked when their turn comes.`
      : `${which}: --unread ask takes them in and asks when their turn comes.`,
  );
}

/** The devices that are named, or the filter that chooses among all. */
async function chosenDevices(options: CreateOptions) {
  const { device = [], devices, name, unread, all } = options;
  const listed = devices === undefined ? [] : new TextDecoder().decode(await readBytes(devices)).split(/\r?\n/);
  const keys = [...device, ...listed.map((line) => line.trim())].filter((key) => key !== '');
  const filter = { ...deviceFilter(options), ...given({ name }) };
  if (keys.length === 0 && Object.keys(filter).length === 0 && !all) {
    throw cliErrors.CLI_USAGE(
      'which devices? Say --all, or choose with --name, --search, --device, --devices, --model …',
    );
  }
  const { vendor: _, model: __, version: ___, ...others } = filter;
  if (keys.length > 0 && Object.keys(others).length > 0) {
    throw cliErrors.CLI_USAGE(
      'name devices by --device and --devices, or choose them with --name, --group, --search, …: not both; with names go --vendor, --model and --firmware-version, which are asked when their turn comes',
    );
  }
  return { keys: keys.length === 0 ? undefined : keys, filter: { ...filter, ...given({ unread }) } };
}

function given<T extends object>(wishes: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(wishes).filter(([, value]) => value !== undefined)) as never;
}

const statePaints: Readonly<Record<string, Paint>> = { running: 'green', stopped: 'red', paused: 'yellow' };

function doneOf({ counts }: JsonCampaign): number {
  return counts.succeeded + counts.failed + counts.cancelled + counts.skipped;
}

const campaignColumns = (now: number): readonly Column<JsonCampaign>[] => [
  { title: 'CAMPAIGN', value: (one) => one.id },
  { title: 'NAME', value: (one) => one.name, shrinks: true },
  { title: 'STATE', value: (one) => one.state, paint: (one) => statePaints[one.state] },
  { title: 'PACKAGE', value: (one) => one.file },
  { title: 'DONE', value: (one) => `${doneOf(one)}/${one.total}`, align: 'right' },
  { title: 'OK', value: ({ counts }) => counts.succeeded, align: 'right' },
  {
    title: 'FAILED',
    value: ({ counts }) => counts.failed,
    align: 'right',
    paint: (one) => (one.counts.failed > 0 ? 'red' : undefined),
  },
  { title: 'RUNNING', value: ({ counts }) => counts.running, align: 'right' },
  { title: 'CREATED', value: (one) => relativeTime(one.createdAt, now) },
];

function registerList(campaign: Command, cli: Cli): void {
  const command = campaign
    .command('list')
    .alias('ls')
    .summary('list campaigns')
    .description('List campaigns, the newest first.')
    .addOption(
      new Option('--limit <number>', 'at most so many').argParser(integerOption('a limit', 1, 1_000_000)).default(100),
    );
  addExamples(command, [['List them', 'yaolian campaign list']]);
  onPlatformRun<{ readonly limit: number }>(cli, command, async ({ client, printer, signal, options }) => {
    const { items } = await collectPages(options.limit, (query) =>
      client.call(routes.listCampaigns, { query, signal }),
    );
    await printer.result({ items }, () =>
      items.length === 0 ? 'No campaigns.\n' : printer.table(items, campaignColumns(Date.now())),
    );
  });
}

const targetColumns = (now: number): readonly Column<JsonCampaignTarget>[] => [
  { title: 'DEVICE', value: (one) => one.device, shrinks: true },
  { title: 'STATE', value: (one) => one.state, paint: (one) => (one.state === 'failed' ? 'red' : undefined) },
  { title: 'WAVE', value: (one) => one.wave, align: 'right' },
  { title: 'CHANGED', value: (one) => relativeTime(one.changedAt, now) },
  { title: 'WHY', value: (one) => one.reason && failureText(one.reason), shrinks: true },
];

interface ShowOptions {
  readonly devices?: boolean;
  readonly state?: (typeof targetStates)[number];
  readonly limit: number;
}

function registerShow(campaign: Command, cli: Cli): void {
  const command = campaign
    .command('show')
    .summary('show a campaign, or its devices')
    .description('Show a campaign and what became of its devices; with --devices the devices.')
    .addArgument(campaignPlace(cli))
    .addOption(new Option('--devices', 'list its devices'))
    .addOption(new Option('--state <state>', 'list those in this state').choices(targetStates))
    .addOption(
      new Option('--limit <number>', 'at most so many devices')
        .argParser(integerOption('a limit', 1, 1_000_000))
        .default(1000),
    );
  addExamples(command, [
    ['The sum', 'yaolian campaign show 1f00ab34'],
    ['Which devices failed, and why', 'yaolian campaign show 1f00ab34 --state failed'],
  ]);
  onPlatformRun<ShowOptions>(cli, command, async ({ client, args, options, printer, signal }) => {
    const params = { id: args[0]! };
    if (options.devices || options.state) {
      const state = options.state === undefined ? {} : { state: options.state };
      const { items } = await collectPages(options.limit, (page) =>
        client.call(routes.listCampaignDevices, { params, query: { ...state, ...page }, signal }),
      );
      return printer.result({ items }, () =>
        items.length === 0 ? 'No devices.\n' : printer.table(items, targetColumns(Date.now())),
      );
    }
    const found = await client.call(routes.showCampaign, { params, signal });
    await printer.result(found, () => describe(found, printer));
  });
}

function describe(one: JsonCampaign, printer: PlatformRun<unknown>['printer']): string {
  const { counts, reasons } = one;
  const waves = [...one.waves, 'all'].map((wave, index) => (index + 1 === one.wave ? `[${wave}]` : wave)).join(' ');
  return printer.facts([
    ['Campaign', one.id],
    ['Name', one.name],
    ['State', one.note === undefined ? one.state : `${one.state}: ${one.note}`, statePaints[one.state] ?? 'bold'],
    ['Package', one.file],
    ['Devices', one.total],
    ['Succeeded', counts.succeeded],
    ['Failed', counts.failed],
    ...Object.entries(reasons).map(([reason, count]) => [`  ${reason}`, `${count}: ${failureText(reason)}`] as const),
    ['Running', counts.running],
    ['Waiting', counts.pending],
    ['Skipped', counts.skipped === 0 ? undefined : counts.skipped],
    ['Cancelled', counts.cancelled === 0 ? undefined : counts.cancelled],
    ['Waves', waves],
    ['Stops at', `${Math.round(one.stopAt * 100)} % failed`],
    ['Rate', `${one.startsPerMinute} a minute, ${one.concurrent} at a time`],
    ['Created', `${localTime(one.createdAt)} by ${one.createdBy}`],
    ['Finished', one.finishedAt && localTime(one.finishedAt)],
  ]);
}

function registerWatch(campaign: Command, cli: Cli): void {
  const command = campaign
    .command('watch')
    .summary('follow a campaign')
    .description('Show how a campaign goes until it is over or stops.')
    .addArgument(campaignPlace(cli));
  addExamples(command, [['With a progress bar', 'yaolian campaign watch 1f00ab34']]);
  onPlatformRun(cli, command, (run) => watch(run, run.args[0]!));
}

async function watch(run: PlatformRun<unknown>, id: string): Promise<void> {
  const { client, host, printer, signal } = run;
  const bar = new ProgressBar(host.stderr, printer.json);
  const tell = async (one: JsonCampaign): Promise<boolean> => {
    if (printer.json) await printer.result(one, () => '');
    await bar.show(doneOf(one) / Math.max(1, one.total), progressText(one));
    return one.state !== 'running' && one.state !== 'paused' && one.counts.running === 0;
  };
  let last = await client.call(routes.showCampaign, { params: { id }, signal });
  try {
    if (!(await tell(last))) {
      for await (const event of eventsOf(run, { types: ['campaign.changed'], devices: [] })) {
        // What happened before the stream had begun is asked for once.
        last = event.type === 'campaign.changed' && event.data.id === id ? event.data : last;
        if (await tell(last)) break;
      }
    }
  } finally {
    await bar.end();
  }
  const { counts, state, note } = last;
  if (!printer.json) {
    await printer.raw(`${state}: ${counts.succeeded} succeeded, ${counts.failed} failed, ${counts.skipped} skipped.\n`);
  }
  if (state === 'stopped')
    throw cliErrors.CLI_REFUSED(`the campaign stopped: ${note}; "yaolian campaign resume ${id}" goes on`);
  if (counts.failed > 0) {
    throw cliErrors.CLI_REFUSED(
      `${counts.failed} devices failed; "yaolian campaign show ${id} --state failed" tells why`,
    );
  }
}

function progressText({ counts, wave, waves, total, state, note }: JsonCampaign): string {
  const failed = counts.failed === 0 ? '' : `, ${counts.failed} failed`;
  const skipped = counts.skipped === 0 ? '' : `, ${counts.skipped} skipped`;
  const how = state === 'running' ? `wave ${wave}/${waves.length + 1}` : (note ?? state);
  return `${counts.succeeded} of ${total} done${failed}${skipped}, ${counts.running} running, ${how}`;
}

function registerAction(
  campaign: Command,
  cli: Cli,
  name: string,
  route: (typeof actions)[number][1],
  text: string,
): void {
  const command = campaign
    .command(name)
    .summary(text)
    .description(`${text[0]!.toUpperCase()}${text.slice(1)}.`)
    .addArgument(campaignPlace(cli));
  addExamples(command, [[`${name[0]!.toUpperCase()}${name.slice(1)} one`, `yaolian campaign ${name} 1f00ab34`]]);
  onPlatformRun(cli, command, async ({ client, args, printer, signal }) => {
    const found = await client.call(route, { params: { id: args[0]! }, signal });
    await printer.result(found, () => `Campaign ${found.id} (${printable(found.name)}) is ${found.state}.\n`);
  });
}
