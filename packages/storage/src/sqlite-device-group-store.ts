import type { DatabaseSync } from 'node:sqlite';
import type { DeviceGroup, DeviceGroupStore } from '@yaolian/directory';
import type { GroupCommit } from './group-commit.ts';

/** Groups of devices in SQLite. */
export class SqliteDeviceGroupStore implements DeviceGroupStore {
  readonly #commit: GroupCommit;
  readonly #statements: ReturnType<typeof prepareStatements>;

  constructor(database: DatabaseSync, commit: GroupCommit) {
    this.#commit = commit;
    this.#statements = prepareStatements(database);
  }

  async group(name: string): Promise<DeviceGroup | undefined> {
    const row = this.#statements.group.get(name) as GroupRow | undefined;
    return row && readGroup(row);
  }

  async groups(): Promise<readonly DeviceGroup[]> {
    return (this.#statements.groups.all() as unknown as GroupRow[]).map(readGroup);
  }

  addGroup({ name, note, query, createdAt }: DeviceGroup, max: number): Promise<boolean> {
    return this.#together(() => this.#statements.add.run(name, note, queryText(query), createdAt, max).changes > 0);
  }

  changeGroup(name: string, { note, query }: Pick<DeviceGroup, 'note' | 'query'>): Promise<boolean> {
    return this.#together(() => this.#statements.change.run(note, queryText(query), name).changes > 0);
  }

  removeGroup(name: string): Promise<boolean> {
    return this.#together(() => {
      this.#statements.removeMembersOf.run(name);
      return this.#statements.remove.run(name).changes > 0;
    });
  }

  addMembers(group: string, devices: readonly string[]): Promise<number> {
    return this.#together(() => this.#count(devices, (device) => this.#statements.addMember.run(device, group)));
  }

  removeMembers(group: string, devices: readonly string[]): Promise<number> {
    return this.#together(() => this.#count(devices, (device) => this.#statements.removeMember.run(group, device)));
  }

  async countMembers(group: string): Promise<number> {
    return (this.#statements.count.get(group) as { readonly count: number }).count;
  }

  async groupsOf(device: string): Promise<readonly string[]> {
    return this.#statements.groupsOf.all(device).map((row) => (row as { readonly name: string }).name);
  }

  async removeDevice(device: string): Promise<void> {
    await this.#together(() => this.#statements.removeDevice.run(device));
  }

  #count(devices: readonly string[], run: (device: string) => { readonly changes: number | bigint }): number {
    return devices.reduce((sum, device) => sum + Number(run(device).changes), 0);
  }

  async #together<T>(apply: () => T): Promise<T> {
    let value: T | undefined;
    await this.#commit.changeTogether(() => {
      value = apply();
    });
    return value as T;
  }
}

interface GroupRow {
  readonly name: string;
  readonly note: string;
  readonly query: string | null;
  readonly created_at: number;
}

function readGroup({ name, note, query, created_at: createdAt }: GroupRow): DeviceGroup {
  return { name, note, query: query === null ? undefined : (JSON.parse(query) as DeviceGroup['query']), createdAt };
}

function queryText(query: DeviceGroup['query']): string | null {
  return query === undefined ? null : JSON.stringify(query);
}

function prepareStatements(database: DatabaseSync) {
  return {
    group: database.prepare('SELECT * FROM device_group WHERE name = ?'),
    groups: database.prepare('SELECT * FROM device_group ORDER BY name'),
    add: database.prepare(
      `INSERT INTO device_group SELECT ?, ?, ?, ? WHERE (SELECT count(*) FROM device_group) < ?
        ON CONFLICT DO NOTHING`,
    ),
    change: database.prepare('UPDATE device_group SET note = ?, query = ? WHERE name = ?'),
    remove: database.prepare('DELETE FROM device_group WHERE name = ?'),
    addMember: database.prepare(
      'INSERT INTO device_group_member SELECT name, ? FROM device_group WHERE name = ? ON CONFLICT DO NOTHING',
    ),
    removeMember: database.prepare('DELETE FROM device_group_member WHERE name = ? AND device = ?'),
    removeMembersOf: database.prepare('DELETE FROM device_group_member WHERE name = ?'),
    removeDevice: database.prepare('DELETE FROM device_group_member WHERE device = ?'),
    count: database.prepare('SELECT count(*) AS count FROM device_group_member WHERE name = ?'),
    groupsOf: database.prepare('SELECT name FROM device_group_member WHERE device = ? ORDER BY name'),
  };
}
