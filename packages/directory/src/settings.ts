/** What JSON can say. */
export type JsonValue =
  | null
  | boolean
  | number
  | string
  | readonly JsonValue[]
  | { readonly [name: string]: JsonValue };

/**
 * Settings that are changed while the platform runs and outlive it: few, small, by name (`enrolment-mode`). A promise
 * resolves when the change is on disk. Every adapter passes `settingsStoreContract`.
 */
export interface SettingsStore {
  /** Undefined when it was never set. */
  setting(name: string): Promise<JsonValue | undefined>;
  /** All of them, in the order of their names. */
  settings(): Promise<ReadonlyMap<string, JsonValue>>;
  setSetting(name: string, value: JsonValue): Promise<void>;
  /** True when it was there. */
  removeSetting(name: string): Promise<boolean>;
}
