import {
  defaultReportGroup,
  problemOfReportGroup,
  type ReportGroup,
  type ReportGroupTerminal,
  reportGroupOf,
  reportGroupsFitting,
} from '@yaolian/china-mobile-dm';
import type { JsonValue, SettingsStore } from '@yaolian/directory';
import { failure, type Result, success } from '@yaolian/kernel';

/** The name under which groups are kept in the {@link SettingsStore}. */
const reportGroupsSetting = 'china-mobile-report-groups';

/** Groups at most. */
const maximumReportGroups = 100;

/** What groups of terminals of profile C report, and when: asked in memory, kept over restarts. */
export class ReportGroups {
  readonly #settings: SettingsStore;
  #groups: ReadonlyMap<string, ReportGroup>;

  private constructor(settings: SettingsStore, groups: ReadonlyMap<string, ReportGroup>) {
    this.#settings = settings;
    this.#groups = groups;
  }

  static async open(settings: SettingsStore): Promise<ReportGroups> {
    const stored = (await settings.setting(reportGroupsSetting)) ?? [];
    const groups = (stored as unknown as readonly ReportGroup[]).map((group) => [group.name, group] as const);
    return new ReportGroups(settings, new Map(groups));
  }

  /** In the order of names. */
  all(): readonly ReportGroup[] {
    return [...this.#groups.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** The group of a terminal; the default one when no other is. */
  of(terminal: ReportGroupTerminal): ReportGroup {
    return reportGroupOf(terminal, this.#groups.values());
  }

  /** All groups that a terminal fits into, that which counts first. */
  fitting(terminal: ReportGroupTerminal): readonly ReportGroup[] {
    const fitting = reportGroupsFitting(terminal, this.#groups.values());
    return this.#groups.has(defaultReportGroup.name) ? fitting : [...fitting, defaultReportGroup];
  }

  /** Keeps a group under its name. A failure is a sentence that says what is wrong. */
  async put(group: ReportGroup): Promise<Result<void, string>> {
    const problem = problemOfReportGroup(group);
    if (problem !== undefined) return failure(problem);
    const groups = new Map(this.#groups).set(group.name, group);
    if (groups.size > maximumReportGroups) return failure(`there are ${maximumReportGroups} groups at most`);
    await this.#keep(groups);
    return success(undefined);
  }

  /** False when there was none. */
  async remove(name: string): Promise<boolean> {
    const groups = new Map(this.#groups);
    if (!groups.delete(name)) return false;
    await this.#keep(groups);
    return true;
  }

  async #keep(groups: ReadonlyMap<string, ReportGroup>): Promise<void> {
    await this.#settings.setSetting(reportGroupsSetting, [...groups.values()] as unknown as JsonValue);
    this.#groups = groups;
  }
}
