import type { ObjectDefinition, ResourceDefinition } from '@yaolian/lwm2m-objects';

/** A resource that two definitions of an object have in different ways. */
export interface ResourceDifference {
  readonly resource: number;
  /** `R float`, `RW integer, many`, `RW string, mandatory`; `absent`: the definition does not have it. */
  readonly was: string;
  readonly is: string;
}

/** What matters to requests and values: which resources there are, and their operations, types, multiplicity, ranges and units. */
export function differencesOf(before: ObjectDefinition, after: ObjectDefinition): readonly ResourceDifference[] {
  const ids = new Set([...before.resources.keys(), ...after.resources.keys()]);
  return [...ids]
    .toSorted((a, b) => a - b)
    .map((resource) => ({
      resource,
      was: inWords(before.resources.get(resource)),
      is: inWords(after.resources.get(resource)),
    }))
    .filter(({ was, is }) => was !== is);
}

function inWords(resource: ResourceDefinition | undefined): string {
  if (resource === undefined) return 'absent';
  const { readable, writable, executable, type, multiple, mandatory, range, units } = resource;
  const operations = `${readable ? 'R' : ''}${writable ? 'W' : ''}${executable ? 'E' : ''}`;
  const what = [operations, type === 'none' ? '' : type].filter((word) => word !== '').join(' ');
  const more = [multiple && 'many', mandatory && 'mandatory', range, units].filter((word) => word);
  return [what === '' ? 'no operations' : what, ...more].join(', ');
}
