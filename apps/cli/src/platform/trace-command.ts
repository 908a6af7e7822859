import { ApiProblemError, type JsonTraceMessageDetail, type RouteResponse, routes } from '@yaolian/contract';
import type { Command } from 'commander';
import type { Cli } from '../command.ts';
import { writeBytes, writeSecret } from '../files.ts';
import { addExamples } from '../help.ts';
import type { Column } from '../output/table.ts';
import { localTime } from '../output/time.ts';
import { devicePlace } from './places.ts';
import { onPlatformRun, type PlatformRun } from './platform-command.ts';
import { describeDetail, describeHead } from './trace-view.ts';

interface TraceOptions {
  readonly follow?: boolean;
  readonly for?: string;
  readonly pcapng?: string;
  readonly wire?: boolean;
  readonly decrypted?: boolean;
  readonly secrets?: boolean;
  readonly search?: string;
  readonly unknown?: boolean;
  readonly brief?: boolean;
  readonly hex?: boolean;
  readonly stop?: boolean;
  readonly forget?: boolean;
}

/** `yaolian trace`: the messages of a device, decoded. */
export function registerTraceCommand(parent: Command, cli: Cli): void {
  const command = parent
    .command('trace')
    .summary('record and show the messages of a device')
    .description(
      'Record the messages of a device, DTLS and CoAP, and show them layer by layer: options by name, LwM2M operations and ' +
        'paths with the names of the registry, payloads as values, retransmissions, duplicates and what was dropped. The ' +
        'first call starts the recording; it ends by itself.',
    )
    .addArgument(devicePlace(cli))
    .option('-f, --follow', 'show messages as they come, until Ctrl-C')
    .option('--for <duration>', 'how long to record, from now on')
    .option('--search <text>', 'only messages with this in title, note, name or address')
    .option('--unknown', 'with "*": only those of senders that nobody is registered at')
    .option('--brief', 'a line for each message')
    .option('--hex', 'show the bytes too')
    .option('--pcapng <file>', 'write them for Wireshark instead; - is standard output')
    .option('--wire', 'with --pcapng: DTLS and OSCORE as they were on the wire')
    .option(
      '--decrypted',
      'with --pcapng --wire: behind each such datagram what was in it too, on an interface of its own',
    )
    .option('--secrets', 'with --pcapng --wire: the keys of the sessions too (admins; the setting trace.key-log)')
    .option('--stop', 'stop recording, keep what was recorded')
    .option('--forget', 'stop recording, forget what was recorded');
  addExamples(command, [
    ['What a device says and is told, live', 'yaolian trace urn:imei:861111003929110 --follow'],
    ['Everything, from devices and strangers', 'yaolian trace "*" --follow --brief'],
    ['For Wireshark', 'yaolian trace urn:imei:861111003929110 --pcapng device.pcapng'],
  ]);
  onPlatformRun<TraceOptions>(cli, command, async (run) => {
    const params = { subject: run.args[0] as string };
    const { client, options, signal, printer } = run;
    if (options.forget) {
      await client.call(routes.removeTrace, { params, signal });
      await printer.note('The trace is forgotten.');
    } else if (options.stop) {
      const trace = await client.call(routes.stopTrace, { params, signal });
      await printer.result(trace, () => `Stopped; ${trace.messages} messages are kept.\n`);
    } else {
      await ensureTrace(run, params);
      await show(run, params);
    }
  });
}

type Trace = RouteResponse<typeof routes.listTraces>['items'][number];

const columns: readonly Column<Trace>[] = [
  { title: 'DEVICE', value: (trace) => trace.subject, shrinks: true },
  { title: 'STATE', value: (trace) => (trace.recording ? 'recording' : 'stopped') },
  { title: 'SINCE', value: (trace) => localTime(trace.startedAt) },
  { title: 'UNTIL', value: (trace) => (trace.recording ? localTime(trace.until) : undefined) },
  { title: 'MESSAGES', value: (trace) => trace.messages, align: 'right' },
  { title: 'BYTES', value: (trace) => trace.bytes, align: 'right' },
  { title: 'DROPPED', value: (trace) => trace.forgotten, align: 'right' },
];

/** `yaolian traces`: which traces there are, whoever began them. */
export function registerTracesCommand(parent: Command, cli: Cli): void {
  const command = parent
    .command('traces')
    .summary('list the traces that are recorded or kept')
    .description(
      'List the traces that are recorded or kept, whoever began them; "*" is that of everything. DROPPED counts the messages ' +
        'that had to go for newer ones.',
    );
  addExamples(command, [['Which are there?', 'yaolian traces']]);
  onPlatformRun(cli, command, async ({ client, printer, signal }) => {
    const { items } = await client.call(routes.listTraces, { signal });
    await printer.result({ items }, () => (items.length === 0 ? 'No traces.\n' : printer.table(items, columns)));
  });
}

type Params = { readonly subject: string };

/** Starts a trace where there is none; one that was stopped stays so unless it is followed. */
async function ensureTrace({ client, options, signal, printer }: PlatformRun<TraceOptions>, params: Params) {
  const known = await client.call(routes.showTrace, { params, signal }).catch((error: unknown) => {
    if (error instanceof ApiProblemError && error.problem.code === 'not-found') return undefined;
    throw error;
  });
  const starts = known === undefined || options.for !== undefined || (options.follow && !known.recording);
  if (!starts) return;
  const body = options.for === undefined ? {} : { duration: options.for };
  const trace = await client.call(routes.startTrace, { params, body, signal });
  const subject = params.subject === '*' ? "'*'" : params.subject; // as a shell takes it
  await printer.note(`Recording until ${localTime(trace.until)}; "yaolian trace ${subject} --stop" ends it before.`);
}

async function show(run: PlatformRun<TraceOptions>, params: Params): Promise<void> {
  const { client, options, signal, printer } = run;
  const { search, unknown } = options;
  const query = { ...(search === undefined ? {} : { search }), ...(unknown ? { unknown } : {}) };
  if (options.pcapng !== undefined) {
    const { wire = false, decrypted = false, secrets = false } = options;
    const bytes = await client.download(routes.exportTrace, {
      params,
      query: { ...query, wire, decrypted, secrets },
      signal,
    });
    const file = options.pcapng;
    if (!secrets || file === '-') return await writeBytes(printer, file, bytes);
    await writeSecret(file, bytes, true);
    await printer.note(`${bytes.length} bytes written to ${file}, which only you can read: it holds keys`);
    return;
  }
  const tell = (message: JsonTraceMessageDetail) =>
    printer.result(message, () =>
      options.brief
        ? `${describeHead(message, printer.paint)}\n`
        : describeDetail(message, printer.paint, options.hex ?? false),
    );
  if (options.follow) {
    for await (const message of client.follow(routes.followTrace, { params, query, signal })) await tell(message);
    return;
  }
  for (let after: number | undefined = 0; after !== undefined; ) {
    const page: { items: readonly { number: number }[]; next?: number } = await client.call(routes.listTraceMessages, {
      params,
      query: { ...query, after },
      signal,
    });
    for (const { number } of page.items) {
      await tell(await client.call(routes.showTraceMessage, { params: { ...params, number }, signal }));
    }
    after = page.next;
  }
}
