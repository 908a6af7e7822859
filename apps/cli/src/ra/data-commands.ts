import type { DataAnswer, RaValue } from '@yaolian/igrs';
import { Argument, type Command } from 'commander';
import type { Cli } from '../command.ts';
import { cliErrors } from '../errors.ts';
import { addExamples } from '../help.ts';
import { printable } from '../output/display-width.ts';
import type { Printer } from '../output/printer.ts';
import type { Column } from '../output/table.ts';
import { askDevice, type WaitOptions, waitOption } from './late-answers.ts';
import { onHomeRun, raAddress, remoteDevicePlace } from './session.ts';

/** GB/T 29265.205 §11.2: what users do with devices. */
export function registerDataCommands(ra: Command, cli: Cli): void {
  registerRead(ra, cli);
  registerWrite(ra, cli);
  registerExecute(ra, cli);
}

const columns: readonly Column<RaValue>[] = [
  { title: 'PATH', value: ({ path }) => path },
  { title: 'NAME', value: ({ name }) => name, shrinks: true },
  { title: 'VALUE', value: ({ text, unit }) => (unit === undefined ? text : `${text} ${unit}`), shrinks: true },
];

/** One value as it is, several as a table. */
function describeValues(values: readonly RaValue[], path: string, printer: Printer): string {
  const [first] = values;
  if (first === undefined) return 'Nothing there.\n';
  if (values.length > 1 || first.path !== path) return printer.table(values, columns);
  return `${printable(first.unit === undefined ? first.text : `${first.text} ${first.unit}`)}\n`;
}

export function pathPlace(): Argument {
  return new Argument('<path>', 'an object, instance or resource, as in /3303/0/5700');
}

/** @throws CLI_USAGE when it is none */
export function pathOf(text: string | undefined): string {
  if (/^(\/\d{1,5}){1,4}$/.test(text ?? '')) return text!;
  throw cliErrors.CLI_USAGE(`"${text}" is no path; write numbers with slashes between, as in /3303/0/5700`);
}

function registerRead(ra: Command, cli: Cli): void {
  const command = ra
    .command('read')
    .summary('read values of a device')
    .description('Read a resource, an instance or an object of a device that is yours or that you may read.')
    .addArgument(remoteDevicePlace())
    .addArgument(pathPlace())
    .addOption(waitOption());
  addExamples(command, [['How warm is it', 'yaolian ra read attic /3303/0/5700']]);
  onHomeRun<WaitOptions>(cli, command, async (run) => {
    const { args, user, printer } = run;
    const device = raAddress(args[0], user);
    const path = pathOf(args[1]);
    const answer = await askDevice(run, device, { kind: 'read', path });
    if (answer.kind === 'queued') throw cliErrors.CLI_UNREACHABLE(`${device} sleeps; use --wait to wait for it`);
    const values = answer.kind === 'values' ? answer.values : [];
    await printer.result({ device, values }, () => describeValues(values, path, printer));
  });
}

function registerWrite(ra: Command, cli: Cli): void {
  const command = ra
    .command('write')
    .summary('write a value of a device')
    .description('Write a resource of a device. One that sleeps gets it when it wakes up.')
    .addArgument(remoteDevicePlace())
    .addArgument(pathPlace())
    .addArgument(new Argument('<value>', 'the value, as text'))
    .addOption(waitOption());
  addExamples(command, [['What it measures', 'yaolian ra write attic /3303/0/5750 "under the roof"']]);
  onHomeRun<WaitOptions>(cli, command, async (run) => {
    const { args, user, printer } = run;
    const device = raAddress(args[0], user);
    const path = pathOf(args[1]);
    const outcome = kindOf(await askDevice(run, device, { kind: 'write', path, text: args[2]! }));
    await printer.result({ device, path, outcome }, () => describeOutcome(outcome, device, 'Written'));
  });
}

function registerExecute(ra: Command, cli: Cli): void {
  const command = ra
    .command('execute')
    .summary('have a device do something')
    .description('Execute a resource of a device. One that sleeps does it when it wakes up.')
    .addArgument(remoteDevicePlace())
    .addArgument(pathPlace())
    .addArgument(new Argument('[arguments]', "arguments of LwM2M, as in 0='x'").default('', 'none'))
    .addOption(waitOption());
  addExamples(command, [['Restart it', 'yaolian ra execute attic /3/0/4']]);
  onHomeRun<WaitOptions>(cli, command, async (run) => {
    const { args, user, printer } = run;
    const device = raAddress(args[0], user);
    const path = pathOf(args[1]);
    const outcome = kindOf(await askDevice(run, device, { kind: 'execute', path, arguments: args[2] ?? '' }));
    await printer.result({ device, path, outcome }, () => describeOutcome(outcome, device, 'Done'));
  });
}

function kindOf({ kind }: DataAnswer): 'done' | 'queued' {
  return kind === 'queued' ? 'queued' : 'done';
}

function describeOutcome(outcome: 'done' | 'queued', device: string, done: string): string {
  return outcome === 'done' ? `${done}.\n` : `${printable(device)} sleeps, and gets it when it wakes up.\n`;
}
