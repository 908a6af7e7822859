import type { ObjectDefinition, ResourceDefinition } from '@yaolian/lwm2m-objects';

/** Resources that say what a device is about, by their ids in the registry of OMA (3200 to 3400 share them), the first first. */
const telling = [
  5850, // On/Off
  5851, // Dimmer
  5900, // Set Point Value
  5700, // Sensor Value
  5500, // Digital Input State
  5550, // Digital Output State
  5650, // Analog Output Current Value
  5800, // Instantaneous active power
  5805, // Cumulative active power
  5548, // Level
  5536, // Current Position
] as const;

/** Of objects that have none of those. */
const chosen: Readonly<Record<number, readonly number[]>> = {
  3: [9], // Battery Level
  6: [0, 1], // Latitude, Longitude
  3335: [5706], // Colour
};

/** Objects below are about the management of the terminal, but for those chosen. */
export const firstOfThings = 3200;
const mostOfInstance = 3;

/**
 * What matters most of an instance of an object.
 * @param has whether there is a value of a resource: optional ones count only then
 */
export function mainResources(
  definition: ObjectDefinition,
  has: (resourceId: number) => boolean,
): readonly ResourceDefinition[] {
  const there = (id: number) => {
    const found = definition.resources.get(id);
    return found?.readable && (found.mandatory || has(id)) ? [found] : [];
  };
  const picked = chosen[definition.id];
  if (picked !== undefined) return picked.flatMap((id) => (has(id) ? there(id) : []));
  if (definition.id < firstOfThings) return [];
  const known = telling.flatMap(there);
  if (known.length > 0) return known.slice(0, mostOfInstance);
  const shows = ({ readable, multiple, type, mandatory, id }: ResourceDefinition) =>
    readable && !multiple && (mandatory || has(id)) && (showing as readonly string[]).includes(type);
  return [...definition.resources.values()].filter(shows).slice(0, mostOfInstance);
}

const showing = ['integer', 'unsigned', 'float', 'boolean'] as const;

/** `0..100` and `0-100`; undefined where the registry says something else. */
export function simpleRange(text: string): { readonly min: number; readonly max: number } | undefined {
  const [, low, high] = /^(-?\d+(?:\.\d+)?)\s*(?:\.\.|-)\s*(-?\d+(?:\.\d+)?)$/.exec(text.trim()) ?? [];
  if (low === undefined || high === undefined || Number(low) >= Number(high)) return undefined;
  return { min: Number(low), max: Number(high) };
}
