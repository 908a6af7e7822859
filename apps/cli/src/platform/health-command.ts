import { type JsonHealthCheck, measureText, routes } from '@yaolian/contract';
import { type Command, Option } from 'commander';
import type { Cli } from '../command.ts';
import { ExitCode } from '../errors.ts';
import { addExamples } from '../help.ts';
import type { Column } from '../output/table.ts';
import { onPlatformRun } from './platform-command.ts';

interface HealthOptions {
  readonly strict?: boolean;
}

/** For people and for monitoring: every part, and an exit code. */
export function registerHealthCommand(parent: Command, cli: Cli): void {
  const command = parent
    .command('health')
    .summary('check every part of the platform')
    .description('Check every part of the platform. Ends with 1 when one has failed, and says what to do about it.')
    .addOption(new Option('--strict', 'end with 1 when one is degraded, too'));
  addExamples(command, [
    ['Look', 'yaolian health'],
    ['For monitoring: an alarm before it hurts', 'yaolian health --strict --json'],
  ]);
  onPlatformRun<HealthOptions>(cli, command, async ({ client, printer, signal, options }) => {
    const health = await client.call(routes.showHealth, { signal });
    await printer.result(health, () => printer.table(health.checks, columns) + adviceLines(health.checks));
    const isBad = health.state === 'failed' || (options.strict === true && health.state === 'degraded');
    if (isBad) cli.exitCode = ExitCode.Refused;
  });
}

const columns: readonly Column<JsonHealthCheck>[] = [
  { title: 'PART', value: ({ part }) => part },
  { title: 'STATE', value: ({ state }) => state },
  { title: 'WHICH', value: ({ subject }) => subject ?? '' },
  { title: 'WHAT', value: (check) => check.detail ?? valuesText(check), shrinks: true },
];

/** What to do, for each that is not well; once where several want the same. */
function adviceLines(checks: readonly JsonHealthCheck[]): string {
  const advice = new Set(checks.flatMap((check) => (check.advice === undefined ? [] : [check.advice])));
  return [...advice].map((line) => `→ ${line}\n`).join('');
}

function valuesText({ values }: JsonHealthCheck): string {
  return Object.entries(values)
    .filter(([name]) => name !== 'setting')
    .map(([name, value]) => `${measureNames[name] ?? name} ${measureText(name, value)}`)
    .join(', ');
}

const measureNames: Readonly<Record<string, string>> = {
  ...{ sizeBytes: 'size', limitBytes: 'at most', freeBytes: 'free', totalBytes: 'of', usedBytes: 'heap' },
  ...{
    residentBytes: 'resident',
    seconds: 'time',
    pingSeconds: 'ping',
    used: 'in use',
    limit: 'at most',
    days: 'days left',
  },
};
