import { CredentialFileReader, readImportFile } from '@yaolian/contract';
import { type Duration, decodeHex } from '@yaolian/kernel';
import type { FleetKey, FleetKeys, FleetSummary } from '@yaolian/simulator';
import { type Command, Option } from 'commander';
import { caDescription, insecureDescription } from '../coap/request-options.ts';
import { tlsOptions } from '../coap/session.ts';
import { type Cli, type CommandRun, completeFiles, completeWith, onRun } from '../command.ts';
import { cliErrors } from '../errors.ts';
import { forceOption, openFile, writeSecret } from '../files.ts';
import { addExamples } from '../help.ts';
import { durationOption, hexOption, integerOption } from '../parsers.ts';
import {
  addFirmwareOptions,
  addSimulationOptions,
  type FirmwareOptions,
  firmwareOf,
  type SimulationOptions,
  simulation,
  simulatorOutput,
} from './options.ts';

const sharing = ['auto', 'each', 'shared'] as const;

interface FleetCommandOptions extends SimulationOptions, FirmwareOptions {
  readonly troubleShare?: number;
  readonly count: number;
  readonly rate?: number;
  readonly prefix?: string;
  readonly notifyEvery?: Duration;
  readonly duration?: Duration;
  readonly deregister: boolean;
  readonly sockets?: (typeof sharing)[number];
  readonly pskSecret?: Uint8Array;
  readonly pskFile?: string;
  readonly writeKeys?: string;
  readonly force?: boolean;
  readonly ca?: string;
  readonly insecure?: boolean;
}

export function registerFleetCommand(parent: Command, cli: Cli): void {
  const command = parent
    .command('fleet')
    .summary('run many simulated terminals')
    .description(
      'Run many simulated terminals in this process, until --duration or Ctrl-C; they de-register at the end. A progress line goes to standard error, the result to standard output.',
    )
    .addOption(
      new Option('-n, --count <number>', 'how many')
        .argParser(integerOption('a count', 1, 1_000_000))
        .makeOptionMandatory(),
    );
  addSimulationOptions(command, '60s')
    .addOption(
      new Option('--rate <number>', 'terminals started a second')
        .argParser(integerOption('a rate', 1, 1_000_000))
        .default(undefined, '500'),
    )
    .addOption(
      new Option('--notify-every <duration>', 'how often each one has a new value for who observes it').argParser(
        durationOption,
      ),
    )
    .addOption(new Option('-d, --duration <duration>', 'stop after this time').argParser(durationOption))
    .addOption(
      new Option('--prefix <text>', 'endpoint names are this and a number').default(
        undefined,
        'as China Mobile has them',
      ),
    )
    .addOption(new Option('--no-deregister', 'leave the registrations at the server'))
    .addOption(
      new Option('--sockets <sharing>', 'a socket for each terminal, or shared ones')
        .choices(sharing)
        .default(undefined, 'auto'),
    );
  command
    .addOption(
      new Option('--psk-secret <hex>', 'each has a pre-shared key that is derived from this secret and its name')
        .argParser(hexOption)
        .conflicts('pskFile'),
    )
    .addOption(
      completeWith(
        new Option(
          '--psk-file <file>',
          'each has the key that a CSV file has for it, as "credentials import" reads it',
        ),
        completeFiles,
      ),
    )
    .addOption(
      completeWith(
        new Option('--write-keys <file>', 'only write the keys of --psk-secret, for "credentials import"'),
        completeFiles,
      ),
    )
    .addOption(forceOption())
    .addOption(completeWith(new Option('--ca <file>', caDescription), completeFiles))
    .addOption(new Option('--insecure', insecureDescription).conflicts('ca'));
  addFirmwareOptions(command).addOption(
    new Option('--trouble-share <percent>', 'how many of them have the trouble')
      .argParser(integerOption('a percentage', 0, 100))
      .default(undefined, '100'),
  );
  addExamples(command, [
    ['A thousand, for a minute, at the platform on this machine', 'yaolian fleet --count 1000 --duration 1m'],
    ['Twenty thousand that bootstrap first', 'yaolian fleet -n 20000 --bootstrap coap://192.0.2.1 --rate 2000'],
    [
      'To be updated; one in twenty fails',
      'yaolian fleet -n 1000 --firmware --firmware-trouble update-failed --trouble-share 5',
    ],
    [
      'Keys for a thousand, to be imported',
      'yaolian fleet -n 1000 --prefix dev- --psk-secret "$SECRET" --write-keys keys.csv',
    ],
    ['Their import', 'yaolian credentials import keys.csv'],
    [
      'The thousand, with them',
      'yaolian fleet -n 1000 --prefix dev- --psk-secret "$SECRET" --server coaps://192.0.2.1',
    ],
    ['Figures for a script', 'yaolian fleet -n 500 -d 30s --json | jq .registrations.latency'],
  ]);
  onRun<FleetCommandOptions>(cli, command, runMany);
}

/** @throws CLI_USAGE when the file is not right */
async function keysOf({ pskSecret, pskFile }: FleetCommandOptions): Promise<FleetKeys | undefined> {
  if (pskSecret !== undefined) return (await import('@yaolian/simulator')).derivedKeys(pskSecret);
  if (pskFile === undefined) return undefined;
  const keys = new Map<string, FleetKey>();
  for await (const { line, ...read } of readImportFile(await openFile(pskFile), new CredentialFileReader())) {
    if ('mistake' in read) throw cliErrors.CLI_USAGE(`${pskFile}:${line}: ${read.mistake!.message}`);
    const { endpoint, kind, identity, key } = read.entry;
    if (kind === 'psk') keys.set(endpoint, { identity: identity!, key: decodeHex(key!.toLowerCase())! });
  }
  return (endpoint) => keys.get(endpoint);
}

/** @throws CLI_USAGE without a secret */
async function writeKeys(file: string, options: FleetCommandOptions, keys: FleetKeys | undefined): Promise<void> {
  const { count, prefix, seed = 1, pskSecret } = options;
  if (keys === undefined || pskSecret === undefined) throw cliErrors.CLI_USAGE('--write-keys needs --psk-secret');
  const { fleetEndpointName, keyFile } = await import('@yaolian/simulator');
  const names = Array.from({ length: count }, (_, index) => fleetEndpointName(seed, prefix, index));
  await writeSecret(file, keyFile(names, keys), options.force);
}

async function runMany({ host, options, printer, signal }: CommandRun<FleetCommandOptions>): Promise<void> {
  const { fleetTable, runFleet } = await import('@yaolian/simulator');
  const keys = await keysOf(options);
  if (options.writeKeys !== undefined) {
    await writeKeys(options.writeKeys, options, keys);
    await printer.result({ written: options.count }, () => `${options.count} keys written to ${options.writeKeys}\n`);
    return;
  }
  const { count, rate, prefix, notifyEvery, duration, deregister, sockets } = options;
  const firmware = firmwareOf(options);
  const share = options.troubleShare === undefined ? {} : { troubleShare: options.troubleShare / 100 };
  const summary = await runFleet({
    ...simulation(options),
    ...(keys && { keys }),
    tls: await tlsOptions(options),
    count,
    deregister,
    ...(firmware === undefined ? {} : { firmware: { ...firmware, ...share } }),
    ...(rate === undefined ? {} : { rate }),
    ...(prefix === undefined ? {} : { endpointPrefix: prefix }),
    ...(notifyEvery === undefined ? {} : { notifyEvery }),
    ...(duration === undefined ? {} : { duration }),
    ...(sockets === undefined ? {} : { sockets }),
    ...(printer.json ? {} : { output: simulatorOutput(host.stderr) }),
    signal,
  });
  await printer.result(summary, () => `${fleetTable(summary)}\n`);
  signal.throwIfAborted();
  if (summary.registrations.succeeded === 0) throw nobodyRegistered(summary);
}

function nobodyRegistered({ count, server, registrations, bootstraps }: FleetSummary): Error {
  const reasons = Object.keys({ ...registrations.failures, ...bootstraps.failures });
  const sentence = `none of ${count} terminals registered at ${server}`;
  const isSilent = reasons.length === 0 || reasons.every((reason) => reason === 'timeout');
  return isSilent
    ? cliErrors.CLI_TIMEOUT(`${sentence}: it did not answer; is it there, on that port?`)
    : cliErrors.CLI_REFUSED(`${sentence}: ${reasons.join(', ')}`);
}
