import { profileOfName, type ReportedValues } from '@yaolian/china-mobile-dm';
import type { DeviceReport, DeviceReportStore } from '@yaolian/directory';
import { type Clock, failure, type Log, type Meter, type Result, success, YaolianError } from '@yaolian/kernel';
import type { Registration, SentEvent } from '@yaolian/lwm2m/server';
import type { EventHub, PlatformEvent } from '../events/event-hub.ts';
import { type DialogueParts, reportDialogue, sentReport } from './report-dialogue.ts';

export interface ReportServiceOptions extends DialogueParts {
  readonly store: DeviceReportStore;
  readonly hub: EventHub;
  readonly clock: Clock;
  readonly log: Log;
  readonly meter: Meter;
  /** Terminals of which profiles are asked after they registered, as it is now. */
  readonly profiles: () => ReadonlySet<'b' | 'c'>;
  /** Terminals that are asked at once. */
  readonly atOnce: number;
  /** Terminals that may wait for their turn; of more the report is not read until they register again. */
  readonly maximumWaiting: number;
}

/** Asks terminals of China Mobile's profiles B and C for their report once they have registered, and keeps it. */
export class ReportService {
  readonly #options: ReportServiceOptions;
  readonly #waiting = new Set<string>();
  readonly #abort = new AbortController();
  readonly #running = new Set<Promise<void>>();
  #unlisten: () => void = () => {};

  constructor(options: ReportServiceOptions) {
    this.#options = options;
    options.meter.gauge('china_mobile_reports_waiting', 'Terminals whose report is to be read', () => this.waiting);
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  start(): void {
    const { events } = this.#options.server;
    const stop = [
      events.on('registered', ({ registration }) => this.#ask(registration)),
      events.on('sent', (event) => this.#sent(event)),
    ];
    this.#unlisten = () => {
      for (const one of stop) one();
    };
  }

  /** Asks every registered terminal of profile C again: what it is to report has changed. The number of them. */
  askAgain(): number {
    let asked = 0;
    for (const registration of this.#options.server.registrations()) {
      if (profileOfName(registration.endpoint) === 'c' && this.#ask(registration)) asked++;
    }
    return asked;
  }

  /**
   * Asks a terminal now, and keeps what it says. A failure is a sentence.
   * @throws YaolianError of the server when it could not be asked
   */
  async read(registration: Registration, signal?: AbortSignal): Promise<Result<DeviceReport, string>> {
    const outcome = await reportDialogue(registration, this.#options, signal);
    if (!outcome.ok) return failure(outcome.error);
    return success(await this.#keep(registration, outcome.value, outcome.value.notes));
  }

  async #keep(
    registration: Registration,
    { fields, unreadable }: ReportedValues,
    notes: readonly string[],
  ): Promise<DeviceReport> {
    const { store, hub, clock } = this.#options;
    const report = { reportedAt: clock.epoch(), fields, unreadable };
    const event: PlatformEvent = {
      type: 'device.reported',
      time: report.reportedAt,
      device: registration.deviceKey,
      endpoint: registration.endpoint,
      data: () => ({ fields: Object.keys(fields), unreadable: Object.keys(unreadable), notes: [...notes] }),
    };
    hub.keep(event);
    await store.putReport(registration.deviceKey, report);
    hub.publish(event);
    return report;
  }

  /** A terminal of profile C reports by itself, under its rules. */
  #sent(event: SentEvent): void {
    const { registration } = event;
    if (profileOfName(registration.endpoint) !== 'c' || !this.#options.profiles().has('c')) return;
    const report = sentReport(event, this.#options.ciphers);
    if (report === undefined) return;
    if (!report.ok) {
      this.#failed(registration, report.error);
      return;
    }
    this.#keep(registration, report.value, []).catch((error: unknown) =>
      this.#options.log.error('a report was not kept', { device: registration.deviceKey, error }),
    );
  }

  async close(): Promise<void> {
    this.#unlisten();
    this.#waiting.clear();
    this.#abort.abort();
    await Promise.all(this.#running);
  }

  /** False when it is not to be asked, or too many wait. */
  #ask({ endpoint, deviceKey }: Registration): boolean {
    const { profiles, maximumWaiting, log } = this.#options;
    const kind = profileOfName(endpoint);
    if ((kind !== 'b' && kind !== 'c') || !profiles().has(kind)) return false;
    if (this.#waiting.size >= maximumWaiting && !this.#waiting.has(deviceKey)) {
      log.warn('too many terminals wait to be asked for their report', { device: deviceKey });
      return false;
    }
    this.#waiting.add(deviceKey);
    this.#next();
    return true;
  }

  #next(): void {
    for (const deviceKey of this.#waiting) {
      if (this.#running.size >= this.#options.atOnce) return;
      this.#waiting.delete(deviceKey);
      const running = this.#run(deviceKey).finally(() => {
        this.#running.delete(running);
        this.#next();
      });
      this.#running.add(running);
    }
  }

  async #run(deviceKey: string): Promise<void> {
    const { server, log } = this.#options;
    const registration = server.registration({ deviceKey });
    if (!registration) return;
    try {
      const report = await this.read(registration, this.#abort.signal);
      if (!report.ok) this.#failed(registration, report.error);
    } catch (error) {
      if (this.#abort.signal.aborted) return;
      log.debug('a terminal was not asked for its report', { device: deviceKey, error });
      const code = error instanceof YaolianError ? error.code : undefined;
      this.#failed(registration, error instanceof Error ? error.message : String(error), code);
    }
  }

  #failed({ deviceKey, endpoint }: Registration, reason: string, code = 'unreadable'): void {
    const { hub, clock } = this.#options;
    hub.publish({
      type: 'device.report-failed',
      time: clock.epoch(),
      device: deviceKey,
      endpoint,
      data: () => ({ reason, code }),
    });
  }
}
