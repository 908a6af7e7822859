import { Location } from '@yaolian/lwm2m-objects/core-references';
import { type DeclaredInstance, type InstanceOptions, instance } from '../object-instance.ts';

export type LocationInstance = DeclaredInstance<typeof Location>;

/** Where a terminal is. */
export interface Fix {
  /** Degrees north, WGS84. */
  readonly latitude: number;
  /** Degrees east, WGS84. */
  readonly longitude: number;
  /** Metres above sea level. */
  readonly altitude?: number;
  /** Metres about the place in which the terminal is. */
  readonly radius?: number;
  /** As 3GPP TS 23.032 writes it. */
  readonly velocity?: Uint8Array;
  /** Metres a second. */
  readonly speed?: number;
  readonly timestamp: Date;
}

/** The Location object (6). */
export function location(fix: Fix, options: InstanceOptions<typeof Location> = {}): LocationInstance {
  return instance(Location, { ...fix }, options);
}

/**
 * Another place: an observer of the instance hears of all of it at once. What the fix does not say is not known any more.
 * @throws RangeError when latitude or longitude are none
 */
export function relocate(self: LocationInstance, fix: Fix): void {
  if (!(Math.abs(fix.latitude) <= 90)) throw new RangeError(`a latitude is -90 to 90 degrees, not ${fix.latitude}`);
  if (!(Math.abs(fix.longitude) <= 180))
    throw new RangeError(`a longitude is -180 to 180 degrees, not ${fix.longitude}`);
  const unknown = { altitude: undefined, radius: undefined, velocity: undefined, speed: undefined };
  self.update({ ...unknown, ...fix });
}
