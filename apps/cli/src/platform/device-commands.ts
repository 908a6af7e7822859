import {
  deviceCsvHead,
  deviceCsvRow,
  type JsonConnection,
  type JsonDeviceDetail,
  type JsonEndDevice,
  routes,
} from '@yaolian/contract';
import { type Command, Option } from 'commander';
import type { Cli } from '../command.ts';
import { cliErrors } from '../errors.ts';
import { addExamples } from '../help.ts';
import type { Printer } from '../output/printer.ts';
import type { Fact } from '../output/table.ts';
import { localTime, relativeTime } from '../output/time.ts';
import { integerOption } from '../parsers.ts';
import { addDeviceFilter, type DeviceFilterOptions, deviceFilter } from './device-filter.ts';
import { followEvents } from './follow-events.ts';
import { devicePlace } from './places.ts';
import { collectPages, onPlatformRun, type PlatformRun } from './platform-command.ts';
import { registerShareCommands } from './share-commands.ts';
import { deviceColumns, linkColumns, paintOfState } from './state-view.ts';

interface ListOptions extends DeviceFilterOptions {
  readonly limit?: number;
  readonly csv?: true;
}

export function registerDeviceCommands(parent: Command, cli: Cli): void {
  const devices = parent
    .command('devices')
    .summary('list, show, watch and remove devices')
    .description('The devices that the platform knows.');
  addExamples(devices, [['All of them', 'yaolian devices list']]);
  registerList(devices, cli);
  registerShow(devices, cli);
  registerBehind(devices, cli);
  registerWatch(devices, cli);
  registerRemove(devices, cli);
  registerShareCommands(devices, cli);
}

function registerList(devices: Command, cli: Cli): void {
  const command = devices
    .command('list')
    .alias('ls')
    .summary('list devices')
    .description('List devices in the order of their keys.');
  addDeviceFilter(command).addOption(
    new Option('--limit <number>', 'at most so many')
      .argParser(integerOption('a limit', 1, 10_000_000))
      .default(undefined, `${shownAtMost}; with --csv all`),
  );
  command.addOption(new Option('--csv', 'as CSV, for spreadsheets; not with --json'));
  addExamples(command, [
    ['Those that are reachable now', 'yaolian devices list --state online'],
    ['Find one by a part of its IMEI', 'yaolian devices list --search 8611110'],
    ['All of them in a spreadsheet', 'yaolian devices list --csv > devices.csv'],
    ['Keys for a script', `yaolian devices list --json | jq -r '.items[].key'`],
  ]);
  onPlatformRun<ListOptions>(cli, command, list);
}

const shownAtMost = 1000;

async function list(run: PlatformRun<ListOptions>): Promise<void> {
  const { client, options, printer, signal } = run;
  if (options.csv) {
    if (printer.json) throw cliErrors.CLI_USAGE('--csv and --json: say one of them');
    return printCsv(run);
  }
  const { limit = shownAtMost } = options;
  const filter = deviceFilter(options);
  const { items, more } = await collectPages(limit, (page) =>
    client.call(routes.listDevices, { query: { ...filter, ...page }, signal }),
  );
  await printer.result({ items, more }, () =>
    items.length === 0 ? 'No devices.\n' : printer.table(items, deviceColumns(Date.now())),
  );
  if (more) await printer.note(`There are more than ${limit}: ask with --search, or with a larger --limit.`);
}

/** Page by page: a fleet of any size needs the memory of one page. */
async function printCsv({ client, options, printer, signal }: PlatformRun<ListOptions>): Promise<void> {
  const { limit = Number.POSITIVE_INFINITY } = options;
  const filter = deviceFilter(options);
  await printer.raw(deviceCsvHead);
  let cursor: string | undefined;
  let count = 0;
  do {
    const query = { ...filter, limit: Math.min(1000, limit - count), ...(cursor === undefined ? {} : { cursor }) };
    const { items, next } = await client.call(routes.listDevices, { query, signal });
    await printer.raw(items.map(deviceCsvRow).join(''));
    count += items.length;
    cursor = next;
  } while (cursor !== undefined && count < limit);
  if (cursor !== undefined) await printer.note(`There are more than ${limit}: leave --limit out for all of them.`);
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

/** What of an identity is no abbreviation. */
const identityLabels: Readonly<Record<string, string>> = { type: 'Type', version: 'Version' };

function describeDevice(device: JsonDeviceDetail, printer: Printer): string {
  const now = Date.now();
  const { registration, remoteAccess } = device;
  const moment = (iso: string | undefined): string | undefined =>
    iso === undefined ? undefined : `${localTime(iso)} (${relativeTime(iso, now)})`;
  const facts = printer.facts([
    ['Device', device.key],
    ['State', device.state, paintOfState(device.state)],
    ['Endpoint', device.endpoint === device.key ? undefined : device.endpoint],
    ...Object.entries(device.identity).map(
      ([name, value]): Fact => [identityLabels[name] ?? name.toUpperCase(), value],
    ),
    ['Vendor', device.vendor],
    ['Model', device.model],
    ['Firmware', device.version],
    ['Activated', moment(device.activatedAt)],
    ['Activated from', device.activationAddress],
    ['Registered', moment(device.lastRegisteredAt)],
    ['Last address', device.lastAddress],
    ['Registration', registration?.id],
    ['LwM2M version', registration?.lwm2mVersion],
    ['Binding', registration && registration.binding + (registration.queueMode ? ' (queue mode)' : '')],
    ...connectionFacts(registration?.connection),
    ['Lifetime', registration && (registration.lifetime === 0 ? 'no end' : `${registration.lifetime} s`)],
    ['Updated', moment(registration?.updatedAt)],
    ['Expires', moment(registration?.expiresAt)],
    ...Object.entries(registration?.otherParameters ?? {}),
    ['Account', remoteAccess?.account],
    ['Owners', remoteAccess && ownersText(remoteAccess)],
    ['Asked first', remoteAccess && (remoteAccess.confirms ? 'yes: who binds it waits until it is agreed to' : 'no')],
  ]);
  const links = device.links.length === 0 ? '' : `\n${printer.table(device.links, linkColumns)}`;
  return `${facts}${links}`;
}

const transportNames: Readonly<Record<JsonConnection['transport'], string>> = {
  ...{ udp: 'UDP', dtls: 'UDP, DTLS', tcp: 'TCP', tls: 'TCP, TLS' },
  ...{ ws: 'WebSocket', wss: 'WebSocket, TLS', mqtt: 'MQTT' },
};

function connectionFacts(connection: JsonConnection | undefined): readonly Fact[] {
  if (!connection) return [];
  const { transport, cipherSuite, connectionId, digest } = connection;
  const carried = [transportNames[transport], cipherSuite, connectionId ? 'Connection ID' : undefined];
  return [
    ['Transport', carried.filter(Boolean).join(', ')],
    ['Security', proofText(connection)],
    ['SHA-256', digest],
  ];
}

function proofText({ security, identity, names = [], expiresAt }: JsonConnection): string {
  if (security === 'psk') return `pre-shared key "${identity}"`;
  if (security === 'oscore') return `OSCORE "${identity}"`;
  if (security === 'rpk') return 'raw public key';
  if (security === 'none') return 'none: it proves nothing';
  return `certificate of ${names.join(', ') || 'nobody by name'}${expiresAt ? `, until ${localTime(expiresAt)}` : ''}`;
}

function ownersText({ owners }: NonNullable<JsonDeviceDetail['remoteAccess']>): string {
  const names = owners.map(({ user, state }) => (state === 'pending' ? `${user} (waits)` : user));
  return names.join(', ') || 'nobody yet';
}

function registerBehind(devices: Command, cli: Cli): void {
  const command = devices
    .command('behind')
    .summary('list the devices behind a gateway')
    .description(
      'Ask an LwM2M Gateway which devices are behind it, and what they have. Their paths are written with the prefix.',
    )
    .addArgument(devicePlace(cli, '<gateway>'));
  addExamples(command, [
    ['What is behind one', 'yaolian devices behind urn:imei:861111003929110'],
    ['Read a value of what is behind it', 'yaolian read urn:imei:861111003929110 /d01/3303/0/5700'],
  ]);
  onPlatformRun(cli, command, async ({ client, args, printer, signal }) => {
    const answer = await client.call(routes.listEndDevices, { params: { device: args[0]! }, signal });
    await printer.result(answer, ({ items }) =>
      items.length === 0
        ? 'No devices behind it.\n'
        : items.map((endDevice) => describeEndDevice(endDevice, printer)).join('\n'),
    );
  });
}

function describeEndDevice({ prefix, deviceId, links }: JsonEndDevice, printer: Printer): string {
  const facts = printer.facts([
    ['Prefix', prefix],
    ['Device', deviceId],
  ]);
  return links.length === 0 ? facts : `${facts}${printer.table(links, linkColumns)}`;
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
  'device.connected',
  'device.disconnected',
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
      'Forget a device: its activation, registration, observations and owners, who are told. It is a new device when it registers again, if enrolment lets it.',
    )
    .addArgument(devicePlace(cli));
  addExamples(command, [['Forget one', 'yaolian devices remove urn:imei:861111003929110']]);
  onPlatformRun(cli, command, async ({ client, args, printer, signal }) => {
    const device = args[0]!;
    await client.call(routes.removeDevice, { params: { device }, signal });
    await printer.result({ removed: device }, () => `${device} is forgotten.\n`);
  });
}
