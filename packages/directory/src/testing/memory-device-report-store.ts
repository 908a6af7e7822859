import type { DeviceReport, DeviceReportStore } from '../device-report.ts';

/** A {@link DeviceReportStore} that lives as long as the process: for tests and simulations. */
export class MemoryDeviceReportStore implements DeviceReportStore {
  readonly #reports = new Map<string, DeviceReport>();

  async putReport(deviceKey: string, report: DeviceReport): Promise<void> {
    this.#reports.set(deviceKey, structuredClone(report));
  }

  async report(deviceKey: string): Promise<DeviceReport | undefined> {
    return this.#reports.get(deviceKey);
  }

  async removeReport(deviceKey: string): Promise<boolean> {
    return this.#reports.delete(deviceKey);
  }
}
