import { type CoapEndpoint, createCoapEndpoint } from '@yaolian/coap';
import { type DatagramPort, milliseconds, type Random, seconds } from '@yaolian/kernel';
import {
  type ClientEvent,
  type Connector,
  connectivityMonitoring,
  type DeviceInstance,
  device,
  type FirmwareUpdate,
  Lwm2mClient,
  type Lwm2mClientOptions,
} from '@yaolian/lwm2m/client';
import { nodeClock, nodeTimers } from '@yaolian/node-runtime';
import { simulatedFirmware } from '../firmware/simulated-firmware.ts';
import { simulatedIdentity } from '../identity.ts';
import { SeededRandom } from '../seeded-random.ts';
import { estEnrolment } from '../terminal/enrolment.ts';
import { measure, nextTemperature, type Thermometer, thermometer } from '../terminal/objects.ts';
import type { FleetOptions } from './options.ts';

/** What every terminal of a fleet has in common. */
export interface FleetShape {
  readonly options: FleetOptions;
  readonly seed: number;
  readonly common: Pick<Lwm2mClientOptions, 'updateEvery' | 'lwm2mVersion' | 'retry' | 'lifetime' | 'onEvent'>;
  /** Where it goes, and with what it proves itself. */
  accounts(endpointName: string): Pick<Lwm2mClientOptions, 'servers' | 'bootstrap'>;
  /** @param endpoint for servers without security; undefined where there are none */
  connect(endpoint: CoapEndpoint | undefined): Connector;
}

/** The name of terminal `index` of a fleet. */
export function fleetEndpointName(seed: number, prefix: string | undefined, index: number): string {
  return prefix === undefined ? simulatedIdentity(seed, index).endpointName : prefix + index;
}

/** An endpoint of one terminal holds little: what the bounds of a server's endpoint reserve is for thousands of peers. */
const bounds = {
  messageIdSequences: 1,
  maximumRequests: 64,
  maximumQueued: 64,
  deduplicationBytes: 16_384,
} as const;

/** What all of them are, /3/0/1. */
const model = 'Simulated Terminal';

/** One terminal of a fleet. Its values and its jitter come from the seed and its number. */
export class FleetTerminal {
  readonly #client: Lwm2mClient;
  readonly #endpoint: CoapEndpoint | undefined;
  readonly #thermometer: Thermometer;
  readonly #random: SeededRandom;
  readonly #device: DeviceInstance;
  readonly #firmware: FirmwareUpdate | undefined;
  readonly #options: FleetOptions;

  constructor(shape: FleetShape, index: number, port: DatagramPort | undefined, tokens: Random) {
    const { seed, options } = shape;
    const identity = simulatedIdentity(seed, index);
    this.#random = new SeededRandom(Math.imul(seed, 0x9e3779b1) ^ index);
    this.#thermometer = thermometer(20 + this.#random.below(30) / 10);
    // Tokens and message IDs are drawn from the system: they are to be unguessable (RFC 7252 §5.3.1).
    this.#endpoint = port && createCoapEndpoint({ port, clock: nodeClock, timers: nodeTimers, random: tokens, bounds });
    const { lwm2mVersion, firmware } = options;
    this.#options = options;
    const connector = shape.connect(this.#endpoint);
    this.#device = device(
      {
        manufacturer: 'Yaolian',
        modelNumber: model,
        serialNumber: identity.imei,
        firmwareVersion: firmware?.installed ?? '0.1.0',
      },
      {},
      lwm2mVersion,
    );
    this.#firmware = this.#makeFirmware(connector);
    const endpointName = fleetEndpointName(seed, options.endpointPrefix, index);
    this.#client = new Lwm2mClient({
      enrolment: estEnrolment,
      ...shape.common,
      ...shape.accounts(endpointName),
      endpointName,
      transport: connector,
      clock: nodeClock,
      timers: nodeTimers,
      random: this.#random,
      objects: [
        this.#device,
        connectivityMonitoring({ radioSignalStrength: -60 - this.#random.below(50) }, {}, lwm2mVersion),
        this.#thermometer,
        ...(this.#firmware ? [this.#firmware.instance] : []),
      ],
    });
  }

  start(): void {
    this.#client.start();
  }

  #makeFirmware(connector: Connector): FirmwareUpdate | undefined {
    const { firmware } = this.#options;
    if (!firmware) return undefined;
    const { troubleShare = 1, trouble, ...rest } = firmware;
    const has = trouble !== undefined && this.#random.fraction() < troubleShare;
    return simulatedFirmware(has ? { ...rest, trouble } : rest, {
      model,
      connector,
      accounts: () => this.#client.accounts,
      clock: nodeClock,
      timers: nodeTimers,
      reboot: (version) => this.#reboot(version),
    });
  }

  async #reboot(version: string | undefined): Promise<void> {
    await this.#client.goOffline({ deregister: false });
    await new Promise<void>((resolve) => nodeTimers.schedule(this.#options.rebootTime ?? seconds(3), resolve));
    if (version !== undefined) this.#device.set('firmwareVersion', version);
    nodeTimers.schedule(milliseconds(50), () => this.#client.goOnline());
  }

  /** Moves the temperature. */
  move(): void {
    measure(this.#thermometer, nextTemperature(this.#thermometer.get('sensorValue')!, this.#random));
  }

  async stop(deregister: boolean, timeout: NonNullable<Parameters<Lwm2mClient['close']>[0]>['timeout']): Promise<void> {
    this.#firmware?.close();
    await this.#client.close({ deregister, ...(timeout === undefined ? {} : { timeout }) });
    await this.#endpoint?.close();
  }
}

export type FleetListener = (event: ClientEvent, client: Lwm2mClient) => void;
