import type { OnDecided } from '../ra/association.ts';
import type { RaDevice, RaDeviceQuery, RaDeviceStore } from '../ra/ra-device.ts';
import { pageOf } from './key-order.ts';

/** Devices of the RA in memory, for tests. */
export class MemoryRaDeviceStore implements RaDeviceStore {
  readonly #devices = new Map<string, RaDevice>();

  async raDevice(account: string): Promise<RaDevice | undefined> {
    return this.#devices.get(account);
  }

  async raDeviceOfTerminal(terminal: string): Promise<RaDevice | undefined> {
    return [...this.#devices.values()].find((one) => one.terminal === terminal);
  }

  async raDevices(query: RaDeviceQuery): Promise<readonly RaDevice[]> {
    return pageOf(this.#devices.values(), ({ account }) => account, query);
  }

  async putRaDevice(device: RaDevice): Promise<boolean> {
    const { account, terminal } = device;
    const holder = terminal === undefined ? undefined : await this.raDeviceOfTerminal(terminal);
    if (holder !== undefined && holder.account !== account) return false;
    this.#devices.set(account, device);
    return true;
  }

  async changeRaDevice(
    account: string,
    change: Parameters<RaDeviceStore['changeRaDevice']>[1],
    onDecided?: OnDecided<boolean>,
  ): Promise<boolean> {
    const known = this.#devices.get(account);
    if (known !== undefined) this.#devices.set(account, { ...known, ...change });
    onDecided?.(known !== undefined);
    return known !== undefined;
  }

  async removeRaDevice(account: string): Promise<boolean> {
    return this.#devices.delete(account);
  }
}
