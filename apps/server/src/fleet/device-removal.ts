import type { DeviceGroupStore, DeviceReportStore, DeviceStore } from '@yaolian/directory';
import type { Lwm2mServer } from '@yaolian/lwm2m/server';
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
  /** Called when a device was forgotten. */
  readonly onRemoved: (key: string, endpoint: string | undefined) => void;
}

/** The one way in which a device is forgotten: with its registration, report and memberships. */
export class DeviceRemoval {
  readonly #options: DeviceRemovalOptions;

  constructor(options: DeviceRemovalOptions) {
    this.#options = options;
  }

  /** @throws Refusal when its registration cannot be ended now */
  async forget({ device: { key, endpoint }, registration }: FleetDevice): Promise<void> {
    const { devices, groups, reports, server, onRemoved } = this.#options;
    this.#options.doorOf(key)?.disconnect(key);
    if (registration) await orRefusal(server.endRegistration({ deviceKey: key }));
    await Promise.all([devices.removeDevice(key), groups.removeDevice(key), reports.removeReport(key)]);
    onRemoved(key, endpoint);
  }
}
