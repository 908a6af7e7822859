import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { YaolianError } from '@yaolian/kernel';
import { type ActionFlag, readArgumentsLayer } from './arguments-layer.ts';
import { type Environment, readEnvironmentLayer } from './environment-layer.ts';
import { readFileLayer } from './file-layer.ts';
import type { ConfigMistake, Layer } from './layer.ts';
import { type Config, type SettingName, settingNames, settingOf, settings } from './settings.ts';

/** What the platform was told to be, and by whom. */
export interface LoadedConfig {
  readonly config: Config;
  /** Where each value came from: `default`, `/etc/yaolian.yaml line 3`, `the flag --coap-port`. */
  readonly origins: ReadonlyMap<SettingName, string>;
  readonly actions: ReadonlySet<ActionFlag>;
  /** The file that was read, if there was one. */
  readonly file: string | undefined;
}

/** Everything that is wrong with the configuration, at once. */
export class ConfigError extends YaolianError<'CONFIG_INVALID'> {
  readonly mistakes: readonly ConfigMistake[];

  constructor(mistakes: readonly ConfigMistake[]) {
    super('CONFIG_INVALID', mistakes.map(({ where, message }) => `${where}: ${message}`).join('\n'));
    this.mistakes = mistakes;
  }
}

export interface ConfigSources {
  /** The arguments after the program's name. */
  readonly args: readonly string[];
  readonly environment: Environment;
  /** Undefined when the file does not exist; throws when it cannot be read. */
  readonly readFile?: (path: string) => string | undefined;
}

/**
 * Defaults, then the file, then the environment, then the flags; what comes later wins.
 * @throws ConfigError
 */
export function loadConfig(sources: ConfigSources): LoadedConfig {
  const flags = readArgumentsLayer(sources.args);
  const environment = readEnvironmentLayer(sources.environment);
  const { layer: file, path } = readFile(sources, flags.configFile, dataFolder([environment, flags]));
  const layers: readonly Layer[] = [file, environment, flags];
  const mistakes = layers.flatMap((layer) => layer.mistakes);
  // Help and version are what somebody with a broken configuration needs.
  const isAsking = flags.actions.has('--help') || flags.actions.has('--version');
  if (mistakes.length > 0 && !isAsking) throw new ConfigError(mistakes);
  return { ...merge(layers), actions: flags.actions, file: path };
}

function merge(layers: readonly Layer[]): Pick<LoadedConfig, 'config' | 'origins'> {
  const config: Partial<Record<SettingName, unknown>> = {};
  const origins = new Map<SettingName, string>();
  for (const name of settingNames) {
    const found = layers.findLast((layer) => layer.values.has(name))?.values.get(name);
    config[name] = found ? found.value : settingOf(name).default;
    origins.set(name, found?.from ?? 'default');
  }
  return { config: config as Config, origins };
}

function dataFolder(layers: readonly Layer[]): string {
  const found = layers.findLast((layer) => layer.values.has('data-dir'))?.values.get('data-dir');
  return (found?.value as string | undefined) ?? settings['data-dir'].default;
}

function readFile(sources: ConfigSources, flag: string | undefined, dataDir: string) {
  const named = flag ?? sources.environment.YAOLIAN_CONFIG;
  const path = named ?? join(dataDir, 'yaolian.yaml');
  const nothing: Layer = { values: new Map(), mistakes: [] };
  try {
    const text = (sources.readFile ?? readTextFile)(path);
    if (text !== undefined) return { layer: checkFile(readFileLayer(text, path), named === undefined), path };
  } catch (error) {
    const message = `the file cannot be read (${(error as Error).message}); correct its permissions, or name another`;
    return { layer: { ...nothing, mistakes: [{ where: path, message }] }, path };
  }
  if (named === undefined) return { layer: nothing, path: undefined };
  const where = flag === undefined ? 'the environment variable YAOLIAN_CONFIG' : 'the flag --config';
  return { layer: { ...nothing, mistakes: [{ where, message: `there is no file ${path}` }] }, path };
}

/** A file that was found in the data folder cannot say that the data folder is elsewhere. */
function checkFile(layer: Layer, isFoundInDataFolder: boolean): Layer {
  const found = layer.values.get('data-dir');
  if (!isFoundInDataFolder || !found) return layer;
  const message = 'this file is in the data folder and cannot move it; use --data-dir, or name the file with --config';
  return { ...layer, mistakes: [...layer.mistakes, { where: `data-dir in ${found.from}`, message }] };
}

function readTextFile(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}
