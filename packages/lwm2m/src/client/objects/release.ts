import type { DeclaredObject } from '@yaolian/lwm2m-objects';
import { inVersion } from '@yaolian/lwm2m-objects/core-references';
import type { Lwm2mVersion } from '../operations/read.ts';

/** Versions of objects that go with the releases 1.0, 1.1 and 1.2; what is not here has the newest in all of them. */
const versions: Readonly<Record<number, readonly [string, string, string]>> = {
  2: ['1.0', '1.1', '1.1'],
  10: ['1.0', '1.1', '1.1'],
  11: ['1.0', '1.1', '1.1'],
  13: ['1.0', '1.1', '1.1'],
  20: ['1.0', '2.1', '2.1'],
  21: ['1.0', '1.1', '2.0'],
  25: ['2.0', '2.0', '2.0'],
};

const releases: readonly Lwm2mVersion[] = ['1.0', '1.1', '1.2'];

/** An object of the registry in the version that goes with a release of LwM2M. */
export function ofRelease<D extends DeclaredObject>(object: D, release: Lwm2mVersion): D {
  return inVersion(object, versions[object.id]?.[releases.indexOf(release)] ?? object.version);
}
