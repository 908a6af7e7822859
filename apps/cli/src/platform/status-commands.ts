import { type EventType, eventTypes, type JsonStatus, routes } from '@yaolian/contract';
import { formatDuration, seconds } from '@yaolian/kernel';
import { type Command, Option } from 'commander';
import { type Cli, completeFrom, completeWith } from '../command.ts';
import { cliErrors } from '../errors.ts';
import { addExamples, addSection } from '../help.ts';
import type { Printer } from '../output/printer.ts';
import type { Fact } from '../output/table.ts';
import { localTime } from '../output/time.ts';
import { collectOption } from '../parsers.ts';
import { followEvents } from './follow-events.ts';
import { devicePlace } from './places.ts';
import { onPlatformRun } from './platform-command.ts';

export function registerStatusCommands(parent: Command, cli: Cli): void {
  const status = parent
    .command('status')
    .summary('show how the platform does')
    .description('Show how the platform does: version, addresses, counts of devices, memory.');
  addExamples(status, [['Show it', 'yaolian status']]);
  onPlatformRun(cli, status, async ({ client, url, printer, signal }) => {
    const answer = await client.call(routes.showStatus, { signal });
    await printer.result(answer, () => describeStatus(url, answer, printer));
  });
  registerEvents(parent, cli);
}

function describeStatus(url: string, status: JsonStatus, printer: Printer): string {
  const { devices, memory } = status;
  const mebibytes = (bytes: number): string => `${Math.round(bytes / 1_048_576)} MiB`;
  return printer.facts([
    ['Platform', `${url} (${status.name} ${status.version})`],
    ['Running', `${formatDuration(seconds(status.uptime))}, since ${localTime(status.startedAt)}`],
    ['Profile', status.profile],
    ['Enrolment', status.enrolment],
    ...status.listening.map(({ service, url: where }): Fact => [`Listens (${service})`, where]),
    ['UDP adapter', status.udpAdapter],
    ['Devices', `${devices.total}: ${devices.online} online, ${devices.sleeping} sleeping, ${devices.offline} offline`],
    ['Observations', status.observations],
    ['Event streams', status.eventStreams],
    ['Memory', `${mebibytes(memory.rss)}, heap ${mebibytes(memory.heapUsed)}`],
  ]);
}

interface EventOptions {
  readonly type?: readonly (readonly EventType[])[];
}

function registerEvents(parent: Command, cli: Cli): void {
  const command = parent
    .command('events')
    .summary('follow what happens on the platform')
    .description(
      'Follow what happens on the platform, live, until Ctrl-C. A stream that breaks is taken up again where it broke.',
    )
    .addArgument(devicePlace(cli, '[device...]'))
    .addOption(
      completeWith(
        new Option(
          '-t, --type <type>',
          `only events of this type, or of this kind as in "device"; may be repeated`,
        ).argParser(collectOption(typeOption)),
        completeFrom([...kinds, ...eventTypes].map((value) => ({ value }))),
      ),
    );
  addSection(command, 'Types:', eventTypes.map((type) => `  ${type}`).join('\n'));
  addExamples(command, [
    ['Everything', 'yaolian events'],
    ['What bootstraps, as JSON lines', 'yaolian events --type bootstrap --json'],
    ['Notifications of one device', 'yaolian events --type observation.notified urn:imei:861111003929110'],
  ]);
  onPlatformRun<EventOptions>(cli, command, async (run) => {
    const devices = (run.args[0] as unknown as readonly string[] | undefined) ?? [];
    await followEvents(run, { types: run.options.type?.flat() ?? [], devices });
  });
}

const kinds = [...new Set(eventTypes.map((type) => type.split('.')[0]!))];

function typeOption(text: string): readonly EventType[] {
  const types = eventTypes.filter((type) => type === text || type.startsWith(`${text}.`));
  if (types.length > 0) return types;
  throw cliErrors.CLI_USAGE(
    `there are no events "${text}"; use one of ${kinds.join(', ')}, or a type that --help lists`,
  );
}
