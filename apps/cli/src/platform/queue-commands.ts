import { type JsonQueuedRequest, type QueuedState, queuedStates, routes } from '@yaolian/contract';
import { type Duration, formatDuration, minutes, seconds, toMilliseconds } from '@yaolian/kernel';
import { Argument, type Command, Option } from 'commander';
import type { Cli } from '../command.ts';
import { cliErrors } from '../errors.ts';
import { addExamples } from '../help.ts';
import { durationOption, integerOption } from '../parsers.ts';
import { devicePlace } from './places.ts';
import { collectPages, onPlatformRun, type PlatformRun } from './platform-command.ts';
import { describeQueued, queueColumns } from './queue-view.ts';

export function registerQueueCommands(parent: Command, cli: Cli): void {
  const queue = parent
    .command('queue')
    .summary('list, await and cancel requests for devices that sleep')
    .description(
      'Requests for devices that sleep: they are kept, across restarts, and sent in order when the device is heard.',
    );
  addExamples(queue, [['What waits', 'yaolian queue list']]);
  registerList(queue, cli);
  registerShow(queue, cli);
  registerWait(queue, cli);
  registerCancel(queue, cli);
}

interface ListOptions {
  readonly state?: QueuedState;
  readonly all?: boolean;
  readonly limit: number;
}

function registerList(queue: Command, cli: Cli): void {
  const command = queue
    .command('list')
    .alias('ls')
    .summary('list requests')
    .description(
      'List the requests that wait, of one device or of all; with --all those that were finished within a day, too.',
    )
    .addArgument(devicePlace(cli, '[device]'))
    .addOption(new Option('-a, --all', 'finished ones too'))
    .addOption(new Option('--state <state>', 'only those in this state').choices(queuedStates).conflicts('all'))
    .addOption(
      new Option('--limit <number>', 'at most so many')
        .argParser(integerOption('a limit', 1, 10_000_000))
        .default(1000),
    );
  addExamples(command, [
    ['What waits for one device', 'yaolian queue list urn:imei:861111003929110'],
    ['What the device refused', 'yaolian queue list --state refused'],
  ]);
  onPlatformRun<ListOptions>(cli, command, async ({ client, args, options, printer, signal }) => {
    const state = options.all ? {} : { state: options.state ?? (['queued', 'sent'] satisfies QueuedState[]) };
    const device = args[0] === undefined ? {} : { device: args[0] };
    const { items, more } = await collectPages(options.limit, (page) =>
      client.call(routes.listQueue, { query: { ...device, ...state, ...page }, signal }),
    );
    await printer.result({ items, more }, () =>
      items.length === 0 ? 'Nothing waits.\n' : printer.table(items, queueColumns(Date.now())),
    );
  });
}

function idPlace(): Argument {
  return new Argument('<id>', 'the number of the request').argParser(
    integerOption('the number of a request', 1, 2 ** 53 - 1),
  );
}

function registerShow(queue: Command, cli: Cli): void {
  const command = queue
    .command('show')
    .summary('show a request')
    .description('Show a request, with its outcome if there is one.')
    .addArgument(idPlace());
  addExamples(command, [['Show one', 'yaolian queue show 17']]);
  onPlatformRun(cli, command, async ({ client, args, printer, signal }) => {
    const request = await client.call(routes.showQueued, { params: { id: Number(args[0]) }, signal });
    await printer.result(request, () => describeQueued(request, printer));
  });
}

function registerWait(queue: Command, cli: Cli): void {
  const command = queue
    .command('wait')
    .summary('wait for the outcome of a request')
    .description('Wait until a request is finished, and show its outcome. Exit code 1 when it was not done.')
    .addArgument(idPlace())
    .addOption(new Option('--timeout <duration>', 'how long').argParser(durationOption).default(undefined, 'for ever'));
  addExamples(command, [['For an hour at most', 'yaolian queue wait 17 --timeout 1h']]);
  onPlatformRun<{ readonly timeout?: Duration }>(cli, command, wait);
}

/** One call waits so long; then it is asked again. */
const oneWait = seconds(25);

async function wait({
  client,
  args,
  options,
  printer,
  signal,
}: PlatformRun<{ readonly timeout?: Duration }>): Promise<void> {
  const { timeout } = options;
  const deadline = timeout === undefined ? Number.POSITIVE_INFINITY : Date.now() + toMilliseconds(timeout);
  let request: JsonQueuedRequest;
  do {
    const patience = Math.max(0, Math.min(toMilliseconds(oneWait), deadline - Date.now()));
    const input = { params: { id: Number(args[0]) }, query: { wait: `${Math.ceil(patience)}ms` }, signal };
    request = await client.call(routes.showQueued, input);
  } while ((request.state === 'queued' || request.state === 'sent') && Date.now() < deadline);
  if (request.state === 'queued' || request.state === 'sent') {
    throw cliErrors.CLI_TIMEOUT(`request ${request.id} still waits after ${formatDuration(timeout ?? minutes(0))}`);
  }
  await printer.result(request, () => describeQueued(request, printer));
  if (request.state !== 'done')
    throw cliErrors.CLI_REFUSED(`request ${request.id} was not done: it is ${request.state}`);
}

function registerCancel(queue: Command, cli: Cli): void {
  const command = queue
    .command('cancel')
    .alias('rm')
    .summary('take a request back')
    .description('Take a request back that waits. One that is on its way, or finished, cannot be taken back.')
    .addArgument(idPlace());
  addExamples(command, [['Take it back', 'yaolian queue cancel 17']]);
  onPlatformRun(cli, command, async ({ client, args, printer, signal }) => {
    const request = await client.call(routes.cancelQueued, { params: { id: Number(args[0]) }, signal });
    await printer.result(request, ({ id }) => `Request ${id} is cancelled.\n`);
  });
}
