import { createHash } from 'node:crypto';
import type { Clock, Timers } from '@yaolian/kernel';
import {
  apnConnectionProfile,
  apnConnectionProfiles,
  bearerSelection,
  binaryAppDataContainer,
  binaryAppDataContainers,
  type CreatableObject,
  cellularConnectivity,
  connectivityStatistics,
  device,
  EndDevice,
  EventLogger,
  type LocationInstance,
  type Lwm2mVersion,
  location,
  type ObjectInstance,
  oscoreContexts,
  portfolio,
  portfolios,
  relocate,
  type SoftwareComponent,
  softwareComponents,
  type Traffic,
} from '@yaolian/lwm2m/client';
import { omaObjects } from '@yaolian/lwm2m-objects';
import type { SeededRandom } from '../seeded-random.ts';
import type { ObjectChoice } from './object-choices.ts';
import { furtherInstances, registryObject } from './registry-object.ts';

/** Something that a terminal has, and how it changes by itself. */
export interface SimulatedObject {
  /** A device behind it makes the terminal a gateway. */
  readonly object: ObjectInstance | CreatableObject | EndDevice;
  /** A step of what it measures. */
  readonly move?: () => void;
}

export interface ChosenObjectsOptions {
  readonly version: Lwm2mVersion;
  readonly random: SeededRandom;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly traffic: Traffic;
  /** What a terminal has anyway: taken where it is among the choices. */
  readonly usual: readonly (ObjectInstance | CreatableObject)[];
  /** A server switches the radio off for so many minutes. */
  readonly onRadioOff: (minutes: number) => void;
  /** Something to tell the person in front of the terminal. */
  readonly say: (text: string) => void;
  /** A software component (object 9) for an instance. */
  readonly software: (id: number, installed?: { readonly name: string; readonly version: string }) => SoftwareComponent;
  /** Hears what is to be noted in the terminal's Event Log. */
  readonly log: (logger: EventLogger) => void;
}

type Build = (options: ChosenObjectsOptions) => readonly SimulatedObject[];

const one = (object: ObjectInstance | CreatableObject): readonly SimulatedObject[] => [{ object }];

/** Objects that do more than hold values. */
const builders: Readonly<Record<number, Build>> = {
  6: ({ clock, random }) => {
    const latitude = 39.9042 + random.fraction() / 10;
    const longitude = 116.4074 + random.fraction() / 10;
    const self = location({ latitude, longitude, altitude: 44, speed: 0, timestamp: new Date(clock.epoch()) });
    return [{ object: self, move: () => walk(self, random, clock) }];
  },
  7: ({ timers, traffic }) => one(connectivityStatistics({ timers, traffic })),
  9: ({ software }) => [
    { object: software(0, { name: 'app', version: '1.0' }).instance },
    { object: softwareComponents((id) => software(id)) },
  ],
  10: ({ version, onRadioOff }) =>
    one(
      cellularConnectivity(
        {
          smscAddress: '+8613800100500',
          disableRadioPeriod: 0,
          psmTimer: 0,
          activeTimer: 0,
          ...(version === '1.0'
            ? {}
            : { supportedPowerSavingModes: 3, activePowerSavingModes: 0, releaseAssistanceIndicationUsage: 1 }),
        },
        {
          onWrite: {
            disableRadioPeriod: (minutes) => {
              if (minutes > 0) onRadioOff(Number(minutes));
            },
          },
        },
        version,
      ),
    ),
  11: ({ version }) => [
    { object: apnConnectionProfile({ profileName: 'factory', apn: 'cmiot', enableStatus: true }, {}, version) },
    { object: apnConnectionProfiles({}, version) },
  ],
  13: ({ version }) => one(bearerSelection({ preferredCommunicationsBearer: [7, 6] }, {}, version)),
  16: () => {
    const authenticate = (args: ReadonlyMap<number, string | undefined>) => [
      new Uint8Array(
        createHash('sha256')
          .update(args.get(0) ?? '')
          .digest(),
      ),
    ];
    return [
      { object: portfolio(['simulated-1', 'Yaolian', 'Simulated Terminal', '0.1.0'], { authenticate }) },
      { object: portfolios({ authenticate }) },
    ];
  },
  19: ({ say }) => {
    const takeData = (data: ReadonlyMap<number, Uint8Array>) => {
      for (const [index, bytes] of data) say(`application data ${index}: ${Buffer.from(bytes).toString('latin1')}`);
    };
    return [
      { object: binaryAppDataContainer({ dataPriority: 1 }, { takeData }) },
      { object: binaryAppDataContainers({ takeData }) },
    ];
  },
  20: ({ clock, timers, version, log }) => {
    const logger = new EventLogger({ clock, timers, release: version });
    log(logger);
    return one(logger.instance);
  },
  21: ({ version }) => one(oscoreContexts(version)),
  25: (options) => [behind('d01', 'Thermometer', 3303, options), behind('d02', 'Humidity sensor', 3304, options)],
};

/** What a terminal has by somebody's choice. */
export function chosenObjects(
  choices: readonly ObjectChoice[],
  options: ChosenObjectsOptions,
): readonly SimulatedObject[] {
  return choices.flatMap((choice) => chosenObject(choice, options));
}

function chosenObject(choice: ObjectChoice, options: ChosenObjectsOptions): readonly SimulatedObject[] {
  const { definition, instances } = choice;
  const more = (from: number) =>
    Array.from({ length: instances - from }, (_, index) => registryObject(definition, from + index, options));
  const usual = options.usual.filter((object) => object.definition.id === definition.id);
  const isUsual = !choice.exact || usual.every((object) => object.definition.version === definition.version);
  const build = builders[definition.id];
  const isOwn = omaObjects.object(definition.id) === undefined;
  if (isOwn && definition.multiple) return [...more(0), furtherInstances(definition)];
  // With several instances, or another version, there is the registry's object alone: a terminal has one version of each.
  if (instances > 1 || (choice.exact && (build || !isUsual))) return more(0);
  if (build) return build(options);
  return usual.length > 0 ? usual.map((object) => ({ object })) : more(0);
}

/** Object 5 is among the choices: the version of the Firmware Update object, that of the release unless another was said. */
export function chosenFirmware(
  choices: readonly ObjectChoice[] | undefined,
  release: Lwm2mVersion,
): { readonly version: Lwm2mVersion } | undefined {
  const choice = choices?.find(({ definition }) => definition.id === 5);
  return choice && { version: choice.exact ? (choice.definition.version as Lwm2mVersion) : release };
}

/** A sensor that speaks no LwM2M, with the gateway's word for it. */
function behind(prefix: string, kind: string, objectId: number, options: ChosenObjectsOptions): SimulatedObject {
  const { object: sensor, move } = registryObject(omaObjects.object(objectId)!, 0, options);
  const serialNumber = `sim-${prefix}`;
  const self = device({ manufacturer: 'Yaolian', modelNumber: kind, serialNumber }, {}, options.version);
  const objects = [self, sensor as ObjectInstance];
  const object = new EndDevice({ deviceId: `urn:dev:os:32473-${serialNumber}`, prefix, objects });
  return { object, ...(move && { move }) };
}

/** A person walks about: a metre or two a step. */
function walk(self: LocationInstance, random: SeededRandom, clock: Clock): void {
  const step = () => (random.fraction() - 0.5) * 4e-5;
  relocate(self, {
    latitude: Math.round((self.get('latitude')! + step()) * 1e6) / 1e6,
    longitude: Math.round((self.get('longitude')! + step()) * 1e6) / 1e6,
    altitude: 44,
    speed: Math.round(random.fraction() * 15) / 10,
    timestamp: new Date(clock.epoch()),
  });
}
