import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { OnDecided, RaDevice, RaDeviceQuery, RaDeviceStore } from '@yaolian/directory';
import type { GroupCommit } from './group-commit.ts';

/** Writes devices inside a change of the group commit. */
export class RaDeviceRows {
  readonly #put: StatementSync;

  constructor(database: DatabaseSync) {
    this.#put = database.prepare(
      `INSERT INTO ra_device SELECT ?, ?, ?, ?, ?, ?, ?
        WHERE NOT EXISTS (SELECT 1 FROM ra_device WHERE terminal = ? AND account <> ?)
        ON CONFLICT (account) DO UPDATE SET terminal = excluded.terminal, device_type = excluded.device_type,
          vendor = excluded.vendor, model = excluded.model, confirms = excluded.confirms, created_at = excluded.created_at`,
    );
  }

  /** False when the terminal has another account. */
  put(device: RaDevice): boolean {
    const { account, terminal = null, deviceType, vendor, model, confirms, createdAt } = device;
    const values = [account, terminal, deviceType, vendor, model, confirms ? 1 : 0, createdAt] as const;
    return this.#put.run(...values, terminal, account).changes > 0;
  }
}

/** Devices of the RA in SQLite. */
export class SqliteRaDeviceStore implements RaDeviceStore {
  readonly #commit: GroupCommit;
  readonly #rows: RaDeviceRows;
  readonly #statements: ReturnType<typeof prepareStatements>;

  constructor(database: DatabaseSync, commit: GroupCommit) {
    this.#commit = commit;
    this.#rows = new RaDeviceRows(database);
    this.#statements = prepareStatements(database);
  }

  async raDevice(account: string): Promise<RaDevice | undefined> {
    return readDevice(this.#statements.device.get(account) as DeviceRow | undefined);
  }

  /** Whether the device is asked before a user owns it, in what is being committed. */
  confirms(account: string): boolean {
    return (this.#statements.device.get(account) as DeviceRow | undefined)?.confirms === 1;
  }

  async raDeviceOfTerminal(terminal: string): Promise<RaDevice | undefined> {
    return readDevice(this.#statements.ofTerminal.get(terminal) as DeviceRow | undefined);
  }

  async raDevices({ after = '', limit }: RaDeviceQuery): Promise<readonly RaDevice[]> {
    return (this.#statements.devices.all(after, limit) as unknown as DeviceRow[]).map((row) => readDevice(row)!);
  }

  async putRaDevice(device: RaDevice): Promise<boolean> {
    let kept = false;
    await this.#commit.change(() => {
      kept = this.#rows.put(device);
    });
    return kept;
  }

  async changeRaDevice(
    account: string,
    change: Parameters<RaDeviceStore['changeRaDevice']>[1],
    onDecided?: OnDecided<boolean>,
  ): Promise<boolean> {
    const { deviceType = null, vendor = null, model = null, confirms } = change;
    const flag = confirms === undefined ? null : Number(confirms);
    let changed = false;
    await this.#commit.changeTogether(() => {
      changed = this.#statements.change.run(deviceType, vendor, model, flag, account).changes > 0;
      onDecided?.(changed);
    });
    return changed;
  }

  async removeRaDevice(account: string): Promise<boolean> {
    let removed = false;
    await this.#commit.change(() => {
      removed = this.#statements.remove.run(account).changes > 0;
    });
    return removed;
  }
}

interface DeviceRow {
  readonly account: string;
  readonly terminal: string | null;
  readonly device_type: string;
  readonly vendor: string;
  readonly model: string;
  readonly confirms: number;
  readonly created_at: number;
}

function readDevice(row: DeviceRow | undefined): RaDevice | undefined {
  if (row === undefined) return undefined;
  return {
    account: row.account,
    terminal: row.terminal ?? undefined,
    deviceType: row.device_type,
    vendor: row.vendor,
    model: row.model,
    confirms: row.confirms === 1,
    createdAt: row.created_at,
  };
}

function prepareStatements(database: DatabaseSync) {
  return {
    device: database.prepare('SELECT * FROM ra_device WHERE account = ?'),
    ofTerminal: database.prepare('SELECT * FROM ra_device WHERE terminal = ?'),
    devices: database.prepare('SELECT * FROM ra_device WHERE account > ? ORDER BY account LIMIT ?'),
    change: database.prepare(
      `UPDATE ra_device SET device_type = coalesce(?, device_type), vendor = coalesce(?, vendor),
         model = coalesce(?, model), confirms = coalesce(?, confirms) WHERE account = ?`,
    ),
    remove: database.prepare('DELETE FROM ra_device WHERE account = ?'),
  };
}
