import { type JsonAppKey, routes } from '@yaolian/contract';
import { Argument, type Command, Option } from 'commander';
import type { Cli } from '../command.ts';
import { addExamples } from '../help.ts';
import type { Column } from '../output/table.ts';
import { localTime } from '../output/time.ts';
import { stdinPassword } from '../stdin-password.ts';
import { collectPages, onPlatformRun } from './platform-command.ts';

export function registerAppKeyCommands(parent: Command, cli: Cli): void {
  const appKeys = parent
    .command('appkeys')
    .summary('issue, list and revoke appKeys of vendors (China Mobile, profiles B and C)')
    .description(
      'The appKeys of vendors: M and 9 digits, with a password that terminals of profiles B and C encrypt with.',
    );
  addExamples(appKeys, [['One for a vendor', 'yaolian appkeys issue "Example Phones"']]);
  registerIssue(appKeys, cli);
  registerList(appKeys, cli);
  registerRevoke(appKeys, cli);
}

interface IssueOptions {
  readonly appKey?: string;
  readonly password?: string;
  readonly passwordStdin?: boolean;
}

function registerIssue(appKeys: Command, cli: Cli): void {
  const command = appKeys
    .command('issue')
    .summary('issue an appKey and its password')
    .description('Issue an appKey and its password to a vendor. The password is shown this once.')
    .addArgument(new Argument('<vendor>', 'whose it is, for people'))
    .addOption(new Option('--app-key <key>', 'take over a key that was issued elsewhere, with its password'))
    .addOption(new Option('--password <text>', 'its password: 32 characters, or "" for a vendor that has none'))
    .addOption(
      new Option(
        '--password-stdin',
        'read its password from standard input, where other users do not see it',
      ).conflicts('password'),
    );
  addExamples(command, [
    ['A new one', 'yaolian appkeys issue "Example Phones"'],
    [
      'One that terminals in the field have already',
      'echo "$PASSWORD" | yaolian appkeys issue "Example Phones" --app-key M100000001 --password-stdin',
    ],
  ]);
  onPlatformRun<IssueOptions>(cli, command, async ({ client, args, options, printer, signal, host }) => {
    const { appKey } = options;
    const password = options.passwordStdin ? await stdinPassword(host) : options.password;
    const body = {
      vendor: args[0]!,
      ...(appKey === undefined ? {} : { appKey }),
      ...(password === undefined ? {} : { password }),
    };
    const issued = await client.call(routes.issueAppKey, { body, signal });
    await printer.result(issued, () =>
      printer.facts([
        ['Vendor', issued.vendor],
        ['AppKey', issued.appKey],
        ['Password', issued.password],
      ]),
    );
    if (issued.password !== undefined) await printer.note('The password is not shown again.');
  });
}

const columns: readonly Column<JsonAppKey>[] = [
  { title: 'APPKEY', value: (one) => one.appKey },
  { title: 'ISSUED', value: (one) => localTime(one.issuedAt) },
  { title: 'VENDOR', value: (one) => one.vendor, shrinks: true },
];

function registerList(appKeys: Command, cli: Cli): void {
  const command = appKeys
    .command('list')
    .alias('ls')
    .summary('list appKeys')
    .description('List the appKeys that were issued and not revoked.');
  addExamples(command, [['List them', 'yaolian appkeys list']]);
  onPlatformRun(cli, command, async ({ client, printer, signal }) => {
    const { items } = await collectPages(Number.MAX_SAFE_INTEGER, (query) =>
      client.call(routes.listAppKeys, { query, signal }),
    );
    await printer.result({ items }, () => (items.length === 0 ? 'No appKeys.\n' : printer.table(items, columns)));
  });
}

function registerRevoke(appKeys: Command, cli: Cli): void {
  const command = appKeys
    .command('revoke')
    .summary('revoke an appKey')
    .description('Revoke an appKey: its terminals cannot register any more, and their reports cannot be read.')
    .addArgument(new Argument('<key>', 'the appKey'));
  addExamples(command, [['Revoke one', 'yaolian appkeys revoke M100000001']]);
  onPlatformRun(cli, command, async ({ client, args, printer, signal }) => {
    const appKey = args[0]!;
    await client.call(routes.revokeAppKey, { params: { appKey }, signal });
    await printer.result({ revoked: appKey }, () => `${appKey} is revoked.\n`);
  });
}
