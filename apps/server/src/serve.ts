import { hasCode, type Log, YaolianError } from '@yaolian/kernel';
import { pinoLog } from '@yaolian/node-runtime';
import { welcomeText } from './banner.ts';
import { ConfigError, type LoadedConfig, loadConfig } from './config/load.ts';
import { configText, helpText } from './config/show.ts';
import type { Platform } from './platform.ts';
import { HeldLog } from './start/held-log.ts';
import { shellOfNpmEnds } from './start/npm-shell.ts';
import { version } from './version.ts';

/** How the process ends. */
export const ExitCode = {
  Done: 0,
  /** Something failed that we did not expect; the log has it. */
  Failed: 1,
  /** The configuration is wrong. */
  Usage: 2,
  /** It could not start: a port is in use, the data folder cannot be used. */
  CannotStart: 3,
} as const;
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

export interface ServeOptions {
  /** The arguments after the program's name. */
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** How the user called us, for the help: `npm start --`, `yaolian serve`. */
  readonly program: string;
  /** Standard output. */
  readonly print: (text: string) => void;
  /** Standard error. */
  readonly complain: (text: string) => void;
}

/** Runs the platform until it is told to stop (SIGINT, SIGTERM), and resolves with the exit code. */
export async function serve(options: ServeOptions): Promise<ExitCode> {
  const { print, complain } = options;
  let loaded: LoadedConfig;
  try {
    loaded = loadConfig(options);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    complain(
      `The configuration is not right:\n${error.mistakes.map((one) => `  ${one.where}: ${one.message}\n`).join('')}`,
    );
    return ExitCode.Usage;
  }
  const { actions } = loaded;
  if (actions.has('--help')) print(helpText(options.program));
  else if (actions.has('--version')) print(`yaolian ${version}\n`);
  else if (actions.has('--print-config')) print(configText(loaded));
  else return run(loaded, options);
  return ExitCode.Done;
}

async function run(
  { config, actions, origins }: LoadedConfig,
  { print, complain, environment }: ServeOptions,
): Promise<ExitCode> {
  // A person reads first where everything is, programs read lines as they come.
  const format = config['log.format'];
  const log = new HeldLog(pinoLog({ level: config['log.level'], format }));
  if (format === 'json' || (format === 'auto' && process.stderr.isTTY !== true)) log.release();
  const endOfNpm = shellOfNpmEnds({ environment, parent: () => process.ppid });
  const stopSignal = Promise.race([nextSignal(), endOfNpm.then(() => 'npm ended')]);
  endOnFailure(log);
  // Loaded now: help and complaints do not need it.
  const { startPlatform } = await import('./platform.ts');
  const starting = startPlatform(config, {
    log,
    resetAdminPassword: actions.has('--reset-admin-password'),
    fixedSettings: new Set([...origins].filter(([, from]) => from !== 'default').map(([name]) => name)),
  });
  let platform: Platform;
  try {
    platform = await starting;
  } catch (error) {
    log.release();
    if (!isExpected(error)) throw error;
    complain(`Yaolian did not start: ${error.message}\n`);
    return /_(?:SETTING|CREDENTIALS)_BAD$/.test(error.code) ? ExitCode.Usage : ExitCode.CannotStart;
  }
  print(welcomeText(platform));
  log.release();
  const signal = await stopSignal;
  print(`\n${signal}: stopping. Once more ends it at once.\n`);
  exitOnNextSignal(log);
  await platform.stop();
  print('Stopped. Everything is stored.\n');
  return ExitCode.Done;
}

/** The packages' own errors are sentences for people; anything else is a defect of ours. */
function isExpected(error: unknown): error is YaolianError {
  return error instanceof YaolianError && !hasCode(error, 'MIGRATION_FAILED');
}

const signals = ['SIGINT', 'SIGTERM'] as const;

function nextSignal(): Promise<string> {
  return new Promise((resolve) => {
    for (const signal of signals) process.once(signal, () => resolve(signal));
  });
}

function exitOnNextSignal(log: Log): void {
  for (const signal of signals) {
    process.removeAllListeners(signal);
    process.once(signal, () => {
      log.warn('stopped at once', { signal });
      process.exit(ExitCode.Failed);
    });
  }
}

/** Never half alive: what was acknowledged is on disk, so the honest answer to a defect is to end and be started again. */
function endOnFailure(log: Log): void {
  const end = (error: unknown) => {
    log.error('the platform failed and ends', { error });
    process.exit(ExitCode.Failed);
  };
  process.on('uncaughtException', end);
  process.on('unhandledRejection', end);
}
