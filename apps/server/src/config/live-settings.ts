import type { JsonValue, SettingsStore } from '@yaolian/directory';
import { directoryErrors } from '@yaolian/directory';
import { failure, type Result, success } from '@yaolian/kernel';
import { type Config, type SettingName, settingNames, settingOf } from './settings.ts';

/** What may be changed while the platform runs. */
export const liveSettings: readonly SettingName[] = settingNames.filter(
  (name) => name === 'profile' || name.startsWith('history.'),
);

/**
 * Who said what a setting is: nobody; the file, the environment or a flag at the start, which holds until the next; or an operator,
 * since when it is kept in the data folder.
 */
export type SettingOrigin = 'default' | 'start' | 'set';

/** Why a setting cannot be changed: only a start changes it, the start has set it, or the value does not fit: what would. */
export type SettingRefusal = 'not-live' | 'fixed' | { readonly right: string };

export interface LiveSettingsOptions {
  readonly store: SettingsStore;
  /** As the platform was started. */
  readonly config: Config;
  /** What the file, the environment or a flag said. */
  readonly fixed: ReadonlySet<SettingName>;
  /** Told of the configuration as it holds from now on. */
  readonly onChange: (config: Config) => void;
}

/** The configuration as it holds now. A change takes effect once it is on disk, and holds over restarts unless a start says otherwise. */
export class LiveSettings {
  readonly #options: LiveSettingsOptions;
  readonly #set = new Map<SettingName, unknown>();

  private constructor(options: LiveSettingsOptions) {
    this.#options = options;
  }

  /** @throws SETTING_UNREADABLE for a value on disk that is none any more: guessing could remove what was to be kept */
  static async open(options: LiveSettingsOptions): Promise<LiveSettings> {
    const live = new LiveSettings(options);
    for (const name of liveSettings) {
      const stored = await options.store.setting(keyOf(name));
      if (stored === undefined) continue;
      const read = settingOf(name).read(stored);
      if (!read.ok) throw directoryErrors.SETTING_UNREADABLE(keyOf(name), JSON.stringify(stored), read.error);
      live.#set.set(name, read.value);
    }
    if (live.#set.size > 0) options.onChange(live.config);
    return live;
  }

  get config(): Config {
    const set = [...this.#set].filter(([name]) => !this.#options.fixed.has(name));
    return { ...this.#options.config, ...Object.fromEntries(set) };
  }

  originOf(name: SettingName): SettingOrigin {
    if (this.#options.fixed.has(name)) return 'start';
    return this.#set.has(name) ? 'set' : 'default';
  }

  /** @param value as people write it; undefined: the default again */
  async change(name: SettingName, value: JsonValue | undefined): Promise<Result<void, SettingRefusal>> {
    const { store, fixed, onChange } = this.#options;
    if (!liveSettings.includes(name)) return failure('not-live');
    if (fixed.has(name)) return failure('fixed');
    if (value === undefined) {
      await store.removeSetting(keyOf(name));
      this.#set.delete(name);
    } else {
      const setting = settingOf(name);
      const read = setting.read(value);
      if (!read.ok) return failure({ right: read.error });
      await store.setSetting(keyOf(name), setting.write(read.value) as JsonValue);
      this.#set.set(name, read.value);
    }
    onChange(this.config);
    return success(undefined);
  }
}

function keyOf(name: SettingName): string {
  return `config.${name}`;
}
