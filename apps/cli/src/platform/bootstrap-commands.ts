import { type JsonBootstrapEntry, type JsonBootstrapServer, routes } from '@yaolian/contract';
import { formatDuration, seconds } from '@yaolian/kernel';
import { type Argument, type Command, Option } from 'commander';
import type { Cli } from '../command.ts';
import { addExamples } from '../help.ts';
import type { Printer } from '../output/printer.ts';
import type { Column, Fact } from '../output/table.ts';
import { integerOption } from '../parsers.ts';
import { addServerOptions, configurationOf, type ServerOptions } from './bootstrap-server-options.ts';
import { type AskOptions, addAskOptions, askQuery, devicePlace } from './places.ts';
import { collectPages, onPlatformRun } from './platform-command.ts';

export function registerBootstrapCommands(parent: Command, cli: Cli): void {
  const bootstrap = parent
    .command('bootstrap')
    .summary('configure what devices are told at bootstrap')
    .description(
      'What devices are told at bootstrap: the default, and configurations of single endpoint names that are stronger.',
    );
  addExamples(bootstrap, [
    ['Send every device to this platform', 'yaolian bootstrap set default --uri coap://192.0.2.1:5683'],
  ]);
  registerList(bootstrap, cli);
  registerShow(bootstrap, cli);
  registerSet(bootstrap, cli);
  registerRemove(bootstrap, cli);
  registerTrigger(bootstrap, cli);
}

function endpointPlace(cli: Cli): Argument {
  const place = devicePlace(cli, '[endpoint]');
  place.description = 'endpoint name, or "default"';
  return place.default('default');
}

interface ServerRow extends JsonBootstrapServer {
  readonly endpoint: string;
}

const serverColumns: readonly Column<ServerRow>[] = [
  { title: 'ENDPOINT', value: (row) => row.endpoint, shrinks: true },
  { title: 'SERVER', value: (row) => row.shortServerId, align: 'right' },
  { title: 'URI', value: (row) => row.uri, shrinks: true },
  { title: 'LIFETIME', value: ({ lifetime }) => formatDuration(seconds(lifetime ?? 86_400)), align: 'right' },
  { title: 'BINDING', value: (row) => row.binding ?? 'U' },
  { title: 'SECURITY', value: (row) => securityInWords(row.security) },
];

function securityInWords(security: JsonBootstrapServer['security']): string {
  if (security === undefined) return 'nosec';
  const { mode, issue, identity } = security;
  if (issue !== undefined) return `${mode}, ${issue} keys`;
  return identity === undefined ? mode : `${mode}, ${identity}`;
}

function serverRows({ endpoint, configuration }: JsonBootstrapEntry): readonly ServerRow[] {
  return configuration.servers.map((server) => ({ endpoint, ...server }));
}

function registerList(bootstrap: Command, cli: Cli): void {
  const command = bootstrap
    .command('list')
    .alias('ls')
    .summary('list configurations')
    .description('List the bootstrap configurations, the default first.');
  addExamples(command, [['List them', 'yaolian bootstrap list']]);
  onPlatformRun(cli, command, async ({ client, printer, signal }) => {
    const { items } = await collectPages(Number.MAX_SAFE_INTEGER, (query) =>
      client.call(routes.listBootstraps, { query, signal }),
    );
    await printer.result({ items }, () =>
      items.length === 0 ? 'No configurations.\n' : printer.table(items.flatMap(serverRows), serverColumns),
    );
  });
}

function registerShow(bootstrap: Command, cli: Cli): void {
  const command = bootstrap
    .command('show')
    .summary('show a configuration')
    .description('Show a bootstrap configuration. With --json it is what "bootstrap set --file" reads.')
    .addArgument(endpointPlace(cli));
  addExamples(command, [
    ['The default', 'yaolian bootstrap show'],
    ['Copy the default to a file', 'yaolian bootstrap show --json | jq .configuration > default.json'],
  ]);
  onPlatformRun(cli, command, async ({ client, args, printer, signal }) => {
    const entry = await client.call(routes.showBootstrap, { params: { endpoint: args[0]! }, signal });
    await printer.result(entry, () => describeEntry(entry, printer));
  });
}

/** What a server's account says besides its address: resources of object 1, in the order of their ids. */
const accountWords: readonly (readonly [keyof JsonBootstrapServer, (value: never) => string])[] = [
  ['minimumPeriod', (value: number) => `pmin ${value} s`],
  ['maximumPeriod', (value: number) => `pmax ${value} s`],
  ['disableTimeout', (value: number) => `disabled for ${inWords(value)}`],
  ['storeNotifications', (value: boolean) => (value ? 'keeps notifications' : 'keeps no notifications')],
  ['registrationPriority', (value: number) => `priority ${value}`],
  ['initialRegistrationDelay', (value: number) => `registers after ${inWords(value)}`],
  ['registrationFailureBlocks', (value: boolean) => (value ? 'others wait for it' : 'others do not wait for it')],
  [
    'bootstrapOnRegistrationFailure',
    (value: boolean) => (value ? 'bootstraps when it fails' : 'does not bootstrap when it fails'),
  ],
  ['retryCount', (value: number) => `${value} ${value === 1 ? 'attempt' : 'attempts'} a sequence`],
  ['retryTimer', (value: number) => `again after ${inWords(value)}, doubled each time`],
  ['sequenceDelay', (value: number) => `${inWords(value)} between sequences`],
  ['sequenceRetryCount', (value: number) => `${value} ${value === 1 ? 'sequence' : 'sequences'}`],
  ['preferredTransport', (value: string) => `prefers ${value}`],
  ['muteSend', (value: boolean) => (value ? 'takes no Send' : 'takes Send')],
  ['notificationMode', (value: number) => (value === 1 ? 'confirmed notifications' : 'unconfirmed notifications')],
];

const inWords = (value: number) => formatDuration(seconds(value));

function accountFact(server: JsonBootstrapServer): Fact {
  if (server.serverObject === false) return ['Server', 'its address alone, without a Server object'];
  const words = accountWords.flatMap(([name, word]) =>
    server[name] === undefined ? [] : [word(server[name] as never)],
  );
  return [`Server ${server.shortServerId}`, words.length === 0 ? 'all else by default' : words.join('; ')];
}

function describeEntry(entry: JsonBootstrapEntry, printer: Printer): string {
  const { deletes = ['/'], writes = [], servers } = entry.configuration;
  const facts = printer.facts([
    ...servers.map(accountFact),
    ['Deleted first', deletes.length === 0 ? 'nothing' : deletes.join(' ')],
    ...writes.map(({ path, ...what }): Fact => [`Written to ${path}`, JSON.stringify(what)]),
  ]);
  return `${printer.table(serverRows(entry), serverColumns)}\n${facts}`;
}

function registerSet(bootstrap: Command, cli: Cli): void {
  const command = bootstrap
    .command('set')
    .summary('set a configuration')
    .description('Set what a device, or every device without a configuration of its own, is told at bootstrap.')
    .addArgument(endpointPlace(cli));
  addServerOptions(command, { issue: true });
  addExamples(command, [
    ['Every device', 'yaolian bootstrap set default --uri coap://192.0.2.1:5683 --lifetime 12h'],
    [
      'Every device, with a key of its own that the platform makes',
      'yaolian bootstrap set default --uri coaps://192.0.2.1:5684 --mode psk --issue new',
    ],
    ['One device, from a file', 'yaolian bootstrap set urn:imei:861111003929110 --file device.json'],
  ]);
  onPlatformRun<ServerOptions>(cli, command, async ({ client, args, options, host, printer, signal }) => {
    const body = await configurationOf(options, host, 'set what?');
    const entry = await client.call(routes.setBootstrap, { params: { endpoint: args[0]! }, body, signal });
    await printer.result(entry, () => describeEntry(entry, printer));
  });
}

function registerRemove(bootstrap: Command, cli: Cli): void {
  const command = bootstrap
    .command('remove')
    .alias('rm')
    .summary('remove a configuration')
    .description(
      'Remove a bootstrap configuration. Without a default, devices that have none of their own are refused.',
    );
  const place = devicePlace(cli, '<endpoint>');
  place.description = 'endpoint name, or "default"';
  command.addArgument(place);
  addExamples(command, [['Back to the default for one device', 'yaolian bootstrap remove urn:imei:861111003929110']]);
  onPlatformRun(cli, command, async ({ client, args, printer, signal }) => {
    const endpoint = args[0]!;
    await client.call(routes.removeBootstrap, { params: { endpoint }, signal });
    await printer.result({ removed: endpoint }, () => `The configuration of ${endpoint} is removed.\n`);
  });
}

interface TriggerOptions extends AskOptions {
  readonly instance?: number;
}

function registerTrigger(bootstrap: Command, cli: Cli): void {
  const command = bootstrap
    .command('trigger')
    .summary('have a device bootstrap again')
    .description(
      'Have a device bootstrap again: it de-registers, asks its bootstrap server and registers where that sends it (LwM2M 1.1).',
    )
    .addArgument(devicePlace(cli))
    .addOption(
      new Option('--instance <id>', 'the instance of its Server object that stands for us')
        .argParser(integerOption('--instance', 0, 65534))
        .default(undefined, 'the first that it lists'),
    );
  addAskOptions(command);
  addExamples(command, [['Once its configuration is set', 'yaolian bootstrap trigger urn:imei:861111003929110']]);
  onPlatformRun<TriggerOptions>(cli, command, async ({ client, args, options, printer, signal }) => {
    const { instance } = options;
    const query = { ...askQuery(options), ...(instance === undefined ? {} : { instance }) };
    const answer = await client.call(routes.triggerBootstrap, { params: { device: args[0]! }, query, signal });
    await printer.result(answer, () => `${args[0]} will ask its bootstrap server.\n`);
  });
}
