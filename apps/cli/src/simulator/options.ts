import type { Duration } from '@yaolian/kernel';
import type { FirmwareTrouble, SimulatedFirmwareOptions, SimulatorOutput } from '@yaolian/simulator';
import { type Command, Option } from 'commander';
import { cliErrors } from '../errors.ts';
import type { HostOutput } from '../host.ts';
import { durationOption, integerOption } from '../parsers.ts';

/** What both commands take. */
export interface SimulationOptions {
  readonly server?: string;
  readonly bootstrap?: string;
  readonly lifetime?: Duration;
  readonly updateEvery?: Duration;
  readonly seed?: number;
  readonly lwm2m?: '1.0' | '1.1' | '1.2';
}

export function addSimulationOptions(command: Command, updateEvery: string): Command {
  return command
    .addOption(new Option('-s, --server <uri>', 'where to register').default(undefined, 'coap://127.0.0.1:5683'))
    .addOption(new Option('-b, --bootstrap <uri>', 'bootstrap there first, and register where that server says'))
    .addOption(
      new Option('-l, --lifetime <duration>', 'lifetime of registrations')
        .argParser(durationOption)
        .default(undefined, '24h'),
    )
    .addOption(
      new Option('-u, --update-every <duration>', 'time between Updates')
        .argParser(durationOption)
        .default(undefined, updateEvery),
    )
    .addOption(
      new Option('--lwm2m <version>', 'version to speak').choices(['1.0', '1.1', '1.2']).default(undefined, '1.1'),
    )
    .addOption(
      new Option('--seed <number>', 'names and values are the same for the same seed')
        .argParser(integerOption('a seed', 0, 4_294_967_295))
        .default(undefined, '1'),
    );
}

/** What both take about firmware. */
export interface FirmwareOptions {
  readonly firmware?: boolean;
  readonly firmwareTrouble?: FirmwareTrouble;
  readonly firmwareDelivery?: 'push' | 'pull' | 'both';
  readonly firmwareObject?: '1.0' | '1.1' | '1.2';
  readonly installTime?: Duration;
  readonly defer?: Duration;
}

const troubles: readonly FirmwareTrouble[] = [
  'not-enough-storage',
  'out-of-memory',
  'connection-lost',
  'integrity',
  'unsupported-type',
  'unsupported-protocol',
  'update-failed',
];

export function addFirmwareOptions(command: Command): Command {
  return command
    .addOption(new Option('--firmware', 'have the Firmware Update object (/5); "yaolian firmware pack" makes packages'))
    .addOption(new Option('--firmware-trouble <trouble>', 'what goes wrong with every update').choices(troubles))
    .addOption(
      new Option('--firmware-delivery <way>', 'how packages may come')
        .choices(['push', 'pull', 'both'])
        .default(undefined, 'both'),
    )
    .addOption(
      new Option('--firmware-object <version>', 'version of object 5')
        .choices(['1.0', '1.1', '1.2'])
        .default(undefined, '1.1'),
    )
    .addOption(
      new Option('--install-time <duration>', 'how long an installation takes, without the reboot')
        .argParser(durationOption)
        .default(undefined, '2s'),
    )
    .addOption(
      new Option('--defer <duration>', 'how long the user puts an update off, where he may').argParser(durationOption),
    );
}

/** Undefined: no object 5. */
export function firmwareOf(options: FirmwareOptions): SimulatedFirmwareOptions | undefined {
  const { firmware, firmwareTrouble: trouble, firmwareDelivery: delivery, firmwareObject: version } = options;
  const { installTime, defer } = options;
  const given = { trouble, delivery, version, installTime, defer };
  const set = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as {
    [K in keyof typeof given]?: NonNullable<(typeof given)[K]>;
  };
  if (firmware) return set;
  if (Object.keys(set).length > 0) throw cliErrors.CLI_USAGE('options about firmware need --firmware');
  return undefined;
}

/** The options of the simulator that both have in common; what is absent has its default there. */
export function simulation(options: SimulationOptions) {
  const { server, bootstrap, lifetime, updateEvery, seed, lwm2m } = options;
  return {
    ...(server === undefined ? {} : { server }),
    ...(bootstrap === undefined ? {} : { bootstrap }),
    ...(lifetime === undefined ? {} : { lifetime }),
    ...(updateEvery === undefined ? {} : { updateEvery }),
    ...(seed === undefined ? {} : { seed }),
    ...(lwm2m === undefined ? {} : { lwm2mVersion: lwm2m }),
  };
}

/** An output of ours as the simulator writes to it. */
export function simulatorOutput(output: HostOutput): SimulatorOutput {
  return {
    isTerminal: output.isTerminal,
    get columns() {
      return output.columns;
    },
    write: (text) => output.write(text),
  };
}
