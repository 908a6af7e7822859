import type { AllowEntry, Device, DeviceQuery, DeviceStore } from '../device.ts';
import { pageOf } from './key-order.ts';

/** A {@link DeviceStore} that lives as long as the process: for tests and simulations. */
export class MemoryDeviceStore implements DeviceStore {
  readonly #devices = new Map<string, Device>();
  readonly #allowed = new Map<string, AllowEntry>();

  async device(key: string): Promise<Device | undefined> {
    return this.#devices.get(key);
  }

  async devices(query: DeviceQuery): Promise<readonly Device[]> {
    const { search } = query;
    const matching = [...this.#devices.values()].filter((device) => search === undefined || matches(device, search));
    return pageOf(matching, (device) => device.key, query);
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
    });
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

  async disallow(key: string): Promise<boolean> {
    return this.#allowed.delete(key);
  }

  async allowList(query: { readonly after?: string; readonly limit: number }): Promise<readonly AllowEntry[]> {
    return pageOf(this.#allowed.values(), (entry) => entry.key, query);
  }
}

function matches(device: Device, search: string): boolean {
  const part = asciiLowerCase(search);
  const texts = [device.key, device.endpoint ?? '', ...Object.values(device.identity)];
  return texts.some((text) => asciiLowerCase(text).includes(part));
}

function asciiLowerCase(text: string): string {
  return text.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
}
