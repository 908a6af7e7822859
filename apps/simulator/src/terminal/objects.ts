import type { Clock } from '@yaolian/kernel';
import {
  connectivityMonitoring,
  type DeclaredInstance,
  device,
  instance,
  type Lwm2mVersion,
  NetworkBearer,
} from '@yaolian/lwm2m/client';
import { defineObject } from '@yaolian/lwm2m-objects';
import type { Identity } from '../identity.ts';
import type { SeededRandom } from '../seeded-random.ts';
import type { SimulatedObject } from './chosen-objects.ts';

/** Location 1.0. */
export const locationObject = defineObject({
  id: 6,
  name: 'Location',
  urn: 'urn:oma:lwm2m:oma:6',
  resources: {
    latitude: { id: 0, operations: 'R', type: 'float', name: 'Latitude', mandatory: true, units: 'lat' },
    longitude: { id: 1, operations: 'R', type: 'float', name: 'Longitude', mandatory: true, units: 'lon' },
    altitude: { id: 2, operations: 'R', type: 'float', name: 'Altitude', units: 'm' },
    radius: { id: 3, operations: 'R', type: 'float', name: 'Radius', units: 'm' },
    velocity: { id: 4, operations: 'R', type: 'opaque', name: 'Velocity' },
    timestamp: { id: 5, operations: 'R', type: 'time', name: 'Timestamp', mandatory: true },
    speed: { id: 6, operations: 'R', type: 'float', name: 'Speed', units: 'm/s' },
  },
});

/** Temperature 1.1. */
export const temperatureObject = defineObject({
  id: 3303,
  name: 'Temperature',
  version: '1.1',
  urn: 'urn:oma:lwm2m:ext:3303:1.1',
  multiple: true,
  resources: {
    timestamp: { id: 5518, operations: 'R', type: 'time', name: 'Timestamp' },
    minimum: { id: 5601, operations: 'R', type: 'float', name: 'Min Measured Value' },
    maximum: { id: 5602, operations: 'R', type: 'float', name: 'Max Measured Value' },
    resetMinMax: { id: 5605, operations: 'E', name: 'Reset Min and Max Measured Values' },
    sensorValue: { id: 5700, operations: 'R', type: 'float', name: 'Sensor Value', mandatory: true },
    sensorUnits: { id: 5701, operations: 'R', type: 'string', name: 'Sensor Units' },
    applicationType: { id: 5750, operations: 'RW', type: 'string', name: 'Application Type' },
  },
});

/** Light Control 1.0. */
export const lightObject = defineObject({
  id: 3311,
  name: 'Light Control',
  urn: 'urn:oma:lwm2m:ext:3311',
  multiple: true,
  resources: {
    colour: { id: 5706, operations: 'RW', type: 'string', name: 'Colour' },
    applicationType: { id: 5750, operations: 'RW', type: 'string', name: 'Application Type' },
    on: { id: 5850, operations: 'RW', type: 'boolean', name: 'On/Off', mandatory: true },
    dimmer: { id: 5851, operations: 'RW', type: 'integer', name: 'Dimmer', range: '0..100', units: '/100' },
    onTime: { id: 5852, operations: 'RW', type: 'integer', name: 'On time', units: 's' },
  },
});

export type Thermometer = DeclaredInstance<typeof temperatureObject>;

/** A thermometer, shared hooks: Reset makes the present value minimum and maximum. */
export function thermometer(value: number): Thermometer {
  return instance(
    temperatureObject,
    { sensorValue: value, minimum: value, maximum: value, sensorUnits: 'Cel' },
    thermometerHooks,
  );
}

const thermometerHooks = {
  onExecute: {
    resetMinMax: (_args: unknown, self: Thermometer) => {
      const value = self.get('sensorValue')!;
      self.update({ minimum: value, maximum: value });
    },
  },
};

/** Sets a measured value; minimum and maximum go along. */
export function measure(self: Thermometer, value: number): void {
  self.update({
    sensorValue: value,
    minimum: Math.min(value, self.get('minimum')!),
    maximum: Math.max(value, self.get('maximum')!),
  });
}

/** The next value of a temperature that wanders about 21 °C, in tenths of a degree. */
export function nextTemperature(value: number, random: SeededRandom): number {
  const pull = (21 - value) * 0.05;
  return Math.round((value + pull + (random.fraction() - 0.5) * 0.8) * 10) / 10;
}

/** By which transports a simulated terminal can be reached, as the Binding of each release has them (Core §6.2.1.2); in 1.0 with queue mode. */
const supportedBindings: Readonly<Record<Lwm2mVersion, string>> = { '1.0': 'UQ', '1.1': 'UT', '1.2': 'UMT' };

export interface TerminalObjectsOptions {
  readonly identity: Identity;
  readonly random: SeededRandom;
  readonly clock: Clock;
  readonly version: Lwm2mVersion;
  readonly onReboot: () => void;
}

/** What a simulated terminal has: Device, Connectivity Monitoring, Location, a thermometer and a light. */
export function terminalObjects({ identity, random, clock, version, onReboot }: TerminalObjectsOptions) {
  let switchedOnAt = clock.epoch();
  let timeOffset = 0;
  const deviceInstance = device(
    {
      manufacturer: 'Yaolian',
      modelNumber: 'Simulated Terminal',
      serialNumber: identity.imei,
      firmwareVersion: '0.1.0',
      availablePowerSources: [1],
      powerSourceVoltage: [3800],
      powerSourceCurrent: [120],
      batteryLevel: 60 + random.below(41),
      memoryFree: 15_360,
      memoryTotal: 65_536,
      batteryStatus: 0,
      deviceType: 'simulation',
      supportedBindingAndModes: supportedBindings[version],
      utcOffset: '+08:00',
      timezone: 'Asia/Shanghai',
      currentTime: new Date(clock.epoch()),
    },
    {
      onRead: { currentTime: () => new Date(clock.epoch() + timeOffset) },
      onWrite: {
        currentTime: (value) => {
          timeOffset = value.getTime() - clock.epoch();
        },
      },
      onExecute: { reboot: onReboot, factoryReset: onReboot },
    },
    version,
  );
  const monitoring = connectivityMonitoring(
    {
      networkBearer: NetworkBearer.LteTdd,
      availableNetworkBearer: [NetworkBearer.LteTdd, NetworkBearer.Wlan],
      radioSignalStrength: -60 - random.below(50),
      linkQuality: 60 + random.below(40),
      ipAddresses: [],
      apn: ['cmiot'],
      cellId: random.below(65_536),
      smnc: 0,
      smcc: 460,
    },
    {},
    version,
  );
  const location = instance(locationObject, {
    latitude: Math.round((39.9042 + random.fraction() / 10) * 1e6) / 1e6,
    longitude: Math.round((116.4074 + random.fraction() / 10) * 1e6) / 1e6,
    altitude: 44,
    timestamp: new Date(clock.epoch()),
  });
  const temperature = thermometer(20 + random.below(30) / 10);
  const light = instance(
    lightObject,
    { on: false, dimmer: 50, colour: '#ffffff', onTime: 0 },
    {
      onRead: {
        onTime: (self) => (self.get('on') ? Math.floor((clock.epoch() - switchedOnAt) / 1000) : 0),
      },
      onWrite: {
        on: (on, self) => {
          if (on && !self.get('on')) switchedOnAt = clock.epoch();
        },
        onTime: () => {
          switchedOnAt = clock.epoch();
        },
      },
    },
  );
  return { device: deviceInstance, monitoring, location, temperature, light };
}

/** A thermometer whose temperature wanders, as one of a terminal's objects. */
export function wandering(self: Thermometer, random: SeededRandom): SimulatedObject {
  return { object: self, move: () => measure(self, nextTemperature(self.get('sensorValue')!, random)) };
}
