import {
  type ApiClient,
  type JsonEvent,
  type JsonNode,
  type JsonObservation,
  observationCancelModes,
  routes,
} from '@yaolian/contract';
import type { Duration } from '@yaolian/kernel';
import { type Command, Option } from 'commander';
import type { Cli } from '../command.ts';
import { cliErrors } from '../errors.ts';
import { addExamples } from '../help.ts';
import { printable } from '../output/display-width.ts';
import type { Column } from '../output/table.ts';
import { localClock, relativeTime } from '../output/time.ts';
import { durationOption, integerOption, numberOption } from '../parsers.ts';
import { eventsOf } from './follow-events.ts';
import { type FormatOptions, formatOption, formatQuery, packFormatQuery } from './formats.ts';
import { describeCoapCode, summariseNode } from './node-view.ts';
import {
  type AskOptions,
  addAskOptions,
  askQuery,
  devicePlace,
  pathArgument,
  pathArguments,
  pathPlace,
  timeoutQuery,
} from './places.ts';
import { onPlatformRun, type PlatformRun } from './platform-command.ts';

/** The attributes, each with what it means. */
const attributes = [
  ['pmin', 'seconds at least between two notifications'],
  ['pmax', 'seconds at most between two notifications'],
  ['gt', 'notify when the value rises above'],
  ['lt', 'notify when the value falls below'],
  ['st', 'notify when the value changed by at least'],
  ['epmin', 'seconds at least between two evaluations'],
  ['epmax', 'seconds at most between two evaluations'],
  ['edge', 'of a boolean: notify when it becomes false (0) or true (1)'],
  ['con', '1: notifications are confirmable, 0: they are not'],
  ['hqmax', 'values kept at most while they cannot be reported'],
] as const;

type AttributeName = (typeof attributes)[number][0];

interface ObserveOptions extends FormatOptions, Readonly<Partial<Record<AttributeName, number>>> {
  readonly cancel?: boolean | (typeof observationCancelModes)[number];
  readonly detach?: boolean;
  readonly count?: number;
  readonly duration?: Duration;
}

export function registerObservationCommands(parent: Command, cli: Cli): void {
  registerObserve(parent, cli);
  registerObservations(parent, cli);
  registerAttributes(parent, cli);
}

function registerObserve(parent: Command, cli: Cli): void {
  const command = parent
    .command('observe')
    .summary('observe a path and follow the notifications')
    .description(
      'Observe a path of a device and follow its notifications until Ctrl-C. The platform goes on observing, across restarts and while the device comes and goes, until the observation is cancelled.',
    )
    .addArgument(devicePlace(cli))
    .addArgument(pathPlace('what to observe: /object[/instance[/resource]]; several together', '<path...>'))
    .addOption(formatOption())
    .addOption(
      new Option('--cancel [mode]', 'end the observation: active tells the device, passive forgets it')
        .choices(observationCancelModes)
        .conflicts(['detach', 'count', 'duration']),
    )
    .addOption(new Option('--detach', 'start the observation and do not follow it'))
    .addOption(
      new Option('-c, --count <number>', 'stop following after so many values, the first included').argParser(
        integerOption('a count', 1, 1_000_000_000),
      ),
    )
    .addOption(new Option('-d, --duration <duration>', 'stop following after this time').argParser(durationOption));
  addAskOptions(command);
  for (const [name, meaning] of attributes) {
    const option = new Option(`--${name} <number>`, `${meaning}; for this observation alone, LwM2M 1.2`);
    command.addOption(option.argParser(numberOption(`--${name}`)));
  }
  addExamples(command, [
    ['Follow the battery level', 'yaolian observe urn:imei:861111003929110 /3/0/9'],
    ['Two values together', 'yaolian observe urn:imei:861111003929110 /3/0/9 /3303/0/5700'],
    ['Only start it', 'yaolian observe urn:imei:861111003929110 /3303/0/5700 --detach'],
    ['End it', 'yaolian observe urn:imei:861111003929110 /3/0/9 --cancel'],
  ]);
  onPlatformRun<ObserveOptions>(cli, command, (run) => (run.options.cancel ? cancel(run) : observe(run)));
}

async function cancel({ client, args, options, printer, signal }: PlatformRun<ObserveOptions>): Promise<void> {
  const paths = pathArguments(args[1]);
  const device = args[0]!;
  const mode = typeof options.cancel === 'string' ? { mode: options.cancel } : {};
  const answer =
    paths.length === 1
      ? await client.call(routes.cancelObservation, {
          params: { device, path: paths[0]! },
          query: { ...mode, ...timeoutQuery(options) },
          signal,
        })
      : await client.call(routes.cancelComposite, {
          params: { device },
          query: timeoutQuery(options),
          body: { paths: [...paths], ...mode },
          signal,
        });
  await printer.result(answer, ({ coapCode }) => {
    const told = coapCode === undefined ? '' : `; the device answered ${describeCoapCode(coapCode)}`;
    return `${paths.join(' ')} ${paths.length === 1 ? 'is' : 'are'} no longer observed${told}.\n`;
  });
}

async function observe(run: PlatformRun<ObserveOptions>): Promise<void> {
  const { client, args, options } = run;
  const params = { device: args[0]!, paths: pathArguments(args[1]) };
  const start = () => startObserving(client, params, options, run.signal);
  if (options.detach) {
    const answer = await start();
    return await showFirst(run, params, answer);
  }
  await follow(run, params, start);
}

interface Params {
  readonly device: string;
  /** Several are observed together. */
  readonly paths: readonly string[];
}

type Start = () => Promise<{
  readonly observing: boolean;
  readonly time: string;
  readonly values: readonly { readonly path: string; readonly node?: JsonNode }[];
}>;

function attributeQuery(options: ObserveOptions): Partial<Record<AttributeName, number>> {
  const given = attributes.filter(([name]) => options[name] !== undefined);
  return Object.fromEntries(given.map(([name]) => [name, options[name]]));
}

async function startObserving(
  client: ApiClient,
  { device, paths }: Params,
  options: ObserveOptions,
  signal: AbortSignal,
): ReturnType<Start> {
  const [path] = paths;
  if (paths.length > 1 || path === undefined) {
    const query = { ...packFormatQuery(options), ...attributeQuery(options) };
    return client.call(routes.observeComposite, { params: { device }, query, body: { paths: [...paths] }, signal });
  }
  const query = { ...formatQuery(options), ...attributeQuery(options) };
  const { node, ...answer } = await client.call(routes.startObservation, { params: { device, path }, query, signal });
  return { ...answer, values: [{ path, node }] };
}

const followedTypes = ['observation.notified', 'observation.malformed', 'observation.ended'] as const;

/** Opens the stream of events first, so that no notification is missed, and then starts the observation. */
async function follow(run: PlatformRun<ObserveOptions>, params: Params, start: Start): Promise<void> {
  const enough = new AbortController();
  const opened = Promise.withResolvers<void>();
  const following = { ...run, signal: AbortSignal.any([run.signal, enough.signal]) };
  const events = eventsOf(following, { types: followedTypes, devices: [params.device] }, opened.resolve);
  const first = events.next();
  let timer: NodeJS.Timeout | undefined;
  try {
    await Promise.race([opened.promise, first]);
    await showFirst(run, params, await start());
    const { duration } = run.options;
    if (duration !== undefined) timer = setTimeout(() => enough.abort(), duration);
    await showFurther(run, params, first, events);
  } catch (error) {
    if (!following.signal.aborted) throw error;
  } finally {
    clearTimeout(timer);
    enough.abort();
    first.catch(() => undefined); // when the start failed, nobody waits for it any more
  }
  const command = `yaolian observe ${params.device} ${params.paths.join(' ')} --cancel`;
  await run.printer.note(`The platform goes on observing; end that with: ${command}`);
  run.signal.throwIfAborted();
}

async function showFirst(run: PlatformRun<ObserveOptions>, params: Params, answer: Awaited<ReturnType<Start>>) {
  for (const { path, node } of answer.values) if (node) await showValue(run, params, answer.time, path, node);
  if (!answer.observing) {
    const what = params.paths.join(' ');
    throw cliErrors.CLI_REFUSED(`${params.device} answered, but does not let ${what} be observed; use read`);
  }
}

async function showFurther(
  run: PlatformRun<ObserveOptions>,
  params: Params,
  first: Promise<IteratorResult<JsonEvent, void>>,
  events: AsyncGenerator<JsonEvent, void, undefined>,
): Promise<void> {
  let shown = 1;
  let next = first;
  while (shown !== run.options.count) {
    const { done, value: event } = await next;
    if (done) return;
    if (await showEvent(run, params, event)) shown++;
    next = events.next();
    next.catch(() => undefined); // it may fail after enough was shown
  }
}

const endReasons: Readonly<Record<string, string>> = {
  cancelled: 'it was cancelled at the platform',
  client: 'the device ended it',
  registration: 'the registration of the device ended, or it registered anew',
};

/** @returns true when the event was a value */
async function showEvent(run: PlatformRun<ObserveOptions>, params: Params, event: JsonEvent): Promise<boolean> {
  const path = params.paths.join(' ');
  if (event.type === 'observation.notified' && params.paths.includes(event.data.path)) {
    await showValue(run, params, event.time, event.data.path, event.data.node);
    return true;
  }
  if (!('path' in event.data) || event.data.path !== path) return false;
  // Observed anew by somebody: notifications go on.
  if (event.type === 'observation.ended' && event.data.reason !== 'replaced') {
    if (event.data.waiting) {
      await run.printer.note(`${localClock(event.time)}  the device is gone; waiting for it to register again`);
      return false;
    }
    throw cliErrors.CLI_REFUSED(
      `the observation of ${path} ended: ${endReasons[event.data.reason] ?? event.data.reason}`,
    );
  }
  if (event.type === 'observation.malformed') {
    await run.printer.note(`${localClock(event.time)}  a notification could not be read: ${event.data.reason}`);
  }
  return false;
}

async function showValue(
  { printer }: PlatformRun<unknown>,
  { paths }: Params,
  time: string,
  path: string,
  node: JsonNode,
): Promise<void> {
  const which = paths.length > 1 ? `${path}  ` : '';
  await printer.result({ time, path, node }, () => `${localClock(time)}  ${which}${printable(summariseNode(node))}\n`);
}

const observationColumns = (now: number): readonly Column<JsonObservation>[] => [
  { title: 'PATH', value: (observation) => observation.path },
  { title: 'NAME', value: (observation) => observation.name, shrinks: true },
  { title: 'FORMAT', value: (observation) => observation.format },
  { title: 'STATE', value: ({ state }) => (state === 'waiting' ? 'waits for the device to register' : state) },
  { title: 'STARTED', value: (observation) => relativeTime(observation.startedAt, now) },
];

function registerObservations(parent: Command, cli: Cli): void {
  const command = parent
    .command('observations')
    .summary('list what is observed of a device')
    .description('List what the platform observes of a device.')
    .addArgument(devicePlace(cli));
  addExamples(command, [['List them', 'yaolian observations urn:imei:861111003929110']]);
  onPlatformRun(cli, command, async ({ client, args, printer, signal }) => {
    const { items } = await client.call(routes.listObservations, { params: { device: args[0]! }, signal });
    await printer.result({ items }, () =>
      items.length === 0 ? 'Nothing is observed.\n' : printer.table(items, observationColumns(Date.now())),
    );
  });
}

type AttributeOptions = AskOptions & { readonly [N in AttributeName]?: number | 'none' };

function registerAttributes(parent: Command, cli: Cli): void {
  const command = parent
    .command('attributes')
    .summary('set when a device notifies')
    .description(
      'Write attributes that say when a device notifies (Write-Attributes). "none" removes an attribute; "discover" shows what is set.',
    )
    .addArgument(devicePlace(cli))
    .addArgument(pathPlace('where: /object[/instance[/resource]]'));
  for (const [name, meaning] of attributes) {
    command.addOption(new Option(`--${name} <number>`, meaning).argParser(attributeOption(name)));
  }
  addAskOptions(command);
  addExamples(command, [
    [
      'At most every 10 s, at least every minute',
      'yaolian attributes urn:imei:861111003929110 /3303/0/5700 --pmin 10 --pmax 60',
    ],
    ['Only when it is warmer than 30', 'yaolian attributes urn:imei:861111003929110 /3303/0/5700 --gt 30'],
    ['No limit any more', 'yaolian attributes urn:imei:861111003929110 /3303/0/5700 --gt none'],
  ]);
  onPlatformRun<AttributeOptions>(cli, command, writeAttributes);
}

function attributeOption(name: string): (text: string) => number | 'none' {
  const parse = numberOption(`--${name}`);
  return (text) => (text === 'none' ? text : parse(text));
}

async function writeAttributes({
  client,
  args,
  options,
  printer,
  signal,
}: PlatformRun<AttributeOptions>): Promise<void> {
  const params = { device: args[0]!, path: pathArgument(args[1]!) };
  const given = attributes.filter(([name]) => options[name] !== undefined);
  if (given.length === 0) throw cliErrors.CLI_USAGE('set what? Give at least one attribute, as in --pmin 10');
  const body = Object.fromEntries(given.map(([name]) => [name, options[name] === 'none' ? null : options[name]]));
  const answer = await client.call(routes.writeAttributes, { params, query: askQuery(options), body, signal });
  await printer.result(answer, ({ coapCode }) => `${describeCoapCode(coapCode)}\n`);
}
