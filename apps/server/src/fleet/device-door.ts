import type { DeviceState } from '@yaolian/directory';
import type { ObjectModel } from '@yaolian/lwm2m';
import type { QueuedOperation, QueuedOutcome } from '@yaolian/lwm2m/server';

/** Another door than LwM2M by which devices are reached: all that REST needs of them. Devices by their keys. */
export interface DeviceDoor {
  /** Whether the key is one of its devices'; whether it is there or not. */
  owns(key: string): boolean;
  stateOf(key: string): DeviceState;
  /** Devices that are there now. */
  readonly online: number;
  /** Object instances of a device that is there: `/3303/0`. */
  instances(key: string): readonly string[];
  /** Asks the device. @throws Refusal */
  carryOut(key: string, operation: QueuedOperation, model: ObjectModel, signal: AbortSignal): Promise<QueuedOutcome>;
  observations(key: string): readonly { readonly path: string; readonly startedAt: number }[];
  /** Observes a path for operators from now on: again whenever the device comes back, until {@link cancel}. */
  keepObserving(key: string, path: string): Promise<void>;
  /** Of operators. False when they do not observe the path. */
  cancel(key: string, path: string): Promise<boolean>;
  /** Ends its sessions: an operator removed it. */
  disconnect(key: string): void;
}
