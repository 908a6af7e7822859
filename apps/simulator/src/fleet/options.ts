import type { Duration } from '@yaolian/kernel';
import type { Lwm2mVersion, RetryPolicy } from '@yaolian/lwm2m/client';
import type { TlsClientOptions } from '@yaolian/node-runtime';
import type { SimulatedFirmwareOptions } from '../firmware/simulated-firmware.ts';
import type { SimulatorOutput } from '../output.ts';
import type { SocketSharing } from '../udp/terminal-ports.ts';
import type { FleetKeys } from './keys.ts';
import type { FleetProgress } from './statistics.ts';

export interface FleetOptions {
  /** How many terminals, 1 to 1,000,000. */
  readonly count: number;
  /** `coap://192.0.2.1:5683`. Default, without a Bootstrap-Server: `coap://127.0.0.1:5683`. */
  readonly server?: string;
  /** Every terminal bootstraps first. */
  readonly bootstrap?: string;
  /** Default 24 h. */
  readonly lifetime?: Duration;
  /** Default 60 s. */
  readonly updateEvery?: Duration;
  /** Terminals started per second. Default 500. */
  readonly rate?: number;
  /** Terminals that wait for their first answer at a time; more are not started. Default 1,000. */
  readonly maximumStarting?: number;
  /** Names and values are the same for the same seed. Default 1. */
  readonly seed?: number;
  /** Names are this and a number from 0; default: China Mobile's form, made from the seed. */
  readonly endpointPrefix?: string;
  /** How often each terminal's temperature moves, which servers that observe it hear of. Default: it does not. */
  readonly notifyEvery?: Duration;
  /** Default: until `signal` is aborted. */
  readonly duration?: Duration;
  /** Terminals de-register at the end. Default true. */
  readonly deregister?: boolean;
  /** Default `auto`. */
  readonly sockets?: SocketSharing;
  /** Default 1.1. */
  readonly lwm2mVersion?: Lwm2mVersion;
  /** Default: as LwM2M has it, and 10 s (1/x/18) before the second attempt at the server that they are given. */
  readonly retry?: RetryPolicy;
  /** For servers with `coaps` and its kin: what each terminal proves itself with. */
  readonly keys?: FleetKeys;
  /** For servers with `coaps` and its kin that show a certificate. */
  readonly tls?: TlsClientOptions;
  /** The terminals have the Firmware Update object. */
  readonly firmware?: SimulatedFirmwareOptions & {
    /** The share of terminals that have the trouble, 0 to 1. Default 1. */
    readonly troubleShare?: number;
    /** The version that they begin with. Default 0.1.0. */
    readonly installed?: string;
  };
  /** How long a terminal is gone when it reboots into new firmware. Default 3 s. */
  readonly rebootTime?: Duration;
  /** Where a progress line goes, if anywhere: live on a terminal, every few seconds elsewhere. */
  readonly output?: SimulatorOutput;
  /** Called once a second with the state of the run. */
  readonly onProgress?: (progress: FleetProgress) => void;
  /** Aborted: the terminals de-register and the run ends. */
  readonly signal?: AbortSignal;
}
