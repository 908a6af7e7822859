import { Oscore } from '@yaolian/lwm2m-objects/core-references';
import { DeclaredInstance } from '../object-instance.ts';
import type { CreatableObject } from '../object-tree.ts';
import type { Lwm2mVersion } from '../operations/read.ts';
import { ofRelease } from './release.ts';

/**
 * The OSCORE object (21): Bootstrap-Servers write its instances, and Security object instances link to those that protect messages with
 * their servers (`openOscore` of the connector); servers do not see it.
 */
export function oscoreContexts(release: Lwm2mVersion = '1.2'): CreatableObject {
  const definition = ofRelease(Oscore, release);
  return { definition, by: 'bootstrap', maximumInstances: 16, create: (id) => new DeclaredInstance(definition, id) };
}
