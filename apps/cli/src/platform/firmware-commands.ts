import { basename } from 'node:path';
import { deliveryWishes, type JsonFirmwareFile, type JsonFirmwareUpdate, routes } from '@yaolian/contract';
import type { Duration } from '@yaolian/kernel';
import { toSeconds } from '@yaolian/kernel';
import { Argument, type Command, Option } from 'commander';
import { type Candidate, type Cli, completeFiles, completeWith, onRun } from '../command.ts';
import { openFile, readBytes, writeBytes } from '../files.ts';
import { addExamples } from '../help.ts';
import { printable } from '../output/display-width.ts';
import type { Paint } from '../output/paint.ts';
import type { Column } from '../output/table.ts';
import { relativeTime } from '../output/time.ts';
import { durationOption, integerOption } from '../parsers.ts';
import { connect } from './connection.ts';
import { devicePlace } from './places.ts';
import { collectPages, onPlatformRun, type PlatformRun } from './platform-command.ts';
import { watchUpdate } from './watch-update.ts';

export function registerFirmwareCommands(parent: Command, cli: Cli): void {
  const firmware = parent
    .command('firmware')
    .summary('upload packages and update the firmware of devices')
    .description(
      'Packages, and updates of single devices: of firmware (object 5) or software (object 9). "yaolian campaign" updates many.',
    );
  addExamples(firmware, [
    ['A package', 'yaolian firmware upload meter-1.2.bin --version 1.2 --model X'],
    ['One device, with a progress bar', 'yaolian firmware update urn:imei:861111003929110 --file 9f2c01ab --watch'],
  ]);
  registerUpload(firmware, cli);
  registerList(firmware, cli);
  registerRemove(firmware, cli);
  registerUpdate(firmware, cli);
  registerUpdates(firmware, cli);
  registerCancel(firmware, cli);
  registerPack(firmware, cli);
}

interface PackageOptions {
  readonly version?: string;
  readonly model?: string;
  readonly name?: string;
}

function registerUpload(firmware: Command, cli: Cli): void {
  const command = firmware
    .command('upload')
    .summary('upload a package')
    .description('Upload a firmware package as it is. Tell its version, so that devices that have it are known.')
    .addArgument(completeWith(new Argument('<file>', 'the package'), completeFiles))
    .addOption(new Option('--version <text>', 'what devices say in /3/0/3 once they have it'))
    .addOption(new Option('--model <text>', 'the model (/3/0/1) that it is for').default(undefined, 'any'))
    .addOption(new Option('--name <text>', 'a name for people').default(undefined, 'that of the file'));
  addExamples(command, [['For one model', 'yaolian firmware upload meter-1.2.bin --version 1.2 --model X']]);
  onPlatformRun<PackageOptions>(cli, command, async ({ client, args, options, printer, signal }) => {
    const path = args[0]!;
    const { version, model, name = basename(path) } = options;
    const body = await openFile(path);
    const query = { name, ...(version === undefined ? {} : { version }), ...(model === undefined ? {} : { model }) };
    const file = await client.call(routes.uploadFirmware, { query, body, signal });
    await printer.result(file, () =>
      printer.facts([
        ['Package', file.id],
        ['Name', file.name],
        ['Version', file.version],
        ['Model', file.model],
        ['Size', `${file.size} bytes`],
        ['SHA-256', file.sha256],
      ]),
    );
    if (version === undefined) {
      await printer.note('Without --version the platform cannot see which devices have it already.');
    }
  });
}

const fileColumns = (now: number): readonly Column<JsonFirmwareFile>[] => [
  { title: 'PACKAGE', value: (file) => file.id },
  { title: 'NAME', value: (file) => file.name, shrinks: true },
  { title: 'VERSION', value: (file) => file.version },
  { title: 'MODEL', value: (file) => file.model, shrinks: true },
  { title: 'SIZE', value: (file) => file.size, align: 'right' },
  { title: 'UPLOADED', value: (file) => relativeTime(file.createdAt, now) },
  { title: 'BY', value: (file) => file.createdBy },
];

function registerList(firmware: Command, cli: Cli): void {
  const command = firmware.command('list').alias('ls').summary('list packages').description('List the packages.');
  addExamples(command, [['List them', 'yaolian firmware list']]);
  onPlatformRun(cli, command, async ({ client, printer, signal }) => {
    const { items } = await collectPages(Number.POSITIVE_INFINITY, (query) =>
      client.call(routes.listFirmware, { query, signal }),
    );
    await printer.result({ items }, () =>
      items.length === 0 ? 'No packages.\n' : printer.table(items, fileColumns(Date.now())),
    );
  });
}

/** The id of a package, completed with those that there are. */
async function packageCandidates(cli: Cli): Promise<readonly Candidate[]> {
  try {
    const { client } = await connect(cli.host);
    const { items } = await client.call(routes.listFirmware, { signal: AbortSignal.timeout(1_500) });
    return items.map(({ id, name, version }) => ({ value: id, description: `${name} ${version ?? ''}` }));
  } catch {
    return []; // a completion that complains in the middle of a command line helps nobody
  }
}

function packageOption(cli: Cli): Option {
  const option = new Option('-f, --file <package>', 'id of an uploaded package').makeOptionMandatory();
  return completeWith(option, () => packageCandidates(cli));
}

function registerRemove(firmware: Command, cli: Cli): void {
  const command = firmware
    .command('remove')
    .alias('rm')
    .summary('remove a package')
    .description('Remove a package that no device is being updated with.')
    .addArgument(completeWith(new Argument('<package>', 'its id'), () => packageCandidates(cli)));
  addExamples(command, [['Remove one', 'yaolian firmware remove 9f2c01ab']]);
  onPlatformRun(cli, command, async ({ client, args, printer, signal }) => {
    await client.call(routes.removeFirmware, { params: { id: args[0]! }, signal });
    await printer.result({ removed: args[0] }, () => `The package ${args[0]} is removed.\n`);
  });
}

export interface UpdateWishOptions {
  readonly file: string;
  readonly software?: string;
  readonly delivery?: (typeof deliveryWishes)[number];
  readonly severity?: number;
  readonly defer?: Duration;
  readonly attempts?: number;
}

/** What an update of one device and of many have in common. */
export function addUpdateOptions(command: Command, cli: Cli): Command {
  return command
    .addOption(packageOption(cli))
    .addOption(
      new Option('--software <name>', 'the package is of this software component (object 9, /9/x/0), not the firmware'),
    )
    .addOption(
      new Option('--delivery <way>', 'push: the platform writes it; pull: the device fetches it')
        .choices(deliveryWishes)
        .default(undefined, 'auto: as the device takes it'),
    )
    .addOption(
      new Option('--severity <number>', '0 critical, 1 mandatory, 2 optional (/5/0/11)').argParser(
        integerOption('a severity', 0, 2),
      ),
    )
    .addOption(new Option('--defer <duration>', 'how long users may put it off (/5/0/13)').argParser(durationOption))
    .addOption(
      new Option('--attempts <number>', 'how often it is tried at most')
        .argParser(integerOption('a number of attempts', 1, 20))
        .default(undefined, '3'),
    );
}

export function updateWish({ file, software, delivery, severity, defer, attempts }: UpdateWishOptions) {
  return {
    file,
    ...(software === undefined ? {} : { software }),
    ...(delivery === undefined ? {} : { delivery }),
    ...(severity === undefined ? {} : { severity }),
    ...(defer === undefined ? {} : { maximumDeferPeriod: Math.round(toSeconds(defer)) }),
    ...(attempts === undefined ? {} : { attempts }),
  };
}

function registerUpdate(firmware: Command, cli: Cli): void {
  const command = firmware
    .command('update')
    .summary('update a device')
    .description(
      'Update the firmware of a device. It goes on without this command: the platform holds it over restarts, and waits for a device that is away.',
    )
    .addArgument(devicePlace(cli));
  addUpdateOptions(command, cli).addOption(new Option('-w, --watch', 'show how it goes until it is over'));
  addExamples(command, [
    ['With a progress bar', 'yaolian firmware update urn:imei:861111003929110 --file 9f2c01ab --watch'],
    [
      'A software component, installed and activated',
      'yaolian firmware update dev-1 -f 9f2c01ab --software app --watch',
    ],
    ['Written to the device, not fetched', 'yaolian firmware update dev-1 -f 9f2c01ab --delivery push'],
  ]);
  onPlatformRun<UpdateWishOptions & { readonly watch?: boolean }>(cli, command, async (run) => {
    const { client, args, options, printer, signal } = run;
    const start = () =>
      client.call(routes.startFirmwareUpdate, { params: { device: args[0]! }, body: updateWish(options), signal });
    if (options.watch) return watchUpdate(run, start);
    const update = await start();
    await printer.result(update, () => `Update ${update.id} of ${printable(update.device)} has begun.\n`);
    await printer.note(`yaolian firmware updates ${update.device} shows how it goes.`);
  });
}

const phasePaints: Readonly<Record<string, Paint>> = { succeeded: 'green', failed: 'red', cancelled: 'yellow' };

const updateColumns = (now: number): readonly Column<JsonFirmwareUpdate>[] => [
  { title: 'UPDATE', value: (update) => update.id },
  { title: 'DEVICE', value: (update) => update.device, shrinks: true },
  { title: 'PHASE', value: (update) => update.phase, paint: (update) => phasePaints[update.phase] },
  { title: 'SOFTWARE', value: (update) => update.software },
  { title: 'BY', value: (update) => update.delivery },
  { title: 'FROM', value: (update) => update.fromVersion },
  { title: 'TO', value: (update) => update.toVersion },
  { title: 'TRIES', value: (update) => update.attempts, align: 'right' },
  { title: 'CHANGED', value: (update) => relativeTime(update.finishedAt ?? update.changedAt, now) },
  { title: 'WHY', value: (update) => update.failure ?? update.note, shrinks: true },
];

function registerUpdates(firmware: Command, cli: Cli): void {
  const command = firmware
    .command('updates')
    .summary('list updates')
    .description('List firmware updates of all devices, or of one, the newest first.')
    .addArgument(devicePlace(cli, '[device]'))
    .addOption(
      new Option('--limit <number>', 'at most so many').argParser(integerOption('a limit', 1, 1_000_000)).default(100),
    );
  addExamples(command, [['Those of one device', 'yaolian firmware updates urn:imei:861111003929110']]);
  onPlatformRun<{ readonly limit: number }>(cli, command, async ({ client, args, options, printer, signal }) => {
    const device = args[0] === undefined ? {} : { device: args[0] };
    const { items } = await collectPages(options.limit, (page) =>
      client.call(routes.listFirmwareUpdates, { query: { ...device, ...page }, signal }),
    );
    await printer.result({ items }, () =>
      items.length === 0 ? 'No updates.\n' : printer.table(items, updateColumns(Date.now())),
    );
  });
}

function registerCancel(firmware: Command, cli: Cli): void {
  const command = firmware
    .command('cancel')
    .summary('give an update up')
    .description('Give an update up. A device that is installing already is not stopped.')
    .addArgument(new Argument('<update>', 'its id'));
  addExamples(command, [['Give one up', 'yaolian firmware cancel 5c1e0f7702b3aa91']]);
  onPlatformRun(cli, command, async ({ client, args, printer, signal }: PlatformRun<unknown>) => {
    const update = await client.call(routes.cancelFirmwareUpdate, { params: { id: args[0]! }, signal });
    await printer.result(update, () => `Update ${update.id} of ${printable(update.device)} is given up.\n`);
  });
}

function registerPack(firmware: Command, cli: Cli): void {
  const command = firmware
    .command('pack')
    .summary('make a package for simulated terminals')
    .description('Put a file into the container that simulated terminals install: a text header with its SHA-256.')
    .addArgument(completeWith(new Argument('<file>', 'what is to be in it'), completeFiles))
    .addArgument(completeWith(new Argument('<package>', 'the file to write; - for standard output'), completeFiles))
    .addOption(new Option('--version <text>', 'its version').makeOptionMandatory())
    .addOption(new Option('--name <text>', 'its name').default('firmware'))
    .addOption(new Option('--model <text>', 'the model that takes it').default(undefined, 'any'));
  addExamples(command, [['A package', 'yaolian firmware pack app.bin app-1.2.fw --version 1.2']]);
  onRun<PackageOptions>(cli, command, async ({ args, options, printer }) => {
    const { packFirmware } = await import('@yaolian/simulator');
    const { name = 'firmware', version = '', model } = options;
    const bytes = packFirmware(await readBytes(args[0]!), { name, version, model });
    await writeBytes(printer, args[1]!, bytes);
  });
}
