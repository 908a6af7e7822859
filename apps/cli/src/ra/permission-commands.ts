import { featureOfPath } from '@yaolian/igrs';
import type { Permission } from '@yaolian/igrs/client';
import type { Duration } from '@yaolian/kernel';
import type { Jid } from '@yaolian/xmpp';
import { Argument, type Command, Option } from 'commander';
import type { Cli } from '../command.ts';
import { cliErrors } from '../errors.ts';
import { addExamples } from '../help.ts';
import { printable } from '../output/display-width.ts';
import { durationOption, integerOption } from '../parsers.ts';
import { onHomeRun, raAddress, remoteDevicePlace } from './session.ts';

/** GB/T 29265.205 §9: what others may do with a user's devices. */
export function registerPermissionCommands(ra: Command, cli: Cli): void {
  registerPermit(ra, cli);
  registerRevoke(ra, cli);
}

interface FeatureOptions {
  readonly object?: number;
  readonly feature?: string;
}

interface PermitOptions extends FeatureOptions {
  readonly expires?: Duration;
}

type Operation = Permission['operations'][number];

const known: ReadonlySet<string> = new Set<Operation>(['read', 'write', 'execute', 'observe', 'message']);

function whomPlace(): Argument {
  return new Argument(
    '<whom>',
    'a user, or "friends" or "owners" for all of them (one who is called so: with its domain)',
  );
}

function addFeatureOptions(command: Command): void {
  command
    .addOption(
      new Option('--object <id>', 'an LwM2M object of the device').argParser(integerOption('an object', 0, 65_534)),
    )
    .addOption(new Option('--feature <urn>', 'any feature; with * at the end all that begin so').conflicts('object'));
}

function registerPermit(ra: Command, cli: Cli): void {
  const command = ra
    .command('permit')
    .summary('let others use a device of yours')
    .description('Let a friend, all friends or the other owners use a part of a device of yours.')
    .addArgument(remoteDevicePlace())
    .addArgument(whomPlace())
    .addArgument(new Argument('<operations>', 'of read, write, execute, observe and message, with commas between'));
  addFeatureOptions(command);
  command.addOption(new Option('--expires <duration>', 'for so long').argParser(durationOption));
  addExamples(command, [
    ['Bob may see how warm it is, this week', 'yaolian ra permit attic bob read,observe --object 3303 --expires 7d'],
    ['Friends may read everything', "yaolian ra permit attic friends read --feature '*'"],
  ]);
  onHomeRun<PermitOptions>(cli, command, async ({ args, user, options, printer, signal, connected }) => {
    const device = raAddress(args[0], user);
    const { expires: lasts } = options;
    if (lasts !== undefined && lasts <= 0) throw cliErrors.CLI_USAGE('--expires is longer than nothing: 7d, 12h, 30m');
    const permission: Permission = {
      to: whom(args[1], user),
      feature: permittedFeature(options),
      operations: operationsOf(args[2]!),
      ...(lasts === undefined ? {} : { expires: new Date(Date.now() + lasts) }),
    };
    await connected(async (home) => {
      await home.permit(device, permission, { signal });
      await printer.result({ device, ...permission }, () => `Permitted: ${printable(permission.feature)}.\n`);
    });
  });
}

function registerRevoke(ra: Command, cli: Cli): void {
  const command = ra
    .command('revoke')
    .summary('take a permission back')
    .description('Take back what was permitted for the same object or feature.')
    .addArgument(remoteDevicePlace())
    .addArgument(whomPlace());
  addFeatureOptions(command);
  addExamples(command, [['Bob may not any more', 'yaolian ra revoke attic bob --object 3303']]);
  onHomeRun<FeatureOptions>(cli, command, async ({ args, user, options, printer, signal, connected }) => {
    const device = raAddress(args[0], user);
    const permission = { to: whom(args[1], user), feature: featureOf(options) };
    await connected(async (home) => {
      await home.revoke(device, permission, { signal });
      await printer.result({ device, ...permission }, () => `Revoked: ${printable(permission.feature)}.\n`);
    });
  });
}

function whom(text: string | undefined, user: Jid): Permission['to'] {
  if (text === 'friends' || text === 'friend') return { class: 'friend' };
  return text === 'owners' || text === 'owner' ? { class: 'owner' } : raAddress(text, user);
}

function featureOf({ object, feature }: FeatureOptions): string {
  if (object !== undefined) return featureOfPath(`/${object}`);
  if (feature) return feature;
  throw cliErrors.CLI_USAGE('say what is meant: --object 3303 for one object, --feature "*" for the whole device');
}

/** One that is nothing but the number of an object would permit nothing; to revoke it stays possible. */
function permittedFeature(options: FeatureOptions): string {
  const [, object] = /^\/?(\d+)$/.exec(options.feature ?? '') ?? [];
  if (object === undefined) return featureOf(options);
  throw cliErrors.CLI_USAGE(`"${options.feature}" is no feature; for an LwM2M object write --object ${object}`);
}

function operationsOf(text: string): readonly Operation[] {
  const names = text.split(',');
  const strange = names.find((name) => !known.has(name));
  if (strange === undefined) return names as Operation[];
  throw cliErrors.CLI_USAGE(`"${strange}" is no operation; there are ${[...known].join(', ')}`);
}
