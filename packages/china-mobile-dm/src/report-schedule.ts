import { type Duration, minutes, type Timer, type Timers } from '@yaolian/kernel';
import { defaultReportRules, type ReportRules } from './report-rules.ts';

/**
 * When a terminal of profile C reports by itself, under the rules of 668/0/2. The documents name the rules and not their meaning
 * to the last; ours is: a report every `reportTime`, `reportNum` of them; one that fails is tried again after `retryInterval`, up
 * to `retryNum` times, and counts as one of them then. Rules that the server writes begin it all anew.
 */
export class ReportSchedule {
  readonly #timers: Timers;
  readonly #report: () => Promise<boolean>;
  #rules: ReportRules = defaultReportRules;
  #reports = 0;
  #timer: Timer | undefined;
  /** Of the rules in force: a report that was under way when others came changes nothing. */
  #generation = 0;

  /** @param report reports once; false when the server did not take it. Must not reject */
  constructor(timers: Timers, report: () => Promise<boolean>) {
    this.#timers = timers;
    this.#report = report;
  }

  /** Reports told under the rules in force, those that were given up included. */
  get reports(): number {
    return this.#reports;
  }

  start(rules: ReportRules): void {
    this.stop();
    this.#rules = rules;
    this.#reports = 0;
    this.#next();
  }

  stop(): void {
    this.#generation++;
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #next(): void {
    const { reportTime, reportNum } = this.#rules;
    if (this.#reports < reportNum) this.#wait(minutes(reportTime), 0);
  }

  #wait(delay: Duration, failures: number): void {
    this.#timer = this.#timers.schedule(delay, () => void this.#try(failures));
  }

  async #try(failures: number): Promise<void> {
    const generation = this.#generation;
    const taken = await this.#report();
    if (generation !== this.#generation) return;
    const { retryInterval, retryNum } = this.#rules;
    if (!taken && failures < retryNum) {
      this.#wait(minutes(retryInterval), failures + 1);
      return;
    }
    this.#reports++;
    this.#next();
  }
}
