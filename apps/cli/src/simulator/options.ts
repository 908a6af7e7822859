import type { Duration } from '@yaolian/kernel';
import type { SimulatorOutput } from '@yaolian/simulator';
import { type Command, Option } from 'commander';
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
