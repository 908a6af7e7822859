import type { DeclaredObject, ObjectDefinition } from '@yaolian/lwm2m-objects';
import type { ObjectModel } from '../model.ts';
import { type Lwm2mPath, maximumId } from '../path.ts';
import {
  type ChangeSink,
  DeclaredInstance,
  type InstanceHooks,
  type ObjectInstance,
  type StoredValue,
} from './object-instance.ts';

/** An object whose instances come and go at somebody's wish. */
export interface CreatableObject {
  readonly definition: ObjectDefinition;
  /** `server`: servers create and delete instances, Bootstrap-Servers too; `bootstrap`: only those. */
  readonly by: 'server' | 'bootstrap';
  /** At most this many instances at a time. */
  readonly maximumInstances: number;
  /** An empty instance, ready to be given values. */
  create(instanceId: number): ObjectInstance;
}

/**
 * Declares an object whose instances servers create and delete.
 * @param options.hooks what each instance does; `maximumInstances` is 16 by default, and 1 for single-instance objects
 */
export function creatable<D extends DeclaredObject>(
  definition: D,
  options: { readonly maximumInstances?: number; readonly hooks?: InstanceHooks<D> } = {},
): CreatableObject {
  const hooks = options.hooks ?? {};
  return {
    definition,
    by: 'server',
    maximumInstances: definition.multiple ? (options.maximumInstances ?? 16) : 1,
    create: (id) => new DeclaredInstance(definition, id, hooks),
  };
}

/** Something of a terminal has another value, appeared or went away. */
export interface TreeChange {
  /** Of what device behind the terminal it is; absent: of the terminal itself. */
  readonly prefix?: string;
  readonly objectId: number;
  readonly instanceId: number;
  /** Undefined: the instance itself came or went. */
  readonly resourceId: number | undefined;
}

/** One object of a terminal: its definition and its instances. */
export interface TreeObject {
  readonly definition: ObjectDefinition;
  readonly instances: ReadonlyMap<number, ObjectInstance>;
  /** Present when instances can be created and deleted. */
  readonly creatable: CreatableObject | undefined;
}

interface Entry extends TreeObject {
  readonly instances: Map<number, ObjectInstance>;
  creatable: CreatableObject | undefined;
}

const defaultMaximumResourceInstances = 1_000;

/** A terminal's state, good for {@link ObjectTree.restore}. */
export type TreeSnapshot = ReadonlyMap<number, ReadonlyMap<ObjectInstance, readonly (StoredValue | undefined)[]>>;

/** Everything that a terminal has: objects, instances, values; and who is told when they change. */
export class ObjectTree implements ObjectModel, ChangeSink {
  readonly #objects = new Map<number, Entry>();
  readonly #onChanges: (changes: readonly TreeChange[]) => void;
  /** Of one resource, that servers may write. */
  readonly maximumResourceInstances: number;
  #pending: TreeChange[] = [];
  #depth = 0;

  /** @param onChanges told of the changes of one transaction together, after it */
  constructor(
    onChanges: (changes: readonly TreeChange[]) => void,
    maximumResourceInstances = defaultMaximumResourceInstances,
  ) {
    this.#onChanges = onChanges;
    this.maximumResourceInstances = maximumResourceInstances;
  }

  /** The model of what this terminal has: exactly one version of each object. */
  object(objectId: number): ObjectDefinition | undefined {
    return this.#objects.get(objectId)?.definition;
  }

  entry(objectId: number): TreeObject | undefined {
    return this.#objects.get(objectId);
  }

  /** The tree that a path is in: this one, or that of a device behind the terminal; undefined when there is no such device. */
  at(_path: Lwm2mPath): ObjectTree | undefined {
    return this;
  }

  instance(objectId: number, instanceId: number): ObjectInstance | undefined {
    return this.#objects.get(objectId)?.instances.get(instanceId);
  }

  /** The ids of all objects, ascending. */
  objectIds(): number[] {
    return [...this.#objects.keys()].sort((a, b) => a - b);
  }

  /**
   * Adds an object without instances, or lets instances of it be created.
   * @throws RangeError when the object is there in another version
   */
  declare(definition: ObjectDefinition, creatable?: CreatableObject): void {
    const entry = this.#objects.get(definition.id);
    if (!entry) {
      this.#objects.set(definition.id, { definition, instances: new Map(), creatable });
      return;
    }
    if (entry.definition !== definition) throw new RangeError(`object ${definition.id} is there in another version`);
    entry.creatable ??= creatable;
  }

  /** @throws RangeError when the id is taken, the object has one instance only, or is there in another version */
  add(instance: ObjectInstance): void {
    const { definition } = instance;
    this.declare(definition);
    const entry = this.#objects.get(definition.id)!;
    if (entry.instances.has(instance.id)) throw new RangeError(`/${definition.id}/${instance.id} is there already`);
    if (!definition.multiple && entry.instances.size > 0)
      throw new RangeError(`${definition.name} has one instance only`);
    entry.instances.set(instance.id, instance);
    instance.attach(this);
    this.#changed({ objectId: definition.id, instanceId: instance.id, resourceId: undefined });
  }

  /** True when it was there. */
  remove(objectId: number, instanceId: number): boolean {
    const instance = this.instance(objectId, instanceId);
    if (!instance) return false;
    this.#objects.get(objectId)!.instances.delete(instanceId);
    instance.attach(undefined);
    this.#changed({ objectId, instanceId, resourceId: undefined });
    return true;
  }

  /** The lowest instance id that is free; undefined when none is. */
  freeInstanceId(objectId: number): number | undefined {
    const instances = this.#objects.get(objectId)?.instances;
    for (let id = 0; id <= maximumId; id++) if (!instances?.has(id)) return id;
    return undefined;
  }

  valueChanged(instance: ObjectInstance, resourceId: number): void {
    this.#changed({ objectId: instance.definition.id, instanceId: instance.id, resourceId });
  }

  transaction<T>(work: () => T): T {
    this.#depth++;
    try {
      return work();
    } finally {
      this.#depth--;
      if (this.#depth === 0) this.#flush();
    }
  }

  snapshot(): TreeSnapshot {
    const state = new Map<number, Map<ObjectInstance, readonly (StoredValue | undefined)[]>>();
    for (const [objectId, { instances }] of this.#objects) {
      state.set(objectId, new Map([...instances.values()].map((instance) => [instance, instance.snapshot()])));
    }
    return state;
  }

  /** Puts instances and values back; observers are told as if everything had changed. */
  restore(state: TreeSnapshot): void {
    this.transaction(() => {
      for (const [objectId, kept] of state) {
        const { instances } = this.#objects.get(objectId)!;
        for (const id of [...instances.keys()]) this.remove(objectId, id);
        for (const [instance, values] of kept) {
          instance.restore(values);
          this.add(instance);
        }
      }
    });
  }

  #changed(change: TreeChange): void {
    this.#tell([change]);
  }

  /** Changes of a device behind the terminal are told with its own. */
  changedBehind(prefix: string, changes: readonly TreeChange[]): void {
    this.#tell(changes.map((change) => ({ ...change, prefix })));
  }

  #tell(changes: readonly TreeChange[]): void {
    this.#pending.push(...changes);
    if (this.#depth === 0) this.#flush();
  }

  #flush(): void {
    if (this.#pending.length === 0) return;
    const changes = this.#pending;
    this.#pending = [];
    this.#onChanges(changes);
  }
}
