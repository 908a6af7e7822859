import {
  csvRow,
  type JsonEvent,
  type JsonHistory,
  type JsonHistoryBucket,
  type JsonHistoryPoint,
  type JsonSeries,
  routes,
} from '@yaolian/contract';
import { type Duration, hours, milliseconds, toMilliseconds } from '@yaolian/kernel';
import { Argument, type Command, Option } from 'commander';
import type { Cli } from '../command.ts';
import { cliErrors } from '../errors.ts';
import { addExamples } from '../help.ts';
import { printable } from '../output/display-width.ts';
import type { Printer } from '../output/printer.ts';
import type { Column } from '../output/table.ts';
import { localTime, relativeTime } from '../output/time.ts';
import { durationOption, integerOption } from '../parsers.ts';
import { factsOf } from './event-view.ts';
import { describeSpans, type SpanView } from './history-view.ts';
import { devicePlace, durationText, pathArgument } from './places.ts';
import { onPlatformRun, type PlatformRun } from './platform-command.ts';

interface HistoryOptions {
  readonly since: Duration;
  readonly from?: string;
  readonly to?: string;
  readonly every?: Duration;
  readonly zone?: string;
  readonly limit: number;
  readonly table?: boolean;
  readonly csv?: boolean;
}

/** Columns of a chart when nobody says how long a span is. */
const chartColumns = 60;

export function registerHistoryCommand(parent: Command, cli: Cli): void {
  const command = parent
    .command('history')
    .summary('show the values that a resource had')
    .description(
      'Show the values that a resource of a device had, as a chart, a table or CSV. Without a path: the resources that there are values of.',
    )
    .addArgument(devicePlace(cli))
    .addArgument(new Argument('[path]', 'a resource, as in /3303/0/5700'))
    .addOption(
      new Option('-s, --since <duration>', 'from so long ago on').argParser(durationOption).default(hours(24), '24h'),
    )
    .addOption(new Option('--from <time>', 'from this time on: 2026-01-31T08:00:00Z'))
    .addOption(new Option('--to <time>', 'until this time, or so long ago').default(undefined, 'now'))
    .addOption(
      new Option('-e, --every <duration>', 'put values together by spans of this length').argParser(durationOption),
    )
    .addOption(
      new Option('--zone <name>', 'a time zone, as in Asia/Shanghai: spans are whole days there, from midnight on'),
    )
    .addOption(
      new Option('--limit <number>', 'at most so many values or spans')
        .argParser(integerOption('a limit', 1, 10_000_000))
        .default(10_000),
    )
    .addOption(new Option('-t, --table', 'a table instead of a chart').conflicts('csv'))
    .addOption(new Option('--csv', 'as CSV, for spreadsheets; not with --json'));
  addExamples(command, [
    ['What there are values of', 'yaolian history urn:imei:861111003929110'],
    [
      'The temperature of the last hour, minute by minute',
      'yaolian history urn:imei:861111003929110 /3303/0/5700 --since 1h --every 1m',
    ],
    [
      'All values of a week in a spreadsheet',
      'yaolian history urn:imei:861111003929110 /3303/0/5700 --since 7d --csv > week.csv',
    ],
  ]);
  onPlatformRun<HistoryOptions>(cli, command, async (run) =>
    run.args[1] === undefined ? listSeries(run) : showHistory(run, pathArgument(run.args[1])),
  );
}

async function listSeries({ client, args, printer, signal }: PlatformRun<HistoryOptions>): Promise<void> {
  const series = await client.call(routes.listSeries, { params: { device: args[0]! }, signal });
  await printer.result(series, ({ items }) =>
    items.length === 0
      ? 'There is no history yet: observe a resource, or read one.\n'
      : printer.table(items, seriesColumns(Date.now())),
  );
}

const seriesColumns = (now: number): readonly Column<JsonSeries>[] => [
  { title: 'PATH', value: ({ path }) => path },
  { title: 'NAME', value: ({ name }) => name, shrinks: true },
  { title: 'LAST VALUE', value: ({ last }) => String(last.value), align: 'right', shrinks: true },
  { title: 'UNITS', value: ({ units }) => units },
  { title: 'AT', value: ({ last }) => relativeTime(last.time, now) },
  { title: 'SINCE', value: ({ firstAt }) => localTime(firstAt) },
];

async function showHistory(run: PlatformRun<HistoryOptions>, path: string): Promise<void> {
  const { options, printer } = run;
  if (options.csv) {
    if (printer.json) throw cliErrors.CLI_USAGE('--csv and --json: say one of them');
    return printCsv(run, path);
  }
  const isChart = !printer.json && !options.table;
  const every = options.every ?? (isChart ? automaticSpan(options) : undefined);
  const view = await fetchAll(run, path, every);
  const { points, buckets } = view;
  await printer.result(view, () => {
    if ((points ?? buckets ?? []).length === 0) return 'No values in this time.\n';
    if (points) return printer.table(points, pointColumns(view.units));
    return isChart ? describeSpans(view as SpanView, printer) : printer.table(buckets!, bucketColumns);
  });
  if (view.more) await printer.note(`There are more than ${options.limit}: ask for a shorter time, or --limit.`);
}

/** Spans that make a chart of the usual width; whole seconds, so that they look well. */
function automaticSpan({ since, from, to }: HistoryOptions): Duration {
  const begin = from === undefined ? Date.now() - toMilliseconds(since) : Date.parse(from);
  const end = to === undefined ? Date.now() : Date.parse(to);
  const length = Number.isFinite(end - begin) ? end - begin : toMilliseconds(since);
  return milliseconds(Math.max(1, Math.ceil(length / chartColumns / 1000)) * 1000);
}

interface FetchedHistory {
  readonly path: string;
  readonly name?: string;
  readonly units?: string;
  readonly every?: number;
  readonly points?: readonly JsonHistoryPoint[];
  readonly buckets?: readonly JsonHistoryBucket[];
  readonly more: boolean;
}

/** The values asked for, page by page, no more than the limit. */
async function* pagesOf(
  { client, args, options, signal }: PlatformRun<HistoryOptions>,
  path: string,
  every: Duration | undefined,
): AsyncGenerator<JsonHistory, void, undefined> {
  const { since, from = durationText(since), to, limit, zone } = options;
  const asked = {
    path,
    from,
    ...(to === undefined ? {} : { to }),
    ...(every === undefined ? {} : { every: durationText(every) }),
    ...(zone === undefined ? {} : { zone }),
  };
  let cursor: string | undefined;
  let left = limit;
  do {
    const page = { limit: Math.min(10_000, left), ...(cursor === undefined ? {} : { cursor }) };
    const query = { ...asked, ...page };
    const history = await client.call(routes.showHistory, { params: { device: args[0]! }, query, signal });
    yield history;
    left -= (history.points ?? history.buckets ?? []).length;
    cursor = history.next;
  } while (cursor !== undefined && left > 0);
}

async function fetchAll(
  run: PlatformRun<HistoryOptions>,
  path: string,
  every: Duration | undefined,
): Promise<FetchedHistory> {
  const points: JsonHistoryPoint[] = [];
  const buckets: JsonHistoryBucket[] = [];
  let last: JsonHistory | undefined;
  for await (const history of pagesOf(run, path, every)) {
    for (const point of history.points ?? []) points.push(point);
    for (const bucket of history.buckets ?? []) buckets.push(bucket);
    last = history;
  }
  const { next, points: _points, buckets: _buckets, ...facts } = last!;
  const found = every === undefined ? { points } : { every: toMilliseconds(every), buckets };
  return { ...facts, ...found, more: next !== undefined };
}

/** Row by row as they come: however many there are, only a page is in memory. */
async function printCsv(run: PlatformRun<HistoryOptions>, path: string): Promise<void> {
  const { options, printer } = run;
  const { every, limit } = options;
  await printer.raw(csvRow(every === undefined ? pointTitles : spanTitles));
  let more = false;
  for await (const { points = [], buckets = [], next } of pagesOf(run, path, every)) {
    const rows = [
      ...points.map(({ time, value, span = { count: 1 } }) => [time, value, span.count, span.min, span.max, span.mean]),
      ...buckets.map((bucket) => spanTitles.map((title) => bucket[title])),
    ];
    await printer.raw(rows.map(csvRow).join(''));
    more = next !== undefined;
  }
  if (more) await printer.note(`There are more than ${limit}: ask for a shorter time, or --limit.`);
}

const pointTitles = ['time', 'value', 'count', 'min', 'max', 'mean'] as const;
const spanTitles = ['time', 'count', 'min', 'max', 'mean', 'last'] as const;

const pointColumns = (units: string | undefined): readonly Column<JsonHistoryPoint>[] => [
  { title: 'TIME', value: ({ time }) => localTime(time) },
  {
    title: units === undefined ? 'VALUE' : `VALUE (${units})`,
    value: ({ value }) => String(value),
    align: 'right',
    shrinks: true,
  },
  ...(['min', 'mean', 'max'] as const).map(
    (name): Column<JsonHistoryPoint> => ({
      title: name.toUpperCase(),
      value: ({ span }) => {
        const number = span?.[name];
        return typeof number === 'number'
          ? Number(number.toPrecision(6))
          : number === undefined
            ? undefined
            : String(number);
      },
      align: 'right',
    }),
  ),
  { title: 'VALUES', value: ({ span }) => span?.count, align: 'right' },
  { title: 'LENGTH', value: ({ truncated }) => truncated, align: 'right' },
];

const bucketColumns: readonly Column<JsonHistoryBucket>[] = [
  { title: 'TIME', value: ({ time }) => localTime(time) },
  { title: 'VALUES', value: ({ count }) => count, align: 'right' },
  ...(['min', 'mean', 'max', 'last'] as const).map(
    (name): Column<JsonHistoryBucket> => ({
      title: name.toUpperCase(),
      value: (bucket) =>
        typeof bucket[name] === 'number' ? Number(bucket[name].toPrecision(6)) : String(bucket[name] ?? ''),
      align: 'right',
      shrinks: name === 'last',
    }),
  ),
];

interface TimelineOptions {
  readonly since: Duration;
  readonly type?: readonly string[];
  readonly limit: number;
}

export function registerTimelineCommand(parent: Command, cli: Cli): void {
  const command = parent
    .command('timeline')
    .summary('show what happened to a device')
    .description(
      'Show what happened to a device, the newest first: registrations, operations, observations, firmware and more.',
    )
    .addArgument(devicePlace(cli))
    .addOption(
      new Option('-s, --since <duration>', 'from so long ago on')
        .argParser(durationOption)
        .default(milliseconds(7 * 86_400_000), '7d'),
    )
    .addOption(new Option('--type <type...>', 'only events of these types, as in device.registered'))
    .addOption(
      new Option('--limit <number>', 'at most so many').argParser(integerOption('a limit', 1, 1_000_000)).default(100),
    );
  addExamples(command, [
    ['The last week', 'yaolian timeline urn:imei:861111003929110'],
    [
      'When it registered, this month',
      'yaolian timeline urn:imei:861111003929110 --since 30d --type device.registered',
    ],
  ]);
  onPlatformRun<TimelineOptions>(cli, command, showTimeline);
}

async function showTimeline({ client, args, options, printer, signal }: PlatformRun<TimelineOptions>): Promise<void> {
  const { since, type, limit } = options;
  const items: Awaited<ReturnType<typeof fetchPage>>['items'] = [];
  const fetchPage = (page: { readonly cursor?: string; readonly limit: number }) =>
    client.call(routes.showTimeline, {
      params: { device: args[0]! },
      query: { from: durationText(since), ...(type === undefined ? {} : { type: [...type] as never[] }), ...page },
      signal,
    });
  let cursor: string | undefined;
  do {
    const page = await fetchPage({
      limit: Math.min(1000, limit - items.length),
      ...(cursor === undefined ? {} : { cursor }),
    });
    items.push(...page.items);
    cursor = page.next;
  } while (cursor !== undefined && items.length < limit);
  await printer.result({ items, more: cursor !== undefined }, () => describeTimeline(items, printer));
}

function describeTimeline(
  items: readonly { readonly time: string; readonly type: string; readonly data: object }[],
  printer: Printer,
): string {
  if (items.length === 0) return 'Nothing happened in this time.\n';
  return printer.table(items, [
    { title: 'TIME', value: ({ time }) => localTime(time) },
    { title: 'WHAT', value: ({ type }) => type },
    { title: 'FACTS', value: ({ type, data }) => printable(factsOf({ type, data } as JsonEvent)), shrinks: true },
  ]);
}
