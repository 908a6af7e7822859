import { type EventType, eventTypes, type JsonWebhook, type JsonWebhookDelivery, routes } from '@yaolian/contract';
import { Argument, type Command, Option } from 'commander';
import type { Cli } from '../command.ts';
import { ExitCode } from '../errors.ts';
import { addExamples } from '../help.ts';
import type { Column } from '../output/table.ts';
import { localTime } from '../output/time.ts';
import { onPlatformRun } from './platform-command.ts';

/** For admins: whom the platform tells of events by HTTP. */
export function registerWebhookCommands(parent: Command, cli: Cli): void {
  const webhooks = parent
    .command('webhooks')
    .summary('have events posted to URLs')
    .description('Webhooks: the platform posts events to a URL, signed, and again until they are taken.');
  addExamples(webhooks, [
    ['Tell of terminals that come and go', 'yaolian webhooks add https://example.com/hook --type device.registered'],
    ['What became of the last events', 'yaolian webhooks deliveries 4f1c…'],
  ]);
  registerList(webhooks, cli);
  registerAdd(webhooks, cli);
  registerChange(webhooks, cli);
  registerRotate(webhooks, cli);
  registerDeliveries(webhooks, cli);
  registerTest(webhooks, cli);
  registerRetry(webhooks, cli);
  registerRemove(webhooks, cli);
}

const columns: readonly Column<JsonWebhook>[] = [
  { title: 'ID', value: ({ id }) => id },
  { title: 'URL', value: ({ url }) => url, shrinks: true },
  { title: 'TYPES', value: ({ types }) => (types.length === 0 ? 'all' : types.join(' ')), shrinks: true },
  { title: 'STATE', value: ({ enabled }) => (enabled ? 'on' : 'off') },
  { title: 'WAITING', value: ({ waiting }) => waiting, align: 'right' },
  { title: 'DROPPED', value: ({ dropped }) => dropped, align: 'right' },
  { title: 'NOTE', value: ({ note }) => note, shrinks: true },
];

const deliveryColumns: readonly Column<JsonWebhookDelivery>[] = [
  { title: 'ID', value: ({ id }) => id },
  { title: 'CREATED', value: ({ createdAt }) => localTime(createdAt) },
  { title: 'TYPE', value: ({ type }) => type },
  { title: 'STATE', value: ({ state }) => state },
  { title: 'ATTEMPTS', value: ({ attempts }) => attempts, align: 'right' },
  { title: 'NEXT', value: ({ dueAt }) => (dueAt === undefined ? '' : localTime(dueAt)) },
  { title: 'ANSWER', value: ({ status, error }) => status ?? error, shrinks: true },
];

const idPlace = () => new Argument('<webhook>', 'its id, as "yaolian webhooks list" shows it');
const types = () => new Option('--type <types...>', 'only these types of events').choices(eventTypes);
const note = () => new Option('--note <text>', 'what it is for');

interface WebhookOptions {
  readonly type?: EventType[];
  readonly note?: string;
}

const bodyOf = ({ type, note }: WebhookOptions) => ({
  ...(type === undefined ? {} : { types: type }),
  ...(note === undefined ? {} : { note }),
});

function registerList(webhooks: Command, cli: Cli): void {
  const command = webhooks.command('list').alias('ls').summary('list webhooks').description('List the webhooks.');
  addExamples(command, [['List them', 'yaolian webhooks list']]);
  onPlatformRun(cli, command, async ({ client, printer, signal }) => {
    const { items } = await client.call(routes.listWebhooks, { signal });
    await printer.result({ items }, () => (items.length === 0 ? 'No webhooks.\n' : printer.table(items, columns)));
  });
}

const secretLines = (secret: string) => `Its secret, shown this once: ${secret}\n`;

function registerAdd(webhooks: Command, cli: Cli): void {
  const command = webhooks
    .command('add')
    .summary('have events posted to a URL')
    .description('Have events posted to a URL. The secret that signs them is shown once.')
    .addArgument(new Argument('<url>', 'https:, in the internet; others need the setting webhooks.private-addresses'))
    .addOption(types())
    .addOption(note());
  addExamples(command, [['All events', 'yaolian webhooks add https://example.com/hook']]);
  onPlatformRun<WebhookOptions>(cli, command, async ({ client, args, options, printer, signal }) => {
    const body = { url: args[0]!, ...bodyOf(options) };
    const made = await client.call(routes.addWebhook, { body, signal });
    await printer.result(made, () => `${made.id} is made.\n${secretLines(made.secret)}`);
  });
}

function registerChange(webhooks: Command, cli: Cli): void {
  const command = webhooks
    .command('change')
    .summary('change a webhook, or switch it on or off')
    .description('Change what is given. A webhook that is off gets nothing; what waits for it stays.')
    .addArgument(idPlace())
    .addOption(new Option('--url <url>', 'another URL'))
    .addOption(types())
    .addOption(new Option('--all-types', 'all types of events').conflicts('type'))
    .addOption(note())
    .addOption(new Option('--on', 'switch it on').conflicts('off'))
    .addOption(new Option('--off', 'switch it off'));
  addExamples(command, [['Off for now', 'yaolian webhooks change 4f1c… --off']]);
  type Options = WebhookOptions & {
    readonly url?: string;
    readonly allTypes?: boolean;
    readonly on?: boolean;
    readonly off?: boolean;
  };
  onPlatformRun<Options>(cli, command, async ({ client, args, options, printer, signal }) => {
    const { url, allTypes, on, off } = options;
    const body = {
      ...bodyOf(options),
      ...(url === undefined ? {} : { url }),
      ...(allTypes ? { types: [] } : {}),
      ...(on || off ? { enabled: on === true } : {}),
    };
    const changed = await client.call(routes.changeWebhook, { params: { webhook: args[0]! }, body, signal });
    await printer.result(changed, () => printer.table([changed], columns));
  });
}

function registerRotate(webhooks: Command, cli: Cli): void {
  const command = webhooks
    .command('rotate')
    .summary('make a new secret')
    .description('Make a new secret. For a day deliveries are signed with the old one too.')
    .addArgument(idPlace());
  addExamples(command, [['A new one', 'yaolian webhooks rotate 4f1c…']]);
  onPlatformRun(cli, command, async ({ client, args, printer, signal }) => {
    const made = await client.call(routes.rotateWebhookSecret, { params: { webhook: args[0]! }, signal });
    await printer.result(made, () => secretLines(made.secret));
  });
}

function registerDeliveries(webhooks: Command, cli: Cli): void {
  const command = webhooks
    .command('deliveries')
    .summary('show what came through, waits or failed')
    .description('Show the newest deliveries of a webhook, with the last answer of the receiver.')
    .addArgument(idPlace());
  addExamples(command, [['The newest hundred', 'yaolian webhooks deliveries 4f1c…']]);
  onPlatformRun(cli, command, async ({ client, args, printer, signal }) => {
    const { items } = await client.call(routes.listWebhookDeliveries, { params: { webhook: args[0]! }, signal });
    const shown = () => (items.length === 0 ? 'Nothing yet.\n' : printer.table(items, deliveryColumns));
    await printer.result({ items }, shown);
  });
}

function registerRemove(webhooks: Command, cli: Cli): void {
  const command = webhooks
    .command('remove')
    .alias('rm')
    .summary('remove a webhook')
    .description('Remove a webhook, with what waits for it.')
    .addArgument(idPlace());
  addExamples(command, [['Remove it', 'yaolian webhooks remove 4f1c…']]);
  onPlatformRun(cli, command, async ({ client, args, printer, signal }) => {
    const webhook = args[0]!;
    await client.call(routes.removeWebhook, { params: { webhook }, signal });
    await printer.result({ removed: webhook }, () => `${webhook} removed\n`);
  });
}

const outcomeLine = ({ state, status, error }: JsonWebhookDelivery): string => {
  const answer = error ?? (status === undefined ? 'not tried yet: others go before' : `HTTP ${status}`);
  return state === 'delivered' ? `Taken: ${answer}\n` : `Not taken: ${answer}\n`;
};

function registerTest(webhooks: Command, cli: Cli): void {
  const command = webhooks
    .command('test')
    .summary('post something of no meaning')
    .description(
      'Post something of no meaning ("type": "webhook.test") and show the answer. Ends with 1 unless it is taken.',
    )
    .addArgument(idPlace());
  addExamples(command, [['Does it come through?', 'yaolian webhooks test 4f1c…']]);
  onPlatformRun(cli, command, async ({ client, args, printer, signal }) => {
    const tried = await client.call(routes.testWebhook, { params: { webhook: args[0]! }, signal });
    await printer.result(tried, () => outcomeLine(tried));
    if (tried.state !== 'delivered') cli.exitCode = ExitCode.Refused;
  });
}

function registerRetry(webhooks: Command, cli: Cli): void {
  const command = webhooks
    .command('retry')
    .summary('try a delivery again now')
    .description(
      'Try a delivery again now that waits or has failed, and show the answer. Ends with 1 unless it is taken.',
    )
    .addArgument(idPlace())
    .addArgument(new Argument('<delivery>', 'its id, as "yaolian webhooks deliveries" shows it'));
  addExamples(command, [['Again', 'yaolian webhooks retry 4f1c… Nq9s…']]);
  onPlatformRun(cli, command, async ({ client, args, printer, signal }) => {
    const params = { webhook: args[0]!, delivery: args[1]! };
    const tried = await client.call(routes.retryWebhookDelivery, { params, signal });
    await printer.result(tried, () => outcomeLine(tried));
    if (tried.state !== 'delivered') cli.exitCode = ExitCode.Refused;
  });
}
