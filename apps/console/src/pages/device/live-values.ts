import type { JsonNode, JsonResource, JsonSeries, JsonValue } from '@yaolian/contract';
import { Store } from '../../platform/store.ts';

export interface LiveValue {
  readonly resource: JsonResource;
  readonly time: number;
}

/** What the platform last heard of a resource, before this page was opened. */
export interface KnownValue {
  /** One value; of a resource with instances, those by their ids. */
  readonly value: JsonValue | Readonly<Record<string, JsonValue>>;
  readonly isMultiple: boolean;
  readonly time: number;
}

/** Times in seconds and values, as uPlot takes them. */
export interface Series {
  readonly times: number[];
  readonly values: number[];
}

const maxPoints = 2000;

/** The newest value of every resource of a device, and the course of those that are numbers, since the page was opened. */
export class LiveValues {
  /** Counts changes: what watches it is drawn again. */
  readonly changes = new Store(0);
  readonly #values = new Map<string, LiveValue>();
  readonly #series = new Map<string, Series>();
  readonly #known = new Map<string, KnownValue>();

  /** What was last heard of a resource before; undefined when nothing was. */
  known(path: string): KnownValue | undefined {
    return this.#known.get(path);
  }

  /** Takes in the last values of history, by their paths. */
  remember(series: readonly Pick<JsonSeries, 'path' | 'last'>[]): void {
    for (const { path, last } of series) {
      const [object, instance, resource, part] = path.split('/').slice(1);
      const time = Date.parse(last.time);
      if (part === undefined) this.#known.set(path, { value: last.value, isMultiple: false, time });
      else this.#rememberPart(`/${object}/${instance}/${resource}`, part, last.value, time);
    }
    this.changes.set(this.changes.value + 1);
  }

  #rememberPart(path: string, part: string, value: JsonValue, time: number): void {
    const before = this.#known.get(path);
    const values = before?.isMultiple ? (before.value as Readonly<Record<string, JsonValue>>) : {};
    const newest = Math.max(time, before?.time ?? time);
    this.#known.set(path, { value: { ...values, [part]: value }, isMultiple: true, time: newest });
  }

  get(path: string): LiveValue | undefined {
    return this.#values.get(path);
  }

  /** Paths of the resources below an instance that have values. */
  below(instance: string): readonly string[] {
    return [...this.#values.keys()].filter((path) => path.startsWith(`${instance}/`));
  }

  /** Paths of the resources below an instance that had values before. */
  knownBelow(instance: string): readonly string[] {
    return [...this.#known.keys()].filter((path) => path.startsWith(`${instance}/`));
  }

  series(path: string): Series | undefined {
    return this.#series.get(path);
  }

  /** Takes in what a read or a notification brought. */
  accept(node: JsonNode, time: number): void {
    for (const resource of resourcesIn(node)) this.#acceptOne(resource, time);
    this.changes.set(this.changes.value + 1);
  }

  /** Whether a plot can show it: a number, or what is on or off. */
  isPlottable(path: string): boolean {
    if (this.#series.has(path)) return true;
    const known = this.#known.get(path);
    return (
      known !== undefined && !known.isMultiple && (typeof known.value === 'number' || typeof known.value === 'boolean')
    );
  }

  forget(instance: string): void {
    for (const path of this.below(instance)) this.#values.delete(path);
    for (const path of this.#known.keys()) if (path.startsWith(`${instance}/`)) this.#known.delete(path);
    this.changes.set(this.changes.value + 1);
  }

  #acceptOne(resource: JsonResource, time: number): void {
    const { path } = resource;
    const known = this.#values.get(path);
    if (known === undefined || known.time <= time) this.#values.set(path, { resource, time });
    if (resource.kind !== 'resource') return;
    const value = numberOf(resource.value, resource.type);
    if (value !== undefined) this.#append(path, time / 1000, value);
  }

  #append(path: string, time: number, value: number): void {
    const series = this.#series.get(path) ?? { times: [], values: [] };
    this.#series.set(path, series);
    if ((series.times.at(-1) ?? 0) >= time) return; // late or told twice
    series.times.push(time);
    series.values.push(value);
    if (series.times.length <= maxPoints) return;
    series.times.splice(0, series.times.length - maxPoints);
    series.values.splice(0, series.values.length - maxPoints);
  }
}

/** What a plot can show: numbers, and booleans as 0 and 1. */
export function numberOf(value: JsonValue, type: string): number | undefined {
  if (type === 'boolean') return value === true ? 1 : 0;
  if (type !== 'integer' && type !== 'unsigned' && type !== 'float') return undefined;
  const number = Number(value);
  return Number.isFinite(number) ? number : undefined;
}

function resourcesIn(node: JsonNode): readonly JsonResource[] {
  switch (node.kind) {
    case 'object':
      return node.instances.flatMap((instance) => instance.resources);
    case 'object-instance':
      return node.resources;
    case 'resource-instance':
      return []; // a part of a resource: its whole is read instead
    default:
      return [node];
  }
}
