import type { DeviceGroup, DeviceGroupStore } from '../device-group.ts';
import { compareKeys } from './key-order.ts';

/** Groups in memory, for tests. */
export class MemoryDeviceGroupStore implements DeviceGroupStore {
  readonly #groups = new Map<string, DeviceGroup>();
  readonly #members = new Map<string, Set<string>>();

  async group(name: string): Promise<DeviceGroup | undefined> {
    return this.#groups.get(name);
  }

  async groups(): Promise<readonly DeviceGroup[]> {
    return [...this.#groups.values()].sort((a, b) => compareKeys(a.name, b.name));
  }

  async addGroup(group: DeviceGroup, max: number): Promise<boolean> {
    if (this.#groups.has(group.name) || this.#groups.size >= max) return false;
    this.#groups.set(group.name, group);
    this.#members.set(group.name, new Set());
    return true;
  }

  async changeGroup(name: string, change: Pick<DeviceGroup, 'note' | 'query'>): Promise<boolean> {
    const known = this.#groups.get(name);
    if (known) this.#groups.set(name, { ...known, ...change });
    return known !== undefined;
  }

  async removeGroup(name: string): Promise<boolean> {
    this.#members.delete(name);
    return this.#groups.delete(name);
  }

  async addMembers(group: string, devices: readonly string[]): Promise<number> {
    const members = this.#members.get(group);
    const before = members?.size ?? 0;
    for (const device of devices) members?.add(device);
    return (members?.size ?? 0) - before;
  }

  async removeMembers(group: string, devices: readonly string[]): Promise<number> {
    return devices.filter((device) => this.#members.get(group)?.delete(device)).length;
  }

  async countMembers(group: string): Promise<number> {
    return this.#members.get(group)?.size ?? 0;
  }

  async groupsOf(device: string): Promise<readonly string[]> {
    return [...this.#members].flatMap(([name, members]) => (members.has(device) ? [name] : [])).sort(compareKeys);
  }

  async removeDevice(device: string): Promise<void> {
    for (const members of this.#members.values()) members.delete(device);
  }
}
