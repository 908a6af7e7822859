import type { IncomingResponse } from '@yaolian/coap';
import { ContentFormat } from '@yaolian/coap';
import { defineObject, omaObjects } from '@yaolian/lwm2m-objects';
import { decodeContent, encodeContent, formatPath, type Lwm2mNode, nodeValues, parsePath } from '../../index.ts';
import type { ResourceValue } from '../../value.ts';
import { instance } from '../object-instance.ts';
import { creatable } from '../object-tree.ts';
import { connectivityMonitoring } from '../objects/connectivity-monitoring.ts';
import { device } from '../objects/device.ts';
import type { TerminalWorld } from './scripted-server.ts';

/** An object that servers create instances of: something like OMA's Portfolio (16). */
const portfolio = defineObject({
  id: 16,
  name: 'Portfolio',
  urn: 'urn:oma:lwm2m:oma:16',
  multiple: true,
  resources: {
    identity: { id: 0, operations: 'RW', type: 'string', multiple: true, mandatory: true },
    getAuthData: { id: 1, operations: 'E' },
    authData: { id: 2, operations: 'R', type: 'opaque', multiple: true },
    authStatus: { id: 3, operations: 'R', type: 'integer' },
  },
});

/** Temperature 1.1, as far as tests need it. */
const temperature = defineObject({
  id: 3303,
  name: 'Temperature',
  version: '1.1',
  urn: 'urn:oma:lwm2m:ext:3303:1.1',
  multiple: true,
  resources: {
    sensorValue: { id: 5700, operations: 'R', type: 'float', mandatory: true, units: 'Cel' },
    sensorUnits: { id: 5701, operations: 'R', type: 'string' },
    applicationType: { id: 5750, operations: 'RW', type: 'string' },
    resetMinMax: { id: 5605, operations: 'E' },
  },
});

/** The values that the test specification's terminal has ("configuration C.1" and C.3). */
export function conformanceObjects(executed: string[] = []) {
  const deviceInstance = device(
    {
      manufacturer: 'Open Mobile Alliance',
      modelNumber: 'Lightweight M2M Client',
      serialNumber: '345000123',
      firmwareVersion: '1.0',
      availablePowerSources: [1, 5],
      powerSourceVoltage: [3800, 5000],
      powerSourceCurrent: [125, 900],
      batteryLevel: 100,
      memoryFree: 15,
      currentTime: new Date('2013-05-02T19:25:42Z'),
      utcOffset: '+02:00',
      timezone: 'Europe/Paris',
      deviceType: 'Smart Device',
      hardwareVersion: '1.2.3',
      softwareVersion: '1.0-beta',
      batteryStatus: 1,
      memoryTotal: 64,
    },
    {
      onExecute: {
        reboot: (args) => {
          executed.push(`reboot ${JSON.stringify([...args])}`);
        },
        factoryReset: () => {
          executed.push('factory reset');
        },
      },
    },
  );
  const monitoring = connectivityMonitoring({
    networkBearer: 21,
    availableNetworkBearer: [21, 41],
    radioSignalStrength: -60,
    linkQuality: 80,
    ipAddresses: ['192.0.2.9'],
    routerIpAddresses: ['192.0.2.254'],
    linkUtilization: 5,
    apn: ['internet'],
  });
  const thermometer = instance(temperature, { sensorValue: 20, sensorUnits: 'Cel' });
  return { device: deviceInstance, monitoring, thermometer, portfolio: creatable(portfolio) };
}

/** A terminal with these objects, registered. */
export async function conformanceTerminal(
  world: TerminalWorld,
  options: Parameters<TerminalWorld['registered']>[0] = {},
  executed: string[] = [],
) {
  const objects = conformanceObjects(executed);
  const client = await world.registered({ objects: Object.values(objects), ...options });
  return { client, ...objects };
}

const model = {
  object: (id: number, version?: string) =>
    [portfolio, temperature].find((o) => o.id === id) ?? omaObjects.object(id, version),
};

/** The values of a response by path: `{ '/3/0/0': 'Open Mobile Alliance' }`. */
export function valuesOf(path: string, response: IncomingResponse): Record<string, ResourceValue> {
  const parsed = parsePath(path);
  if (!parsed.ok) throw new Error(parsed.error.message);
  const node = decodeContent(response.contentFormat!, parsed.value, response.payload, model);
  if (!node.ok) throw new Error(node.error.message);
  const values: Record<string, ResourceValue> = {};
  for (const value of nodeValues(parsed.value, node.value)) values[formatPath(value.path)] = value.value;
  return values;
}

/** Content for a write. */
export function content(path: string, node: Lwm2mNode, format: number = ContentFormat.Lwm2mTlv): Uint8Array {
  const parsed = parsePath(path);
  if (!parsed.ok) throw new Error(parsed.error.message);
  const encoded = encodeContent(format, parsed.value, node);
  if (!encoded.ok) throw new Error(encoded.error.message);
  return encoded.value;
}
