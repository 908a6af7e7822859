import { deviceStates, type JsonDeviceDetail, routes } from '@yaolian/contract';
import { type Command, Option } from 'commander';
import { type Cli, completeFrom, completeWith } from '../command.ts';
import { cliErrors } from '../errors.ts';
import { addExamples } from '../help.ts';
import type { Printer } from '../output/printer.ts';
import type { Fact } from '../output/table.ts';
import { localTime, relativeTime } from '../output/time.ts';
import { integerOption } from '../parsers.ts';
import { followEvents } from './follow-events.ts';
import { devicePlace } from './places.ts';
import { collectPages, onPlatformRun, type PlatformRun } from './platform-command.ts';
import { deviceColumns, linkColumns, paintOfState } from './state-view.ts';

interface ListOptions {
  readonly search?: string;
  readonly state?: (typeof deviceStates)[number];
  readonly limit: number;
}

export function registerDeviceCommands(parent: Command, cli: Cli): void {
  const devices = parent
    .command('devices')
    .summary('list, show, watch and remove devices')
    .description('The devices that the platform knows.');
  addExamples(devices, [['All of them', 'yaolian devices list']]);
  registerList(devices, cli);
  registerShow(devices, cli);
  registerWatch(devices, cli);
  registerRemove(devices, cli);
}

function registerList(devices: Command, cli: Cli): void {
  const command = devices
    .command('list')
    .alias('ls')
    .summary('list devices')
    .description('List devices in the order of their keys.')
    .addOption(new Option('-s, --search <text>', 'only those with this in key, endpoint name or identity, in any case'))
    .addOption(
      completeWith(
        new Option('--state <state>', 'only those in this state').choices(deviceStates).argParser(stateOption),
        completeFrom(deviceStates.map((value) => ({ value }))),
      ),
    )
    .addOption(
      new Option('--limit <number>', 'at most so many')
        .argParser(integerOption('a limit', 1, 10_000_000))
        .default(1000),
    );
  addExamples(command, [
    ['Those that are reachable now', 'yaolian devices list --state online'],
    ['Find one by a part of its IMEI', 'yaolian devices list --search 8611110'],
    ['Keys for a script', `yaolian devices list --json | jq -r '.items[].key'`],
  ]);
  onPlatformRun<ListOptions>(cli, command, list);
}

function stateOption(text: string): (typeof deviceStates)[number] {
  const state = deviceStates.find((known) => known === text.toUpperCase());
  if (state) return state;
  throw cliErrors.CLI_USAGE(`a state is one of ${deviceStates.join(', ')}, not "${text}"`);
}

async function list({ client, options, printer, signal }: PlatformRun<ListOptions>): Promise<void> {
  const { search, state, limit } = options;
  const filter = { ...(search === undefined ? {} : { search }), ...(state === undefined ? {} : { state }) };
  const { items, more } = await collectPages(limit, (page) =>
    client.call(routes.listDevices, { query: { ...filter, ...page }, signal }),
  );
  await printer.result({ items, more }, () =>
    items.length === 0 ? 'No devices.\n' : printer.table(items, deviceColumns(Date.now())),
  );
  if (more) await printer.note(`There are more than ${limit}: ask with --search, or with a larger --limit.`);
}

function registerShow(devices: Command, cli: Cli): void {
  const command = devices
    .command('show')
    .summary('show a device with its registration')
    .description('Show a device: its state, its registration and what it announced.')
    .addArgument(devicePlace(cli));
  addExamples(command, [['Show one', 'yaolian devices show urn:imei:861111003929110']]);
  onPlatformRun(cli, command, async ({ client, args, printer, signal }) => {
    const device = await client.call(routes.showDevice, { params: { device: args[0]! }, signal });
    await printer.result(device, () => describeDevice(device, printer));
  });
}

function describeDevice(device: JsonDeviceDetail, printer: Printer): string {
  const now = Date.now();
  const { registration } = device;
  const moment = (iso: string | undefined): string | undefined =>
    iso === undefined ? undefined : `${localTime(iso)} (${relativeTime(iso, now)})`;
  const facts = printer.facts([
    ['Device', device.key],
    ['State', device.state, paintOfState(device.state)],
    ['Endpoint', device.endpoint === device.key ? undefined : device.endpoint],
    ...Object.entries(device.identity).map(([name, value]): Fact => [name.toUpperCase(), value]),
    ['Activated', moment(device.activatedAt)],
    ['Activated from', device.activationAddress],
    ['Registered', moment(device.lastRegisteredAt)],
    ['Last address', device.lastAddress],
    ['Registration', registration?.id],
    ['LwM2M version', registration?.lwm2mVersion],
    ['Binding', registration && registration.binding + (registration.queueMode ? ' (queue mode)' : '')],
    ['Lifetime', registration && `${registration.lifetime} s`],
    ['Updated', moment(registration?.updatedAt)],
    ['Expires', moment(registration?.expiresAt)],
    ...Object.entries(registration?.otherParameters ?? {}),
  ]);
  const links = device.links.length === 0 ? '' : `\n${printer.table(device.links, linkColumns)}`;
  return `${facts}${links}`;
}

function registerWatch(devices: Command, cli: Cli): void {
  const command = devices
    .command('watch')
    .summary('follow devices as they come and go')
    .description('Follow registrations, updates, de-registrations and expiries as they happen, until Ctrl-C.')
    .addArgument(devicePlace(cli, '[device...]'));
  addExamples(command, [
    ['All devices', 'yaolian devices watch'],
    ['One device, as JSON lines', 'yaolian devices watch urn:imei:861111003929110 --json'],
  ]);
  onPlatformRun(cli, command, async (run) => {
    const device = run.args[0] as unknown as readonly string[] | undefined;
    await followEvents(run, { types: watchedTypes, devices: device ?? [] });
  });
}

const watchedTypes = [
  'device.registered',
  'device.updated',
  'device.deregistered',
  'device.expired',
  'device.refused',
  'device.removed',
] as const;

function registerRemove(devices: Command, cli: Cli): void {
  const command = devices
    .command('remove')
    .alias('rm')
    .summary('forget a device')
    .description(
      'Forget a device: its activation, registration and observations. It is a new device when it registers again, if enrolment lets it.',
    )
    .addArgument(devicePlace(cli));
  addExamples(command, [['Forget one', 'yaolian devices remove urn:imei:861111003929110']]);
  onPlatformRun(cli, command, async ({ client, args, printer, signal }) => {
    const device = args[0]!;
    await client.call(routes.removeDevice, { params: { device }, signal });
    await printer.result({ removed: device }, () => `${device} is forgotten.\n`);
  });
}
