import type { UploadSink } from '@yaolian/coap';
import type { DeclaredObject, ObjectDefinition, ResourceDefinition } from '@yaolian/lwm2m-objects';
import { multipleResource, type ResourceNode, singleResource } from '../node.ts';
import { isId } from '../path.ts';
import { checkValue, equalValues, type ResourceValue } from '../value.ts';
import type { ExecuteArguments } from './execute-arguments.ts';
import { layoutOf, type ObjectLayout } from './object-layout.ts';
import type { Refusal } from './refusal.ts';
import type { ExecutableName, InputOf, InstanceValues, ValueName, ValueOf } from './typed-values.ts';

/** What a resource holds: one value, or values by resource instance id. */
export type StoredValue = ResourceValue | ReadonlyMap<number, ResourceValue>;

/** Nothing when the operation is done, a {@link Refusal} when it is not. A promise makes the answer a separate response. */
// biome-ignore lint/suspicious/noConfusingVoidType: hooks that return nothing are what people write
export type HookAnswer = void | Refusal | Promise<void | Refusal>;

/**
 * What an instance does besides holding values. Hooks are handed the instance, so that thousands of instances can share one
 * set of them.
 */
export interface InstanceHooks<D extends DeclaredObject> {
  /** Works values out when somebody asks; undefined falls back on the stored one. */
  readonly onRead?: {
    readonly [N in ValueName<D>]?: (instance: DeclaredInstance<D>) => ValueOf<D['named'][N]> | undefined;
  };
  /** Called before a server's value is stored, once the whole request is known to be right. */
  readonly onWrite?: {
    readonly [N in ValueName<D>]?: (value: ValueOf<D['named'][N]>, instance: DeclaredInstance<D>) => HookAnswer;
  };
  /**
   * Takes an opaque value block by block, when it comes in several messages; `onWrite` gets what comes in one. Such values are
   * not stored in the instance.
   */
  readonly onUpload?: {
    readonly [N in ValueName<D>]?: (size: number | undefined, instance: DeclaredInstance<D>) => UploadSink | Refusal;
  };
  /** An executable resource is there only if it has a hook. */
  readonly onExecute?: {
    readonly [N in ExecutableName<D>]?: (args: ExecuteArguments, instance: DeclaredInstance<D>) => HookAnswer;
  };
  /** Called before a server's Delete; for instances of objects that can be deleted. */
  readonly onDelete?: (instance: DeclaredInstance<D>) => HookAnswer;
}

/** Hooks as the operations see them: without the declaration's types. */
export interface AnyHooks {
  readonly onRead?: Readonly<Record<string, ((instance: never) => StoredValue | undefined) | undefined>>;
  readonly onWrite?: Readonly<Record<string, ((value: never, instance: never) => HookAnswer) | undefined>>;
  readonly onUpload?: Readonly<
    Record<string, ((size: number | undefined, instance: never) => UploadSink | Refusal) | undefined>
  >;
  readonly onExecute?: Readonly<Record<string, ((args: ExecuteArguments, instance: never) => HookAnswer) | undefined>>;
  readonly onDelete?: (instance: never) => HookAnswer;
}

const noHooks = {};

/** Who is told when values change. */
export interface ChangeSink {
  /** Of one resource, that servers may write. */
  readonly maximumResourceInstances: number;
  valueChanged(instance: ObjectInstance, resourceId: number): void;
  /** Holds notifications back until `work` is done. */
  transaction<T>(work: () => T): T;
}

/**
 * One object instance, by resource ids. Twenty thousand terminals have half a dozen of these each: the definition, its layout
 * and the hooks are shared, an instance is one array of values.
 */
export class ObjectInstance {
  readonly id: number;
  readonly layout: ObjectLayout;
  readonly hooks: AnyHooks;
  #values: (StoredValue | undefined)[];
  #sink: ChangeSink | undefined;

  /** @throws RangeError when `id` is not in 0..65534 */
  constructor(definition: ObjectDefinition, id: number, hooks: AnyHooks = noHooks) {
    if (!isId(id)) throw new RangeError(`an object instance id is 0 to 65534, not ${id}`);
    this.id = id;
    this.layout = layoutOf(definition);
    this.hooks = hooks;
    this.#values = new Array(this.layout.resources.length).fill(undefined);
  }

  get definition(): ObjectDefinition {
    return this.layout.definition;
  }

  /** @internal Puts the instance under an object tree, or takes it out. */
  attach(sink: ChangeSink | undefined): void {
    this.#sink = sink;
  }

  /** @internal What the instance is under. */
  get sink(): ChangeSink | undefined {
    return this.#sink;
  }

  /** The value now: the hook's, else the stored one. Undefined when there is none. */
  value(resourceId: number): StoredValue | undefined {
    const index = this.layout.indexOf(resourceId);
    if (index < 0) return undefined;
    const hook = this.hooks.onRead?.[this.layout.names[index]!];
    return hook?.(this as never) ?? this.#values[index];
  }

  /** Whether the resource can be addressed at all: a value that is there, or an executable with a hook. */
  has(resourceId: number): boolean {
    const index = this.layout.indexOf(resourceId);
    if (index < 0) return false;
    if (!this.layout.resources[index]!.executable)
      return this.value(resourceId) !== undefined || this.streams(resourceId);
    return this.hooks.onExecute?.[this.layout.names[index]!] !== undefined;
  }

  /** Whether written values go elsewhere, block by block, and are not stored. */
  streams(resourceId: number): boolean {
    return this.hooks.onUpload?.[this.layout.names[this.layout.indexOf(resourceId)]!] !== undefined;
  }

  /** The resources that are there, ascending by id. */
  *present(): Generator<ResourceDefinition> {
    for (const resource of this.layout.resources) if (this.has(resource.id)) yield resource;
  }

  /** A resource with its value, in the form that content formats take. */
  node(resource: ResourceDefinition): ResourceNode | undefined {
    const value = this.value(resource.id);
    if (value === undefined) return undefined;
    return value instanceof Map
      ? multipleResource(resource.id, resource.type, value)
      : singleResource(resource.id, resource.type, value as ResourceValue);
  }

  /** Stores a checked value, or removes it; tells observers when it is another one. */
  store(resourceId: number, value: StoredValue | undefined): void {
    const index = this.layout.indexOf(resourceId);
    if (index < 0 || equalStored(this.#values[index], value)) return;
    this.#values[index] = value;
    this.#sink?.valueChanged(this, resourceId);
  }

  /** Tells observers to look again: for values that an `onRead` hook works out. */
  refresh(resourceId: number): void {
    this.#sink?.valueChanged(this, resourceId);
  }

  transaction<T>(work: () => T): T {
    return this.#sink ? this.#sink.transaction(work) : work();
  }

  /** @internal For taking a bootstrap back. */
  snapshot(): readonly (StoredValue | undefined)[] {
    return [...this.#values];
  }

  /** @internal */
  restore(values: readonly (StoredValue | undefined)[]): void {
    this.#values = [...values];
  }
}

function equalStored(a: StoredValue | undefined, b: StoredValue | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  if (!(a instanceof Map)) return !(b instanceof Map) && equalValues(a as ResourceValue, b as ResourceValue);
  if (!(b instanceof Map) || a.size !== b.size) return false;
  for (const [id, value] of a) {
    const other = b.get(id);
    if (other === undefined || !equalValues(value, other)) return false;
  }
  return true;
}

/** A resource of an instance, to hand to the code that knows its value. */
export interface Resource<R extends ResourceDefinition> {
  get(): ValueOf<R> | undefined;
  /** Observers are notified as their attributes say. @throws RangeError or TypeError when the value does not fit the type */
  set(value: InputOf<R> | undefined): void;
}

/** An instance of a declared object: values by the declaration's names, checked by the compiler. */
export class DeclaredInstance<D extends DeclaredObject> extends ObjectInstance {
  constructor(definition: D, id: number, hooks: InstanceHooks<D> = noHooks) {
    super(definition, id, hooks as AnyHooks);
  }

  get<N extends ValueName<D>>(name: N): ValueOf<D['named'][N]> | undefined {
    return this.value(this.#definition(name).id) as ValueOf<D['named'][N]> | undefined;
  }

  /**
   * Observers are notified as their attributes say. `undefined` removes the value.
   * @throws TypeError when the value does not fit the resource's type
   */
  set<N extends ValueName<D>>(name: N, value: InputOf<D['named'][N]> | undefined): void {
    const resource = this.#definition(name);
    this.store(resource.id, value === undefined ? undefined : checkedValue(resource, value));
  }

  /** Sets several resources at once: an observer of the instance hears of them together. */
  update(values: InstanceValues<D>): void {
    this.transaction(() => {
      for (const name of Object.keys(values) as ValueName<D>[]) this.set(name, values[name] as never);
    });
  }

  resource<N extends ValueName<D>>(name: N): Resource<D['named'][N]> {
    return { get: () => this.get(name), set: (value) => this.set(name, value) };
  }

  /** Tells observers that a value worked out by an `onRead` hook may be another one now. */
  changed(name: ValueName<D>): void {
    this.refresh(this.#definition(name).id);
  }

  #definition(name: string): ResourceDefinition {
    const named: Readonly<Record<string, ResourceDefinition>> = (this.definition as D).named;
    const resource = Object.hasOwn(named, name) ? named[name] : undefined;
    if (!resource) throw new RangeError(`${this.definition.name} declares no resource "${name}"`);
    return resource;
  }
}

/** @throws TypeError when a value does not fit the resource's type */
export function checkedValue(resource: ResourceDefinition, value: unknown): StoredValue {
  if (!resource.multiple) return checkedSingle(resource, value);
  if (Array.isArray(value)) return new Map(value.map((single, id) => [id, checkedSingle(resource, single)]));
  if (!(value instanceof Map)) throw new TypeError(`${resource.name} takes a list or a Map of values`);
  const checked = new Map<number, ResourceValue>();
  for (const [id, single] of value as Map<unknown, unknown>) {
    if (!isId(id)) throw new RangeError(`a resource instance id is 0 to 65534, not ${id}`);
    checked.set(id, checkedSingle(resource, single));
  }
  return checked;
}

function checkedSingle(resource: ResourceDefinition, value: unknown): ResourceValue {
  const checked = checkValue(resource.type, value);
  if (!checked.ok) throw new TypeError(`${resource.name}: ${checked.error.message}`);
  return checked.value;
}

export interface InstanceOptions<D extends DeclaredObject> extends InstanceHooks<D> {
  /** The object instance id; default 0. */
  readonly id?: number;
}

/**
 * An instance of an object that {@link defineObject} declared:
 *
 *     const temperature = instance(temperatureObject, { sensorValue: 21.5 }, { onExecute: { resetMinMax: reset } });
 *     temperature.set('sensorValue', 22);
 *
 * @throws TypeError when a value does not fit its resource's type
 */
export function instance<D extends DeclaredObject>(
  definition: D,
  values: InstanceValues<D> = {},
  options: InstanceOptions<D> = {},
): DeclaredInstance<D> {
  const made = new DeclaredInstance(definition, options.id ?? 0, options);
  made.update(values);
  return made;
}
