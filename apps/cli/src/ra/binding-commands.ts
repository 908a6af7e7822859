import { type DeviceState, type Home, type HomeDevice, Refused } from '@yaolian/igrs/client';
import { hasCode } from '@yaolian/kernel';
import { Argument, type Command, Option } from 'commander';
import type { Cli } from '../command.ts';
import { addExamples } from '../help.ts';
import { printable } from '../output/display-width.ts';
import type { Column } from '../output/table.ts';
import { collectOption } from '../parsers.ts';
import { type HomeRun, onHomeRun, raAddress, remoteDevicePlace } from './session.ts';

/** GB/T 29265.205 §10.3, §10.4: which devices are a user's. */
export function registerBindingCommands(ra: Command, cli: Cli): void {
  registerHome(ra, cli);
  registerBind(ra, cli);
  registerUnbind(ra, cli);
}

interface BindOptions {
  readonly name?: string;
  readonly group?: readonly string[];
}

function registerBind(ra: Command, cli: Cli): void {
  const command = ra
    .command('bind')
    .summary('make a device yours')
    .description('Make a device yours by its verification code, which stands on it or comes from who runs it.')
    .addArgument(remoteDevicePlace())
    .addArgument(new Argument('<code>', 'its verification code'))
    .addOption(new Option('--name <name>', 'what you call it'))
    .addOption(
      new Option('--group <name>', 'a group of yours that it belongs to; may be given again').argParser(
        collectOption((text) => text),
      ),
    );
  addExamples(command, [['The one in the attic', 'yaolian ra bind attic 7KQ2M-0WX9D --name Attic']]);
  onHomeRun<BindOptions>(cli, command, async ({ args, user, options, printer, signal, connected }) => {
    const device = raAddress(args[0], user);
    const { name, group: groups = [] } = options;
    await connected(async (home) => {
      const bound = await home.bind(device, args[1]!, { ...(name === undefined ? {} : { name }), groups, signal });
      const outcome = bound.state === 'pending' ? 'is yours when it has agreed' : 'is yours';
      await printer.result(bound, () => `${printable(bound.device)} ${outcome}.\n`);
    });
  });
}

function registerUnbind(ra: Command, cli: Cli): void {
  const command = ra
    .command('unbind')
    .summary('give a device up')
    .description('Give a device up: it is not yours any more, and you may do nothing with it.')
    .addArgument(remoteDevicePlace());
  addExamples(command, [['The one in the attic', 'yaolian ra unbind attic']]);
  onHomeRun(cli, command, async ({ args, user, printer, signal, connected }) => {
    const device = raAddress(args[0], user);
    await connected(async (home) => {
      await home.unbind(device, { signal });
      await printer.result({ device }, () => `${printable(device)} is not yours any more.\n`);
    });
  });
}

interface SeenDevice extends HomeDevice {
  readonly presence: DeviceState | 'pending' | 'unknown';
}

const columns: readonly Column<SeenDevice>[] = [
  { title: 'DEVICE', value: ({ device }) => device, shrinks: true },
  { title: 'NAME', value: ({ name }) => name, shrinks: true },
  { title: 'STATE', value: ({ presence }) => presence },
  { title: 'GROUPS', value: ({ groups }) => groups.join(', '), shrinks: true },
];

function registerHome(ra: Command, cli: Cli): void {
  const command = ra
    .command('home')
    .summary('list your devices')
    .description('List your devices, and whether they are there.');
  addExamples(command, [['Your devices', 'yaolian ra home --user ann@home.example']]);
  onHomeRun(cli, command, listHome);
}

async function listHome({ printer, signal, connected }: HomeRun<object>): Promise<void> {
  await connected(async (home) => {
    const devices = await home.devices({ signal });
    const items = await Promise.all(
      devices.map(
        async (device): Promise<SeenDevice> => ({ ...device, presence: await presenceOf(home, device, signal) }),
      ),
    );
    await printer.result({ items }, () =>
      items.length === 0 ? 'No devices. Bind one with "yaolian ra bind".\n' : printer.table(items, columns),
    );
  });
}

async function presenceOf(
  home: Home,
  { device, state }: HomeDevice,
  signal: AbortSignal,
): Promise<SeenDevice['presence']> {
  if (state === 'pending') return 'pending';
  try {
    return await home.device(device).state({ signal });
  } catch (error) {
    // One device that may not be asked or that keeps silent does not hide the others.
    if (error instanceof Refused || hasCode(error, 'XMPP_TIMEOUT')) return 'unknown';
    throw error;
  }
}
