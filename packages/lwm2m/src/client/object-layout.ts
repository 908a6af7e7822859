import type { ObjectDefinition, ResourceDefinition } from '@yaolian/lwm2m-objects';

/** Where an object's values lie in an instance's array. One per definition, shared by every instance. */
export interface ObjectLayout {
  readonly definition: ObjectDefinition;
  /** Ascending by id. */
  readonly resources: readonly ResourceDefinition[];
  /** The declaration's names, in the same order; the registry's names for objects that are not declared in the program. */
  readonly names: readonly string[];
  /** The place of a resource, or -1. */
  indexOf(resourceId: number): number;
}

const layouts = new WeakMap<ObjectDefinition, ObjectLayout>();

export function layoutOf(definition: ObjectDefinition): ObjectLayout {
  const known = layouts.get(definition);
  if (known) return known;
  const resources = [...definition.resources.values()].sort((a, b) => a.id - b.id);
  const indexes = new Map(resources.map((resource, index) => [resource.id, index]));
  const layout: ObjectLayout = {
    definition,
    resources,
    names: resources.map((resource) => declaredName(definition, resource)),
    indexOf: (resourceId) => indexes.get(resourceId) ?? -1,
  };
  layouts.set(definition, layout);
  return layout;
}

function declaredName(definition: ObjectDefinition, resource: ResourceDefinition): string {
  const named = (definition as { named?: Readonly<Record<string, ResourceDefinition>> }).named ?? {};
  for (const [name, declared] of Object.entries(named)) if (declared.id === resource.id) return name;
  return resource.name;
}
