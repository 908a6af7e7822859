import type { Clock } from '@yaolian/kernel';
import { checkRange, type ResourceValue } from '@yaolian/lwm2m';
import { ObjectInstance } from '@yaolian/lwm2m/client';
import type { ObjectDefinition, ResourceDefinition } from '@yaolian/lwm2m-objects';
import type { SeededRandom } from '../seeded-random.ts';
import type { SimulatedObject } from './chosen-objects.ts';

/** Resources that sensors of IPSO's objects have in common. */
const Sensor = {
  Minimum: 5601,
  Maximum: 5602,
  MinimumRange: 5603,
  MaximumRange: 5604,
  Value: 5700,
  Units: 5701,
} as const;

/** What sensors of some kind usually show: a value, how far it wanders, its unit. */
const usual: Readonly<Record<number, readonly [value: number, spread: number, units: string]>> = {
  3301: [320, 80, 'lx'],
  3303: [21, 3, 'Cel'],
  3304: [45, 10, '%RH'],
  3315: [101_300, 900, 'Pa'],
  3316: [230, 4, 'V'],
  3317: [1.2, 0.5, 'A'],
  3318: [50, 0.1, 'Hz'],
  3320: [80, 5, '%'],
  3322: [12, 2, 'kg'],
  3323: [250_000, 9_000, 'Pa'],
  3324: [55, 12, 'dB'],
  3325: [420, 60, 'ppm'],
  3326: [7, 0.4, 'pH'],
  3328: [180, 60, 'W'],
  3330: [2, 0.8, 'm'],
};

/**
 * An instance of any object of the registry: every resource that servers read or write has a value in its range, executables do
 * nothing, and a sensor value wanders, with its minimum and maximum.
 */
export function registryObject(
  definition: ObjectDefinition,
  id: number,
  { clock, random }: { readonly clock: Clock; readonly random: SeededRandom },
): SimulatedObject {
  const onExecute: Record<string, () => void> = {};
  const object = new ObjectInstance(definition, id, { onExecute });
  object.layout.resources.forEach((resource, index) => {
    if (resource.executable) onExecute[object.layout.names[index]!] = actionOf(object, resource);
    else if (resource.readable || resource.writable) object.store(resource.id, initialValue(resource, clock));
  });
  const value = definition.resources.get(Sensor.Value);
  if (value?.type !== 'float' || !value.readable) return { object };
  const [start, spread, units] = usual[definition.id] ?? [20, 5, ''];
  const first = start + (random.fraction() - 0.5) * spread;
  storeKnown(object, { [Sensor.Units]: units, [Sensor.MinimumRange]: start - 4 * spread });
  storeKnown(object, { [Sensor.MaximumRange]: start + 4 * spread, [Sensor.Value]: rounded(first, spread) });
  storeKnown(object, { [Sensor.Minimum]: rounded(first, spread), [Sensor.Maximum]: rounded(first, spread) });
  return { object, move: () => move(object, start, spread, random) };
}

/** Instances of an object of somebody's own, which servers create and delete (OMA-TS-LightweightM2M_Core 1.1 §6.3.6, §6.3.7). */
export function furtherInstances(definition: ObjectDefinition): SimulatedObject {
  const create = (id: number) => {
    const onExecute: Record<string, () => void> = {};
    const object = new ObjectInstance(definition, id, { onExecute });
    object.layout.resources.forEach(({ executable }, index) => {
      if (executable) onExecute[object.layout.names[index]!] = () => {};
    });
    return object;
  };
  return { object: { definition, by: 'server', maximumInstances: 64, create } };
}

function actionOf(object: ObjectInstance, resource: ResourceDefinition): () => void {
  if (resource.id !== 5605) return () => {};
  // Reset Min and Max Measured Values
  return () => {
    const now = object.value(Sensor.Value) as ResourceValue;
    object.transaction(() => storeKnown(object, { [Sensor.Minimum]: now, [Sensor.Maximum]: now }));
  };
}

function move(object: ObjectInstance, start: number, spread: number, random: SeededRandom): void {
  const last = object.value(Sensor.Value) as number;
  const next = rounded(last + (start - last) * 0.05 + (random.fraction() - 0.5) * spread * 0.3, spread);
  object.transaction(() => {
    storeKnown(object, {
      [Sensor.Value]: next,
      [Sensor.Minimum]: Math.min(next, object.value(Sensor.Minimum) as number),
      [Sensor.Maximum]: Math.max(next, object.value(Sensor.Maximum) as number),
    });
  });
}

/** Three digits of what it wanders are enough. */
function rounded(value: number, spread: number): number {
  const digits = Math.max(0, 2 - Math.floor(Math.log10(spread)));
  return Number(value.toFixed(digits));
}

function storeKnown(object: ObjectInstance, values: Readonly<Record<number, ResourceValue>>): void {
  for (const [id, value] of Object.entries(values)) object.store(Number(id), value);
}

function initialValue(resource: ResourceDefinition, clock: Clock): ResourceValue | ReadonlyMap<number, ResourceValue> {
  const value = valueInRange(resource, clock);
  return resource.multiple ? new Map([[0, value]]) : value;
}

/** The plainest value that the type and the range of a resource allow. */
function valueInRange(resource: ResourceDefinition, clock: Clock): ResourceValue {
  const candidates = candidatesOf(resource, clock);
  return candidates.find((candidate) => checkRange(resource, candidate).ok) ?? candidates[0]!;
}

function candidatesOf({ type, range }: ResourceDefinition, clock: Clock): readonly ResourceValue[] {
  switch (type) {
    case 'boolean':
      return [false];
    case 'time':
      return [new Date(clock.epoch())];
    case 'opaque':
      return [0, 1, 8, 16, 32].map((length) => new Uint8Array(length));
    case 'objlnk':
      return [{ objectId: 65_535, instanceId: 65_535 }];
    case 'corelnk':
      return ['</3/0>'];
    case 'string':
      return [
        '',
        ...range.split(/[,;]/).map((part) => part.trim()),
        ...[1, 4, 8, 16].map((length) => '0'.repeat(length)),
      ];
    default:
      return [0, ...(range.match(/-?\d+(?:\.\d+)?/g) ?? []).map(Number)];
  }
}
