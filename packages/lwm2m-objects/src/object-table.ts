import type { ObjectDefinition } from './definition.ts';
import { decodeObject } from './table.ts';

/** An object as a list shows it. */
export interface ObjectSummary {
  readonly id: number;
  readonly name: string;
  /** Ascending: `['1.0', '1.1', '2.0']`. */
  readonly versions: readonly string[];
}

/** Object definitions by id and version. */
export interface ObjectTable {
  /**
   * The definition of exactly this version; the newest with the same major version when there is none such (`1` asks for the
   * newest 1.x); the newest known otherwise, or when `version` is absent. Undefined when the object is unknown.
   */
  object(objectId: number, version?: string): ObjectDefinition | undefined;
  /** Every object, ascending. */
  objects(): Iterable<ObjectSummary>;
}

/** Orders `1.9` before `1.10` before `2.0`. */
export function compareVersions(a: string, b: string): number {
  const [majorA = 0, minorA = 0] = a.split('.').map(Number);
  const [majorB = 0, minorB = 0] = b.split('.').map(Number);
  return majorA - majorB || minorA - minorB;
}

/** One version of an object: its definition, or how to make it. */
interface Version {
  readonly version: string;
  readonly name: string;
  definition: ObjectDefinition | undefined;
  readonly load: () => ObjectDefinition;
}

/** A table of the versions that `load` gives when somebody looks for the first time. */
class LazyObjectTable implements ObjectTable {
  readonly #load: () => ReadonlyMap<number, readonly Version[]>;
  #versions: ReadonlyMap<number, readonly Version[]> | undefined;

  constructor(load: () => ReadonlyMap<number, readonly Version[]>) {
    this.#load = load;
  }

  object(objectId: number, version?: string): ObjectDefinition | undefined {
    const versions = this.#all().get(objectId);
    if (!versions) return undefined;
    const found = chooseVersion(versions, version);
    found.definition ??= found.load();
    return found.definition;
  }

  *objects(): Generator<ObjectSummary> {
    for (const [id, versions] of this.#all()) {
      yield { id, name: versions.at(-1)!.name, versions: versions.map(({ version }) => version) };
    }
  }

  #all(): ReadonlyMap<number, readonly Version[]> {
    this.#versions ??= this.#load();
    return this.#versions;
  }
}

function chooseVersion(versions: readonly Version[], wanted: string | undefined): Version {
  if (wanted === undefined || versions.length === 1) return versions.at(-1)!;
  const exact = versions.find(({ version }) => version === wanted);
  if (exact) return exact;
  const major = `${wanted.split('.')[0]}.`;
  return versions.findLast(({ version }) => version.startsWith(major)) ?? versions.at(-1)!;
}

/** A table of definitions that the caller has. Later ones take the place of earlier ones with the same id and version. */
export function objectTable(definitions: Iterable<ObjectDefinition>): ObjectTable {
  const byId = new Map<number, Version[]>();
  for (const definition of definitions) {
    const { id, version, name } = definition;
    const others = (byId.get(id) ?? []).filter((other) => other.version !== version);
    byId.set(id, [...others, { version, name, definition, load: () => definition }]);
  }
  const sorted = sortVersions(byId);
  return new LazyObjectTable(() => sorted);
}

/** A table in the line format: an object's lines are read when somebody looks it up. */
export function encodedObjectTable(lines: string): ObjectTable {
  return new LazyObjectTable(() => {
    const byId = new Map<number, Version[]>();
    for (let start = lines.indexOf('@'); start >= 0; ) {
      const next = lines.indexOf('\n@', start);
      const end = next < 0 ? lines.length : next;
      const ofObject = lines.slice(start, end).trimEnd();
      const [id, version, , , , name] = ofObject.slice(1, headEnd(ofObject)).split('\t');
      const load = () => decodeObject(ofObject);
      const versions = byId.get(Number(id)) ?? [];
      versions.push({ version: version!, name: name!, definition: undefined, load });
      byId.set(Number(id), versions);
      start = next < 0 ? -1 : next + 1;
    }
    return sortVersions(byId);
  });
}

function headEnd(lines: string): number {
  const end = lines.indexOf('\n');
  return end < 0 ? lines.length : end;
}

function sortVersions(byId: ReadonlyMap<number, readonly Version[]>): ReadonlyMap<number, readonly Version[]> {
  const ids = [...byId.keys()].sort((a, b) => a - b);
  return new Map(ids.map((id) => [id, byId.get(id)!.toSorted((a, b) => compareVersions(a.version, b.version))]));
}

/**
 * Several tables as one, with the versions of all of them. A version that several have is the first one's: put what a user
 * supplies before OMA's registry, and it is added to that, or replaces it version by version.
 */
export function combineModels(...tables: readonly ObjectTable[]): ObjectTable {
  return new LazyObjectTable(() => {
    const byId = new Map<number, Version[]>();
    for (const table of tables) {
      for (const { id, name, versions } of table.objects()) {
        const known = byId.get(id) ?? [];
        for (const version of versions) {
          if (known.some((other) => other.version === version)) continue;
          known.push({ version, name, definition: undefined, load: () => table.object(id, version)! });
        }
        byId.set(id, known);
      }
    }
    return sortVersions(byId);
  });
}
