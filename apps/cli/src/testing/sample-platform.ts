import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCoapEndpoint } from '@yaolian/coap';
import { seconds, silentLog } from '@yaolian/kernel';
import {
  creatable,
  type DeclaredInstance,
  device,
  instance,
  Lwm2mClient,
  type Lwm2mClientOptions,
} from '@yaolian/lwm2m/client';
import { defineObject } from '@yaolian/lwm2m-objects';
import { nodeClock, nodeRandom, nodeTimers, openUdpPort, UdpAdapter } from '@yaolian/node-runtime';
import { type Config, type Platform, startPlatform } from '@yaolian/server';

const temperatureObject = defineObject({
  id: 3303,
  name: 'Temperature',
  version: '1.1',
  urn: 'urn:oma:lwm2m:ext:3303:1.1',
  multiple: true,
  resources: {
    sensorValue: { id: 5700, operations: 'R', type: 'float', mandatory: true, units: 'Cel' },
    applicationType: { id: 5750, operations: 'RW', type: 'string' },
    resetMinMax: { id: 5605, operations: 'E' },
  },
});

export type Thermometer = DeclaredInstance<typeof temperatureObject>;

/** A platform of its own in a temporary folder, on loopback, for tests that run the real command line. */
export interface SamplePlatform {
  readonly platform: Platform;
  /** `http://127.0.0.1:49152` */
  readonly url: string;
  /** `coap://127.0.0.1:49153` */
  readonly coap: string;
  readonly folder: string;
  close(): Promise<void>;
}

export async function startSamplePlatform(config: Partial<Config> = {}): Promise<SamplePlatform> {
  const folder = await mkdtemp(join(tmpdir(), 'yaolian-platform-'));
  const settings = {
    'data-dir': join(folder, 'data'),
    'coap.host': '127.0.0.1',
    'coap.port': 0,
    'http.port': 0,
  } as const;
  const platform = await startPlatform({ ...settings, 'coap.multicast': false, ...config }, { log: silentLog });
  const urlOf = (name: string): string => platform.listening.find(({ service }) => service === name)!.url;
  return {
    platform,
    url: urlOf('http'),
    coap: urlOf('dm'),
    folder,
    async close() {
      await platform.stop();
      await rm(folder, { recursive: true });
    },
  };
}

/** A terminal that is registered at a platform. */
export interface SampleTerminal {
  readonly client: Lwm2mClient;
  readonly thermometer: Thermometer;
  readonly executed: string[];
  close(): Promise<void>;
}

export async function startSampleTerminal(
  coap: string,
  endpointName: string,
  options: Pick<Lwm2mClientOptions, 'queueMode' | 'endDevices'> = {},
): Promise<SampleTerminal> {
  const port = await openUdpPort({ host: '127.0.0.1', port: 0, adapter: UdpAdapter.Portable });
  const endpoint = createCoapEndpoint({ port, clock: nodeClock, timers: nodeTimers, random: nodeRandom });
  const executed: string[] = [];
  const thermometer = instance(
    temperatureObject,
    { sensorValue: 21.5, applicationType: '客厅' },
    { onExecute: { resetMinMax: (args) => void executed.push(`/3303/0/5605 ${args.size}`) } },
  );
  const deviceInstance = device(
    { manufacturer: 'Yaolian', batteryLevel: 80, powerSourceVoltage: [3800, 5000], timezone: 'Asia/Shanghai' },
    { onExecute: { reboot: () => void executed.push('/3/0/4') } },
  );
  const client = new Lwm2mClient({
    endpointName,
    transport: endpoint,
    clock: nodeClock,
    timers: nodeTimers,
    random: nodeRandom,
    objects: [deviceInstance, thermometer, creatable(temperatureObject)],
    servers: [{ uri: coap, lifetime: seconds(300) }],
    ...options,
  });
  client.start();
  await client.registered();
  return {
    client,
    thermometer,
    executed,
    async close() {
      await client.close();
      await endpoint.close();
    },
  };
}
