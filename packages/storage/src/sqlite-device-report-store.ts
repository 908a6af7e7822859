import type { DatabaseSync } from 'node:sqlite';
import type { DeviceReport, DeviceReportStore } from '@yaolian/directory';
import type { GroupCommit } from './group-commit.ts';

/** The newest report of each terminal in SQLite, its fields as JSON. */
export class SqliteDeviceReportStore implements DeviceReportStore {
  readonly #commit: GroupCommit;
  readonly #statements: ReturnType<typeof prepareStatements>;

  constructor(database: DatabaseSync, commit: GroupCommit) {
    this.#commit = commit;
    this.#statements = prepareStatements(database);
  }

  putReport(deviceKey: string, { reportedAt, fields, unreadable }: DeviceReport): Promise<void> {
    return this.#commit.change(() => {
      this.#statements.put.run(deviceKey, reportedAt, JSON.stringify(fields), JSON.stringify(unreadable));
    });
  }

  async report(deviceKey: string): Promise<DeviceReport | undefined> {
    const row = this.#statements.report.get(deviceKey) as ReportRow | undefined;
    if (row === undefined) return undefined;
    return {
      reportedAt: row.reported_at,
      fields: JSON.parse(row.fields) as Record<string, string>,
      unreadable: JSON.parse(row.unreadable) as Record<string, string>,
    };
  }

  async removeReport(deviceKey: string): Promise<boolean> {
    let removed = false;
    await this.#commit.change(() => {
      removed = this.#statements.remove.run(deviceKey).changes > 0;
    });
    return removed;
  }
}

interface ReportRow {
  readonly reported_at: number;
  readonly fields: string;
  readonly unreadable: string;
}

function prepareStatements(database: DatabaseSync) {
  return {
    put: database.prepare('REPLACE INTO device_report VALUES (?, ?, ?, ?)'),
    report: database.prepare('SELECT reported_at, fields, unreadable FROM device_report WHERE device = ?'),
    remove: database.prepare('DELETE FROM device_report WHERE device = ?'),
  };
}
