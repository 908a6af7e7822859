import type { FirmwareProgress, FirmwareState } from '@yaolian/igrs';
import { decodeFirmwarePush } from '@yaolian/igrs/client';
import { type Command, Option } from 'commander';
import type { Cli } from '../command.ts';
import { cliErrors } from '../errors.ts';
import { addExamples } from '../help.ts';
import { printable } from '../output/display-width.ts';
import { type HomeRun, onHomeRun, raAddress, remoteDevicePlace } from './session.ts';

interface FirmwareOptions {
  readonly update?: boolean;
  readonly detach?: boolean;
  readonly cancel?: boolean;
}

/** The firmware of a device for its owner: what it has, what it is offered, and the update to that. */
export function registerFirmware(ra: Command, cli: Cli): void {
  const command = ra
    .command('firmware')
    .summary('show or update the firmware of a device of yours')
    .description(
      'Show the firmware of a device of yours and what its operator offers for it. With --update it is updated; a device that sleeps when it wakes up. What is being installed, and what the operator rolls out, is not given up by --cancel.',
    )
    .addArgument(remoteDevicePlace())
    .addOption(new Option('--update', 'update it, and show the steps until it is done'))
    .addOption(new Option('--detach', 'with --update: begin it and do not wait'))
    .addOption(new Option('--cancel', 'give up the update that is under way').conflicts('update'));
  addExamples(command, [
    ['What it has', 'yaolian ra firmware attic'],
    ['Update it', 'yaolian ra firmware attic --update'],
    ['Give the update up', 'yaolian ra firmware attic --cancel'],
  ]);
  onHomeRun<FirmwareOptions>(cli, command, (run) => {
    const { update: wantsUpdate, cancel: wantsCancel } = run.options;
    return wantsUpdate === true ? update(run) : wantsCancel === true ? cancel(run) : show(run);
  });
}

async function show({ args, user, options, printer, signal, connected }: HomeRun<FirmwareOptions>): Promise<void> {
  if (options.detach === true) throw cliErrors.CLI_USAGE('--detach goes with --update');
  const device = raAddress(args[0], user);
  await connected(async (home) => {
    const state = await home.device(device).firmware({ signal });
    await printer.result({ device, ...state }, () => printer.facts(factsOf(state)));
  });
}

async function cancel({ args, user, options, printer, signal, connected }: HomeRun<FirmwareOptions>): Promise<void> {
  if (options.detach === true) throw cliErrors.CLI_USAGE('--detach goes with --update');
  const device = raAddress(args[0], user);
  await connected(async (home) => {
    const progress = await home.device(device).cancelFirmware({ signal });
    await printer.result({ device, ...progress }, () => `${sentenceOf(progress)}\n`);
  });
}

function factsOf({ version, offer, update: last }: FirmwareState): [string, string | undefined][] {
  return [
    ['Version', version ?? 'not known'],
    ['Offered', offer ?? 'nothing else'],
    ['Last update', last && sentenceOf(last)],
  ];
}

async function update({ args, user, options, printer, signal, connected }: HomeRun<FirmwareOptions>): Promise<void> {
  const device = raAddress(args[0], user);
  const { promise: over, resolve, reject } = Promise.withResolvers<FirmwareProgress>();
  over.catch(() => {}); // it may be over before it is waited for
  let writing = Promise.resolve();
  let id: string | undefined;
  const early: FirmwareProgress[] = [];
  const take = (progress: FirmwareProgress) => {
    if (progress.id !== id) return;
    writing = writing.then(() => printer.result({ device, ...progress }, () => `${sentenceOf(progress)}\n`));
    if (['succeeded', 'failed', 'cancelled'].includes(progress.phase)) resolve(progress);
  };
  await connected(
    async (home) => {
      const begun = await home.device(device).updateFirmware({ signal });
      id = begun.id;
      if (!early.some((one) => one.id === id)) take(begun);
      for (const progress of early) take(progress);
      if (options.detach === true) return writing;
      signal.addEventListener('abort', () => reject(cliErrors.CLI_INTERRUPTED()), { once: true });
      signal.throwIfAborted();
      // A timer that keeps the process alive: waiting is what the command is for.
      const awake = setInterval(() => {}, 60_000);
      const { phase, failure } = await over.finally(() => clearInterval(awake));
      await writing;
      if (phase !== 'succeeded')
        throw cliErrors.CLI_REFUSED(`the update ${phase}${failure === undefined ? '' : `: ${failure}`}`);
    },
    {
      onMessage: (message) => {
        const progress = decodeFirmwarePush(message, user.domain);
        if (progress?.device !== device) return;
        if (id === undefined) early.push(progress);
        else take(progress);
      },
      onClosed: (error) => {
        if (error !== undefined) reject(cliErrors.CLI_UNREACHABLE(error.message));
      },
    },
  );
}

const phases: { readonly [P in FirmwareProgress['phase']]: string } = {
  waiting: 'waits for the device',
  delivering: 'is on its way to the device',
  installing: 'is being installed',
  succeeded: 'is installed',
  failed: 'failed',
  cancelled: 'was given up',
};

function sentenceOf({ phase, to, failure }: FirmwareProgress): string {
  const what = to === undefined ? 'The update' : `Firmware ${printable(to)}`;
  return `${what} ${phases[phase]}${failure === undefined ? '' : `: ${printable(failure)}`}`;
}
