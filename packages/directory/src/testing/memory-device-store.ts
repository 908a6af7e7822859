import {
  type AllowEntry,
  type Device,
  type DeviceFacts,
  type DeviceName,
  type DeviceQuery,
  type DeviceStore,
  type FactCounts,
  longestFact,
} from '../device.ts';
import { pageOf } from './key-order.ts';

/** A {@link DeviceStore} that lives as long as the process: for tests and simulations. */
export class MemoryDeviceStore implements DeviceStore {
  readonly #devices = new Map<string, Device>();
  readonly #allowed = new Map<string, AllowEntry>();
  readonly #groups: ((group: string, device: string) => boolean) | undefined;

  /** @param groups tells whether a device was put into a group */
  constructor(groups?: (group: string, device: string) => boolean) {
    this.#groups = groups;
  }

  async device(key: string): Promise<Device | undefined> {
    return this.#devices.get(key);
  }

  async devices(query: DeviceQuery): Promise<readonly Device[]> {
    const matching = [...this.#devices.values()].filter((device) => this.#fits(device, query));
    return pageOf(matching, (device) => device.key, query);
  }

  async deviceNames(query: DeviceQuery): Promise<readonly DeviceName[]> {
    return (await this.devices(query)).map(({ key, endpoint }) => ({ key, endpoint }));
  }

  hasRoomFor(key: string, most: number): boolean {
    return this.#devices.has(key) || this.#devices.size < most;
  }

  async countDevices(): Promise<number> {
    return this.#devices.size;
  }

  async recordRegistration(record: Parameters<DeviceStore['recordRegistration']>[0]): Promise<void> {
    const known = this.#devices.get(record.key);
    this.#devices.set(record.key, {
      key: record.key,
      endpoint: record.endpoint,
      activatedAt: known?.activatedAt ?? record.time,
      activationAddress: known?.activationAddress ?? record.address,
      lastAddress: record.address,
      lastRegisteredAt: record.time,
      identity: { ...record.identity },
      ...(known?.facts && { facts: known.facts }),
    });
  }

  async recordFacts(key: string, facts: DeviceFacts): Promise<void> {
    const known = this.#devices.get(key);
    const told = Object.entries(facts).flatMap(([name, text]) =>
      text === undefined ? [] : [[name, text.slice(0, longestFact)]],
    );
    if (known) this.#devices.set(key, { ...known, facts: { ...known.facts, ...Object.fromEntries(told) } });
  }

  async countFacts(limit: number): Promise<FactCounts> {
    const count = (name: keyof DeviceFacts) => {
      const counts = new Map<string, number>();
      for (const { facts } of this.#devices.values()) {
        const value = facts?.[name];
        if (value !== undefined) counts.set(value, (counts.get(value) ?? 0) + 1);
      }
      const all = [...counts].map(([value, count]) => ({ value, count }));
      return all.sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1)).slice(0, limit);
    };
    return { vendor: count('vendor'), model: count('model'), version: count('version') };
  }

  #fits(device: Device, query: DeviceQuery): boolean {
    const { search, group, seenSince = 0, seenBefore = Number.POSITIVE_INFINITY } = query;
    const seen = device.lastRegisteredAt ?? 0;
    const facts = ['vendor', 'model', 'version'] as const;
    return (
      (search === undefined || matches(device, search)) &&
      (group === undefined || (this.#groups?.(group, device.key) ?? false)) &&
      seen >= seenSince &&
      seen < seenBefore &&
      (!query.unread || facts.every((name) => device.facts?.[name] === undefined)) &&
      facts.every((name) => query[name] === undefined || device.facts?.[name] === query[name])
    );
  }

  async removeDevice(key: string): Promise<boolean> {
    return this.#devices.delete(key);
  }

  isAllowed(key: string): boolean {
    return this.#allowed.has(key);
  }

  async allow(key: string, note: string, time: number): Promise<void> {
    this.#allowed.set(key, { key, note, addedAt: this.#allowed.get(key)?.addedAt ?? time });
  }

  async allowMany(entries: readonly AllowEntry[]): Promise<void> {
    for (const { key, note, addedAt } of entries) await this.allow(key, note, addedAt);
  }

  async disallow(key: string): Promise<boolean> {
    return this.#allowed.delete(key);
  }

  async allowList(query: { readonly after?: string; readonly limit: number }): Promise<readonly AllowEntry[]> {
    return pageOf(this.#allowed.values(), (entry) => entry.key, query);
  }
}

function matches(device: Device, search: string): boolean {
  const part = asciiLowerCase(search);
  const texts = [
    device.key,
    device.endpoint ?? '',
    ...Object.values(device.identity),
    ...Object.values(device.facts ?? {}),
  ];
  return texts.some((text) => asciiLowerCase(text).includes(part));
}

function asciiLowerCase(text: string): string {
  return text.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
}
