import { type CoapEndpoint, createCoapEndpoint, type TransmissionParameters } from '@yaolian/coap';
import { type DatagramPort, type SocketAddress, seconds } from '@yaolian/kernel';
import {
  type CreatableObject,
  creatable,
  device,
  instance,
  Lwm2mClient,
  type Lwm2mClientOptions,
  type ObjectInstance,
} from '@yaolian/lwm2m/client';
import { defineObject } from '@yaolian/lwm2m-objects';
import { nodeClock, nodeRandom, nodeTimers, openUdpPort } from '@yaolian/node-runtime';
import { insist } from '@yaolian/testkit';

/** IPSO Temperature, as far as the tests need it. */
export const temperatureObject = defineObject({
  id: 3303,
  name: 'Temperature',
  version: '1.1',
  multiple: true,
  resources: {
    sensorValue: { id: 5700, operations: 'R', type: 'float', name: 'Sensor Value', mandatory: true },
    units: { id: 5701, operations: 'R', type: 'string', name: 'Sensor Units' },
    applicationType: { id: 5750, operations: 'RW', type: 'string', name: 'Application Type' },
    resetMinMax: { id: 5605, operations: 'E', name: 'Reset Min and Max Measured Values' },
  },
});

export interface TestTerminal extends AsyncDisposable {
  readonly client: Lwm2mClient;
  readonly transport: CoapEndpoint;
  readonly temperature: ReturnType<typeof temperatureSensor>;
  /** Arguments of every Execute of 3303/0/5605. */
  readonly executed: string[];
}

export interface TestTerminalOptions extends Partial<Lwm2mClientOptions> {
  readonly endpointName: string;
  readonly server?: SocketAddress;
  /** Stands between terminal and network. */
  readonly wrap?: (port: DatagramPort) => DatagramPort;
  readonly transmission?: Partial<TransmissionParameters>;
  readonly lifetime?: never;
}

function temperatureSensor(executed: string[]) {
  return instance(
    temperatureObject,
    { sensorValue: 20, units: 'Cel', applicationType: 'room' },
    { onExecute: { resetMinMax: (args) => void executed.push(JSON.stringify([...args])) } },
  );
}

/** What servers may create in the terminal. */
const moreSensors: CreatableObject = creatable(temperatureObject, { maximumInstances: 4 });

/** A terminal in queue mode sends Updates until that is so: on a slow machine its awake window may end before all that waits was sent. */
export function wake<T>(client: Lwm2mClient, awaited: Promise<T>): Promise<T> {
  return insist(() => client.update(), awaited);
}

/** A terminal on a socket of its own with objects 3 and 3303. Not started. */
export async function openTerminal(options: TestTerminalOptions): Promise<TestTerminal> {
  const { server, wrap = (port: DatagramPort) => port, transmission, ...rest } = options;
  const udp = await openUdpPort({ host: '127.0.0.1', port: 0, adapter: 'portable' });
  const machine = { clock: nodeClock, timers: nodeTimers, random: nodeRandom };
  const transport = createCoapEndpoint({ ...machine, port: wrap(udp), ...(transmission ? { transmission } : {}) });
  const executed: string[] = [];
  const temperature = temperatureSensor(executed);
  const objects: (ObjectInstance | CreatableObject)[] = [
    device({ manufacturer: 'Yaolian', modelNumber: 'Test', serialNumber: '1', batteryLevel: 80 }),
    temperature,
    moreSensors,
  ];
  const client = new Lwm2mClient({
    ...machine,
    transport,
    objects,
    servers: server ? [{ uri: `coap://${server.key}`, lifetime: seconds(86_400) }] : [],
    ...rest,
  });
  return {
    client,
    transport,
    temperature,
    executed,
    async [Symbol.asyncDispose]() {
      await client.close({ timeout: seconds(1) });
      await transport.close();
    },
  };
}
