import { type Duration, seconds, toMilliseconds, zeroDuration } from '@yaolian/kernel';
import type { DeviceState } from './device.ts';

/** What the state is derived from. Times are milliseconds since the epoch. */
export interface DeviceContact {
  /** The device's registration, or undefined when it has none: never registered, de-registered, removed. */
  readonly registration:
    | {
        /** Seconds. */
        readonly lifetime: number;
        /** The last Register or Update. */
        readonly updatedAt: number;
        readonly queueMode: boolean;
      }
    | undefined;
  /**
   * The last message of any kind from the device: Register, Update, an answer, a notification. Absent: its last Register or Update. It
   * may be earlier than `updatedAt`, which a restart moves so that terminals have time to be heard.
   */
  readonly lastContactAt?: number | undefined;
}

export interface DeviceStateThresholds {
  /** How long a device in queue mode listens after its last message. */
  readonly awakeWindow: Duration;
  /** How long after its lifetime a registration still counts, for Updates that are under way. */
  readonly lifetimeGrace: Duration;
}

export const defaultDeviceStateThresholds: DeviceStateThresholds = {
  // OMA-TS-LightweightM2M_Core 1.1 §6.4.1 (1.0 §8.3): MAX_TRANSMIT_WAIT of CoAP, 93 s, is the recommended time awake.
  awakeWindow: seconds(93),
  lifetimeGrace: zeroDuration,
};

/**
 * ONLINE, OFFLINE or SLEEPING: the one place where a device's state is decided.
 * OFFLINE without a registration or after its lifetime; SLEEPING in queue mode once the awake window is over; else ONLINE.
 * @param now milliseconds since the epoch
 */
export function deviceState(
  contact: DeviceContact,
  now: number,
  thresholds: DeviceStateThresholds = defaultDeviceStateThresholds,
): DeviceState {
  const { registration } = contact;
  // §5.3 (1.0), §6.2 (1.1): a registration that was not updated within its lifetime is gone.
  if (registration === undefined || now >= registrationEnd(registration, thresholds)) return 'OFFLINE';
  if (registration.queueMode && now >= awakeEnd(contact, registration.updatedAt, thresholds)) return 'SLEEPING';
  return 'ONLINE';
}

/**
 * When the state that holds at `now` ends by itself if the device stays silent: milliseconds since the epoch, or
 * undefined when only the device can end it.
 */
export function deviceStateEnd(
  contact: DeviceContact,
  now: number,
  thresholds: DeviceStateThresholds = defaultDeviceStateThresholds,
): number | undefined {
  const { registration } = contact;
  const state = deviceState(contact, now, thresholds);
  if (registration === undefined || state === 'OFFLINE') return undefined;
  const end = registrationEnd(registration, thresholds);
  const isAsleep = state === 'SLEEPING' || !registration.queueMode;
  const next = isAsleep ? end : Math.min(end, awakeEnd(contact, registration.updatedAt, thresholds));
  return next === Number.POSITIVE_INFINITY ? undefined : next;
}

function registrationEnd(
  registration: NonNullable<DeviceContact['registration']>,
  thresholds: DeviceStateThresholds,
): number {
  // The Server object of LwM2M 1.1: a lifetime of 0 has no end.
  if (registration.lifetime === 0) return Number.POSITIVE_INFINITY;
  return registration.updatedAt + registration.lifetime * 1000 + toMilliseconds(thresholds.lifetimeGrace);
}

function awakeEnd(contact: DeviceContact, updatedAt: number, thresholds: DeviceStateThresholds): number {
  return (contact.lastContactAt ?? updatedAt) + toMilliseconds(thresholds.awakeWindow);
}
