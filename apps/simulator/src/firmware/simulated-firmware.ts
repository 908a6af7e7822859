import { type Clock, type Duration, seconds, type Timers } from '@yaolian/kernel';
import {
  type Connector,
  coapFetcher,
  FirmwareDelivery as Delivery,
  type FirmwareDelivery,
  type FirmwareRecord,
  FirmwareState,
  FirmwareUpdate,
  type Journal,
  type PackageProblem,
  type ServerAccess,
} from '@yaolian/lwm2m/client';
import type { TlsClientOptions } from '@yaolian/node-runtime';
import { HashingStore } from './hashing-store.ts';
import { httpFetcher } from './http-fetcher.ts';

/** What goes wrong with a simulated update, by the name of its result. */
export const firmwareTroubles = [
  'not-enough-storage',
  'out-of-memory',
  'connection-lost',
  'integrity',
  'unsupported-type',
  'unsupported-protocol',
  'update-failed',
] as const;
export type FirmwareTrouble = (typeof firmwareTroubles)[number];

export interface SimulatedFirmwareOptions {
  readonly version?: '1.0' | '1.1' | '1.2';
  readonly delivery?: 'push' | 'pull' | 'both';
  readonly trouble?: FirmwareTrouble | undefined;
  /** How long an installation takes, the reboot not counted. Default 2 s. */
  readonly installTime?: Duration;
  /** How long the user puts an update off where that is allowed. */
  readonly defer?: Duration | undefined;
}

export interface FirmwareParts {
  readonly model: string;
  readonly connector: Connector;
  /** The accounts of the terminal, with what it proves itself where packages come by `coaps`. */
  readonly accounts: () => readonly ServerAccess[];
  /** Whom it trusts where packages come by `https`. */
  readonly tls?: TlsClientOptions;
  /** Told where a package is not fetched because the server does not prove who it is. */
  readonly onUntrusted?: (uri: string) => void;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly journal?: Journal<FirmwareRecord>;
  /** The terminal is to say this version, and to reboot: resolves when it is back. */
  readonly reboot: (version: string | undefined) => Promise<void>;
  readonly onState?: (state: string, result: number) => void;
  readonly onProgress?: (received: number, size: number | undefined) => void;
}

const deliveries: Readonly<Record<'push' | 'pull' | 'both', FirmwareDelivery>> = {
  push: Delivery.Push,
  pull: Delivery.Pull,
  both: Delivery.Both,
};

/** The Firmware Update object of a simulated terminal. */
export function simulatedFirmware(options: SimulatedFirmwareOptions, parts: FirmwareParts): FirmwareUpdate {
  const { trouble, installTime = seconds(2), delivery = 'both', version, defer } = options;
  const { connector, accounts, clock, timers, journal, onProgress, onState } = parts;
  const lost = { fetch: async () => 'connection-lost' as const };
  const isLost = trouble === 'connection-lost';
  const http = isLost ? lost : httpFetcher(parts.tls, { onUntrusted: parts.onUntrusted });
  const coap = isLost ? lost : coapFetcher(connector, accounts);
  const fetchers = { coap, coaps: coap, 'coap+tcp': coap, 'coaps+tcp': coap, http, https: http };
  const problem = trouble as PackageProblem | undefined;
  const firmware: FirmwareUpdate = new FirmwareUpdate({
    store: new HashingStore({ model: parts.model, trouble: problem }),
    // It says that it can, and cannot.
    fetchers: trouble === 'unsupported-protocol' ? {} : fetchers,
    clock,
    timers,
    installer: {
      async install() {
        await new Promise<void>((resolve) => timers.schedule(installTime, resolve));
        if (trouble === 'update-failed') return 'failed';
        await parts.reboot(firmware.instance.get('packageVersion') || undefined);
        return 'installed';
      },
    },
    delivery: deliveries[delivery],
    resumptions: trouble === 'connection-lost' ? 1 : 5,
    ...(version === undefined ? {} : { version }),
    ...(journal === undefined ? {} : { journal }),
    ...(defer === undefined ? {} : { defer: () => defer }),
    ...(onProgress === undefined ? {} : { onProgress }),
    onState: (state, result) => onState?.(Object.keys(FirmwareState)[state]!, result),
  });
  return firmware;
}
