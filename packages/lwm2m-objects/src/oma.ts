import type { ResourceDefinition } from './definition.ts';
import { omaObjectLines, omaReusableResourceLines } from './generated/oma-registry.ts';
import { encodedObjectTable, type ObjectTable } from './object-table.ts';
import { decodeResource } from './table.ts';

/** Every object of OMA's registry in every version. Costs nothing until the first look-up. */
export const omaObjects: ObjectTable = encodedObjectTable(omaObjectLines);

let reusableResources: ReadonlyMap<number, ResourceDefinition> | undefined;

/**
 * A resource that OMA's registry defines for use in any object (ids 2048 to 26240): what a resource of an object that nobody
 * described most probably is. Its `multiple` and `mandatory` mean nothing.
 */
export function reusableResource(resourceId: number): ResourceDefinition | undefined {
  reusableResources ??= new Map(
    omaReusableResourceLines
      .trim()
      .split('\n')
      .map(decodeResource)
      .map((resource) => [resource.id, resource]),
  );
  return reusableResources.get(resourceId);
}
