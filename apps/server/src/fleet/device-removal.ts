import {
  type DeviceGroupStore,
  type DeviceReportStore,
  type DeviceStore,
  type RaDeviceStore,
  raAccountOfKey,
} from '@yaolian/directory';
import type { Lwm2mServer } from '@yaolian/lwm2m/server';
import type { AccountRemoval } from '../accounts/account-removal.ts';
import { orRefusal } from '../api/device-failures.ts';
import type { DeviceDoor } from './device-door.ts';
import type { FleetDevice } from './fleet.ts';

export interface DeviceRemovalOptions {
  readonly devices: DeviceStore;
  readonly groups: DeviceGroupStore;
  readonly reports: DeviceReportStore;
  readonly server: Lwm2mServer;
  /** The other door that reaches a device. */
  readonly doorOf: (key: string) => DeviceDoor | undefined;
  readonly raDevices: Pick<RaDeviceStore, 'raDevice' | 'raDeviceOfTerminal'>;
  /** Of Remote Access; undefined: there is none now. */
  readonly domain: string | undefined;
  readonly accounts: AccountRemoval;
  /** Called when what is stored of a device is being removed; what it returns, when that is done. */
  readonly onRemoving: (key: string, endpoint: string | undefined) => () => void;
}

/** The one way in which a device is forgotten: with its registration, observations, waiting requests, report, memberships and owners. */
export class DeviceRemoval {
  readonly #options: DeviceRemovalOptions;

  constructor(options: DeviceRemovalOptions) {
    this.#options = options;
  }

  /** @throws Refusal when its registration cannot be ended now */
  async forget({ device: { key, endpoint }, registration }: FleetDevice): Promise<void> {
    const { devices, groups, reports, server, doorOf, onRemoving } = this.#options;
    // Of a device that speaks for itself everything goes with its account.
    if (doorOf(key) !== undefined && (await this.#endSharing(key))) return;
    doorOf(key)?.disconnect(key);
    // Whoever waits for an answer is told; should it register again, it is a new device, and none of this is for it.
    await Promise.all(server.queue?.pending(key).map(({ id }) => server.queue?.cancel(id)) ?? []);
    if (registration) await orRefusal(server.endRegistration({ deviceKey: key }));
    await this.#endSharing(key);
    const onRemoved = onRemoving(key, endpoint);
    await Promise.all([
      devices.removeDevice(key),
      groups.removeDevice(key),
      reports.removeReport(key),
      orRefusal(server.forgetObservations(key)),
    ]);
    onRemoved();
  }

  /** Who owned it owns nothing of the device that it is when it comes again, and is told. False when it had no account. */
  async #endSharing(key: string): Promise<boolean> {
    const { raDevices, domain, accounts } = this.#options;
    const spoken = domain === undefined ? undefined : raAccountOfKey(key, domain);
    const device = await (spoken === undefined ? raDevices.raDeviceOfTerminal(key) : raDevices.raDevice(spoken));
    return device !== undefined && accounts.remove(device.account);
  }
}
