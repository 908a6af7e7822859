import { type RouteResponse, routes } from '@yaolian/contract';
import { Argument, type Command } from 'commander';
import type { Cli } from '../command.ts';
import { addExamples } from '../help.ts';
import type { Column } from '../output/table.ts';
import { localTime } from '../output/time.ts';
import { collectPages, onPlatformRun } from './platform-command.ts';

/** What Profile IDs stand for (OMA-TS-LightweightM2M_Core 1.2 §6.2.1). */
export function registerProfileCommands(parent: Command, cli: Cli): void {
  const profiles = parent
    .command('profiles')
    .summary('list and forget what the Profile IDs of LwM2M 1.2 stand for')
    .description(
      'The lists of objects that devices of LwM2M 1.2 name by a Profile ID when they register. What an ID stands for is ' +
        'learned from the first device that sends both, and holds for all until it is forgotten.',
    );
  addExamples(profiles, [['What is known?', 'yaolian profiles list']]);
  registerList(profiles, cli);
  registerForget(profiles, cli);
}

type Profile = RouteResponse<typeof routes.listProfiles>['items'][number];

const columns: readonly Column<Profile>[] = [
  { title: 'PROFILE', value: (one) => one.id },
  { title: 'LEARNED', value: (one) => localTime(one.learnedAt) },
  { title: 'OBJECTS', value: (one) => one.objectLinks, shrinks: true },
];

function registerList(profiles: Command, cli: Cli): void {
  const command = profiles
    .command('list')
    .alias('ls')
    .summary('list what Profile IDs stand for')
    .description('List the Profile IDs that are known, with the lists of objects that they stand for.');
  addExamples(command, [
    ['List them', 'yaolian profiles list'],
    ['With the whole lists', 'yaolian profiles list --json'],
  ]);
  onPlatformRun(cli, command, async ({ client, printer, signal }) => {
    const { items } = await collectPages(Number.MAX_SAFE_INTEGER, (query) =>
      client.call(routes.listProfiles, { query, signal }),
    );
    await printer.result({ items }, () => (items.length === 0 ? 'No profiles.\n' : printer.table(items, columns)));
  });
}

function registerForget(profiles: Command, cli: Cli): void {
  const command = profiles
    .command('forget')
    .summary('forget what a Profile ID stands for')
    .description(
      'Forget what a Profile ID stands for: the next device that registers with it is asked for its list, which holds ' +
        'from then on. Registered devices keep the objects they have.',
    )
    .addArgument(new Argument('<id>', 'the Profile ID, as "profiles list" shows it'));
  addExamples(command, [['Learn it anew', 'yaolian profiles forget 6:1234abcd']]);
  onPlatformRun(cli, command, async ({ client, args, printer, signal }) => {
    const id = args[0]!;
    await client.call(routes.forgetProfile, { params: { id }, signal });
    await printer.result({ forgotten: id }, () => `${id} is forgotten.\n`);
  });
}
