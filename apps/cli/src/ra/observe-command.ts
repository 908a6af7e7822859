import type { ObservationEndReason, RaValue } from '@yaolian/igrs';
import { decodeDataPush, Refused } from '@yaolian/igrs/client';
import type { Duration } from '@yaolian/kernel';
import type { XmlElement } from '@yaolian/xmpp';
import { type Command, Option } from 'commander';
import type { Cli } from '../command.ts';
import { cliErrors } from '../errors.ts';
import { addExamples } from '../help.ts';
import { printable } from '../output/display-width.ts';
import { localClock } from '../output/time.ts';
import { durationOption, integerOption } from '../parsers.ts';
import { pathOf, pathPlace } from './data-commands.ts';
import { type HomeRun, onHomeRun, raAddress, remoteDevicePlace } from './session.ts';

interface ObserveOptions {
  readonly count?: number;
  readonly duration?: Duration;
}

/** GB/T 29265.205 §11.2, §11.5: values as they change. */
export function registerObserve(ra: Command, cli: Cli): void {
  const command = ra
    .command('observe')
    .summary('show values of a device as they change')
    .description('Show values of a device as they change, until Ctrl-C, --count or --duration.')
    .addArgument(remoteDevicePlace())
    .addArgument(pathPlace())
    .addOption(
      new Option('-c, --count <number>', 'stop after so many').argParser(integerOption('a count', 1, 1_000_000_000)),
    )
    .addOption(new Option('-d, --duration <duration>', 'stop after this time').argParser(durationOption));
  addExamples(command, [['How warm it becomes', 'yaolian ra observe attic /3303/0/5700']]);
  onHomeRun<ObserveOptions>(cli, command, observe);
}

async function observe(run: HomeRun<ObserveOptions>): Promise<void> {
  const { args, user, options, printer, signal, connected } = run;
  const device = raAddress(args[0], user);
  const path = pathOf(args[1]);
  const { promise: finished, resolve, reject } = Promise.withResolvers<void>();
  finished.catch(() => {}); // it may be over before it is waited for
  let writing = Promise.resolve();
  let seen = 0;
  let waitsAs: string | undefined;
  let isOver = false;
  const show = (time: string, values: readonly RaValue[]) => {
    const wanted = values.filter((value) => value.path === path || value.path.startsWith(`${path}/`));
    if (wanted.length === 0 || seen === options.count) return;
    writing = writing.then(() => printer.result({ device, time, values: wanted }, () => describe(time, wanted)));
    if (++seen === options.count) resolve();
  };
  const onMessage = (message: XmlElement) => {
    const push = decodeDataPush(message, user.domain);
    if (push?.device !== device) return;
    if (push.kind === 'ended') {
      if (push.path === path) end(push.reason);
      return;
    }
    if (push.kind === 'late' && push.id === waitsAs && push.outcome instanceof Refused) reject(push.outcome);
    const answer = push.kind === 'values' ? push.answer : push.outcome;
    if ('kind' in answer && answer.kind === 'values') show(answer.time, answer.values);
  };
  const end = (reason: ObservationEndReason) => {
    isOver = true;
    reject(cliErrors.CLI_REFUSED(`${device} tells you no more values: ${whyEnded[reason]}`));
  };
  const onOffline = (error: Error) => void printer.note(`${error.message}; trying again`);
  const onClosed = (error: Error | undefined) => {
    if (error !== undefined) reject(cliErrors.CLI_UNREACHABLE(error.message));
  };
  await connected(
    async (home) => {
      const first = await home.device(device).observe(path, { signal });
      if (first.kind === 'values') show(first.time, first.values);
      if (first.kind === 'queued') {
        waitsAs = first.id;
        await printer.note(`${device} sleeps; values come when it wakes up`);
      }
      signal.addEventListener('abort', () => resolve(), { once: true });
      if (signal.aborted) resolve();
      // A timer that keeps the process alive: waiting is what the command is for.
      const timer = options.duration === undefined ? undefined : setTimeout(resolve, options.duration);
      try {
        await finished;
      } finally {
        clearTimeout(timer);
        await writing;
      }
      if (!isOver) await home.device(device).cancel(path);
    },
    { onMessage, onOffline, onClosed },
  );
  signal.throwIfAborted();
}

const whyEnded: { readonly [R in ObservationEndReason]: string } = {
  forbidden: 'you may not observe it any more',
  expired: 'your permission was for a time, and that is over',
  unbound: 'it is not yours any more',
  removed: 'it is not on the platform any more',
  cancelled: 'the device, or whoever runs the platform, ended it',
};

function describe(time: string, values: readonly RaValue[]): string {
  const clock = localClock(time);
  return values
    .map(
      ({ path, text, unit }) =>
        `${clock}  ${printable(path)}  ${printable(unit === undefined ? text : `${text} ${unit}`)}\n`,
    )
    .join('');
}
