/**
 * What a terminal said of itself in the values that China Mobile's profiles B and C define, decrypted: MAC address, ROM, account,
 * and so on. The newest one of each device is kept.
 */
export interface DeviceReport {
  /** Milliseconds since the epoch. */
  readonly reportedAt: number;
  /** By name; values that the terminal does not have are not there. */
  readonly fields: Readonly<Record<string, string>>;
  /** Names of fields that could not be read, with the reason in a sentence. */
  readonly unreadable: Readonly<Record<string, string>>;
}

/** Where reports are kept. A promise resolves when the change is on disk. Every adapter passes `deviceReportStoreContract`. */
export interface DeviceReportStore {
  /** Replaces the earlier one. */
  putReport(deviceKey: string, report: DeviceReport): Promise<void>;
  report(deviceKey: string): Promise<DeviceReport | undefined>;
  /** False when there was none. */
  removeReport(deviceKey: string): Promise<boolean>;
}
