import { directoryErrors } from './errors.ts';
import type { SettingsStore } from './settings.ts';

/** Who may register. `open`: every valid endpoint name; `allow-list`: only device keys on the list. */
export const enrolmentModes = ['open', 'allow-list'] as const;

export type EnrolmentMode = (typeof enrolmentModes)[number];

export function isEnrolmentMode(value: unknown): value is EnrolmentMode {
  return enrolmentModes.includes(value as EnrolmentMode);
}

/** The name under which the mode is kept in the {@link SettingsStore}. */
export const enrolmentModeSetting = 'enrolment-mode';

export interface EnrolmentOptions {
  readonly settings: SettingsStore;
  /** The mode until an operator sets one: from the configuration. */
  readonly initialMode: EnrolmentMode;
}

/** The enrolment mode: asked synchronously at every Register, changed by operators, kept over restarts. */
export class Enrolment {
  readonly #settings: SettingsStore;
  #mode: EnrolmentMode;

  private constructor(settings: SettingsStore, mode: EnrolmentMode) {
    this.#settings = settings;
    this.#mode = mode;
  }

  /**
   * Takes the stored mode, which is stronger than `initialMode`.
   * @throws SETTING_UNREADABLE when the stored mode is none that is known: guessing could open what was closed
   */
  static async open(options: EnrolmentOptions): Promise<Enrolment> {
    const stored = await options.settings.setting(enrolmentModeSetting);
    if (stored === undefined) return new Enrolment(options.settings, options.initialMode);
    if (isEnrolmentMode(stored)) return new Enrolment(options.settings, stored);
    throw directoryErrors.SETTING_UNREADABLE(enrolmentModeSetting, JSON.stringify(stored), enrolmentModes.join(', '));
  }

  get mode(): EnrolmentMode {
    return this.#mode;
  }

  /** Takes effect once it is on disk. Registered devices stay so until their next Update. */
  async setMode(mode: EnrolmentMode): Promise<void> {
    await this.#settings.setSetting(enrolmentModeSetting, mode);
    this.#mode = mode;
  }
}
