import { city } from './registry-names/city.zh.ts';
import { lighting } from './registry-names/lighting.zh.ts';
import { management } from './registry-names/management.zh.ts';
import { meters } from './registry-names/meters.zh.ts';
import { radio } from './registry-names/radio.zh.ts';
import { robots } from './registry-names/robots.zh.ts';
import { services } from './registry-names/services.zh.ts';
import { vendors } from './registry-names/vendors.zh.ts';

/**
 * Chinese names of resources by what OMA's registry calls them: each means the same in every object. Where an object's
 * subject asks for another, it is in `resource-names.zh.ts`, by object and resource, which comes first. A name belongs to
 * the first object that has it.
 */
export const registryNames: Readonly<Record<string, string>> = {
  ...management,
  ...radio,
  ...lighting,
  ...city,
  ...meters,
  ...vendors,
  ...robots,
  ...services,
};
