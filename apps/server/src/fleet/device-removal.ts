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
  /** Called when what is stored of a device is being removed; what it returns, when that is done. */
  readonly onRemoving: (key: string, endpoint: string | undefined) => () => void;
}

/** The one way in which a device is forgotten: with its registration, observations, waiting requests, report and memberships. */
export class DeviceRemoval {
  readonly #options: DeviceRemovalOptions;

  constructor(options: DeviceRemovalOptions) {
    this.#options = options;
  }

  /** @throws Refusal when its registration cannot be ended now */
  async forget({ device: { key, endpoint }, registration }: FleetDevice): Promise<void> {
    const { devices, groups, reports, server, onRemoving } = this.#options;
    this.#options.doorOf(key)?.disconnect(key);
    // Whoever waits for an answer is told; should it register again, it is a new device, and none of this is for it.
    await Promise.all(server.queue?.pending(key).map(({ id }) => server.queue?.cancel(id)) ?? []);
    if (registration) await orRefusal(server.endRegistration({ deviceKey: key }));
    const onRemoved = onRemoving(key, endpoint);
    await Promise.all([
      devices.removeDevice(key),
      groups.removeDevice(key),
      reports.removeReport(key),
      orRefusal(server.forgetObservations(key)),
    ]);
    onRemoved();
  }
}
