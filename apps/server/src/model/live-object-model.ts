import type { ObjectDefinition, ObjectTable } from '@yaolian/lwm2m-objects';
import { combineModels, objectTable } from '@yaolian/lwm2m-objects';

/** The OMA registry and, before it, the definitions that operators add while the platform runs. */
export class LiveObjectModel implements ObjectTable {
  readonly #registry: ObjectTable;
  #added: ReadonlyMap<string, ObjectDefinition> = new Map();
  #combined: ObjectTable;

  constructor(registry: ObjectTable) {
    this.#registry = registry;
    this.#combined = registry;
  }

  object(objectId: number, version?: string): ObjectDefinition | undefined {
    return this.#combined.object(objectId, version);
  }

  objects() {
    return this.#combined.objects();
  }

  /** True when an operator added exactly this version. */
  isAdded(objectId: number, version: string): boolean {
    return this.#added.has(nameOf(objectId, version));
  }

  /** What the registry has of exactly this version. */
  ofRegistry(objectId: number, version: string): ObjectDefinition | undefined {
    const found = this.#registry.object(objectId, version);
    return found?.version === version ? found : undefined;
  }

  get addedCount(): number {
    return this.#added.size;
  }

  /** Adds definitions, which stand in for others with the same id and version. */
  add(definitions: readonly ObjectDefinition[]): void {
    const added = new Map(this.#added);
    for (const definition of definitions) added.set(nameOf(definition.id, definition.version), definition);
    this.#replace(added);
  }

  /** Takes an added version away; what the registry has shows again. */
  remove(objectId: number, version: string): void {
    const added = new Map(this.#added);
    added.delete(nameOf(objectId, version));
    this.#replace(added);
  }

  #replace(added: ReadonlyMap<string, ObjectDefinition>): void {
    this.#added = added;
    this.#combined = added.size === 0 ? this.#registry : combineModels(objectTable(added.values()), this.#registry);
  }
}

function nameOf(objectId: number, version: string): string {
  return `${objectId}/${version}`;
}
