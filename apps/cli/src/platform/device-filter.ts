import { deviceStates } from '@yaolian/contract';
import { type Command, Option } from 'commander';
import { completeFrom, completeWith } from '../command.ts';
import { cliErrors } from '../errors.ts';

/** Which devices a command is about. */
export interface DeviceFilterOptions {
  readonly search?: string;
  readonly state?: (typeof deviceStates)[number];
  readonly vendor?: string;
  readonly model?: string;
  /** Not `version`, which is the one of this program. */
  readonly firmwareVersion?: string;
  readonly group?: string;
  readonly seenSince?: string;
  readonly seenBefore?: string;
}

/** Adds the options of {@link DeviceFilterOptions}. */
export function addDeviceFilter(command: Command): Command {
  return command
    .addOption(new Option('-s, --search <text>', 'with this in key, endpoint name, identity or make, in any case'))
    .addOption(
      completeWith(
        new Option('--state <state>', 'in this state').choices(deviceStates).argParser(stateOption),
        completeFrom(deviceStates.map((value) => ({ value }))),
      ),
    )
    .addOption(new Option('--vendor <text>', 'of this vendor, as /3/0/0 said when it was read'))
    .addOption(new Option('--model <text>', 'of this model (/3/0/1)'))
    .addOption(new Option('--firmware-version <text>', 'with this firmware (/3/0/3)'))
    .addOption(new Option('--group <name>', 'of this group'))
    .addOption(new Option('--seen-since <time>', 'registered then or later: 24h, or 2026-01-31T08:00:00Z'))
    .addOption(new Option('--seen-before <time>', 'not registered since: 7d'));
}

function stateOption(text: string): (typeof deviceStates)[number] {
  const state = deviceStates.find((known) => known === text.toUpperCase());
  if (state) return state;
  throw cliErrors.CLI_USAGE(`a state is one of ${deviceStates.join(', ')}, not "${text}"`);
}

/** The fields of the API, without what was not given. */
export function deviceFilter(options: DeviceFilterOptions) {
  const { search, state, vendor, model, firmwareVersion, group, seenSince, seenBefore } = options;
  return {
    ...(search === undefined ? {} : { search }),
    ...(state === undefined ? {} : { state }),
    ...(vendor === undefined ? {} : { vendor }),
    ...(model === undefined ? {} : { model }),
    ...(firmwareVersion === undefined ? {} : { version: firmwareVersion }),
    ...(group === undefined ? {} : { group }),
    ...(seenSince === undefined ? {} : { seenSince }),
    ...(seenBefore === undefined ? {} : { seenBefore }),
  };
}
